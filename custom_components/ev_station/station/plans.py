"""From a plan of the site to what each EVSE is to do, and taking that over."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from itertools import groupby, repeat
from typing import Final

from ..model.events import SitePlanned
from ..model.plan import EvsePlan, PlanPeriod, PlanState
from ..planning.cost import drawn_wh, slot_cost
from ..planning.plan import Plan
from ..planning.problem import Charge, Charges, Ev, Problem, Slot
from .context import Context
from .horizon import Horizon, Wanting

_TENTH: Final = Decimal("0.1")
_WHOLE: Final = Decimal(1)
_CENT: Final = Decimal("0.01")
_MET_WH: Final = 100.0
"""A goal that lacks less is met."""


def planned(horizon: Horizon, plan: Plan | None, now: datetime) -> SitePlanned:
    """Return what a plan means for each EVSE that was planned for; who has enough has a plan without periods."""
    plans = [_fulfilled(wanting, now) for wanting in horizon.content]
    if plan is not None:
        rows = zip(horizon.wanting, plan.problem.evs, plan.charges, strict=True)
        plans += [_evse_plan(plan, *row, now) for row in rows]
    return SitePlanned(plans=tuple(plans))


def take_over(context: Context, event: SitePlanned) -> None:
    """Put the new plans in force; who is not named has none any more."""
    named = {plan.id for plan in event.plans}
    for old in context.draft.all(EvsePlan):
        if old.id not in named:
            context.draft.remove(EvsePlan, old.id)
    for new in event.plans:
        context.draft.put(new)


def _fulfilled(wanting: Wanting, now: datetime) -> EvsePlan:
    return EvsePlan(
        id=wanting.place.evse.id,
        session=wanting.session.id,
        vehicle=wanting.vehicle.key,
        made_at=now,
        departure=wanting.departure,
        ready_at=now,
    )


def _evse_plan(plan: Plan, wanting: Wanting, ev: Ev, charges: Charges, now: datetime) -> EvsePlan:
    problem = plan.problem
    cost = _cost(problem, _drawn(problem, ev, charges), _others(plan, ev))
    at_once = at_once_charges(problem, ev)
    unmet = max(0.0, ev.goal_wh - _stored(problem, ev, charges))
    saved = _cost(problem, _drawn(problem, ev, at_once), _others(plan, ev)) - cost
    return EvsePlan(
        id=wanting.place.evse.id,
        session=wanting.session.id,
        vehicle=wanting.vehicle.key,
        made_at=now,
        departure=wanting.departure,
        periods=tuple(_periods(problem, ev, charges)),
        ready_at=_ready_at(problem, ev, charges),
        energy_wh=_rounded(sum(_drawn(problem, ev, charges)), _WHOLE),
        unmet_wh=_rounded(unmet, _WHOLE),
        cost=_rounded(cost, _CENT),
        saved=_rounded(saved, _CENT),
        state=_state(problem, ev, unmet, at_once),
    )


def _state(problem: Problem, ev: Ev, unmet: float, at_once: Charges) -> PlanState:
    if unmet < _MET_WH:
        return PlanState.ON_TRACK
    alone = ev.goal_wh - _stored(problem, ev, at_once)
    return PlanState.LATE if alone < _MET_WH else PlanState.IMPOSSIBLE


def at_once_charges(problem: Problem, ev: Ev) -> Charges:
    """Return what a car would draw that charges as fast as it can from now on, alone on the site."""
    missing, row = ev.goal_wh / ev.efficiency, []
    for slot in problem.slots:
        charge = Charge(ev.modes[0].max_a)
        full = drawn_wh(ev, slot, charge)
        part = min(1.0, missing / full) if full else 0.0
        row.append(Charge(charge.amps * part) if part else None)
        missing -= full * part
    return tuple(row)


def _drawn(problem: Problem, ev: Ev, charges: Charges) -> list[float]:
    return [drawn_wh(ev, *each) for each in zip(problem.slots, charges, strict=True)]


def _stored(problem: Problem, ev: Ev, charges: Charges) -> float:
    return sum(_drawn(problem, ev, charges)) * ev.efficiency


def _others(plan: Plan, ev: Ev) -> list[float]:
    """Return what the site draws in each slot without a car, W."""
    problem = plan.problem
    found = [slot.load_w - slot.pv_w for slot in problem.slots]
    for other, charges in zip(problem.evs, plan.charges, strict=True):
        if other is not ev:
            for t, wh in enumerate(_drawn(problem, other, charges)):
                found[t] += wh / problem.slots[t].hours
    return found


def _cost(problem: Problem, drawn: Sequence[float], others: Sequence[float]) -> float:
    """Return what a car's energy costs the site on top of all else."""
    return sum(
        slot_cost(slot, net + wh / slot.hours) - slot_cost(slot, net)
        for slot, wh, net in zip(problem.slots, drawn, others, strict=True)
    )


def _periods(problem: Problem, ev: Ev, charges: Charges) -> Iterator[PlanPeriod]:
    """Yield the stretches with the same limit."""
    slots = map(_period, repeat(ev), problem.slots, charges)
    for _, alike in groupby(slots, key=lambda each: (each.limit_a, each.phases)):
        first, *rest = alike
        yield first._replace(end=[first, *rest][-1].end)


def _period(ev: Ev, slot: Slot, charge: Charge | None) -> PlanPeriod:
    if charge is None:
        return PlanPeriod(slot.start, slot.end, Decimal(0), len(ev.modes[0].phases))
    phases = len(ev.modes[charge.mode].phases)
    return PlanPeriod(slot.start, slot.end, _rounded(charge.amps, _TENTH), phases)


def _ready_at(problem: Problem, ev: Ev, charges: Charges) -> datetime | None:
    missing = ev.goal_wh
    for slot, wh in zip(problem.slots, _drawn(problem, ev, charges), strict=True):
        stored = wh * ev.efficiency
        if stored and missing - stored < _MET_WH:
            part = max(0.0, min(1.0, missing / stored))
            return slot.start + timedelta(
                seconds=round((slot.end - slot.start).total_seconds() * part)
            )
        missing -= stored
    return None


def _rounded(value: float, step: Decimal) -> Decimal:
    """Return a number for people; a current is never rounded up."""
    rounding = ROUND_FLOOR if step == _TENTH else None
    return Decimal(f"{value:.6f}").quantize(step, rounding)
