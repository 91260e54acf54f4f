"""The policies of a site: changed in place, nothing restarts."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
import voluptuous as vol

from . import const as c
from .flow_bounds import bounds_errors, unbounded
from .flow_energy import async_propose_sources
from .flow_forecasts import async_propose_forecasts, async_show_forecasts, forecasts_problem
from .flow_grid import grid_problem
from .flow_schemas import options_schema
from .flow_selectors import flat
from .flow_sources import battery_problem, sources_problem, without_space
from .forecast_inputs import FORECASTS, async_solar_entries

_SECTIONS: Final = (
    c.SECTION_SOLAR,
    c.SECTION_BATTERY,
    c.SECTION_FORECASTS,
    c.SECTION_GRID,
    c.SECTION_TAGS,
    c.SECTION_ADVANCED,
)


class EvStationOptionsFlow(OptionsFlow):
    """Changes what a site does with strangers, which tariff holds, and how often chargers report."""

    def __init__(self) -> None:
        """Begin with nothing answered."""
        self._data: dict[str, Any] = {}

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show every policy on one screen."""
        now = self.config_entry.options
        fields = await self._fields(now)
        errors, words = bounds_errors(fields, user_input)
        if user_input is not None and not errors:
            errors = self._errors(user_input)
        if user_input is None or errors:
            return self.async_show_form(
                step_id="init",
                data_schema=self.add_suggested_values_to_schema(
                    unbounded(fields, user_input), user_input
                ),
                errors=errors,
                description_placeholders=words,
            )
        elsewhere = (c.CONF_ADVERTISED_HOST, c.CONF_HTTP_PATH)
        kept = {key: now[key] for key in elsewhere if key in now}
        # What was emptied is kept as empty, so that it is not proposed again.
        answers = {c.CONF_SOLAR_FORECASTS: [], **flat(user_input, *_SECTIONS)}
        self._data = kept | without_space(answers)
        if any(self._data.get(key) not in (None, [], now.get(key)) for key in FORECASTS):
            return await self.async_step_forecasts()
        return self.async_create_entry(data=self._data)

    async def _fields(self, now: Mapping[str, Any]) -> Mapping[Any, Any]:
        proposed = {
            **await async_propose_sources(self.hass, now),
            **await async_propose_forecasts(self.hass, now),
        }
        roofs = await async_solar_entries(self.hass)
        fields: Mapping[Any, Any] = options_schema(self.config_entry, proposed, roofs).schema
        return fields

    async def async_step_forecasts(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what newly named forecasts say, before they are believed."""
        if user_input is not None:
            return self.async_create_entry(data=self._data)
        return self.async_show_form(
            step_id="forecasts",
            data_schema=vol.Schema({}),
            description_placeholders=await async_show_forecasts(self.hass, self._data),
        )

    def _errors(self, user_input: Mapping[str, Any]) -> dict[str, str]:
        """Return what is wrong with sun, battery, forecasts or grid."""
        answers = flat(user_input, *_SECTIONS)
        problem = (
            sources_problem(self.hass, answers)
            or battery_problem(self.hass, answers)
            or forecasts_problem(self.hass, answers)
            or grid_problem(self.hass, self.config_entry, answers)
        )
        return {"base": problem} if problem else {}
