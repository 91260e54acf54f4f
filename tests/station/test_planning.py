"""From what cars need to what EVSEs do: the problem, the plan, and following it."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.ev_station.model.allowance import Allowance, ReasonKind
from custom_components.ev_station.model.circuit import CircuitLoad, CircuitSettings, Priority
from custom_components.ev_station.model.energy import BatterySettings, ChargeMode, EnergyReading
from custom_components.ev_station.model.events import (
    CalendarRead,
    ChargerConfigured,
    CircuitConfigured,
    CircuitRemoved,
    Event,
    ForecastRead,
    LimitRequested,
    ModeRequested,
    PhasesRead,
    SiteConfigured,
    SiteObserved,
    SitePlanned,
    TariffConfigured,
    TariffRemoved,
    TripRequested,
    VehicleChosen,
    VehicleConfigured,
    VehicleHeard,
    VehicleRemoved,
)
from custom_components.ev_station.model.forecast import Forecast, ForecastKind, Interval
from custom_components.ev_station.model.grid import GridSettings, QuarterMean, Tally
from custom_components.ev_station.model.phases import PhaseStep, PhaseSwitching, Phasing
from custom_components.ev_station.model.plan import EvsePlan, PlanPeriod, PlanState, Why
from custom_components.ev_station.model.settings import (
    ChargerSettings,
    EvseSettings,
    TariffSettings,
)
from custom_components.ev_station.model.state import GUEST, Vehicle
from custom_components.ev_station.model.status import EvseStatus
from custom_components.ev_station.model.tariff import DayOfWeek
from custom_components.ev_station.model.vehicle import (
    Departure,
    Goal,
    GoalKind,
    Stay,
    Trip,
    VehicleSettings,
)
from custom_components.ev_station.planning.plan import plan
from custom_components.ev_station.planning.problem import (
    PEAK,
    Capacity,
    Charge,
    Ev,
    Mode,
    Problem,
    Slot,
)
from custom_components.ev_station.station import horizon, planned
from custom_components.ev_station.station.peak import foreseen_w, with_peak
from custom_components.ev_station.tariff.build import Band, time_of_use

from .site import HOUR, MINUTE, NOON, SETTINGS, Box, Site, home

# Noon is 13:00 in Berlin. Cheap from 02:00 to 05:00 there, 01:00 to 04:00 by UTC.
NIGHT = datetime(2026, 11, 24, 1, tzinfo=UTC)
WEEK = tuple(DayOfWeek)
TARIFF = TariffConfigured(
    settings=TariffSettings(
        tariff=time_of_use(
            "flat",
            "EUR",
            Decimal("0.30"),
            [Band(days=WEEK, start=time(2), end=time(5), price=Decimal("0.10"))],
        ),
        name="Night",
    )
)
LEAVES = tuple(Departure(day, time(7)) for day in WEEK)


def zoe(**given: Any) -> VehicleConfigured:
    """Return Anna's car: 50 kWh, on three phases, a tenth is lost, it leaves at seven."""
    usual: dict[str, Any] = {"driver": "anna", "battery_wh": 50_000, "departures": LEAVES}
    usual["phases"] = 3
    return VehicleConfigured(settings=VehicleSettings(vehicle="zoe", name="Zoe", **usual | given))


def plugged(
    *more: Event, percent: int = 40, mode: ChargeMode = ChargeMode.SMART
) -> tuple[Site, Box]:
    """Return a site where Anna's car stands since noon."""
    site = home(TARIFF, zoe(), *more)
    site.feed(VehicleHeard(vehicle="zoe", percent=Decimal(percent), at=NOON))
    box = Box(site).ready()
    box.start()
    box.status(EvseStatus.CHARGING)
    site.feed(ModeRequested(evse=box.evse(), mode=mode, command=1))
    return site, box


def think(site: Site) -> EvsePlan | None:
    """Plan and take the plan over."""
    found = horizon(site.state, site.now)
    made = None if found.problem is None else plan(found.problem)
    site.feed(planned(found, made, site.now))
    return next(iter(site.state.all(EvsePlan)), None)


def look(site: Site) -> Allowance:
    """Look at the site, where nothing but chargers draws."""
    site.feed(SiteObserved(circuits=(), surplus_w=0, complete=True))
    return next(iter(site.state.all(Allowance)))


def test_a_car_that_needs_something_by_a_time_is_a_problem() -> None:
    site, _ = plugged()
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    (ev,) = problem.evs
    # 40 % of 50 kWh are missing, until seven in Berlin.
    assert (ev.goal_wh, ev.minimum_wh, ev.departure) == (
        20_000,
        0,
        datetime(2026, 11, 24, 6, tzinfo=UTC),
    )
    assert ev.modes == (Mode(phases=frozenset({0, 1, 2}), min_a=6, max_a=32),)
    assert problem.slots[0].start == NOON
    assert problem.slots[-1].end == ev.departure
    assert {slot.import_price for slot in problem.slots} == {0.30, 0.10}
    cheap = [slot.start for slot in problem.slots if slot.import_price == 0.10]
    assert (cheap[0], len(cheap)) == (NIGHT, 12)


def test_a_calendar_says_by_when_and_how_much() -> None:
    site, _ = plugged(zoe(departures=()))
    assert think(site) is None
    ghent = Trip(at=NIGHT, goal=Goal(GoalKind.DISTANCE, Decimal(50)))
    site.feed(CalendarRead(vehicle="zoe", trips=(ghent,)))
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    # 50 km at 180 Wh.
    assert (problem.evs[0].departure, problem.evs[0].goal_wh) == (NIGHT, 9000)
    found = think(site)
    assert found is not None
    assert (found.departure, found.state) == (NIGHT, PlanState.ON_TRACK)
    site.feed(CalendarRead(vehicle="zoe", trips=()))
    assert think(site) is None


@pytest.mark.parametrize(
    "more",
    [
        (zoe(driver=None),),
        (zoe(departures=()),),
        (VehicleConfigured(settings=VehicleSettings(vehicle="b", name="B", driver="anna", battery_wh=1)),),
    ],
)  # fmt: skip
def test_who_is_not_known_to_leave_with_a_known_car_is_not_planned_for(
    more: tuple[Event, ...],
) -> None:
    site, _ = plugged(*more)
    assert think(site) is None


def test_only_smart_cars_that_may_charge_are_planned_for() -> None:
    site, _ = plugged(mode=ChargeMode.SOLAR)
    assert think(site) is None


@pytest.mark.parametrize(
    ("fuse", "owner", "amps"),
    [
        # The fuse leaves less than the car needs, as much, and more.
        (8, None, 0),
        (10, None, 10),
        (12, None, 12),
        # Its owner lets it have less: whether it charges with that is up to the car.
        (12, 8, 8),
    ],
)
def test_a_car_gets_what_it_needs_at_least_or_nothing(
    fuse: int, owner: int | None, amps: int
) -> None:
    main = CircuitSettings(circuit="main", name="Main", limit_a=Decimal(fuse), chargers=("CP1",))
    site, box = plugged(
        CircuitConfigured(settings=main),
        zoe(min_current_a=Decimal(10)),
        mode=ChargeMode.FAST,
    )
    if owner is not None:
        site.feed(LimitRequested(evse=box.evse(), limit_a=Decimal(owner), command=5))
    load = CircuitLoad(circuit="main", load_a=(Decimal(0),) * 3, limit_a=Decimal(fuse))
    site.feed(SiteObserved(circuits=(load,), complete=True))
    (found,) = site.state.all(Allowance)
    assert found.limit_a == amps
    assert (found.reason.kind is ReasonKind.WAITING) == (amps == 0)


