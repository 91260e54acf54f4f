"""What entities and the panel read: an aggregate joined with the ones it refers to."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from homeassistant.util import dt as dt_util

from .access.vehicles import guest, vehicle_at
from .balancing.claims import own_reason
from .balancing.limits import EPOCH, limit_of
from .const import CLOCK_TOLERANCE
from .engine import Engine
from .model.allowance import Allowance
from .model.effects import Notice
from .model.grid import Dimming
from .model.ids import ChargerId, DriverId, EvseId
from .model.phases import PhaseSwitching, Phasing
from .model.plan import EvsePlan
from .model.session import Session
from .model.settings import EvseSettings, SiteSettings
from .model.state import (
    SITE,
    Account,
    Aggregate,
    Charger,
    Circuit,
    Driver,
    Evse,
    Grid,
    HomeBattery,
    Key,
    Live,
    Site,
    Vehicle,
)
from .model.status import PLUGGED, EvseStatus
from .model.vehicle import Goal, GoalKind, Trip
from .planning.demand import Leaving, departure_of, usual_goal
from .session.live import present
from .station import CircuitSeen


@dataclass(frozen=True, slots=True)
class ChargerView:
    """A charger and what is wrong with it."""

    charger: Charger
    evses: tuple[Evse, ...]

    @property
    def connected(self) -> bool:
        """Return whether the charger has a live connection."""
        return self.charger.connection is not None

    @property
    def fault(self) -> str | None:
        """Return the error the charger or one of its EVSEs reports."""
        faulted = (evse for evse in self.evses if evse.status is EvseStatus.FAULTED)
        errors = (evse.error_code or EvseStatus.FAULTED.value for evse in faulted)
        return self.charger.error_code or next(errors, None)

    @property
    def last_seen(self) -> datetime | None:
        """Return when the charger last told us something we show."""
        if not self.connected:
            return self.charger.disconnected_at
        told = (at for evse in self.evses for at in (evse.status_at, evse.live.at))
        moments = [at for at in (self.charger.connected_at, *told) if at is not None]
        return max(moments, default=None)

    @property
    def problem(self) -> str | None:
        """Return the worst problem in one word, None while all is well."""
        if not self.connected:
            return "offline"
        if self.fault is not None:
            return "faulted"
        return "clock_wrong" if abs(self.charger.clock.offset) > CLOCK_TOLERANCE else None


@dataclass(frozen=True, slots=True)
class EvseView:
    """An EVSE with its charger, the session shown on it and who pays for that."""

    evse: Evse
    charger: Charger
    settings: EvseSettings
    session: Session | None
    """The running session, else the last one."""
    driver: Driver | None
    cost: Decimal | None
    site: SiteSettings
    allowance: Allowance | None
    """What its circuit leaves it; None: it hangs on none."""
    circuit: str | None
    """The name of the circuit that holds it."""
    vehicle: Vehicle | None
    """The car that stands there, as far as anybody knows."""
    vehicles: tuple[Vehicle, ...]
    """All there are."""
    plan: EvsePlan | None = None
    """What the car is to do until it leaves."""

    @property
    def connected(self) -> bool:
        """Return whether the EVSE's charger has a live connection."""
        return self.charger.connection is not None

    @property
    def live(self) -> Live:
        """Return the newest measurements."""
        return present(self.evse)

    @property
    def plugged(self) -> bool | None:
        """Return whether a cable is plugged into a car; None when the status does not tell."""
        if self.evse.status in {EvseStatus.AVAILABLE, *PLUGGED}:
            return self.evse.status in PLUGGED
        return True if self.evse.session is not None else None

    @property
    def held(self) -> Allowance:
        """Return what it may draw, and why; where nothing is shared, that is what its owner lets it."""
        if self.allowance is not None:
            return self.allowance
        limit = limit_of(self.evse, self.settings)
        reason = own_reason(self.settings, limit)
        return Allowance(id=self.evse.id, limit_a=limit, floor_a=limit, since=EPOCH, reason=reason)

    @property
    def phasing(self) -> Phasing | None:
        """Return how far switching its phases is; None: they cannot be switched."""
        return self.allowance.phasing if self.allowance else None

    @property
    def phases(self) -> int | None:
        """Return on how many phases it charges, where they can be switched; None: nobody says."""
        phasing = self.phasing
        if phasing is None or phasing.by is PhaseSwitching.ENTITY:
            return self.evse.phases_told
        return phasing.phases

    @property
    def missing_percent(self) -> int | None:
        """Return what the battery will lack when the car leaves; None: it is not planned for, or a stranger's."""
        if self.plan is None or self.vehicle is None:
            return None
        return round(self.plan.unmet_wh * 100 / self.vehicle.settings.battery_wh)

    @property
    def currency(self) -> str:
        """Return what the cost is in: the site may have another currency by now."""
        return currency_of(self.session, self.site)

    @property
    def started_at(self) -> datetime | None:
        """Return when the shown session began."""
        return self.session.start.at if self.session else None

    @property
    def duration(self) -> timedelta | None:
        """Return how long the shown session lasts or lasted."""
        if self.session is None:
            return None
        end = self.session.stop.stamp.at if self.session.stop else dt_util.utcnow()
        return max(end - self.session.start.at, timedelta(0))

    @property
    def max_current_a(self) -> Decimal:
        """Return the highest limit a user may set."""
        return max(self.settings.max_current_a, Decimal(6))

    @property
    def limit_a(self) -> Decimal:
        """Return the user's limit, else the EVSE's own."""
        return self.max_current_a if self.evse.limit_a is None else self.evse.limit_a


