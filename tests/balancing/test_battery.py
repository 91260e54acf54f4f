"""The home battery beside the cars: lending, boosting, holding."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.balancing.battery import (
    HELD_ON,
    boost_is_over,
    boosted,
    held,
    learnt,
    lends,
    lent_w,
    needs_hold,
)
from custom_components.ev_station.balancing.claims import FREELY, Allotted, Supply
from custom_components.ev_station.balancing.loads import BatteryMemory
from custom_components.ev_station.model.allowance import ReasonKind
from custom_components.ev_station.model.energy import BatterySettings, EnergyReading
from custom_components.ev_station.model.events import SiteObserved
from custom_components.ev_station.model.state import HomeBattery

NOW = datetime(2026, 6, 21, 12, tzinfo=UTC)
SETTINGS = BatterySettings(lends_above_percent=70, gives_w=2500, boost_to_percent=30)
IDLE, LENDING = HomeBattery(), HomeBattery(lends=True)
CHEAP = Allotted(reason=ReasonKind.CHEAP)
CLOUD = Allotted(Supply.LEAST, ReasonKind.CLOUD)
NO_SUN = Allotted(Supply.NONE, ReasonKind.NO_SUN)
OFF = Allotted(Supply.NONE, ReasonKind.OFF)
SUN = Allotted(of_sun=True)
SUN_AND_LEAST = Allotted(of_sun=True, guaranteed=True)


@pytest.mark.parametrize(
    ("before", "percent", "lending"),
    [
        (IDLE, 74, False),
        (IDLE, 75, True),
        (LENDING, 74, True),
        (LENDING, 71, True),
        (LENDING, 70, False),
        (LENDING, None, False),
        (IDLE, None, False),
    ],
)
def test_it_lends_above_its_level(before: HomeBattery, percent: int | None, lending: bool) -> None:
    assert lends(before, percent, SETTINGS) is lending


def test_a_level_near_full_is_reached_when_full() -> None:
    high = replace(SETTINGS, lends_above_percent=97)
    assert not lends(IDLE, 99, high)
    assert lends(IDLE, 100, high)
    assert lends(LENDING, 98, high)
    never = replace(SETTINGS, lends_above_percent=100)
    assert not lends(LENDING, 100, never)


@pytest.mark.parametrize(("percent", "over"), [(31, False), (30, True), (0, True), (None, False)])
def test_a_boost_ends_at_its_level(percent: int | None, over: bool) -> None:
    assert boost_is_over(percent, SETTINGS) is over


@pytest.mark.parametrize(
    ("battery", "percent", "boosts", "watts"),
    [
        (IDLE, 80, False, 0),
        (IDLE, 80, True, 2500),
        (LENDING, 80, False, 2500),
        (LENDING, 80, True, 2500),
        (LENDING, None, True, 0),
        (HomeBattery(lends=True, held=True), 80, True, 0),
    ],
)
def test_what_it_lends(battery: HomeBattery, percent: int | None, boosts: bool, watts: int) -> None:
    assert lent_w(battery, SETTINGS, SiteObserved(battery_percent=percent), boosts=boosts) == watts


def test_a_house_without_one_lends_nothing() -> None:
    assert lent_w(LENDING, None, SiteObserved(battery_percent=80), boosts=True) == 0


@pytest.mark.parametrize(("most", "watts"), [(None, 2500), (1800, 1800), (0, 0), (4000, 2500)])
def test_it_lends_no_more_than_it_was_seen_to_give(most: int | None, watts: int) -> None:
    seen = SiteObserved(battery_percent=80, battery_most_w=most)
    assert lent_w(LENDING, SETTINGS, seen, boosts=False) == watts


def flows(grid: int | None, battery: int | None) -> EnergyReading:
    """Return what the meters say."""
    return EnergyReading(
        grid_w=None if grid is None else Decimal(grid),
        battery_w=None if battery is None else Decimal(battery),
        at=NOW,
    )


def later(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("battery", "most"),
    # It gives 1800 W, nothing, or charges by a plan of its own.
    [(-1800, 1800), (0, 0), (500, 0)],
)
def test_its_end_is_learnt_from_what_is_imported(battery: int, most: int) -> None:
    short = learnt(BatteryMemory(), flows(900, battery), NOW)
    assert (short.most_w, short.short_since) == (None, NOW)
    assert learnt(short, flows(900, battery), later(29)) == short
    known = learnt(short, flows(900, battery), later(30))
    assert (known.most_w, known.learnt_at) == (most, later(30))
    # Obeyed, nothing is imported any more; after a while it is tried again.
    calm = learnt(known, flows(50, battery), later(60))
    assert (calm.most_w, calm.short_since) == (most, None)
    assert learnt(calm, flows(50, battery), later(929)).most_w == most
    assert learnt(calm, flows(50, battery), later(930)) == BatteryMemory()


@pytest.mark.parametrize("reading", [flows(900, None), flows(None, -1800), flows(230, -1800)])
def test_nothing_is_learnt_where_nothing_is_short(reading: EnergyReading) -> None:
    assert learnt(BatteryMemory(NOW), reading, later(60)) == BatteryMemory()


@pytest.mark.parametrize(
    ("allotted", "after"),
    [
        (FREELY, FREELY),
        (CHEAP, CHEAP),
        (OFF, OFF),
        (SUN, Allotted(reason=ReasonKind.BOOST, of_sun=True)),
        (CLOUD, Allotted(reason=ReasonKind.BOOST, of_sun=True)),
        (NO_SUN, Allotted(reason=ReasonKind.BOOST, of_sun=True)),
        (SUN_AND_LEAST, Allotted(reason=ReasonKind.BOOST, of_sun=True, guaranteed=True)),
    ],
)
def test_a_boost_waits_for_no_sun(allotted: Allotted, after: Allotted) -> None:
    assert boosted(allotted) == after


@pytest.mark.parametrize(
    ("allotted", "drawn", "over", "needed"),
    [
        (FREELY, 0, 9000, True),
        (FREELY, None, 0, True),
        (CHEAP, 11000, 0, True),
        (SUN, 5000, 4000, False),
        (CLOUD, 4140, 0, False),
        # The minimum at any time: only what the sun does not give drains the battery.
        (SUN_AND_LEAST, 4140, 4000, False),
        (SUN_AND_LEAST, 4140, 3900, True),
        (SUN_AND_LEAST, 200, -3000, False),
        (SUN_AND_LEAST, None, -3000, False),
    ],
)
def test_who_would_drain_it(allotted: Allotted, drawn: int | None, over: int, needed: bool) -> None:
    assert needs_hold(allotted, drawn, over) is needed


def test_it_is_held_at_once_and_let_go_a_while_after() -> None:
    holding = held(IDLE, NOW, needed=True)
    assert (holding.held, holding.held_until) == (True, None)
    waning = held(holding, NOW, needed=False)
    assert (waning.held, waning.held_until) == (True, NOW + HELD_ON)
    assert held(waning, NOW + HELD_ON - timedelta(seconds=1), needed=False) == waning
    assert held(waning, NOW + HELD_ON, needed=False) == IDLE
    assert held(waning, NOW + HELD_ON, needed=True) == holding
    assert held(IDLE, NOW, needed=False) == IDLE


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 300)), max_size=30))
def test_it_is_held_whenever_needed_and_not_for_long_after(looks: list[tuple[bool, int]]) -> None:
    battery, now, needed_at = IDLE, NOW, None
    for needed, later in looks:
        now += timedelta(seconds=later)
        battery = held(battery, now, needed=needed)
        assert battery.held or not needed
        needed_at = now if needed else needed_at
        assert not battery.held or needed_at is not None
    for _ in range(2):
        battery = held(battery, now, needed=False)
        now += HELD_ON
    assert not held(battery, now, needed=False).held


@given(st.lists(st.integers(0, 100), max_size=40), st.integers(0, 100))
def test_it_never_lends_at_or_below_its_level(levels: list[int], above: int) -> None:
    settings, battery = replace(SETTINGS, lends_above_percent=above), IDLE
    for percent in levels:
        battery = replace(battery, lends=lends(battery, percent, settings))
        assert not battery.lends or percent > above


@given(st.lists(st.integers(0, 4), max_size=40), st.integers(0, 95))
def test_a_trembling_level_turns_it_at_most_once(wobble: list[int], above: int) -> None:
    settings, battery, turns = replace(SETTINGS, lends_above_percent=above), LENDING, 0
    for more in wobble:
        after = replace(battery, lends=lends(battery, above + more, settings))
        turns += after.lends is not battery.lends
        battery = after
    assert turns <= 1