def test_a_plan_gives_a_car_what_it_needs_at_least() -> None:
    site, _ = plugged(zoe(min_current_a=Decimal(10), max_current_a=Decimal(16)))
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    assert (problem.evs[0].modes[0].min_a, problem.evs[0].modes[0].max_a) == (10, 16)


def test_without_a_price_there_is_no_plan() -> None:
    nothing = SETTINGS.__class__(name="Home", currency="EUR", time_zone="Europe/Berlin", secret="s")
    site, _ = plugged(SiteConfigured(settings=nothing))
    assert horizon(site.state, site.now).problem is None
    assert horizon(Site().state, NOON).problem is None


def test_without_a_price_nothing_is_cheap_enough_to_go_beyond_a_goal() -> None:
    site, _ = plugged(zoe(extra_price=CHEAP), TariffRemoved(tariff="flat"), percent=85)
    found = think(site)
    assert found is not None
    assert (found.periods, found.ready_at) == ((), NOON)
    assert look(site).reason.kind is ReasonKind.GOAL_MET


def test_the_car_the_circuits_and_the_forecasts_bound_the_problem() -> None:
    main = CircuitSettings(
        circuit="main", name="Main", limit_a=Decimal(25), assumed_load_a=Decimal(5),
        power_limit_w=12_000, chargers=("CP1",), parent="gone",
    )  # fmt: skip
    sun = Interval(start=NOON, end=NOON + HOUR, value=Decimal(3000))
    site, _ = plugged(
        CircuitConfigured(settings=main),
        zoe(max_current_a=Decimal(16), phases=1, least_percent=50),
        ForecastRead(forecast=Forecast(kind=ForecastKind.SOLAR, intervals=(sun,))),
    )
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    (ev,), (fuse,) = problem.evs, problem.circuits
    assert ev.modes == (Mode(phases=frozenset({0}), min_a=6, max_a=16),)
    assert (ev.circuit, ev.minimum_wh) == ("main", 5000)
    assert (fuse.parent, fuse.room_a[0], fuse.room_w) == (
        None,
        (20, 20, 20),
        [8550] * len(problem.slots),
    )
    assert [slot.pv_w for slot in problem.slots[:5]] == [3000, 3000, 3000, 3000, 0]


def test_a_car_waits_for_the_night_charges_as_planned_and_is_ready() -> None:
    site, box = plugged()
    found = think(site)
    assert found is not None
    # 20 kWh in the battery are 22.2 at the meter: an hour and a bit at 22.08 kW, all in the cheap hours.
    assert found.next_start(NOON) == NIGHT
    assert (found.state, found.cost, found.unmet_wh) == (PlanState.ON_TRACK, Decimal("2.22"), 0)
    # At once it would cost 30 cents a kWh.
    assert found.saved == Decimal("4.44")
    assert found.energy_wh == Decimal(22_222)
    assert found.ready_at is not None
    assert NIGHT + HOUR <= found.ready_at <= NIGHT + 90 * MINUTE
    waits = look(site)
    assert (waits.limit_a, waits.reason.kind, waits.reason.until) == (
        0,
        ReasonKind.PLAN_WAITS,
        NIGHT,
    )
    site.now = NIGHT + MINUTE
    goes = look(site)
    assert (goes.limit_a, goes.reason.kind) == (32, ReasonKind.PLANNED)
    assert goes.reason.until == found.stops_at(NIGHT)
    assert site.evse().session == box.site.session(1).id


def test_a_car_goes_on_until_its_quarter_hour_has_a_plan_of_its_own() -> None:
    site, _ = plugged()
    found = think(site)
    assert found is not None
    ends = found.stops_at(NIGHT)
    assert ends is not None
    site.now = NIGHT + MINUTE
    look(site)
    # The new plan needs some seconds, and may have the car charge on.
    for late, kind in ((59, ReasonKind.PLANNED), (60, ReasonKind.GOAL_MET)):
        site.now = ends + timedelta(seconds=late)
        assert look(site).reason.kind is kind


def test_a_new_plan_is_followed_at_once() -> None:
    site, _ = plugged()
    site.now = NIGHT
    think(site)
    assert look(site).reason.kind is ReasonKind.PLANNED


def test_what_has_enough_waits_for_the_sun() -> None:
    site, _ = plugged(percent=90)
    found = think(site)
    assert found is not None
    assert (found.periods, found.ready_at) == ((), NOON)
    allowance = look(site)
    assert (allowance.limit_a, allowance.reason.kind, allowance.reason.until) == (
        0, ReasonKind.GOAL_MET, None,
    )  # fmt: skip


CHEAP = Decimal("0.15")


def test_beyond_its_goal_a_car_charges_where_that_is_cheap_enough() -> None:
    site, _ = plugged(zoe(extra_price=CHEAP), percent=40)
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    (ev,) = problem.evs
    assert (ev.goal_wh, ev.extra_wh, ev.extra_price) == (20_000, 10_000, 0.15)
    found = think(site)
    assert found is not None
    # 30 kWh in the battery are 33.3 kWh at 22.08 kW: an hour and a half of the three that are cheap.
    assert found.energy_wh == pytest.approx(33_333, abs=30)
    assert found.cost == pytest.approx(Decimal("3.33"), abs=Decimal("0.02"))
    assert (found.state, found.unmet_wh) == (PlanState.ON_TRACK, 0)
    # The goal is reached before that.
    assert found.ready_at is not None
    assert NIGHT + HOUR < found.ready_at < NIGHT + HOUR + 15 * MINUTE


def test_a_car_that_has_enough_charges_on_where_that_is_cheap_enough() -> None:
    site, _ = plugged(zoe(extra_price=CHEAP, extra_percent=95, phases=None), percent=85)
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    # It shows its phases when it charges: not at once, for it needs nothing.
    (ev,) = problem.evs
    assert (ev.goal_wh, ev.minimum_wh, ev.extra_wh) == (0, 0, 5000)
    found = think(site)
    assert found is not None
    assert (found.state, found.ready_at) == (PlanState.ON_TRACK, NOON)
    waits, draws, *_ = found.periods
    assert (waits.limit_a, waits.why, draws.start, draws.why) == (
        0, Why.PRICE_LIMIT, NIGHT, Why.EXTRA,
    )  # fmt: skip
    allowance = look(site)
    assert (allowance.limit_a, allowance.reason.kind, allowance.reason.until) == (
        0, ReasonKind.PLAN_WAITS, NIGHT,
    )  # fmt: skip
    site.now = NIGHT
    think(site)
    assert look(site).reason.kind is ReasonKind.PLANNED


@pytest.mark.parametrize(
    ("given", "percent"),
    [({"extra_price": Decimal("0.05")}, 85), ({"extra_price": CHEAP, "extra_percent": 85}, 85)],
)
def test_a_car_that_has_enough_waits_for_the_sun_where_more_is_too_dear(
    given: dict[str, Any], percent: int
) -> None:
    site, _ = plugged(zoe(**given), percent=percent)
    found = think(site)
    assert found is not None
    assert (found.energy_wh, found.state, found.ready_at) == (0, PlanState.ON_TRACK, NOON)
    assert (look(site).limit_a, look(site).reason.kind) == (0, ReasonKind.GOAL_MET)


