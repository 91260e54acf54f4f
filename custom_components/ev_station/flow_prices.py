"""The steps of a tariff whose price another integration knows: where, what comes on top, and what was understood."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, CONF_ENTITY_ID, CONF_NAME
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TemplateSelector,
)
from homeassistant.util import dt as dt_util
import voluptuous as vol

from . import const as c
from .configuration import subentries, tariff_of
from .const import TariffKind
from .flow_bands import bands_selector, read_bands, shown_bands
from .flow_energy import async_grid_price
from .flow_holidays import HolidaySteps
from .flow_schemas import PRICE_ENTITIES
from .flow_selectors import (
    async_words,
    choice,
    decimal_text,
    factor,
    flat,
    optional,
    percent,
    plain,
    price,
    text,
)
from .flow_tariff_form import Answers
from .model.forecast import Interval, Series
from .model.tariff import PriceSeries
from .price_actions import SOURCES, SourceSilent, async_ask, currency_of, price_entries
from .price_reading import (
    Formula,
    companions,
    counts_in,
    entities_of,
    listed,
    price_per_kwh,
    said_by,
)
from .sources.prices import PriceList, Said
from .sources.recognise import NAMES
from .sources.units import PriceUnit, UnreadablePrice, Verdict, judged
from .tariff.ahead import ahead
from .tariff.prices import merge

_LISTING: Final = EntitySelector(
    EntitySelectorConfig(domain=["sensor", "binary_sensor", "event"], multiple=True)
)
_SHOWN: Final = 4
_AHEAD: Final = timedelta(days=3)
_QUARTER: Final = timedelta(minutes=15)
_VERDICTS: Final = {
    Verdict.PER_MWH: "prices_per_mwh",
    Verdict.TOO_DEAR: "prices_too_dear",
    Verdict.TOO_CHEAP: "prices_too_cheap",
}
_SILENCES: Final = {"not_loaded": "source_not_loaded", "timeout": "source_timeout"}


class Problem(NamedTuple):
    """What is wrong with an answer: the field, the error's key, and its words."""

    field: str
    key: str
    words: dict[str, str]


