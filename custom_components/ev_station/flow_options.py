"""The policies of a site: changed in place, nothing restarts."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow

from . import const as c
from .energy_inputs import POWERS
from .flow_schemas import options_schema
from .flow_selectors import flat
from .meter_inputs import says_power


class EvStationOptionsFlow(OptionsFlow):
    """Changes what a site does with strangers, which tariff holds, and how often chargers report."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show every policy on one screen."""
        errors = {} if user_input is None else self._errors(user_input)
        if user_input is None or errors:
            schema = options_schema(self.config_entry)
            return self.async_show_form(
                step_id="init",
                data_schema=self.add_suggested_values_to_schema(schema, user_input),
                errors=errors,
            )
        elsewhere = (c.CONF_ADVERTISED_HOST, c.CONF_HTTP_PATH)
        kept = {
            key: self.config_entry.options[key]
            for key in elsewhere
            if key in self.config_entry.options
        }
        answers = flat(user_input, c.SECTION_SOLAR, c.SECTION_TAGS, c.SECTION_ADVANCED)
        return self.async_create_entry(data=kept | answers)

    def _errors(self, user_input: Mapping[str, Any]) -> dict[str, str]:
        """Return what is wrong with the sensors of the sun: one alone, or one that says no power."""
        solar = user_input[c.SECTION_SOLAR]
        if bool(solar.get(c.CONF_SOLAR_POWER)) != bool(solar.get(c.CONF_LOAD_POWER)):
            return {"base": "solar_needs_load"}
        named = [solar[key] for key in POWERS if solar.get(key)]
        if any(not says_power(self.hass.states.get(entity)) for entity in named):
            return {"base": "power_unit"}
        return {}
