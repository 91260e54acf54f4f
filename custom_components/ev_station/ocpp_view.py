"""The way in under Home Assistant's own HTTP server, for sites that opened it; a password is always demanded."""

from aiohttp import web
from homeassistant.components.http import HomeAssistantView
from homeassistant.core import HomeAssistant, callback

from .configuration import subentries
from .const import CONF_CHARGER_ID, CONF_HTTP_PATH, DOMAIN, SUBENTRY_CHARGER
from .runtime import EvStationConfigEntry

HTTP_PATH = "/api/ev_station/ocpp/"


@callback
def async_setup_ocpp_view(hass: HomeAssistant) -> None:
    """Take chargers on the common path of all sites."""
    hass.http.register_view(OcppView(hass))


class OcppView(HomeAssistantView):
    """Hands a charger that dials in to the site that knows it; nobody else finds anything here."""

    url = HTTP_PATH + "{identity:.*}"
    name = "api:ev_station:ocpp"
    # Chargers cannot log in to Home Assistant: the central system asks for their own password.
    requires_auth = False

    def __init__(self, hass: HomeAssistant) -> None:
        """Keep where the sites are."""
        self._hass = hass

    async def get(self, request: web.Request, identity: str) -> web.StreamResponse:
        """Answer a WebSocket handshake."""
        entry = self._site_of(identity)
        if entry is None:
            raise web.HTTPNotFound
        return await entry.runtime_data.engine.central.handle(request)

    def _site_of(self, identity: str) -> EvStationConfigEntry | None:
        entries: list[EvStationConfigEntry] = self._hass.config_entries.async_loaded_entries(DOMAIN)
        return next((each for each in entries if _takes(each, identity)), None)


def _takes(entry: EvStationConfigEntry, identity: str) -> bool:
    """Tell whether a site opened this way and knows the charger, by the last part of its path."""
    wanted = identity.rstrip("/").rpartition("/")[2].casefold()
    chargers = subentries(entry, SUBENTRY_CHARGER)
    return bool(entry.options.get(CONF_HTTP_PATH)) and any(
        each.data[CONF_CHARGER_ID].casefold() == wanted for each in chargers
    )
