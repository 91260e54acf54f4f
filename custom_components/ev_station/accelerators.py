"""Libraries that make something better but are not needed: installed when it is first used, never in the way."""

from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.requirements import RequirementsNotFound, async_process_requirements

from .configuration import subentries
from .const import DOMAIN, LOGGER, SUBENTRY_VEHICLE

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

PLANNING: Final = ("highspy==1.16.0",)
"""What finds better plans than the greedy planner."""


class Accelerators:
    """Asks for what a site can use, once per start: without it all goes on."""

    def __init__(self, hass: HomeAssistant, entry: EvStationConfigEntry) -> None:
        """Prepare; nothing is installed before `async_follow`."""
        self._hass = hass
        self._entry = entry
        self._asked = False

    @callback
    def async_follow(self) -> None:
        """Install the solver when the first car is there to be planned for."""
        if self._asked or not any(subentries(self._entry, SUBENTRY_VEHICLE)):
            return
        self._asked = True
        self._entry.async_create_background_task(
            self._hass, self._install(), f"{DOMAIN} accelerators"
        )

    async def _install(self) -> None:
        try:
            await async_process_requirements(self._hass, DOMAIN, list(PLANNING), is_built_in=False)
        except RequirementsNotFound:
            LOGGER.info("HiGHS could not be installed; plans are made without it")
