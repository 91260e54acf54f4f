"""Times: when a car leaves."""

from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING, Final, override

from homeassistant.components.time import TimeEntity, TimeEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import Description, EvStationEntity, Table, async_setup_tables
from .errors import carry_out
from .lookup import VEHICLE, VehicleView

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

PARALLEL_UPDATES = 1


@dataclass(frozen=True, kw_only=True)
class TimeDescription(Description[VehicleView], TimeEntityDescription):
    """A time of day of a car."""


class EvStationTime(EvStationEntity[VehicleView], TimeEntity):
    """When a car leaves, or should have if it is late; setting it changes that once, its calendar and its week stay."""

    entity_description: TimeDescription

    @property
    @override
    def native_value(self) -> time | None:
        """Return the departure it is made ready for, by the site's clock."""
        view = self.view
        departure = view.departure if view else None
        return departure.astimezone(view.zone).time() if view and departure else None

    @override
    async def async_set_value(self, value: time) -> None:
        """Leave at the next such time."""
        if view := self.view:
            trip = view.moved(view.next(value))
            await carry_out(self.coordinator.engine.set_trip(view.vehicle.key, trip))


VEHICLE_TIMES: Final = (TimeDescription(key="departure", translation_key="departure"),)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: EvStationConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the times."""
    async_setup_tables(entry, async_add_entities, Table(VEHICLE, EvStationTime, VEHICLE_TIMES))
