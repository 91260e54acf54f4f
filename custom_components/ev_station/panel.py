"""The panel /ev-station: its files under a path that names their content, its place in the sidebar."""

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from homeassistant.components import frontend, panel_custom
from homeassistant.components.http import StaticPathConfig
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

PANEL_PATH: Final = "ev-station"
BUNDLE: Final = Path(__file__).parent / "frontend" / "ev-station-panel.js"
MODULE_URL: Final = HassKey[str](f"{DOMAIN}_panel_module")


async def async_setup_panel(hass: HomeAssistant) -> None:
    """Serve the bundle; every content has its own address, so that none is ever stale."""
    digest = await hass.async_add_executor_job(_digest)
    folder = f"/{DOMAIN}_static/{digest}"
    await hass.http.async_register_static_paths(
        [StaticPathConfig(folder, str(BUNDLE.parent), cache_headers=True)]
    )
    hass.data[MODULE_URL] = f"{folder}/{BUNDLE.name}"


async def async_show_panel(hass: HomeAssistant) -> None:
    """Put the panel into the sidebar for everyone; it shows each user what is theirs."""
    if frontend.async_panel_exists(hass, PANEL_PATH):
        return
    await panel_custom.async_register_panel(
        hass,
        frontend_url_path=PANEL_PATH,
        webcomponent_name="ev-station-panel",
        sidebar_title="EV Station",
        sidebar_icon="mdi:ev-station",
        module_url=hass.data[MODULE_URL],
    )


@callback
def async_hide_panel(hass: HomeAssistant, entry: EvStationConfigEntry) -> None:
    """Take the panel away with the last site; browsers leave a page that is gone, so a reload must keep it."""
    sites = hass.config_entries.async_entries(DOMAIN, include_ignore=False, include_disabled=False)
    if sites in ([], [entry]) and frontend.async_panel_exists(hass, PANEL_PATH):
        frontend.async_remove_panel(hass, PANEL_PATH)


def _digest() -> str:
    files = sorted(BUNDLE.parent.glob("*.js"))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
