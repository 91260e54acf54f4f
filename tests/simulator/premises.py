"""A house with its fuses, meters, cars and chargers in accelerated time, run through the real reducer.

One step is a second of the house, or longer while nothing changes. Nothing here decides anything: loads are drawn, cars take what they are
offered, chargers obey after a while, meters tell late and with noise, and every event goes the real way.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
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
    CommandStatus,
    ProfilePurpose,
    RemoteStop,
    SetProfile,
)
from custom_components.ev_station.model.effects import Effect, Notice, Send
from custom_components.ev_station.model.energy import ChargeMode, EnergyReading
from custom_components.ev_station.model.grid import NOTHING_HEARD, GridReading
from custom_components.ev_station.model.ids import Fresh
from custom_components.ev_station.model.measurement import (
    Context,
    Measurement,
    Phase,
    Quantity,
    Sample,
)
from custom_components.ev_station.model.phases import PhaseStep
from custom_components.ev_station.model.settings import ChargerSettings, SiteSettings
from custom_components.ev_station.model.state import SITE, Evse, HomeBattery, SiteState
from custom_components.ev_station.model.status import EvseStatus, Version
from custom_components.ev_station.station import Heard, handle, observe

from .house_battery import HouseBattery
from .point import VOLTS, Point
from .strain import Strain
from .vehicle import Vehicle

MORNING: Final = datetime(2026, 6, 15, 6, tzinfo=UTC)
HOME: Final = SiteSettings(name="Home", currency="EUR", time_zone="Europe/Berlin", secret="5ec4e7")
_PHASES: Final = (Phase.L1, Phase.L2, Phase.L3)
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


def _added(
    currents: Iterable[tuple[float, float, float]],
) -> tuple[float, float, float]:
    first = second = third = 0.0
    for one, other, last in currents:
        first, second, third = first + one, second + other, third + last
    return first, second, third


@dataclass(slots=True)
class _Lagging[T]:
    """What is seen of a value some time later."""

    past: deque[tuple[datetime, T]] = field(default_factory=deque)
    """Until when it was so."""

    def seen(self, now: datetime, value: T, *, lag_s: int) -> T:
        """Take what it was until now, and return what it was then."""
        self.past.append((now, value))
        then = now - timedelta(seconds=lag_s)
        while self.past[0][0] < then:
            self.past.popleft()
        return self.past[0][1]


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
    settings: SiteSettings = HOME
    orders: GridReading = NOTHING_HEARD
    """What the grid's operator says."""
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
        self.notices: list[Notice] = []
        self.imported_wh = 0.0
        self.exported_wh = 0.0
        self.fed_in_w = 0.0
        self._grid = _Lagging[float]()
        self._flows = _Lagging[Mapping[str, tuple[float, float, float]]]()
        self._below = {fuse.settings.circuit: self._subtree(fuse) for fuse in self.fuses}
        self.waiting: deque[tuple[datetime, Send]] = deque()
        self._began = self._heard_since = self.now
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

    def go_down(self) -> None:
        """Let the system stop: nobody looks, nothing is heard, what was under way is lost."""
        self.controlled = False
        self.waiting.clear()
        for point in self.points:
            point.connected = False

    def come_back(self) -> None:
        """Let it start again: its state is kept, what meters said is not, and every charger dials in."""
        self.controlled, self._heard_since = True, self.now
        self.memory, self._readings, self._energy = Memory(), {}, None
        for point in self.points:
            self.connect(point)

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
        self.notices += outcome.notices
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
        """Let time pass, second by second."""
        for _ in range(seconds):
            self.advance()

    def advance(self, seconds: float = 1) -> None:
        """Let one step pass, in which what is offered and drawn does not change."""
        self.now += timedelta(seconds=seconds)
        for point in self.points:
            point.run(self.now, seconds)
        self._feed_in(seconds)
        self._measure(seconds)
        self._deliver()
        while self._say:
            self.feed(self._say.popleft())
        for number, point in enumerate(self.points):
            self._tell(point, seconds, number)
        due = self.now - self._looked >= timedelta(seconds=self.control_every_s)
        if self.controlled and (self._dirty or due):
            self.look()

    @property
    def is_under_way(self) -> bool:
        """Return whether a limit is on its way to a car."""
        if any(each.transaction and each.offered != each.allowed(self.now) for each in self.points):
            return True
        live = {
            send.charger: send.command.profile.periods[0].limit_a
            for _, send in self.waiting
            if isinstance(send.command, SetProfile)
            and send.command.profile.purpose is ProfilePurpose.TX
            and send.command.profile.stack_level == 2
        }
        return any(
            point.name in live and float(live[point.name]) != point.allowed(self.now)
            for point in self.points
        )

    def _is_due(self, every_s: int, seconds: float, offset: int = 0) -> bool:
        """Return whether a moment that comes every so often lies in the step that ends now."""
        end = (self.now - self._began).total_seconds() + offset
        return end // every_s != (end - seconds) // every_s

    def _measure(self, seconds: float) -> None:
        flows = {fuse.settings.circuit: self.flow(fuse) for fuse in self.fuses}
        for fuse in self.fuses:
            self._strain(fuse, flows[fuse.settings.circuit], seconds)
        seen = self._flows.seen(self.now, flows, lag_s=self.meter_lag_s)
        if not self._is_due(self.meter_every_s, seconds):
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

    def _strain(self, fuse: Fuse, flow: tuple[float, float, float], seconds: float) -> None:
        cars, rated = self.cars(fuse), float(fuse.settings.limit_a)
        told = self.told_limit if fuse.settings.metered else None
        limit = rated if told is None else min(rated, max(float(told), 0.0))
        for phase in range(3):
            strain = self.strains.setdefault((fuse.settings.circuit, phase), Strain())
            strain.feel(flow[phase], cars[phase], limit, rated, seconds)

    def _feed_in(self, seconds: float) -> None:
        """Let roof and battery feed in, and the meter at the grid's connection speak."""
        if self.solar_w is None:
            return
        cars = sum(sum(point.amps) for point in self.points)
        loads = sum(sum(fuse.load(self.now)) for fuse in self.fuses)
        solar = self.solar_w(self.now)
        grid = (loads + self.house_a + cars) * VOLTS - solar
        self.fed_in_w = solar
        if self.battery is not None:
            self.battery.held = self._home_battery().held
            into = self.battery.run(grid, seconds)
            grid, self.fed_in_w = grid + into, solar - into
            self.battery_w = Decimal(round(into))
            self.battery_percent = Decimal(round(self.battery.level * 100, 1))
        self.imported_wh += max(grid, 0.0) * seconds / 3600
        self.exported_wh += max(-grid, 0.0) * seconds / 3600
        seen = self._grid.seen(self.now, grid, lag_s=self.meter_lag_s)
        if self._is_due(self.meter_every_s, seconds):
            self._energy = EnergyReading(
                grid_w=Decimal(round(seen + self.random.gauss(0, 20))),
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

    def _subtree(self, fuse: Fuse) -> tuple[list[Fuse], list[Point]]:
        """Return a fuse with all it feeds, and the chargers behind it."""
        fuses = [fuse]
        for each in fuses:
            name = each.settings.circuit
            fuses += [other for other in self.fuses if other.settings.parent == name]
        names = {name for each in fuses for name in each.settings.chargers}
        return fuses, [point for point in self.points if point.name in names]

    def cars(self, fuse: Fuse) -> tuple[float, float, float]:
        """Return what cars draw through a fuse now."""
        return _added(point.at_site() for point in self._below[fuse.settings.circuit][1])

    def flow(self, fuse: Fuse) -> tuple[float, float, float]:
        """Return what flows through a fuse now; roof and battery feed in behind the first."""
        fuses, _ = self._below[fuse.settings.circuit]
        fed_in = -self.fed_in_w / VOLTS / 3 if fuse is self.fuses[0] else 0.0
        loads = (each.load(self.now) for each in fuses)
        return _added((self.cars(fuse), *loads, (fed_in, fed_in, fed_in)))

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

    def _tell(self, point: Point, seconds: float, offset: int) -> None:
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
        if point.transaction is not None and self._is_due(self.sample_every_s, seconds, offset):
            self.feed(
                e.MeterSampled(
                    evse=point.evse,
                    transaction=point.transaction,
                    samples=(self._sample(point),),
                    received_at=self.now,
                )
            )

    def _sample(self, point: Point) -> Sample:
        register = Decimal(str(round(point.register_wh, 1)))
        found = [Measurement(Quantity.ENERGY_IMPORT_REGISTER, None, register)]
        if not point.tells_phases:
            one = Decimal(str(round(max(point.amps), 2)))
            found.append(Measurement(Quantity.CURRENT_IMPORT, None, one))
            return Sample(self.now + point.ahead, Context.PERIODIC, tuple(found))
        power = Decimal(str(round(sum(point.amps) * VOLTS, 1)))
        found.append(Measurement(Quantity.POWER_IMPORT, None, power))
        found += [
            Measurement(Quantity.CURRENT_IMPORT, _PHASES[own], Decimal(str(round(amps, 2))))
            for own, amps in enumerate(point.amps[: point.settings.phases])
        ]
        return Sample(self.now + point.ahead, Context.PERIODIC, tuple(found))

    def look(self) -> None:
        """Look at the whole site, as the engine does."""
        self._looked, self._dirty = self.now, False
        heard = Heard(self._readings, self._energy, self._heard_since, self.orders)
        seen = observe(self.state, self.memory, heard, self.now)
        self.memory = seen.memory
        self.feed(seen.event)
        self._dirty = False

    def evse_of(self, point: Point) -> Evse:
        """Return the reducer's EVSE of a point."""
        found = self.state.get(Evse, point.evse)
        assert found is not None
        return found


__all__ = ["Fuse", "HouseBattery", "Point", "Premises", "Rotation", "Strain", "Vehicle", "still"]
