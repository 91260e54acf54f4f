"""Local days without time stamps, also those of 23 and 25 hours."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.model.forecast import Series
from custom_components.ev_station.sources.recognise import recognise

MADRID = ZoneInfo("Europe/Madrid")
SPRING = date(2026, 3, 29)
AUTUMN = date(2026, 10, 25)
USUAL = date(2026, 11, 23)
HOURS = {SPRING: 23, AUTUMN: 25, USUAL: 24}


def read(raw: dict[str, Any], today: date) -> Series:
    reader = recognise(raw)
    assert reader is not None
    return reader.read(raw, MADRID, today)


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=MADRID).astimezone(UTC)


def assert_whole(series: Series, day: date, days: int = 1) -> None:
    assert series[0].start == midnight(day)
    assert series[-1].end == midnight(day + timedelta(days=days))
    assert all(one.end == other.start for one, other in pairwise(series))


@given(st.sampled_from([SPRING, AUTUMN, USUAL]), st.sampled_from([1, 2, 4]))
def test_a_day_as_long_as_it_is(day: date, per_hour: int) -> None:
    """A spring day has 92 quarters of an hour, an autumn day 100."""
    count = HOURS[day] * per_hour
    series = read({"today": list(range(count))}, day)
    assert [each.value for each in series] == list(range(count))
    assert_whole(series, day)


def test_quarters_of_the_odd_days() -> None:
    assert len(read({"today": [1] * 92}, SPRING)) == 92
    assert len(read({"today": [1] * 100}, AUTUMN)) == 100


def test_tomorrow_follows() -> None:
    series = read({"today": [1] * 24, "tomorrow": [2] * 96}, USUAL)
    assert_whole(series, USUAL, 2)
    assert len(series) == 120


@pytest.mark.parametrize(("day", "third"), [(SPRING, 3), (AUTUMN, 2)])
def test_a_day_by_the_clock_on_the_wall(day: date, third: int) -> None:
    series = read({"today": list(range(24))}, day)
    assert_whole(series, day)
    at_two = midnight(day) + timedelta(hours=2, minutes=30)
    (found,) = [each.value for each in series if each.start <= at_two < each.end]
    assert found == third


def test_numbers_nobody_knows_leave_holes() -> None:
    series = read({"today": [None, *[1] * 22, None]}, USUAL)
    assert (series[0].start, series[-1].end) == (
        midnight(USUAL) + timedelta(hours=1),
        midnight(USUAL) + timedelta(hours=23),
    )


def test_a_list_of_no_day_is_not_guessed() -> None:
    assert read({"today": [1] * 17}, USUAL) == ()


def hours(day: date) -> dict[str, float]:
    """Return the attributes PVPC has for a day."""
    names = {f"price_{hour:02}h": hour / 100 for hour in range(24)}
    if day == SPRING:
        del names["price_02h"]
    return names | ({"price_02h_d": 0.255} if day == AUTUMN else {})


@pytest.mark.parametrize("day", [SPRING, AUTUMN, USUAL])
def test_named_hours(day: date) -> None:
    series = read(hours(day), day)
    assert len(series) == HOURS[day]
    assert_whole(series, day)
    if day == AUTUMN:
        assert [each.value for each in series[1:5]] == [
            Decimal("0.01"),
            Decimal("0.02"),
            Decimal("0.255"),
            Decimal("0.03"),
        ]


@pytest.mark.parametrize(
    ("day", "raw"),
    [
        (SPRING, {"price_02h": 1, "price_02h_d": 2}),
        (USUAL, {"price_02h_d": 2, "price_05h": None, "price_24h": 3}),
    ],
)
def test_hours_that_are_none(day: date, raw: dict[str, Any]) -> None:
    assert read(raw, day) == ()
