"""The panel is in the sidebar while a site is at work."""

from hashlib import sha256
from http import HTTPStatus

from homeassistant.components.frontend import DATA_PANELS
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.const import EVENT_PANELS_UPDATED
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.ev_station.const import DOMAIN
from custom_components.ev_station.panel import BUNDLE, PANEL_PATH

from .site import Site


async def test_the_panel_and_its_bundle(
    hass: HomeAssistant, site: Site, hass_client_no_auth: ClientSessionGenerator
) -> None:
    panel = hass.data[DATA_PANELS][PANEL_PATH]
    assert panel.sidebar_title == "EV Station"
    assert panel.sidebar_icon == "mdi:ev-station"
    assert panel.require_admin is False
    # It would take the gear on the integration's page, and with it the only way to the options.
    assert panel.config_panel_domain is None
    assert panel.config is not None
    custom = panel.config["_panel_custom"]
    assert custom["name"] == "ev-station-panel"
    files = sorted(BUNDLE.parent.glob("*.js"))
    assert {file.name for file in files} == {
        f"ev-station-{part}.js" for part in ("panel", "de", "fr", "nl")
    }
    digest = sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
    assert custom["module_url"] == f"/ev_station_static/{digest}/ev-station-panel.js"
    client = await hass_client_no_auth()
    response = await client.get(custom["module_url"])
    assert response.status == HTTPStatus.OK
    assert "max-age" in response.headers["Cache-Control"]
    assert await response.read() == BUNDLE.read_bytes()


async def test_a_reload_leaves_the_panel_in_place(hass: HomeAssistant, site: Site) -> None:
    """A browser that has it open would be sent to another page."""
    changes = async_capture_events(hass, EVENT_PANELS_UPDATED)
    assert await hass.config_entries.async_reload(site.entry.entry_id)
    await hass.async_block_till_done()
    assert PANEL_PATH in hass.data[DATA_PANELS]
    assert not changes


async def test_the_panel_goes_while_its_site_is_disabled(hass: HomeAssistant, site: Site) -> None:
    entry_id = site.entry.entry_id
    await hass.config_entries.async_set_disabled_by(entry_id, ConfigEntryDisabler.USER)
    assert PANEL_PATH not in hass.data[DATA_PANELS]
    await hass.config_entries.async_set_disabled_by(entry_id, None)
    await hass.async_block_till_done()
    assert PANEL_PATH in hass.data[DATA_PANELS]


async def test_the_panel_goes_with_the_last_site(hass: HomeAssistant, site: Site) -> None:
    other = MockConfigEntry(domain=DOMAIN, entry_id="other")
    other.add_to_hass(hass)
    await hass.config_entries.async_remove(site.entry.entry_id)
    assert PANEL_PATH in hass.data[DATA_PANELS]
    await hass.config_entries.async_remove(other.entry_id)
    assert PANEL_PATH not in hass.data[DATA_PANELS]
