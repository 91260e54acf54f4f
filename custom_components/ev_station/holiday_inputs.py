"""Keeps the public holidays known of which tariffs make Sundays: this year's and the next."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, override

from homeassistant.const import CONF_COUNTRY
from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.event import async_track_time_change

from . import const as c
from .configuration import holidays_of, subentries
from .const import DOMAIN, SUBENTRY_TARIFF
from .entity_follower import EntityFollower
from .public_holidays import Region, async_holidays, today

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry


def region_of(data: Mapping[str, Any]) -> Region | None:
    """Return whose public holidays a stored tariff counts as Sundays."""
    stored = data.get(c.CONF_HOLIDAYS)
    return Region(stored[CONF_COUNTRY], stored[c.CONF_SUBDIVISION]) if stored else None


def stored_holidays(region: Region, days: Iterable[date]) -> dict[str, Any]:
    """Return holidays as a tariff stores them: the days themselves, so that no bill rests on a library."""
    return {
        CONF_COUNTRY: region.country,
        c.CONF_SUBDIVISION: region.subdivision,
        c.CONF_DATES: [day.isoformat() for day in days],
    }


def out_of_holidays(entry: EvStationConfigEntry) -> set[str]:
    """Return the tariffs that count holidays as Sundays and know none that is still to come."""
    return {
        each.subentry_id
        for each in subentries(entry, SUBENTRY_TARIFF)
        if region_of(each.data) and not any(day > today() for day in holidays_of(each.data))
    }


class HolidayInputs(EntityFollower[str, Region]):
    """Looks up at the start and every night the holidays tariffs name, and stores with them what is new."""

    @override
    def _named(self) -> Mapping[str, Region]:
        tariffs = subentries(self._entry, SUBENTRY_TARIFF)
        return {each.subentry_id: found for each in tariffs if (found := region_of(each.data))}

    @override
    def _begin(self) -> list[CALLBACK_TYPE]:
        self._look()
        return [async_track_time_change(self._hass, self._look, 0, 0, 30)]

    @callback
    def _look(self, _now: datetime | None = None) -> None:
        self._entry.async_create_background_task(
            self._hass, self._learn(), f"{DOMAIN} public holidays"
        )

    async def _learn(self) -> None:
        for key, region in self._followed.items():
            days = await async_holidays(self._hass, region)
            tariff = self._entry.subentries.get(key)
            # Meanwhile somebody may have changed or removed it.
            if days and tariff and region_of(tariff.data) == region:
                learnt = {**tariff.data, c.CONF_HOLIDAYS: stored_holidays(region, days)}
                self._hass.config_entries.async_update_subentry(self._entry, tariff, data=learnt)
