"""The prices other integrations know become price series: of the present, and of the hours they list ahead."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.const import CONF_ENTITY_ID
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_utc_time_change
from homeassistant.util import dt as dt_util

from .configuration import subentries
from .const import CONF_CURRENCY, CONF_KIND, SUBENTRY_TARIFF, TariffKind
from .engine import Engine
from .entity_follower import EntityFollower, async_hear_changes
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


class PriceInputs(EntityFollower[str, dict[str, Any]]):
    """Follows the price sources of one site's tariffs."""

    def __init__(self, hass: HomeAssistant, entry: EvStationConfigEntry, engine: Engine) -> None:
        """Prepare; nothing is read before `async_follow`."""
        super().__init__(hass, entry, engine)
        self._since: dict[str, datetime] = {}
        self._askers: dict[str, PriceAsker] = {}
        self._lists: dict[str, PriceList] = {}
        self._priced: dict[str, tuple[PriceInterval, ...]] = {}

    @override
    def _named(self) -> Mapping[str, dict[str, Any]]:
        return {
            each.subentry_id: dict(each.data)
            for each in subentries(self._entry, SUBENTRY_TARIFF)
            if TariffKind(each.data[CONF_KIND]).follows_source
        }

    @override
    def _begin(self) -> list[CALLBACK_TYPE]:
        self._take_in(self._followed.keys() - self._since.keys())
        named = [entities_of(data) for data in self._followed.values() if _has_entity(data)]
        entities = {entity for each in named for entity in each}
        return [
            *async_hear_changes(self._hass, entities, self._changed),
            async_track_utc_time_change(
                self._hass, self._quarter_began, minute=[0, 15, 30, 45], second=30
            ),
        ]

    def _take_in(self, tariffs: set[str]) -> None:
        for key in tariffs:
            self._since[key] = dt_util.utcnow()
            data, heard = self._followed[key], partial(self._heard, key)
            if not _has_entity(data):
                self._askers[key] = PriceAsker(self._hass, self._entry, data, heard)
        self._read(tariffs)

    @override
    def _turn_to(self, named: Mapping[str, dict[str, Any]]) -> None:
        """Keep what is known of the sources that are followed as before."""
        for key, data in self._followed.items():
            if named.get(key) != data:
                self._forget(key)
        super()._turn_to(named)

    def _forget(self, tariff: str) -> None:
        del self._since[tariff]
        self._lists.pop(tariff, None)
        self._priced.pop(tariff, None)
        if asker := self._askers.pop(tariff, None):
            asker.async_stop()

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
    def _changed(self, entity: str) -> None:
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
                self._tell_unknown(key, self._present(key))

    @callback
    def _heard(self, tariff: str, said: list[Said]) -> datetime | None:
        self._list(tariff, said)
        self._tell_unknown(tariff)
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

    def _tell_unknown(self, tariff: str, *present: PriceInterval | None) -> None:
        known = self._engine.state.get(TariffState, tariff)
        told = (*filter(None, present), *self._priced.get(tariff, ()))
        news = unknown(known.series if known else None, told, dt_util.utcnow())
        if news:
            self._tell(PricesRead(series=PriceSeries(tariff=tariff, intervals=news)))

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
