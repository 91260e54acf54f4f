"""The hours to come as a problem to plan: slots with prices, sun and load, what circuits leave, who needs what."""

from collections.abc import Iterator, Sequence, Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
import math
from typing import Final
from zoneinfo import ZoneInfo

from ..access.vehicles import car_at
from ..balancing.claims import share_of
from ..balancing.limits import limit_of
from ..circuit.bounds import ancestry
from ..model.circuit import NOMINAL_V, Priority
from ..model.energy import ChargeMode, EnergyReading
from ..model.forecast import Forecast, ForecastKind, Series
from ..model.ids import CircuitId, TariffId
from ..model.session import Session
from ..model.settings import SiteSettings
from ..model.state import SITE, Circuit, Site, SiteState, TariffState, Vehicle
from ..planning.demand import Demand, demand_of
from ..planning.problem import (
    LEAST_OVERLAP,
    LONGEST,
    STEP,
    Circuit as Fuse,
    Ev,
    Mode,
    Problem,
    Slot,
    Taste,
    grid,
)
from ..planning.risk import Experience
from ..planning.spread import spread
from ..planning.stock import beside
from ..session.live import present
from ..tariff.ahead import ahead
from .expecting import expected
from .modes import modes_of, running_in
from .peak import with_peak
from .places import Place, places
from .stock import first_below_wh, home_battery

_LEAST_WH: Final = Decimal(100)
"""A smaller demand is met."""
_SHOWN_BY_WH: Final = 100.0
"""So much at once, and a car has shown on how many phases it draws: that costs cents, and once in its life."""
_KG_PER_T: Final = 1000
_UTC: Final = ZoneInfo("UTC")
_START_COST: Final = 0.08
_BREAK_COST: Final = 0.10
_CHANGE_GAIN: Final = 0.10
"""Who plans anew each quarter hour, by forecasts that err, breaks off and begins again for what was no gain in the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanting:
    """A car that is to be planned for."""

    place: Place
    session: Session
    vehicle: Vehicle
    demand: Demand
    departure: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """What is to be planned, and for whom."""

    problem: Problem | None
    """None: nobody needs anything, or no price is known."""
    zone: ZoneInfo = _UTC
    """In which a month ends."""
    wanting: tuple[Wanting, ...] = ()
    """The problem's cars in the same order; after them come those that are expected."""
    content: tuple[Wanting, ...] = ()
    """Who has all that is wanted."""


def horizon(state: SiteState, now: datetime, energy: EnergyReading | None = None) -> Horizon:
    """Return what is to be planned now; `energy` is what the home battery said last."""
    site = state.get(Site, SITE)
    if site is None:
        return Horizon(problem=None)
    zone = ZoneInfo(site.settings.time_zone)
    planned = list(_planned(state, zone, now))
    wanting = tuple(each for each in planned if _wants(each.demand))
    content = tuple(each for each in planned if not _wants(each.demand))
    coming = expected(state, zone, now, _LEAST_WH) if wanting else ()
    departures = [each.departure for each in wanting] + [each.departure for each in coming]
    last = max(departures, default=now)
    slots = _slots_left(state, site.settings, now, last, energy) if wanting else None
    if slots is None:
        # Of what has no price nothing is cheap enough to go beyond a goal.
        ready = tuple(each for each in planned if not _counted(each.demand.goal_wh))
        return Horizon(problem=None, content=ready)
    known = {circuit.key for circuit in state.all(Circuit)}
    fuses = tuple(_fuse(each, known, len(slots)) for each in state.all(Circuit))
    problem = Problem(
        slots=slots,
        evs=(*(_ev(each, slots, fuses, now) for each in wanting), *coming),
        circuits=fuses,
        taste=Taste(
            start_cost=_START_COST,
            break_cost=_BREAK_COST,
            change_gain=_CHANGE_GAIN,
            co2_price=float(site.settings.co2_price) / _KG_PER_T,
        ),
    )
    problem = with_peak(problem, state, site.settings, now)
    return Horizon(problem=problem, zone=zone, wanting=wanting, content=content)


