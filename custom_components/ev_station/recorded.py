"""What the recorder remembers of power sensors; read in its own threads, and not at all where there is none."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.const import UnitOfPower
from homeassistant.core import HomeAssistant


class Mean(NamedTuple):
    """What a sensor said on average from a moment on."""

    start: datetime
    power_w: float


type Period = Literal["5minute", "hour"]


def remembers(hass: HomeAssistant) -> bool:
    """Return whether there is a recorder."""
    return "recorder" in hass.config.components


async def async_read[**P, T](
    hass: HomeAssistant, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Return what a function reads in the recorder's threads."""
    return await get_instance(hass).async_add_executor_job(lambda: read(*args, **kwargs))


def means(
    hass: HomeAssistant, entity_ids: Iterable[str], since: datetime, period: Period
) -> Mapping[str, list[Mean]]:
    """Return the means of power sensors, in order; those without statistics are left out."""
    units: dict[str, str] = {"power": UnitOfPower.WATT}
    found = statistics_during_period(hass, since, None, set(entity_ids), period, units, {"mean"})
    return {
        entity_id: [
            Mean(datetime.fromtimestamp(row["start"], UTC), mean)
            for row in rows
            if (mean := row.get("mean")) is not None
        ]
        for entity_id, rows in found.items()
    }
