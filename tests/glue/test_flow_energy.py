"""What the Energy preferences know becomes a proposal, with the right sign and never unseen."""

from typing import Any

from homeassistant.components.energy.data import ENERGY_SOURCE_SCHEMA, async_get_manager
from homeassistant.core import HomeAssistant
import pytest

from .entries import POWER, SiteEntry, site_entry
from .flows import CREATED, FORM, Subentries, suggested
from .test_flow_site import OPTIONS
from .test_flow_user import answers, start, submit, unload

GRID: dict[str, Any] = {
    "type": "grid",
    "stat_energy_from": "sensor.bought",
    "stat_energy_to": "sensor.sold",
    "stat_cost": None,
    "entity_energy_price": None,
    "number_energy_price": None,
    "stat_compensation": None,
    "entity_energy_price_export": None,
    "number_energy_price_export": None,
    "cost_adjustment_day": 0,
}
HOME_BATTERY: dict[str, Any] = {
    "type": "battery",
    "stat_energy_from": "sensor.discharged",
    "stat_energy_to": "sensor.charged",
}
SOLAR: dict[str, Any] = {
    "type": "solar",
    "stat_energy_from": "sensor.roof_energy",
    "config_entry_solar_forecast": None,
}
BOTH = {
    "grid_power": "sensor.grid",
    "grid_inverted": False,
    "battery_power": "sensor.battery",
    "battery_inverted": False,
    "battery_soc": "sensor.level",
}


@pytest.fixture(autouse=True)
def _sensors(hass: HomeAssistant) -> None:
    for name, unit in (
        ("grid", "W"),
        ("battery", "kW"),
        ("grid_power", "W"),
        ("other", "W"),
        ("roof", "W"),
        ("house", "W"),
        ("level", "%"),
        ("gas", "m³/h"),
    ):
        hass.states.async_set(f"sensor.{name}", "5", {"unit_of_measurement": unit})


async def prefer(hass: HomeAssistant, *sources: dict[str, Any]) -> None:
    """Store Energy preferences as the dashboard's settings do: validated, and processed by its manager."""
    hass.config.components.add("energy")
    manager = await async_get_manager(hass)
    known: Any = [each for each in sources if each["type"] != "home"]
    ENERGY_SOURCE_SCHEMA(known)
    everything: Any = [*sources]
    await manager.async_update({"energy_sources": everything, "device_consumption": []})


async def rules(hass: HomeAssistant, entry: SiteEntry) -> Any:
    return await hass.config_entries.options.async_init(entry.entry_id)


async def proposed(hass: HomeAssistant, **options: Any) -> dict[str, Any]:
    """Return what the rules' form shows of sun and battery, and which of its sections are open."""
    entry = site_entry(9000, options={"default_tariff": POWER, **options})
    entry.add_to_hass(hass)
    flow = await rules(hass, entry)
    shown = suggested(flow)
    sections = flow["data_schema"].schema
    found = {**shown["solar"], **shown["battery"]}
    found["open"] = {
        name for name in ("solar", "battery") if not sections[name].options["collapsed"]
    }
    return found


def subset(found: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: found[key] for key in keys if key in found}


@pytest.mark.parametrize(
    ("source", "power", "inverted"),
    [
        # Its convention is ours: positive when consuming from the grid.
        ({"stat_rate": "sensor.grid"}, "sensor.grid", False),
        ({"power_config": {"stat_rate": "sensor.grid"}}, "sensor.grid", False),
        # The owner said that this sensor counts the other way.
        ({"power_config": {"stat_rate_inverted": "sensor.grid"}}, "sensor.grid", True),
        # Of two sensors Energy makes one, in its convention.
        (
            {"power_config": {"stat_rate_from": "sensor.grid", "stat_rate_to": "sensor.other"}},
            "sensor.energy_grid_grid_other_net_power",
            False,
        ),
        ({}, None, False),
        # It says no power, is an external statistic, or is not there.
        ({"stat_rate": "sensor.gas"}, None, False),
        ({"stat_rate": "meter:power"}, None, False),
        ({"stat_rate": "sensor.gone"}, None, False),
    ],
)
async def test_the_power_at_the_grid(
    hass: HomeAssistant, source: dict[str, Any], power: str | None, inverted: bool
) -> None:
    name = "sensor.energy_grid_grid_other_net_power"
    hass.states.async_set(name, "5", {"unit_of_measurement": "W"})
    await prefer(hass, GRID | source)
    found = await proposed(hass)
    assert found.get("grid_power") == power
    assert found["grid_inverted"] is inverted
    assert found["open"] == ({"solar"} if power else set())