@dataclass(frozen=True, slots=True)
class DriverView:
    """A driver and what the present month's postings add up to."""

    driver: Driver
    account: Account | None
    site: SiteSettings
    connected: bool = True

    @property
    def month_start(self) -> datetime:
        """Return the local beginning of the present month."""
        local = dt_util.utcnow().astimezone(ZoneInfo(self.site.time_zone))
        return local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)

    @property
    def energy_wh(self) -> Decimal:
        """Return this month's energy."""
        return Decimal(0) if self._current is None else self._current.energy_wh

    @property
    def amount(self) -> Decimal:
        """Return this month's amount in the site's currency."""
        return Decimal(0) if self._current is None else self._current.amount(self.site.currency)

    @property
    def _current(self) -> Account | None:
        month = self.month_start.strftime("%Y-%m")
        return self.account if self.account and self.account.month == month else None


@dataclass(frozen=True, slots=True)
class SiteView:
    """The whole site."""

    site: SiteSettings
    battery: HomeBattery
    power_w: Decimal | None
    chargers_connected: int
    grid: Grid
    dimming: Dimming | None
    """The order that holds."""
    plans: tuple[EvsePlan, ...]
    has_vehicles: bool
    connected: bool = True


@dataclass(frozen=True, slots=True)
class CircuitView:
    """A fuse of the site."""

    circuit: Circuit
    seen: CircuitSeen | None
    """What flows in it; None before the first look."""
    connected: bool = True

    @property
    def meters(self) -> bool | None:
        """Return whether its meters are silent; None: it has none."""
        return self.circuit.blind if self.circuit.settings.metered else None


@dataclass(frozen=True, slots=True)
class VehicleView:
    """A car, and when it leaves."""

    vehicle: Vehicle
    zone: ZoneInfo
    session: Session | None
    """The one that goes on where it stands."""
    live: Live
    """What is measured there."""
    connected: bool = True

    @property
    def leaving(self) -> Leaving | None:
        """Return the departure that it is made ready for; None: nobody said when it leaves."""
        return departure_of(self.vehicle, self.session, self.live, dt_util.utcnow(), self.zone)

    @property
    def departure(self) -> datetime | None:
        """Return when it leaves, or should have."""
        return leaving.at if (leaving := self.leaving) else None

    @property
    def goal(self) -> Goal:
        """Return what it is to have then."""
        return leaving.goal if (leaving := self.leaving) else usual_goal(self.vehicle)

    @property
    def goal_percent(self) -> int:
        """Return what it is to have then; the usual goal where that is told in kWh or km."""
        in_force = self.goal
        goal = in_force if in_force.kind is GoalKind.PERCENT else usual_goal(self.vehicle)
        return round(goal.amount)

    @property
    def _own_goal(self) -> Goal | None:
        return leaving.goal if (leaving := self.leaving) and leaving.own else None

    def moved(self, at: datetime) -> Trip:
        """Return its departure moved to another moment; a goal of its own goes with it."""
        return Trip(at=at, goal=self._own_goal)

    def wanting(self, goal: Goal) -> Trip | None:
        """Return its departure with another goal; None: it has the usual one, which is what is to change.

        The usual goal is in percent: one in kWh or km is always that of a departure.
        """
        leaving = self.leaving
        if leaving is None or not (leaving.own or goal.kind is not GoalKind.PERCENT):
            return None
        return Trip(at=leaving.at, goal=goal)

    def next(self, clock: time) -> datetime:
        """Return the next such time by the site's clock, in UTC."""
        now = dt_util.utcnow().astimezone(self.zone)
        today = datetime.combine(now.date(), clock, self.zone)
        return dt_util.as_utc(today if today > now else today + timedelta(days=1))


