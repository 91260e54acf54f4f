"""Asks an integration for its prices after they are published, and again while some are missing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from . import const as c
from .price_actions import SOURCES, SourceSilent, async_ask
from .sources.prices import Said
from .sources.publication import next_asking

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

_SPREAD_S: Final = 300

type Heard = Callable[[list[Said]], datetime | None]
"""Takes what was said; returns until when prices are known now."""


class PriceAsker:
    """Asks for the prices of one tariff."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: EvStationConfigEntry,
        data: dict[str, Any],
        heard: Heard,
    ) -> None:
        """Ask as soon as Home Assistant has started; nobody waits for the answer."""
        self.problem: str | None = None
        """Why the last asking failed."""
        self._hass = hass
        self._entry = entry
        self._source: str = data[c.CONF_SOURCE]
        self._channel: str | None = data.get(c.CONF_CHANNEL)
        self._heard = heard
        self._known_until: datetime | None = None
        self._failures = 0
        self._stopped = False
        self._timer: CALLBACK_TYPE | None = None
        self._start: CALLBACK_TYPE = async_at_started(hass, self._ask)

    @callback
    def async_stop(self) -> None:
        """Ask no more."""
        self._stopped = True
        self._start()
        if self._timer is not None:
            self._timer()

    @callback
    def _ask(self, _now: datetime | HomeAssistant) -> None:
        self._entry.async_create_background_task(
            self._hass, self._async_ask(), "ev_station prices", eager_start=False
        )

    async def _async_ask(self) -> None:
        known, self.problem = self._known_until, None
        try:
            said = await async_ask(self._hass, self._source, self._channel)
        except SourceSilent as error:
            self.problem = error.reason
        else:
            if self._stopped:
                return
            self._known_until = self._heard(said)
        if not self._stopped:
            self._failures = self._failures + 1 if self._known_until == known else 0
            self._timer = async_track_point_in_utc_time(self._hass, self._ask, self._next())

    def _next(self) -> datetime:
        now = dt_util.utcnow()
        source = self._hass.config_entries.async_get_entry(self._source)
        every = SOURCES[source.domain].every if source else None
        if every is not None and self.problem is None:
            return now + every
        spread = timedelta(seconds=crc32(self._entry.entry_id.encode()) % _SPREAD_S)
        zone = dt_util.get_default_time_zone()
        return next_asking(now, self._known_until, self._failures, zone, spread)