def test_a_goal_that_is_all_but_met_is_no_reason_to_charge_where_it_is_dear() -> None:
    # 9950 Wh of 10,000 arrived since it told 60 %.
    site, box = plugged(zoe(extra_price=CHEAP, extra_percent=90, efficiency=Decimal(1)), percent=60)
    session = site.open_session()
    assert session is not None
    site.wait(MINUTE)
    box.sample(int(session.meter_start_wh or 0) + 9950, transaction=1001)
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    assert (problem.evs[0].goal_wh, problem.evs[0].extra_wh) == (0, 5000)


def test_a_car_that_tapers_is_planned_to_be_ready_in_time() -> None:
    site, _ = plugged(zoe(goal_percent=100))
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    # The last 10 kWh take half an hour at 22.08 kW and 90 %, and in truth as long again: three quarters, in whole slots.
    assert problem.evs[0].departure == datetime(2026, 11, 24, 5, 15, tzinfo=UTC)
    # On a fuse that leaves 16 A they take an hour at 11.04 kW and 90 %, and in truth as long again.
    main = CircuitSettings(circuit="main", name="Main", limit_a=Decimal(20), chargers=("CP1",))
    fused = replace(main, assumed_load_a=Decimal(4))
    site.configure(CircuitConfigured(settings=fused))
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    assert problem.evs[0].departure == datetime(2026, 11, 24, 4, 45, tzinfo=UTC)
    # From 90 % on: the last 5 kWh take 30:12 there, and in truth as long again: three quarters.
    site.configure(zoe(goal_percent=100, tapers_from_percent=90))
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    assert problem.evs[0].departure == datetime(2026, 11, 24, 5, 15, tzinfo=UTC)
    # One that never does is planned until it leaves.
    site.configure(zoe(goal_percent=100, tapers_from_percent=100))
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    assert problem.evs[0].departure == datetime(2026, 11, 24, 6, tzinfo=UTC)
    site.configure(zoe(goal_percent=100))
    # Nobody knows how full it is: it is taken for empty, and for one that does not taper.
    vehicle = site.state.get(Vehicle, "zoe")
    assert vehicle is not None
    site.state.apply({(Vehicle, "zoe"): replace(vehicle, percent=None, percent_at=None)})
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    assert problem.evs[0].departure == datetime(2026, 11, 24, 6, tzinfo=UTC)


def test_who_needs_all_the_time_there_is_tapers_or_not_begins_now() -> None:
    site, _ = plugged(zoe(goal_percent=100, max_current_a=Decimal(6)), percent=85)
    site.now = datetime(2026, 11, 24, 4, tzinfo=UTC)
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    # 7.5 kWh at 3.7 kW take two of the two hours that are left.
    assert problem.evs[0].departure == datetime(2026, 11, 24, 6, tzinfo=UTC)


def test_a_car_that_tapers_and_is_short_of_time_spends_none_of_it() -> None:
    site, _ = plugged(zoe(goal_percent=100), percent=60)
    # 20 kWh at 22.08 kW and 90 % take 60:23; the last 10 as long again, 30:12, which is no longer to be had.
    site.now = datetime(2026, 11, 24, 4, 20, tzinfo=UTC)
    found = think(site)
    assert found is not None
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    done = datetime(2026, 11, 24, 5, 20, 23, tzinfo=UTC)
    # A minute more, or the part of a quarter hour that is left would count for nothing.
    assert timedelta(0) <= problem.evs[0].departure - MINUTE - done < timedelta(seconds=1)
    assert (found.state, found.unmet_wh) == (PlanState.ON_TRACK, 0)
    assert found.next_start(site.now) == site.now
    assert found.ready_at is not None
    assert found.ready_at <= done + MINUTE


def test_a_goal_nobody_can_reach_says_so() -> None:
    site, _ = plugged(zoe(max_current_a=Decimal(6), phases=1, goal_percent=100), percent=0)
    found = think(site)
    assert found is not None
    # 18 hours at 1380 W bring 22.4 of 50 kWh.
    assert (found.state, found.ready_at) == (PlanState.IMPOSSIBLE, None)
    assert found.unmet_wh == 27_644


def test_a_goal_that_takes_longer_than_a_plan_is_reached_where_the_car_stays() -> None:
    slow = {"battery_wh": 100_000, "goal_percent": 100, "phases": 1, "max_current_a": Decimal(6)}
    site, _ = plugged(zoe(departures=(), **slow))
    # 60 kWh at 1242 W into the battery are 48.3 h, and plans are made for 48.
    for hours, state in ((120, PlanState.ON_TRACK), (47, PlanState.IMPOSSIBLE)):
        trip = Trip(at=NOON + hours * HOUR)
        site.feed(TripRequested(vehicle="zoe", trip=trip, command=hours))
        found = think(site)
        assert found is not None
        assert (found.state, found.ready_at is None) == (state, hours == 47)
        assert found.unmet_wh == (0 if hours == 120 else 60_000 - 47 * 1242)


def test_a_goal_the_fuse_does_not_leave_room_for_is_late() -> None:
    small = CircuitSettings(circuit="main", name="Main", limit_a=Decimal(7), chargers=("CP1",))
    site, _ = plugged(
        CircuitConfigured(settings=small), zoe(battery_wh=100_000, goal_percent=100), percent=0
    )
    found = think(site)
    assert found is not None
    assert found.state is PlanState.LATE


def test_a_plan_ends_with_its_session() -> None:
    site, box = plugged()
    assert think(site) is not None
    site.wait(MINUTE)
    box.stop(1001, 1500)
    assert think(site) is None
    assert not list(site.state.all(EvsePlan))


def test_another_session_does_not_follow_an_old_plan() -> None:
    site, box = plugged()
    think(site)
    site.wait(MINUTE)
    box.stop(1001, 1500)
    site.wait(MINUTE)
    box.start("BEN", 1500)
    # Thirteen o'clock is dear for Ben too, but nothing is planned for him.
    assert look(site).reason.kind is ReasonKind.DEAR


def test_two_cars_share_a_fuse_and_each_pays_for_its_own() -> None:
    small = CircuitSettings(circuit="main", name="Main", limit_a=Decimal(16), chargers=("CP1",))
    other = VehicleSettings(
        vehicle="b", name="B", driver="ben", battery_wh=50_000, phases=3, departures=LEAVES
    )
    site, box = plugged(CircuitConfigured(settings=small), VehicleConfigured(settings=other))
    box.prepared(evses=2)
    box.start("BEN", 1000, evse=2)
    site.feed(ModeRequested(evse=box.evse(2), mode=ChargeMode.SMART, command=2))
    site.feed(VehicleHeard(vehicle="b", percent=Decimal(60), at=NOON))
    think(site)
    think(site)
    anna, ben = (site.state.get(EvsePlan, box.evse(number)) for number in (1, 2))
    assert anna is not None
    assert ben is not None
    # 33.3 kWh at the meter: 33.1 in the cheap hours, and a quarter of an hour at 6 A, 1.04 kWh, in a dear one.
    assert anna.state is ben.state is PlanState.ON_TRACK
    assert abs(anna.energy_wh - 22_222) < 20
    assert abs(ben.energy_wh - 11_111) < 20
    assert Decimal("3.53") <= anna.cost + ben.cost <= Decimal("3.56")
    for quarter in range(72):
        at = NOON + 15 * MINUTE * quarter
        found = [each.at(at) for each in (anna, ben)]
        assert sum(each.limit_a for each in found if each) <= 16