type View = EvseView | ChargerView | DriverView | SiteView | CircuitView | VehicleView


@dataclass(frozen=True, slots=True)
class Kind[V: View]:
    """A sort of device: the aggregate it stands for and how to read it."""

    aggregate: type[Aggregate]
    view: type[V]
    read: Callable[[Engine, Hashable], V | None]


def currency_of(session: Session | None, site: SiteSettings) -> str:
    """Return the currency of a session's cost."""
    if session is None:
        return site.currency
    priced = session.cdr or session.tariff
    return priced.currency if priced else site.currency


def site_settings(engine: Engine) -> SiteSettings | None:
    """Return the site's settings; None before it was configured."""
    site = engine.state.get(Site, SITE)
    return site.settings if site else None


def evse_ids(engine: Engine, charger: ChargerId) -> tuple[EvseId, ...]:
    """Return the EVSEs of a charger; EVSE 0, the charger itself, is none."""
    found = engine.state.get(Charger, charger)
    ids = found.evses if found else ()
    return tuple(sorted(evse for evse in ids if evse.evse > 0))


def about(engine: Engine, notice: Notice) -> list[Key]:
    """Return what a notice is about: an EVSE and its charger, a charger with all its EVSEs, or the site."""
    if notice.charger is None:
        return [(Site, SITE)]
    evses = (notice.evse,) if notice.evse else evse_ids(engine, notice.charger)
    return [(Charger, notice.charger), *((Evse, evse) for evse in evses)]


def evse_name(charger: Charger, evse: EvseId) -> str:
    """Return the owner's name for an EVSE, else the charger's, numbered when there are several."""
    if name := charger.settings.evse(evse.evse).name:
        return name
    known = {found.evse for found in charger.evses} | {
        found.evse for found in charger.settings.evses
    }
    several = len(known - {0}) > 1 or evse.evse > 1
    return f"{charger.settings.name} {evse.evse}" if several else charger.settings.name


def driver_name(engine: Engine, driver: DriverId | None) -> str | None:
    """Return a driver's name; None for nobody and for removed drivers."""
    found = engine.state.get(Driver, driver) if driver else None
    return found.settings.name if found else None


def session_of(engine: Engine, evse: Evse) -> Session | None:
    """Return the session that goes on at an EVSE, else the last one still remembered."""
    shown = evse.session or evse.last_session
    return engine.state.get(Session, shown) if shown else None


def open_session(engine: Engine, evse: Evse) -> Session | None:
    """Return the session that goes on at an EVSE."""
    return engine.state.get(Session, evse.session) if evse.session else None


def evse_view(engine: Engine, key: Hashable) -> EvseView | None:
    """Read an EVSE."""
    evse = engine.state.get(Evse, key)
    charger = engine.state.get(Charger, evse.id.charger) if evse else None
    site = site_settings(engine)
    if evse is None or charger is None or site is None:
        return None
    session, allowance = session_of(engine, evse), engine.state.get(Allowance, key)
    payer = session.payer.driver if session else None
    vehicles = tuple(engine.state.all(Vehicle))
    return EvseView(
        evse=evse,
        charger=charger,
        settings=charger.settings.evse(evse.id.evse),
        session=session,
        driver=engine.state.get(Driver, payer) if payer else None,
        cost=engine.cost(session.id) if session else None,
        site=site,
        allowance=allowance,
        circuit=circuit_name(engine, allowance),
        vehicle=vehicle_at(
            evse, session.payer if session and has_not_left(evse) else None, vehicles
        ),
        vehicles=vehicles,
        plan=engine.state.get(EvsePlan, key),
    )


