"""Fills the panel's power history after a start from what the recorder remembers."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.const import UnitOfPower
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .history import PowerHistory
from .model.ids import EvseId

DAY: Final = timedelta(hours=24)


async def async_remember(
    hass: HomeAssistant, history: PowerHistory, sensors: Mapping[str, EvseId]
) -> None:
    """Lay the last 24 hours of the power sensors under what was measured since the start."""
    if not sensors or "recorder" not in hass.config.components:
        return
    found = await get_instance(hass).async_add_executor_job(_means, hass, set(sensors))
    for entity_id, rows in found.items():
        history.seed(sensors[entity_id], _samples(rows))


def _means(hass: HomeAssistant, entity_ids: set[str]) -> Mapping[str, Iterable[Mapping[str, Any]]]:
    start = dt_util.utcnow() - DAY
    units: dict[str, str] = {"power": UnitOfPower.WATT}
    return statistics_during_period(hass, start, None, entity_ids, "5minute", units, {"mean"})


def _samples(rows: Iterable[Mapping[str, Any]]) -> Iterable[tuple[datetime, float]]:
    for row in rows:
        if row.get("mean") is not None:
            yield datetime.fromtimestamp(row["start"], UTC), row["mean"]
