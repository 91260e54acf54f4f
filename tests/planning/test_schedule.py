"""A plan as a charging profile."""

from decimal import Decimal

from hypothesis import given, strategies as st

from custom_components.ev_station.planning.problem import Charge, Charges, Problem
from custom_components.ev_station.planning.schedule import Period, schedule

from .sites import ONE, THREE, car, draws, slots

EV = car("a", 10, modes=(THREE, ONE))


def site(count: int) -> Problem:
    """Return so many slots."""
    return Problem(slots=slots([0.1] * count), evs=(EV,))


def periods(charges: Charges, *, most: int = 24, tail: int = 6) -> list[tuple[int, float, int]]:
    """Return a schedule's periods: minutes, A, phases."""
    found = schedule(site(len(charges)), EV, charges, tail_a=Decimal(tail), most=most)
    return [(each.start_s // 60, float(each.limit_a), each.phases) for each in found]


def test_what_goes_on_is_one_period_and_the_tail_comes_last() -> None:
    assert periods(draws(0, 16, 16, 0)) == [(0, 0, 3), (15, 16, 3), (45, 0, 3), (60, 6, 3)]


def test_currents_are_rounded_down_to_what_a_charger_knows() -> None:
    assert periods(draws(7.19999)) == [(0, 7.1, 3), (15, 6, 3)]


def test_a_pause_keeps_the_phases() -> None:
    row = (Charge(10, 1), None, Charge(10, 1))
    assert periods(row) == [(0, 10, 1), (15, 0, 1), (30, 10, 1), (45, 6, 3)]


def test_neighbours_that_lose_least_become_one() -> None:
    row = draws(16, 15, 0, 10)
    assert periods(row, most=4) == [(0, 15, 3), (30, 0, 3), (45, 10, 3), (60, 6, 3)]
    assert periods(row, most=3) == [(0, 15, 3), (30, 0, 3), (60, 6, 3)]


@given(
    st.lists(st.sampled_from((0.0, 6.0, 9.55, 16.0)), min_size=1, max_size=12),
    st.integers(2, 6),
)
def test_no_more_than_the_plan_is_ever_allowed(currents: list[float], most: int) -> None:
    found = schedule(site(len(currents)), EV, draws(*currents), tail_a=Decimal(0), most=most)
    assert len(found) <= most
    assert found[0].start_s == 0

    def allowed(second: int) -> Period:
        return [each for each in found if each.start_s <= second][-1]

    for t, current in enumerate(currents):
        assert allowed(900 * t).limit_a <= Decimal(str(current))
    assert allowed(900 * len(currents)).limit_a == 0
