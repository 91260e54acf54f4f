"""The steps of a tariff's public holidays: whose they are, and which comes next."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.const import CONF_COUNTRY
from homeassistant.helpers.selector import (
    BooleanSelector,
    CountrySelector,
    CountrySelectorConfig,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from . import const as c
from .const import TariffKind
from .flow_bands import WEEK
from .flow_selectors import async_words, optional, plain
from .flow_tariff_form import Answers, TariffForm
from .holiday_inputs import region_of, stored_holidays
from .public_holidays import Region, async_holidays, async_is_known, async_subdivisions, today

type _Next = Callable[[], Awaitable[SubentryFlowResult]]


class HolidaySteps(TariffForm):
    """Asks whose public holidays count as Sundays, where that is wanted."""

    def __init__(self) -> None:
        """Begin with nothing answered."""
        self._name = ""
        self._kind = TariffKind.TIME_OF_USE
        self._data: dict[str, Any] = {}
        self._wanted = False
        self._region: Region | None = None
        self._days: dict[date, str] = {}
        self._next: _Next = self._done

    async def _done(self) -> SubentryFlowResult:
        return self._finish(self._name, self._kind, self._data)

    def _holidays_field(self) -> dict[Any, Any]:
        wanted = region_of(self._present) is not None
        return {vol.Required(c.CONF_HOLIDAYS, default=wanted): BooleanSelector()}

    async def _holidays_problem(self, answers: Answers) -> str | None:
        """Take in whether holidays are wanted; return why they cannot be had."""
        self._wanted = answers[c.CONF_HOLIDAYS]
        if not self._wanted or region_of(self._present) or await async_is_known(self.hass):
            return None
        return "holidays_unavailable"

    async def _by_way_of_holidays(self, then: _Next) -> SubentryFlowResult:
        """Go on with `then`, after the questions about holidays where they are wanted."""
        if not self._wanted:
            return await then()
        if not await async_is_known(self.hass):
            # What was looked up once stays known.
            self._data[c.CONF_HOLIDAYS] = self._present[c.CONF_HOLIDAYS]
            return await then()
        self._next = then
        if (region := region_of(self._present) or self._proposed()) is None:
            return await self.async_step_holiday_country()
        return await self._look_up(region)

    def _proposed(self) -> Region | None:
        """Return where Home Assistant is, with the region its own calendars of holidays name."""
        country = self.hass.config.country
        if country is None:
            return None
        for domain in ("workday", "holiday"):
            for entry in self.hass.config_entries.async_entries(domain):
                said = {**entry.data, **entry.options}
                if said.get(CONF_COUNTRY) == country:
                    return Region(country, said.get("province"))
        return Region(country)

    async def _look_up(self, region: Region) -> SubentryFlowResult:
        self._region, self._days = region, await async_holidays(self.hass, region)
        coming = next((each for each in self._days.items() if each[0] >= today()), None)
        if coming is None:
            return self._ask_country({CONF_COUNTRY: "no_holidays"})
        return await self._show(region, *coming)

    async def async_step_holiday_country(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the country where Home Assistant knows none, or its holidays are not known."""
        if user_input is None:
            return self._ask_country({})
        return await self._look_up(Region(user_input[CONF_COUNTRY]))

    def _ask_country(self, errors: dict[str, str]) -> SubentryFlowResult:
        default = self._region.country if self._region else vol.UNDEFINED
        return self._form("holiday_country", _country_field(default), None, errors)

    async def async_step_holidays(self, user_input: dict[str, Any]) -> SubentryFlowResult:
        """Believe the holidays that were shown; others are shown before they are believed."""
        shown, country = self._region, user_input[CONF_COUNTRY]
        is_same = shown is not None and country == shown.country
        chosen = Region(country, user_input.get(c.CONF_SUBDIVISION) if is_same else None)
        if chosen != shown:
            return await self._look_up(chosen)
        self._data[c.CONF_HOLIDAYS] = stored_holidays(chosen, self._days)
        return await self._next()

    async def _show(self, region: Region, day: date, name: str) -> SubentryFlowResult:
        parts = await async_subdivisions(self.hass, region.country)
        fields = _country_field(region.country)
        if parts:
            fields[optional(c.CONF_SUBDIVISION, region.subdivision)] = _one_of(parts)
        weekday = WEEK[day.weekday()]
        words = {
            "holiday": plain(name),
            "weekday": (await async_words(self.hass, "days")).get(weekday, weekday),
            "date": day.isoformat(),
        }
        return self._form("holidays", fields, None, {}, words)


def _country_field(default: Any) -> dict[Any, Any]:
    return {
        vol.Required(CONF_COUNTRY, default=default): CountrySelector(CountrySelectorConfig()),
    }


def _one_of(parts: dict[str, str]) -> SelectSelector:
    options = [SelectOptionDict(value=code, label=name) for code, name in parts.items()]
    return SelectSelector(
        SelectSelectorConfig(options=options, mode=SelectSelectorMode.DROPDOWN, sort=True)
    )
