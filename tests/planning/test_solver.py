"""HiGHS: fleets in groups, time that runs out."""

from dataclasses import replace

import pytest

from custom_components.ev_station.planning import solver
from custom_components.ev_station.planning.feasibility import violations
from custom_components.ev_station.planning.plan import Accelerator, Solver, plan
from custom_components.ev_station.planning.problem import Mode, Problem
from custom_components.ev_station.planning.solver import Effort, solve

from .sites import car, fuse, slots

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


def test_time_that_runs_out_is_told() -> None:
    short = Effort(time_limit_s=0.0, gap=0.0)
    found = plan(FLEET, short)
    assert found.time_limited or found.accelerator is Accelerator.FAILED
    assert found.outcome.unmet_kwh <= plan(FLEET).outcome.unmet_kwh + 0.01


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
