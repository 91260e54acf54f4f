"""What cars say of themselves: other integrations' battery sensors."""

from collections.abc import Mapping
from typing import override

from homeassistant.core import CALLBACK_TYPE, callback

from . import const as c
from .configuration import subentries
from .entity_follower import EntityFollower, async_hear_changes
from .meter_inputs import number
from .model.events import VehicleHeard
from .model.ids import VehicleId


class VehicleInputs(EntityFollower[VehicleId, str]):
    """Follows the entities a site's vehicles name."""

    @override
    def _named(self) -> Mapping[VehicleId, str]:
        vehicles = subentries(self._entry, c.SUBENTRY_VEHICLE)
        named = {each.subentry_id: each.data.get(c.CONF_SOC_ENTITY) for each in vehicles}
        return {vehicle: entity for vehicle, entity in named.items() if entity}

    @override
    def _begin(self) -> list[CALLBACK_TYPE]:
        entities = set(self._followed.values())
        for entity in entities:
            self._read(entity)
        return async_hear_changes(self._hass, entities, self._read)

    @callback
    def _read(self, entity: str) -> None:
        """Tell the engine what an entity says; a car that is away or asleep says nothing."""
        state = self._hass.states.get(entity)
        percent = number(state)
        if state is None or percent is None or not 0 <= percent <= 100:
            return
        for vehicle, named in self._followed.items():
            if named == entity:
                self._tell(VehicleHeard(vehicle=vehicle, percent=percent, at=state.last_updated))
