"""The policies of a site: changed in place, nothing restarts."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow

from . import const as c
from .flow_schemas import options_schema
from .flow_selectors import flat


class EvStationOptionsFlow(OptionsFlow):
    """Changes what a site does with strangers, which tariff holds, and how often chargers report."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show every policy on one screen."""
        if user_input is None:
            return self.async_show_form(
                step_id="init", data_schema=options_schema(self.config_entry)
            )
        elsewhere = (c.CONF_ADVERTISED_HOST, c.CONF_HTTP_PATH)
        kept = {
            key: self.config_entry.options[key]
            for key in elsewhere
            if key in self.config_entry.options
        }
        answers = flat(user_input, c.SECTION_TAGS, c.SECTION_ADVANCED)
        return self.async_create_entry(data=kept | answers)
