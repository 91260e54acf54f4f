"""The export action: rows of the ledger as data, and a signed path to the same as CSV."""

from typing import TYPE_CHECKING, Any

from homeassistant.core import ServiceCall

from .bill import Json, async_rows, lines_json, selection, total_json
from .const import CONF_CURRENCY
from .errors import misuse
from .model.ids import SheetId
from .model.state import Sheet
from .people import OWNER, Viewer, viewer
from .targets import driver
from .views import async_grant_path, csv_decimals

if TYPE_CHECKING:
    from .coordinator import EvStationCoordinator
    from .runtime import EvStationConfigEntry


async def async_export(call: ServiceCall, entry: EvStationConfigEntry) -> Json:
    """Return the rows that are asked for, as far as the caller may see them."""
    coordinator = entry.runtime_data.coordinator
    asked = _resolved(coordinator, call.data)
    chosen = selection(asked, coordinator.today)
    who = await _caller(call, entry)
    rows = await async_rows(coordinator, who, chosen)
    query: dict[str, str] = {
        "entry_id": entry.entry_id,
        "from": chosen.first.isoformat(),
        "to": chosen.last.isoformat(),
        "detail": call.data["detail"].value,
        "decimals": csv_decimals(call.hass).value,
    }
    query |= {key: asked[key] for key in ("sheet", "driver") if key in asked}
    return {
        "sessions": lines_json(rows),
        "total": total_json(rows, entry.data[CONF_CURRENCY]),
        "csv_path": async_grant_path(call.hass, query, who),
    }


def _resolved(coordinator: EvStationCoordinator, data: dict[str, Any]) -> dict[str, Any]:
    """Return the fields with ids in place of names."""
    asked = dict(data)
    if "sheet" in asked:
        asked["sheet"] = _sheet(coordinator, asked["sheet"])
    if "driver" in asked:
        asked["driver"] = driver(coordinator, asked["driver"])
    return asked


def _sheet(coordinator: EvStationCoordinator, name: str) -> SheetId:
    for sheet in coordinator.engine.state.all(Sheet):
        if name in {sheet.key, sheet.settings.name}:
            return sheet.key
    raise misuse("sheet_unknown", sheet=name)


async def _caller(call: ServiceCall, entry: EvStationConfigEntry) -> Viewer:
    """Return who asks; automations act for the owner."""
    user_id = call.context.user_id
    user = await call.hass.auth.async_get_user(user_id) if user_id else None
    return viewer(call.hass, entry, user) if user else OWNER
