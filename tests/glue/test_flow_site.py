"""Changing a site: its name, its address, its rules. Nothing reloads."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest

from custom_components.ev_station.model.energy import SurplusSettings
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
    "battery_inverted": False,
    "battery_first_below_percent": 40,
    "starts_after_s": 30,
    "stops_after_s": 90,
    "reserve_w": 0,
}
OPTIONS: dict[str, Any] = {
    "unknown_chargers": "refuse",
    "solar": SUN,
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
        surplus=SurplusSettings(
            starts_after_s=30, stops_after_s=90, reserve_w=0, battery_first_below_percent=40
        ),
    )


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
    flow = await configure(flow["flow_id"], OPTIONS | {"solar": SUN | given})
    assert flow["errors"] == {"base": problem}
    assert suggested(flow)["solar"]["starts_after_s"] == 30
    both = SUN | {"solar_power": "sensor.roof", "load_power": "sensor.house"}
    assert (await configure(flow["flow_id"], OPTIONS | {"solar": both}))["type"] is CREATED
    await hass.async_block_till_done()
    assert site.options["solar_power"] == "sensor.roof"
