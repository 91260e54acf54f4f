"""Fewer periods than a plan has."""

from decimal import Decimal

from hypothesis import given, strategies as st

from custom_components.ev_station.planning.schedule import Period, shortened


def periods(*limits: float, phases: int = 3) -> list[Period]:
    """Return quarter hours with such currents, the last of which is the tail."""
    return [Period(900 * t, Decimal(str(amps)), phases) for t, amps in enumerate(limits)]


def told(found: tuple[Period, ...]) -> list[tuple[int, float]]:
    """Return minutes and A."""
    return [(each.start_s // 60, float(each.limit_a)) for each in found]


def test_what_goes_on_is_one_period() -> None:
    assert told(shortened(periods(0, 16, 16, 0, 6), 24)) == [(0, 0), (15, 16), (45, 0), (60, 6)]


def test_other_phases_are_another_period() -> None:
    one, other = periods(10), periods(10, phases=1)
    both = (*one, other[0]._replace(start_s=900))
    assert shortened([*both, Period(1800, Decimal(6), 3)], 24)[:2] == both


def test_neighbours_that_lose_least_become_one() -> None:
    row = periods(16, 15, 0, 10, 6)
    assert told(shortened(row, 4)) == [(0, 15), (30, 0), (45, 10), (60, 6)]
    assert told(shortened(row, 3)) == [(0, 15), (30, 0), (60, 6)]


@given(
    st.lists(st.sampled_from((0.0, 6.0, 9.5, 16.0)), min_size=1, max_size=12),
    st.integers(2, 6),
)
def test_no_more_than_the_plan_is_ever_allowed(currents: list[float], most: int) -> None:
    found = shortened(periods(*currents, 0), most)
    assert len(found) <= most
    assert found[0].start_s == 0

    def allowed(second: int) -> Period:
        return [each for each in found if each.start_s <= second][-1]

    for t, current in enumerate(currents):
        assert allowed(900 * t).limit_a <= Decimal(str(current))
    assert allowed(900 * len(currents)).limit_a == 0