@pytest.mark.parametrize(
    ("anna", "ben", "first"),
    [(Priority.HIGH, Priority.NORMAL, 0), (Priority.LOW, Priority.NORMAL, 1)],
)
def test_where_not_all_can_be_ready_who_matters_more_is(
    anna: Priority, ben: Priority, first: int
) -> None:
    """12 kWh each into the battery by two hours from now, on a fuse that gives 13.3 at the meter."""
    small = CircuitSettings(circuit="main", name="Main", limit_a=Decimal(10), chargers=("CP1",))
    cars = [
        VehicleConfigured(
            settings=VehicleSettings(
                vehicle=name, name=name, driver=name, battery_wh=24_000, phases=3
            )
        )
        for name in ("anna", "ben")
    ]
    ranked = tuple(
        EvseSettings(evse=number, priority=each) for number, each in enumerate((anna, ben), 1)
    )
    garage = ChargerSettings(charger="CP1", name="Garage", evses=ranked)
    site = home(TARIFF, CircuitConfigured(settings=small), *cars)
    site.configure(ChargerConfigured(settings=garage))
    box = Box(site).ready()
    box.prepared(evses=2)
    for number, tag, name in ((1, "ANNA", "anna"), (2, "BEN", "ben")):
        box.start(tag, 1000, evse=number)
        site.feed(ModeRequested(evse=box.evse(number), mode=ChargeMode.SMART, command=number))
        site.feed(VehicleHeard(vehicle=name, percent=Decimal(30), at=NOON))
        site.feed(TripRequested(vehicle=name, trip=Trip(at=NOON + 2 * HOUR), command=9))
    think(site)
    states = [plan.state for plan in site.state.all(EvsePlan)]
    assert states[first] is PlanState.ON_TRACK
    assert states[1 - first] is PlanState.LATE


def test_a_car_is_planned_on_the_phases_in_force() -> None:
    site, box = plugged()
    phasing = Phasing(by=PhaseSwitching.ENTITY, phases=1)
    known = Allowance(id=box.evse(), since=NOON, limit_a=Decimal(6), phasing=phasing)
    site.state.apply({(Allowance, known.key): known})
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    assert problem.evs[0].modes[0].phases == frozenset({0})
    assert problem.evs[0].running is None
    box.sample(2000, transaction=1001, power=1400)
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    assert problem.evs[0].running == 0


def switchable(*more: Event, phases: int = 3) -> tuple[Site, Box]:
    """Return the site with a contactor that has brought the EVSE to so many phases."""
    evse = EvseSettings(evse=1, phase_switching=PhaseSwitching.ENTITY)
    charger = ChargerSettings(charger="CP1", name="Wallbox", evses=(evse,))
    site, box = plugged(*more)
    site.feed(ChargerConfigured(settings=charger))
    site.feed(PhasesRead(evse=box.evse(), phases=phases))
    look(site)
    return site, box


def test_where_phases_can_be_switched_a_plan_chooses() -> None:
    # From one to two in the afternoon the sun gives 2.5 kW: too little for three phases, and dear to miss.
    sun = ForecastRead(
        forecast=Forecast(
            kind=ForecastKind.SOLAR,
            intervals=(Interval(start=NOON + HOUR, end=NOON + 3 * HOUR, value=Decimal(2500)),),
        )
    )
    site, _ = switchable(sun)
    found = horizon(site.state, site.now).problem
    assert found is not None
    assert [each.phases for each in found.evs[0].modes] == [frozenset({0, 1, 2}), frozenset({0})]
    made = think(site)
    assert made is not None
    assert made.picks_phases
    afternoon, night = made.at(NOON + 2 * HOUR), made.at(NIGHT + 2 * HOUR)
    assert afternoon is not None
    assert night is not None
    # 2.5 kW on one phase are 10.8 A; what lacks comes at night on all.
    assert (afternoon.limit_a, afternoon.phases, afternoon.why) == (Decimal("10.8"), 1, Why.SOLAR)
    assert night.phases == 3
    site.wait(HOUR + 5 * MINUTE)
    think(site)
    allowance = look(site)
    assert allowance.phasing is not None
    assert (allowance.phasing.step, allowance.phasing.target) == (PhaseStep.EMPTYING, 1)


def test_the_phases_it_draws_on_are_the_mode_it_runs_in() -> None:
    site, box = switchable(phases=1)
    box.sample(2000, transaction=1001, power=1400)
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    allowance = next(iter(site.state.all(Allowance)))
    assert allowance.limit_a == 0
    assert problem.evs[0].running is None
    draws = replace(allowance, limit_a=Decimal(6))
    site.state.apply({(Allowance, draws.key): draws})
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    assert problem.evs[0].running == 1


def test_a_car_of_one_phase_has_one_mode() -> None:
    site, _ = switchable(zoe(phases=1))
    made = think(site)
    assert made is not None
    assert not made.picks_phases


def drawing(site: Site, box: Box, *currents: int) -> Vehicle:
    """Let a car draw for a minute each, where there is more than it takes; return what is known of it then."""
    main = CircuitSettings(circuit="main", name="Main", limit_a=Decimal(63), chargers=("CP1",))
    site.configure(CircuitConfigured(settings=main))
    look(site)
    for amps in currents:
        site.wait(MINUTE)
        box.draws(amps, 0, 0, transaction=1001)
        look(site)
    vehicle = site.state.get(Vehicle, "zoe")
    assert vehicle is not None
    return vehicle


def test_what_a_car_really_takes_is_learnt() -> None:
    site, box = plugged(zoe(phases=None), mode=ChargeMode.FAST)
    vehicle = drawing(site, box, 16, 16, 10, 10)
    assert (vehicle.takes_a, vehicle.takes_phases) == (16, 1)
    site.feed(ModeRequested(evse=box.evse(), mode=ChargeMode.SMART, command=2))
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    assert problem.evs[0].modes[0] == Mode(phases=frozenset({0}), min_a=6, max_a=16)


def test_on_how_many_phases_a_car_draws_is_learnt_although_it_takes_all_it_gets() -> None:
    site, box = plugged(mode=ChargeMode.FAST)
    vehicle = drawing(site, box, 32, 32)
    assert (vehicle.takes_a, vehicle.takes_phases) == (None, 1)


def modes(site: Site) -> tuple[Mode, ...]:
    """Return in which ways Anna's car is planned to draw."""
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    return problem.evs[0].modes


ROOMY = (
    CircuitConfigured(
        settings=CircuitSettings(
            circuit="main", name="Main", limit_a=Decimal(63), chargers=("CP1",)
        )
    ),
)
UNSEEN = Mode(phases=frozenset({0, 1, 2}), min_a=6, max_a=32, surely=1)


