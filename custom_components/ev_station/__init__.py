"""EV Station: an OCPP central system inside Home Assistant. This file composes; nothing else happens here."""

from pathlib import Path

from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryError, ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.typing import ConfigType
from homeassistant.util import dt as dt_util

from . import configuration, repairs
from .const import DOMAIN, LOGGER, PLATFORMS
from .coordinator import EvStationCoordinator
from .discovery import Discoveries
from .engine import Engine, Listener
from .inputs import PriceInputs
from .listening import async_name_owner
from .model.errors import StorageUnavailable
from .panel import async_setup_panel
from .runtime import EvStationConfigEntry, EvStationRuntime
from .services import async_setup_services
from .websocket_api import async_setup_websocket_api

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register what serves every site: actions, websocket commands, the panel."""
    async_setup_services(hass)
    async_setup_websocket_api(hass)
    await async_setup_panel(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: EvStationConfigEntry) -> bool:
    """Put a site to work."""
    listener = _listener(entry)
    engine = Engine(folder=folder(hass, entry), listener=listener, clock=dt_util.utcnow)
    await _start(hass, entry, engine)
    runtime = entry.runtime_data = EvStationRuntime(
        engine=engine,
        coordinator=EvStationCoordinator(hass, entry, engine),
        discoveries=Discoveries(hass, entry),
        prices=PriceInputs(hass, entry, engine.configure),
        listener=listener,
    )
    await _apply(hass, entry)
    runtime.coordinator.async_start()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    _follow(hass, entry)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: EvStationConfigEntry) -> bool:
    """Put a site to rest: its chargers queue what they have to say."""
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        return False
    runtime = entry.runtime_data
    runtime.prices.async_stop()
    runtime.discoveries.drop_all()
    runtime.coordinator.async_stop()
    await runtime.engine.stop()
    return True