@pytest.mark.parametrize(
    ("source", "inverted"),
    [
        # Positive when discharging, as ours.
        ({"stat_rate": "sensor.battery"}, False),
        ({"power_config": {"stat_rate_inverted": "sensor.battery"}}, True),
    ],
)
async def test_the_battery(hass: HomeAssistant, source: dict[str, Any], inverted: bool) -> None:
    await prefer(hass, HOME_BATTERY | {"stat_soc": "sensor.level", "capacity": 8} | source)
    found = await proposed(hass)
    sensors = ("battery_power", "battery_inverted", "battery_soc")
    keys = (*sensors, "battery_gives_w", "battery_capacity_kwh", "open")
    assert subset(found, *keys) == {
        "battery_power": "sensor.battery",
        "battery_inverted": inverted,
        "battery_soc": "sensor.level",
        # 8 kWh in two hours.
        "battery_gives_w": 4000,
        "battery_capacity_kwh": 8,
        "open": {"battery"},
    }


async def test_a_sign_that_was_stored_before_does_not_turn_a_proposal(hass: HomeAssistant) -> None:
    """The form was once submitted without sensors: its switches are stored, and mean nothing yet."""
    await prefer(
        hass,
        GRID | {"power_config": {"stat_rate_inverted": "sensor.grid"}},
        HOME_BATTERY | {"power_config": {"stat_rate_inverted": "sensor.battery"}},
    )
    found = await proposed(hass, grid_inverted=False, battery_inverted=False)
    assert (found["grid_inverted"], found["battery_inverted"]) == (True, True)
    await prefer(hass, GRID | {"stat_rate": "sensor.grid"})
    found = await proposed(hass, grid_inverted=True)
    assert found["grid_inverted"] is False


async def test_what_is_named_already_is_left_alone(hass: HomeAssistant) -> None:
    await prefer(
        hass, GRID | {"stat_rate": "sensor.grid"}, HOME_BATTERY | {"stat_rate": "sensor.battery"}
    )
    found = await proposed(
        hass, grid_power="sensor.other", grid_inverted=True, battery_soc="sensor.level"
    )
    keys = ("grid_power", "grid_inverted", "battery_power", "battery_soc", "open")
    assert subset(found, *keys) == {
        "grid_power": "sensor.other",
        "grid_inverted": True,
        "battery_soc": "sensor.level",
        "open": set(),
    }


async def test_one_of_several_is_no_proposal(hass: HomeAssistant) -> None:
    second = GRID | {"stat_energy_from": "sensor.night", "stat_energy_to": None}
    battery = HOME_BATTERY | {"stat_rate": "sensor.battery", "stat_soc": "sensor.level"}
    await prefer(
        hass,
        GRID | {"stat_rate": "sensor.grid"},
        second | {"stat_rate": "sensor.other"},
        battery,
        battery | {"stat_rate": "sensor.other"},
    )
    assert "grid_power" not in await proposed(hass)
    found = await proposed(hass)
    assert subset(found, "battery_power", "battery_soc", "open") == {"open": set()}
    # A second tariff's register without a power of its own is the same connection.
    await prefer(hass, GRID | {"stat_rate": "sensor.grid"}, second)
    assert (await proposed(hass))["grid_power"] == "sensor.grid"


