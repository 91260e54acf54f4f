"""Why a plan does what it does: by hand."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
import pytest

from custom_components.ev_station.model.plan import PlanState, Why
from custom_components.ev_station.planning.explain import Explanation, Reason, explain
from custom_components.ev_station.planning.plan import plan
from custom_components.ev_station.planning.problem import Ev, Problem, Taste
from custom_components.ev_station.planning.solver import Effort

from .sites import NOON, ONE, QUARTER, car, fuse, problems, slots


def told(prices: list[float], ev: Ev, *, pv_w: list[float] | None = None) -> Explanation:
    """Return what the plan of a single car means."""
    return explain(plan(Problem(slots=slots(prices, pv_w=pv_w), evs=(ev,))), 0)


def whys(found: Explanation) -> list[Why | None]:
    """Return the reason of each slot."""
    return [None if reason is None else reason.why for reason in found.reasons]


def test_a_car_waits_for_a_cheaper_slot() -> None:
    found = told([0.3, 0.25, 0.1, 0.2], car("a", 2.76, end=3))
    assert whys(found) == [Why.WAITS, Why.WAITS, Why.NEEDED, None]
    first = found.reasons[0]
    assert first is not None
    assert first.until == NOON + QUARTER * 2
    # 2.76 kWh at 0.30 in place of 0.10.
    assert first.saves == pytest.approx(2.76 * 0.2, abs=1e-3)
    assert found.next_start == NOON + QUARTER * 2
    assert found.latest_start == NOON + QUARTER * 2
    assert found.ready_at is not None
    assert NOON + QUARTER * 3 - found.ready_at < timedelta(seconds=5)
    assert (found.cost, found.saved) == pytest.approx((0.276, 0.552), abs=1e-3)
    assert found.outlook is PlanState.ON_TRACK


def test_what_is_told_of_the_cost_is_money_alone() -> None:
    found = told([0.3, 0.1], car("a", 2.76, gone=(0.0, 0.9)))
    assert (found.cost, found.saved) == pytest.approx((0.276, 0.552))


@pytest.mark.parametrize(
    ("price", "amps", "why", "cost", "kg"),
    [
        # Price alone: 2.76 kWh at 0.20 with 700 g each, beside 0.30 with 100 g.
        (0.0, 1, Why.CHEAPEST, 0.552, 1.932),
        # At 0.20 per kg the dirty slot counts 0.34, the clean one 0.32.
        (0.2, 2, Why.CLEANER, 0.828, 0.276),
    ],
)
def test_what_co2_is_worth_moves_a_car_and_is_no_cost(
    price: float, amps: int, why: Why, cost: float, kg: float
) -> None:
    site = Problem(
        slots=slots([0.4, 0.2, 0.3, 0.4], co2_g=[700, 700, 100, 700]),
        evs=(car("a", 2.76, end=4),),
        taste=Taste(co2_price=price),
    )
    for effort in (None, Effort()):
        found = explain(plan(site, effort), 0)
        assert whys(found)[amps] is why
        assert (found.cost, found.co2_kg) == pytest.approx((cost, kg), abs=1e-3)


def test_a_car_waits_for_a_cleaner_slot_that_is_no_cheaper() -> None:
    # 11.04 kW at 0.30; in the third slot the sun gives 2 of them.
    site = Problem(
        slots=slots([0.3] * 4, co2_g=[500, 400, 100, 500], pv_w=[0, 0, 2000, 0]),
        evs=(car("a", 2.76, end=4),),
        taste=Taste(co2_price=0.1),
    )
    found = explain(plan(site), 0)
    assert whys(found) == [Why.WAITS, Why.WAITS, Why.CHEAPEST, Why.READY]
    shade = replace(site, slots=tuple(replace(slot, pv_w=0.0) for slot in site.slots))
    found = explain(plan(shade), 0)
    assert whys(found) == [Why.WAITS_CLEANER, Why.WAITS_CLEANER, Why.CLEANER, Why.READY]
    assert found.reasons[0] == Reason(why=Why.WAITS_CLEANER, until=NOON + QUARTER * 2)


def test_the_minimum_the_cheapest_and_ready() -> None:
    found = told([0.3, 0.1, 0.3, 0.3], car("a", 5.52, minimum_kwh=1))
    assert whys(found) == [Why.MINIMUM, Why.CHEAPEST, Why.READY, Why.READY]


def test_what_runs_goes_on_where_a_cheaper_slot_would_not_pay_for_a_new_start() -> None:
    # Two slots of 2.76 kWh: to wait in the second one for the cheapest would save 0.055, and cost 0.03 + 0.05.
    runs = car("a", 5.52, running=0)
    assert whys(told([0.1, 0.12, 0.2, 0.1], runs)) == [
        Why.CHEAPEST,
        Why.STEADY,
        Why.READY,
        Why.READY,
    ]


def test_the_sun() -> None:
    found = told([0.3, 0.3, 0.3], car("a", 2.76), pv_w=[0, 9000, 0])
    assert whys(found) == [Why.WAITS, Why.SOLAR, Why.READY]


def test_extra_and_the_price_limit() -> None:
    extra = car("a", 2.76, extra_kwh=9, extra_price=0.2)
    assert whys(told([0.1, 0.15, 0.3, 0.3], extra)) == [
        Why.CHEAPEST,
        Why.EXTRA,
        Why.PRICE_LIMIT,
        Why.PRICE_LIMIT,
    ]


def test_a_full_fuse_is_named() -> None:
    site = Problem(
        slots=slots([0.1, 0.3]),
        evs=(
            car("a", 2.76, end=1, circuit="below"),
            car("b", 2.76, end=2, circuit="main"),
            car("c", 0.9, end=1, circuit="main", modes=(ONE,)),
        ),
        circuits=(fuse(16, 2), fuse(16, 2, name="below", parent="main")),
    )
    made = plan(replace(site, evs=site.evs[:2]))
    second = explain(made, 1)
    assert whys(second) == [Why.FUSE, Why.NEEDED]
    assert second.reasons[0] is not None
    assert second.reasons[0].circuit == "main"
    late = explain(plan(site), 2)
    assert (late.outlook, late.next_start, late.ready_at) == (PlanState.LATE, None, None)
    assert late.latest_start == NOON
    assert whys(late) == [Why.FUSE, None]


def test_what_could_be_drawn_later_as_well_is_not_needed() -> None:
    # Four quarters at 11.04 kW. The last two begin when only four are left, but two are charged by then.
    prices = [0.1, 0.1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.12, 0.12, 0.5]
    found = told(prices, car("a", 11.04))
    cheap, pause = [Why.CHEAPEST] * 2, [Why.WAITS] * 5
    assert whys(found) == [*cheap, *pause, *cheap, Why.READY]
    assert found.latest_start == NOON + QUARTER * 6
    # One that leaves before the last quarter needs both.
    tight = told(prices, car("a", 11.04, end=9))
    assert whys(tight) == [*cheap, *pause, Why.NEEDED, Why.NEEDED, None]


def test_too_little_time_is_told() -> None:
    found = told([0.1], car("a", 20))
    assert found.outlook is PlanState.IMPOSSIBLE
    assert found.latest_start == NOON


def test_who_leaves_after_the_plans_end_may_draw_until_then() -> None:
    # 11.04 kW: 2.76 kWh in the only slot, the other 8.28 in the three quarters of an hour after it.
    made = plan(Problem(slots=slots([0.1]), evs=(car("a", 11.04),)))
    found = explain(made, 0, draws_on_for=QUARTER * 4)
    assert (found.outlook, found.unmet_wh, whys(found)) == (PlanState.ON_TRACK, 0, [Why.CHEAPEST])
    for ready in (found.ready_at, found.soonest):
        assert ready is not None
        assert abs(ready - (NOON + QUARTER * 4)) < timedelta(seconds=5)
    # A quarter of an hour less and it misses as much.
    short = explain(made, 0, draws_on_for=QUARTER * 2)
    assert (short.outlook, short.ready_at, whys(short)) == (
        PlanState.IMPOSSIBLE,
        None,
        [Why.NEEDED],
    )
    assert short.unmet_wh == pytest.approx(2760)


def test_who_needs_nothing_is_ready() -> None:
    found = told([0.1, 0.1], car("a"))
    assert (found.ready_at, found.latest_start, found.next_start) == (NOON, None, None)
    assert (found.cost, found.saved) == (0, 0)


def test_an_evse_that_gives_less_than_the_least_is_full_by_itself() -> None:
    weak = car("a", 2.76, end=1, modes=(replace(ONE, max_a=5.0),))
    found = told([0.1], weak)
    assert found.reasons[0] is not None
    assert (found.reasons[0].why, found.reasons[0].circuit) == (Why.FUSE, None)


def test_how_soon_it_could_be_ready() -> None:
    # 2.76 kWh are 11.04 kW for a quarter of an hour.
    whole = told([0.3, 0.3, 0.1, 0.1], car("a", 5.52)).soonest
    half = told([0.3, 0.1], car("a", 1.38, end=2)).soonest
    assert whole is not None
    assert half is not None
    assert abs(whole - (NOON + QUARTER * 2)) < timedelta(seconds=5)
    assert abs(half - (NOON + QUARTER / 2)) < timedelta(seconds=5)
    assert told([0.1, 0.1], car("a", 9)).soonest is None
    assert told([0.1], car("a")).soonest == NOON


def test_a_full_fuse_is_waited_for() -> None:
    one = fuse(16, 2, name="garage")
    early, late = car("a", 2.76, end=1, circuit="garage"), car("b", 2.76, circuit="garage")
    made = plan(Problem(slots=slots([0.1, 0.1]), evs=(early, late), circuits=(one,)))
    soonest = explain(made, 1).soonest
    assert soonest is not None
    assert abs(soonest - (NOON + QUARTER * 2)) < timedelta(seconds=5)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problems())
def test_every_slot_of_a_window_has_its_reason(site: Problem) -> None:
    made = plan(site)
    for n, ev in enumerate(site.evs):
        found = explain(made, n)
        drawing = {
            Why.MINIMUM, Why.SOLAR, Why.NEEDED, Why.CHEAPEST, Why.CLEANER, Why.EXTRA,
        }  # fmt: skip
        for slot, charge, reason in zip(site.slots, made.charges[n], found.reasons, strict=True):
            overlap = min(ev.departure, slot.end) - max(ev.arrival, slot.start)
            assert (reason is not None) == (overlap >= timedelta(minutes=1))
            assert reason is None or (reason.why in drawing) == (charge is not None)
