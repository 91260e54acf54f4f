"""Changing a site: its name, its address, its rules. Nothing reloads."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.core import HomeAssistant
import pytest

from custom_components.ev_station.model.energy import BatterySettings, SurplusSettings
from custom_components.ev_station.model.grid import DimmingKind, GridSettings
from custom_components.ev_station.model.settings import (
    SiteSettings,
    UnknownChargerPolicy,
    UnknownTokenPolicy,
)
from custom_components.ev_station.model.state import SITE, Site

from .dialling import dialled
from .entries import LOCALHOST, POWER, SECRET, SiteEntry, site_entry
from .flows import ABORT, CREATED, FORM, suggested


def settings(entry: SiteEntry) -> SiteSettings:
    site = entry.runtime_data.engine.state.get(Site, SITE)
    assert site is not None
    found: SiteSettings = site.settings
    return found


def network(**more: Any) -> dict[str, Any]:
    return {"host": LOCALHOST, "http_path": False} | more


async def reconfigure(hass: HomeAssistant, entry: SiteEntry, given: Mapping[str, Any]) -> Any:
    flow = await entry.start_reconfigure_flow(hass)
    assert flow["step_id"] == "reconfigure"
    return await submit(hass, flow, given)


async def submit(hass: HomeAssistant, flow: Any, given: Mapping[str, Any]) -> Any:
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], dict(given))
    await hass.async_block_till_done()
    return result


async def test_name_and_currency_change_without_dropping_a_socket(
    hass: HomeAssistant, site: SiteEntry, port: int
) -> None:
    engine = site.runtime_data.engine
    async with dialled(port, "CP1") as charger:
        await charger.boot()
        result = await reconfigure(
            hass,
            site,
            {
                "name": "Cabin",
                "currency": "SEK",
                "port": port,
                "network": network(advertised_host="cabin.lan", http_path=True),
            },
        )
        assert result["type"] is ABORT
        assert result["reason"] == "reconfigure_successful"
        assert "currentTime" in await charger.call("Heartbeat")
    assert site.runtime_data.engine is engine
    assert site.data == {"secret": SECRET, "host": LOCALHOST, "port": port, "currency": "SEK"}
    assert site.options == {
        "default_tariff": POWER,
        "advertised_host": "cabin.lan",
        "http_path": True,
    }
    assert settings(site).name == "Cabin"
    assert settings(site).currency == "SEK"


async def test_an_emptied_name_stays(hass: HomeAssistant, site: SiteEntry, port: int) -> None:
    before = site.title
    given = {"name": " ", "currency": "EUR", "port": port, "network": network()}
    assert (await reconfigure(hass, site, given))["type"] is ABORT
    assert site.title == before


async def test_another_port_moves_the_listener_only(
    hass: HomeAssistant, site: SiteEntry, other_port: int
) -> None:
    engine = site.runtime_data.engine
    given = {"name": "Home", "currency": "EUR", "port": other_port, "network": network()}
    result = await reconfigure(hass, site, given)
    assert result["reason"] == "reconfigure_successful"
    assert site.state is ConfigEntryState.LOADED
    assert site.runtime_data.engine is engine
    async with dialled(other_port, "CP1") as charger:
        assert await charger.boot() == "Accepted"


async def test_another_address_moves_the_listener_only(
    hass: HomeAssistant, site: SiteEntry, port: int
) -> None:
    engine = site.runtime_data.engine
    given = {"name": "Home", "currency": "EUR", "port": port, "network": {"http_path": False}}
    await reconfigure(hass, site, given)
    assert site.data["host"] is None
    assert site.runtime_data.engine is engine
    async with dialled(port, "CP1") as charger:
        assert await charger.boot() == "Accepted"


async def test_a_busy_port_can_be_put_right(
    hass: HomeAssistant, site: SiteEntry, port: int, busy_port: int
) -> None:
    given = {"name": "Home", "currency": "EUR", "port": busy_port, "network": network()}
    flow = await reconfigure(hass, site, given)
    assert flow["type"] is FORM
    assert flow["errors"]["port"] in {"port_in_use", "port_used_by"}
    flow = await submit(hass, flow, given | {"port": port, "network": network(host="203.0.113.9")})
    assert flow["errors"] == {"base": "address_unavailable"}
    result = await submit(hass, flow, given | {"port": port})
    assert result["reason"] == "reconfigure_successful"


async def test_a_port_that_is_lost_after_all_leaves_the_old_one_open(
    hass: HomeAssistant,
    site: SiteEntry,
    port: int,
    busy_port: int,
) -> None:
    """Somebody may take the port between the proof and the move."""
    hass.config_entries.async_update_entry(site, data={**site.data, "port": busy_port})
    await hass.async_block_till_done()
    async with dialled(port, "CP1") as charger:
        assert await charger.boot() == "Accepted"


SUN: dict[str, Any] = {
    "grid_inverted": False,
    "starts_after_s": 30,
    "stops_after_s": 90,
    "reserve_w": 0,
}
BATTERY: dict[str, Any] = {
    "battery_inverted": False,
    "battery_first_below_percent": 40,
    "battery_lends_above_percent": 70,
    "battery_gives_w": 2500,
    "battery_boost_to_percent": 15,
}
GRID: dict[str, Any] = {
    "follow_peak": False,
    "peak_floor_w": 4000,
    "fast_may_raise_peak": True,
    "dimming": "off",
    "other_devices": 1,
    "large_heating_w": 12000,
    "delay_s": 600,
    "spread_plans": True,
}
OPTIONS: dict[str, Any] = {
    "unknown_chargers": "refuse",
    "solar": SUN,
    "battery": BATTERY,
    "forecasts": {},
    "grid_operator": GRID,
    "tags": {"unknown_tokens": "unassigned", "private_drivers": True},
    "advanced": {"heartbeat_s": 60, "sample_interval_s": 10, "provisional_after_h": 2},
}


async def test_rules_change_without_dropping_a_socket(
    hass: HomeAssistant, site: SiteEntry, port: int
) -> None:
    engine = site.runtime_data.engine
    async with dialled(port, "CP1") as charger:
        await charger.boot()
        flow = await hass.config_entries.options.async_init(site.entry_id)
        assert suggested(flow)["default_tariff"] == POWER
        result = await hass.config_entries.options.async_configure(flow["flow_id"], OPTIONS)
        assert result["type"] is CREATED
        await hass.async_block_till_done()
        assert "currentTime" in await charger.call("Heartbeat")
    assert site.runtime_data.engine is engine
    assert settings(site) == SiteSettings(
        name="Home",
        currency="EUR",
        time_zone=hass.config.time_zone,
        secret=SECRET,
        unknown_chargers=UnknownChargerPolicy.REFUSE,
        unknown_tokens=UnknownTokenPolicy.UNASSIGNED,
        heartbeat_s=60,
        sample_interval_s=10,
        provisional_after_h=2,
        surplus=SurplusSettings(starts_after_s=30, stops_after_s=90, reserve_w=0),
        grid=GridSettings(
            peak_floor_w=4000,
            fast_may_raise_peak=True,
            other_devices=1,
            large_heating_w=12_000,
            delay_s=600,
            spread=True,
        ),
    )


LEVERS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("switch.discharge", "on", {}),
    ("select.mode", "Self", {"options": ["Self", "Standby"]}),
    ("number.power", "3000", {"min": 0, "max": 5000}),
    ("input_number.power", "3000", {}),
    ("sensor.level", "50", {"unit_of_measurement": "%"}),
)


async def rule(hass: HomeAssistant, site: SiteEntry, **battery: Any) -> Any:
    """Answer the rules' form with something of the battery."""
    for name, state, attributes in LEVERS:
        hass.states.async_set(name, state, attributes)
    flow = await hass.config_entries.options.async_init(site.entry_id)
    given = OPTIONS | {"battery": BATTERY | battery}
    result = await hass.config_entries.options.async_configure(flow["flow_id"], given)
    await hass.async_block_till_done()
    return result


