"""The push hub: hears of every commit and calls each entity only when its own aggregate changed."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
import logging
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_call_later, async_track_time_interval
from homeassistant.util import dt as dt_util
from homeassistant.util.signal_type import SignalType

from .const import CONF_PRIVATE_DRIVERS, DOMAIN
from .control_moments import ControlMoments
from .devices import Devices, unique_id
from .engine import Engine, Publication
from .history import PowerHistory
from .listeners import Listeners
from .lookup import Kind, View, about, evse_ids, site_settings
from .memory import async_remember
from .model.allowance import Allowance
from .model.circuit import Amps
from .model.effects import Notice
from .model.ids import EvseId
from .model.plan import EvsePlan
from .model.session import Session
from .model.state import (
    SITE,
    Account,
    Aggregate,
    Charger,
    Circuit,
    Driver,
    Evse,
    Grid,
    HomeBattery,
    Key,
    Site,
    Vehicle,
)
from .pacing import Pacer, is_measurement
from .panel import async_show_panel
from .session.live import present
from .station import Seen

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

_LOGGER = logging.getLogger(__name__)

MEASUREMENT_INTERVAL_S: Final = 5.0
WRITES_PER_S: Final = 200.0
FLUSH_S: Final = 0.5
TICK: Final = timedelta(minutes=1)

SIGNAL_STARTED: Final = SignalType["EvStationCoordinator"](f"{DOMAIN}_started")
"""A site came to work, for the first time or again."""
SIGNAL_NOTICE: Final = SignalType["EvStationCoordinator", Notice](f"{DOMAIN}_notice")

type Write = Callable[[bool], bool]
"""Shows an aggregate's new state; told whether at all costs; returns whether it wrote."""
type Grow = Callable[[Key], None]
type Watch = Callable[[Key, bool], None]
"""Hears of a changed aggregate and whether it is a change of state."""
type Hear = Callable[[Notice], None]

SHOWN: Final[tuple[type[Aggregate], ...]] = (Site, Circuit, Charger, Evse, Driver, Vehicle)
"""Kinds with a device, parents first."""
_SHOWN_BY: Final[Mapping[type[Any], type[Aggregate]]] = {
    Account: Driver,
    Allowance: Evse,
    EvsePlan: Evse,
    HomeBattery: Site,
    Grid: Site,
}
"""Kinds without one, and whose entities show them."""
_PACED: Final = frozenset({Allowance, EvsePlan})
"""Those of which all of a site's may change at once."""


