"""What the month's peak means: to a plan a limit where cars follow it, else a price; to who draws now a bound."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
import math
from typing import Final
from zoneinfo import ZoneInfo

from ..balancing.draws import drawn_w
from ..balancing.orders import bound_of, weights_of
from ..balancing.peak import KEPT_W, room_w
from ..circuit.bounds import Bound, BoundKind, Tap, steps, steps_above
from ..model.allowance import Allowance
from ..model.energy import ChargeMode
from ..model.events import SiteObserved
from ..model.ids import EvseId
from ..model.plan import EvsePlan, Why
from ..model.settings import SiteSettings
from ..model.state import SITE, Grid, SiteState
from ..planning.cost import drawn_wh, net_w, peaks_w
from ..planning.peak import under_peak
from ..planning.plan import Plan
from ..planning.problem import Capacity, Problem, Slot
from .context import Context
from .places import Place, plan_in_force
from .sealing import local_month

_LEAST_SPARE: Final = timedelta(minutes=15)
"""Who has less time to spare is not held back: by the time it is planned anew it might be late."""


def with_peak(problem: Problem, state: SiteState, site: SiteSettings, now: datetime) -> Problem:
    """Return a problem that knows what the month's peak allows or costs.

    A new month begins with what is billed anyway. With a price, the lowest peak of a plan's slots counts for all. In
    both cases a plan leaves what those who are held may have to leave.
    """
    peaks = [peak_w - KEPT_W for peak_w in _peaks(problem.slots, state, site, now)]
    if site.grid.follow_peak:
        return under_peak(problem, peaks)
    if site.grid.peak_price is None:
        return problem
    capacity = Capacity(peak_w=max(0.0, min(peaks)), price_per_kw=float(site.grid.peak_price))
    return replace(problem, capacity=capacity)


def _peaks(
    slots: Sequence[Slot], state: SiteState, site: SiteSettings, now: datetime
) -> list[float]:
    """Return what is paid anyway in each slot's month, W."""
    zone, grid = ZoneInfo(site.time_zone), state.get(Grid, SITE) or Grid()
    month = local_month(now, zone)
    floor = site.grid.peak_floor_w
    known = max(grid.peak_w, floor) if grid.month == month else floor
    return [float(known if local_month(slot.start, zone) == month else floor) for slot in slots]


def foreseen_w(made: Plan, zone: ZoneInfo) -> int | None:
    """Return the highest quarter hour that a plan foresees in the month that goes on; None: it has no price."""
    problem = made.problem
    if problem.capacity is None:
        return None
    taken = [
        [drawn_wh(ev, *each) for each in zip(problem.slots, row, strict=True)]
        for ev, row in zip(problem.evs, made.charges, strict=True)
    ]
    powers = peaks_w(problem, taken, net_w(problem, taken, made.batteries))
    month = local_month(problem.slots[0].start, zone)
    ours = (
        watts
        for slot, watts in zip(problem.slots, powers, strict=True)
        if local_month(slot.start, zone) == month
    )
    return math.ceil(max(0.0, *ours))


def peak_bound(
    context: Context,
    event: SiteObserved,
    asking: Sequence[Place],
    before: Mapping[EvseId, Allowance],
    taps: Sequence[Tap],
    fixed: Mapping[EvseId, Decimal],
) -> tuple[Bound, ...]:
    """Return what the month's peak leaves, as a bound.

    While its meter is silent those who must follow it get nothing; after a start who charges goes on with what it has,
    until the meter has had its time to speak. Who keeps to what was planned goes by that then.
    """
    held = {place.evse.id: place for place in asking if _is_held(context, place)}
    weights = weights_of([tap for tap in taps if tap.evse in held])
    if not weights:
        return ()
    if event.tally is None or event.net_w is None:
        if not context.settings.grid.follow_peak:
            return ()
        room = 0 if event.complete else _present_w(before, weights)
        return (bound_of(BoundKind.PEAK, room, weights),)
    free = [place for place in asking if place.evse.id not in held]
    others = sum(fixed.values(), Decimal(0))
    others += sum((_expected_w(context, place, before) for place in free), Decimal(0))
    running = sum(
        steps_above(place.settings.min_current_a) * weights[evse]
        for evse, place in held.items()
        if before[evse].on_since is not None
    )
    peak = _peak_w(context, list(held.values()))
    room = room_w(event.tally, peak, event.net_w + int(others), running, context.now)
    return (bound_of(BoundKind.PEAK, room, weights),)


def _is_held(context: Context, place: Place) -> bool:
    """Return whether an EVSE is not to raise the peak: any where it is followed, else who goes by a plan that pays for it."""
    settings, mode = context.settings.grid, place.evse.mode
    if settings.follow_peak:
        return not (settings.fast_may_raise_peak and mode is ChargeMode.FAST)
    if not settings.counts_peak or mode is not ChargeMode.SMART:
        return False
    plan = plan_in_force(context.draft, place, context.now)
    return plan is not None and _keeps_to(plan, context.now)


def _keeps_to(plan: EvsePlan, now: datetime) -> bool:
    """Return whether a car can wait for what the house draws beyond its forecast: a minimum and who is late cannot.

    Who has its goal always can.
    """
    period, spare = plan.followed(now), plan.spare(now)
    why = None if period is None else period.why
    if plan.peak_w is None or why is Why.MINIMUM:
        return False
    if why is Why.EXTRA:
        return True
    return spare is not None and spare >= _LEAST_SPARE


def _peak_w(context: Context, held: Sequence[Place]) -> int:
    """Return what is paid for anyway, or will be by what is planned.

    What a plan foresaw is allowed for with what is kept: if all comes as foreseen, it holds nobody back.
    """
    settings, grid = context.settings.grid, context.draft.get(Grid, SITE) or Grid()
    paid = max(grid.peak_w, settings.peak_floor_w)
    if settings.follow_peak:
        return paid
    plans = (plan_in_force(context.draft, place, context.now) for place in held)
    foreseen = [plan.peak_w + KEPT_W for plan in plans if plan and plan.peak_w is not None]
    return max(paid, *foreseen)


def _expected_w(context: Context, place: Place, before: Mapping[EvseId, Allowance]) -> Decimal:
    return drawn_w(place.evse, before[place.evse.id], place.settings, context.now).expected


def _present_w(before: Mapping[EvseId, Allowance], weights: Mapping[EvseId, int]) -> int:
    """Return what those may draw that charge already."""
    return sum(
        steps(before[evse].limit_a) * weight
        for evse, weight in weights.items()
        if before[evse].on_since is not None
    )
