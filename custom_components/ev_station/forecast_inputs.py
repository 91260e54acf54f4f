"""What the sun and the grid are expected to do: solar forecasts of the energy platform, Solcast, lists of CO2."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.energy.websocket_api import async_get_energy_platforms
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from . import const as c
from .const import LOGGER
from .engine import Engine
from .entity_follower import async_hear_changes
from .forecast_follower import ForecastFollower
from .meter_inputs import number
from .model.forecast import ForecastKind, Interval, Series
from .price_reading import said_by
from .sources.carbon import CO2_READERS
from .sources.intervals import Point, normalised
from .sources.recognise import recognise
from .sources.solar import solcast, total, wh_hours

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

_ASKED_EVERY: Final = timedelta(minutes=15)
_PATIENCE_S: Final = 30
_HOUR: Final = timedelta(hours=1)
_SILENT_AFTER: Final = timedelta(days=1)
_NAMED: Final = {
    ForecastKind.SOLAR: (c.CONF_SOLAR_FORECASTS, c.CONF_SOLAR_FORECAST_ENTITIES),
    ForecastKind.CO2: (c.CONF_CO2_ENTITY,),
}
FORECASTS: Final = tuple(key for keys in _NAMED.values() for key in keys)
"""The options that name forecasts."""
_ENTITIES: Final = "entities"
_KINDS: Final = (ForecastKind.SOLAR, ForecastKind.CO2)


async def async_solar_entries(hass: HomeAssistant) -> dict[str, str]:
    """Return the titles of the set up integrations that forecast solar production, by entry."""
    if "energy" not in hass.config.components:
        return {}
    platforms = await async_get_energy_platforms(hass)
    entries = hass.config_entries.async_entries(include_ignore=False, include_disabled=False)
    return {entry.entry_id: entry.title for entry in entries if entry.domain in platforms}


def detailed(hass: HomeAssistant, entities: Iterable[str]) -> Series:
    """Return what Solcast's entities say with P10 and P90, each day on another one."""
    zone = dt_util.get_default_time_zone()
    days = (solcast(said.raw, zone) for said in said_by(hass, entities))
    return normalised(
        Point(each.start, each.end, each.value, each.low, each.high) for day in days for each in day
    )


def carbon(hass: HomeAssistant, entity: str) -> Series:
    """Return the CO2 intensities an entity lists, else the present one."""
    for said in said_by(hass, [entity]):
        if reader := recognise(said.raw, readers=CO2_READERS):
            return reader.read(said.raw, dt_util.get_default_time_zone(), said.today)
    value = number(hass.states.get(entity))
    if value is None:
        return ()
    start = dt_util.utcnow().replace(minute=0, second=0, microsecond=0)
    return (Interval(start=start, end=start + _HOUR, value=value),)


async def async_roofs(hass: HomeAssistant, options: Mapping[str, Any]) -> dict[str, Series]:
    """Return what each source the options name says of the sun; the entities are one."""
    entries = options.get(c.CONF_SOLAR_FORECASTS) or ()
    named = options.get(c.CONF_SOLAR_FORECAST_ENTITIES) or ()
    roofs = {entry: await _async_plane(hass, entry) for entry in entries}
    return {**roofs, _ENTITIES: detailed(hass, named)}


async def _async_plane(hass: HomeAssistant, entry_id: str) -> Series:
    """Return what one integration forecasts, with P10 and P90 where its entities say them."""
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry_id)
    if found := detailed(hass, [each.entity_id for each in entities]):
        return found
    entry = hass.config_entries.async_get_entry(entry_id)
    if entry is None or entry.state is not ConfigEntryState.LOADED:
        return ()
    try:
        async with asyncio.timeout(_PATIENCE_S):
            ask = (await async_get_energy_platforms(hass))[entry.domain]
            said = await ask(hass, entry_id)
        return wh_hours(said["wh_hours"], dt_util.get_default_time_zone()) if said else ()
    except Exception:  # noqa: BLE001 - another integration's fault must not end ours
        LOGGER.debug("The solar forecast %s gave no answer", entry.domain, exc_info=True)
        return ()


class ForecastInputs(ForecastFollower):
    """Follows the forecasts a site's options name."""

    _options = FORECASTS

    def __init__(self, hass: HomeAssistant, entry: EvStationConfigEntry, engine: Engine) -> None:
        """Prepare; nothing is read before `async_follow`."""
        super().__init__(hass, entry, engine)
        self._since = dt_util.utcnow()
        self._roofs: dict[str, Series] = {}
        """What each said last: one that is away must not take the others' sum down."""

    @override
    def _begin(self) -> list[CALLBACK_TYPE]:
        self._since, self._roofs = dt_util.utcnow(), {}
        named = self._followed[c.CONF_SOLAR_FORECAST_ENTITIES] or ()
        entities = [*named, *filter(None, [self._co2()])]
        return [
            async_at_started(self._hass, self._read),
            async_track_time_interval(self._hass, self._read, _ASKED_EVERY),
            *async_hear_changes(self._hass, entities, self._changed),
        ]

    def silent(self) -> set[ForecastKind]:
        """Return what is followed and has said nothing of the hours to come for a day."""
        now = dt_util.utcnow()
        return {
            kind
            for kind in _KINDS
            if self._names(kind) and now - self._known_until(kind) > _SILENT_AFTER
        }

    def _known_until(self, kind: ForecastKind) -> datetime:
        known = self._known(kind)
        return max(known[-1].end, self._since) if known else self._since

    def _co2(self) -> str | None:
        return self._followed.get(c.CONF_CO2_ENTITY)

    @callback
    def _changed(self, _entity: str) -> None:
        self._read()

    @override
    async def _async_read(self) -> None:
        followed, entity = self._followed, self._co2()
        await self._async_tell_of(ForecastKind.CO2, carbon(self._hass, entity) if entity else ())
        roofs = await async_roofs(self._hass, followed)
        if self._followed is not followed:
            return
        self._roofs |= {roof: series for roof, series in roofs.items() if series}
        await self._async_tell_of(ForecastKind.SOLAR, total(self._roofs.values()))

    async def _async_tell_of(self, kind: ForecastKind, intervals: Series) -> None:
        """Tell the engine; a source that is away for a while leaves what it said."""
        if intervals or not self._names(kind):
            await self._async_foretell(kind, intervals)

    def _names(self, kind: ForecastKind) -> bool:
        return any(self._followed.get(key) for key in _NAMED[kind])
