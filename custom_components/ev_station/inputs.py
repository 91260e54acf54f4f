"""The prices other integrations know become price series: of the present, and of the hours they list ahead."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import CONF_ENTITY_ID
from homeassistant.core import CALLBACK_TYPE, Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import async_track_state_change_event, async_track_utc_time_change
from homeassistant.util import dt as dt_util

from .configuration import subentries
from .const import CONF_CURRENCY, CONF_KIND, LOGGER, SUBENTRY_TARIFF, TariffKind
from .engine import Engine
from .model.errors import StorageUnavailable
from .model.events import PricesRead
from .model.state import TariffState
from .model.tariff import PriceInterval, PriceSeries
from .price_asking import PriceAsker
from .price_reading import Formula, counts_in, entities_of, listed, price_per_kwh, said_by
from .sources.prices import PriceList, Said
from .sources.units import UnreadablePrice
from .tariff.prices import unknown

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

_QUARTER: Final = timedelta(minutes=15)
"""The shortest settlement period of European markets; hourly prices are two to four equal ones."""
_GRACE: Final = timedelta(minutes=1)
"""Sources publish a new price seconds after it came into force; until then the last one stands."""
_SILENT_AFTER: Final = timedelta(days=1)


def is_readable(hass: HomeAssistant, data: Mapping[str, Any], currency: str) -> bool:
    """Return whether there is an entity, and what it says or lists is a price, now or once it knows one."""
    state = hass.states.get(data[CONF_ENTITY_ID])
    try:
        if listed(hass, said_by(hass, entities_of(data)), data, currency) is None:
            price_per_kwh(state, currency, counts_in(data))
    except UnreadablePrice:
        return False
    return state is not None


class PriceInputs:
    """Follows the price sources of one site's tariffs."""

    def __init__(self, hass: HomeAssistant, entry: EvStationConfigEntry, engine: Engine) -> None:
        """Prepare; nothing is read before `async_follow`."""
        self._hass = hass
        self._entry = entry
        self._engine = engine
        self._followed: dict[str, dict[str, Any]] = {}
        self._since: dict[str, datetime] = {}
        self._askers: dict[str, PriceAsker] = {}
        self._lists: dict[str, PriceList] = {}
        self._priced: dict[str, tuple[PriceInterval, ...]] = {}
        self._stops: list[CALLBACK_TYPE] = []

    @callback
    def async_follow(self) -> None:
        """Follow the sources the tariffs name now, and read those that are new or read differently."""
        tariffs = {
            each.subentry_id: dict(each.data)
            for each in subentries(self._entry, SUBENTRY_TARIFF)
            if TariffKind(each.data[CONF_KIND]).follows_source
        }
        if tariffs == self._followed:
            return
        kept = {key for key, data in tariffs.items() if self._followed.get(key) == data}
        self._unfollow(kept)
        self._follow(tariffs)
        self._read(tariffs.keys() - kept)

    def _follow(self, tariffs: dict[str, dict[str, Any]]) -> None:
        self._followed = tariffs
        now = dt_util.utcnow()
        for key, data in tariffs.items():
            self._since.setdefault(key, now)
            if not _has_entity(data) and key not in self._askers:
                heard = partial(self._heard, key)
                self._askers[key] = PriceAsker(self._hass, self._entry, data, heard)
        if not tariffs:
            return
        named = {key: entities_of(data) for key, data in tariffs.items() if _has_entity(data)}
        entities = {entity for each in named.values() for entity in each}
        self._stops = [
            async_track_state_change_event(self._hass, entities, self._state_changed),
            async_track_utc_time_change(
                self._hass, self._quarter_began, minute=[0, 15, 30, 45], second=30
            ),
        ]

    @callback
    def async_stop(self) -> None:
        """Follow nothing any more."""
        self._unfollow(set())

    def _unfollow(self, kept: set[str]) -> None:
        while self._stops:
            self._stops.pop()()
        for key in self._followed.keys() - kept:
            self._since.pop(key)
            self._lists.pop(key, None)
            self._priced.pop(key, None)
            if asker := self._askers.pop(key, None):
                asker.async_stop()
        self._followed = {}

    def silent(self) -> set[str]:
        """Return the tariffs whose sources have told no price for a day."""
        now = dt_util.utcnow()
        return {key for key in self._followed if now - self._known_until(key) > _SILENT_AFTER}

    def report(self) -> dict[str, dict[str, Any]]:
        """Return for each tariff what its source turned out to be, until when it is known, and what is wrong."""
        return {
            key: {
                "recognised": found.kind if (found := self._lists.get(key)) else None,
                "listed": len(found.intervals) if found else 0,
                "known_until": self._known_until(key),
                "problem": asker.problem if (asker := self._askers.get(key)) else None,
            }
            for key in self._followed
        }

    def _known_until(self, tariff: str) -> datetime:
        """Return when the known prices end, at least when this began to be followed."""
        known = self._engine.state.get(TariffState, tariff)
        ends = [known.series.intervals[-1].end] if known and known.series else []
        return max((*ends, self._since[tariff]))

    @callback
    def _state_changed(self, event: Event[EventStateChangedData]) -> None:
        entity = event.data["entity_id"]
        self._read(
            key
            for key, data in self._followed.items()
            if _has_entity(data) and entity in entities_of(data)
        )

    @callback
    def _quarter_began(self, _now: datetime) -> None:
        self._read(key for key, data in self._followed.items() if _has_entity(data))

    def _read(self, tariffs: Iterable[str]) -> None:
        for key in list(tariffs):
            data = self._followed[key]
            if _has_entity(data):
                self._list(key, said_by(self._hass, entities_of(data)))
                self._tell(key, self._present(key))

    @callback
    def _heard(self, tariff: str, said: list[Said]) -> datetime | None:
        self._list(tariff, said)
        self._tell(tariff)
        priced = self._priced.get(tariff)
        return priced[-1].end if priced else None

    def _list(self, tariff: str, said: list[Said]) -> None:
        """Keep what a source lists, also while it is away; only a changed list has its formula worked out again."""
        data, currency = self._followed[tariff], self._entry.data[CONF_CURRENCY]
        try:
            found = listed(self._hass, said, data, currency)
        except UnreadablePrice:
            found = None
        if found is not None and found != self._lists.get(tariff):
            self._lists[tariff] = found
            self._priced[tariff] = tuple(Formula(self._hass, data).intervals(found.intervals))

    def _tell(self, tariff: str, *present: PriceInterval | None) -> None:
        known = self._engine.state.get(TariffState, tariff)
        told = (*filter(None, present), *self._priced.get(tariff, ()))
        news = unknown(known.series if known else None, told, dt_util.utcnow())
        if news:
            series = PriceSeries(tariff=tariff, intervals=news)
            self._entry.async_create_task(self._hass, self._async_tell(series), "ev_station price")

    async def _async_tell(self, series: PriceSeries) -> None:
        try:
            await self._engine.configure(PricesRead(series=series))
        except StorageUnavailable:
            LOGGER.debug("A price could not be stored; the next reading fills the gap")

    def _present(self, tariff: str) -> PriceInterval | None:
        """Return the price of this quarter of an hour, where no list says it; what was known of it before stays."""
        data, now = self._followed[tariff], dt_util.utcnow()
        coming = [each for each in self._priced.get(tariff, ()) if each.end > now]
        if coming and coming[0].start <= now:
            return None
        state = self._hass.states.get(data[CONF_ENTITY_ID])
        try:
            price = price_per_kwh(state, self._entry.data[CONF_CURRENCY], counts_in(data))
        except UnreadablePrice:
            return None
        start = _quarter(now)
        if price is None or (price := Formula(self._hass, data).price(price, start)) is None:
            return None
        end = min((start + _QUARTER + _GRACE, *(each.start for each in coming[:1])))
        return PriceInterval(start=start, end=end, price=price)


def _has_entity(data: Mapping[str, Any]) -> bool:
    return bool(data[CONF_KIND] == TariffKind.PRICE_ENTITY)


def _quarter(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
