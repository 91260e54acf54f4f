"""When cars leave by the calendars their vehicles name: read at each change, and every quarter of an hour."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple, override

from homeassistant.components.calendar import DOMAIN as CALENDAR, SERVICE_GET_EVENTS
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_utc_time_change
from homeassistant.util import dt as dt_util

from . import const as c
from .configuration import subentries
from .const import LOGGER
from .engine import Engine
from .entity_follower import EntityFollower, async_hear_changes
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


class CalendarInputs(EntityFollower[VehicleId, _Named]):
    """Follows the calendars a site's vehicles name."""

    def __init__(self, hass: HomeAssistant, entry: EvStationConfigEntry, engine: Engine) -> None:
        """Prepare; nothing is read before `async_follow`."""
        super().__init__(hass, entry, engine)
        self._waiting: set[str] = set()
        self._one_at_a_time = asyncio.Lock()

    @callback
    @override
    def async_follow(self) -> None:
        """Follow the calendars named now, and read them all; what others said is forgotten."""
        before, wanted = self._followed, self._named()
        for vehicle in self._engine.state.all(Vehicle):
            named, known = wanted.get(vehicle.key), before.get(vehicle.key)
            if named is None or (known is not None and known.entity != named.entity):
                self._book(vehicle.key, ())
        super().async_follow()

    @override
    def _named(self) -> Mapping[VehicleId, _Named]:
        return calendars(self._entry)

    @override
    def _begin(self) -> list[CALLBACK_TYPE]:
        self._read_all()
        return [
            *async_hear_changes(self._hass, self._entities(), self._read),
            async_track_utc_time_change(
                self._hass, self._quarter_began, minute=[0, 15, 30, 45], second=5
            ),
        ]

    @callback
    def _quarter_began(self, _now: datetime) -> None:
        self._read_all()

    def _entities(self) -> set[str]:
        return {each.entity for each in self._followed.values()}

    def _read_all(self) -> None:
        for entity in self._entities():
            self._read(entity)

    @callback
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
                self._book(vehicle, trips(events, zone, named.margin, now, now + _AHEAD))

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

    def _book(self, vehicle: VehicleId, found: tuple[Trip, ...]) -> None:
        known = self._engine.state.get(Vehicle, vehicle)
        if known is not None and known.booked != found:
            self._tell(CalendarRead(vehicle=vehicle, trips=found))
