"""What is charged beyond goals: never for a higher peak of the month, and from the grid only where that is cheap."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
import pytest

from custom_components.ev_station.model.plan import Why
from custom_components.ev_station.planning.explain import explain
from custom_components.ev_station.planning.extra import bought, thought
from custom_components.ev_station.planning.feasibility import violations
from custom_components.ev_station.planning.plan import plan
from custom_components.ev_station.planning.problem import Capacity, Circuit, Problem
from custom_components.ev_station.planning.solver import Effort

from .sites import PLAIN, UNSEEN, amps, car, problems, slots

EFFORTS = pytest.mark.parametrize("effort", [None, Effort()])
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CHEAP_PEAK = Capacity(peak_w=4600, price_per_kw=0.1)


@EFFORTS
def test_it_raises_no_peak_however_little_that_costs(effort: Effort | None) -> None:
    # To pay 0.64 for 6.44 kW more would bring 1.61 kWh more in each quarter hour, each worth 0.40 more than it costs.
    greedy = car("a", extra_kwh=20, extra_price=0.5)
    site = Problem(slots=slots([0.1] * 4), evs=(greedy,), capacity=CHEAP_PEAK, taste=PLAIN)
    assert plan(site, effort).outcome.peak_w == pytest.approx(11_040)
    made = thought(site, None, effort)
    # 4600 W on three phases.
    assert amps(made.charges[0]) == pytest.approx([6.67] * 4, abs=0.01)


@EFFORTS
def test_it_may_use_what_the_goals_pay_for(effort: Effort | None) -> None:
    # The goal needs 7.36 kW for a quarter hour: 1.84 kWh.
    needs = car("a", 1.84, end=1)
    extra = car("b", begin=1, extra_kwh=20, extra_price=0.5)
    site = Problem(slots=slots([0.1] * 3), evs=(needs, extra), capacity=CHEAP_PEAK, taste=PLAIN)
    made = thought(site, None, effort)
    assert made.outcome.peak_w == pytest.approx(7360, abs=1)
    assert amps(made.charges[1]) == pytest.approx([0, 10.67, 10.67], abs=0.01)
    again = thought(site, made, effort)
    assert again.charges == made.charges


@EFFORTS
def test_goals_come_first_where_a_limit_would_leave_them_less(effort: Effort | None) -> None:
    # On one phase for sure 12 A are 2760 W, for which a limit would have to leave 8280 W: on all three.
    unseen = car("a", 0.69, end=1, modes=(UNSEEN,), extra_kwh=5, extra_price=0.5)
    site = Problem(slots=slots([0.1]), evs=(unseen,), capacity=Capacity(peak_w=0, price_per_kw=1))
    made = thought(site, None, effort)
    assert made.outcome.unmet_kwh == pytest.approx(0, abs=1e-3)
    assert made.outcome.peak_w == pytest.approx(2760, abs=5)


@EFFORTS
def test_no_goal_misses_more_for_what_others_have_beyond_theirs(effort: Effort | None) -> None:
    # 6 A for one of them at a time are 1.035 kWh in each of three quarter hours.
    one = car("a", 1.5, end=2, circuit="fuse", extra_kwh=5, extra_price=0.15)
    other = car("b", 2, end=3, circuit="fuse", extra_kwh=5, extra_price=0.5)
    fuse = Circuit(circuit="fuse", room_a=[(6, 6, 6)] * 3)
    site = Problem(slots=slots([0.1, 0.3, 0.2]), evs=(one, other), circuits=(fuse,), taste=PLAIN)
    # Two for the second and one for the first leave that 0.465 kWh short; the other way it would be 0.965.
    made = thought(site, None, effort)
    assert made.outcome.unmet_kwh == pytest.approx(0.465)
    assert thought(site, made, effort).charges == made.charges


def test_without_extra_energy_or_a_price_of_the_peak_nothing_is_different() -> None:
    paid = Problem(slots=slots([0.2, 0.1]), evs=(car("a", 2.76),), capacity=CHEAP_PEAK)
    assert thought(paid, None, None) == plan(paid)
    unpaid = replace(paid, capacity=None, evs=(car("a", extra_kwh=2.76, extra_price=0.5),))
    assert thought(unpaid, None, None) == plan(unpaid)


@SLOW
@given(problems())
def test_the_peak_is_that_of_the_goals_at_most(site: Problem) -> None:
    site = replace(site, batteries=())
    goals = replace(site, evs=tuple(replace(ev, extra_wh=0.0) for ev in site.evs))
    needed, made = plan(goals), thought(site, None, None)
    assert not violations(site, made.charges, made.batteries)
    assert made.outcome.unmet_kwh <= needed.outcome.unmet_kwh + 0.011
    if site.capacity is not None and any(ev.extra_wh for ev in site.evs):
        # A tolerance of a watt.
        assert made.outcome.peak_w <= max(site.capacity.peak_w, needed.outcome.peak_w) + 1
    grounded = bought(made)
    assert not violations(site, grounded.charges, made.batteries)
    for one, other in zip(made.outcome.evs, grounded.outcome.evs, strict=True):
        assert other.unmet_wh <= one.unmet_wh + 10


def test_what_the_sun_would_give_beyond_the_goal_is_not_ordered_from_the_grid() -> None:
    # Sun in the second quarter hour, which would earn nothing; in the last one power is cheap.
    extra = car("a", 2.76, extra_kwh=5.52, extra_price=0.15)
    site = Problem(
        slots=slots([0.14, 0.3, 0.3, 0.1], pv_w=[0, 11_040, 0, 0]), evs=(extra,), taste=PLAIN
    )
    made = plan(site)
    assert amps(made.charges[0]) == [16, 16, 0, 16]
    found = bought(made)
    assert amps(found.charges[0]) == [16, 0, 0, 16]
    assert (found.outcome.cost, found.outcome.evs[0].extra_wh) == pytest.approx((0.6624, 2760))
    told = explain(found, 0)
    assert [each and each.why for each in told.reasons] == [
        Why.CHEAPEST,
        Why.PRICE_LIMIT,
        Why.PRICE_LIMIT,
        Why.EXTRA,
    ]
    until = [each.until for each in told.reasons if each]
    assert until == [None, site.slots[3].start, site.slots[3].start, None]
    # A goal takes the sun as planned.
    needs = replace(site, evs=(car("a", 8.28),))
    made = plan(needs)
    assert bought(made) is made


def test_who_has_its_goal_is_ready_whatever_more_there_is_to_come() -> None:
    extra = car("a", extra_kwh=2.76, extra_price=0.15)
    site = Problem(slots=slots([0.3, 0.1, 0.1]), evs=(extra,), taste=PLAIN)
    found = explain(bought(plan(site)), 0)
    assert (found.ready_at, found.latest_start, found.unmet_wh) == (site.slots[0].start, None, 0)
    assert [each and each.why for each in found.reasons] == [
        Why.PRICE_LIMIT,
        Why.EXTRA,
        Why.READY,
    ]
    dear = replace(site, evs=(replace(extra, extra_price=0.05),))
    found = explain(bought(plan(dear)), 0)
    assert [each and each.why for each in found.reasons] == [Why.PRICE_LIMIT] * 3
    assert found.next_start is None
