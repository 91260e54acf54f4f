"""The panel's websocket commands: the live stream, the billing sheet, and plans as they would be."""

from collections.abc import Awaitable, Callable
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
import voluptuous as vol

from .bill import (
    MONTH,
    Json,
    Selection,
    async_rows,
    drivers_json,
    lines_json,
    month_of,
    sheets_of,
    total_json,
)
from .const import DOMAIN
from .dimming_export import async_setup_dimming_view
from .errors import explained, failure, misuse
from .listening import async_charger_url
from .lookup import site_settings
from .people import Viewer, viewer
from .plan_actions import AT, TRIP_FIELDS, goal_of
from .plan_feed import cars_of, preview_json
from .plan_preview import preview, wish
from .stream import Stream
from .views import CSV_URL, async_setup_views, csv_decimals

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

ENTRY_ID: Final = "entry_id"
SUBSCRIBE: Final[dict[Any, Any]] = {
    vol.Required("type"): "ev_station/subscribe",
    vol.Optional(ENTRY_ID): str,
}
BILLING: Final[dict[Any, Any]] = {
    vol.Required("type"): "ev_station/billing",
    vol.Optional("sheet_id"): str,
    vol.Optional("month"): MONTH,
    vol.Optional(ENTRY_ID): str,
}
PREVIEW: Final[dict[Any, Any]] = {
    vol.Required("type"): "ev_station/preview_plan",
    vol.Required("vehicle_id"): str,
    **TRIP_FIELDS,
    vol.Optional(ENTRY_ID): str,
}

type Handler = Callable[
    [HomeAssistant, websocket_api.ActiveConnection, Json, EvStationConfigEntry], Awaitable[None]
]
type Command = Callable[[HomeAssistant, websocket_api.ActiveConnection, Json], Awaitable[None]]


@callback
def async_setup_websocket_api(hass: HomeAssistant) -> None:
    """Register the commands."""
    websocket_api.async_register_command(hass, subscribe)
    websocket_api.async_register_command(hass, billing)
    websocket_api.async_register_command(hass, preview_plan)
    async_setup_views(hass)
    async_setup_dimming_view(hass)


def for_site(handler: Handler) -> Command:
    """Hand the command the loaded site; answer failures in words the panel can show."""
    careful = explained(handler)

    @wraps(handler)
    async def with_site(
        hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Json
    ) -> None:
        try:
            await careful(hass, connection, msg, _site(hass, msg))
        except HomeAssistantError as error:
            connection.send_error(
                msg["id"],
                error.translation_key or websocket_api.ERR_HOME_ASSISTANT_ERROR,
                str(error),
                translation_key=error.translation_key,
                translation_domain=error.translation_domain,
                translation_placeholders=error.translation_placeholders,
            )

    return with_site


def _site(hass: HomeAssistant, msg: Json) -> EvStationConfigEntry:
    entries: list[EvStationConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    wanted = msg.get(ENTRY_ID)
    found = next((entry for entry in entries if wanted in {None, entry.entry_id}), None)
    if found is None:
        raise failure("not_loaded")
    return found


@websocket_api.websocket_command(SUBSCRIBE)
@websocket_api.async_response
@for_site
async def subscribe(
    hass: HomeAssistant,
    connection: websocket_api.ActiveConnection,
    msg: Json,
    entry: EvStationConfigEntry,
) -> None:
    """Send a snapshot of the site, then what changes."""
    urls = [await async_charger_url(hass, entry)]

    @callback
    def send(payload: Json) -> None:
        connection.send_message(websocket_api.event_message(msg["id"], payload))

    who = viewer(hass, entry, connection.user)
    stream = Stream(hass, entry.runtime_data.coordinator, who, urls, send)
    connection.subscriptions[msg["id"]] = stream.stop
    connection.send_result(msg["id"])
    stream.start()


@websocket_api.websocket_command(BILLING)
@websocket_api.async_response
@for_site
async def billing(
    hass: HomeAssistant,
    connection: websocket_api.ActiveConnection,
    msg: Json,
    entry: EvStationConfigEntry,
) -> None:
    """Send one month of one sheet."""
    who = viewer(hass, entry, connection.user)
    connection.send_result(msg["id"], await _bill(hass, entry, who, msg))


@websocket_api.websocket_command(PREVIEW)
@websocket_api.async_response
@for_site
async def preview_plan(
    hass: HomeAssistant,
    connection: websocket_api.ActiveConnection,
    msg: Json,
    entry: EvStationConfigEntry,
) -> None:
    """Send what would be planned for a car with another departure or goal."""
    engine, who = entry.runtime_data.engine, viewer(hass, entry, connection.user)
    found = next((each for each in cars_of(engine, who) if each.id == msg["vehicle_id"]), None)
    if found is None:
        raise misuse("vehicle_unknown")
    car, stands = found
    if stands is None or stands.evse.session is None:
        raise misuse("no_session")
    wished = wish(car, at=msg.get(AT), goal=goal_of(msg))
    answer = await preview(engine.planner, stands, car, wished)
    connection.send_result(msg["id"], preview_json(who, engine, answer))


async def _bill(hass: HomeAssistant, entry: EvStationConfigEntry, who: Viewer, msg: Json) -> Json:
    coordinator = entry.runtime_data.coordinator
    if (site := site_settings(coordinator.engine)) is None:
        raise failure("not_loaded")
    sheets = sheets_of(coordinator.engine, who)
    sheet = msg.get("sheet_id") or next((found.key for found in sheets), None)
    if sheet is not None and sheet not in {found.key for found in sheets}:
        raise misuse("sheet_unknown", sheet=sheet)
    month = msg.get("month")
    first, last = month_of(date.fromisoformat(f"{month}-01") if month else coordinator.today)
    rows = await async_rows(coordinator, who, Selection(first=first, last=last, sheet=sheet))
    query = {"entry_id": entry.entry_id, "month": _month(first), "decimals": csv_decimals(hass)}
    return {
        "sheets": [
            {"id": found.key, "name": found.settings.name, "kind": found.settings.kind.value}
            for found in sheets
        ],
        "sheet_id": sheet,
        "month": _month(first),
        "previous_month": await _previous(entry, first),
        "next_month": _month(_after(last)) if last < coordinator.today else None,
        "drivers": drivers_json(rows, site.currency),
        "total": total_json(rows, site.currency),
        "lines": lines_json(rows),
        "csv_path": f"{CSV_URL}?{urlencode(query | ({'sheet': sheet} if sheet else {}))}",
    }


async def _previous(entry: EvStationConfigEntry, first: date) -> str | None:
    """Return the month before, unless there is nothing in it and the site is younger."""
    begin, end = month_of(date.fromordinal(first.toordinal() - 1))
    archive = entry.runtime_data.engine.archive
    if end >= entry.created_at.date() or await archive.postings(begin, end):
        return _month(begin)
    return None


def _after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _month(first: date) -> str:
    return first.strftime("%Y-%m")