class EvStationCoordinator:
    """Stands between the engine's commits and everything Home Assistant shows of a site."""

    def __init__(self, hass: HomeAssistant, entry: EvStationConfigEntry, engine: Engine) -> None:
        """Prepare; nothing is heard before `async_start`."""
        self.hass = hass
        self.entry = entry
        self.engine = engine
        self.devices = Devices(hass, entry, engine)
        self.history = PowerHistory()
        self._private = self.private_drivers
        self._pacer = Pacer[Key](MEASUREMENT_INTERVAL_S, WRITES_PER_S)
        self._seen: dict[Key, Aggregate] = {}
        self._measured: dict[Key, None] = {}
        self._cars: Mapping[EvseId, Amps] = {}
        self._views: dict[Key, View | None] = {}
        self._writers = Listeners[Key, Write]()
        self._hearers = Listeners[Key, Hear]()
        self._watchers = Listeners[None, Watch]()
        self._growers = Listeners[None, Grow]()
        self._stops: list[CALLBACK_TYPE] = []
        self._timer: CALLBACK_TYPE | None = None

    def entity_id(self, key: Key, platform: str, row: str) -> str | None:
        """Return an aggregate's entity, for what the panel asks of it."""
        name = unique_id(self.entry.entry_id, key, row)
        return er.async_get(self.hass).async_get_entity_id(platform, DOMAIN, name)

    @property
    def private_drivers(self) -> bool:
        """Return whether drivers are kept out of devices, entities and other people's sight."""
        return bool(self.entry.options.get(CONF_PRIVATE_DRIVERS, False))

    @property
    def today(self) -> date:
        """Return the date at the site."""
        site = site_settings(self.engine)
        zone = ZoneInfo(site.time_zone) if site else dt_util.get_default_time_zone()
        return dt_util.utcnow().astimezone(zone).date()

    def shows(self, key: Key) -> bool:
        """Return whether an aggregate has a device of its own."""
        if key[0] is Driver:
            return not self.private_drivers
        return key[0] in SHOWN and getattr(key[1], "evse", 1) > 0

    @callback
    def async_start(self) -> None:
        """Register the devices of what is there, then follow every commit."""
        for key in self.keys():
            self._refresh_device(key)
        self._stops = [
            self.engine.listen(self._published),
            self.engine.listen_looks(self._saw),
            ControlMoments(self.hass, self).async_start(),
            async_track_time_interval(self.hass, self._tick, TICK),
            self.entry.add_update_listener(self._updated),
        ]
        self.entry.async_create_task(self.hass, async_show_panel(self.hass), eager_start=True)
        self.entry.async_create_background_task(
            self.hass,
            async_remember(self.hass, self.history, self.power_sensors()),
            f"{DOMAIN} power history",
        )
        async_dispatcher_send(self.hass, SIGNAL_STARTED, self)

    @callback
    def async_stop(self) -> None:
        """Hear nothing any more."""
        while self._stops:
            self._stops.pop()()
        if self._timer:
            self._timer()
            self._timer = None

    def power_sensors(self) -> dict[str, EvseId]:
        """Return the entities that say what an EVSE gives."""
        registry, entry_id = er.async_get(self.hass), self.entry.entry_id
        evses = (evse.id for evse in self.engine.state.all(Evse))
        names = ((unique_id(entry_id, (Evse, evse), "power"), evse) for evse in evses)
        ids = ((registry.async_get_entity_id("sensor", DOMAIN, name), evse) for name, evse in names)
        return {entity_id: evse for entity_id, evse in ids if entity_id}

    def keys(self) -> Iterable[Key]:
        """Return every aggregate that has a device, parents first."""
        for kind in SHOWN:
            found = [(kind, aggregate.key) for aggregate in self.engine.state.all(kind)]
            yield from (key for key in found if self.shows(key))

    def view[V: View](self, kind: Kind[V], key: Key) -> V | None:
        """Return what is shown of an aggregate, read once per publication."""
        if key not in self._views:
            self._views[key] = kind.read(self.engine, key[1])
        found = self._views[key]
        return found if isinstance(found, kind.view) else None

    def listen(self, key: Key, write: Write) -> CALLBACK_TYPE:
        """Have an entity called when its aggregate is to be shown."""
        return self._writers.add(key, write)

    def listen_notices(self, key: Key, hear: Hear) -> CALLBACK_TYPE:
        """Hear the notices about an EVSE or a charger."""
        return self._hearers.add(key, hear)

    def watch(self, watch: Watch) -> CALLBACK_TYPE:
        """Hear of every changed aggregate, unpaced."""
        return self._watchers.add(None, watch)

    @callback
    def async_grow(self, grow: Grow) -> CALLBACK_TYPE:
        """Have a platform add the entities of what is there and of what comes."""
        for key in self.keys():
            grow(key)
        return self._growers.add(None, grow)

    @callback
    def async_refresh_all(self) -> None:
        """Show everything anew, as after a change of options."""
        self._private = self.private_drivers
        for key in list(self._seen):
            if key[0] in SHOWN and not self.shows(key):
                self._forget(key)
        for key in self.keys():
            self._changed(key, urgent=True)

    async def _updated(self, _hass: HomeAssistant, _entry: EvStationConfigEntry) -> None:
        if self._private is not self.private_drivers:
            self.async_refresh_all()

    @callback
    def _published(self, publication: Publication) -> None:
        urgent = [key for key, new in publication.changes.items() if self._look(key, new)]
        for kind in (*SHOWN, Session, *_SHOWN_BY):
            for key in urgent:
                if key[0] is kind:
                    self._handle(key, publication.changes[key], urgent=True)
        for notice in publication.notices:
            self._notify(notice)

    def _look(self, key: Key, new: Aggregate | None) -> bool:
        """Remember an aggregate; return whether it is shown at once: a measurement waits for the next flush."""
        old = self._seen.get(key)
        _log_connection(old, new)
        if new is None:
            self._seen.pop(key, None)
        elif new is not old:
            self._seen[key] = new
        if not is_measurement(old, new):
            return True
        self._measured.setdefault(key)
        self._schedule()
        return False

    def _handle(self, key: Key, new: Aggregate | None, *, urgent: bool) -> None:
        match new:
            case _ if (kind := _SHOWN_BY.get(key[0])) is not None:
                self._handle_part((kind, key[1]), of=key[0], urgent=urgent)
            case _ if key[0] is Vehicle:
                self._handle_vehicle(key, new, urgent=urgent)
            case None:
                self._forget(key)
            case Session():
                self._changed((Evse, new.evse), urgent=urgent)
            case Evse():
                self._record(new)
                self._changed(key, urgent=urgent)
                self._changed((Charger, new.id.charger), urgent=urgent)
                self._changed((Site, SITE), urgent=False)
            case Charger():
                self._changed(key, urgent=urgent)
                if urgent:
                    self._changed_charger(new)
            case Site():
                if urgent:
                    self.async_refresh_all()
            case _:
                self._changed(key, urgent=urgent)

    @callback
    def _saw(self, seen: Seen) -> None:
        """Show what flows, at the pace of measurements."""
        for circuit in seen.circuits:
            self._changed((Circuit, circuit), urgent=False)
        cars, self._cars = self._cars, seen.cars
        for evse, amps in seen.cars.items():
            # Its sample was told of before the look at it.
            if cars.get(evse) != amps:
                self._changed((Evse, evse), urgent=False)
        self._changed((Site, SITE), urgent=False)

    def _record(self, evse: Evse) -> None:
        moments = (at for at in (evse.live.at, evse.status_at) if at is not None)
        self.history.add(evse.id, max(moments, default=None), present(evse).power_w)

    def _changed_charger(self, charger: Charger) -> None:
        for evse in evse_ids(self.engine, charger.key):
            self._changed((Evse, evse), urgent=True)
        self._changed((Site, SITE), urgent=True)

    def _handle_part(self, whole: Key, *, of: type[Aggregate], urgent: bool) -> None:
        """Show what an aggregate without a device is part of; plans also make the site's calendar."""
        self._changed(whole, urgent=urgent and of not in _PACED)
        if of is EvsePlan:
            self._changed((Site, SITE), urgent=False)

    def _handle_vehicle(self, key: Key, new: Aggregate | None, *, urgent: bool) -> None:
        """Show a car, and what EVSEs and the site say of the cars that may stand there."""
        if new is None:
            self._forget(key)
        else:
            self._changed(key, urgent=urgent)
        for evse in self.engine.state.all(Evse):
            self._changed((Evse, evse.id), urgent=urgent)
        self._changed((Site, SITE), urgent=False)

    def _changed(self, key: Key, *, urgent: bool) -> None:
        if not self.shows(key):
            return self._watched(key, urgent=urgent)
        if urgent:
            self._pacer.shown(key, self.hass.loop.time())
            self._refresh_device(key)
            self._show(key, at_all_costs=True)
        else:
            self._pacer.mark(key)
            self._schedule()
        return self._watched(key, urgent=urgent)

    def _watched(self, key: Key, *, urgent: bool) -> None:
        for watch in self._watchers.of(None):
            watch(key, urgent)

    def _refresh_device(self, key: Key) -> None:
        if (aggregate := self.engine.state.get(*key)) is not None:
            self._seen[key] = aggregate
        self.devices.async_update(key)

    def _show(self, key: Key, *, at_all_costs: bool) -> None:
        self._views.pop(key, None)
        for grow in self._growers.of(None):
            grow(key)
        self._pacer.spend(sum(write(at_all_costs) for write in self._writers.of(key)))

    def _forget(self, key: Key) -> None:
        self._pacer.forget(key)
        self._views.pop(key, None)
        if isinstance(key[1], EvseId):
            self.history.forget(key[1])
        if key[0] in SHOWN:
            self.devices.async_remove(key)
            for grow in self._growers.of(None):
                grow(key)
        self._watched(key, urgent=True)

    def _notify(self, notice: Notice) -> None:
        for key in about(self.engine, notice):
            for hear in self._hearers.of(key):
                hear(notice)
        async_dispatcher_send(self.hass, SIGNAL_NOTICE, self, notice)

    def _schedule(self) -> None:
        if self._timer is None and (self._measured or self._pacer.waits):
            self._timer = async_call_later(self.hass, FLUSH_S, self._flush)

    @callback
    def _flush(self, _now: datetime) -> None:
        self._timer = None
        measured, self._measured = self._measured, {}
        for key in measured:
            if (aggregate := self.engine.state.get(*key)) is not None:
                self._handle(key, aggregate, urgent=False)
        for key in self._pacer.due(self.hass.loop.time()):
            self._show(key, at_all_costs=False)
        self._schedule()

    @callback
    def _tick(self, _now: datetime) -> None:
        """Let durations grow, months end and cars leave although nothing was received."""
        for session in list(self.engine.state.all(Session)):
            if session.is_open:
                self._changed((Evse, session.evse), urgent=False)
        for kind in (Driver, Vehicle):
            for aggregate in list(self.engine.state.all(kind)):
                self._changed((kind, aggregate.key), urgent=False)


def _log_connection(old: Aggregate | None, new: Aggregate | None) -> None:
    """Say once that a charger went away, and once that it is back."""
    if not isinstance(old, Charger) or not isinstance(new, Charger):
        return
    match old.connection, new.connection:
        case int(), None:
            _LOGGER.info("%s is not connected any more", new.settings.name)
        case None, int():
            _LOGGER.info("%s is connected", new.settings.name)
