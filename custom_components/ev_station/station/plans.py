"""From a plan of the site to what each EVSE is to do, and taking that over."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from itertools import groupby, repeat
from typing import Final

from ..access.vehicles import is_to_be_full
from ..model.events import SitePlanned
from ..model.plan import RENEWED_WITHIN, EvsePlan, PlanPeriod, PlanState, Why
from ..planning.cost import drawn_wh
from ..planning.explain import Reason, explain
from ..planning.extra import bought
from ..planning.plan import Plan
from ..planning.problem import Charge, Charges, Ev, Slot
from .context import Context
from .horizon import Horizon, Wanting
from .peak import foreseen_w

_TENTH: Final = Decimal("0.1")
_WHOLE: Final = Decimal(1)
_CENT: Final = Decimal("0.01")


def planned(horizon: Horizon, plan: Plan | None, now: datetime) -> SitePlanned:
    """Return what a plan means for each EVSE that was planned for; who has enough has a plan without periods.

    It reads nothing of the state and takes a while: not for the event loop.
    """
    plans = [_fulfilled(wanting, now) for wanting in horizon.content]
    if plan is not None:
        plan = bought(plan)
        peak_w = foreseen_w(plan, horizon.zone)
        plans += [
            replace(_evse_plan(plan, n, each, now), peak_w=peak_w)
            for n, each in enumerate(horizon.wanting)
        ]
    return SitePlanned(plans=tuple(plans))


def take_over(context: Context, event: SitePlanned) -> None:
    """Put the new plans in force; who is not named has none any more."""
    named = {plan.id for plan in event.plans}
    for old in context.draft.all(EvsePlan):
        if old.id not in named:
            context.draft.remove(EvsePlan, old.id)
    for new in event.plans:
        context.draft.put(_continued(context.draft.get(EvsePlan, new.id), new, context.now))


def _continued(old: EvsePlan | None, new: EvsePlan, now: datetime) -> EvsePlan:
    """Return a plan that remembers what the one before it knew of the same session.

    A car that is late is not one that leaves tomorrow, and one that goes on drawing does not begin anew.
    """
    if old is None or old.session != new.session:
        return new
    stated = old.stated or (old.departure if now >= old.departure else None)
    return replace(new, stated=stated, began_at=_began(old, new))


def _began(old: EvsePlan, new: EvsePlan) -> datetime | None:
    if new.draws_since(new.made_at) is None:
        return None
    # The old plan was followed until now, although its stretch may have ended with the quarter hour.
    moments = (new.made_at, max(old.made_at, new.made_at - RENEWED_WITHIN))
    return next(filter(None, map(old.draws_since, moments)), None)


def _fulfilled(wanting: Wanting, now: datetime) -> EvsePlan:
    return EvsePlan(
        id=wanting.place.evse.id,
        session=wanting.session.id,
        vehicle=wanting.vehicle.key,
        made_at=now,
        departure=wanting.departure,
        ready_at=now,
        soonest=now,
    )


def _evse_plan(plan: Plan, n: int, wanting: Wanting, now: datetime) -> EvsePlan:
    ev, charges = plan.problem.evs[n], plan.charges[n]
    beyond = max(ev.departure - plan.problem.slots[-1].end, timedelta(0))
    found = explain(plan, n, draws_on_for=beyond)
    drawn = (drawn_wh(ev, *each) for each in zip(plan.problem.slots, charges, strict=True))
    reasons = [_worded(each, wanting) for each in found.reasons]
    # What nobody knows that it lacks, nobody knows that it will miss.
    guessed = is_to_be_full(wanting.vehicle)
    return EvsePlan(
        id=wanting.place.evse.id,
        session=wanting.session.id,
        vehicle=wanting.vehicle.key,
        made_at=now,
        departure=wanting.departure,
        overdue=wanting.demand.overdue,
        periods=tuple(_periods(plan.problem.slots, ev, charges, reasons)),
        ready_at=found.ready_at,
        energy_wh=_rounded(sum(drawn), _WHOLE),
        unmet_wh=Decimal(0) if guessed else _rounded(found.unmet_wh, _WHOLE),
        cost=_rounded(found.cost, _CENT),
        saved=_rounded(found.saved, _CENT),
        soonest=found.soonest,
        co2_kg=_rounded(found.co2_kg, _CENT) if _tells_co2(plan.problem.slots) else None,
        state=PlanState.ON_TRACK if guessed else found.outlook,
        picks_phases=len(ev.modes) > 1,
    )


def _worded(reason: Reason | None, wanting: Wanting) -> Reason | None:
    """Return a reason by what a car wants: one without a minimum has something at once only to show its phases."""
    shows = reason is not None and reason.why is Why.MINIMUM and not wanting.demand.least_wh
    return Reason(why=Why.SHOWS) if shows else reason


def _tells_co2(slots: Sequence[Slot]) -> bool:
    return any(slot.co2_g for slot in slots)


def _periods(
    slots: Sequence[Slot], ev: Ev, charges: Charges, reasons: Sequence[Reason | None]
) -> Iterator[PlanPeriod]:
    """Yield the stretches with the same limit."""
    found = map(_period, slots, repeat(ev), charges, reasons)
    for _, alike in groupby(found, key=lambda each: (each.limit_a, each.phases)):
        first, *rest = alike
        yield first._replace(end=[first, *rest][-1].end)


def _period(slot: Slot, ev: Ev, charge: Charge | None, reason: Reason | None) -> PlanPeriod:
    mode = ev.modes[0 if charge is None else charge.mode]
    saves = None if reason is None or reason.saves is None else _rounded(reason.saves, _CENT)
    return PlanPeriod(
        start=slot.start,
        end=slot.end,
        limit_a=_rounded(0.0 if charge is None else charge.amps, _TENTH),
        phases=len(mode.phases),
        surely=mode.surely,
        why=None if reason is None else reason.why,
        saves=saves,
    )


def _rounded(value: float, step: Decimal) -> Decimal:
    """Return a number for people; a current is never rounded up."""
    rounding = ROUND_FLOOR if step == _TENTH else None
    return Decimal(f"{value:.6f}").quantize(step, rounding)
