"""Starting a site's engine, and saying why it could not."""

from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady

from .const import DOMAIN
from .engine import Engine, Listener
from .issues import Issues
from .listening import async_name_owner
from .model.errors import StorageUnavailable
from .runtime import EvStationConfigEntry


def folder_of(hass: HomeAssistant, entry: EvStationConfigEntry) -> Path:
    """Return where a site's ledger lies; it outlives the entry."""
    return Path(hass.config.path(DOMAIN, entry.entry_id))


async def async_start_engine(
    hass: HomeAssistant, entry: EvStationConfigEntry, engine: Engine, listener: Listener
) -> None:
    """Start the engine. Raises ConfigEntryNotReady, with a repair issue where somebody can do something."""
    issues = Issues(hass, entry, engine)
    await hass.async_add_executor_job(_make, folder_of(hass, entry))
    try:
        await engine.start()
    except StorageUnavailable as error:
        await engine.stop()
        raise _not_ready("storage_unavailable") from error
    except OSError as error:
        await engine.stop()
        obstacle = await async_name_owner(hass, listener.port, entry)
        issues.async_port_busy(obstacle)
        raise _not_ready(obstacle.key, port=str(listener.port), owner=obstacle.owner) from error
    issues.async_port_free()


def _make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)


def _not_ready(key: str, **placeholders: str) -> ConfigEntryNotReady:
    return ConfigEntryNotReady(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
    )
