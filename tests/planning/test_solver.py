"""HiGHS: fleets in groups, time that runs out."""

from dataclasses import replace
from datetime import timedelta
from typing import override

import pytest

from custom_components.ev_station.planning import solver
from custom_components.ev_station.planning.cost import evaluate
from custom_components.ev_station.planning.feasibility import violations
from custom_components.ev_station.planning.plan import Accelerator, Solver, plan
from custom_components.ev_station.planning.problem import Battery, Ev, Mode, Problem
from custom_components.ev_station.planning.solver import Effort, solve

from .sites import NOON, ONE, PLAIN, QUARTER, car, draws, fuse, slots

PRICES = [0.30, 0.12, 0.28, 0.14, 0.26, 0.16, 0.24, 0.18, 0.22, 0.20]
FLEET = Problem(
    slots=slots(PRICES, pv_w=[0, 9000, 0, 0, 4000, 0, 0, 6000, 0, 0]),
    evs=tuple(
        car(
            f"car {n}",
            2 + n % 3,
            begin=n % 4,
            circuit="main",
            modes=(Mode(phases=frozenset({n % 3})) if n % 2 else Mode(),),
        )
        for n in range(9)
    ),
    circuits=(fuse(32, len(PRICES)),),
)
EXACT = Effort(time_limit_s=20, gap=1e-4)


def test_a_fleet_in_groups_comes_close_to_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = plan(FLEET, EXACT)
    monkeypatch.setattr(solver, "_WHOLE", 20)
    monkeypatch.setattr(solver, "_GROUP", 3)
    groups = plan(FLEET, EXACT)
    assert violations(FLEET, groups.charges, groups.batteries) == ()
    assert groups.accelerator is Accelerator.USED
    assert groups.outcome.unmet_kwh == pytest.approx(whole.outcome.unmet_kwh, abs=0.01)
    assert groups.outcome.objective <= whole.outcome.objective * 1.02
    assert groups.bound is not None
    assert groups.bound <= whole.outcome.objective


def test_a_fleet_that_is_near_enough_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "_WHOLE", 20)
    found = plan(FLEET, replace(EXACT, gap=0.5))
    assert found.gap is not None
    assert found.gap < 0.5


BRIEF = Problem(
    slots=slots([0, 0, 0, -0.125, 0, 0, 0]),
    evs=(
        Ev(
            ev="a",
            arrival=NOON + 3 * QUARTER,
            departure=NOON + timedelta(minutes=47),
            goal_wh=0,
            efficiency=0.85,
            weight=0.5,
        ),
    ),
    batteries=(Battery(capacity_wh=4000, level_wh=2000, max_charge_w=3000, max_discharge_w=3000),),
)
"""HiGHS 1.16 presolves the known plan to a better one and returns the known one, with the better one's costs."""


def test_what_was_found_is_what_is_returned() -> None:
    found = plan(BRIEF, EXACT)
    assert found.gap == pytest.approx(0, abs=1e-6)
    # Two minutes of 11 kW earn 0.046, a start is 0.03.
    assert found.charges[0][3] is not None


def test_what_is_reached_is_what_the_solution_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    # Else nothing that is found later would be good enough.
    monkeypatch.setattr(solver._Stages, "_is_as_told", lambda _: True)
    stages = solver._Stages(BRIEF, EXACT, plan(BRIEF).charges)
    stages.hold(stages.site.unmet, 0.0)
    found = stages.money()
    assert found is not None
    outcome = evaluate(BRIEF, found.charges, found.batteries)
    assert stages._reached == pytest.approx(outcome.objective, abs=1e-6)


def test_time_that_runs_out_is_told() -> None:
    short = Effort(time_limit_s=0.0, gap=0.0)
    found = plan(FLEET, short)
    assert found.time_limited or found.accelerator is Accelerator.FAILED
    assert found.outcome.unmet_kwh <= plan(FLEET).outcome.unmet_kwh + 0.01


def test_a_fleet_without_time_has_no_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "_WHOLE", 20)
    found = plan(FLEET, Effort(time_limit_s=0.0))
    assert found.accelerator is Accelerator.FAILED or (found.time_limited and found.gap is None)
    assert violations(FLEET, found.charges, found.batteries) == ()


def test_a_fleet_in_which_somebody_is_in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "_WHOLE", 20)
    monkeypatch.setattr(solver, "_GROUP", 3)
    # An hour's minimum: it cannot be there at once, so that its delay is the first aim.
    hasty = replace(FLEET, evs=(car("a", 2, minimum_kwh=2, circuit="main"), *FLEET.evs[1:]))
    found, known = plan(hasty, EXACT), plan(hasty)
    assert found.solver is Solver.HIGHS
    assert not found.time_limited
    assert found.outcome.delay_kwhh == pytest.approx(known.outcome.delay_kwhh, abs=1e-3)
    assert found.outcome.unmet_kwh == pytest.approx(0, abs=1e-3)
    assert found.outcome.objective < known.outcome.objective


