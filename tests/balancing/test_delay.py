"""Random delays: who is delayed, for how long, and what holds meanwhile."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.balancing.claims import FREELY, Allotted, Supply
from custom_components.ev_station.balancing.delay import delayed, drawn_s
from custom_components.ev_station.model.allowance import Allowance, Feed, ReasonKind
from custom_components.ev_station.model.energy import ChargeMode
from custom_components.ev_station.model.ids import EvseId

NOW = datetime(2026, 11, 28, 0, 30, tzinfo=UTC)
DRAWN = timedelta(seconds=217)
SUN = Allotted(of_sun=True)
CHEAP = Allotted(reason=ReasonKind.CHEAP)
DEAR = Allotted(Supply.NONE, ReasonKind.DEAR)
CLOUD = Allotted(Supply.LEAST, ReasonKind.CLOUD)


def allowance(feed: Feed = Feed.NONE, turns_at: datetime | None = None) -> Allowance:
    return Allowance(id=EvseId("A", 1), since=NOW, feed=feed, turns_at=turns_at)


@pytest.mark.parametrize("wanted", [CHEAP, SUN, CLOUD])
def test_a_beginning_waits_and_then_comes(wanted: Allotted) -> None:
    first = delayed(wanted, allowance(), ChargeMode.SMART, DRAWN, NOW)
    assert first.allotted == Allotted(Supply.NONE, ReasonKind.DELAYED, until=NOW + DRAWN)
    # Another draw meanwhile changes nothing.
    later = NOW + DRAWN - timedelta(seconds=1)
    held = delayed(wanted, first.allowance, ChargeMode.SMART, timedelta(hours=1), later)
    assert held.allotted == first.allotted
    begun = delayed(wanted, held.allowance, ChargeMode.SMART, DRAWN, NOW + DRAWN)
    assert begun.allotted == wanted
    assert begun.allowance.turns_at is None
    assert begun.allowance.feed is not Feed.NONE


def test_the_end_of_cheap_hours_waits_too_and_the_suns_does_not() -> None:
    ending = delayed(DEAR, allowance(Feed.GRID), ChargeMode.SMART, DRAWN, NOW)
    assert ending.allotted == Allotted(Supply.ALL, ReasonKind.DELAYED, until=NOW + DRAWN)
    dusk = delayed(DEAR, allowance(Feed.SUN), ChargeMode.SMART, DRAWN, NOW)
    assert (dusk.allotted, dusk.allowance.feed) == (DEAR, Feed.NONE)


def test_from_sun_to_cheap_hours_the_sun_goes_on_meanwhile() -> None:
    turning = delayed(CHEAP, allowance(Feed.SUN), ChargeMode.SMART, DRAWN, NOW)
    assert turning.allotted == SUN


def test_what_ends_before_its_delay_never_was() -> None:
    waiting = allowance(Feed.NONE, turns_at=NOW + DRAWN)
    over = delayed(DEAR, waiting, ChargeMode.SMART, DRAWN, NOW)
    assert (over.allotted, over.allowance.turns_at) == (DEAR, None)


def test_a_driver_overrides_it_with_the_mode_fast() -> None:
    waiting = allowance(Feed.NONE, turns_at=NOW + DRAWN)
    fast = delayed(FREELY, waiting, ChargeMode.FAST, DRAWN, NOW)
    assert (fast.allotted, fast.allowance.turns_at) == (FREELY, None)
    off = Allotted(Supply.NONE, ReasonKind.OFF)
    assert delayed(off, allowance(Feed.GRID), ChargeMode.OFF, DRAWN, NOW).allotted == off


def test_without_the_option_nothing_is_delayed() -> None:
    found = delayed(CHEAP, allowance(), ChargeMode.SMART, timedelta(0), NOW)
    assert found.allotted == CHEAP


@given(st.text(max_size=20), st.integers(0, 1800), st.datetimes(timezones=st.just(UTC)))
def test_a_draw_stays_within_its_most_and_repeats_itself(
    session: str, most: int, now: datetime
) -> None:
    drawn = drawn_s("5ec4e7", session, now, most)
    assert 0 <= drawn <= most
    assert drawn == drawn_s("5ec4e7", session, now, most)


def test_draws_differ_from_house_to_house_and_are_spread_over_the_whole_time() -> None:
    drawn = [drawn_s(f"secret{house}", "session", NOW, 600) for house in range(1200)]
    thirds = [sum(low <= each < low + 200 for each in drawn) for low in (0, 200, 400)]
    assert min(thirds) > 300
    assert len(set(drawn)) > 400
