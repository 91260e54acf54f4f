"""The plan of a site: the greedy one, or HiGHS's where that can be carried out and is better; kept where it is as good."""

from dataclasses import dataclass, replace
from enum import StrEnum

from .cost import Outcome, better, evaluate
from .feasibility import violations
from .greedy import greedy, polished
from .problem import Charge, Charges, Ev, Powers, Problem
from .solver import Effort, Solved, is_installed, solve
from .surcharges import weighed


class Solver(StrEnum):
    """Who made a plan."""

    GREEDY = "greedy"
    HIGHS = "highs"


class Accelerator(StrEnum):
    """What became of HiGHS."""

    USED = "used"
    NOT_ASKED = "not_asked"
    MISSING = "missing"
    FAILED = "failed"
    REFUSED = "refused"
    """Its plan could not be carried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What each car and battery is to do, and what that is worth."""

    problem: Problem
    charges: tuple[Charges, ...]
    batteries: tuple[Powers, ...]
    outcome: Outcome
    solver: Solver = Solver.GREEDY
    accelerator: Accelerator = Accelerator.NOT_ASKED
    bound: float | None = None
    """No plan that does as well before money has a lower objective; None: not known."""
    time_limited: bool = False
    """Found until the time was over: another run may find another."""

    @property
    def gap(self) -> float | None:
        """Return how far the objective may be from the best, as a part of what charging costs."""
        if self.bound is None:
            return None
        least = max(abs(self.outcome.objective), 0.1)
        return max(0.0, self.outcome.objective - self.bound) / least


def plan(problem: Problem, effort: Effort | None = None) -> Plan:
    """Return a plan; without an effort, the greedy one."""
    made = _made(problem, *greedy(weighed(problem)))
    if problem.batteries:
        made = _settled(made)
    if effort is None or not (problem.evs or problem.batteries):
        return made
    return _accelerated(made, effort)


def replan(problem: Problem, previous: Plan, effort: Effort | None = None) -> Plan:
    """Return a new plan, or the one in force as far as it still reaches, where a new one gains too little."""
    new = plan(problem, effort)
    old = carried(previous, problem)
    if old is not None:
        old = _mended(old)
    if old is None or violations(problem, old.charges, old.batteries):
        return new
    gains = replace(new.outcome, taste=new.outcome.taste + problem.taste.change_gain)
    if not better(old.outcome, gains):
        return new
    return replace(
        old,
        solver=previous.solver,
        accelerator=new.accelerator,
        bound=new.bound,
        time_limited=new.time_limited,
    )


def _mended(old: Plan) -> Plan:
    """Return what is left of a plan brought up to what its cars need now, in the slots it has as far as they reach.

    What a car needs differs by some Wh at every look: no reason to move its hours.
    """
    evs = tuple(
        replace(ev, gone=_elsewhere(ev, charges))
        for ev, charges in zip(old.problem.evs, old.charges, strict=True)
    )
    faithful = replace(old.problem, evs=evs)
    return _made(old.problem, *polished(weighed(faithful), old.charges, old.batteries))


def _elsewhere(ev: Ev, charges: Charges) -> tuple[float, ...]:
    """Return a car's risk with other slots than those it has as if it had surely left; who has none may have any."""
    gone = ev.gone or (0.0,) * len(charges)
    if not any(charges):
        return gone
    return tuple(risk + (charge is None) for risk, charge in zip(gone, charges, strict=True))


def carried(previous: Plan, problem: Problem) -> Plan | None:
    """Return what is left of a plan for the cars that are still there, in the modes they have now.

    Who came since has nothing in it. None: the batteries are not the same, or time ran out.
    """
    before = {slot.end: t for t, slot in enumerate(previous.problem.slots)}
    places = [before.get(slot.end) for slot in problem.slots]
    rows = {
        ev.ev: charges for ev, charges in zip(previous.problem.evs, previous.charges, strict=True)
    }
    if len(problem.batteries) != len(previous.batteries) or places[0] is None:
        return None

    def along[T](row: tuple[T, ...], rest: T) -> tuple[T, ...]:
        return tuple(rest if t is None else row[t] for t in places)

    nothing: Charges = (None,) * len(previous.problem.slots)
    return _made(
        problem,
        tuple(_in_modes(ev, along(rows.get(ev.ev, nothing), None)) for ev in problem.evs),
        tuple(along(powers, 0.0) for powers in previous.batteries),
    )


def _in_modes(ev: Ev, charges: Charges) -> Charges:
    """Return charges as the car's modes allow them, which may be others than those it was planned with."""
    modes = dict(enumerate(ev.modes))
    return tuple(
        Charge(min(max(charge.amps, mode.min_a), mode.max_a), charge.mode)
        if charge and (mode := modes.get(charge.mode))
        else None
        for charge in charges
    )


def _made(problem: Problem, charges: tuple[Charges, ...], batteries: tuple[Powers, ...]) -> Plan:
    outcome = evaluate(problem, charges, batteries)
    return Plan(problem=problem, charges=charges, batteries=batteries, outcome=outcome)


def _accelerated(known: Plan, effort: Effort) -> Plan:
    problem, outcome = known.problem, known.outcome
    if not is_installed():
        return replace(known, accelerator=Accelerator.MISSING)
    try:
        found = solve(
            weighed(problem),
            effort,
            known.charges,
            delay=outcome.delay_kwhh,
            unmet=outcome.unmet_kwh,
        )
    except Exception:  # noqa: BLE001 - whatever a foreign library raises, there is a plan
        found = None
    if found is None:
        return replace(known, accelerator=Accelerator.FAILED)
    if violations(problem, found.charges, found.batteries):
        return replace(known, accelerator=Accelerator.REFUSED)
    return _best(known, found)


def _best(known: Plan, found: Solved) -> Plan:
    """Return the better of the two, with what is now known of both."""
    problem = known.problem
    settled = _settled(_made(problem, found.charges, found.batteries))
    best = replace(settled, solver=Solver.HIGHS)
    if better(known.outcome, best.outcome):
        best = known
    return replace(
        best, accelerator=Accelerator.USED, bound=found.bound, time_limited=found.time_limited
    )


def _settled(made: Plan) -> Plan:
    """Return a plan with each car laid anew beside what the batteries do, where that is better."""
    problem = made.problem
    settled = _made(problem, *polished(weighed(problem), made.charges, made.batteries))
    # A car that moves may leave a battery giving to nobody.
    fits = not violations(problem, settled.charges, settled.batteries)
    return settled if fits and better(settled.outcome, made.outcome) else made
