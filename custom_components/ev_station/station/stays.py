"""When cars leave, beside when they said they would: what plans learn from."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from ..model.plan import EvsePlan
from ..model.session import Session
from ..model.state import Vehicle
from ..model.vehicle import Stay
from .context import Context

_REMEMBERED: Final = 150


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
