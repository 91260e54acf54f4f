"""What a car needs and by when."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.session import Payer, Reading, Session, Stamp
from custom_components.ev_station.model.state import Live, Vehicle
from custom_components.ev_station.model.status import AuthorizationStatus
from custom_components.ev_station.model.tariff import DayOfWeek
from custom_components.ev_station.model.vehicle import (
    Departure,
    Goal,
    GoalKind,
    Trip,
    VehicleSettings,
)
from custom_components.ev_station.planning.demand import (
    Leaving,
    Origin,
    consumption,
    demand_of,
    departure_of,
    is_believed,
    percent_by_range,
    percent_of,
)

BERLIN = ZoneInfo("Europe/Berlin")
# A Monday, 22:00 in Berlin.
NOW = datetime(2026, 11, 23, 21, tzinfo=UTC)
HOUR = timedelta(hours=1)
NO_LIVE = Live()


def car(**given: Any) -> Vehicle:
    """Return a car with 50 kWh, a tenth of which is lost on the way in."""
    known = {
        key: given.pop(key) for key in ("percent", "goal_percent", "trip", "booked") if key in given
    }
    settings = VehicleSettings(vehicle="zoe", name="Zoe", battery_wh=50_000, **given)
    at = NOW - HOUR if "percent" in known else None
    return Vehicle(settings=settings, percent_at=at, **known)


def visit(*registers: int, began: datetime = NOW - 2 * HOUR) -> Session:
    """Return a session that began at 1000 Wh, with a reading every half hour."""
    half = timedelta(minutes=30)
    readings = tuple(
        Reading(began + half * number, Decimal(register))
        for number, register in enumerate(registers, 1)
    )
    return Session(
        id="s",
        evse=EvseId("CP1", 1),
        transactions=(1,),
        payer=Payer(status=AuthorizationStatus.ACCEPTED),
        tariff=None,
        start=Stamp(began, None, began),
        meter_start_wh=Decimal(1000),
        connection=1,
        readings=readings,
        energy_wh=readings[-1].register_wh - 1000 if readings else Decimal(0),
    )


def next_of(vehicle: Vehicle, now: datetime = NOW) -> Leaving | None:
    """Return when a car that is away leaves next."""
    return departure_of(vehicle, None, NO_LIVE, now, BERLIN)


def moment_of(vehicle: Vehicle, now: datetime = NOW) -> datetime | None:
    """Return the moment of that."""
    leaving = next_of(vehicle, now)
    return leaving.at if leaving else None


def said(at: datetime, goal: Goal, origin: Origin, *, own: bool = True) -> Leaving:
    """Return a departure for which a car is not late."""
    return Leaving(at=at, by=at, goal=goal, own=own, origin=origin)


WORK = tuple(Departure(day, time(7, 30)) for day in tuple(DayOfWeek)[:5])


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NOW, datetime(2026, 11, 24, 6, 30, tzinfo=UTC)),
        # Just when it leaves, the next one is tomorrow's.
        (datetime(2026, 11, 24, 6, 30, tzinfo=UTC), datetime(2026, 11, 25, 6, 30, tzinfo=UTC)),
        # From Friday noon to Monday.
        (datetime(2026, 11, 27, 11, tzinfo=UTC), datetime(2026, 11, 30, 6, 30, tzinfo=UTC)),
        # Summer: an hour earlier by UTC.
        (datetime(2026, 7, 6, 1, tzinfo=UTC), datetime(2026, 7, 6, 5, 30, tzinfo=UTC)),
    ],
)
def test_the_next_day_of_the_week_counts(now: datetime, expected: datetime) -> None:
    assert moment_of(car(departures=WORK), now) == expected


def test_who_leaves_once_a_week_leaves_in_a_week() -> None:
    monday = (Departure(DayOfWeek.MONDAY, time(21)),)
    assert moment_of(car(departures=monday)) == datetime(2026, 11, 30, 20, tzinfo=UTC)


def test_a_time_that_is_skipped_in_spring_comes_an_hour_later() -> None:
    sunday = (Departure(DayOfWeek.SUNDAY, time(2, 30)),)
    before = datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert moment_of(car(departures=sunday), before) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_trip_takes_the_place_of_the_week_until_it_is_over() -> None:
    far = Goal(GoalKind.DISTANCE, Decimal(300))
    vehicle = car(departures=WORK, trip=Trip(at=NOW + HOUR, goal=far))
    assert next_of(vehicle) == said(NOW + HOUR, far, Origin.ONCE)
    usual = Goal(GoalKind.PERCENT, Decimal(80))
    weekly = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
    assert next_of(vehicle, NOW + HOUR) == said(weekly, usual, Origin.WEEK, own=False)
    same_goal = next_of(replace(vehicle, trip=Trip(at=NOW + HOUR), goal_percent=95))
    mine = Goal(GoalKind.PERCENT, Decimal(95))
    assert same_goal == said(NOW + HOUR, mine, Origin.ONCE, own=False)


# Tuesday, 07:30 in Berlin, when it leaves for work.
WORKDAY = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
USUAL = Goal(GoalKind.PERCENT, Decimal(80))
FULL = Goal(GoalKind.PERCENT, Decimal(100))


@pytest.mark.parametrize(
    ("booked", "expected"),
    [
        ((), said(WORKDAY, USUAL, Origin.WEEK, own=False)),
        # The earlier of calendar and week, so that it is ready for both.
        (
            (Trip(at=WORKDAY - HOUR, goal=FULL),),
            said(WORKDAY - HOUR, FULL, Origin.CALENDAR),
        ),
        ((Trip(at=WORKDAY - HOUR),), said(WORKDAY - HOUR, USUAL, Origin.CALENDAR, own=False)),
        ((Trip(at=WORKDAY + HOUR),), said(WORKDAY, USUAL, Origin.WEEK, own=False)),
        ((Trip(at=WORKDAY, goal=FULL),), said(WORKDAY, FULL, Origin.CALENDAR)),
        # What is over says nothing.
        (
            (Trip(at=NOW, goal=FULL), Trip(at=WORKDAY - HOUR)),
            said(WORKDAY - HOUR, USUAL, Origin.CALENDAR, own=False),
        ),
    ],
)
def test_the_calendar_counts_beside_the_week(booked: tuple[Trip, ...], expected: Leaving) -> None:
    assert next_of(car(departures=WORK, booked=booked)) == expected


def test_the_calendar_alone_says_when_it_leaves() -> None:
    vehicle = car(booked=(Trip(at=NOW + 40 * HOUR),))
    assert moment_of(vehicle) == NOW + 40 * HOUR
    assert next_of(vehicle, NOW + 40 * HOUR) is None


def test_a_trip_that_was_told_takes_the_place_of_the_calendar() -> None:
    booked = (Trip(at=NOW + HOUR, goal=FULL),)
    vehicle = car(percent=Decimal(40), departures=WORK, booked=booked, trip=Trip(at=NOW + HOUR / 2))
    assert next_of(vehicle) == said(NOW + HOUR / 2, USUAL, Origin.ONCE, own=False)
    # Nor does what it wants later that day count then: 40 % of 50 kWh.
    assert demand_of(vehicle, None, NO_LIVE, NOW, BERLIN).goal_wh == 20_000


def test_what_else_the_calendar_wants_later_that_day_is_told_once() -> None:
    evening, half, next_day = WORKDAY + 11 * HOUR, HOUR / 2, WORKDAY + 17 * HOUR
    far = Goal(GoalKind.DISTANCE, Decimal(120))
    booked = (
        Trip(at=WORKDAY + HOUR),
        Trip(at=WORKDAY + 2 * HOUR, goal=Goal(GoalKind.PERCENT, Decimal(80))),
        # An event is a departure before it begins, and one more when it does.
        Trip(at=evening, goal=FULL),
        Trip(at=evening + half, goal=FULL),
        Trip(at=evening + HOUR, goal=far),
        Trip(at=next_day, goal=Goal(GoalKind.DISTANCE, Decimal(300))),
    )
    leaving = next_of(car(departures=WORK, booked=booked))
    week = said(WORKDAY, USUAL, Origin.WEEK, own=False)
    later = (Trip(at=evening, goal=FULL), Trip(at=evening + HOUR, goal=far))
    assert leaving == replace(week, later=later)


@pytest.mark.parametrize(
    ("booked", "goal_wh"),
    [
        # In the evening of the same day: who knows whether it stands here in between.
        ((Trip(at=WORKDAY + 11 * HOUR, goal=FULL),), 30_000),
        ((Trip(at=WORKDAY + 11 * HOUR), Trip(at=WORKDAY + 12 * HOUR, goal=FULL)), 30_000),
        # Less than usual lowers nothing.
        ((Trip(at=WORKDAY + 11 * HOUR, goal=Goal(GoalKind.DISTANCE, Decimal(20))),), 20_000),
        # The next day, by the site's clock.
        ((Trip(at=WORKDAY + 17 * HOUR, goal=FULL),), 20_000),
        # One that says when it leaves says what it needs.
        ((Trip(at=WORKDAY - HOUR, goal=Goal(GoalKind.PERCENT, Decimal(50))),), 5_000),
    ],
)
def test_what_is_needed_later_that_day_is_charged_before(
    booked: tuple[Trip, ...], goal_wh: int
) -> None:
    vehicle = car(percent=Decimal(40), departures=WORK, booked=booked)
    assert demand_of(vehicle, None, NO_LIVE, NOW, BERLIN).goal_wh == goal_wh


def test_nobody_says_when_it_leaves() -> None:
    assert next_of(car()) is None


@given(
    st.integers(0, 365 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    st.lists(st.tuples(st.sampled_from(DayOfWeek), st.times()), min_size=1, max_size=7),
)
def test_a_departure_is_ahead_and_within_eight_days(
    now: datetime, leaves: list[tuple[DayOfWeek, time]]
) -> None:
    vehicle = car(departures=tuple(Departure(*each) for each in leaves))
    departure = moment_of(vehicle, now)
    assert departure is not None
    assert now < departure <= now + timedelta(days=7, hours=1)


def test_a_state_of_charge_grows_with_what_was_charged_since() -> None:
    # Told when the second of four readings came: 4 kWh later 3.6 are in, 7.2 % of 50.
    vehicle = car(percent=Decimal(40))
    session = visit(2000, 3000, 5000, 7000)
    assert percent_of(vehicle, session, NO_LIVE) == Decimal("47.2")
    # Told before it was plugged in: all 6 kWh count.
    later = visit(2000, 3000, 5000, 7000, began=NOW - HOUR / 2)
    assert percent_of(vehicle, later, NO_LIVE) == Decimal("50.8")
    assert percent_of(vehicle, None, NO_LIVE) == Decimal(40)
    assert percent_of(vehicle, visit(), NO_LIVE) == Decimal(40)


def test_the_newer_word_counts_and_nothing_is_more_than_full() -> None:
    told = Live(at=NOW, soc_at=NOW, soc_percent=Decimal(62))
    assert percent_of(car(percent=Decimal(40)), visit(2000), told) == Decimal(62)
    # It told that before the car did, and other things since.
    old = Live(at=NOW, soc_at=NOW - 2 * HOUR, soc_percent=Decimal(62))
    assert percent_of(car(percent=Decimal(40)), visit(), old) == Decimal(40)
    # Told when this one was plugged in: 1 kWh later nine tenths of it are in, 1.8 %.
    assert percent_of(car(), visit(2000), old) == Decimal("63.8")
    # Told of the car that stood there before.
    assert percent_of(car(), visit(2000, began=NOW - HOUR), old) is None
    assert percent_of(car(), None, old) == 62
    assert percent_of(car(percent=Decimal(99)), visit(9000, began=NOW), NO_LIVE) == Decimal(100)
    assert percent_of(car(), visit(), NO_LIVE) is None


@pytest.mark.parametrize(
    ("vehicle", "least_wh", "goal_wh"),
    [
        (car(percent=Decimal(40)), 0, 20_000),
        (car(percent=Decimal(90)), 0, 0),
        (car(percent=Decimal(10), least_percent=30), 10_000, 35_000),
        # What is needed at once is needed by the departure too.
        (car(percent=Decimal(10), least_percent=30, goal_percent=20), 10_000, 10_000),
        # Taken for empty.
        (car(least_percent=30), 0, 40_000),
        (car(percent=Decimal(40), trip=Trip(at=NOW + HOUR, goal=Goal(GoalKind.ENERGY, Decimal(7000)))), 0, 7000),
        (car(percent=Decimal(40), trip=Trip(at=NOW + HOUR, goal=Goal(GoalKind.DISTANCE, Decimal(100)))), 0, 18_000),
        # No more than there is room for.
        (car(percent=Decimal(80), trip=Trip(at=NOW + HOUR, goal=Goal(GoalKind.ENERGY, Decimal(70_000)))), 0, 10_000),
    ],
)  # fmt: skip
def test_what_is_missing(vehicle: Vehicle, least_wh: int, goal_wh: int) -> None:
    demand = demand_of(vehicle, None, NO_LIVE, NOW, BERLIN)
    assert (demand.least_wh, demand.goal_wh) == (least_wh, goal_wh)


@pytest.mark.parametrize(
    ("vehicle", "goal_wh", "extra_wh"),
    [
        (car(percent=Decimal(40)), 20_000, 0),
        (car(percent=Decimal(40), extra_price=Decimal("0.1")), 20_000, 10_000),
        (car(percent=Decimal(85), extra_price=Decimal(0), extra_percent=90), 0, 2500),
        # Its goal is more than that, and it has more than that.
        (car(percent=Decimal(40), extra_price=Decimal("0.1"), extra_percent=70), 20_000, 0),
        (car(percent=Decimal(95), extra_price=Decimal("0.1"), extra_percent=90), 0, 0),
        # Taken for empty.
        (car(extra_price=Decimal("0.1")), 40_000, 10_000),
    ],
)
def test_what_it_charges_beyond_its_goal(vehicle: Vehicle, goal_wh: int, extra_wh: int) -> None:
    demand = demand_of(vehicle, None, NO_LIVE, NOW, BERLIN)
    assert (demand.goal_wh, demand.extra_wh) == (goal_wh, extra_wh)


def test_what_was_charged_since_it_was_plugged_in_is_no_longer_missing() -> None:
    # 6 kWh metered, 5.4 in the battery.
    session = visit(2000, 3000, 5000, 7000)
    assert demand_of(car(), session, NO_LIVE, NOW, BERLIN).goal_wh == 34_600
    energy = Trip(at=NOW + HOUR, goal=Goal(GoalKind.ENERGY, Decimal(7000)))
    assert demand_of(car(trip=energy), session, NO_LIVE, NOW, BERLIN).goal_wh == 1600


TRIP = Trip(at=WORKDAY - HOUR, goal=FULL)
LATE = WORKDAY + timedelta(minutes=30)
TOMORROW = WORKDAY + 24 * HOUR


EVENING = Trip(at=WORKDAY + 11 * HOUR, goal=FULL)


@pytest.mark.parametrize(
    ("vehicle", "now", "at", "by", "goal_wh"),
    [
        # Half an hour late with 40 of 80 % in 50 kWh: it goes on for an hour after half past seven.
        (car(percent=Decimal(40), departures=WORK), LATE, WORKDAY, WORKDAY + HOUR, 20_000),
        (car(percent=Decimal(40), departures=WORK), WORKDAY, WORKDAY, WORKDAY + HOUR, 20_000),
        (car(percent=Decimal(40), departures=WORK), WORKDAY + HOUR, TOMORROW, TOMORROW, 20_000),
        # It is ready, so it is not late.
        (car(percent=Decimal(80), departures=WORK), LATE, TOMORROW, TOMORROW, 0),
        # What was set once counts as much, with what it needs.
        (car(percent=Decimal(80), trip=TRIP), WORKDAY - HOUR / 2, WORKDAY - HOUR, WORKDAY, 10_000),
        (car(percent=Decimal(80), departures=WORK, trip=TRIP), WORKDAY - HOUR / 2, WORKDAY, WORKDAY, 0),
        (car(percent=Decimal(80), trip=TRIP), WORKDAY, None, None, 0),
        # Somebody says by now when it leaves, or its calendar wants it before.
        (car(percent=Decimal(40), departures=WORK, trip=Trip(at=TOMORROW)), LATE, TOMORROW, TOMORROW, 20_000),
        (car(percent=Decimal(40), departures=WORK, booked=(Trip(at=WORKDAY + HOUR / 4 * 3, goal=FULL),)), LATE, WORKDAY + HOUR / 4 * 3, WORKDAY + HOUR / 4 * 3, 30_000),
        # How late a calendar lets it be it says itself.
        (car(percent=Decimal(40), booked=(Trip(at=WORKDAY),)), LATE, None, None, 20_000),
        # Later that day it needs more, unless somebody said what it needs: 40 and 20 of 50 kWh.
        (car(percent=Decimal(40), departures=WORK, booked=(EVENING,)), LATE, WORKDAY, WORKDAY + HOUR, 30_000),
        (car(percent=Decimal(40), trip=Trip(at=WORKDAY), booked=(EVENING,)), LATE, WORKDAY, WORKDAY + HOUR, 20_000),
    ],
)  # fmt: skip
def test_who_is_late_goes_on_for_an_hour(
    vehicle: Vehicle, now: datetime, at: datetime | None, by: datetime | None, goal_wh: int
) -> None:
    leaving = departure_of(vehicle, visit(), NO_LIVE, now, BERLIN)
    assert (leaving and (leaving.at, leaving.by)) == (at and (at, by))
    assert (leaving is not None and leaving.late) == (at != by)
    demand = demand_of(vehicle, visit(), NO_LIVE, now, BERLIN)
    assert (demand.departure, demand.goal_wh) == (by, goal_wh)
    assert demand.overdue == (None if at == by else at)


@pytest.mark.parametrize("session", [None, visit(began=WORKDAY), visit(began=WORKDAY + HOUR / 4)])
def test_who_came_after_a_departure_is_not_late(session: Session | None) -> None:
    vehicle = car(percent=Decimal(40), departures=WORK)
    assert demand_of(vehicle, session, NO_LIVE, LATE, BERLIN).departure == TOMORROW


LONG, BRIEF = timedelta(minutes=30), timedelta(minutes=29)


@pytest.mark.parametrize(
    ("told", "left", "silent", "believed"),
    [
        # It was plugged in now, and always spoke.
        (HOUR, None, None, True),
        (HOUR, 2 * HOUR, None, True),
        # Not since it left: it may have driven since, unless it was plugged in again at once.
        (HOUR, LONG, None, False),
        (HOUR, BRIEF, None, True),
        (20 * HOUR, 10 * HOUR, 15 * HOUR, False),
        # It did, but was silent on the way home.
        (HOUR, 2 * HOUR, LONG, False),
        (HOUR, 2 * HOUR, BRIEF, True),
        (HOUR, None, 72 * HOUR, False),
        # It fell asleep after it had come, and still has that.
        (HOUR, 2 * HOUR, -HOUR, True),
    ],
)
def test_what_a_car_told_holds_until_it_may_have_driven_unheard(
    told: timedelta, left: timedelta | None, silent: timedelta | None, believed: bool
) -> None:
    vehicle = replace(
        car(percent=Decimal(40)),
        percent_at=NOW - told,
        left_at=None if left is None else NOW - left,
        silent_since=None if silent is None else NOW - silent,
    )
    back = visit(began=NOW)
    assert is_believed(vehicle, back) is believed
    assert percent_of(vehicle, back, NO_LIVE) == (40 if believed else None)
    # The charger may know it, and while the car is away it is what it told last.
    live = Live(at=NOW, soc_at=NOW, soc_percent=Decimal(55))
    assert percent_of(vehicle, back, live) == 55
    assert percent_of(vehicle, None, NO_LIVE) == 40


def test_a_car_that_comes_back_unheard_is_taken_for_empty() -> None:
    vehicle = replace(car(percent=Decimal(90), departures=WORK), left_at=NOW - HOUR / 2)
    demand = demand_of(vehicle, visit(began=NOW), NO_LIVE, NOW, BERLIN)
    assert (demand.percent, demand.goal_wh) == (None, 40_000)


def test_what_sessions_before_brought_counts_once() -> None:
    vehicle = replace(car(percent=Decimal(40)), left_at=NOW, charged_percent=Decimal(10))
    assert percent_of(vehicle, None, NO_LIVE) == 50
    # Plugged in again: 1 kWh more, of which nine tenths are 1.8 %.
    assert percent_of(vehicle, visit(2000, began=NOW), NO_LIVE) == Decimal("51.8")
    # That session was thought to be over: its 4 kWh are 7.2 %, of which 10 % were noted then.
    assert percent_of(vehicle, visit(5000, began=NOW - HOUR), NO_LIVE) == Decimal("47.2")


@pytest.mark.parametrize(
    ("km", "percent"),
    [
        ("0", 0),
        # 50 kWh at 200 Wh/km.
        ("125", 50),
        ("250", 100),
        ("300", 100),
        ("500", 100),
        # An odometer, or fuel.
        ("500.1", None),
        ("45000", None),
    ],
)
def test_a_range_is_worth_what_the_car_uses(km: str, percent: int | None) -> None:
    assert percent_by_range(Decimal(km), 50_000, 200) == percent


@pytest.mark.parametrize(
    ("percent", "km", "takes"),
    [
        # 25 kWh for 125 km; for 156 km 160.3 Wh each.
        ("50", "125", 200),
        ("50", "156", 160),
        ("20", "50", 200),
        ("19.9", "50", None),
        # Nothing left, or fuel beside it, or not the range.
        ("50", "0", None),
        ("100", "1000", 50),
        ("100", "1011", None),
        ("100", "25", 2000),
        ("100", "24.9", None),
    ],
)
def test_what_a_km_takes_by_the_cars_own_word(percent: str, km: str, takes: int | None) -> None:
    assert consumption(Decimal(percent), Decimal(km), 50_000) == takes


@pytest.mark.parametrize(
    ("told", "tells", "goal_wh"),
    [(None, True, 18_000), (250, True, 25_000), (250, False, 18_000)],
)
def test_a_goal_in_km_counts_with_what_the_car_says_of_a_km(
    told: int | None, tells: bool, goal_wh: int
) -> None:
    far = Trip(at=NOW + HOUR, goal=Goal(GoalKind.DISTANCE, Decimal(100)))
    vehicle = replace(car(percent=Decimal(40), trip=far, tells_range=tells), told_wh_per_km=told)
    assert demand_of(vehicle, visit(), NO_LIVE, NOW, BERLIN).goal_wh == goal_wh
