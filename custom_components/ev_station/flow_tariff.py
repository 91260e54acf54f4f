"""The steps of a tariff: one price, prices by the clock, or the price another integration knows."""

from typing import Any

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.const import CONF_NAME
import voluptuous as vol

from . import const as c
from .const import TariffKind
from .flow_bands import bands_selector, read_bands, shown_bands
from .flow_prices import PriceSteps
from .flow_selectors import async_words, cents_problem, decimal_text, price, price_problem
from .price_actions import price_entries


class TariffFlow(PriceSteps):
    """Adds a tariff, or changes one; a tariff keeps its kind."""

    async def async_step_user(
        self, _user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask how the price is said."""
        askable = bool(price_entries(self.hass))
        kinds = [kind for kind in TariffKind if askable or kind is not TariffKind.PRICE_INTEGRATION]
        return self.async_show_menu(step_id="user", menu_options=kinds)

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
            case TariffKind.PRICE_INTEGRATION:
                return await self.async_step_price_integration()

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
            errors = await self._begin_bands(user_input)
            if not errors:
                return await self._by_way_of_holidays(self._done)
        days = await async_words(self.hass, "days")
        present = shown_bands(self._present.get(c.CONF_BANDS, []))
        fields = self._name_field() | {
            self._number(c.CONF_PRICE): price(self._currency),
            vol.Required(c.CONF_BANDS, default=present): bands_selector(self._currency, days),
            **self._holidays_field(),
        }
        return self._form("time_of_use", fields, user_input, errors)

    async def _begin_bands(self, user_input: dict[str, Any]) -> dict[str, str]:
        """Take the answers in; return what is wrong with them."""
        bands, problem = read_bands(user_input.get(c.CONF_BANDS, []), self._currency)
        if problem:
            return {c.CONF_BANDS: problem}
        if problem := await self._holidays_problem(user_input):
            return {c.CONF_HOLIDAYS: problem}
        self._name, self._kind = user_input[CONF_NAME], TariffKind.TIME_OF_USE
        self._data = {c.CONF_PRICE: decimal_text(user_input[c.CONF_PRICE]), c.CONF_BANDS: bands}
        return {}
