"""What a tariff's price source says now, of the present and of the hours to come."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, CONF_ENTITY_ID
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import TemplateError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.template import Template
from homeassistant.util import dt as dt_util

from . import const as c
from .configuration import taxes
from .model.forecast import Series
from .model.tariff import PriceInterval
from .sources.moments import number
from .sources.prices import PriceList, Said, Wanted, at, price_list
from .sources.reader import SourceKind
from .sources.units import PriceUnit, UnreadablePrice, scale_of

_AGREES: Final = Decimal("0.01")
"""How far the price in a list may be from what an entity says, for both to be the same price."""

type Data = Mapping[str, Any]


def price_per_kwh(
    state: State | None, currency: str, counts_in: PriceUnit | None = None
) -> Decimal | None:
    """Return an entity's price in the currency per kWh; None while it has none.

    Raises UnreadablePrice if it never will: no number, or a unit that is no price of energy in this currency.
    """
    if state is None or state.state in ("unknown", "unavailable", ""):
        return None
    try:
        value = number(Decimal(state.state))
    except InvalidOperation:
        raise UnreadablePrice(None) from None
    if value is None:
        return None
    if counts_in is not None:
        return value * counts_in.scale
    return value * scale_of(state.attributes.get(ATTR_UNIT_OF_MEASUREMENT), currency)


def counts_in(data: Data) -> PriceUnit | None:
    """Return what the owner says the source's numbers are; None: what it says itself."""
    chosen = data.get(c.CONF_COUNTS_IN)
    return PriceUnit(chosen) if chosen else None


def entities_of(data: Data) -> list[str]:
    """Return the entities a tariff's prices are on, the one that knows the present price first."""
    return [data[CONF_ENTITY_ID], *data.get(c.CONF_FURTHER_ENTITIES, ())]


def said_by(hass: HomeAssistant, entities: Iterable[str]) -> list[Said]:
    """Return what the attributes of entities say, and on which day they said it."""
    states = ((entity, hass.states.get(entity)) for entity in entities)
    return [
        Said(
            state.attributes,
            dt_util.as_local(state.last_reported).date(),
            origin.platform if (origin := er.async_get(hass).async_get(entity)) else None,
        )
        for entity, state in states
        if state
    ]


def listed(
    hass: HomeAssistant, said: Iterable[Said], data: Data, currency: str
) -> PriceList | None:
    """Return the prices a source lists; None if it lists none in a shape that is known.

    Raises UnreadablePrice if the entity's unit is none of a price.
    """
    entity = data.get(CONF_ENTITY_ID)
    state = hass.states.get(entity) if entity else None
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT) if state else None
    zone = dt_util.get_default_time_zone()
    return price_list(said, Wanted(currency, zone, unit, counts_in(data), data.get(c.CONF_CHANNEL)))


def companions(hass: HomeAssistant, entity: str, currency: str) -> list[str]:
    """Return the entities of the same device that list the prices of which an entity says the present one.

    Octopus lists each day on an entity of its own, of which only today's can be compared.
    """
    known = er.async_get(hass).async_get(entity)
    state = hass.states.get(entity)
    if known is None or known.device_id is None or state is None:
        return []
    try:
        price = price_per_kwh(state, currency)
    except UnreadablePrice:
        price = None
    beside = er.async_entries_for_device(er.async_get(hass), known.device_id)
    found = {
        each.entity_id: prices
        for each in beside
        if each.entity_id != entity and (prices := _list_of(hass, each.entity_id, state, currency))
    }
    same = [other for other, prices in found.items() if _says(prices, price)]
    if any(found[other].kind is SourceKind.OCTOPUS for other in same):
        same = [other for other, prices in found.items() if prices.kind is SourceKind.OCTOPUS]
    return sorted(same)


def _list_of(hass: HomeAssistant, entity: str, main: State, currency: str) -> PriceList | None:
    try:
        return listed(hass, said_by(hass, [entity]), {CONF_ENTITY_ID: main.entity_id}, currency)
    except UnreadablePrice:
        return None


def _says(prices: PriceList, price: Decimal | None) -> bool:
    found = at(prices.intervals, dt_util.utcnow())
    return (
        price is not None and found is not None and abs(found.value - price) <= _AGREES * abs(price)
    )


class Formula:
    """What a source's price becomes before the surcharge: factor and tax, or what a template says."""

    def __init__(self, hass: HomeAssistant, data: Data) -> None:
        """Read the owner's settings."""
        template = data.get(c.CONF_TEMPLATE)
        self._template = Template(template, hass) if template else None
        self._factor = Decimal(data[c.CONF_FACTOR]) * taxes(data)

    def price(self, per_kwh: Decimal, start: datetime) -> Decimal | None:
        """Return the price of an interval; None if the template says no number."""
        if self._template is None:
            return per_kwh * self._factor
        variables = {"price": float(per_kwh), "start": dt_util.as_local(start)}
        try:
            return number(self._template.async_render(variables))
        except TemplateError:
            return None

    def intervals(self, series: Series) -> Iterator[PriceInterval]:
        """Yield the intervals whose price is known."""
        for each in series:
            if (price := self.price(each.value, each.start)) is not None:
                yield PriceInterval(start=each.start, end=each.end, price=price)
