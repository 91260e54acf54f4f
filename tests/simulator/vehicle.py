"""A car on the end of a cable: what it takes when it is offered current."""

from dataclasses import dataclass
from enum import StrEnum

type Amps = tuple[float, float, float]

NO_CURRENT: Amps = (0.0, 0.0, 0.0)


class CarState(StrEnum):
    """Pilot states of IEC 61851-1."""

    UNPLUGGED = "A"
    CONNECTED = "B"
    CHARGING = "C"


@dataclass(slots=True, kw_only=True)
class Vehicle:
    """A battery with an on-board charger; `soc` and the other shares run from 0 to 1."""

    capacity_kwh: float = 58.0
    soc: float = 0.30
    phases: int = 3
    max_amps: float = 16.0
    min_amps: float = 6.0
    efficiency: float = 0.92
    taper_from: float = 0.80
    target_soc: float = 1.0
    tells_soc: bool = True
    sleeps_when_paused: bool = False
    pulses_to_wake: int = 0
    """How often a sleeping car must be offered nothing and current again to wake; 0: it never does."""
    begins_after_s: float = 0.0
    """For so long it is offered current before it draws any: its own contactor and charger need a moment."""
    state: CarState = CarState.UNPLUGGED
    asleep: bool = False
    _tempted: bool = False
    _pulses: int = 0
    _offered_s: float = 0.0

    def plug_in(self) -> None:
        """Connect to a charger, wide awake."""
        self.state, self.asleep = CarState.CONNECTED, False

    def unplug(self) -> None:
        """Leave the charger."""
        self.state = CarState.UNPLUGGED

    def power(
        self, offered_amps: float, dt: float, *, phases: int = 3, volts: float = 230.0
    ) -> Amps:
        """Charge for `dt` seconds at the offered current; return the mean amps per phase."""
        used = min(self.phases, phases)
        self._offered_s = self._offered_s + dt if offered_amps >= self.min_amps else 0.0
        wanted = self._appetite(offered_amps) if self._offered_s >= self.begins_after_s else 0.0
        amps = self._fill(wanted, used * volts, dt)
        self._follow(offered_amps, wanted)
        first, second, third = (amps if phase < used else 0.0 for phase in range(3))
        return first, second, third

    @property
    def full(self) -> bool:
        """Whether the car has what its driver asked of it."""
        return self.soc >= self.target_soc - 1e-9

    def _appetite(self, offered: float) -> float:
        if offered < self.min_amps or self.full or self.asleep:
            return 0.0
        return min(offered, max(self.min_amps, self.max_amps * self._taper()))

    def _taper(self) -> float:
        if self.soc <= self.taper_from:
            return 1.0
        return (1.0 - self.soc) / (1.0 - self.taper_from)

    def _fill(self, amps: float, volts: float, dt: float) -> float:
        """Store the energy; a battery that fills up meanwhile took less on the mean."""
        stored = amps * volts * dt / 3600 * self.efficiency
        room = (self.target_soc - self.soc) * self.capacity_kwh * 1000
        taken = min(stored, room)
        self.soc += taken / (self.capacity_kwh * 1000)
        return amps * taken / stored if stored else amps

    def _follow(self, offered: float, wanted: float) -> None:
        paused = self.state is CarState.CHARGING and offered < self.min_amps
        if self.asleep:
            self._stir(offered)
        elif self.sleeps_when_paused and paused:
            self.asleep, self._tempted, self._pulses = True, False, 0
        self.state = CarState.CHARGING if wanted > 0 else CarState.CONNECTED

    def _stir(self, offered: float) -> None:
        """Count how often a sleeping car was offered current, and then nothing."""
        fell = self._tempted and offered < self.min_amps
        self._tempted = offered >= self.min_amps
        self._pulses += fell
        if self.pulses_to_wake and self._pulses >= self.pulses_to_wake:
            self.asleep = False
