"""Setting sites apart."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, strategies as st

from custom_components.ev_station.planning.explain import explain
from custom_components.ev_station.planning.plan import plan
from custom_components.ev_station.planning.problem import Problem
from custom_components.ev_station.planning.spread import MOST, spread

from .sites import QUARTER, car, slots

NIGHT = slots([0.3] * 8 + [0.2] * 24 + [0.3] * 8)


def begins(secret: str, kwh: float = 5.52) -> int:
    """Return the slot in which a site's car begins."""
    site = Problem(slots=spread(NIGHT, secret), evs=(car("a", kwh),))
    (charges,) = plan(site).charges
    drawn = [t for t, charge in enumerate(charges) if charge]
    # In the cheap hours, and in one go.
    assert 8 <= drawn[0] <= drawn[-1] < 32
    assert drawn[-1] - drawn[0] == len(drawn) - 1
    return drawn[0]


def test_of_a_hundred_sites_few_begin_together() -> None:
    found = Counter(begins(f"site {number}") for number in range(100))
    # Six or seven stretches are cheap, and the first is cut to the same begin for most.
    assert max(found.values()) <= 25
    assert len(found) >= 16
    # Not only at full hours.
    assert len({slot % 4 for slot in found}) == 4


def test_what_is_told_is_the_money_alone() -> None:
    site = Problem(slots=spread(NIGHT, "x"), evs=(car("a", 5.52),))
    assert round(explain(plan(site), 0).cost, 6) == round(5.52 * 0.2, 6)


@given(secret=st.text(max_size=8), minutes=st.integers(1, 14))
def test_a_moment_counts_the_same_at_each_look(secret: str, minutes: int) -> None:
    before = spread(NIGHT, secret)
    first = replace(NIGHT[2], start=NIGHT[2].start + timedelta(minutes=minutes))
    after = spread((first, *NIGHT[3:]), secret)
    assert [slot.whim for slot in after] == [slot.whim for slot in before[2:]]
    assert all(0 <= slot.whim < MOST for slot in before)
    assert all(slot.end - slot.start == QUARTER for slot in before)
