"""Plans that know the month's peak: as a price and as a limit, by hand."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
import pytest

from custom_components.ev_station.model.plan import Why
from custom_components.ev_station.planning.cost import evaluate
from custom_components.ev_station.planning.explain import explain
from custom_components.ev_station.planning.greedy import greedy
from custom_components.ev_station.planning.peak import under_peak
from custom_components.ev_station.planning.plan import plan
from custom_components.ev_station.planning.problem import PEAK, Capacity, Problem
from custom_components.ev_station.planning.solver import Effort

from .sites import THREE, amps, car, fuse, problems, slots

LEAST_W = 3 * 230 * 6
"""Of a car on three phases: 4140 W."""
PAID = Capacity(peak_w=LEAST_W, price_per_kw=4)
SLOW = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def whys(site: Problem, *, effort: Effort | None = None) -> list[Why | None]:
    """Return the reasons of the only car."""
    reasons = explain(plan(site, effort), 0).reasons
    return [None if reason is None else reason.why for reason in reasons]


def test_a_car_charges_slowly_below_the_peak_that_is_paid_for() -> None:
    # 2.07 kWh are two quarter hours of 4.14 kW; one of 8.28 kW would cost 16.56 more.
    site = Problem(slots=slots([0.2] * 4), evs=(car("a", 2.07),), capacity=PAID)
    made = plan(site)
    assert amps(made.charges[0]) == pytest.approx([6, 6, 0, 0], abs=0.01)
    assert (made.outcome.peak_cost, made.outcome.cost) == pytest.approx((0, 0.414), abs=1e-3)
    assert made.outcome.peak_w == pytest.approx(LEAST_W, abs=3)


def test_a_higher_peak_is_paid_once() -> None:
    # Two quarter hours of 12 A: 4.14 kWh, and 4.14 kW more at 4 each.
    site = Problem(slots=slots([0.2] * 2), evs=(car("a", 4.14),), capacity=PAID)
    made = plan(site, Effort())
    assert amps(made.charges[0]) == pytest.approx([12, 12], abs=0.01)
    assert made.outcome.peak_cost == pytest.approx(16.56, abs=0.01)
    assert explain(made, 0).cost == pytest.approx(17.388, abs=0.01)


def test_what_is_saved_is_the_peak_of_charging_at_once_too() -> None:
    # At once: 2.07 kWh in a quarter hour at 12 A would bring 4.14 kW more.
    site = Problem(
        slots=slots([0.2] * 4),
        evs=(car("a", 2.07, modes=(replace(THREE, max_a=12),)),),
        capacity=PAID,
    )
    assert explain(plan(site), 0).saved == pytest.approx(16.56, abs=0.01)


def test_greedy_raises_the_peak_by_hardly_more_than_it_must() -> None:
    # 8 kWh are 32 kW of quarter hours. Filled up to one level beside all but 2600 and 3000 W, which leave too little for
    # 6 A: (32,000 + 700 + 1900 + 400 + 1100 + 300 + 1500) / 6 = 6317 W.
    loads = (700.0, 1900.0, 400.0, 2600.0, 1100.0, 3000.0, 300.0, 1500.0)
    here = tuple(
        replace(slot, load_w=load) for slot, load in zip(slots([0.2] * 8), loads, strict=True)
    )
    site = Problem(slots=here, evs=(car("a", 8.0),), capacity=Capacity(peak_w=2500, price_per_kw=4))
    assert plan(site).outcome.peak_w == pytest.approx(6317, abs=50)


@pytest.mark.parametrize("effort", [None, Effort()])
def test_a_car_waits_where_it_would_raise_the_peak(effort: Effort | None) -> None:
    first, second, *rest = slots([0.2] * 4)
    busy = (replace(first, load_w=3000), replace(second, load_w=3000), *rest)
    site = Problem(slots=busy, evs=(car("a", 2.07, end=4),), capacity=PAID)
    assert whys(site, effort=effort) == [Why.PEAK, Why.PEAK, Why.CHEAPEST, Why.NEEDED]


@pytest.mark.parametrize("effort", [None, Effort()])
def test_while_a_car_draws_the_house_has_nothing_from_its_battery(effort: Effort | None) -> None:
    first, second = slots([0.2] * 2)
    site = Problem(
        slots=(replace(first, given_w=1000), second), evs=(car("a", 1.035, end=2),), capacity=PAID
    )
    made = plan(site, effort)
    assert amps(made.charges[0]) == pytest.approx([0, 6], abs=0.01)
    assert (made.outcome.peak_w, made.outcome.peak_cost) == pytest.approx((LEAST_W, 0), abs=3)
    # Where it must, it pays for that: 1 kW more, at 4 each.
    must = replace(site, evs=(car("a", 1.035, end=1),))
    made = plan(must, effort)
    assert (made.outcome.peak_w, made.outcome.peak_cost) == pytest.approx(
        (LEAST_W + 1000, 4), abs=3e-2
    )
    assert explain(made, 0).cost == pytest.approx(4 + 1.035 * 0.2, abs=0.01)


def test_a_limit_does_not_count_on_the_battery() -> None:
    site = Problem(slots=(replace(slots([0.2])[0], load_w=300, given_w=700, pv_w=100),), evs=())
    # 3000 W, less 1000 W that the house needs, with the sun.
    assert under_peak(site, [3000]).circuits[0].room_w == [2100]


def test_a_cheaper_hour_is_a_reason_of_its_own() -> None:
    first, second = slots([0.3, 0.1])
    site = Problem(
        slots=(replace(first, load_w=3000), second),
        evs=(car("a", 1.035, end=2),),
        capacity=PAID,
    )
    made = explain(plan(site), 0)
    assert made.reasons[0] is not None
    assert (made.reasons[0].why, made.reasons[0].saves) == (
        Why.WAITS,
        pytest.approx(1.035 * 0.2, abs=1e-3),
    )


def test_of_two_peaks_the_lower_one_counts() -> None:
    site = Problem(slots=slots([0.2] * 2), evs=(car("a", circuit="main"),), circuits=(fuse(16, 2),))
    twice = under_peak(under_peak(site, [5000, 7000]), [6000, 6000])
    assert twice.circuits[0].room_w == [5000, 6000]
    assert [(each.circuit, each.parent) for each in twice.circuits] == [
        (PEAK, None),
        ("main", PEAK),
    ]


def test_the_peak_as_a_limit_counts_on_the_sun() -> None:
    dark, busy, sunny = slots([0.2] * 3, pv_w=[0, 0, 2000])
    site = under_peak(
        Problem(
            slots=(dark, replace(busy, load_w=3000), sunny),
            evs=(car("a", 9), car("b", circuit="main")),
            circuits=(fuse(16, 3), fuse(16, 3, name="below", parent="main")),
        ),
        [5000, 5000, 4500],
    )
    assert [each.circuit for each in site.circuits] == [PEAK, "main", "below"]
    assert [each.parent for each in site.circuits] == [None, PEAK, "main"]
    assert [each.circuit for each in site.evs] == [PEAK, "main"]
    assert site.circuits[0].room_w == [5000, 2000, 6500]
    assert amps(plan(site).charges[0]) == [7.25, 0, 9.42]
    assert whys(site) == [Why.NEEDED, Why.PEAK, Why.NEEDED]


@SLOW
@given(problems())
def test_no_car_raises_a_peak_that_is_a_limit(site: Problem) -> None:
    free = replace(site, capacity=None, batteries=())
    limited = under_peak(free, [4800.0] * len(site.slots))
    for effort in (None, Effort(time_limit_s=2)):
        made = plan(limited, effort)
        idle = evaluate(free, [(None,) * len(site.slots) for _ in site.evs], ())
        assert made.outcome.peak_w <= max(4800.0, idle.peak_w) + 1


@SLOW
@given(problems())
def test_a_price_of_the_peak_never_makes_a_plan_that_would_do_better_without_knowing_it(
    site: Problem,
) -> None:
    priced = replace(site, capacity=Capacity(peak_w=1000, price_per_kw=2))
    knows = evaluate(priced, *greedy(priced))
    careless = evaluate(priced, *greedy(replace(priced, capacity=None)))
    first = (knows.delay_kwhh, knows.unmet_kwh, knows.objective)
    other = (careless.delay_kwhh, careless.unmet_kwh, careless.objective)
    for mine, theirs, same in zip(first, other, (0.011, 0.011, 1e-6), strict=True):
        assert mine <= theirs + same
        if mine < theirs - same:
            break
