"""When cars leave by the calendars their vehicles name: read at each change, and every quarter of an hour."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from homeassistant.components.calendar import DOMAIN as CALENDAR, SERVICE_GET_EVENTS
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import CALLBACK_TYPE, Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import async_track_state_change_event, async_track_utc_time_change
from homeassistant.util import dt as dt_util

from . import const as c
from .configuration import subentries
from .const import LOGGER
from .engine import Engine
from .model.errors import StorageUnavailable
from .model.events import CalendarRead
from .model.ids import VehicleId
from .model.state import Vehicle
from .model.vehicle import Trip
from .sources.calendars import trips

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

_AHEAD: Final = timedelta(hours=48)
_PATIENCE_S: Final = 60


class _Named(NamedTuple):
    """The calendar of a vehicle, and how long before its events the car is to be ready."""

    entity: str
    margin: timedelta


def calendars(entry: EvStationConfigEntry) -> dict[VehicleId, _Named]:
    """Return the calendars a site's vehicles name."""
    found = {each.subentry_id: each.data for each in subentries(entry, c.SUBENTRY_VEHICLE)}
    return {
        vehicle: _Named(entity, timedelta(minutes=data[c.CONF_CALENDAR_MARGIN_MIN]))
        for vehicle, data in found.items()
        if (entity := data.get(c.CONF_CALENDAR_ENTITY))
    }


class CalendarInputs:
    """Follows the calendars a site's vehicles name."""

    def __init__(self, hass: HomeAssistant, entry: EvStationConfigEntry, engine: Engine) -> None:
        """Prepare; nothing is read before `async_follow`."""
        self._hass = hass
        self._entry = entry
        self._engine = engine
        self._followed: Mapping[VehicleId, _Named] = {}
        self._waiting: set[str] = set()
        self._one_at_a_time = asyncio.Lock()
        self._stops: list[CALLBACK_TYPE] = []

    @callback
    def async_follow(self) -> None:
        """Follow the calendars named now, and read them all; what others said is forgotten."""
        before, wanted = self._followed, calendars(self._entry)
        for vehicle in self._engine.state.all(Vehicle):
            named, known = wanted.get(vehicle.key), before.get(vehicle.key)
            if named is None or (known is not None and known.entity != named.entity):
                self._tell(vehicle.key, ())
        if wanted == before:
            return
        self.async_stop()
        self._followed = wanted
        entities = {each.entity for each in wanted.values()}
        if entities:
            self._stops = [
                async_track_state_change_event(self._hass, entities, self._state_changed),
                async_track_utc_time_change(
                    self._hass, self._quarter_began, minute=[0, 15, 30, 45], second=5
                ),
            ]
        for entity in entities:
            self._read(entity)

    @callback
    def async_stop(self) -> None:
        """Follow nothing any more."""
        while self._stops:
            self._stops.pop()()
        self._followed = {}

    @callback
    def _state_changed(self, event: Event[EventStateChangedData]) -> None:
        self._read(event.data["entity_id"])

    @callback
    def _quarter_began(self, _now: datetime) -> None:
        for entity in {each.entity for each in self._followed.values()}:
            self._read(entity)

    def _read(self, entity: str) -> None:
        """Read a calendar soon, unless that is to come anyway; of one that is away what it said last stays known."""
        state = self._hass.states.get(entity)
        if state is None or state.state == STATE_UNAVAILABLE or entity in self._waiting:
            return
        self._waiting.add(entity)
        self._entry.async_create_background_task(
            self._hass, self._async_read(entity), "ev_station calendar"
        )

    async def _async_read(self, entity: str) -> None:
        async with self._one_at_a_time:
            self._waiting.discard(entity)
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    events = await self._async_events(entity)
            except Exception as error:  # noqa: BLE001 - whatever a foreign integration raises, it is read again
                LOGGER.debug("The calendar %s cannot be read: %r", entity, error)
                return
        now, zone = dt_util.utcnow(), dt_util.get_default_time_zone()
        for vehicle, named in self._followed.items():
            if named.entity == entity:
                self._tell(vehicle, trips(events, zone, named.margin, now, now + _AHEAD))

    async def _async_events(self, entity: str) -> Any:
        margin = max((each.margin for each in self._followed.values()), default=timedelta(0))
        now = dt_util.utcnow()
        span = {"start_date_time": now, "end_date_time": now + _AHEAD + margin}
        said: Any = await self._hass.services.async_call(
            CALENDAR,
            SERVICE_GET_EVENTS,
            {"entity_id": entity, **span},
            blocking=True,
            return_response=True,
        )
        return said[entity]["events"]

    def _tell(self, vehicle: VehicleId, found: tuple[Trip, ...]) -> None:
        known = self._engine.state.get(Vehicle, vehicle)
        if known is not None and known.booked != found:
            told = CalendarRead(vehicle=vehicle, trips=found)
            self._entry.async_create_task(self._hass, self._async_tell(told), "ev_station calendar")

    async def _async_tell(self, told: CalendarRead) -> None:
        try:
            await self._engine.configure(told)
        except StorageUnavailable:
            LOGGER.debug("A calendar's events could not be stored; the next reading will be")
