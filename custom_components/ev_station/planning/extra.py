"""What is charged beyond goals: it raises no priced peak of the month, and is bought only where it is cheap enough."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from .cost import SAME, drawn_wh, evaluate
from .peak import under_peak
from .plan import Plan, plan, replan
from .problem import Charge, Charges, Ev, Problem, Slot
from .solver import Effort

_NOTHING_WH = 10.0


def thought(problem: Problem, previous: Plan | None, effort: Effort | None) -> Plan:
    """Return a plan, in the manner of the one in force, in which nothing but goals raises a priced peak of the month.

    Nor does a goal miss more for what others have beyond theirs.
    """
    if not any(ev.extra_wh for ev in problem.evs):
        return _plan(problem, previous, effort)
    if problem.capacity is None:
        made = _plan(problem, previous, effort)
        return _goals_first(made, _for_goals(problem, previous, effort)) if _misses(made) else made
    needed = _for_goals(problem, previous, effort)
    peak_w = max(problem.capacity.peak_w, needed.outcome.peak_w)
    made = _plan(under_peak(problem, [peak_w] * len(problem.slots)), previous, effort)
    # As a limit it keeps room on all phases of a car, while its cost counts those it surely draws on.
    return _goals_first(made, needed)


def _for_goals(problem: Problem, previous: Plan | None, effort: Effort | None) -> Plan:
    evs = tuple(replace(ev, extra_wh=0.0) for ev in problem.evs)
    return _plan(replace(problem, evs=evs), previous, effort)


def _plan(problem: Problem, previous: Plan | None, effort: Effort | None) -> Plan:
    return plan(problem, effort) if previous is None else replan(problem, previous, effort)


def _misses(made: Plan) -> bool:
    return max(made.outcome.delay_kwhh, made.outcome.unmet_kwh) > SAME


def _goals_first(made: Plan, needed: Plan) -> Plan:
    """Return a plan, or the one for the goals alone if that misses less of them."""
    one, other = made.outcome, needed.outcome
    more = max(one.delay_kwhh - other.delay_kwhh, one.unmet_kwh - other.unmet_kwh)
    return needed if more > SAME else made


def bought(made: Plan) -> Plan:
    """Return a plan without what cars draw beyond their goals where power from the grid costs more than they pay.

    That is the sun's, and comes with the sun: as planned, it would be drawn from the grid under a cloud.
    """
    problem = made.problem
    charges = tuple(
        tuple(_bought(ev, problem.slots, row)) if ev.extra_wh else row
        for ev, row in zip(problem.evs, made.charges, strict=True)
    )
    if charges == made.charges:
        return made
    return replace(made, charges=charges, outcome=evaluate(problem, charges, made.batteries))


def _bought(ev: Ev, slots: Sequence[Slot], charges: Charges) -> Iterator[Charge | None]:
    stored_wh = 0.0
    for slot, charge in zip(slots, charges, strict=True):
        has_goal = stored_wh >= ev.goal_wh - _NOTHING_WH
        stored_wh += drawn_wh(ev, slot, charge) * ev.efficiency
        yield None if has_goal and slot.import_price > ev.extra_price else charge
