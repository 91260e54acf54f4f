"""Downloads: the ledger's rows as CSV, for whoever may see them."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
import secrets
from typing import TYPE_CHECKING, Any, Final, NamedTuple, override
from urllib.parse import urlencode

from aiohttp import web
from homeassistant.components.http import KEY_HASS, KEY_HASS_USER, HomeAssistantView
from homeassistant.components.http.auth import async_sign_path
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey
import voluptuous as vol

from .bill import PERIOD_FIELDS, Selection, async_rows, selection
from .const import DOMAIN
from .documents.csv import Decimals, Detail, render
from .people import Viewer, viewer

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

CSV_URL: Final = "/api/ev_station/sessions.csv"
_NOT_ASKED: Final = frozenset({"authSig", "ticket"})
GRANTED_FOR: Final = timedelta(hours=1)
DECIMAL_COMMA: Final = frozenset(
    {"cs", "da", "de", "el", "es", "fi", "fr", "hu", "it", "nb", "nl", "pl", "pt", "sk", "sv", "tr"}
)
"""Languages whose spreadsheets read 1,5 and part cells by semicolons."""

FIELDS: Final[dict[Any, Any]] = {
    vol.Required("entry_id"): str,
    **PERIOD_FIELDS,
    vol.Optional("sheet"): str,
    vol.Optional("driver"): str,
    vol.Optional("detail", default=Detail.SESSIONS): vol.Coerce(Detail),
    vol.Optional("decimals", default=Decimals.POINT): vol.Coerce(Decimals),
}
SCHEMA: Final = vol.Schema(FIELDS)

type Query = Mapping[str, str]


class Grant(NamedTuple):
    """Somebody's right to one download, for links that an automation sends."""

    query: Query
    viewer: Viewer
    expires_at: datetime


GRANTS: Final = HassKey[dict[str, Grant]](f"{DOMAIN}_grants")


@callback
def async_setup_views(hass: HomeAssistant) -> None:
    """Register the downloads."""
    hass.data[GRANTS] = {}
    hass.http.register_view(CsvView)


def csv_decimals(hass: HomeAssistant) -> Decimals:
    """Return how spreadsheets in the house's language write numbers."""
    language = hass.config.language.partition("-")[0]
    return Decimals.COMMA if language in DECIMAL_COMMA else Decimals.POINT


@callback
def async_grant_path(hass: HomeAssistant, query: Query, who: Viewer) -> str:
    """Return a signed path that serves one selection for an hour, as far as `who` may see it."""
    now, grants = dt_util.utcnow(), hass.data[GRANTS]
    for ticket in [ticket for ticket, grant in grants.items() if grant.expires_at <= now]:
        del grants[ticket]
    ticket = secrets.token_urlsafe(16)
    grants[ticket] = Grant(query, who, now + GRANTED_FOR)
    path = f"{CSV_URL}?{urlencode({**query, 'ticket': ticket})}"
    return async_sign_path(hass, path, GRANTED_FOR)


class Asked(NamedTuple):
    """Which file somebody wants."""

    request: web.Request
    entry: EvStationConfigEntry
    fields: Mapping[str, Any]
    days: Selection


class CsvDownload(HomeAssistantView):
    """Some days of a site as a file."""

    schema: vol.Schema
    file: str
    """What the file's name begins with."""

    async def get(self, request: web.Request) -> web.Response:
        """Send what the query selects and the user may see."""
        hass = request.app[KEY_HASS]
        try:
            fields = self.schema(_query(request))
            if (entry := _loaded_entry(hass, fields["entry_id"])) is None:
                return self.json_message("Not loaded", HTTPStatus.NOT_FOUND)
            chosen = selection(fields, entry.runtime_data.coordinator.today)
        except (vol.Invalid, ServiceValidationError) as error:
            return self.json_message(str(error), HTTPStatus.BAD_REQUEST)
        write = await self.async_prepare(Asked(request, entry, fields, chosen))
        text = await hass.async_add_executor_job(write)
        return _csv_file(text, f"{self.file}-{chosen.first}-{chosen.last}.csv")

    async def async_prepare(self, asked: Asked) -> Callable[[], str]:
        """Return what makes the file, in a thread."""
        raise NotImplementedError


class CsvView(CsvDownload):
    """Rows of the ledger as a file."""

    url = CSV_URL
    name = "api:ev_station:sessions_csv"
    schema = SCHEMA
    file = "ev-station"

    @override
    async def async_prepare(self, asked: Asked) -> Callable[[], str]:
        """Write what was granted to the bearer of the path, or what the user may see."""
        request, entry, fields, days = asked
        hass = request.app[KEY_HASS]
        who = _granted(hass, request) or viewer(hass, entry, request[KEY_HASS_USER])
        rows = await async_rows(entry.runtime_data.coordinator, who, days)
        return partial(render, rows, detail=fields["detail"], decimals=fields["decimals"])


def _query(request: web.Request) -> Query:
    return {key: value for key, value in request.query.items() if key not in _NOT_ASKED}


def _loaded_entry(hass: HomeAssistant, entry_id: str) -> EvStationConfigEntry | None:
    entries: list[EvStationConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    return next((entry for entry in entries if entry.entry_id == entry_id), None)


def _granted(hass: HomeAssistant, request: web.Request) -> Viewer | None:
    """Return for whom the path was handed out, if it was and nothing in it was changed."""
    grant = hass.data[GRANTS].get(request.query.get("ticket", ""))
    valid = (
        grant is not None and grant.query == _query(request) and grant.expires_at > dt_util.utcnow()
    )
    return grant.viewer if grant and valid else None


def _csv_file(text: str, name: str) -> web.Response:
    return web.Response(
        text=text,
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
