"""What the house will draw."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.planning.baseload import (
    AHEAD,
    DayType,
    Load,
    Profile,
    foreseen,
    learnt,
)

BERLIN = ZoneInfo("Europe/Berlin")
# A Monday, 10:37 in Berlin.
NOW = datetime(2026, 11, 23, 9, 37, tzinfo=UTC)
FULL_HOUR = NOW.replace(minute=0)
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def past(days: float, power_w: float = 300, now: datetime = FULL_HOUR) -> list[Load]:
    """Return a house that always drew the same, up to the running hour."""
    return [Load(now - HOUR * (number + 1), power_w) for number in range(round(days * 24))]


def known(loads: Iterable[Load], now: datetime = NOW, zone: ZoneInfo = BERLIN) -> Profile:
    found = learnt(loads, now, zone)
    assert found is not None
    return found


def usual(profile: Profile, day: DayType, hour: int) -> int:
    return round(profile.usual[day, hour].value)


def test_a_house_nobody_knows() -> None:
    assert learnt([], NOW, BERLIN) is None
    ancient = [Load(load.start - timedelta(weeks=6), 300) for load in past(1)]
    to_come = [Load(NOW + HOUR, 300)]
    assert learnt([*ancient, *to_come], NOW, BERLIN) is None


def test_workdays_saturdays_and_sundays_are_told_apart_by_the_local_day() -> None:
    by_weekday = [300] * 5 + [600, 900]
    loads = [
        Load(load.start, by_weekday[load.start.astimezone(BERLIN).weekday()]) for load in past(42)
    ]
    profile = known(loads)
    # Each is drawn a little towards the others: there were only six Saturdays.
    assert [usual(profile, day, 12) for day in DayType] == [
        pytest.approx(300, abs=10),
        pytest.approx(600, abs=50),
        pytest.approx(900, abs=100),
    ]
    # Friday 23:00 UTC is Saturday in Berlin, and Sunday 23:00 is Monday.
    assert profile.at(datetime(2026, 11, 27, 23, tzinfo=UTC)).value > 500
    assert profile.at(datetime(2026, 11, 29, 23, tzinfo=UTC)).value < 350


def test_an_hour_of_the_local_day_stays_what_it_is_when_clocks_change() -> None:
    # Breakfast at 07:00 is 05:00 UTC before 2026-10-25 and 06:00 after.
    now = datetime(2026, 10, 25, 12, tzinfo=UTC)
    loads = [
        Load(load.start, 1200 if load.start.astimezone(BERLIN).hour == 7 else 200)
        for load in past(28, now=now)
    ]
    profile = known(loads, now)
    series = foreseen(profile, now)
    breakfasts = [each.start for each in series if each.value > 700]
    assert breakfasts == [
        datetime(2026, 10, 26, 6, tzinfo=UTC),
        datetime(2026, 10, 27, 6, tzinfo=UTC),
    ]


def test_a_zone_half_an_hour_off() -> None:
    kolkata = ZoneInfo("Asia/Kolkata")
    loads = [Load(load.start, 900 if load.start.hour == 12 else 100) for load in past(14)]
    # 12:00 UTC is 17:30 there, in the hour that begins at 17:00.
    assert usual(known(loads, zone=kolkata), DayType.WORKDAY, 17) > 800


def test_with_few_days_all_days_speak_for_each_and_then_all_hours() -> None:
    # Ten hours of a Monday: 00:00 to 10:00 in Berlin.
    profile = known([*past(9 / 24, 300), Load(FULL_HOUR - 10 * HOUR, 1000)])
    assert profile.days == 1
    # Nine hours of 300 W and one of 1000 W, which lasted from midnight to 01:00.
    assert profile.mean_w == pytest.approx(370, abs=1)
    assert usual(profile, DayType.WORKDAY, 0) > usual(profile, DayType.SUNDAY, 0) > 500
    assert usual(profile, DayType.SUNDAY, 15) == usual(profile, DayType.WORKDAY, 15)
    assert usual(profile, DayType.SUNDAY, 15) == pytest.approx(370, abs=1)


def test_recent_weeks_count_more() -> None:
    loads = [
        Load(load.start, 800 if load.start >= NOW - timedelta(weeks=2) else 200)
        for load in past(42)
    ]
    # By weight: a half-life each makes 1/2, 1/4 and 1/8, of which the first is 4/7; evenly it would be 400 W.
    assert usual(known(loads), DayType.WORKDAY, 12) == pytest.approx(200 + 600 * 4 / 7, abs=15)


def test_what_is_far_out_is_no_habit() -> None:
    loads = [load._replace(power_w=300 + 10 * (number % 5)) for number, load in enumerate(past(42))]
    noon = next(index for index, load in enumerate(loads) if load.start.hour == 12)
    before = usual(known(loads), DayType.WORKDAY, 13)
    loads[noon + 24 * 3] = loads[noon + 24 * 3]._replace(power_w=11_000)
    after = usual(known(loads), DayType.WORKDAY, 13)
    assert before <= after <= before + 5


def test_what_is_measured_now_fades_into_what_is_usual() -> None:
    series = foreseen(known(past(14, 300)), NOW, 1300)
    assert [each.value for each in series[:10]] == [
        # 1000 W more than usual, of which 75 %, 55 %, 45 % ... are left.
        *(1050, 850, 750, 700, 600, 550, 500, 450),
        *(300, 300),
    ]
    assert [each.value for each in foreseen(known(past(14, 300)), NOW)[:2]] == [300, 300]


def test_quarter_hours_first_then_hours() -> None:
    series = foreseen(known(past(14)), NOW)
    assert series[0].start == NOW.replace(minute=30)
    lengths = [each.end - each.start for each in series]
    # 10:30 to 12:30 as the shares reach, and on to the full hour.
    assert lengths[:10] == [QUARTER] * 10
    assert lengths[10:] == [HOUR] * (len(series) - 10)
    assert series[10].start == datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_one_hour_in_ten_was_less_and_one_more() -> None:
    # At each hour 0 to 1000 W in steps of 100, on eleven consecutive days: the deciles are 100 and 900.
    loads = [
        load._replace(power_w=100 * (number // 24 % 11)) for number, load in enumerate(past(11))
    ]
    now = foreseen(known(loads), NOW)[-1]
    assert now.low is not None
    assert now.high is not None
    assert now.low < 200
    assert 800 < now.high < 1100
    # What is known of now leaves less to guess: sqrt(1 - 0.75²) = 0.66 of it.
    first = foreseen(known(loads), NOW, float(now.value))[0]
    assert first.low is not None
    assert first.high is not None
    assert first.high - first.value == pytest.approx(
        Decimal("0.66") * (now.high - now.value), abs=60
    )


houses = st.lists(
    st.tuples(st.integers(1, 24 * 50), st.integers(0, 20_000)),
    min_size=1,
    max_size=60,
    unique_by=lambda hour: hour[0],
).map(lambda hours: [Load(FULL_HOUR - HOUR * number, power) for number, power in hours])
moments = st.integers(0, 365 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))
zones = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]
)


@given(houses, st.none() | st.integers(0, 20_000))
def test_whatever_a_house_drew(loads: list[Load], measured: int | None) -> None:
    profile = learnt(loads, NOW, BERLIN)
    if profile is None:
        assert all(load.start < NOW - timedelta(weeks=6) for load in loads)
        return
    series = foreseen(profile, NOW, measured)
    least = min(load.power_w for load in loads)
    most = max(*(load.power_w for load in loads), measured or 0)
    for each in series:
        assert each.low is not None
        assert each.high is not None
        assert 0 <= each.low <= each.value <= each.high
        assert min(least, measured if measured is not None else least) <= each.value <= most


@given(houses.flatmap(lambda loads: st.tuples(st.just(loads), st.permutations(loads))))
def test_the_order_of_the_past_does_not_matter(houses: tuple[list[Load], list[Load]]) -> None:
    first, second = (learnt(loads, NOW, BERLIN) for loads in houses)
    assert first == second


@given(moments, zones)
def test_two_days_are_covered_without_a_gap(now: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    series = foreseen(known(past(3, now=now), now, zone), now, 500)
    assert series[0].start <= now < series[0].end
    assert all(before.end == after.start for before, after in pairwise(series))
    assert AHEAD <= series[-1].end - series[0].start < AHEAD + HOUR


@given(st.integers(-5000, 20_000), st.floats(0.05, 42))
def test_a_house_that_never_changes_never_will(power_w: int, days: float) -> None:
    series = foreseen(known(past(days, power_w)), NOW, power_w)
    assert {(each.low, each.value, each.high) for each in series} == {(power_w,) * 3}
