"""A house with its fuses, meters, cars and chargers in accelerated time, run through the real reducer.

One step is a second of the house. Nothing here decides anything: loads are drawn, cars take what they are
offered, chargers obey after a while, meters tell late and with noise, and every event goes the real way.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from typing import Final

from custom_components.ev_station.balancing.loads import Memory
from custom_components.ev_station.model import events as e
from custom_components.ev_station.model.allowance import Allowance
from custom_components.ev_station.model.circuit import Amps, CircuitSettings, MeterReading, Rotation
from custom_components.ev_station.model.commands import (
    ChargingProfile,
    CommandStatus,
    ProfilePurpose,
    RemoteStop,
    SetProfile,
)
from custom_components.ev_station.model.effects import Effect, Send
from custom_components.ev_station.model.energy import ChargeMode, EnergyReading
from custom_components.ev_station.model.ids import EvseId, Fresh
from custom_components.ev_station.model.measurement import (
    Context,
    Measurement,
    Phase,
    Quantity,
    Sample,
)
from custom_components.ev_station.model.phases import PhaseStep
from custom_components.ev_station.model.settings import ChargerSettings, EvseSettings, SiteSettings
from custom_components.ev_station.model.state import SITE, Evse, HomeBattery, SiteState
from custom_components.ev_station.model.status import EvseStatus, Version
from custom_components.ev_station.station import Heard, handle, observe

from .vehicle import Vehicle

MORNING: Final = datetime(2026, 6, 15, 6, tzinfo=UTC)
_SITE: Final = SiteSettings(name="Home", currency="EUR", time_zone="Europe/Berlin", secret="5ec4e7")
_PHASES: Final = (Phase.L1, Phase.L2, Phase.L3)
_VOLTS: Final = 230.0
_STEP: Final = timedelta(seconds=1)

type Load = Callable[[datetime], tuple[float, float, float]]
"""A per phase; negative where more is fed in than drawn."""


def still(*amps: float) -> Load:
    """Return a load that never changes."""
    first, second, third = amps
    return lambda _now: (first, second, third)


NO_LOAD: Final = still(0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuse:
    """A circuit, and what it carries besides chargers and circuits below."""

    settings: CircuitSettings
    load: Load = NO_LOAD


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
    takes_phases: bool = True
    """It accepts a profile with numberPhases."""
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
        self.hold(profile)
        return CommandStatus.ACCEPTED

    def hold(self, profile: ChargingProfile) -> None:
        """Install a profile."""
        if profile.purpose is ProfilePurpose.TX_DEFAULT:
            self.floor = profile.periods[0].limit_a
            self.floor_phases = profile.periods[0].phases
        else:
            self.live = profile

    def allowed(self, now: datetime) -> float:
        """Return the limit in force."""
        if self.transaction is None:
            return 0.0
        if (live := self._in_force(now)) is not None:
            return self._rounded(live.periods[0].limit_a)
        if self.floor is None:
            return float(self.settings.max_current_a)
        return self._rounded(self.floor)

    def _in_force(self, now: datetime) -> ChargingProfile | None:
        live = self.live
        if live is None or live.transaction != self.transaction:
            return None
        return live if live.valid_to is None or now + self.ahead < live.valid_to else None

    def _let_through(self, now: datetime) -> int:
        """Return the number of phases that reaches the car."""
        live = self._in_force(now)
        told = self.floor_phases if live is None else live.periods[0].phases
        # OCPP 1.6 §7.14: three are meant unless the profile says otherwise.
        profile = (told or 3) if self.heeds_phases else 3
        return min(profile, self.contactor or 3, self.settings.phases)

    def _rounded(self, limit: Decimal) -> float:
        return float(int(limit)) if self.whole_amps else float(limit)

    def run(self, now: datetime) -> None:
        """Let a second pass: the pilot follows the limit, the car the pilot."""
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
            self.amps = self.vehicle.power(self.offered, 1.0, phases=self.phases)
        self.switched_on += any(self.amps) and not any(before)
        self.register_wh += sum(self.amps) * _VOLTS / 3600

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


@dataclass(slots=True)
class Strain:
    """How a fuse fared."""

    longest_over_s: int = 0
    worst_share: float = 0.0
    heat: float = 0.0
    """Of a breaker that trips at 1."""
    hottest: float = 0.0
    over_s: int = 0

    def feel(self, amps: float, limit: float) -> None:
        """Let a second of current pass."""
        share = amps / limit if limit else (0.0 if amps <= 0 else 9.0)
        self.over_s = self.over_s + 1 if share > 1.0001 else 0
        self.longest_over_s = max(self.longest_over_s, self.over_s)
        self.worst_share = max(self.worst_share, share)
        self.heat = max(self.heat + _heating(share), 0.0)
        self.hottest = max(self.hottest, self.heat)


def _heating(share: float) -> float:
    """Return how much nearer a second brings a type C breaker to its trip (IEC 60898-1, table 7, the quick end)."""
    if share <= 1.13:
        return -1 / 600
    if share <= 1.45:
        return 1 / 600
    if share <= 2.55:
        return 1 / 60
    return 1.0 if share < 5 else 10.0


@dataclass(kw_only=True)
class HouseBattery:
    """A home battery whose inverter keeps the grid at nothing, as far as it can and may."""

    capacity_wh: float = 10_000.0
    level: float = 0.5
    """From 0 to 1."""
    gives_w: float = 3000.0
    takes_w: float = 3000.0
    held: bool = False
    given_wh: float = 0.0

    def run(self, net_w: float) -> float:
        """Let a second pass while the house wants this much; return what the battery takes, W."""
        stored = self.level * self.capacity_wh * 3600
        if net_w > 0:
            power = 0.0 if self.held else -min(net_w, self.gives_w, stored)
        else:
            power = min(-net_w, self.takes_w, self.capacity_wh * 3600 - stored)
        self.level += power / 3600 / self.capacity_wh
        self.given_wh += max(-power, 0.0) / 3600
        return power


@dataclass(kw_only=True)
class Premises:
    """The whole place."""

    fuses: Sequence[Fuse]
    points: Sequence[Point]
    now: datetime = MORNING
    seed: int = 1
    meter_every_s: int = 2
    meter_lag_s: int = 2
    meter_noise_a: float = 0.1
    sample_every_s: int = 10
    control_every_s: int = 5
    speechless: set[str] = field(default_factory=set)
    """Circuits whose meters say nothing."""
    told_limit: Decimal | None = None
    told_power: int | None = None
    """What the grid operator's entities say of every metered circuit."""
    solar_w: Callable[[datetime], float] | None = None
    """What the roof gives; None: nobody measures it."""
    house_a: float = 0.0
    """What the house draws on all phases together where there is no fuse."""
    battery_w: Decimal | None = None
    battery_percent: Decimal | None = None
    """What a battery says that does nothing; one that works is the next."""
    battery: HouseBattery | None = None
    settings: SiteSettings = _SITE
    state: SiteState = field(default_factory=SiteState)
    memory: Memory = field(default_factory=Memory)
    strains: dict[tuple[str, int], Strain] = field(default_factory=dict)
    messages: int = 0
    controlled: bool = True

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self._numbers = count(1)
        self._readings: dict[str, MeterReading] = {}
        self._energy: EnergyReading | None = None
        self.stops: list[Send] = []
        self._say: deque[e.PhasesRead] = deque()
        self.imported_wh = 0.0
        self.exported_wh = 0.0
        self._grid: deque[float] = deque(maxlen=30)
        self._past: deque[Mapping[str, tuple[float, float, float]]] = deque()
        self.waiting: deque[tuple[datetime, Send]] = deque()
        self._began = self.now
        self._looked = self.now - timedelta(hours=1)
        self._dirty = True
        self.feed(e.SiteConfigured(settings=self.settings))
        for fuse in self.fuses:
            self.feed(e.CircuitConfigured(settings=fuse.settings))
        for point in self.points:
            settings = ChargerSettings(charger=point.name, name=point.name, evses=(point.settings,))
            self.feed(e.ChargerConfigured(settings=settings))
            self.connect(point)
            if point.contactor is not None:
                self.feed(e.PhasesRead(evse=point.evse, phases=point.contactor))

    def choose(self, point: Point, mode: ChargeMode) -> None:
        """Choose which power a point charges with."""
        self.feed(e.ModeRequested(evse=point.evse, mode=mode, command=next(self._numbers)))

    def connect(self, point: Point) -> None:
        """Let a charger dial in."""
        point.connected = True
        self.feed(
            e.ChargerConnected(
                charger=point.name,
                connection=next(self._numbers),
                version=Version.V16,
                address="192.0.2.1",
                received_at=self.now,
            )
        )
        self.feed(
            e.ChargerPrepared(
                charger=point.name, evse_count=1, smart_charging=True, received_at=self.now
            )
        )

    def plug(self, point: Point, vehicle: Vehicle) -> None:
        """Plug a car in and begin a transaction."""
        vehicle.plug_in()
        point.vehicle = vehicle
        number = next(self._numbers)
        self.feed(
            e.TransactionStarted(
                evse=point.evse,
                token="TAG",
                meter_start_wh=Decimal(round(point.register_wh)),
                at=self.now + point.ahead,
                raw_at=(self.now + point.ahead).isoformat(),
                received_at=self.now,
            ),
            Fresh(f"session{number}", number),
        )
        point.transaction = number

    def unplug(self, point: Point) -> None:
        """End the transaction and drive away."""
        if point.transaction is not None:
            self.feed(
                e.TransactionStopped(
                    charger=point.name,
                    transaction=point.transaction,
                    meter_stop_wh=Decimal(round(point.register_wh)),
                    at=self.now + point.ahead,
                    raw_at=(self.now + point.ahead).isoformat(),
                    received_at=self.now,
                )
            )
        point.transaction, point.vehicle, point.live = None, None, None
        point.status = EvseStatus.FINISHING

    def feed(self, event: e.Event, fresh: Fresh = Fresh("", 0)) -> tuple[Effect, ...]:
        """Reduce an event and carry its effects out."""
        outcome = handle(self.state, event, self.now, fresh)
        self.state.apply(outcome.changes)
        self._dirty = self._dirty or any(kind is not None for kind, _ in outcome.changes)
        for effect in outcome.effects:
            if isinstance(effect, Send):
                self.waiting.append((self.now + _STEP, effect))
        for point in self.points:
            self._move_contactor(point)
        return outcome.effects

    def _move_contactor(self, point: Point) -> None:
        """Let the house's entity switch when that is wanted; it says so with the next second."""
        allowance = self.state.get(Allowance, point.evse)
        phasing = None if allowance is None else allowance.phasing
        if phasing is None or phasing.step is not PhaseStep.SWITCHING or point.stuck:
            return
        if point.contactor is not None and point.contactor != phasing.target:
            point.contactor = phasing.target
            point.under_load += any(point.amps)
            self._say.append(e.PhasesRead(evse=point.evse, phases=phasing.target))

    def run(self, seconds: int) -> None:
        """Let time pass."""
        for _ in range(seconds):
            self._second()

    def _second(self) -> None:
        self.now += _STEP
        elapsed = int((self.now - self._began).total_seconds())
        for point in self.points:
            point.run(self.now)
        self._measure(elapsed)
        self._watch_the_sun(elapsed)
        self._deliver()
        while self._say:
            self.feed(self._say.popleft())
        for number, point in enumerate(self.points):
            self._tell(point, elapsed + number)
        due = self.now - self._looked >= timedelta(seconds=self.control_every_s)
        if self.controlled and (self._dirty or due):
            self.look()

    def _measure(self, elapsed: int) -> None:
        flows = {fuse.settings.circuit: self.flow(fuse) for fuse in self.fuses}
        for fuse in self.fuses:
            for phase, amps in enumerate(flows[fuse.settings.circuit]):
                strain = self.strains.setdefault((fuse.settings.circuit, phase), Strain())
                strain.feel(amps, float(fuse.settings.limit_a))
        self._past.append(flows)
        if len(self._past) <= self.meter_lag_s:
            return
        seen = self._past.popleft()
        if elapsed % self.meter_every_s:
            return
        for fuse in self.fuses:
            name = fuse.settings.circuit
            if fuse.settings.metered and name not in self.speechless:
                self._readings[name] = MeterReading(
                    circuit=name,
                    currents_a=self._noisy(seen[name]),
                    limit_a=self.told_limit,
                    power_limit_w=self.told_power,
                    at=self.now,
                )
                self._dirty = True

    def _watch_the_sun(self, elapsed: int) -> None:
        """Let the meter at the grid's connection speak; it is the first fuse's."""
        if self.solar_w is None:
            return
        cars = sum(sum(point.amps) for point in self.points)
        house = sum(self.fuses[0].load(self.now)) if self.fuses else self.house_a
        grid = (house + cars) * _VOLTS - self.solar_w(self.now)
        if self.battery is not None:
            self.battery.held = self._home_battery().held
            into = self.battery.run(grid)
            grid += into
            self.battery_w = Decimal(round(into))
            self.battery_percent = Decimal(round(self.battery.level * 100, 1))
        self.imported_wh += max(grid, 0.0) / 3600
        self.exported_wh += max(-grid, 0.0) / 3600
        self._grid.append(grid)
        if len(self._grid) > self.meter_lag_s and not elapsed % self.meter_every_s:
            told = self._grid[-1 - self.meter_lag_s] + self.random.gauss(0, 20)
            self._energy = EnergyReading(
                grid_w=Decimal(round(told)),
                battery_w=self.battery_w,
                battery_percent=self.battery_percent,
                at=self.now,
            )
            self._dirty = True

    def _home_battery(self) -> HomeBattery:
        return self.state.get(HomeBattery, SITE) or HomeBattery()

    def boost(self, point: Point, *, on: bool = True) -> None:
        """Ask for the battery to be drained into the car of a point, or no longer."""
        self.feed(e.BoostRequested(evse=point.evse, on=on, command=next(self._numbers)))

    def flow(self, fuse: Fuse) -> tuple[float, float, float]:
        """Return what flows through a fuse now."""
        sums = list(fuse.load(self.now))
        for other in self.fuses:
            if other.settings.parent == fuse.settings.circuit:
                sums = [one + more for one, more in zip(sums, self.flow(other), strict=True)]
        for point in self.points:
            if point.name in fuse.settings.chargers:
                sums = [one + more for one, more in zip(sums, point.at_site(), strict=True)]
        return sums[0], sums[1], sums[2]

    def _noisy(self, amps: tuple[float, float, float]) -> Amps:
        first, second, third = (
            Decimal(str(round(each + self.random.gauss(0, self.meter_noise_a), 2))) for each in amps
        )
        return first, second, third

    def _deliver(self) -> None:
        """Let chargers take what was sent, and answer."""
        while self.waiting and self.waiting[0][0] <= self.now:
            _, send = self.waiting.popleft()
            point = next(each for each in self.points if each.name == send.charger)
            if not point.connected:
                continue
            if isinstance(send.command, RemoteStop):
                self.stops.append(send)
            status = CommandStatus.ACCEPTED
            if isinstance(send.command, SetProfile):
                self.messages += 1
                status = point.take(send.command.profile)
            if send.id is not None:
                self.feed(
                    e.CommandAnswered(
                        charger=send.charger,
                        evse=send.evse,
                        command=send.id,
                        status=status,
                        received_at=self.now,
                    )
                )

    def _tell(self, point: Point, elapsed: int) -> None:
        if not point.connected:
            return
        status = point.state_now()
        if status is not point.status:
            point.status = status
            self.feed(
                e.StatusReported(
                    evse=point.evse, status=status, at=self.now + point.ahead, received_at=self.now
                )
            )
        if point.transaction is not None and elapsed % self.sample_every_s == 0:
            self.feed(
                e.MeterSampled(
                    evse=point.evse,
                    transaction=point.transaction,
                    samples=(self._sample(point),),
                    received_at=self.now,
                )
            )

    def _sample(self, point: Point) -> Sample:
        found = [
            Measurement(
                Quantity.ENERGY_IMPORT_REGISTER, None, Decimal(str(round(point.register_wh, 1)))
            ),
            Measurement(
                Quantity.POWER_IMPORT, None, Decimal(str(round(sum(point.amps) * _VOLTS, 1)))
            ),
        ]
        found += [
            Measurement(Quantity.CURRENT_IMPORT, _PHASES[own], Decimal(str(round(amps, 2))))
            for own, amps in enumerate(point.amps[: point.settings.phases])
        ]
        return Sample(self.now + point.ahead, Context.PERIODIC, tuple(found))

    def look(self) -> None:
        """Look at the whole site, as the engine does."""
        self._looked, self._dirty = self.now, False
        heard = Heard(self._readings, self._energy, self._began)
        seen = observe(self.state, self.memory, heard, self.now)
        self.memory = seen.memory
        self.feed(seen.event)
        self._dirty = False

    def evse_of(self, point: Point) -> Evse:
        """Return the reducer's EVSE of a point."""
        found = self.state.get(Evse, point.evse)
        assert found is not None
        return found


__all__ = ["Fuse", "Point", "Premises", "Rotation", "Strain", "Vehicle", "still"]