def test_before_a_car_was_seen_to_draw_it_is_planned_to_be_ready_on_one_phase() -> None:
    site, box = plugged(zoe(phases=None))
    assert modes(site) == (UNSEEN,)
    found = think(site)
    assert found is not None
    # 22.2 kWh at 7.36 kW take three hours and a minute: all the cheap ones, beside what it is to show itself with.
    assert (found.energy_wh, found.state) == (22_222, PlanState.ON_TRACK)
    shows, waits, *_ = found.periods
    assert (shows.start, shows.end, shows.limit_a) == (NOON, NOON + 15 * MINUTE, 6)
    assert (shows.phases, shows.power_w, shows.why) == (3, 6 * 230, Why.SHOWS)
    assert (waits.end, waits.limit_a) == (NIGHT, 0)
    hours = [(each.end - each.start) / HOUR for each in found.periods[2:] if each.limit_a]
    assert sum(hours) == 3
    assert sum(each.energy_wh for each in found.periods) == pytest.approx(22_222, abs=10)
    assert look(site).limit_a == 6
    site.wait(MINUTE)
    box.draws(6, 6, 6, transaction=1001)
    look(site)
    # On three phases 22.08 kW for an hour and a bit are enough, and it may wait for them.
    assert modes(site) == (replace(UNSEEN, surely=None),)
    exact = think(site)
    assert exact is not None
    assert exact.next_start(site.now) == NIGHT
    assert exact.ready_at is not None
    assert NIGHT + HOUR <= exact.ready_at <= NIGHT + 90 * MINUTE


def test_what_a_car_needs_at_once_shows_its_phases_too() -> None:
    site, _ = plugged(zoe(phases=None, least_percent=50))
    found = think(site)
    assert found is not None
    assert found.periods[0].why is Why.MINIMUM
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    assert problem.evs[0].minimum_wh == 5000


@pytest.mark.parametrize(("watts", "surely"), [(8000, 1), (14_700, 2), (20_000, None)])
def test_where_a_charger_tells_no_currents_power_shows_phases(
    watts: int, surely: int | None
) -> None:
    site, box = plugged(zoe(phases=None), *ROOMY, mode=ChargeMode.FAST)
    look(site)
    site.wait(MINUTE)
    # One phase gives 7360 W at 32 A and 230 V, 8096 W at 253 V; two give no more than 16,192 W.
    box.sample(2000, transaction=1001, power=watts)
    look(site)
    known = site.state.get(Vehicle, "zoe")
    look(site)
    assert site.state.get(Vehicle, "zoe") is known
    site.feed(ModeRequested(evse=box.evse(), mode=ChargeMode.SMART, command=2))
    assert modes(site) == (replace(UNSEEN, surely=surely),)


@pytest.mark.parametrize(
    ("minutes", "kwh", "surely"),
    # An hour at 32 A is 22.08 kWh on three phases; it tells after ten minutes.
    [(10, 3.6, None), (10, 2.4, 2), (20, 2.4, 1), (9, 3.3, 1)],
)
def test_where_a_charger_tells_nothing_but_energy_its_register_shows_phases(
    minutes: int, kwh: float, surely: int | None
) -> None:
    site, box = plugged(zoe(phases=None), *ROOMY, mode=ChargeMode.FAST)
    look(site)
    site.wait(MINUTE)
    box.sample(2000, transaction=1001)
    look(site)
    site.wait(minutes * MINUTE)
    box.sample(2000 + round(1000 * kwh), transaction=1001)
    look(site)
    site.feed(ModeRequested(evse=box.evse(), mode=ChargeMode.SMART, command=2))
    assert modes(site) == (replace(UNSEEN, surely=surely),)


def test_a_paused_car_shows_no_phases() -> None:
    site, box = plugged(zoe(phases=None), *ROOMY, mode=ChargeMode.OFF)
    look(site)
    site.wait(MINUTE)
    box.sample(2000, transaction=1001, power=300)
    look(site)
    vehicle = site.state.get(Vehicle, "zoe")
    assert vehicle is not None
    assert (vehicle.takes_phases, vehicle.sure_phases) == (None, None)


@pytest.mark.parametrize("phases", [3, 1])
def test_a_car_that_was_never_seen_is_offered_all_phases(phases: int) -> None:
    site, box = switchable(zoe(phases=None), phases=phases)
    assert modes(site) == (UNSEEN,)
    made = think(site)
    assert made is not None
    assert not made.picks_phases
    # One that draws on one phase now is not in that mode.
    box.sample(2000, transaction=1001, power=1400)
    allowance = next(iter(site.state.all(Allowance)))
    site.state.apply({(Allowance, allowance.key): replace(allowance, limit_a=Decimal(6))})
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    assert problem.evs[0].running == (0 if phases == 3 else None)


def test_on_how_many_phases_a_car_draws_says_nothing_where_it_may_use_one_only() -> None:
    site, box = plugged()
    phasing = Phasing(by=PhaseSwitching.ENTITY, phases=1)
    known = Allowance(id=box.evse(), since=NOON, limit_a=Decimal(32), phasing=phasing, phases=(0,))
    site.state.apply({(Allowance, known.key): known})
    assert drawing(site, box, 32, 32).takes_phases is None


def test_what_a_car_draws_that_is_nearly_full_is_not_what_it_takes() -> None:
    site, box = plugged(mode=ChargeMode.FAST, percent=85)
    vehicle = drawing(site, box, 10, 10, 3, 3)
    assert (vehicle.takes_a, vehicle.takes_phases) == (None, 1)


def test_what_was_seen_holds_until_it_draws_again() -> None:
    site, box = plugged(zoe(phases=None), mode=ChargeMode.FAST)
    seen = drawing(site, box, 16, 16, 10, 10)
    box.stop(1001, 9000)
    look(site)
    box.start(meter=9000)
    look(site)
    vehicle = site.state.get(Vehicle, "zoe")
    assert vehicle is not None
    assert (vehicle.takes_a, vehicle.takes_phases) == (seen.takes_a, seen.takes_phases) == (16, 1)


def test_what_a_car_draws_that_does_not_taper_yet_is_what_it_takes() -> None:
    later = zoe(tapers_from_percent=100)
    site, box = plugged(later, mode=ChargeMode.FAST, percent=85)
    assert drawing(site, box, 10, 10, 3, 3).takes_a == 10


def test_a_car_that_takes_more_than_it_did_is_believed_whatever_it_is_offered() -> None:
    site, box = plugged(mode=ChargeMode.FAST, percent=20)
    # With less than 6 A no car charges (IEC 61851-1): 4 A is not what it takes.
    assert drawing(site, box, 4, 4).takes_a == 6
    site.feed(ModeRequested(evse=box.evse(), mode=ChargeMode.SMART, command=2))
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    assert problem.evs[0].modes[0].max_a == 6
    assert drawing(site, box, 11).takes_a == 11


def test_a_car_that_was_believed_to_take_too_little_is_planned_with_the_least() -> None:
    site, _ = plugged()
    vehicle = site.state.get(Vehicle, "zoe")
    assert vehicle is not None
    site.state.apply({(Vehicle, "zoe"): replace(vehicle, takes_a=Decimal(3))})
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    assert (problem.evs[0].modes[0].min_a, problem.evs[0].modes[0].max_a) == (6, 6)


