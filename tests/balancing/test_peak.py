"""The month's peak: quarter hours are measured right, and what cars may draw never raises it."""

from datetime import UTC, datetime, timedelta

from hypothesis import example, given, strategies as st
import pytest

from custom_components.ev_station.balancing.peak import (
    QUARTER,
    REACTION_S,
    expected_w,
    followed,
    quarter_of,
    room_w,
    tallied,
)
from custom_components.ev_station.model.grid import Quarter, QuarterMean, Tally
from custom_components.ev_station.model.state import Grid

START = datetime(2026, 1, 12, 18, 15, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def look(
    before: Tally | None,
    grid_w: int | None,
    now: datetime,
    quarter_w: int | None = None,
    house_w: int | None = None,
) -> Tally:
    found = tallied(before, None, grid_w, quarter_w, house_w, now)
    assert found is not None
    return found


def test_quarter_hours_begin_at_the_quarters() -> None:
    assert quarter_of(at(14.99)) == START
    assert quarter_of(at(15)) == at(15)


def test_a_quarter_hours_mean_is_that_of_its_energy() -> None:
    # 3 kW for ten minutes, 6 kW for five: 4 kW.
    tally = look(None, 3000, START)
    tally = look(tally, 6000, at(10))
    assert expected_w(tally) == 4000
    tally = look(tally, 0, at(15))
    assert tally.last == QuarterMean(START, 4000)
    assert (tally.start, tally.energy_ws) == (at(15), 0)


def test_what_crosses_the_border_is_parted_there() -> None:
    tally = look(look(None, 0, START), 9000, at(14))
    tally = look(tally, 9000, at(16))
    assert tally.last == QuarterMean(START, 600)
    assert tally.energy_ws == 9000 * 60


def test_exports_do_not_count_against_imports() -> None:
    tally = look(look(None, -8000, START), 3000, at(5))
    assert look(tally, 0, at(15)).last == QuarterMean(START, 2000)


def test_a_silent_meter_is_taken_to_go_on_as_it_was() -> None:
    assert tallied(None, None, None, None, None, START) is None
    tally = look(look(None, 3000, START), None, at(7))
    assert look(tally, None, at(15)).last == QuarterMean(START, 3000)


def test_one_begins_in_the_midst_of_a_quarter_hour() -> None:
    # What was before is not known: as it is now.
    assert look(None, 3000, at(10)).energy_ws == 3000 * 600
    shown = Quarter(START, at(4), 1000 * 240, 1000)
    found = tallied(None, shown, 3000, None, None, at(10))
    assert found is not None
    assert found.energy_ws == 1000 * 240 + 3000 * 360
    old = Quarter(START - QUARTER, at(-1), 10**9, 9)
    fresh = tallied(None, old, 3000, None, None, at(10))
    assert fresh is not None
    assert fresh.energy_ws == 3000 * 600


def test_the_operators_own_meter_is_right_but_for_the_first_half_minute() -> None:
    tally = look(look(None, 3000, START), 3000, at(5), quarter_w=1500)
    assert tally.energy_ws == 1500 * 900
    # It may still tell of the quarter hour before.
    border = look(tally, 3000, at(15) + SECOND, quarter_w=4000)
    assert border.energy_ws == 3000


def test_a_clock_set_back_takes_nothing_away() -> None:
    tally = look(look(None, 3000, at(5)), 3000, at(4))
    assert tally.energy_ws == 3000 * 300
    assert look(tally, 3000, at(-20)).start == START


def grid(*, peak_w: int) -> Grid:
    return Grid(month="2026-01", peak_w=peak_w)


def test_the_peak_rises_with_a_quarter_hour_that_is_over_and_begins_anew_with_the_month() -> None:
    tally = Tally(at(15), 0, 0, at(15), QuarterMean(START, 4100))
    after = followed(grid(peak_w=3000), tally, "2026-01", "2026-01", None)
    assert after.peak_w == 4100
    assert followed(after, tally._replace(last=None), "2026-01", "2026-01", None).peak_w == 4100
    # The last quarter hour of January is not February's.
    assert followed(after, tally, "2026-02", "2026-01", None).peak_w == 0
    assert followed(after, tally, "2026-01", "2026-01", 2800).peak_w == 2800


def test_a_quarter_hour_is_written_down_when_it_changed_and_not_too_often() -> None:
    tally = look(None, 3000, START)
    first = followed(Grid(), tally, "2026-01", "2026-01", None)
    assert first.quarter == Quarter(START, START, 0, 3000)
    soon = followed(first, look(tally, 9000, at(0.25)), "2026-01", "2026-01", None)
    assert soon is first
    same = followed(first, look(tally, 3050, at(5)), "2026-01", "2026-01", None)
    assert same is first
    changed = followed(first, look(tally, 9000, at(5)), "2026-01", "2026-01", None)
    # A third at 3 kW, the rest at 9 kW.
    assert changed.quarter == Quarter(START, at(5), 3000 * 300, 7000)


@pytest.mark.parametrize(
    ("energy_w", "minutes", "net", "running", "room"),
    [
        # 5 kW, less 100 W kept, less the house's 1 kW.
        (5000, 5, 1000, 0, 3900),
        # Nothing used for ten minutes: no car begins with what it could not go on with.
        (0, 10, 2000, 0, 2900),
        # But one that charges goes on.
        (0, 10, 2000, 4140, 4140),
        (0, 10, 2010, 1380, 2800),
        # An oven used up the quarter hour's energy: 5 kW * 900 s - 6 kW * 600 s, over 300 s.
        (6000, 10, 1000, 1380, 2000),
        (8000, 10, 1000, 1380, -2000),
        # In the last seconds a small error is not made up for at any cost.
        (5020, 14.9, 4000, 0, 700),
    ],
)
def test_what_is_left_of_a_quarter_hour(
    energy_w: int, minutes: float, net: int, running: int, room: int
) -> None:
    tally = Tally(START, int(energy_w * minutes * 60), 0, at(minutes))
    assert room_w(tally, 5000, net, running, at(minutes)) == room


@given(
    st.integers(2500, 10_000),
    st.lists(st.integers(0, 2300), min_size=15, max_size=15),
    st.sampled_from([1380, 4140]),
)
def test_cars_that_obey_never_raise_the_peak(peak: int, house: list[int], least: int) -> None:
    """Each minute the house draws otherwise; a car takes all of its room, or nothing below its least."""
    tally: Tally | None = None
    car = 0
    for minute, net in enumerate(house):
        now = at(minute)
        tally = look(tally, net + car, now)
        running = least if car else 0
        room = room_w(tally, peak, net, running, now)
        car = room if room >= least else 0
        tally = tally._replace(power_w=net + car)
    closed = look(tally, 0, at(15)).last
    assert closed is not None
    assert closed.mean_w <= peak


def test_what_keeps_a_car_going_is_what_lets_it_stop_in_time() -> None:
    # 1.5 kW beside a house of 2 kW are too much for 3 kW in the long run: 4.5 minutes' worth of 900 W, and 30 s.
    kept, worst = 2900 * 900, 2000
    tally = Tally(START, 0, 0, START, house_w=worst)
    assert room_w(tally, 3000, worst, 1500, START) == 1500
    last = 3500 * 510
    assert kept - last - worst * 390 == 1500 * 30
    at_last = Tally(START, last, 0, at(8.5), house_w=worst)
    assert room_w(at_last, 3000, worst, 1500, at(8.5)) == 1500
    over = at_last._replace(energy_ws=last + 30)
    assert room_w(over, 3000, worst, 1500, at(8.5)) == 1499
    # A house that drew 2.3 kW a moment ago may do so again, and so may that of the quarter hour before.
    assert room_w(at_last._replace(house_w=2300), 3000, worst, 1500, at(8.5)) < 1500
    before = at_last._replace(house_w=0, last=QuarterMean(START - QUARTER, 0, 2300))
    assert room_w(before, 3000, worst, 1500, at(8.5)) < 1500


LOOK_S = 5
LOADS = st.lists(st.tuples(st.sampled_from((0, 20, 50, 80, 100)), st.integers(1, 12)), min_size=1)
"""How much of its most a house draws, %, and for how many half minutes."""


@given(
    st.integers(2500, 10_000),
    LOADS,
    st.integers(0, REACTION_S),
    st.sampled_from([1380, 4140]),
    st.booleans(),
)
@example(6000, [(50, 22), (100, 8)], 0, 4140, True)
@example(2500, [(0, 26), (100, 4)], REACTION_S, 1380, True)
def test_no_house_below_the_peak_and_no_lag_of_a_charger_makes_cars_raise_it(
    peak: int, loads: list[tuple[int, int]], lag_s: int, least: int, charges: bool
) -> None:
    """The house draws at most what it drew before and 100 W less than the peak; a car takes all of its room, late.

    What flows too much until a charger follows is made up for but at the very end.
    """
    house = [(peak - 100) * percent // 100 for percent, count in loads for _ in range(count)]
    tally: Tally | None = Tally(START - QUARTER, 0, 0, START - SECOND, house_w=max(house))
    told = [least if charges else 0] * (lag_s // LOOK_S + 1)
    drawn_ws = 0
    for look_at in range(0, 900, LOOK_S):
        now = START + look_at * SECOND
        net, car = house[look_at // 30 % len(house)], told[-1 - lag_s // LOOK_S]
        tally = look(tally, net + car, now, house_w=net)
        room = room_w(tally, peak, net, least if told[-1] else 0, now)
        told.append(room if room >= least else 0)
        drawn_ws += (net + car) * LOOK_S
    assert drawn_ws / 900 <= peak + peak * (lag_s + LOOK_S) / 900


@given(st.integers(-5000, 10_000), st.integers(0, 900), st.integers(0, 5000))
def test_less_is_left_the_more_the_house_draws(net: int, second: int, energy_w: int) -> None:
    now = START + second * SECOND
    tally = Tally(START, energy_w * second, 0, now)
    assert room_w(tally, 4000, net + 100, 0, now) <= room_w(tally, 4000, net, 0, now)
