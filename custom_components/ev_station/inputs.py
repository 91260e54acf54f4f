"""The only reader of other integrations' entities: price entities become price series."""

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, CONF_ENTITY_ID
from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers.event import async_track_state_change_event, async_track_utc_time_change
from homeassistant.util import dt as dt_util

from .configuration import subentries
from .const import CONF_CURRENCY, CONF_FACTOR, CONF_KIND, LOGGER, SUBENTRY_TARIFF, TariffKind
from .engine import Engine
from .model.errors import StorageUnavailable
from .model.events import PricesRead
from .model.tariff import PriceInterval, PriceSeries
from .sources.units import UnreadablePrice, scale_of

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

_QUARTER: Final = timedelta(minutes=15)
"""The shortest settlement period of European markets; hourly prices are two to four equal ones."""
_GRACE: Final = timedelta(minutes=1)
"""Sources publish a new price seconds after it came into force; until then the last one stands."""


def price_per_kwh(state: State | None, currency: str) -> Decimal | None:
    """Return an entity's price in the currency per kWh; None while it has none.

    Raises UnreadablePrice if it never will: no number, or a unit that is no price of energy in this currency.
    """
    if state is None or state.state in ("unknown", "unavailable", ""):
        return None
    try:
        value = Decimal(state.state)
    except InvalidOperation:
        raise UnreadablePrice(None) from None
    if not value.is_finite():
        return None
    return value * scale_of(state.attributes.get(ATTR_UNIT_OF_MEASUREMENT), currency)


def is_readable(state: State | None, currency: str) -> bool:
    """Return whether there is an entity, and what it says is a price, now or once it knows one."""
    try:
        price_per_kwh(state, currency)
    except UnreadablePrice:
        return False
    return state is not None


class PriceInputs:
    """Follows the price entities of one site's tariffs."""

    def __init__(self, hass: HomeAssistant, entry: EvStationConfigEntry, engine: Engine) -> None:
        """Prepare; nothing is read before `async_follow`."""
        self._hass = hass
        self._entry = entry
        self._engine = engine
        self._followed: dict[str, dict[str, Any]] = {}
        self._stops: list[CALLBACK_TYPE] = []

    @callback
    def async_follow(self) -> None:
        """Follow the entities the tariffs name now, and read those that are new or read differently."""
        tariffs = {
            each.subentry_id: dict(each.data)
            for each in subentries(self._entry, SUBENTRY_TARIFF)
            if each.data[CONF_KIND] == TariffKind.PRICE_ENTITY
        }
        if tariffs == self._followed:
            return
        news = [key for key, data in tariffs.items() if self._followed.get(key) != data]
        self.async_stop()
        if tariffs:
            self._follow(tariffs)
        self._read(news)

    def _follow(self, tariffs: dict[str, dict[str, Any]]) -> None:
        self._followed = tariffs
        entities = {data[CONF_ENTITY_ID] for data in tariffs.values()}
        self._stops = [
            async_track_state_change_event(self._hass, entities, self._state_changed),
            async_track_utc_time_change(
                self._hass, self._quarter_began, minute=[0, 15, 30, 45], second=30
            ),
        ]

    @callback
    def async_stop(self) -> None:
        """Follow nothing any more."""
        while self._stops:
            self._stops.pop()()
        self._followed = {}

    @callback
    def _state_changed(self, event: Event[EventStateChangedData]) -> None:
        entity = event.data["entity_id"]
        self._read([key for key, data in self._followed.items() if data[CONF_ENTITY_ID] == entity])

    @callback
    def _quarter_began(self, _now: datetime) -> None:
        self._read(list(self._followed))

    def _read(self, tariffs: list[str]) -> None:
        for key in tariffs:
            if (series := self._series(key)) is not None:
                self._entry.async_create_task(self._hass, self._tell(series), "ev_station price")

    async def _tell(self, series: PriceSeries) -> None:
        try:
            await self._engine.configure(PricesRead(series=series))
        except StorageUnavailable:
            LOGGER.debug("A price could not be stored; the next reading fills the gap")

    def _series(self, tariff: str) -> PriceSeries | None:
        """Return the price of this quarter of an hour; what was known of it before stays as it was."""
        data = self._followed[tariff]
        state = self._hass.states.get(data[CONF_ENTITY_ID])
        try:
            price = price_per_kwh(state, self._entry.data[CONF_CURRENCY])
        except UnreadablePrice:
            return None
        if price is None:
            return None
        start = _quarter(dt_util.utcnow())
        interval = PriceInterval(
            start=start, end=start + _QUARTER + _GRACE, price=price * Decimal(data[CONF_FACTOR])
        )
        return PriceSeries(tariff=tariff, intervals=(interval,))


def _quarter(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
