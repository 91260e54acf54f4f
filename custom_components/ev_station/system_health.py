"""Whether the sites work, in one look."""

from typing import Any

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .listening import async_charger_url
from .model.state import Charger
from .runtime import EvStationConfigEntry


@callback
def async_register(_hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register what is shown under Settings, System, Repairs, System information."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, Any]:
    entries: list[EvStationConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    engines = [entry.runtime_data.engine for entry in entries]
    chargers = [charger for engine in engines for charger in engine.state.all(Charger)]
    connected = sum(charger.connection is not None for charger in chargers)
    return {
        "sites": len(entries),
        "addresses": ", ".join([await async_charger_url(hass, entry) for entry in entries]),
        "chargers_connected": f"{connected}/{len(chargers)}",
        "storage_works": all(engine.health.storage_failing_since is None for engine in engines),
        "journal_rows": sum(engine.health.journal_sequence for engine in engines),
    }