def _wants(demand: Demand) -> bool:
    return max(demand.goal_wh, demand.extra_wh) >= _LEAST_WH


def _counted(wh: Decimal) -> float:
    """Return a part of a demand; what is next to nothing is met."""
    return float(wh) if wh >= _LEAST_WH else 0.0


def _planned(state: SiteState, zone: ZoneInfo, now: datetime) -> Iterator[Wanting]:
    vehicles = list(state.all(Vehicle))
    for place in places(state):
        session = place.session
        if place.evse.mode is not ChargeMode.SMART or session is None or not session.is_open:
            continue
        vehicle = car_at(place.evse, session.payer, vehicles)
        if vehicle is None or not limit_of(place.evse, place.settings):
            continue
        demand = demand_of(vehicle, session, present(place.evse), now, zone)
        if demand.departure is not None:
            yield Wanting(
                place=place,
                session=session,
                vehicle=vehicle,
                demand=demand,
                departure=demand.departure,
            )


def _slots_left(
    state: SiteState,
    site: SiteSettings,
    now: datetime,
    until: datetime,
    energy: EnergyReading | None,
) -> tuple[Slot, ...] | None:
    """Return the slots to plan in, with what the home battery leaves; it lives on after the last car has left."""
    battery = home_battery(site.battery, energy, now)
    slots = _slots(state, site, now, until if battery is None else now + LONGEST)
    if slots is None or battery is None:
        return slots
    left = beside(slots, battery, first_below_wh=first_below_wh(site.battery))
    return left[: len(grid(now, until))]


def _slots(
    state: SiteState, site: SiteSettings, now: datetime, until: datetime
) -> tuple[Slot, ...] | None:
    """Return the slots to plan in; where no price is known, the mean of those that are stands in."""
    bounds = grid(now, until)
    window, zone = (now, bounds[-1][1]), ZoneInfo(site.time_zone)
    prices = prices_ahead(state, site.import_tariff or site.default_tariff, zone, *window)
    if not prices:
        return None
    earned = prices_ahead(state, site.export_tariff, zone, *window)
    solar, load = _expected(state, ForecastKind.SOLAR), _expected(state, ForecastKind.LOAD)
    co2 = _expected(state, ForecastKind.CO2)
    found = tuple(
        Slot(
            start=start,
            end=stop,
            import_price=_mean(prices, start, stop, _usual(prices)),
            export_price=_mean(earned, start, stop, _usual(earned)),
            load_w=_mean(load, start, stop, 0.0),
            pv_w=_mean(solar, start, stop, 0.0),
            co2_g=_mean(co2, start, stop, _usual(co2)),
        )
        for start, stop in bounds
    )
    return spread(found, site.secret) if site.grid.spread else found


def prices_ahead(
    state: SiteState,
    tariff: TariffId | None,
    zone: ZoneInfo,
    start: datetime,
    end: datetime,
    *,
    estimated: bool = True,
) -> Series:
    """Return what a kWh costs by a tariff; holes where nothing is known, none at all without the tariff."""
    known = None if tariff is None else state.get(TariffState, tariff)
    if known is None or known.removed:
        return ()
    return ahead(known.settings.tariff, known.series, zone, start, end, estimated=estimated)


def _usual(prices: Series) -> float:
    return float(sum(each.value for each in prices) / len(prices)) if prices else 0.0


def _expected(state: SiteState, kind: ForecastKind) -> Series:
    forecast = state.get(Forecast, kind)
    return () if forecast is None else forecast.intervals


def _mean(series: Series, start: datetime, end: datetime, otherwise: float) -> float:
    """Return a series' mean over a slot, as far as it is known there."""
    weighed, known = 0.0, timedelta(0)
    for each in series:
        overlap = min(each.end, end) - max(each.start, start)
        if overlap > timedelta(0):
            weighed += float(each.value) * overlap.total_seconds()
            known += overlap
    return weighed / known.total_seconds() if known else otherwise


