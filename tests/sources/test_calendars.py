"""What the events of a calendar mean for a car."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.model.vehicle import Goal, GoalKind, Trip
from custom_components.ev_station.sources.calendars import need, trips

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 21, tzinfo=UTC)
UNTIL = NOW + timedelta(hours=48)
HALF = timedelta(minutes=30)


def percent(amount: float) -> Goal:
    return Goal(GoalKind.PERCENT, Decimal(str(amount)))


def km(amount: int) -> Goal:
    return Goal(GoalKind.DISTANCE, Decimal(amount))


def wh(amount: int) -> Goal:
    return Goal(GoalKind.ENERGY, Decimal(amount))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("80 %", percent(80)),
        ("Trip to Ghent, 100%!", percent(100)),
        ("(82,5 %)", percent(82.5)),
        ("120 km", km(120)),
        ("Oma 340KM hin und zurück", km(340)),
        ("25 kWh", wh(25_000)),
        ("7.4 kwh", wh(7400)),
        ("needs 120\u00a0km", km(120)),
        ("80 % or 120 km", percent(80)),
        # No amounts a car could mean.
        ("", None),
        ("Dentist 10:00", None),
        ("120 km/h", None),
        ("1.200 km", None),
        ("12000 km", None),
        ("15 kWh/100 km", None),
        ("A80 %", None),
        ("25 kW", None),
        ("٨٠ %", None),
        ("80 kms", None),
        # What cannot be meant is passed over.
        ("0 %", None),
        ("120 % effort, 90 %", percent(90)),
        ("9999 km, then 50 km", km(50)),
        ("0.05 kWh", None),
    ],
)
def test_what_is_needed(text: str, expected: Goal | None) -> None:
    assert need({"summary": text}) == expected
    assert need({"summary": "Trip", "description": text}) == expected


def test_the_title_counts_before_the_text() -> None:
    assert need({"summary": "90 %", "description": "120 km"}) == percent(90)
    assert need({"summary": None, "description": 80}) is None
    assert need({"summary": " " * 1990 + "80 % " + "120 km" * 10}) == percent(80)
    assert need({"summary": " " * 2000 + "80 %"}) is None


def test_events_are_departures_a_while_before() -> None:
    events = [
        {"start": "2026-11-25T08:00:00+01:00", "summary": "Ghent 120 km"},
        {"start": "2026-11-24T10:00:00+01:00", "summary": "Dentist"},
        # Local where it says no zone.
        {"start": "2026-11-24T18:15:00", "summary": "Dinner"},
    ]
    assert trips(events, BERLIN, HALF, NOW, UNTIL) == (
        Trip(at=datetime(2026, 11, 24, 8, 30, tzinfo=UTC)),
        Trip(at=datetime(2026, 11, 24, 9, tzinfo=UTC)),
        Trip(at=datetime(2026, 11, 24, 16, 45, tzinfo=UTC)),
        Trip(at=datetime(2026, 11, 24, 17, 15, tzinfo=UTC)),
        Trip(at=datetime(2026, 11, 25, 6, 30, tzinfo=UTC), goal=km(120)),
        Trip(at=datetime(2026, 11, 25, 7, tzinfo=UTC), goal=km(120)),
    )


def test_who_is_late_is_to_be_ready_when_it_begins() -> None:
    soon = NOW + timedelta(minutes=20)
    found = trips([{"start": soon.isoformat(), "summary": "80 %"}], BERLIN, HALF, NOW, UNTIL)
    assert found == (Trip(at=soon, goal=percent(80)),)


def test_of_two_events_at_a_time_the_one_that_needs_something_comes_first() -> None:
    at = NOW + HALF
    events = [{"start": at.isoformat(), "summary": each} for each in ("Trip", "80 %", "Trip")]
    found = trips(events, BERLIN, timedelta(0), NOW, UNTIL)
    assert found == (Trip(at=at, goal=percent(80)), Trip(at=at))


def test_what_says_no_time_or_is_too_late_or_too_far_is_no_departure() -> None:
    starts: list[Any] = [
        "2026-11-24",
        "2026-11-23T22:00:00+01:00",
        "2026-11-25T22:31:00+01:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:00-12:00",
        "25:00",
        None,
        20261124,
    ]
    events = [{"start": start, "summary": "80 %"} for start in starts]
    assert trips([*events, {}, "80 %", None], BERLIN, HALF, NOW, UNTIL) == ()
    assert trips(None, BERLIN, HALF, NOW, UNTIL) == ()


def test_no_more_than_twenty_are_remembered() -> None:
    later = (NOW + timedelta(minutes=each) for each in range(40, 1, -1))
    events = [{"start": each.isoformat()} for each in later]
    found = trips(events, BERLIN, timedelta(0), NOW, UNTIL)
    assert [each.at for each in found] == [NOW + timedelta(minutes=each) for each in range(2, 22)]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes(),
    lambda below: st.lists(below) | st.dictionaries(st.text(), below),
    max_leaves=5,
)
FIELDS = st.sampled_from(["start", "end", "summary", "description", "location"])
EVENTS = st.lists(
    st.dictionaries(FIELDS, st.datetimes(timezones=st.timezones()).map(str) | ANYTHING)
)


@given(EVENTS | ANYTHING, st.integers(0, 240).map(lambda each: timedelta(minutes=each)))
def test_whatever_a_calendar_says_the_departures_are_ahead_in_order(
    events: Any, margin: timedelta
) -> None:
    found = trips(events, BERLIN, margin, NOW, UNTIL)
    assert all(NOW < each.at <= UNTIL for each in found)
    assert [each.at for each in found] == sorted(each.at for each in found)


@given(st.text() | st.from_regex(r"[-0-9.,]*\s*(%|kWh|km)\w*", fullmatch=True))
def test_whatever_a_text_says_an_amount_can_be_meant(text: str) -> None:
    goal = need({"summary": text})
    most = {GoalKind.PERCENT: 100, GoalKind.ENERGY: 1_000_000, GoalKind.DISTANCE: 5000}
    assert goal is None or 0 < goal.amount <= most[goal.kind]


@given(st.text(), st.integers(1, 100), st.text())
def test_an_amount_between_spaces_is_found_unless_another_comes_before(
    before: str, amount: int, after: str
) -> None:
    stated = need({"summary": before + " "})
    found = need({"summary": f"{before} {amount} % {after}"})
    assert found == (stated or percent(amount))