def test_nothing_is_learnt_of_a_guests_car() -> None:
    site, box = plugged(mode=ChargeMode.OFF)
    site.feed(VehicleChosen(evse=box.evse(), vehicle=GUEST, command=3))
    site.feed(ModeRequested(evse=box.evse(), mode=ChargeMode.SOLAR_MIN, command=2))
    for _ in range(3):
        site.wait(MINUTE)
        box.draws(3, 0, 0, transaction=1001)
        look(site)
    vehicle = site.state.get(Vehicle, "zoe")
    assert vehicle is not None
    assert vehicle.takes_a is None


def test_a_car_that_leaves_early_is_charged_earlier_from_then_on() -> None:
    site, box = plugged()
    think(site)
    for hours in range(30):
        site.wait(22 * HOUR if hours % 2 else 2 * HOUR)
        if hours % 2:
            box.start("ANNA", 1000 + hours)
            think(site)
        else:
            # Two hours after it came, although it was to stay for the night.
            going = site.open_session()
            assert going is not None
            box.stop(going.transactions[0], 1500 + hours)
    vehicle = site.state.get(Vehicle, "zoe")
    assert vehicle is not None
    assert len(vehicle.stays) == 15
    assert all(stay.departure - stay.arrival == 2 * HOUR for stay in vehicle.stays)
    assert all(stay.stated - stay.arrival > 10 * HOUR for stay in vehicle.stays)
    found = think(site)
    assert found is not None
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    late = [slot.start - site.now > 3 * HOUR for slot in problem.slots]
    assert all(gone > 0.5 for gone, after in zip(problem.evs[0].gone, late, strict=True) if after)


def test_who_stays_for_longer_was_to_leave_when_it_said_so_first() -> None:
    site, box = plugged(percent=90)
    first = think(site)
    assert first is not None
    site.now = first.departure + HOUR
    second = think(site)
    assert second is not None
    assert (second.stated, second.departure) == (first.departure, first.departure + 24 * HOUR)
    site.now += HOUR
    third = think(site)
    assert third is not None
    assert third.stated == first.departure
    box.stop(1001, 1500)
    vehicle = site.state.get(Vehicle, "zoe")
    assert vehicle is not None
    (stay,) = vehicle.stays
    assert (stay.stated, stay.departure) == (first.departure, site.now)


def test_what_goes_on_keeps_its_begin() -> None:
    site, box = plugged()
    first = think(site)
    assert first is not None
    begin = first.begins_after(NOON)
    assert begin is not None
    assert first.began_at is None
    for late in (timedelta(seconds=2), 15 * MINUTE, 30 * MINUTE):
        site.now = begin + late
        found = think(site)
        assert found is not None
        assert (found.periods[0].start, found.began_at) == (site.now, begin)
        assert found.draws_since(site.now) == begin
    # Another session begins for itself.
    box.stop(1001, 1500)
    box.start()
    found = think(site)
    assert found is not None
    assert found.draws_since(site.now) == site.now


def test_what_goes_on_after_the_old_plan_ended_keeps_its_begin_too() -> None:
    site, _ = plugged()
    plan = think(site)
    assert plan is not None
    old = replace(plan, made_at=NOON, periods=(PlanPeriod(NOON, NOON + HOUR, Decimal(16), 3),))
    site.feed(SitePlanned(plans=(old,)))
    # A moment after the full hour the car still follows the old plan.
    again = NOON + HOUR + timedelta(seconds=3)
    new = replace(old, made_at=again, periods=(PlanPeriod(again, again + HOUR, Decimal(16), 3),))
    site.now = again
    site.feed(SitePlanned(plans=(new,)))
    (kept,) = site.state.all(EvsePlan)
    assert kept.draws_since(again) == NOON
    pauses = replace(old, made_at=again, periods=(PlanPeriod(again, again + HOUR, Decimal(0), 3),))
    site.feed(SitePlanned(plans=(pauses,)))
    (kept,) = site.state.all(EvsePlan)
    assert (kept.began_at, kept.draws_since(again)) == (None, None)


def test_a_stay_is_nobodys_once_its_car_is_gone() -> None:
    site, box = plugged()
    think(site)
    site.configure(VehicleRemoved(vehicle="zoe"))
    site.wait(HOUR)
    box.stop(1001, 1500)
    assert not list(site.state.all(Vehicle))


def test_after_the_plan_is_over_the_car_waits() -> None:
    site, _ = plugged()
    found = think(site)
    assert found is not None
    over = found.departure + timedelta(minutes=1)
    assert (found.at(over), found.next_start(over), found.stops_at(over)) == (None, None, None)


def test_a_plan_that_nobody_renews_leaves_no_car_without_current_for_ever() -> None:
    site, _ = plugged()
    found = think(site)
    assert found is not None
    site.now = found.departure + 59 * MINUTE
    assert look(site).reason.kind is ReasonKind.GOAL_MET
    # Until two at night, which is cheap without a plan too.
    site.wait(MINUTE)
    assert look(site).reason.kind is ReasonKind.DEAR
    site.now = NIGHT + 24 * HOUR
    assert look(site).limit_a > 0


def test_co2_is_planned_with_where_it_has_a_price() -> None:
    # 500 g until midnight in Berlin, 100 g until three, then nothing is known: their mean weighs as much.
    midnight = NIGHT - 2 * HOUR
    clean = ForecastRead(
        forecast=Forecast(
            kind=ForecastKind.CO2,
            intervals=(
                Interval(start=NOON, end=midnight, value=Decimal(500)),
                Interval(start=midnight, end=midnight + 3 * HOUR, value=Decimal(100)),
            ),
        )
    )
    site, _ = plugged(clean)
    cheap = think(site)
    assert cheap is not None
    # 2 of the 3 cheap hours are unknown: 300 g. 22.2 kWh at 22.08 kW, the last hours of the cheap ones being as good.
    assert cheap.co2_kg is not None
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    assert {slot.co2_g for slot in problem.slots} == {500, 100, 300}
    assert problem.taste.co2_price == 0
    site.feed(SiteConfigured(settings=replace(SETTINGS, co2_price=Decimal(2000))))
    clean_plan = think(site)
    assert clean_plan is not None
    assert clean_plan.co2_kg is not None
    # 22.2 kWh at 100 g: at 2 EUR per kg, 100 g at 0.30 count 0.50, 300 g at 0.10 count 0.70.
    assert clean_plan.co2_kg == pytest.approx(Decimal("2.22"), abs=Decimal("0.02"))
    assert clean_plan.cost > cheap.cost


def counting(grid: GridSettings, *, peak_w: int = 0) -> Site:
    """Return a site where a car stands, whose highest quarter hour of the month is known."""
    site, _ = plugged(SiteConfigured(settings=replace(SETTINGS, grid=grid)))
    last = QuarterMean(NOON - 15 * MINUTE, peak_w)
    tally = Tally(NOON, 0, 0, site.now, last)
    site.feed(SiteObserved(circuits=(), net_w=0, tally=tally, complete=True))
    return site


@pytest.mark.parametrize(("peak_w", "counts"), [(0, 2800), (5200, 5000)])
def test_the_months_peak_has_its_price_less_what_a_look_may_leave(peak_w: int, counts: int) -> None:
    grid = GridSettings(peak_price=Decimal("4.2"), peak_floor_w=3000)
    site = counting(grid, peak_w=peak_w)
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    assert problem.capacity == Capacity(peak_w=counts, price_per_kw=4.2)
    assert problem.circuits == ()


