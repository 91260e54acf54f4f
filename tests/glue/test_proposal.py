"""What the house already knows is proposed, and used when it is accepted."""

from typing import Any

from homeassistant.components.energy.data import async_get_manager
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant

from custom_components.ev_station.const import DOMAIN

from .flows import CREATED, suggested
from .test_flow_user import answers, submit, unload


async def proposal(hass: HomeAssistant) -> tuple[Any, dict[str, Any]]:
    flow = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    return flow, suggested(flow)


async def test_a_bare_house(hass: HomeAssistant) -> None:
    hass.config.location_name, hass.config.currency = "Villa", "SEK"
    _, shown = await proposal(hass)
    assert shown["name"] == "Villa"
    assert shown["currency"] == "SEK"
    assert shown["port"] == 9000
    assert shown["price"] == 0.3
    assert "driver" not in shown
    assert "price_entity" not in shown


async def test_the_owner_is_the_first_driver(hass: HomeAssistant, port: int) -> None:
    owner = await hass.auth.async_create_user("Anna Owner")
    assert (await proposal(hass))[1]["driver"] == "Anna Owner"
    hass.states.async_set("person.ben", "home", {"user_id": "somebody"})
    hass.states.async_set("person.anna", "home", {"user_id": owner.id, "friendly_name": "Anna"})
    flow, shown = await proposal(hass)
    assert shown["driver"] == "Anna"
    result = await submit(hass, flow, answers(port))
    drivers = [
        each for each in result["result"].subentries.values() if each.subentry_type == "driver"
    ]
    assert drivers[0].data["person"] == "person.anna"
    await unload(hass, result["result"])


async def prefer(hass: HomeAssistant, **grid: Any) -> None:
    hass.config.components.add("energy")
    manager = await async_get_manager(hass)
    source: Any = {"type": "grid", "stat_energy_from": "sensor.grid", **grid}
    manager.data = manager.default_preferences() | {"energy_sources": [source]}


async def test_the_energy_dashboards_price_is_proposed(hass: HomeAssistant) -> None:
    await prefer(hass, number_energy_price=0.27, entity_energy_price=None)
    _, shown = await proposal(hass)
    assert shown["price"] == 0.27


async def test_the_energy_dashboards_price_entity_is_used(hass: HomeAssistant, port: int) -> None:
    await prefer(hass, number_energy_price=None, entity_energy_price="sensor.spot")
    flow, shown = await proposal(hass)
    assert shown["price_entity"] == "sensor.spot"
    assert "price" not in shown
    result = await submit(hass, flow, answers(port, price_entity="sensor.spot"))
    assert result["type"] is CREATED
    tariffs = [
        each for each in result["result"].subentries.values() if each.subentry_type == "tariff"
    ]
    assert tariffs[0].data == {
        "kind": "price_entity",
        "entity_id": "sensor.spot",
        "further_entities": [],
        "surcharge": "0",
        "factor": "1",
    }
    await unload(hass, result["result"])


async def test_an_energy_dashboard_without_a_grid_proposes_nothing(hass: HomeAssistant) -> None:
    hass.config.components.add("energy")
    manager = await async_get_manager(hass)
    manager.data = None
    assert (await proposal(hass))[1]["price"] == 0.3