async def test_how_a_battery_shares_the_sun(hass: HomeAssistant, site: SiteEntry) -> None:
    assert settings(site).battery is None
    expected = BatterySettings(
        first_below_percent=40,
        lends_above_percent=70,
        gives_w=2500,
        boost_to_percent=15,
        measured=False,
    )
    # A level alone is not heard.
    assert (await rule(hass, site, battery_soc="sensor.level"))["type"] is CREATED
    assert settings(site).battery == expected
    await rule(hass, site, battery_hold_entity="switch.discharge")
    assert settings(site).battery == expected
    known = {
        "battery_capacity_kwh": 9.6,
        "battery_takes_w": 3300,
        "battery_reserve_percent": 5,
    }
    await rule(hass, site, battery_soc="sensor.level", **known)
    expected = replace(expected, capacity_wh=9600, takes_w=3300, reserve_percent=5)
    assert settings(site).battery == expected
    options = {**site.options, "battery_soc": "sensor.level", "grid_power": "sensor.grid"}
    hass.config_entries.async_update_entry(site, options=options)
    await hass.async_block_till_done()
    assert settings(site).battery == replace(expected, measured=True)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"battery_hold_entity": "switch.discharge"}, ("off", "on")),
        (
            {
                "battery_hold_entity": "switch.discharge",
                "battery_held_value": " ON",
                "battery_free_value": "off",
            },
            ("on", "off"),
        ),
        (
            {
                "battery_hold_entity": "select.mode",
                "battery_held_value": "Standby ",
                "battery_free_value": "Self",
            },
            ("Standby", "Self"),
        ),
        (
            {
                "battery_hold_entity": "number.power",
                "battery_held_value": "0",
                "battery_free_value": "3000",
            },
            ("0", "3000"),
        ),
        ({"battery_held_value": "off", "battery_free_value": "on"}, (None, None)),
    ],
)
async def test_what_holds_a_battery(
    hass: HomeAssistant,
    site: SiteEntry,
    given: dict[str, str],
    kept: tuple[str | None, str | None],
) -> None:
    assert (await rule(hass, site, **given))["type"] is CREATED
    options = site.options
    assert (options.get("battery_held_value"), options.get("battery_free_value")) == kept


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"battery_first_below_percent": 71}, "battery_levels"),
        ({"battery_hold_entity": "select.mode"}, "lever_position"),
        ({"battery_hold_entity": "select.mode", "battery_held_value": "Self"}, "lever_position"),
        (
            {
                "battery_hold_entity": "select.mode",
                "battery_held_value": "Sleep",
                "battery_free_value": "Self",
            },
            "lever_position",
        ),
        ({"battery_hold_entity": "switch.discharge", "battery_held_value": "on"}, "lever_same"),
        ({"battery_hold_entity": "switch.discharge", "battery_held_value": "no"}, "lever_position"),
        ({"battery_hold_entity": "switch.gone"}, "lever_position"),
        (
            {
                "battery_hold_entity": "number.power",
                "battery_held_value": "-1",
                "battery_free_value": "3000",
            },
            "lever_position",
        ),
        (
            {
                "battery_hold_entity": "number.power",
                "battery_held_value": "0",
                "battery_free_value": "5001",
            },
            "lever_position",
        ),
        (
            {
                "battery_hold_entity": "number.power",
                "battery_held_value": "0",
                "battery_free_value": "0.0",
            },
            "lever_same",
        ),
        (
            {
                "battery_hold_entity": "input_number.power",
                "battery_held_value": "none",
                "battery_free_value": "NaN",
            },
            "lever_position",
        ),
    ],
)
async def test_what_cannot_hold_a_battery(
    hass: HomeAssistant, site: SiteEntry, given: dict[str, Any], problem: str
) -> None:
    result = await rule(hass, site, **given)
    assert result["errors"] == {"base": problem}
    assert suggested(result)["battery"]["battery_gives_w"] == 2500
    configure = hass.config_entries.options.async_configure
    assert (await configure(result["flow_id"], OPTIONS))["type"] is CREATED
    await hass.async_block_till_done()