def test_the_time_is_for_all_aims_and_groups_together(monkeypatch: pytest.MonkeyPatch) -> None:
    # HiGHS counts the seconds of each search for whole numbers from zero, so each may take what is left.
    monkeypatch.setattr(solver, "_WHOLE", 20)
    monkeypatch.setattr(solver, "_GROUP", 3)
    over: list[float] = []

    class Watched(solver._Stages):
        @override
        def _run(self, ends: float, gap: float) -> bool:
            began = self._highs.getRunTime()
            found = super()._run(ends, gap)
            over.append(began + float(self._highs.getOptionValue("time_limit")[1]))
            return found

    monkeypatch.setattr(solver, "_Stages", Watched)
    hasty = replace(FLEET, evs=(car("a", 2, minimum_kwh=2, circuit="main"), *FLEET.evs[1:]))
    plan(hasty, EXACT)
    assert len(over) > 2
    assert max(over) <= EXACT.time_limit_s + 0.1


def test_what_is_worse_than_what_is_known_is_not_taken() -> None:
    greedy = plan(FLEET).charges
    stages = solver._Stages(FLEET, EXACT, greedy)
    stages.hold(stages.site.unmet, 1e-3)
    assert stages._run(20, 1e-4)
    best, known = stages._values, stages._known
    stages._tried(stages._slots_of(greedy), 40)
    assert stages._slots_of(greedy) != known
    assert stages._values is best
    assert stages._known == known


def test_scarce_room_has_a_price() -> None:
    # 8 A for two cars: who takes the slot at 0.10 leaves the one at 0.30 to the other.
    evs = (car("a", 1.38, circuit="main"), car("b", 1.38, circuit="main"))
    site = Problem(slots=slots([0.1, 0.3]), evs=evs, circuits=(fuse(8, 2),), taste=PLAIN)
    stages = solver._Stages(site, EXACT, ((None,) * 2,) * 2)
    stages.hold(stages.site.unmet, 0.0)
    stages._relaxed(20)
    tolls = stages._tolls()
    # Per ampere, on the three phases together: 0.69 kW for a quarter hour, at 0.20 less.
    assert sum(toll for (_, t), toll in tolls.items() if t == 0) == pytest.approx(0.1725 * 0.2)
    assert all(t == 0 for _, t in tolls)


def test_who_begins_most_often_is_looked_at_first() -> None:
    rows = tuple(
        draws(*([10, 0, 10, 0, 10, 0] if n == 8 else [10, 10, 10, 0, 0, 0]), *[0] * 4)
        for n in range(9)
    )
    stages = solver._Stages(FLEET, EXACT, rows)
    first, *_ = stages._groups()
    assert 8 in first


def test_who_is_short_in_the_known_plan_gets_what_there_is() -> None:
    held = replace(FLEET, evs=(car("a", 3, minimum_kwh=1),))
    found = solve(held, EXACT, ((None,) * len(PRICES),), delay=9.0, unmet=3.0)
    assert found is not None
    outcome = evaluate(held, found.charges, found.batteries)
    # 16 A on three phases are 2.76 kWh in a quarter hour: 1 kWh is there after the first.
    assert outcome.delay_kwhh == pytest.approx(0, abs=1e-4)
    assert outcome.unmet_kwh == pytest.approx(0, abs=1e-4)


def test_a_delay_that_is_the_same_is_no_reason_for_more_money() -> None:
    # 5 Wh for an hour less of delay is nothing to a plan's rank, so it must not bound the money either.
    held = Problem(
        slots=slots([0.9, 0.1], minutes=60),
        evs=(car("a", 5.0, minimum_kwh=5.0, end=8, modes=(ONE,)),),
    )
    stages = solver._Stages(held, EXACT, (draws(16, 5.7),))
    # 16 A are 3.68 kWh in the first hour: 1.32 are missing then, and nothing after the second.
    assert not stages.least(stages.site.delay, 1.325)
    assert stages.least(stages.site.delay, 1.34)


def test_sun_that_costs_money_to_keep_is_not_wasted_in_a_battery_that_takes_and_gives() -> None:
    # Taking and giving at once would lose some of what else must be kept at 0.2 a kWh.
    full = Battery(capacity_wh=5000, level_wh=5000, max_charge_w=3000, max_discharge_w=2500)
    sunny = slots([0.0, 0.0], load_w=500, pv_w=[0.0, 3000.0], minutes=60)
    kept = tuple(replace(slot, kept_w=1500.0, kept_price=-0.2) for slot in sunny)
    site = Problem(slots=kept, evs=(), batteries=(full, full), taste=PLAIN)
    found = plan(site, EXACT)
    assert found.accelerator is Accelerator.USED
    assert found.outcome.objective <= plan(site).outcome.objective


def test_nothing_found_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver._Stages, "_run", lambda *_: None)
    held = replace(FLEET, evs=(car("a", 3, minimum_kwh=1),))
    nothing = ((None,) * len(PRICES),)
    assert solve(held, EXACT, nothing, delay=9.0, unmet=3.0) is None


def test_a_site_where_nobody_fits_has_an_empty_plan() -> None:
    dark = replace(FLEET, evs=(car("a", 3, circuit="main"),), circuits=(fuse(4, len(PRICES)),))
    found = plan(dark, EXACT)
    assert found.charges == ((None,) * len(PRICES),)
    assert found.outcome.unmet_kwh == 3
    assert found.solver in set(Solver)


def test_what_cannot_be_has_no_plan() -> None:
    dark = replace(FLEET, evs=(car("a", 3, circuit="main"),), circuits=(fuse(4, len(PRICES)),))
    # Whoever says that nobody is short asks for too much.
    assert solve(dark, EXACT, ((None,) * len(PRICES),), delay=0.0, unmet=0.0) is None
