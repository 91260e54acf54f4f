"""When cars leave, beside when they said they would: what plans learn from."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from ..access.vehicles import vehicle_at
from ..model.plan import EvsePlan
from ..model.session import Session
from ..model.state import Evse, Live, Vehicle
from ..model.vehicle import Stay
from ..planning.demand import percent_of
from .context import Context

_REMEMBERED: Final = 150


def note_leaving(context: Context, evse: Evse, session: Session, ended_at: datetime) -> None:
    """Remember when the car at an EVSE left, or may have: what it told before says nothing of what it comes back with."""
    vehicle = vehicle_at(evse, session.payer, context.draft.all(Vehicle))
    if vehicle is not None:
        left_at = max(ended_at, vehicle.left_at or ended_at)
        context.draft.put(replace(_with_charged(vehicle, session), left_at=left_at))


def _with_charged(vehicle: Vehicle, session: Session) -> Vehicle:
    """Return the car with what a session brought it; what it told before is forgotten if that says nothing any more."""
    percent = percent_of(vehicle, session, Live())
    if percent is None or vehicle.percent is None:
        return replace(vehicle, percent=None, percent_at=None, charged_percent=Decimal(0))
    return replace(vehicle, charged_percent=percent - vehicle.percent)


def note_stay(context: Context, session: Session, ended_at: datetime) -> None:
    """Remember a stay that was planned for; one whose record is written anew is remembered as it is now."""
    plan = context.draft.get(EvsePlan, session.evse)
    if plan is None or plan.session != session.id:
        return
    vehicle = context.draft.get(Vehicle, plan.vehicle)
    if vehicle is None:
        return
    stay = Stay(session.start.at, plan.stated or plan.departure, ended_at)
    others = (each for each in vehicle.stays if each.arrival != stay.arrival)
    stays = (*others, stay)[-_REMEMBERED:]
    context.draft.put(replace(vehicle, stays=stays))