class PriceSteps(HolidaySteps):
    """Asks where a price is known, and shows what it would be before it is believed."""

    def __init__(self) -> None:
        """Begin with nothing answered."""
        super().__init__()
        self._said: list[Said] = []

    async def async_step_price_entity(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask which entity knows the price, and what is added to it."""
        errors, words = self._name_errors(user_input), dict[str, str]()
        if user_input is not None and not errors:
            errors, words = await self._begin(TariffKind.PRICE_ENTITY, user_input)
            if not errors:
                return await self._by_way_of_holidays(self.async_step_preview)
        entity = self._present.get(CONF_ENTITY_ID) or await self._energy_price()
        where = {vol.Required(CONF_ENTITY_ID, default=entity or vol.UNDEFINED): PRICE_ENTITIES}
        further = self._present.get(c.CONF_FURTHER_ENTITIES, [])
        unit = self._present.get(c.CONF_COUNTS_IN)
        lists = {
            vol.Optional(c.CONF_FURTHER_ENTITIES, default=further): _LISTING,
            optional(c.CONF_COUNTS_IN, unit): choice(PriceUnit, c.CONF_COUNTS_IN),
        }
        fields = await self._fields(where, lists)
        return self._form("price_entity", fields, user_input, errors, words)

    async def _energy_price(self) -> str | None:
        """Return the price the Energy dashboard uses, unless a tariff already does."""
        _, entity = await async_grid_price(self.hass)
        tariffs = subentries(self._get_entry(), c.SUBENTRY_TARIFF)
        used = any(each.data.get(CONF_ENTITY_ID) == entity for each in tariffs)
        return None if used else entity

    async def async_step_price_integration(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask which integration is to be asked for prices, and what is added to them."""
        errors, words = self._name_errors(user_input), dict[str, str]()
        if user_input is not None and not errors:
            errors, words = await self._begin(TariffKind.PRICE_INTEGRATION, user_input)
            if not errors:
                return await self._by_way_of_holidays(self.async_step_channel)
        source = self._present.get(c.CONF_SOURCE, vol.UNDEFINED)
        entries = price_entries(self.hass)
        options = [SelectOptionDict(value=each.entry_id, label=each.title) for each in entries]
        selector = SelectSelector(
            SelectSelectorConfig(options=options, mode=SelectSelectorMode.DROPDOWN)
        )
        fields = await self._fields({vol.Required(c.CONF_SOURCE, default=source): selector}, {})
        return self._form("price_integration", fields, user_input, errors, words)

    async def _fields(self, where: dict[Any, Any], more: dict[Any, Any]) -> dict[Any, Any]:
        days = await async_words(self.hass, "days")
        bands = shown_bands(self._present.get(c.CONF_BANDS, []))
        formula = {
            self._number(c.CONF_VAT_PERCENT, "0"): percent(),
            vol.Optional(c.CONF_BANDS, default=bands): bands_selector(self._currency, days),
            **self._holidays_field(),
            optional(c.CONF_TEMPLATE, self._present.get(c.CONF_TEMPLATE)): TemplateSelector(),
            **more,
        }
        return {
            **self._name_field(),
            **where,
            self._number(c.CONF_FACTOR, "1"): factor(),
            self._number(c.CONF_SURCHARGE, "0"): price(self._currency),
            vol.Required(c.SECTION_FORMULA): section(vol.Schema(formula), {"collapsed": True}),
        }

    async def _begin(
        self, kind: TariffKind, user_input: Answers
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Take the answers in; return what is wrong with them and the words for it."""
        answers = flat(user_input, c.SECTION_FORMULA)
        bands, problem = read_bands(answers[c.CONF_BANDS], self._currency, may_be_none=True)
        problem = problem or await self._holidays_problem(answers)
        if problem:
            return {"base": problem}, {}
        self._name, self._kind = answers[CONF_NAME], kind
        self._data = {
            c.CONF_KIND: kind.value,
            c.CONF_BANDS: bands,
            c.CONF_TEMPLATE: text(answers.get(c.CONF_TEMPLATE)),
            **{
                key: decimal_text(answers[key])
                for key in (c.CONF_FACTOR, c.CONF_SURCHARGE, c.CONF_VAT_PERCENT)
            },
        }
        if Formula(self.hass, self._data).price(Decimal("0.1"), dt_util.utcnow()) is None:
            return {"base": "template_says_no_number"}, {}
        found = await (
            self._entity_problem(answers)
            if kind is TariffKind.PRICE_ENTITY
            else self._source_problem(answers)
        )
        return ({found.field: found.key}, found.words) if found else ({}, {})

    async def _entity_problem(self, answers: Answers) -> Problem | None:
        entity = answers[CONF_ENTITY_ID]
        further = answers[c.CONF_FURTHER_ENTITIES]
        self._data |= {
            CONF_ENTITY_ID: entity,
            c.CONF_FURTHER_ENTITIES: further,
            c.CONF_COUNTS_IN: answers.get(c.CONF_COUNTS_IN),
        }
        try:
            if self._listed_by_entities() is None and not further:
                self._data[c.CONF_FURTHER_ENTITIES] = companions(self.hass, entity, self._currency)
            prices = self._listed_by_entities()
            now = [] if prices else [self._price_now()]
        except UnreadablePrice as error:
            if error.unit is None:
                return Problem(CONF_ENTITY_ID, "price_not_a_number", {})
            return Problem(CONF_ENTITY_ID, "price_unit_unknown", {"unit": plain(error.unit)})
        known = [each.value for each in prices.intervals] if prices else [*filter(None, now)]
        return self._implausible(CONF_ENTITY_ID, known)

    async def _source_problem(self, answers: Answers) -> Problem | None:
        entry = self.hass.config_entries.async_get_entry(answers[c.CONF_SOURCE])
        told = currency_of(entry) if entry else None
        if told not in (None, self._currency):
            return Problem(c.CONF_SOURCE, "source_currency", {"unit": plain(str(told))})
        channels = SOURCES[entry.domain].channels if entry else ()
        present = self._present.get(c.CONF_CHANNEL)
        channel = present if present in channels else next(iter(channels), None)
        self._data |= {c.CONF_SOURCE: answers[c.CONF_SOURCE], c.CONF_CHANNEL: channel}
        return await self._ask()

    async def _ask(self) -> Problem | None:
        try:
            self._said = await async_ask(
                self.hass, self._data[c.CONF_SOURCE], self._data[c.CONF_CHANNEL]
            )
            prices = self._listed()
        except SourceSilent as error:
            key = _SILENCES.get(error.reason, "source_silent")
            return Problem(c.CONF_SOURCE, key, {"reason": plain(error.reason)})
        if prices is None:
            return Problem(c.CONF_SOURCE, "source_unknown", {})
        return self._implausible(c.CONF_SOURCE, [each.value for each in prices.intervals])

    def _implausible(self, field: str, prices: Iterable[Decimal]) -> Problem | None:
        """Return what is odd about prices; what the owner says they count in is believed."""
        verdict = _VERDICTS.get(judged(prices, self._currency))
        return Problem(field, verdict, {}) if verdict and not counts_in(self._data) else None

    async def async_step_channel(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask which of several prices an integration knows is meant."""
        entry = self.hass.config_entries.async_get_entry(self._data[c.CONF_SOURCE])
        channels = SOURCES[entry.domain].channels if entry else ()
        prices = self._listed()
        labels = channels or (prices.labels if prices else ())
        errors: dict[str, str] = {}
        words: dict[str, str] = {}
        if user_input is not None or len(labels) < 2:
            self._data[c.CONF_CHANNEL] = (
                user_input[c.CONF_CHANNEL] if user_input else next(iter(labels), None)
            )
            problem = await self._ask() if channels and user_input else None
            if problem is None:
                return await self.async_step_preview()
            errors, words = {"base": problem.key}, problem.words
        present = self._present.get(c.CONF_CHANNEL)
        default = present if present in labels else labels[0]
        selector = SelectSelector(
            SelectSelectorConfig(
                options=list(labels), translation_key="price_channel", mode=SelectSelectorMode.LIST
            )
        )
        fields = {vol.Required(c.CONF_CHANNEL, default=default): selector}
        return self._form("channel", fields, user_input, errors, words)

    async def async_step_preview(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Show what a kWh costs now and next, before it is believed."""
        if user_input is not None:
            return await self._done()
        prices = self._listed()
        coming = self._coming(prices)
        now = dt_util.utcnow()
        if prices and coming and coming[-1].end > now + _QUARTER:
            return await self._show_list(prices, coming)
        if prices and not prices.intervals:
            return self._preview("preview_later")
        present = next((each for each in coming if each.start <= now < each.end), None)
        if present is None:
            return self._preview("preview_later")
        return self._preview("preview", price=self._money(present.value))

    async def async_step_preview_later(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Believe a source that has no price at the moment."""
        return await self.async_step_preview(user_input)

    async def async_step_preview_list(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Believe a source that lists its prices."""
        return await self.async_step_preview(user_input)

    async def _show_list(self, prices: PriceList, coming: Series) -> SubentryFlowResult:
        words = await async_words(self.hass, "price_shape")
        now = dt_util.utcnow()
        first = coming[0]
        name, said = self._names()
        following = [each for each in coming if each.start > now][:_SHOWN]
        return self._preview(
            "preview_list",
            # A price beside the list's own tells whoever looks that the list is of another one.
            entity=f"{name} ({said})" if said else name,
            shape=NAMES.get(prices.kind) or words.get(prices.kind, prices.kind),
            count=str(sum(each.end > now for each in prices.intervals)),
            until=f"{dt_util.as_local(coming[-1].end):%Y-%m-%d %H:%M}",
            price=self._money(first.value) if first.start <= now else "–",
            following=", ".join(
                f"{dt_util.as_local(each.start):%H:%M} {each.value.normalize():f}"
                for each in following
            )
            or "–",
        )

    def _preview(self, step: str, **words: str) -> SubentryFlowResult:
        name, said = self._names()
        return self.async_show_form(
            step_id=step,
            data_schema=vol.Schema({}),
            description_placeholders={"entity": name, "source": said, "price": "", **words},
        )

    def _names(self) -> tuple[str, str]:
        """Return what the source is called, and what its entity shows now."""
        if self._kind is TariffKind.PRICE_INTEGRATION:
            source = self.hass.config_entries.async_get_entry(self._data[c.CONF_SOURCE])
            return plain(source.title if source else ""), ""
        state = self.hass.states.get(self._data[CONF_ENTITY_ID])
        if state is None:
            return plain(self._data[CONF_ENTITY_ID]), ""
        said = f"{state.state} {state.attributes.get(ATTR_UNIT_OF_MEASUREMENT, '')}"
        return plain(state.name), plain(said.strip())

    def _money(self, value: Decimal) -> str:
        return f"{value.normalize():f} {self._currency}/kWh"

    def _listed(self) -> PriceList | None:
        if self._kind is TariffKind.PRICE_ENTITY:
            return self._listed_by_entities()
        return listed(self.hass, self._said, self._data, self._currency)

    def _listed_by_entities(self) -> PriceList | None:
        said = said_by(self.hass, entities_of(self._data))
        return listed(self.hass, said, self._data, self._currency)

    def _price_now(self) -> Decimal | None:
        state = self.hass.states.get(self._data[CONF_ENTITY_ID])
        return price_per_kwh(state, self._currency, counts_in(self._data))

    def _coming(self, prices: PriceList | None) -> Series:
        """Return what a kWh will cost from now on, with all that comes on top."""
        now = dt_util.utcnow()
        said = prices.intervals if prices else ()
        if self._kind is TariffKind.PRICE_ENTITY and not said:
            present = self._price_now()
            said = (
                () if present is None else (Interval(start=now, end=now + _QUARTER, value=present),)
            )
        intervals = tuple(Formula(self.hass, self._data).intervals(said))
        series = merge(None, PriceSeries(tariff="", intervals=intervals), now)
        tariff = tariff_of("", self._currency, self._data)
        zone = ZoneInfo(self.hass.config.time_zone)
        return ahead(tariff, series, zone, now, now + _AHEAD)
