"""What a charge point is made of and what it calls itself."""

from dataclasses import dataclass, field
from decimal import Decimal

from .stacking import Wiring
from .vocabulary import Payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """The name plate, the wiring, and the meter as it left the factory."""

    vendor: str = "Simulated"
    model: str = "Charger 22"
    serial: str | None = None
    firmware: str = "1.0.0"
    wiring: Wiring = field(default_factory=Wiring)
    meter_start_wh: Decimal = Decimal("12345.678")
    rollover_wh: Decimal | None = None
    reaction: float = 2.0
    """Seconds from a new limit to the car's new current."""

    def name_plate(self, identity: str) -> Payload:
        """Return the fields of BootNotification, §6.5."""
        return {
            "chargePointVendor": self.vendor,
            "chargePointModel": self.model,
            "chargePointSerialNumber": self.serial or identity[:25],
            "firmwareVersion": self.firmware,
            "meterType": "AC",
        }
