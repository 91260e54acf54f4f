"""Fills the panel's power history after a start from what the recorder remembers."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .history import PowerHistory
from .model.ids import EvseId
from .recorded import async_read, means, remembers

DAY: Final = timedelta(hours=24)


async def async_remember(
    hass: HomeAssistant, history: PowerHistory, sensors: Mapping[str, EvseId]
) -> None:
    """Lay the last 24 hours of the power sensors under what was measured since the start."""
    if not sensors or not remembers(hass):
        return
    found = await async_read(hass, means, hass, sensors, dt_util.utcnow() - DAY, "5minute")
    for entity_id, samples in found.items():
        history.seed(sensors[entity_id], samples)
