"""Which car stands at an EVSE."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from custom_components.ev_station.access.vehicles import guest, vehicle_at, with_trip
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.session import Payer
from custom_components.ev_station.model.state import GUEST, Evse, Vehicle
from custom_components.ev_station.model.status import AuthorizationStatus
from custom_components.ev_station.model.vehicle import Trip, VehicleSettings


def car(key: str, driver: str | None, *tags: str) -> Vehicle:
    settings = VehicleSettings(vehicle=key, name=key, driver=driver, tags=tags, battery_wh=50_000)
    return Vehicle(settings=settings)


CARS = [
    car("zoe", "anna"),
    car("ioniq", "ben", "I1", "BOTH"),
    car("bulli", "ben", "B1", "BOTH"),
    car("pool", None, "P1"),
]


@pytest.mark.parametrize(
    ("chosen", "driver", "tag", "found"),
    [
        (None, "anna", "A1", "zoe"),
        (None, "ben", "X1", None),
        (None, "carla", "C1", None),
        (None, None, None, None),
        (None, "ben", "B1", "bulli"),
        (None, "ben", "BOTH", None),
        (None, "anna", "P1", "pool"),
        (None, None, "P1", "pool"),
        ("bulli", "ben", "I1", "bulli"),
        ("pool", "anna", "A1", "pool"),
        ("sold", "anna", "A1", None),
        (GUEST, "anna", "A1", None),
    ],
)
def test_a_car_is_told_by_choice_then_by_its_tag_then_by_driver(
    chosen: str | None, driver: str | None, tag: str | None, found: str | None
) -> None:
    evse = Evse(id=EvseId("CP1", 1), vehicle=chosen)
    payer = Payer(status=AuthorizationStatus.ACCEPTED, driver=driver, token=tag)
    vehicle = vehicle_at(evse, payer, CARS)
    assert (vehicle.key if vehicle else None) == found


def test_without_a_session_only_what_somebody_said_tells() -> None:
    assert vehicle_at(Evse(id=EvseId("CP1", 1)), None, CARS) is None
    chosen = vehicle_at(Evse(id=EvseId("CP1", 1), vehicle="zoe"), None, CARS)
    assert chosen is not None
    assert chosen.key == "zoe"


def test_a_strangers_car_that_is_full_is_tried_again_with_another_wish() -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    trip = Trip(at=datetime(2026, 11, 23, 22, tzinfo=UTC))
    stranger = replace(guest(), takes_phases=3)
    full = replace(stranger, percent=Decimal(100), percent_at=now, goal_percent=97)
    assert with_trip(full, trip) == replace(stranger, trip=trip)
    known = replace(car("zoe", "anna"), percent=Decimal(100), percent_at=now, goal_percent=97)
    assert with_trip(known, trip) == replace(known, trip=trip)
