"""The panel is in the sidebar while a site is at work."""

from hashlib import sha256
from http import HTTPStatus

from homeassistant.components.frontend import DATA_PANELS, async_panel_exists
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.ev_station.panel import BUNDLE, PANEL_PATH

from .site import Site


async def test_the_panel_and_its_bundle(
    hass: HomeAssistant, site: Site, hass_client_no_auth: ClientSessionGenerator
) -> None:
    panel = hass.data[DATA_PANELS][PANEL_PATH]
    assert panel.sidebar_title == "EV Station"
    assert panel.sidebar_icon == "mdi:ev-station"
    assert panel.require_admin is False
    assert panel.config_panel_domain == "ev_station"
    assert panel.config is not None
    custom = panel.config["_panel_custom"]
    assert custom["name"] == "ev-station-panel"
    digest = sha256(BUNDLE.read_bytes()).hexdigest()[:12]
    assert custom["module_url"] == f"/ev_station_static/{digest}/ev-station-panel.js"
    client = await hass_client_no_auth()
    response = await client.get(custom["module_url"])
    assert response.status == HTTPStatus.OK
    assert "max-age" in response.headers["Cache-Control"]
    assert await response.read() == BUNDLE.read_bytes()


async def test_it_goes_with_the_last_site_and_comes_back(hass: HomeAssistant, site: Site) -> None:
    await hass.async_block_till_done()
    assert await hass.config_entries.async_unload(site.entry.entry_id)
    await hass.async_block_till_done()
    assert not async_panel_exists(hass, PANEL_PATH)
    assert await hass.config_entries.async_setup(site.entry.entry_id)
    await hass.async_block_till_done()
    assert async_panel_exists(hass, PANEL_PATH)
    assert await hass.config_entries.async_reload(site.entry.entry_id)
    await hass.async_block_till_done()
    assert async_panel_exists(hass, PANEL_PATH)
