"""A charger as the house sees it: what profiles it holds, what it lets through, what its car draws."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from custom_components.ev_station.model.commands import (
    ChargingProfile,
    CommandStatus,
    ProfilePurpose,
    SchedulePeriod,
)
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.settings import EvseSettings
from custom_components.ev_station.model.status import EvseStatus

from .vehicle import Vehicle

VOLTS: Final = 230.0


@dataclass(kw_only=True)
class Point:
    """A charger with one EVSE, and the car that stands there."""

    name: str
    settings: EvseSettings = field(default_factory=lambda: EvseSettings(evse=1))
    reacts_in_s: int = 3
    whole_amps: bool = False
    ahead: timedelta = timedelta(0)
    """How far its clock is ahead."""
    connected: bool = True
    tells_phases: bool = True
    """Else all it tells beside its register is one current of no phase, that of each."""
    takes_phases: bool = True
    """It accepts a profile with numberPhases."""
    takes_pauses: bool = True
    """It accepts a profile with a limit of 0."""
    heeds_phases: bool = True
    """And switches."""
    contactor: int | None = None
    """How many phases an entity of the house lets through; None: there is no such entity."""
    stuck: bool = False
    """The contactor does not move."""
    vehicle: Vehicle | None = None
    transaction: int | None = None
    floor: Decimal | None = None
    floor_phases: int | None = None
    plan: ChargingProfile | None = None
    live: ChargingProfile | None = None
    register_wh: float = 0.0
    amps: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """On its own phases."""
    switched_on: int = 0
    status: EvseStatus = EvseStatus.AVAILABLE
    _offers: deque[tuple[datetime, float, int]] = field(default_factory=deque)
    offered: float = 0.0
    phases: int = 3
    """What it charges on."""
    switched: int = 0
    under_load: int = 0
    """How often its phases were switched while current flowed."""

    @property
    def evse(self) -> EvseId:
        """Return the id of its EVSE."""
        return EvseId(self.name, 1)

    def take(self, profile: ChargingProfile) -> CommandStatus:
        """Install a profile unless it says what the charger does not understand."""
        if profile.periods[0].phases is not None and not self.takes_phases:
            return CommandStatus.REJECTED
        if not self.takes_pauses and any(each.limit_a == 0 for each in profile.periods):
            return CommandStatus.REJECTED
        self.hold(profile)
        return CommandStatus.ACCEPTED

    def hold(self, profile: ChargingProfile) -> None:
        """Install a profile."""
        if profile.purpose is ProfilePurpose.TX_DEFAULT:
            self.floor = profile.periods[0].limit_a
            self.floor_phases = profile.periods[0].phases
        elif profile.stack_level == 1:
            self.plan = profile
        else:
            self.live = profile

    def allowed(self, now: datetime) -> float:
        """Return the limit in force."""
        if self.transaction is None:
            return 0.0
        if (period := self._in_force(now)) is not None:
            return self._rounded(period.limit_a)
        if self.floor is None:
            return float(self.settings.max_current_a)
        return self._rounded(self.floor)

    def _in_force(self, now: datetime) -> SchedulePeriod | None:
        """Return the period of the running transaction: of the live limit, else of the plan."""
        own = now + self.ahead
        for profile in (self.live, self.plan):
            if profile is None or profile.transaction != self.transaction:
                continue
            if profile.valid_to is not None and own >= profile.valid_to:
                continue
            elapsed = (own - (profile.start_at or own)).total_seconds()
            begun = [each for each in profile.periods if each.start_s <= elapsed]
            if begun:
                return begun[-1]
        return None

    def _let_through(self, now: datetime) -> int:
        """Return the number of phases that reaches the car."""
        period = self._in_force(now)
        told = self.floor_phases if period is None else period.phases
        # OCPP 1.6 §7.14: three are meant unless the profile says otherwise.
        profile = (told or 3) if self.heeds_phases else 3
        return min(profile, self.contactor or 3, self.settings.phases)

    def _rounded(self, limit: Decimal) -> float:
        return float(int(limit)) if self.whole_amps else float(limit)

    def run(self, now: datetime, seconds: float) -> None:
        """Let time pass: the pilot follows the limit, the car the pilot."""
        allowed, through = self.allowed(now), self._let_through(now)
        if not self._offers or self._offers[-1][1:] != (allowed, through):
            self._offers.append((now + timedelta(seconds=self.reacts_in_s), allowed, through))
        while self._offers and self._offers[0][0] <= now:
            _, self.offered, phases = self._offers[0]
            self._switch(phases)
            if len(self._offers) == 1:
                break
            self._offers.popleft()
        before = self.amps
        if self.vehicle is None or self.transaction is None:
            self.offered, self.amps = 0.0, (0.0, 0.0, 0.0)
            self._offers.clear()
        else:
            self.amps = self.vehicle.power(self.offered, seconds, phases=self.phases)
        self.switched_on += any(self.amps) and not any(before)
        self.register_wh += sum(self.amps) * VOLTS * seconds / 3600

    def _switch(self, phases: int) -> None:
        if phases != self.phases:
            self.switched += 1
            self.under_load += any(self.amps)
        self.phases = phases

    def state_now(self) -> EvseStatus:
        """Return what it would notify."""
        if self.vehicle is None:
            return EvseStatus.AVAILABLE
        if self.transaction is None:
            return EvseStatus.PREPARING
        if any(self.amps):
            return EvseStatus.CHARGING
        return EvseStatus.SUSPENDED_EVSE if self.offered < 6 else EvseStatus.SUSPENDED_EV

    def at_site(self) -> tuple[float, float, float]:
        """Return what is drawn on the site's phases."""
        found = [0.0, 0.0, 0.0]
        for own, phase in enumerate(self.settings.rotation.phases):
            found[phase] += self.amps[own]
        return found[0], found[1], found[2]
