"""Vehicles: their battery, what they are to have, and when they leave."""

from datetime import time
from decimal import Decimal
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.ev_station.model.state import Vehicle
from custom_components.ev_station.model.tariff import DayOfWeek
from custom_components.ev_station.model.vehicle import Departure, VehicleSettings

from .entries import ANNA, SiteEntry
from .flows import ABORT, CREATED, FORM, Subentries, suggested

RANGE = "sensor.zoe_range"
CHARGING = {"efficiency_percent": 90, "tapers_from_percent": 80, "wh_per_km": 180}


@pytest.fixture
def subentries(hass: HomeAssistant, site: SiteEntry) -> Subentries:
    return Subentries(hass, site)


def answers(**given: Any) -> dict[str, Any]:
    usual = {"name": "Zoe", "battery_kwh": 52, "goal_percent": 80, "least_percent": 20}
    charging = CHARGING | given.pop("charging", {})
    extra = {"extra_percent": 100} | given.pop("extra", {})
    return usual | {"departures": {}, "extra": extra, "charging": charging} | given


def known(subentries: Subentries, title: str) -> Vehicle:
    found = subentries.engine.state.get(Vehicle, subentries.titled(title).subentry_id)
    assert found is not None
    return found


async def test_a_vehicle_is_added_in_place(subentries: Subentries) -> None:
    flow = await subentries.add("vehicle")
    assert suggested(flow) == {
        "battery_kwh": 60,
        "goal_percent": 80,
        "least_percent": 0,
        "departures": {"calendar_margin_min": 30},
        "extra": {"extra_percent": 100},
        "charging": CHARGING,
    }
    given = answers(
        driver=ANNA,
        departures={"leaves_monday": "07:30:00", "leaves_sunday": "10:00:00"},
        extra={"extra_price": 0.12, "extra_percent": 95},
        charging={
            "min_current_a": 8,
            "max_current_a": 16,
            "phases": "1",
            "tapers_from_percent": 90,
        },
    )
    assert (await subentries.submit(flow, given))["type"] is CREATED
    assert known(subentries, "Zoe").settings == VehicleSettings(
        vehicle=subentries.titled("Zoe").subentry_id,
        name="Zoe",
        driver=ANNA,
        battery_wh=52_000,
        efficiency=Decimal("0.9"),
        tapers_from_percent=90,
        wh_per_km=180,
        min_current_a=Decimal(8),
        max_current_a=Decimal(16),
        phases=1,
        least_percent=20,
        goal_percent=80,
        extra_percent=95,
        extra_price=Decimal("0.12"),
        departures=(
            Departure(DayOfWeek.MONDAY, time(7, 30)),
            Departure(DayOfWeek.SUNDAY, time(10)),
        ),
    )


async def test_a_vehicle_is_changed_in_place_and_what_is_emptied_is_gone(
    subentries: Subentries,
) -> None:
    given = answers(
        driver=ANNA, departures={"leaves_monday": "07:30:00"}, extra={"extra_price": -0.02}
    )
    await subentries.submit(await subentries.add("vehicle"), given)
    flow = await subentries.change(subentries.titled("Zoe").subentry_id)
    shown = suggested(flow)
    assert (shown["name"], shown["driver"], shown["battery_kwh"]) == ("Zoe", ANNA, 52)
    assert shown["departures"] == {"leaves_monday": "07:30:00", "calendar_margin_min": 30}
    assert shown["extra"] == {"extra_price": -0.02, "extra_percent": 100}
    result = await subentries.submit(flow, answers(name="Blue Zoe"))
    assert (result["type"], result["reason"]) == (ABORT, "reconfigure_successful")
    settings = known(subentries, "Blue Zoe").settings
    assert (settings.driver, settings.departures, settings.extra_price) == (None, (), None)


async def test_tags_of_drivers_tell_a_car_as_long_as_there_are_such_tags(
    subentries: Subentries,
) -> None:
    flow = await subentries.submit(await subentries.add("vehicle"), answers(own_tags=["04A1B2C3"]))
    assert flow["type"] is CREATED
    assert (known(subentries, "Zoe").settings.tags, known(subentries, "Zoe").settings.driver) == (
        ("04A1B2C3",),
        None,
    )
    flow = await subentries.change(subentries.titled("Zoe").subentry_id)
    assert suggested(flow)["own_tags"] == ["04A1B2C3"]
    await subentries.remove(ANNA)
    assert known(subentries, "Zoe").settings.tags == ()
    flow = await subentries.change(subentries.titled("Zoe").subentry_id)
    assert "own_tags" not in suggested(flow)


@pytest.mark.parametrize(
    ("given", "field", "problem"),
    [
        ({"name": " "}, "name", "name_missing"),
        ({"name": "ZOE"}, "name", "name_taken"),
        ({"name": "Second", "goal_percent": 10}, "goal_percent", "goal_below_least"),
        (
            {"name": "Second", "extra": {"extra_price": 0.1, "extra_percent": 80}},
            "extra_percent",
            "extra_below_goal",
        ),
        ({"name": "Second", "extra": {"extra_price": 12}}, "extra_price", "price_in_cents"),
        ({"name": "Second", "battery_kwh": 0}, "battery_kwh", "out_of_bounds"),
        (
            {"name": "Second", "charging": {"phases": "1", "min_current_a": 5}},
            "base",
            "out_of_bounds",
        ),
        (
            {"name": "Second", "charging": {"min_current_a": 17, "max_current_a": 16}},
            "base",
            "min_above_max",
        ),
    ],
)
async def test_what_makes_no_sense(
    subentries: Subentries, given: dict[str, Any], field: str, problem: str
) -> None:
    await subentries.submit(await subentries.add("vehicle"), answers())
    flow = await subentries.submit(await subentries.add("vehicle"), answers(**given))
    assert (flow["type"], flow["errors"]) == (FORM, {field: problem})
    assert (await subentries.submit(flow, answers(name="Ioniq")))["type"] is CREATED


@pytest.mark.parametrize(
    ("said", "unit", "problem"),
    [
        # 52 kWh take a car of 180 Wh/km 289 km: none of its size has twice as much left.
        ("578", "km", "range_too_far"),
        ("360", "mi", "range_too_far"),
        ("45000", "km", "range_too_far"),
        ("200", "%", "range_unit"),
        ("200", None, "range_unit"),
        (None, None, "range_unit"),
    ],
)
async def test_what_is_no_range_of_this_car(
    hass: HomeAssistant,
    subentries: Subentries,
    said: str | None,
    unit: str | None,
    problem: str,
) -> None:
    if said is not None:
        hass.states.async_set(RANGE, said, {"unit_of_measurement": unit} if unit else {})
    flow = await subentries.submit(await subentries.add("vehicle"), answers(range_entity=RANGE))
    assert (flow["type"], flow["errors"]) == (FORM, {"range_entity": problem})
    assert flow["description_placeholders"]["entity"] == r"sensor.zoe\_range"
    # A car that is asleep says nothing of its range yet.
    hass.states.async_set(RANGE, "unavailable", {"unit_of_measurement": "km"})
    flow = await subentries.submit(flow, answers(range_entity=RANGE))
    assert flow["type"] is CREATED


async def test_a_removed_driver_leaves_the_car_and_a_removed_car_is_gone(
    subentries: Subentries,
) -> None:
    await subentries.submit(await subentries.add("vehicle"), answers(driver=ANNA))
    await subentries.remove(ANNA)
    assert known(subentries, "Zoe").settings.driver is None
    zoe = subentries.titled("Zoe").subentry_id
    await subentries.remove(zoe)
    assert subentries.engine.state.get(Vehicle, zoe) is None
