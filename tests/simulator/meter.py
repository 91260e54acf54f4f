"""An energy register that never loses a fraction, whatever it shows the world."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal


def energy(volts: float, amps: float, seconds: float) -> Decimal:
    """Return the energy of that much current for that long, in Ws: exact, where Wh are not."""
    return Decimal(repr(volts)) * Decimal(repr(amps)) * Decimal(repr(seconds))


@dataclass(slots=True, kw_only=True)
class Meter:
    """Counts Wh from `start_wh` on; shows 0 again after `rollover_wh` or a reset."""

    start_wh: Decimal = Decimal(0)
    rollover_wh: Decimal | None = None
    watt_seconds: Decimal = Decimal(0)
    """Everything ever delivered."""
    _zero: Decimal = Decimal(0)

    def add(self, watt_seconds: Decimal) -> None:
        """Count energy, in Ws."""
        self.watt_seconds += watt_seconds

    def reset(self) -> None:
        """Show 0 from here on, as some meters do after a reboot."""
        self._zero = self.start_wh + self.delivered

    @property
    def delivered(self) -> Decimal:
        """Everything ever delivered, in Wh."""
        return self.watt_seconds / 3600

    @property
    def register(self) -> Decimal:
        """What the register stands at, with its fraction, in Wh."""
        shown = self.start_wh + self.delivered - self._zero
        return shown % self.rollover_wh if self.rollover_wh else shown

    @property
    def reading(self) -> int:
        """What goes into meterStart and meterStop: whole Wh passed."""
        return int(self.register.to_integral_value(ROUND_FLOOR))
