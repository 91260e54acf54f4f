"""The panel's live stream: one snapshot, then what changed, at most once a second per EVSE."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later

from .coordinator import SIGNAL_STARTED, EvStationCoordinator
from .csms.backend import Attempt
from .engine import Publication
from .feed import Json, attempts_json, charger_json, circuit_json, evse_json, site_json, snapshot
from .model.ids import EvseId
from .model.plan import EvsePlan
from .model.state import SITE, Charger, Circuit, Driver, Evse, Key, Site
from .pacing import Pacer
from .people import Viewer
from .plan_feed import SHAPED_BY, plan_json

INTERVAL_S: Final = 1.0
FLUSH_S: Final = 0.25
_WHOLE: Final[Mapping[type[Any], str]] = {Site: "site", EvsePlan: "plan"}
_PLAN: Final[Key] = (EvsePlan, SITE)
"""All plans are told together, with what they stand on."""


class Stream:
    """Follows one site for one viewer."""

    def __init__(
        self,
        hass: HomeAssistant,
        coordinator: EvStationCoordinator,
        viewer: Viewer,
        urls: Sequence[str],
        send: Callable[[Json], None],
    ) -> None:
        """Prepare; nothing is sent before `start`."""
        self._hass = hass
        self._coordinator = coordinator
        self._viewer = viewer
        self._urls = urls
        self._send = send
        self._pacer = Pacer[Key](INTERVAL_S)
        self._stops: list[CALLBACK_TYPE] = []
        self._timer: CALLBACK_TYPE | None = None
        self._told: dict[Key, Json | None] = {}
        self._restarted = async_dispatcher_connect(hass, SIGNAL_STARTED, self._restart)

    @callback
    def start(self) -> None:
        """Send everything, then follow."""
        self._stops = [
            self._coordinator.watch(self._changed),
            self._coordinator.engine.listen(self._published),
            self._coordinator.engine.listen_attempts(self._attempted),
        ]
        said = snapshot(self._coordinator, self._viewer, self._urls)
        self._told = {(Site, SITE): said["site"], _PLAN: said["plan"]}
        self._send(said)

    @callback
    def stop(self) -> None:
        """Send nothing any more."""
        self._restarted()
        self._leave()

    def _leave(self) -> None:
        while self._stops:
            self._stops.pop()()
        if self._timer:
            self._timer()
            self._timer = None

    @callback
    def _restart(self, coordinator: EvStationCoordinator) -> None:
        """Follow the same site after its entry was reloaded."""
        if coordinator.entry.entry_id == self._coordinator.entry.entry_id:
            self._leave()
            self._coordinator = coordinator
            self.start()

    @callback
    def _changed(self, key: Key, urgent: bool) -> None:
        # A driver shows in the site and in the cards that name them.
        key = (Site, SITE) if key[0] is Driver else key
        if urgent and key[0] is Evse:
            # A car came or went.
            self._plan_changed()
        if urgent:
            self._pacer.shown(key, self._hass.loop.time())
            self._send_delta((key,))
        else:
            self._pacer.mark(key)
            self._schedule()

    @callback
    def _published(self, publication: Publication) -> None:
        """Tell of the plan anew, where anything it says may have changed."""
        if not SHAPED_BY.isdisjoint(kind for kind, _ in publication.changes):
            self._plan_changed()

    def _plan_changed(self) -> None:
        self._pacer.mark(_PLAN)
        self._schedule()

    @callback
    def _attempted(self, _attempt: Attempt) -> None:
        if self._viewer.is_admin:
            attempts = attempts_json(self._coordinator.engine, self._viewer)
            self._send({"kind": "delta", "attempts": attempts})

    def _schedule(self) -> None:
        if self._timer is None and self._pacer.waits:
            self._timer = async_call_later(self._hass, FLUSH_S, self._flush)

    @callback
    def _flush(self, _now: datetime) -> None:
        self._timer = None
        if keys := list(self._pacer.due(self._hass.loop.time())):
            self._send_delta(keys)
        self._schedule()

    def _send_delta(self, keys: Iterable[Key]) -> None:
        delta: dict[str, Any] = {}
        for kind, name in keys:
            if kind in _WHOLE:
                part = _WHOLE[kind]
                whole = self._whole(part)
                if self._is_news((kind, name), whole):
                    delta[part] = whole
            elif kind is Circuit:
                circuit = circuit_json(self._coordinator, str(name))
                if self._is_news((kind, name), circuit):
                    delta.setdefault("circuits", {})[name] = circuit
            elif kind is Charger:
                charger = charger_json(self._coordinator, str(name))
                delta.setdefault("chargers", {})[name] = charger
            elif kind is Evse and isinstance(name, EvseId) and name.evse > 0:
                evse = evse_json(self._coordinator, self._viewer, name)
                delta.setdefault("evses", {})[str(name)] = evse
        if delta:
            self._send({"kind": "delta", **delta})

    def _whole(self, part: str) -> Json | None:
        """Return what there is once of a site."""
        if part == "plan":
            return plan_json(self._coordinator, self._viewer)
        return site_json(self._coordinator, self._viewer, self._urls)

    def _is_news(self, key: Key, told: Json | None) -> bool:
        """Return whether something says other than before: the site is looked at far more often than it changes."""
        same = key in self._told and self._told[key] == told
        self._told[key] = told
        return not same
