"""Walking through flows as the frontend does."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntryState,
    ConfigSubentry,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from custom_components.ev_station.engine import Engine
from tests.glue.entries import SiteEntry

FORM: Final = FlowResultType.FORM
MENU: Final = FlowResultType.MENU
ABORT: Final = FlowResultType.ABORT
CREATED: Final = FlowResultType.CREATE_ENTRY


class Subentries:
    """Adds and changes subentries of a site, and proves each time that nothing was reloaded."""

    def __init__(self, hass: HomeAssistant, entry: SiteEntry) -> None:
        self.hass = hass
        self.entry = entry
        self.flows = hass.config_entries.subentries
        self.engine: Engine = entry.runtime_data.engine

    async def add(self, kind: str) -> Any:
        handler = (self.entry.entry_id, kind)
        return await self.flows.async_init(handler, context={"source": SOURCE_USER})

    async def change(self, subentry_id: str) -> Any:
        subentry = self.entry.subentries[subentry_id]
        return await self.flows.async_init(
            (self.entry.entry_id, subentry.subentry_type),
            context={"source": SOURCE_RECONFIGURE, "subentry_id": subentry_id},
        )

    async def submit(self, flow: Mapping[str, Any], given: Mapping[str, Any] | None = None) -> Any:
        result = await self.flows.async_configure(flow["flow_id"], dict(given or {}))
        await self.hass.async_block_till_done()
        self.assert_in_place()
        return result

    async def choose(self, flow: Mapping[str, Any], step: str) -> Any:
        assert step in flow["menu_options"]
        return await self.submit(flow, {"next_step_id": step})

    async def remove(self, subentry_id: str) -> None:
        self.hass.config_entries.async_remove_subentry(self.entry, subentry_id)
        await self.hass.async_block_till_done()
        self.assert_in_place()

    def assert_in_place(self) -> None:
        assert self.entry.state is ConfigEntryState.LOADED
        assert self.entry.runtime_data.engine is self.engine

    def titled(self, title: str) -> ConfigSubentry:
        subentries: dict[str, ConfigSubentry] = dict(self.entry.subentries)
        return next(each for each in subentries.values() if each.title == title)


def suggested(flow: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form shows in its fields before anybody types."""
    shown: dict[str, Any] = {}
    for key, value in flow["data_schema"].schema.items():
        if hasattr(value, "schema") and hasattr(value, "options"):
            shown[str(key)] = suggested({"data_schema": value.schema})
        elif key.description and "suggested_value" in key.description:
            shown[str(key)] = key.description["suggested_value"]
        elif callable(key.default):
            shown[str(key)] = key.default()
    return shown