async def test_a_house_that_does_not_measure_the_grid(hass: HomeAssistant) -> None:
    solar = SOLAR | {"stat_rate": "sensor.roof"}
    await prefer(hass, GRID, solar)
    assert (await proposed(hass))["open"] == set()
    # Home Assistant 2026.11 knows of what the whole house takes.
    await prefer(
        hass,
        GRID,
        solar,
        {"type": "home", "stat_energy_to": "sensor.used", "stat_rate": "sensor.house"},
    )
    found = await proposed(hass)
    assert (found["solar_power"], found["load_power"]) == ("sensor.roof", "sensor.house")


async def test_a_battery_of_which_only_the_level_is_known(hass: HomeAssistant) -> None:
    await prefer(hass, HOME_BATTERY | {"stat_soc": "sensor.level"})
    found = await proposed(hass)
    assert subset(found, "battery_power", "battery_soc") == {"battery_soc": "sensor.level"}
    await prefer(hass, HOME_BATTERY | {"stat_soc": "sensor.gas", "capacity": 8})
    found = await proposed(hass)
    assert subset(found, "battery_soc", "battery_gives_w") == {"battery_gives_w": 3000}


async def test_nothing_is_stored_before_it_is_submitted(
    hass: HomeAssistant, site: SiteEntry
) -> None:
    await prefer(hass, GRID | {"stat_rate": "sensor.grid"})
    flow = await rules(hass, site)
    assert suggested(flow)["solar"]["grid_power"] == "sensor.grid"
    assert "grid_power" not in site.options
    # Emptied in the form, it stays empty.
    configure = hass.config_entries.options.async_configure
    assert (await configure(flow["flow_id"], OPTIONS))["type"] is CREATED
    await hass.async_block_till_done()
    assert "grid_power" not in site.options


async def test_a_number_out_of_bounds_is_told(hass: HomeAssistant, site: SiteEntry) -> None:
    flow: Any = await rules(hass, site)
    configure = hass.config_entries.options.async_configure
    advanced = {**OPTIONS["advanced"], "heartbeat_s": -1}
    flow = await configure(flow["flow_id"], {**OPTIONS, "advanced": advanced})
    assert flow["errors"] == {"base": "out_of_bounds"}
    assert flow["description_placeholders"]["value"] == "-1"
    assert (await configure(flow["flow_id"], OPTIONS))["type"] is CREATED
    await hass.async_block_till_done()


async def test_a_fresh_site_is_asked_too(hass: HomeAssistant, port: int) -> None:
    battery = HOME_BATTERY | {"stat_rate": "sensor.battery", "stat_soc": "sensor.level"}
    await prefer(hass, GRID | {"stat_rate": "sensor.grid"}, battery)
    flow = await start(hass)
    assert suggested(flow)["sources"] == BOTH
    assert not flow["data_schema"].schema["sources"].options["collapsed"]
    wrong = answers(port, sources=BOTH | {"grid_power": "sensor.gas"})
    flow = await submit(hass, flow, wrong)
    assert (flow["type"], flow["errors"]) == (FORM, {"base": "power_unit"})
    result = await submit(hass, flow, answers(port, sources=BOTH))
    assert result["type"] is CREATED
    entry = result["result"]
    assert {key: entry.options[key] for key in BOTH} == BOTH
    await unload(hass, entry)


async def test_a_house_without_sun_is_not_asked(hass: HomeAssistant) -> None:
    await prefer(hass, GRID)
    flow = await start(hass)
    assert "sources" not in suggested(flow)


async def test_the_price_is_proposed_for_a_tariff_once(
    hass: HomeAssistant, site: SiteEntry
) -> None:
    hass.states.async_set("sensor.spot", "0.2", {"unit_of_measurement": "EUR/kWh"})
    await prefer(hass, GRID | {"entity_energy_price": "sensor.spot"})
    flows = Subentries(hass, site)
    flow = await flows.choose(await flows.add("tariff"), "price_entity")
    assert suggested(flow)["entity_id"] == "sensor.spot"
    given = {"name": "Spot", "entity_id": "sensor.spot", "factor": 1, "surcharge": 0}
    flow = await flows.submit(flow, given | {"formula": {}})
    assert (await flows.submit(flow))["type"] is CREATED
    flow = await flows.choose(await flows.add("tariff"), "price_entity")
    assert "entity_id" not in suggested(flow)