def test_a_peak_that_cars_follow_is_a_limit_of_the_plan() -> None:
    site = counting(GridSettings(follow_peak=True, peak_price=Decimal(4)), peak_w=5200)
    site.configure(
        ForecastRead(
            forecast=Forecast(
                kind=ForecastKind.LOAD,
                intervals=(Interval(start=NOON, end=NOON + HOUR, value=Decimal(1200)),),
            )
        )
    )
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    assert problem.capacity is None
    # 200 W are what a look may leave of it.
    (peak,) = problem.circuits
    assert peak.room_w is not None
    assert (peak.circuit, peak.room_w[0], peak.room_w[4]) == (PEAK, 3800, 5000)
    assert problem.evs[0].circuit == PEAK


def test_a_new_months_peak_begins_with_what_is_billed_anyway() -> None:
    # Midnight in Berlin is 23:00 by UTC; the highest so far was 5200 W.
    late = datetime(2026, 11, 30, 22, 45, tzinfo=UTC)
    site = counting(GridSettings(follow_peak=True), peak_w=5200)
    slots = tuple(
        Slot(start=late + step * 15 * MINUTE, end=late + (step + 1) * 15 * MINUTE, import_price=0)
        for step in range(2)
    )
    for settings, expected in (
        (GridSettings(follow_peak=True), [5000, 2300]),
        (GridSettings(peak_price=Decimal(4)), 2300),
    ):
        rules = replace(SETTINGS, grid=settings)
        found = with_peak(Problem(slots=slots, evs=()), site.state, rules, late)
        told = found.capacity.peak_w if found.capacity else found.circuits[0].room_w
        assert told == expected
    next_month = with_peak(
        Problem(slots=slots[1:], evs=()),
        site.state,
        replace(SETTINGS, grid=GridSettings(peak_price=Decimal(4))),
        late + 15 * MINUTE,
    )
    assert next_month.capacity == Capacity(peak_w=2300, price_per_kw=4)


def test_a_plan_that_pays_for_the_peak_says_how_high_that_will_be() -> None:
    site = counting(GridSettings(peak_price=Decimal("4.2")))
    found = think(site)
    assert found is not None
    assert found.peak_w is not None
    # Nothing else draws; currents are told in whole tenths, never rounded up: 69 W.
    highest = max(each.limit_a * each.phases * 230 for each in found.periods)
    assert 0 <= found.peak_w - highest < 70
    site.configure(SiteConfigured(settings=SETTINGS))
    unpriced = think(site)
    assert unpriced is not None
    assert unpriced.peak_w is None


def test_what_a_plan_foresees_of_the_next_month_is_not_this_ones_peak() -> None:
    late = datetime(2026, 11, 30, 22, 45, tzinfo=UTC)
    slots = tuple(
        Slot(
            start=late + step * 15 * MINUTE,
            end=late + (step + 1) * 15 * MINUTE,
            import_price=0.2,
            load_w=load_w,
            given_w=300.0,
        )
        for step, load_w in enumerate((1000.0, 9000.0))
    )
    car = Ev(ev="zoe", arrival=late, departure=late + HOUR, goal_wh=2000)
    problem = Problem(slots=slots, evs=(car,), capacity=Capacity(peak_w=0, price_per_kw=4))
    # 6 A on three phases in both quarter hours, 4140 W; meanwhile the battery is held, which would have given 300 W.
    made = replace(plan(problem), charges=((Charge(6), Charge(6)),))
    assert foreseen_w(made, ZoneInfo("Europe/Berlin")) == 5440
    assert foreseen_w(made, ZoneInfo("UTC")) == 13_440


def test_a_plan_goes_by_the_limit_that_holds_now() -> None:
    fuse = CircuitSettings(
        circuit="main", name="Main", limit_a=Decimal(25), assumed_load_a=Decimal(5)
    )
    site, _ = plugged(CircuitConfigured(settings=fuse))
    load = CircuitLoad(
        circuit="main",
        load_a=(Decimal(0), Decimal(0), Decimal(0)),
        limit_a=Decimal(16),
        power_limit_w=9000,
        blind=False,
    )
    site.feed(SiteObserved(circuits=(load,), complete=True))
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    (main,) = problem.circuits
    # 16 A less the assumed 5; 9000 W less 3 * 230 * 5.
    assert (main.room_a[0], main.room_w) == ((11, 11, 11), [5550] * len(problem.slots))


def test_on_one_phase_nothing_is_learnt_of_the_others() -> None:
    site, box = switchable(phases=1)
    session = site.open_session()
    assert session is not None
    one = PlanPeriod(NOON, NOON + HOUR, Decimal(16), 1)
    made = EvsePlan(
        id=box.evse(), session=session.id, vehicle="zoe", made_at=NOON, departure=NOON + HOUR,
        ready_at=None, periods=(one,), picks_phases=True,
    )  # fmt: skip
    site.feed(SitePlanned(plans=(made,)))
    vehicle = drawing(site, box, 8, 8, 8)
    assert (vehicle.takes_a, vehicle.takes_phases) == (8, None)


BATTERY = BatterySettings(capacity_wh=10_000, gives_w=3000, reserve_percent=10)


def sunny(battery: BatterySettings | None) -> Site:
    """Return a site where a car stands; four hours of 2 kW of sun, then a load of 1 kW."""
    evening = NOON + 4 * HOUR
    site, _ = plugged(
        SiteConfigured(settings=replace(SETTINGS, battery=battery)),
        ForecastRead(
            forecast=Forecast(
                kind=ForecastKind.SOLAR,
                intervals=(Interval(start=NOON, end=evening, value=Decimal(2000)),),
            )
        ),
        ForecastRead(
            forecast=Forecast(
                kind=ForecastKind.LOAD,
                intervals=(Interval(start=evening, end=NOON + 48 * HOUR, value=Decimal(1000)),),
            )
        ),
    )
    return site


def level(site: Site, percent: int | None, *, ago: timedelta = 0 * MINUTE) -> EnergyReading:
    """Return what a battery says."""
    told = None if percent is None else Decimal(percent)
    return EnergyReading(grid_w=Decimal(0), battery_percent=told, at=site.now - ago)


def test_what_the_battery_takes_and_gives_by_itself_is_foreseen() -> None:
    site = sunny(BATTERY)
    problem = horizon(site.state, site.now, level(site, 50)).problem
    assert problem is not None
    assert problem.batteries == ()
    # 8 kWh of sun, 95 % of which arrive, and room for 5 kWh.
    kept = [slot.kept_w for slot in problem.slots]
    assert sum(kept) / 4 == pytest.approx(5000 / 0.95)
    assert (kept[0], kept[15]) == (2000, 0)
    # 9 kWh above the reserve give 8.55 kWh to the house: until it is half past midnight by UTC.
    loads = [slot.load_w for slot in problem.slots]
    assert (loads[49], loads[50] > 0, loads[51]) == (0, True, 1000)
    # What the sun leaves while it fills is exported later, for nothing.
    assert problem.slots[0].kept_price == 0


def test_the_battery_lives_on_after_the_car_has_left() -> None:
    site = sunny(replace(BATTERY, capacity_wh=40_000))
    site.configure(zoe(departures=(Departure(DayOfWeek.MONDAY, time(16)),)))
    problem = horizon(site.state, site.now, level(site, 10)).problem
    assert problem is not None
    assert problem.slots[-1].end == NOON + 3 * HOUR
    # 7.6 kWh come, which give 7.22 kWh: it is empty a quarter past eleven by UTC, when the grid costs 0.30.
    assert problem.slots[0].kept_price == pytest.approx(0.30 * 0.95 * 0.95)


