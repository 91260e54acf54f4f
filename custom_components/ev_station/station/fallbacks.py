"""What holds for each EVSE if we are gone: put together from the state for the rooms that reckon it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from ..balancing.claims import share_of
from ..balancing.draws import site_phases
from ..balancing.floors import Seat, floors
from ..balancing.limits import limit_of
from ..balancing.phases import told_phases
from ..balancing.unattended import Berth, unattended
from ..circuit.bounds import steps, steps_above
from ..model.commands import ProfilePurpose
from ..model.energy import ChargeMode
from ..model.events import SiteObserved
from ..model.grid import NOTHING_HEARD
from ..model.ids import EvseId
from ..model.plan import EvsePlan, PlanPeriod
from ..model.state import Evse
from .branches import assumed_branches
from .context import Context
from .grid import orders_of
from .limiting import holds_plans
from .places import Place, plan_in_force
from .timing import is_trial

type Fallback = tuple[Decimal, tuple[PlanPeriod, ...]]
"""A floor, and what is planned before it."""


def fallbacks(
    context: Context, event: SiteObserved, found: Sequence[Place]
) -> Mapping[EvseId, Fallback]:
    """Return what holds for each EVSE if we are gone: its floor, and before that its plan."""
    branches = tuple(assumed_branches(context).values())
    dark = replace(event, net_w=None, grid=NOTHING_HEARD)
    orders = orders_of(context, dark, found, {})
    seats = tuple(_seat(place) for place in found)
    floor_of = floors(branches, seats, orders)
    berths = tuple(
        _berth(context, place, seat, floor_of[seat.evse])
        for place, seat in zip(found, seats, strict=True)
    )
    ahead = unattended(branches, berths, orders)
    return {evse: (floor, ahead.get(evse, ())) for evse, floor in floor_of.items()}


def _berth(context: Context, place: Place, seat: Seat, floor_a: Decimal) -> Berth:
    smart = place.evse.mode is ChargeMode.SMART
    plan = plan_in_force(context.draft, place, context.now) if smart else None
    held = plan is not None and holds_plans(place.charger, place.evse)
    return Berth(
        seat=seat,
        floor=steps(floor_a),
        phases=site_phases(place.settings),
        periods=_unaided(plan, place) if plan is not None and held else (),
    )


def _unaided(plan: EvsePlan, place: Place) -> tuple[PlanPeriod, ...]:
    """Return what is planned; on the phases in force where the charger does not switch them by itself."""
    phasing = None if place.allowance is None else place.allowance.phasing
    if not plan.picks_phases or phasing is None or told_phases(phasing) is not None:
        return plan.until_over
    return tuple(each._replace(phases=phasing.phases) for each in plan.until_over)


def _seat(place: Place) -> Seat:
    """Return an EVSE as its owner set it up; one that is away keeps the floor it has, which nobody can change now."""
    priority, weight = share_of(place.settings.priority)
    if place.evse.refuses_pause:
        priority = -1
    seat = Seat(
        evse=place.evse.id,
        circuit=place.circuit,
        phases=frozenset(site_phases(place.settings)),
        least=steps_above(place.settings.min_current_a),
        most=steps(limit_of(place.evse, place.settings)),
        priority=priority,
        weight=weight,
    )
    kept = None if place.charger.connection is not None else _kept_floor(place.evse)
    return seat if kept is None else seat._replace(least=kept, most=kept, priority=-2)


def _kept_floor(evse: Evse) -> int | None:
    """Return the floor that a charger accepted, in steps; None: none that we know of.

    A trial ends with one of its own, which is the higher one where a live limit has to be the floor.
    """
    floors_held = [
        steps(each.periods[-1].limit_a)
        for each in (*evse.applied, *evse.left)
        if each.purpose is ProfilePurpose.TX_DEFAULT or is_trial(each)
    ]
    return max(floors_held, default=None)
