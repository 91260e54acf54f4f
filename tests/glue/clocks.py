"""What time it is in a test; plain datetimes, unlike a frozen clock's."""

from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import async_fire_time_changed


class Clock:
    """Stands in for Home Assistant's `utcnow`."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move_to(self, moment: datetime) -> None:
        self.now = moment

    async def pass_until(self, hass: HomeAssistant, moment: datetime) -> None:
        """Let the timers that are due until then run."""
        self.move_to(moment)
        async_fire_time_changed(hass, moment + timedelta(milliseconds=600))
        await hass.async_block_till_done(wait_background_tasks=True)