def test_where_the_battery_comes_first_the_plan_leaves_it_its_sun() -> None:
    site = sunny(replace(BATTERY, first_below_percent=60, takes_w=1500))
    problem = horizon(site.state, site.now, level(site, 50)).problem
    assert problem is not None
    first, *_ = problem.slots
    assert (first.pv_w, first.kept_w) == (500, 0)
    # 1 kWh later, at 1425 W that arrive.
    assert (problem.slots[3].pv_w, problem.slots[3].kept_w) == (2000, 1500)


@pytest.mark.parametrize(
    ("settings", "percent", "ago"),
    [
        (None, 50, 0),
        (replace(BATTERY, capacity_wh=None), 50, 0),
        (BATTERY, None, 0),
        (BATTERY, 50, 3),
    ],
)
def test_a_battery_that_is_not_known_is_not_planned_with(
    settings: BatterySettings | None, percent: int | None, ago: int
) -> None:
    site = sunny(settings)
    for reading in (level(site, percent, ago=ago * MINUTE), None):
        problem = horizon(site.state, site.now, reading).problem
        assert problem is not None
        assert not any(slot.kept_w for slot in problem.slots)
        assert problem.slots[20].load_w == 1000


BEN = VehicleSettings(
    vehicle="b", name="B", driver="ben", battery_wh=50_000, phases=3, departures=LEAVES,
    least_percent=10,
)  # fmt: skip
EVENINGS = tuple(
    Stay(evening, evening + 10 * HOUR, evening + 11 * HOUR)
    for evening in (NOON + 7 * HOUR - timedelta(weeks=weeks) for weeks in (3, 2, 1))
)
"""Eight in the evening in Berlin, on three Mondays before this one."""


def awaiting(*more: Event, heard: datetime | None = NOON) -> tuple[Site, Box]:
    """Return a site where Anna's car stands on a fuse of 16 A, and Ben's usually comes home tonight."""
    small = CircuitSettings(circuit="main", name="Main", limit_a=Decimal(16), chargers=("CP1",))
    site, box = plugged(CircuitConfigured(settings=small), VehicleConfigured(settings=BEN))
    box.prepared(evses=2)
    site.feed(ModeRequested(evse=box.evse(2), mode=ChargeMode.SMART, command=2))
    if heard is not None:
        site.feed(VehicleHeard(vehicle="b", percent=Decimal(5), at=heard))
    ben = site.state.get(Vehicle, "b")
    assert ben is not None
    left = EVENINGS[-1].departure
    site.state.apply({(Vehicle, "b"): replace(ben, stays=EVENINGS, left_at=left)})
    for event in more:
        site.feed(event)
    return site, box


def test_who_usually_comes_home_is_reckoned_with() -> None:
    site, box = awaiting()
    found = horizon(site.state, site.now)
    assert found.problem is not None
    assert [each.vehicle.key for each in found.wanting] == ["zoe"]
    _, ben = found.problem.evs
    assert (ben.ev, ben.circuit, ben.arrival) == ("expected b", "main", NOON + 7 * HOUR)
    # 80 % of 50 kWh but 5 %, a tenth of it at once, until seven in Berlin.
    assert (ben.goal_wh, ben.minimum_wh) == (37_500, 2500)
    assert ben.departure == datetime(2026, 11, 24, 6, tzinfo=UTC)
    assert ben.modes == (Mode(phases=frozenset({0, 1, 2}), min_a=6, max_a=32),)
    assert think(site) is not None
    assert [each.id for each in site.state.all(EvsePlan)] == [box.evse()]


def test_an_early_car_leaves_the_night_to_who_will_need_it() -> None:
    # Ben's 52.8 kWh are more than the three cheap hours at 11 kW; what Anna needs costs as much in other hours.
    alone, _ = awaiting(heard=None)
    first = think(alone)
    site, _ = awaiting(VehicleConfigured(settings=replace(BEN, goal_percent=100)))
    second = think(site)
    assert first is not None
    assert second is not None
    cheap = [NIGHT + 15 * MINUTE * quarter for quarter in range(12)]
    mine, left = (
        sum(1 for at in cheap if (period := made.at(at)) is not None and period.limit_a)
        for made in (first, second)
    )
    assert left < mine
    assert second.state is PlanState.ON_TRACK


def evses(site: Site) -> int:
    """Return for how many cars is planned."""
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    return len(problem.evs)


def test_who_is_here_or_says_nothing_or_has_no_place_is_not_expected() -> None:
    assert evses(awaiting()[0]) == 2
    # It told nothing, or nothing since it left.
    assert evses(awaiting(heard=None)[0]) == 1
    assert evses(awaiting(heard=EVENINGS[-1].departure)[0]) == 1
    # It has what it wants, or nobody says when it leaves.
    full = VehicleHeard(vehicle="b", percent=Decimal(80), at=NOON)
    assert evses(awaiting(full)[0]) == 1
    assert evses(awaiting(VehicleConfigured(settings=replace(BEN, departures=())))[0]) == 1
    # The free connector is a stranger's.
    site, box = awaiting()
    box.start("STRANGER", 1000, evse=2)
    assert evses(site) == 1
    # The stranger is elsewhere, the free connector is not in Smart; then Ben is here.
    site, box = awaiting()
    box.prepared(evses=3)
    box.start("STRANGER", 1000, evse=3)
    assert evses(site) == 2
    site.feed(ModeRequested(evse=box.evse(2), mode=ChargeMode.FAST, command=3))
    assert evses(site) == 1
    site.feed(ModeRequested(evse=box.evse(2), mode=ChargeMode.SMART, command=4))
    assert evses(site) == 2
    box.start("BEN", 1000, evse=2)
    found = horizon(site.state, site.now)
    assert [each.vehicle.key for each in found.wanting] == ["zoe", "b"]
    assert evses(site) == 2


def test_no_more_are_expected_than_find_a_place() -> None:
    site, _ = awaiting(
        VehicleConfigured(settings=replace(BEN, vehicle="a", name="A", driver="cara")),
        VehicleHeard(vehicle="a", percent=Decimal(5), at=NOON),
    )
    other = site.state.get(Vehicle, "a")
    assert other is not None
    earlier = tuple(stay._replace(arrival=stay.arrival - HOUR) for stay in EVENINGS)
    site.state.apply({(Vehicle, "a"): replace(other, stays=earlier)})
    problem = horizon(site.state, site.now).problem
    assert problem is not None
    assert [each.ev for each in problem.evs[1:]] == ["expected a"]


def test_without_a_fuse_nobody_is_kept_room_for() -> None:
    site, _ = awaiting(CircuitRemoved(circuit="main"))
    assert evses(site) == 1


def test_plans_are_spread_where_the_site_says_so() -> None:
    site, _ = plugged()
    plain = horizon(site.state, site.now).problem
    assert plain is not None
    assert not any(slot.whim for slot in plain.slots)
    site.feed(SiteConfigured(settings=replace(SETTINGS, grid=GridSettings(spread=True))))
    found = horizon(site.state, site.now).problem
    assert found is not None
    assert len({slot.whim for slot in found.slots}) > 10
