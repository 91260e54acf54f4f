"""What can be done about an issue from its card."""

from typing import Any

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
import voluptuous as vol

from .flow_selectors import plain, whole
from .issues import PORT_BUSY
from .listening import async_find_obstacle


async def async_create_fix_flow(
    _hass: HomeAssistant, _issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the steps that repair an issue; most only need to be read."""
    if data and data["issue"] == PORT_BUSY:
        return PortFlow(str(data["entry_id"]), str(data["owner"]))
    return ConfirmRepairFlow()


class PortFlow(RepairsFlow):
    """Lets chargers be listened to on a port that is free."""

    def __init__(self, entry_id: str, holder: str) -> None:
        """Keep whose port it is, and who holds it."""
        self._entry_id = entry_id
        self._holder = holder

    async def async_step_init(self, _user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Begin; what is given here is about the issue."""
        return await self.async_step_port()

    async def async_step_port(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Ask for another port."""
        entry = self.hass.config_entries.async_get_known_entry(self._entry_id)
        port, obstacle = entry.data[CONF_PORT], None
        if user_input is not None:
            port = user_input[CONF_PORT]
            obstacle = await async_find_obstacle(self.hass, entry.data[CONF_HOST], port, entry)
            if obstacle is None:
                self.hass.config_entries.async_update_entry(
                    entry, data={**entry.data, CONF_PORT: port}
                )
                if entry.state is not ConfigEntryState.LOADED:
                    self.hass.config_entries.async_schedule_reload(entry.entry_id)
                return self.async_create_entry(data={})
        return self.async_show_form(
            step_id="port",
            data_schema=vol.Schema({vol.Required(CONF_PORT, default=port): whole(1, 65535)}),
            errors={CONF_PORT: obstacle.key} if obstacle else {},
            description_placeholders={
                "port": str(entry.data[CONF_PORT]),
                "holder": plain(self._holder),
                "owner": plain(obstacle.owner) if obstacle else "",
            },
        )
