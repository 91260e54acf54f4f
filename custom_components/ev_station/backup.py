"""Home Assistant's backups: beside each live ledger, which a copy would tear, lies a whole one while they are made."""

from asyncio import gather
from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN
from .model.errors import StorageUnavailable
from .runtime import EvStationConfigEntry
from .starting import folder_of

_SNAPSHOT: Final = "ev_station.db.backup-0"
"""Newer than the rolling backups 1 and up, so the store takes it first for a ledger that came back torn."""


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Put a whole copy of each ledger where the backup finds it."""
    await gather(*(_snapshot(hass, entry) for entry in _sites(hass)))


async def async_post_backup(hass: HomeAssistant) -> None:
    """Take the copies away: a month later they would be old ones."""
    for entry in _sites(hass):
        await hass.async_add_executor_job(_forget, folder_of(hass, entry) / _SNAPSHOT)


async def _snapshot(hass: HomeAssistant, entry: EvStationConfigEntry) -> None:
    try:
        await entry.runtime_data.engine.backup_to(folder_of(hass, entry) / _SNAPSHOT)
    except StorageUnavailable as error:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="backup_failed",
            translation_placeholders={"site": entry.title},
        ) from error


def _sites(hass: HomeAssistant) -> list[EvStationConfigEntry]:
    return hass.config_entries.async_loaded_entries(DOMAIN)


def _forget(snapshot: Path) -> None:
    snapshot.unlink(missing_ok=True)