async def test_rules_leave_the_network_as_it_is(hass: HomeAssistant, port: int) -> None:
    entry = site_entry(port, options={"advertised_host": "home.lan", "http_path": True})
    entry.add_to_hass(hass)
    flow = await hass.config_entries.options.async_init(entry.entry_id)
    await hass.config_entries.options.async_configure(
        flow["flow_id"], OPTIONS | {"default_tariff": POWER}
    )
    assert entry.options["advertised_host"] == "home.lan"
    assert entry.options["http_path"] is True
    assert entry.options["default_tariff"] == POWER
    await hass.async_block_till_done()


@pytest.mark.parametrize("gone", ["01GONE"])
async def test_a_tariff_that_is_gone_is_not_shown(
    hass: HomeAssistant, port: int, gone: str
) -> None:
    entry = site_entry(port, options={"default_tariff": gone})
    entry.add_to_hass(hass)
    flow = await hass.config_entries.options.async_init(entry.entry_id)
    assert "default_tariff" not in suggested(flow)


async def test_beside_a_sensor_at_the_grid_the_sun_may_stand_alone(
    hass: HomeAssistant, site: SiteEntry
) -> None:
    for entity in ("sensor.grid", "sensor.roof"):
        hass.states.async_set(entity, "1", {"unit_of_measurement": "W"})
    flow = await hass.config_entries.options.async_init(site.entry_id)
    sun = SUN | {"grid_power": "sensor.grid", "solar_power": "sensor.roof"}
    done = await hass.config_entries.options.async_configure(
        flow["flow_id"], OPTIONS | {"solar": sun}
    )
    assert done["type"] is CREATED
    await hass.async_block_till_done()


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"solar_power": "sensor.roof"}, "solar_needs_load"),
        ({"load_power": "sensor.house"}, "solar_needs_load"),
        ({"grid_power": "sensor.gas"}, "power_unit"),
        ({"battery_power": "sensor.gone"}, "power_unit"),
    ],
)
async def test_sensors_of_the_sun_must_say_a_power(
    hass: HomeAssistant, site: SiteEntry, given: dict[str, str], problem: str
) -> None:
    for entity, unit in (("sensor.roof", "W"), ("sensor.house", "kW"), ("sensor.gas", "m³")):
        hass.states.async_set(entity, "1", {"unit_of_measurement": unit})
    configure = hass.config_entries.options.async_configure
    flow = await hass.config_entries.options.async_init(site.entry_id)
    battery = {key: value for key, value in given.items() if key.startswith("battery")}
    sun = {key: value for key, value in given.items() if key not in battery}
    flow = await configure(
        flow["flow_id"], OPTIONS | {"solar": SUN | sun, "battery": BATTERY | battery}
    )
    assert flow["errors"] == {"base": problem}
    assert suggested(flow)["solar"]["starts_after_s"] == 30
    both = SUN | {"solar_power": "sensor.roof", "load_power": "sensor.house"}
    assert (await configure(flow["flow_id"], OPTIONS | {"solar": both}))["type"] is CREATED
    await hass.async_block_till_done()
    assert site.options["solar_power"] == "sensor.roof"


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"dimming": "pooled"}, "dimming_needs_entity"),
        ({"follow_peak": True}, "peak_needs_meter"),
        ({"peak_price": 4.2}, "peak_needs_meter"),
        ({"peak_entity": "sensor.gas"}, "power_unit"),
    ],
)
async def test_what_the_grids_operator_asks_needs_its_entities(
    hass: HomeAssistant, site: SiteEntry, given: dict[str, Any], problem: str
) -> None:
    hass.states.async_set("sensor.gas", "1", {"unit_of_measurement": "m³"})
    hass.states.async_set("sensor.grid", "1", {"unit_of_measurement": "W"})
    configure = hass.config_entries.options.async_configure
    flow = await hass.config_entries.options.async_init(site.entry_id)
    flow = await configure(flow["flow_id"], OPTIONS | {"grid_operator": GRID | given})
    assert flow["errors"] == {"base": problem}
    assert suggested(flow)["grid_operator"]["delay_s"] == 600
    whole = GRID | {
        "dimming": "pooled",
        "dimming_entity": "binary_sensor.box",
        "follow_peak": True,
        "peak_price": 4.35,
        "ripple_entity": "input_select.ripple",
    }
    answers = OPTIONS | {"solar": SUN | {"grid_power": "sensor.grid"}, "grid_operator": whole}
    assert (await configure(flow["flow_id"], answers))["type"] is CREATED
    await hass.async_block_till_done()
    grid = settings(site).grid
    assert (grid.dimming, grid.follow_peak, grid.ripple) == (DimmingKind.POOLED, True, True)
    assert grid.peak_price == Decimal("4.35")


async def test_a_main_circuit_with_meters_measures_the_peak(
    hass: HomeAssistant, site: SiteEntry
) -> None:
    data = {"limit_a": 25, "chargers": [], "assumed_load_a": 0, "stale_after_s": 60}
    hass.config_entries.async_add_subentry(
        site,
        ConfigSubentry(
            subentry_type="circuit",
            title="Main",
            unique_id=None,
            data=MappingProxyType(data | {"meter_l1": "sensor.l1"}),
        ),
    )
    flow = await hass.config_entries.options.async_init(site.entry_id)
    answers = OPTIONS | {"grid_operator": GRID | {"follow_peak": True}}
    result = await hass.config_entries.options.async_configure(flow["flow_id"], answers)
    assert result["type"] is CREATED
    await hass.async_block_till_done()
