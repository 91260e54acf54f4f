"""Chargers that wait to be adopted: one Discovered card each, kept up to date."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypedDict

from homeassistant.config_entries import SOURCE_INTEGRATION_DISCOVERY
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import discovery_flow
from homeassistant.helpers.event import async_track_time_interval

from .adopting import async_adopt
from .configuration import accepts_unknown, only, subentries
from .const import CONF_CHARGER_ID, DOMAIN, SUBENTRY_CHARGER, SUBENTRY_DRIVER
from .csms.backend import Attempt, Outcome

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

UNNAMED: Final = "?"
PATIENCE: Final = timedelta(minutes=30)
"""How long a card outlives its charger's last connection; some chargers dial again after 19 minutes only."""
_LOOK: Final = timedelta(minutes=1)


class Discovery(TypedDict):
    """What a discovery flow is told."""

    entry_id: str
    identity: str
    vendor: str | None
    model: str | None
    address: str


class Discoveries:
    """The waiting chargers of one site, and the flows that show them."""

    def __init__(self, hass: HomeAssistant, entry: EvStationConfigEntry) -> None:
        """Begin with nobody waiting."""
        self._hass = hass
        self._entry = entry
        self._listeners: dict[str, Callable[[Discovery], None]] = {}
        self._last_there: dict[str, datetime] = {}

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Begin to take away the cards of chargers that are gone for good; returns how to stop."""
        return async_track_time_interval(self._hass, self.drop_gone, _LOOK)

    @callback
    def attempted(self, attempt: Attempt) -> None:
        """Show a waiting charger, update its card, or take it in where everyone is welcome."""
        if attempt.outcome is not Outcome.WAITING or self._adopted(attempt.identity):
            return
        if accepts_unknown(self._entry):
            driver = only(self._entry, SUBENTRY_DRIVER)
            async_adopt(self._hass, self._entry, attempt.identity, attempt.identity, driver)
            return
        self._last_there[attempt.identity.casefold()] = attempt.at
        found = Discovery(
            entry_id=self._entry.entry_id,
            identity=attempt.identity,
            vendor=attempt.vendor,
            model=attempt.model,
            address=attempt.address,
        )
        if listener := self._listeners.get(attempt.identity.casefold()):
            listener(found)
            return
        discovery_flow.async_create_flow(
            self._hass, DOMAIN, {"source": SOURCE_INTEGRATION_DISCOVERY}, found
        )

    @callback
    def listen(self, identity: str, listener: Callable[[Discovery], None]) -> Callable[[], None]:
        """Let a card hear news of its charger."""
        key = identity.casefold()
        self._listeners[key] = listener

        def forget() -> None:
            if self._listeners.get(key) == listener:
                del self._listeners[key]

        return forget

    @callback
    def drop_adopted(self) -> None:
        """Take away the cards of chargers that were adopted on another way."""
        self._drop(self._adopted)

    @callback
    def drop_gone(self, now: datetime) -> None:
        """Take away the cards of chargers that have not been there for long."""
        for identity in self._entry.runtime_data.engine.central.waiting:
            self._last_there[identity.casefold()] = now
        gone = {identity for identity, at in self._last_there.items() if now - at > PATIENCE}
        self._drop(gone.__contains__)
        for identity in gone:
            del self._last_there[identity]

    @callback
    def drop_all(self) -> None:
        """Take away every card of this site."""
        self._drop(lambda _identity: True)

    def _drop(self, condition: Callable[[str], bool]) -> None:
        flows = self._hass.config_entries.flow
        for progress in flows.async_progress_by_handler(DOMAIN):
            found = progress["context"].get("unique_id") or ""
            entry_id, _, identity = found.partition(":")
            if entry_id == self._entry.entry_id and condition(identity):
                flows.async_abort(progress["flow_id"])

    def _adopted(self, identity: str) -> bool:
        chargers = subentries(self._entry, SUBENTRY_CHARGER)
        return any(
            each.data[CONF_CHARGER_ID].casefold() == identity.casefold() for each in chargers
        )


def unique_id(discovery: Discovery) -> str:
    """Return what makes a waiting charger one card, and what an ignored one is remembered by."""
    return f"{discovery['entry_id']}:{discovery['identity'].casefold()}"


def placeholders(discovery: Discovery) -> dict[str, str]:
    """Return the words of a card."""
    maker = " ".join(filter(None, (discovery["vendor"], discovery["model"])))
    return {
        "identity": discovery["identity"],
        "device": maker or UNNAMED,
        "address": discovery["address"],
        "name": f"{maker} {discovery['identity']}".strip(),
    }
