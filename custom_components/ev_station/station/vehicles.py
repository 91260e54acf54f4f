"""Cars: what they tell of themselves, and what people want of them."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from ..access.vehicles import guest, with_trip
from ..model import events as e
from ..model.effects import Refuse, Settle
from ..model.ids import VehicleId
from ..model.state import GUEST, Evse, Vehicle
from ..planning.demand import consumption, spoke_since_it_left
from .context import Context

_ROUNDING: Final = 0.05

type Wish = e.VehicleChosen | e.GoalRequested | e.TripRequested


def heard(context: Context, event: e.VehicleHeard) -> None:
    """Take over a car's state of charge; what is older than what is known, or than its last session, says nothing.

    Some tell the same each minute: that is noted once after the car left, or fell silent.
    """
    vehicle = context.draft.get(Vehicle, event.vehicle)
    if vehicle is None or any(at and event.at < at for at in (vehicle.percent_at, vehicle.left_at)):
        return
    after = (
        _silenced(vehicle, event.at)
        if event.percent is None
        else _told(vehicle, event, event.percent)
    )
    if after != vehicle:
        context.draft.put(after)


def _silenced(vehicle: Vehicle, at: datetime) -> Vehicle:
    return replace(vehicle, silent_since=vehicle.silent_since or at)


def _told(vehicle: Vehicle, event: e.VehicleHeard, percent: Decimal) -> Vehicle:
    """The same after it was charged is no news: whoever tells it did not hear from the car meanwhile."""
    uses, whole = _consumption(vehicle, percent, event.range_km), percent.to_integral_value()
    spoke = replace(vehicle, silent_since=None, told_wh_per_km=uses)
    known = spoke_since_it_left(vehicle) or vehicle.charged_percent >= 1
    if whole == vehicle.percent and known:
        return spoke
    return replace(spoke, percent=whole, percent_at=event.at, charged_percent=Decimal(0))


def _consumption(vehicle: Vehicle, percent: Decimal, range_km: Decimal | None) -> int | None:
    """Return what a km takes by its word; what differs little is rounding, and no reason to plan anew."""
    known, battery_wh = vehicle.told_wh_per_km, vehicle.settings.battery_wh
    found = None if range_km is None else consumption(percent, range_km, battery_wh)
    if found is None or (known is not None and abs(found - known) <= known * _ROUNDING):
        return known
    return found


def calendar_read(context: Context, event: e.CalendarRead) -> None:
    """Take over what a car's calendar says."""
    vehicle = context.draft.get(Vehicle, event.vehicle)
    if vehicle is not None and vehicle.booked != event.trips:
        context.draft.put(replace(vehicle, booked=event.trips))


def remove_vehicle(context: Context, vehicle: VehicleId) -> None:
    """Forget a car, and where somebody said it stands."""
    context.draft.remove(Vehicle, vehicle)
    for evse in context.draft.all(Evse):
        if evse.vehicle == vehicle:
            context.draft.put(replace(evse, vehicle=None))


def wished(context: Context, event: Wish) -> None:
    """Note what somebody wants of a car, unless it is none of ours."""
    after = _as_wished(context, event)
    if after is None:
        context.effects.append(Refuse(id=event.command, reason="vehicle_unknown"))
        return
    context.draft.put(after)
    context.effects.append(Settle(id=event.command))


def guest_wished(context: Context, event: e.GuestRequested) -> None:
    """Note what somebody wants of the stranger's car that charges; on how many phases it draws stays known."""
    evse = context.evse(event.evse)
    if evse.session is None:
        context.effects.append(Refuse(id=event.command, reason="no_session"))
        return
    anew = None if event.trip is None else with_trip(evse.guest or guest(), event.trip)
    context.draft.put(replace(evse, guest=anew))
    context.effects.append(Settle(id=event.command))


def _as_wished(context: Context, event: Wish) -> Evse | Vehicle | None:
    vehicle = context.draft.get(Vehicle, event.vehicle)
    if isinstance(event, e.VehicleChosen):
        known = vehicle is not None or event.vehicle in {None, GUEST}
        evse = context.evse(event.evse)
        left = evse.guest if vehicle is None else None
        return replace(evse, vehicle=event.vehicle, guest=left) if known else None
    if vehicle is None:
        return None
    if isinstance(event, e.GoalRequested):
        return replace(vehicle, goal_percent=event.percent)
    return with_trip(vehicle, event.trip)
