"""When restrictions hold, and that no moment at which they flip is missed: zones, seasons, midnights."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.model.tariff import (
    DayOfWeek,
    Dimension,
    PriceComponent,
    Restrictions,
    Tariff,
    TariffElement,
)
from custom_components.ev_station.tariff.windows import flips, holds

from .oracle import MINUTE, price_of, utc

DAY = timedelta(days=1)
MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NIGHTS = {
    "Berlin, an hour skipped": ("Europe/Berlin", utc(2026, 3, 28, 20)),
    "Berlin, an hour twice": ("Europe/Berlin", utc(2026, 10, 24, 20)),
    "New York, an hour skipped": ("America/New_York", utc(2026, 3, 8, 3)),
    "New York, an hour twice": ("America/New_York", utc(2026, 11, 1, 2)),
    "Lord Howe, half an hour skipped": ("Australia/Lord_Howe", utc(2026, 10, 3, 10)),
    "Lord Howe, half an hour twice": ("Australia/Lord_Howe", utc(2026, 4, 4, 10)),
    "Sao Paulo, midnight skipped": ("America/Sao_Paulo", utc(2018, 11, 3, 22)),
    "Sao Paulo, the hour before midnight twice": ("America/Sao_Paulo", utc(2018, 2, 17, 20)),
    "Beirut, midnight skipped": ("Asia/Beirut", utc(2026, 3, 28, 18)),
    "Apia, a whole day skipped": ("Pacific/Apia", utc(2011, 12, 29, 20)),
    "Kathmandu": ("Asia/Kathmandu", utc(2026, 5, 1, 10)),
    "Berlin in winter": ("Europe/Berlin", utc(2026, 1, 10, 20)),
    "Cairo, midnight skipped on a Friday": ("Africa/Cairo", utc(2026, 4, 23, 18)),
    "Cairo, the hour before midnight twice on a Thursday": ("Africa/Cairo", utc(2026, 10, 29, 16)),
}


def tariff(*restrictions: Restrictions, holidays: tuple[date, ...] = ()) -> Tariff:
    """Return a tariff whose n-th element costs n."""
    elements = tuple(
        TariffElement(
            price_components=(PriceComponent(type=Dimension.ENERGY, price=Decimal(number)),),
            restrictions=each,
        )
        for number, each in enumerate(restrictions, 1)
    )
    return Tariff(id="t", currency="EUR", elements=elements, holidays=holidays)


def at(clock: str) -> time:
    """Return a time of day."""
    return time.fromisoformat(clock)


@pytest.mark.parametrize(
    ("rule", "held"),
    [
        (Restrictions(), True),
        (Restrictions(start_time=at("12:00")), True),
        (Restrictions(start_time=at("12:01")), False),
        (Restrictions(end_time=at("12:00")), False),
        (Restrictions(end_time=at("12:01")), True),
        (Restrictions(start_time=at("11:00"), end_time=at("00:00")), True),
        (Restrictions(start_time=at("13:00"), end_time=at("00:00")), False),
        (Restrictions(start_time=at("22:00"), end_time=at("12:30")), True),
        (Restrictions(start_time=at("22:00"), end_time=at("06:00")), False),
        (Restrictions(start_time=at("12:00"), end_time=at("06:00")), True),
        (Restrictions(start_time=at("08:00"), end_time=at("08:00")), True),
        (Restrictions(start_date=date(2026, 11, 23)), True),
        (Restrictions(start_date=date(2026, 11, 24)), False),
        (Restrictions(end_date=date(2026, 11, 24)), True),
        (Restrictions(end_date=date(2026, 11, 23)), False),
        (Restrictions(day_of_week=(DayOfWeek.MONDAY, DayOfWeek.SUNDAY)), True),
        (Restrictions(day_of_week=(DayOfWeek.TUESDAY,)), False),
        (Restrictions(start_time=at("11:00"), day_of_week=(DayOfWeek.TUESDAY,)), False),
    ],
)
def test_restrictions_at_monday_noon(rule: Restrictions, held: bool) -> None:
    assert holds(rule, MONDAY_NOON, DayOfWeek.MONDAY) == held


def test_without_restrictions_nothing_flips() -> None:
    assert not list(flips(tariff(Restrictions()), ZoneInfo("UTC"), MONDAY_NOON, MONDAY_NOON + DAY))


def test_only_moments_within_the_interval() -> None:
    rule = Restrictions(start_time=at("12:00"), end_time=at("18:00"))
    zone = ZoneInfo("UTC")
    found = list(flips(tariff(rule), zone, MONDAY_NOON, MONDAY_NOON + DAY))
    assert set(found) == {utc(2026, 11, 23, 18), utc(2026, 11, 24)}
    assert not list(flips(tariff(rule), zone, MONDAY_NOON, MONDAY_NOON))


CLOCKS = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
RULES = st.builds(
    Restrictions,
    start_time=st.none() | CLOCKS,
    end_time=st.none() | CLOCKS,
    day_of_week=st.lists(st.sampled_from(DayOfWeek), unique=True, max_size=3).map(tuple),
)


def assert_no_flip_is_missed(found: Tariff, zone: ZoneInfo, start: datetime, end: datetime) -> None:
    """Between two cuts the price is the same in every minute."""
    cuts = sorted({start, *flips(found, zone, start, end), end})
    for low, high in pairwise(cuts):
        first, moment = price_of(found, zone, low), low
        while moment < high:
            assert price_of(found, zone, moment) == first, moment
            moment += 5 * MINUTE


@pytest.mark.parametrize("night", NIGHTS)
@given(
    rules=st.lists(RULES, min_size=1, max_size=2),
    offset=st.integers(0, 120),
    free=st.sets(st.integers(-1, 3)),
)
def test_no_flip_is_missed_in_nights_of_clock_changes(
    night: str, rules: list[Restrictions], offset: int, free: set[int]
) -> None:
    name, begin = NIGHTS[night]
    start = begin + offset * 5 * MINUTE
    holidays = tuple(begin.date() + days * DAY for days in sorted(free))
    found = tariff(*rules, holidays=holidays)
    assert_no_flip_is_missed(found, ZoneInfo(name), start, start + DAY)


@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize(
    "rule",
    [
        Restrictions(start_time=at("02:30"), end_time=at("03:30")),
        Restrictions(start_time=at("02:15"), end_time=at("02:45")),
        Restrictions(start_time=at("00:00"), end_time=at("00:30")),
        Restrictions(start_time=at("23:15"), end_time=at("00:00")),
        Restrictions(start_time=at("22:00"), end_time=at("06:00")),
        Restrictions(day_of_week=(DayOfWeek.SUNDAY,)),
        Restrictions(end_date=date(2018, 11, 4)),
    ],
)
def test_nor_around_the_hours_that_are_missing_or_there_twice(
    night: str, rule: Restrictions
) -> None:
    name, start = NIGHTS[night]
    assert_no_flip_is_missed(tariff(rule), ZoneInfo(name), start, start + 18 * 60 * MINUTE)


def test_dates_flip_at_local_midnight() -> None:
    rule = Restrictions(start_date=date(2026, 7, 2), end_date=date(2026, 7, 3))
    zone = ZoneInfo("Europe/Berlin")
    found = set(flips(tariff(rule), zone, utc(2026, 7, 1), utc(2026, 7, 4)))
    assert {utc(2026, 7, 1, 22), utc(2026, 7, 2, 22)} <= found
    assert_no_flip_is_missed(tariff(rule), zone, utc(2026, 7, 1), utc(2026, 7, 4))


def test_far_ends_of_the_calendar_do_not_fail() -> None:
    rule = Restrictions(start_time=at("22:00"))
    assert list(flips(tariff(rule), ZoneInfo("Asia/Tokyo"), utc(1970, 1, 1), utc(1970, 1, 2)))
