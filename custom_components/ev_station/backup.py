"""Home Assistant's backups copy the ledgers' files while chargers go on: held, they make a whole."""

from asyncio import gather
import logging

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN
from .model.errors import StorageUnavailable
from .runtime import EvStationConfigEntry

_LOGGER = logging.getLogger(__name__)


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Hold each ledger's files still."""
    await gather(*(_hold(entry) for entry in _sites(hass)))


async def async_post_backup(hass: HomeAssistant) -> None:
    """Let go of them."""
    for entry in _sites(hass):
        try:
            await entry.runtime_data.engine.archive.release_files()
        except StorageUnavailable as error:
            _LOGGER.warning(
                "The ledger of %s stays unfolded after the backup: %s", entry.title, error
            )


async def _hold(entry: EvStationConfigEntry) -> None:
    try:
        await entry.runtime_data.engine.archive.hold_files()
    except StorageUnavailable as error:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="backup_failed",
            translation_placeholders={"site": entry.title},
        ) from error


def _sites(hass: HomeAssistant) -> list[EvStationConfigEntry]:
    return hass.config_entries.async_loaded_entries(DOMAIN)
