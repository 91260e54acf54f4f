"""One connector: its cable, its meter, its transaction, and the status all that amounts to."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from .meter import Meter, energy
from .pilot import NOTHING, Pilot
from .stacking import Wiring
from .truth import TrueSession
from .vehicle import NO_CURRENT, Amps, Vehicle
from .vocabulary import ErrorCode, Payload, Status

MIN_AMPS = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A tag that may charge here as soon as a car is plugged in, until the time is out."""

    tag: str
    until: datetime
    profile: Payload | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """A connector kept for a tag or its group; `expires` is by the charger's own clock."""

    id: int
    tag: str
    parent: str | None
    expires: datetime


@dataclass(slots=True, kw_only=True, eq=False)
class Transaction:
    """A transaction as the charger knows it; `id` is None until the central system gives one."""

    connector: int
    tag: str
    truth: TrueSession
    watt_seconds_before: Decimal
    register_before: Decimal
    last_sample: datetime
    id: int | None = None
    suspended: bool = False
    """Not authorised after all: no energy, but still a transaction."""
    data: list[Payload] = field(default_factory=list)

    @property
    def began(self) -> datetime:
        """The true time of its start."""
        return self.truth.start


@dataclass(slots=True, kw_only=True, eq=False)
class Connector:
    """Holds still; `advance` lets the electricity flow up to a moment."""

    number: int
    meter: Meter
    wiring: Wiring
    looked: datetime
    haste: float = 1.0
    vehicle: Vehicle | None = None
    transaction: Transaction | None = None
    grant: Grant | None = None
    reservation: Reservation | None = None
    operative: bool = True
    inoperative_soon: bool = False
    fault: ErrorCode | None = None
    finishing: bool = False
    zeros: int = 0
    pilot: Pilot = field(default_factory=Pilot)
    amps: Amps = NO_CURRENT

    @property
    def may_flow(self) -> bool:
        """Whether the contactor is closed."""
        running = self.transaction is not None and not self.transaction.suspended
        return running and self.vehicle is not None and self.fault is None

    @property
    def busy(self) -> bool:
        """Whether no new transaction can begin here."""
        return self.transaction is not None or not self.operative or self.fault is not None

    def advance(self, now: datetime) -> None:
        """Deliver energy from the last look until now at what was offered meanwhile."""
        seconds = (now - self.looked).total_seconds() * self.haste
        self.looked = now
        if seconds > 0 and self.may_flow:
            amps = self._draw(seconds)
            self.meter.add(energy(self.wiring.volts, sum(amps), seconds))
        if self.transaction:
            flowed = self.meter.watt_seconds - self.transaction.watt_seconds_before
            self.transaction.truth.grew(now, flowed / 3600)

    def measure(self) -> None:
        """See what flows at this instant."""
        if not self.may_flow:
            self.pilot.switch(NOTHING)
        self.amps = self._draw(0.0)

    def _draw(self, seconds: float) -> Amps:
        if self.vehicle is None:
            return NO_CURRENT
        offered = self.pilot.limit
        return self.vehicle.power(
            offered.amps, seconds, phases=offered.phases, volts=self.wiring.volts
        )

    @property
    def watts(self) -> float:
        """The active power that flows."""
        return sum(self.amps) * self.wiring.volts

    @property
    def status(self) -> Status:
        """The state to notify, OCPP 1.6 §4.9."""
        if self.fault is not None:
            return Status.FAULTED
        if self.transaction is not None:
            return self._charging_status()
        if not self.operative:
            return Status.UNAVAILABLE
        return self._idle_status()

    def _charging_status(self) -> Status:
        """SuspendedEVSE wins over SuspendedEV when both apply."""
        if self.vehicle is not None and self.pilot.limit.amps < MIN_AMPS:
            return Status.SUSPENDED_EVSE
        return Status.CHARGING if any(self.amps) else Status.SUSPENDED_EV

    def _idle_status(self) -> Status:
        if self.grant is not None:
            return Status.PREPARING
        if self.vehicle is not None:
            return Status.FINISHING if self.finishing else Status.PREPARING
        return Status.RESERVED if self.reservation is not None else Status.AVAILABLE
