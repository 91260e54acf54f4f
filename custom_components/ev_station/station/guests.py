"""Strangers' cars of which somebody wants something: when one has all it takes, and how much that may be."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import chain, pairwise
from typing import Final

from ..access.vehicles import is_to_be_full, roomy
from ..model.allowance import Allowance, ReasonKind
from ..model.session import Session
from ..model.state import Live, Vehicle
from ..model.waking import Car
from ..planning.demand import percent_of
from ..session.live import present
from .context import Context
from .places import Place

_QUIET_FOR: Final = timedelta(minutes=10)
"""Cars pause for a moment, to balance their cells or to look at the grid."""
_DREW_WH: Final = 100
"""Less says nothing: it may be full, or wait for an hour of its own."""
_STEP_WH: Final = 10_000
_FULL: Final = Decimal(100)


def look_at_guests(context: Context, found: Sequence[Place]) -> None:
    """Take a car that stopped by itself for full, and one that goes on for larger than was thought."""
    for place in found:
        if place.session is None:
            continue
        evse = context.evse(place.evse.id)
        allowance = context.draft.get(Allowance, evse.id)
        if evse.guest is None or allowance is None:
            continue
        after = _seen(evse.guest, place.session, present(evse), allowance, context.now)
        if after != evse.guest:
            context.draft.put(replace(evse, guest=after))


def _seen(
    vehicle: Vehicle, session: Session, live: Live, allowance: Allowance, now: datetime
) -> Vehicle:
    if vehicle.percent is not None or vehicle.goal_percent is not None:
        return vehicle
    if _has_stopped(session, allowance, now):
        return _full(vehicle, percent_of(vehicle, session, live), now)
    if is_to_be_full(vehicle):
        return roomy(vehicle, _least_wh(vehicle, session, live))
    return vehicle


def _least_wh(vehicle: Vehicle, session: Session, live: Live) -> int:
    """Return what the battery of a car that goes on holds at least: by steps, not to change with every sample."""
    by_register = (int(session.energy_wh) // _STEP_WH + 2) * _STEP_WH
    if percent_of(vehicle, session, live) != _FULL or live.soc_percent == _FULL:
        return by_register
    # What its charger told once and what was drawn since make it full, but it does not say so.
    return max(by_register, vehicle.settings.battery_wh + _STEP_WH)


def _has_stopped(session: Session, allowance: Allowance, now: datetime) -> bool:
    """Return whether a car drew and draws no more although it may; one that was paused and does not wake may be empty."""
    idle = allowance.reason.kind is ReasonKind.IDLE and allowance.waking.car is Car.RESTS
    # One that was paused, or is tried anew, has as long to begin.
    quiet_since = max(_rose_at(session), allowance.on_since or now)
    return idle and session.energy_wh >= _DREW_WH and now - quiet_since >= _QUIET_FOR


def _rose_at(session: Session) -> datetime:
    """Return when a session's register last rose."""
    rises = (
        later.at
        for later, before in pairwise(reversed(session.readings))
        if later.register_wh > before.register_wh
    )
    first = (each.at for each in session.readings)
    return next(chain(rises, first), session.start.at)


def _full(vehicle: Vehicle, percent: Decimal | None, now: datetime) -> Vehicle:
    """Return a car that is as full as it gets: as its charger tells, if it tells anything."""
    full = replace(vehicle, trip=vehicle.trip and replace(vehicle.trip, goal=None))
    if percent is None:
        return replace(full, percent=_FULL, percent_at=now)
    return replace(full, goal_percent=int(percent))
