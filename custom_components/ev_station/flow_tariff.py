"""The steps of a tariff: one price, prices by the clock, or the price another integration knows."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentry,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, CONF_ENTITY_ID, CONF_NAME
from homeassistant.core import State
from homeassistant.helpers.selector import TextSelector
import voluptuous as vol

from . import const as c
from .configuration import subentries
from .const import TariffKind
from .flow_bands import bands_selector, read_bands, shown_bands
from .flow_energy import async_grid_price
from .flow_schemas import PRICE_ENTITIES
from .flow_selectors import (
    async_words,
    cents_problem,
    decimal_text,
    factor,
    name_problem,
    plain,
    price,
    price_problem,
)
from .inputs import price_per_kwh
from .sources.units import UnreadablePrice

type Answers = Mapping[str, Any]


class TariffFlow(ConfigSubentryFlow):
    """Adds a tariff, or changes one; a tariff keeps its kind."""

    def __init__(self) -> None:
        """Begin with nothing answered."""
        self._answers: dict[str, Any] = {}

    async def async_step_user(
        self, _user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask how the price is said."""
        return self.async_show_menu(step_id="user", menu_options=list(TariffKind))

    async def async_step_reconfigure(
        self, _user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change what the tariff says; sessions that run now are rated by it from now on."""
        match TariffKind(self._get_reconfigure_subentry().data[c.CONF_KIND]):
            case TariffKind.FIXED:
                return await self.async_step_fixed()
            case TariffKind.TIME_OF_USE:
                return await self.async_step_time_of_use()
            case TariffKind.PRICE_ENTITY:
                return await self.async_step_price_entity()

    async def async_step_fixed(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for one price at all hours."""
        errors = self._name_errors(user_input) | self._price_errors(user_input, price_problem)
        if user_input is not None and not errors:
            data = {c.CONF_PRICE: decimal_text(user_input[c.CONF_PRICE])}
            return self._finish(user_input[CONF_NAME], TariffKind.FIXED, data)
        fields = self._name_field() | {self._number(c.CONF_PRICE): price(self._currency)}
        return self._form("fixed", fields, user_input, errors)

    async def async_step_time_of_use(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for bands of weekdays and hours, and the price at all other times."""
        errors = self._name_errors(user_input) | self._price_errors(user_input, cents_problem)
        if user_input is not None and not errors:
            bands, problem = read_bands(user_input.get(c.CONF_BANDS, []), self._currency)
            if problem is None:
                data = {c.CONF_PRICE: decimal_text(user_input[c.CONF_PRICE]), c.CONF_BANDS: bands}
                return self._finish(user_input[CONF_NAME], TariffKind.TIME_OF_USE, data)
            errors = {c.CONF_BANDS: problem}
        days = await async_words(self.hass, "days")
        present = shown_bands(self._present.get(c.CONF_BANDS, []))
        fields = self._name_field() | {
            self._number(c.CONF_PRICE): price(self._currency),
            vol.Required(c.CONF_BANDS, default=present): bands_selector(self._currency, days),
        }
        return self._form("time_of_use", fields, user_input, errors)

    async def async_step_price_entity(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask which entity knows the price, and what is added to it."""
        errors = self._name_errors(user_input)
        words: dict[str, str] = {}
        if user_input is not None and not errors:
            self._answers = user_input
            errors, words = self._entity_errors(user_input[CONF_ENTITY_ID])
            if not errors:
                return await self.async_step_preview()
        entity = self._present.get(CONF_ENTITY_ID) or await self._energy_price()
        fields = self._name_field() | {
            vol.Required(CONF_ENTITY_ID, default=entity or vol.UNDEFINED): PRICE_ENTITIES,
            self._number(c.CONF_FACTOR, "1"): factor(),
            self._number(c.CONF_SURCHARGE, "0"): price(self._currency),
        }
        return self._form("price_entity", fields, user_input, errors, words)

    async def _energy_price(self) -> str | None:
        """Return the price the Energy dashboard uses, unless a tariff already does."""
        _, entity = await async_grid_price(self.hass)
        tariffs = subentries(self._get_entry(), c.SUBENTRY_TARIFF)
        used = any(each.data.get(CONF_ENTITY_ID) == entity for each in tariffs)
        return None if used else entity

    def _entity_errors(self, entity_id: str) -> tuple[dict[str, str], dict[str, str]]:
        state = self.hass.states.get(entity_id)
        try:
            price_per_kwh(state, self._currency)
        except UnreadablePrice as error:
            if error.unit is None:
                return {CONF_ENTITY_ID: "price_not_a_number"}, {}
            return {CONF_ENTITY_ID: "price_unit_unknown"}, {"unit": plain(error.unit)}
        return {}, {}

    async def async_step_preview(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Show what a kWh would cost now, before it is believed."""
        answers = self._answers
        data = {
            CONF_ENTITY_ID: answers[CONF_ENTITY_ID],
            c.CONF_FACTOR: decimal_text(answers[c.CONF_FACTOR]),
            c.CONF_SURCHARGE: decimal_text(answers[c.CONF_SURCHARGE]),
        }
        if user_input is not None:
            return self._finish(answers[CONF_NAME], TariffKind.PRICE_ENTITY, data)
        state = self.hass.states.get(data[CONF_ENTITY_ID])
        now = price_per_kwh(state, self._currency)
        if now is None:
            return self._preview("preview_later", state)
        total = now * Decimal(data[c.CONF_FACTOR]) + Decimal(data[c.CONF_SURCHARGE])
        return self._preview("preview", state, f"{total.normalize():f} {self._currency}/kWh")

    async def async_step_preview_later(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Believe an entity that has no price at the moment."""
        return await self.async_step_preview(user_input)

    def _preview(self, step: str, state: State | None, total: str = "") -> SubentryFlowResult:
        entity = self._answers[CONF_ENTITY_ID]
        source = (
            f"{state.state} {state.attributes.get(ATTR_UNIT_OF_MEASUREMENT, '')}" if state else ""
        )
        return self.async_show_form(
            step_id=step,
            data_schema=vol.Schema({}),
            description_placeholders={
                "entity": plain(state.name if state else entity),
                "source": plain(source.strip()),
                "price": total,
            },
        )

    @property
    def _currency(self) -> str:
        return str(self._get_entry().data[c.CONF_CURRENCY])

    @property
    def _subentry(self) -> ConfigSubentry | None:
        return self._get_reconfigure_subentry() if self.source == SOURCE_RECONFIGURE else None

    @property
    def _present(self) -> Answers:
        return self._subentry.data if self._subentry else {}

    def _name_field(self) -> dict[Any, Any]:
        title = self._subentry.title if self._subentry else vol.UNDEFINED
        return {vol.Required(CONF_NAME, default=title): TextSelector()}

    def _number(self, key: str, default: str | None = None) -> vol.Required:
        """Return a required number that shows what is stored as text."""
        stored = self._present.get(key, default)
        return vol.Required(key, default=vol.UNDEFINED if stored is None else float(stored))

    def _name_errors(self, user_input: Answers | None) -> dict[str, str]:
        if user_input is None:
            return {}
        entry = self._get_entry()
        if problem := name_problem(entry, c.SUBENTRY_TARIFF, user_input[CONF_NAME], self._subentry):
            return {CONF_NAME: problem}
        return {}

    def _price_errors(
        self, user_input: Answers | None, problem_of: Callable[[float, str], str | None]
    ) -> dict[str, str]:
        if user_input is None:
            return {}
        problem = problem_of(user_input[c.CONF_PRICE], self._currency)
        return {c.CONF_PRICE: problem} if problem else {}

    def _form(
        self,
        step: str,
        fields: dict[Any, Any],
        user_input: dict[str, Any] | None,
        errors: dict[str, str],
        words: dict[str, str] | None = None,
    ) -> SubentryFlowResult:
        return self.async_show_form(
            step_id=step,
            data_schema=self.add_suggested_values_to_schema(vol.Schema(fields), user_input),
            errors=errors,
            description_placeholders={"currency": self._currency, "unit": ""} | (words or {}),
        )

    def _finish(self, name: str, kind: TariffKind, data: dict[str, Any]) -> SubentryFlowResult:
        title, data = name.strip(), {c.CONF_KIND: kind.value, **data}
        if self._subentry:
            return self.async_update_and_abort(
                self._get_entry(), self._subentry, title=title, data=data
            )
        return self.async_create_entry(title=title, data=data)
