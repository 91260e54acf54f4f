"""What a site with vehicles shows."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ev_station.model.state import Vehicle
from custom_components.ev_station.model.vehicle import Goal, GoalKind, Trip

from .site import SUBENTRIES, Site, site_entry, state_of

ZOE = (Vehicle, "zoe")
SEVENTY = Goal(GoalKind.PERCENT, Decimal(70))
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def car(key: str, title: str, **data: Any) -> ConfigSubentryDataWithId:
    """Return a car with 50 kWh, on three phases."""
    usual = {"battery_kwh": 50, "phases": "3", "efficiency_percent": 90, "wh_per_km": 180}
    return ConfigSubentryDataWithId(
        subentry_id=key,
        subentry_type="vehicle",
        title=title,
        unique_id=None,
        data=usual | {"least_percent": 0, "goal_percent": 80} | data,
    )


@pytest.fixture
def entry() -> MockConfigEntry:
    """Return a site with two cars; one leaves every morning."""
    daily = {f"leaves_{day}": "07:30:00" for day in DAYS}
    zoe = car("zoe", "Zoe", driver="anna", soc_entity="sensor.zoe", **daily)
    return site_entry(*SUBENTRIES, zoe, car("bulli", "Bulli"))


@pytest.fixture(autouse=True)
async def _soc(hass: HomeAssistant) -> None:
    await hass.config.async_set_time_zone("Europe/Berlin")
    hass.states.async_set("sensor.zoe", "54", {"unit_of_measurement": "%"})


async def act(site: Site, domain: str, action: str, entity: str, **data: Any) -> None:
    """Call an action of Home Assistant on an entity."""
    await site.hass.services.async_call(
        domain, action, {"entity_id": entity, **data}, blocking=True
    )
    await site.hass.async_block_till_done()


async def test_a_car_shows_its_battery_and_when_it_leaves(site: Site) -> None:
    await site.hass.async_block_till_done()
    assert state_of(site, "battery", ZOE).state == "54.0"
    assert state_of(site, "goal", ZOE).state == "80"
    assert state_of(site, "departure", ZOE).state == "07:30:00"
    leaves = dt_util.parse_datetime(state_of(site, "next_departure", ZOE).state)
    assert leaves is not None
    assert leaves.astimezone(dt_util.get_default_time_zone()).strftime("%H:%M") == "07:30"
    assert timedelta(0) < leaves - dt_util.utcnow() <= timedelta(days=1, hours=1)
    registry = er.async_get(site.hass)
    assert "site_vehicle_zoe_battery" in {each.unique_id for each in registry.entities.values()}
    assert "site_vehicle_bulli_battery" not in {
        each.unique_id for each in registry.entities.values()
    }
    assert state_of(site, "departure", (Vehicle, "bulli")).state == "unknown"


async def test_a_departure_is_set_once_and_a_goal_until_it_is_changed(live_site: Site) -> None:
    site = live_site
    await act(site, "time", "set_value", "time.zoe_departure", time="05:15:00")
    assert state_of(site, "departure", ZOE).state == "05:15:00"
    await act(site, "number", "set_value", "number.zoe_charge_to", value=95)
    assert state_of(site, "goal", ZOE).state == "95"
    vehicle = site.engine.state.get(Vehicle, "zoe")
    assert vehicle is not None
    assert vehicle.trip is not None
    assert vehicle.trip.at > dt_util.utcnow()


@pytest.mark.parametrize(
    ("goal", "shown"),
    [
        (Goal(GoalKind.PERCENT, Decimal(95)), "95"),
        # No state of charge: the usual one is shown, and what is set counts.
        (Goal(GoalKind.DISTANCE, Decimal(240)), "80"),
    ],
)
async def test_the_goal_of_one_departure_is_what_is_changed_while_it_is_in_force(
    live_site: Site, goal: Goal, shown: str
) -> None:
    site = live_site
    at = dt_util.utcnow() + timedelta(hours=3)
    await site.engine.set_trip("zoe", Trip(at=at, goal=goal))
    await site.hass.async_block_till_done()
    assert state_of(site, "goal", ZOE).state == shown
    await act(site, "number", "set_value", "number.zoe_charge_to", value=70)
    assert state_of(site, "goal", ZOE).state == "70"
    vehicle = site.engine.state.get(Vehicle, "zoe")
    assert vehicle is not None
    assert (vehicle.trip, vehicle.goal_percent) == (Trip(at=at, goal=SEVENTY), None)
    # Another time of the same departure: it needs as much.
    await act(site, "time", "set_value", "time.zoe_departure", time="05:15:00")
    assert state_of(site, "goal", ZOE).state == "70"
    await site.engine.set_trip("zoe", None)
    await site.hass.async_block_till_done()
    assert state_of(site, "goal", ZOE).state == "80"


async def test_the_car_at_a_connector_is_chosen(site: Site) -> None:
    state = state_of(site, "vehicle")
    assert state.state == "automatic"
    assert state.attributes["options"] == ["automatic", "Bulli", "Zoe", "guest"]
    for option, vehicle in (("Bulli", "bulli"), ("guest", "guest"), ("automatic", None)):
        await act(site, "select", "select_option", "select.garage_vehicle", option=option)
        assert state_of(site, "vehicle").state == option
        assert site.evse().vehicle == vehicle


async def test_a_car_that_is_gone_cannot_be_chosen(site: Site) -> None:
    site.hass.config_entries.async_remove_subentry(site.entry, "bulli")
    await site.hass.async_block_till_done()
    assert state_of(site, "vehicle").attributes["options"] == ["automatic", "Zoe", "guest"]
    with pytest.raises(ServiceValidationError):
        await act(site, "select", "select_option", "select.garage_vehicle", option="Bulli")