def _fuse(circuit: Circuit, known: AbstractSet[CircuitId], slots: int) -> Fuse:
    """Return what a circuit leaves at the worst load: what is planned must fit although nobody looks."""
    assumed, power = float(circuit.settings.assumed_load_a), circuit.power_limit_w
    room = max(0.0, float(circuit.limit_a) - assumed)
    parent = circuit.settings.parent
    return Fuse(
        circuit=circuit.key,
        parent=parent if parent in known else None,
        room_a=[(room, room, room)] * slots,
        room_w=None if power is None else [max(0.0, power - assumed * NOMINAL_V * 3)] * slots,
    )


def _ev(wanting: Wanting, slots: Sequence[Slot], fuses: Sequence[Fuse], now: datetime) -> Ev:
    place, settings, demand = wanting.place, wanting.vehicle.settings, wanting.demand
    modes, goal_wh = modes_of(place, wanting.vehicle, now), _counted(demand.goal_wh)
    return Ev(
        ev=wanting.session.id,
        circuit=place.circuit,
        modes=modes,
        arrival=now,
        departure=_in_time(wanting, modes[0], _most_a(place, modes[0], fuses), now),
        goal_wh=goal_wh,
        minimum_wh=min(goal_wh, max(float(demand.least_wh), _to_show_wh(wanting, modes[0]))),
        extra_wh=_counted(demand.extra_wh),
        extra_price=float(settings.extra_price or 0),
        efficiency=float(settings.efficiency),
        weight=share_of(place.settings.priority)[1] / share_of(Priority.NORMAL)[1],
        running=running_in(place, modes),
        gone=_gone(wanting, slots, now),
    )


def _to_show_wh(wanting: Wanting, mode: Mode) -> float:
    """Return what a car is to draw at once, because nobody knows yet on how many phases."""
    seen = mode.surely is None or wanting.vehicle.sure_phases is not None
    return 0.0 if seen else _SHOWN_BY_WH


def _gone(wanting: Wanting, slots: Sequence[Slot], now: datetime) -> tuple[float, ...]:
    """Return how likely a car will have left in each slot, by when it left before."""
    if not wanting.vehicle.stays:
        return ()
    arrival = wanting.session.start.at
    return Experience(wanting.vehicle.stays).gone(arrival, wanting.departure, now, slots)


def _most_a(place: Place, mode: Mode, fuses: Sequence[Fuse]) -> float:
    """Return the most that a car is planned with: what its circuits leave, if they leave its least."""
    chain = ancestry(place.circuit, {fuse.circuit: fuse.parent for fuse in fuses})
    above = [fuse.room_a[0] for fuse in fuses if fuse.circuit in chain]
    left = (room[phase] for room in above for phase in mode.phases)
    return max(mode.min_a, min((mode.max_a, *left)))


def _in_time(wanting: Wanting, mode: Mode, most_a: float, now: datetime) -> datetime:
    """Return by when to plan all of it: of a car that tapers the last part takes about twice as long as planned.

    Where that is no longer to be had, as much of it as there is: the car draws all it can from now on.
    """
    demand, settings = wanting.demand, wanting.vehicle.settings
    if demand.percent is None:
        return wanting.departure
    percent = demand.percent + 100 * demand.goal_wh / settings.battery_wh
    tapers_wh = min(
        demand.goal_wh, (percent - settings.tapers_from_percent) * settings.battery_wh / 100
    )
    watts = most_a * mode.watts_per_amp * float(settings.efficiency)
    # By whole slots, so that it does not move with every percent.
    longer = STEP * math.ceil(max(0.0, float(tapers_wh)) / watts * (timedelta(hours=1) / STEP))
    # Not by these: what rounding up leaves to spare at each look, plans would spend on cheaper slots.
    all_of_it = timedelta(hours=float(demand.goal_wh) / watts) + LEAST_OVERLAP
    return min(wanting.departure, max(wanting.departure - longer, now + all_of_it))