def has_not_left(evse: Evse) -> bool:
    """Return whether who charges there, or did last, is still there: Finishing ends when the cable is taken out."""
    return evse.session is not None or evse.status is EvseStatus.FINISHING


def circuit_name(engine: Engine, allowance: Allowance | None) -> str | None:
    """Return the name of the circuit that holds an EVSE."""
    named = allowance.reason.circuit if allowance else None
    circuit = engine.state.get(Circuit, named) if named else None
    return circuit.settings.name if circuit else None


def charger_view(engine: Engine, key: Hashable) -> ChargerView | None:
    """Read a charger."""
    charger = engine.state.get(Charger, key)
    if charger is None:
        return None
    evses = (engine.state.get(Evse, evse) for evse in evse_ids(engine, charger.key))
    return ChargerView(charger, tuple(evse for evse in evses if evse is not None))


def driver_view(engine: Engine, key: Hashable) -> DriverView | None:
    """Read a driver."""
    driver, site = engine.state.get(Driver, key), site_settings(engine)
    account = engine.state.get(Account, key)
    return DriverView(driver, account, site) if driver and site else None


def site_view(engine: Engine, _key: Hashable) -> SiteView | None:
    """Read the whole site: proportional to the number of EVSEs, so only ever paced."""
    if (site := site_settings(engine)) is None:
        return None
    away = {found.key for found in engine.state.all(Charger) if found.connection is None}
    shown = (evse for evse in engine.state.all(Evse) if evse.id.charger not in away)
    powers = [power for evse in shown if (power := present(evse).power_w) is not None]
    grid = engine.state.get(Grid, SITE) or Grid()
    return SiteView(
        site=site,
        battery=engine.state.get(HomeBattery, SITE) or HomeBattery(),
        power_w=sum(powers, Decimal(0)) if powers else None,
        chargers_connected=sum(
            1 for found in engine.state.all(Charger) if found.connection is not None
        ),
        grid=grid,
        dimming=engine.state.get(Dimming, grid.dimming),
        plans=tuple(engine.state.all(EvsePlan)),
        has_vehicles=any(True for _ in engine.state.all(Vehicle)),
    )


def circuit_view(engine: Engine, key: Hashable) -> CircuitView | None:
    """Read a circuit."""
    circuit = engine.state.get(Circuit, key)
    return CircuitView(circuit, engine.seen.circuits.get(circuit.key)) if circuit else None


def vehicle_view(engine: Engine, key: Hashable) -> VehicleView | None:
    """Read a car."""
    vehicle, site = engine.state.get(Vehicle, key), site_settings(engine)
    if vehicle is None or site is None:
        return None
    return VehicleView(vehicle, ZoneInfo(site.time_zone), *_stay(engine, vehicle))


def guest_view(engine: Engine, view: EvseView) -> VehicleView | None:
    """Read the stranger's car that charges at an EVSE, whether or not somebody wants something of it; None: none does."""
    session = open_session(engine, view.evse)
    if session is None or view.vehicle is not None:
        return None
    car = view.evse.guest or guest()
    return VehicleView(car, ZoneInfo(view.site.time_zone), session, view.live)


def car_view(engine: Engine, view: EvseView) -> VehicleView | None:
    """Read the car at an EVSE, known or not; None: none of ours stands there, and nobody's charges."""
    return vehicle_view(engine, view.vehicle.key) if view.vehicle else guest_view(engine, view)


def _stay(engine: Engine, vehicle: Vehicle) -> tuple[Session | None, Live]:
    """Return the session that goes on where a car stands, and what is measured there."""
    vehicles = tuple(engine.state.all(Vehicle))
    for evse in engine.state.all(Evse):
        session = open_session(engine, evse)
        if session and vehicle_at(evse, session.payer, vehicles) is vehicle:
            return session, present(evse)
    return None, Live()


EVSE: Final = Kind(Evse, EvseView, evse_view)
CHARGER: Final = Kind(Charger, ChargerView, charger_view)
DRIVER: Final = Kind(Driver, DriverView, driver_view)
SITE_KIND: Final = Kind(Site, SiteView, site_view)
CIRCUIT: Final = Kind(Circuit, CircuitView, circuit_view)
VEHICLE: Final = Kind(Vehicle, VehicleView, vehicle_view)
