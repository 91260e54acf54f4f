"""Which car stands at an EVSE."""

import pytest

from custom_components.ev_station.access.vehicles import vehicle_at
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.state import GUEST, Evse, Vehicle
from custom_components.ev_station.model.vehicle import VehicleSettings


def car(key: str, driver: str | None) -> Vehicle:
    settings = VehicleSettings(vehicle=key, name=key, driver=driver, battery_wh=50_000)
    return Vehicle(settings=settings)


CARS = [car("zoe", "anna"), car("ioniq", "ben"), car("bulli", "ben"), car("pool", None)]


@pytest.mark.parametrize(
    ("chosen", "driver", "found"),
    [
        (None, "anna", "zoe"),
        (None, "ben", None),
        (None, "carla", None),
        (None, None, None),
        ("bulli", "ben", "bulli"),
        ("pool", "anna", "pool"),
        ("sold", "anna", None),
        (GUEST, "anna", None),
    ],
)
def test_a_car_is_told_by_choice_then_by_driver(
    chosen: str | None, driver: str | None, found: str | None
) -> None:
    evse = Evse(id=EvseId("CP1", 1), vehicle=chosen)
    vehicle = vehicle_at(evse, driver, CARS)
    assert (vehicle.key if vehicle else None) == found
