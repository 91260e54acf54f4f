"""What cars say of themselves: other integrations' battery sensors."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from homeassistant.core import CALLBACK_TYPE, Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import async_track_state_change_event

from . import const as c
from .configuration import subentries
from .const import LOGGER
from .engine import Engine
from .meter_inputs import number
from .model.errors import StorageUnavailable
from .model.events import VehicleHeard

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry


class VehicleInputs:
    """Follows the entities a site's vehicles name."""

    def __init__(self, hass: HomeAssistant, entry: EvStationConfigEntry, engine: Engine) -> None:
        """Prepare; nothing is read before `async_follow`."""
        self._hass = hass
        self._entry = entry
        self._engine = engine
        self._followed: Mapping[str, str] = {}
        self._stops: list[CALLBACK_TYPE] = []

    @callback
    def async_follow(self) -> None:
        """Follow the entities named now, and read them all."""
        vehicles = subentries(self._entry, c.SUBENTRY_VEHICLE)
        named = {each.subentry_id: each.data.get(c.CONF_SOC_ENTITY) for each in vehicles}
        wanted = {vehicle: entity for vehicle, entity in named.items() if entity}
        if wanted == self._followed:
            return
        self.async_stop()
        self._followed = wanted
        entities = set(wanted.values())
        self._stops = [async_track_state_change_event(self._hass, entities, self._state_changed)]
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

    def _read(self, entity: str) -> None:
        """Tell the engine what an entity says; a car that is away or asleep says nothing."""
        state = self._hass.states.get(entity)
        percent = number(state)
        if state is None or percent is None or not 0 <= percent <= 100:
            return
        for vehicle, named in self._followed.items():
            if named == entity:
                told = VehicleHeard(vehicle=vehicle, percent=percent, at=state.last_updated)
                self._entry.async_create_task(self._hass, self._tell(told), "ev_station vehicle")

    async def _tell(self, told: VehicleHeard) -> None:
        try:
            await self._engine.configure(told)
        except StorageUnavailable:
            LOGGER.debug("A state of charge could not be stored; the next one will be")
