"""Evidence of dimming for the grid's operator: as data, and as a CSV to download."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final, override
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from homeassistant.components.http import KEY_HASS
from homeassistant.components.http.auth import async_sign_path
from homeassistant.core import HomeAssistant, callback
import voluptuous as vol

from .bill import PERIOD_FIELDS, Json, Selection, selection
from .documents.csv import Decimals
from .documents.dimming import reaction_s, render
from .model.grid import Dimming
from .views import GRANTED_FOR, Asked, CsvDownload, csv_decimals

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

DIMMING_URL: Final = "/api/ev_station/dimming.csv"
_SCHEMA: Final = vol.Schema(
    {
        vol.Required("entry_id"): str,
        **PERIOD_FIELDS,
        vol.Optional("decimals", default=Decimals.POINT): vol.Coerce(Decimals),
    }
)


@callback
def async_setup_dimming_view(hass: HomeAssistant) -> None:
    """Register the download."""
    hass.http.register_view(DimmingView)


@callback
def async_export_dimming(
    hass: HomeAssistant, entry: EvStationConfigEntry, asked: Mapping[str, Any]
) -> Json:
    """Return the orders of some days, and a signed path to the same as CSV."""
    chosen = selection(asked, entry.runtime_data.coordinator.today)
    query = {
        "entry_id": entry.entry_id,
        "from": chosen.first.isoformat(),
        "to": chosen.last.isoformat(),
        "decimals": csv_decimals(hass).value,
    }
    path = f"{DIMMING_URL}?{urlencode(query)}"
    return {
        "dimmings": [_json(each) for each in _dimmings(hass, entry, chosen)],
        "csv_path": async_sign_path(hass, path, GRANTED_FOR),
    }


class DimmingView(CsvDownload):
    """Evidence of dimming as a file; it names no driver, so whoever may use Home Assistant may read it."""

    url = DIMMING_URL
    name = "api:ev_station:dimming_csv"
    schema = _SCHEMA
    file = "ev-station-dimming"

    @override
    async def async_prepare(self, asked: Asked) -> Callable[[], str]:
        """Write the orders of some days."""
        hass = asked.request.app[KEY_HASS]
        found = _dimmings(hass, asked.entry, asked.days)
        return partial(render, found, _zone(hass), asked.fields["decimals"])


def _dimmings(hass: HomeAssistant, entry: EvStationConfigEntry, chosen: Selection) -> list[Dimming]:
    """Return the orders of an inclusive range of local days, oldest first."""
    zone = _zone(hass)
    found = entry.runtime_data.engine.state.all(Dimming)
    days = [(each.ordered_at.astimezone(zone).date(), each) for each in found]
    within = [each for day, each in days if chosen.first <= day <= chosen.last]
    return sorted(within, key=lambda each: each.ordered_at)


def _zone(hass: HomeAssistant) -> ZoneInfo:
    return ZoneInfo(hass.config.time_zone)


def _json(dimming: Dimming) -> Json:
    reaction = reaction_s(dimming)
    return {
        "ordered_at": dimming.ordered_at.isoformat(),
        "in_force_at": dimming.in_force_at.isoformat() if dimming.in_force_at else None,
        "ended_at": dimming.ended_at.isoformat() if dimming.ended_at else None,
        "reaction_s": None if reaction is None else float(reaction),
        "kind": dimming.kind.value,
        "limit_w": dimming.limit_w,
        "power_before_w": dimming.before_w,
        "power_w": dimming.power_w,
    }
