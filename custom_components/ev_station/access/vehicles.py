"""Which car stands at an EVSE: as somebody said, else as its tag tells, else the one of whoever charges; or a guest's."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Final

from ..model.session import Payer
from ..model.state import GUEST, Evse, Vehicle
from ..model.vehicle import GoalKind, Trip, VehicleSettings

_BATTERY_WH: Final = 60_000
"""Of a car of which nobody knows better."""


def vehicle_at(evse: Evse, payer: Payer | None, vehicles: Iterable[Vehicle]) -> Vehicle | None:
    """Return the car at an EVSE; None: a stranger's, or that of a driver with several.

    `payer` is of the session there; None: there is none.
    """
    if evse.vehicle == GUEST:
        return None
    known = list(vehicles)
    if evse.vehicle is not None:
        return next((each for each in known if each.key == evse.vehicle), None)
    if payer is None:
        return None
    found = [each for each in known if payer.token in each.settings.tags]
    if not found and payer.driver is not None:
        found = [each for each in known if each.settings.driver == payer.driver]
    return found[0] if len(found) == 1 else None


def car_at(evse: Evse, payer: Payer | None, vehicles: Iterable[Vehicle]) -> Vehicle | None:
    """Return the same, or a stranger's car of which somebody wants something: none of the site's aggregates."""
    known = vehicle_at(evse, payer, vehicles)
    return evse.guest if known is None else known


def guest(trip: Trip | None = None) -> Vehicle:
    """Return a stranger's car. It is taken for empty, and what it gets is counted at the EVSE, as on the bill."""
    settings = VehicleSettings(
        vehicle=GUEST, name="", battery_wh=_BATTERY_WH, efficiency=Decimal(1), goal_percent=100
    )
    return Vehicle(settings=settings, trip=trip)


def is_guest(vehicle: Vehicle) -> bool:
    """Return whether a car is a stranger's."""
    return vehicle.key == GUEST


def is_to_be_full(vehicle: Vehicle) -> bool:
    """Return whether a car is a stranger's that is to be full: nobody knows what it lacks."""
    goal = None if vehicle.trip is None else vehicle.trip.goal
    return is_guest(vehicle) and (goal is None or goal.kind is not GoalKind.ENERGY)


def with_trip(vehicle: Vehicle, trip: Trip | None) -> Vehicle:
    """Return a car that is to leave like this; a stranger's that stopped by itself is tried again."""
    if is_guest(vehicle):
        vehicle = replace(vehicle, percent=None, percent_at=None, goal_percent=None)
    return replace(vehicle, trip=trip)


def roomy(vehicle: Vehicle, least_wh: int) -> Vehicle:
    """Return a stranger's car whose battery holds so much at least."""
    holds_wh = max(vehicle.settings.battery_wh, least_wh)
    return replace(vehicle, settings=replace(vehicle.settings, battery_wh=holds_wh))
