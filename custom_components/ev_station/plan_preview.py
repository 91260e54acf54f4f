"""What would be planned for a car that left at another time or with another goal; nothing is changed."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from homeassistant.util import dt as dt_util

from .access.vehicles import is_guest, with_trip
from .engine.planner import Planner
from .errors import failure, misuse
from .lookup import EvseView, VehicleView
from .model.energy import ChargeMode
from .model.plan import EvsePlan
from .model.state import Vehicle
from .model.vehicle import Goal, GoalKind, Trip

_FULL: Final = Goal(GoalKind.PERCENT, Decimal(100))
_APART: Final = (timedelta(hours=-1), timedelta(hours=1))
"""How much earlier and later the alternatives leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would come of a wish, beside what else could be."""

    plan: EvsePlan
    present: EvsePlan | None
    """As the car is to leave now, reckoned at the same moment; None: it is not planned for."""
    others: tuple[EvsePlan, ...]
    """For a car that leaves an hour earlier or later than wished."""


async def preview(planner: Planner, view: EvseView, car: VehicleView, wished: Vehicle) -> Preview:
    """Return what would be planned for a car at an EVSE with another wish. Raises unless something can be."""
    now = dt_util.utcnow()
    leaving = replace(car, vehicle=wished).leaving
    if leaving is None:
        raise misuse("no_departure")
    shifted = [
        replace(wished, trip=Trip(at=moment, goal=leaving.goal))
        for apart in _APART
        if (moment := leaving.by + apart) > now
    ]
    planned_now = view.evse.mode is ChargeMode.SMART and car.departure is not None
    cars = [wished, *shifted, *([car.vehicle] if planned_now else [])]
    plan, *rest = await asyncio.gather(*(planner.preview(view.evse, each) for each in cars))
    if plan is None:
        raise failure("no_plan")
    return Preview(
        plan=plan,
        present=rest[-1] if planned_now else None,
        others=tuple(each for each in rest[: len(shifted)] if each is not None),
    )


def ahead(car: VehicleView, at: datetime) -> datetime:
    """Return a departure in UTC; without a zone it is told by the site's clock. Raises if it has passed."""
    moment = dt_util.as_utc(at if at.tzinfo else at.replace(tzinfo=car.zone))
    if moment <= dt_util.utcnow():
        raise misuse("departure_past")
    return moment


def wanted(car: VehicleView, goal: Goal | None) -> Goal | None:
    """Return what a departure may want of a car. A stranger's is to be full, which is no goal, or to get some kWh."""
    if goal is None or not is_guest(car.vehicle) or goal.kind is GoalKind.ENERGY:
        return goal
    if goal != _FULL:
        raise misuse("guest_goal")
    return None


def wish(car: VehicleView, *, at: datetime | None, goal: Goal | None) -> Vehicle:
    """Return a car that is to leave then with this goal; None leaves them as they are.

    Raises for a departure that has passed, and for a goal that only a departure can have while nobody said when
    it leaves.
    """
    if at is not None:
        car = replace(car, vehicle=with_trip(car.vehicle, car.moved(ahead(car, at))))
    if goal is None:
        return car.vehicle
    if is_guest(car.vehicle):
        if car.vehicle.trip is None:
            raise misuse("no_departure")
        return with_trip(car.vehicle, replace(car.vehicle.trip, goal=wanted(car, goal)))
    if trip := car.wanting(goal):
        return with_trip(car.vehicle, trip)
    if goal.kind is not GoalKind.PERCENT:
        raise misuse("no_departure")
    return replace(car.vehicle, goal_percent=round(goal.amount))
