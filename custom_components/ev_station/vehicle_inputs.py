"""What cars say of themselves: other integrations' sensors of their state of charge, or of their range."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, Self, override

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, UnitOfLength
from homeassistant.core import CALLBACK_TYPE, State, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_conversion import DistanceConverter

from . import const as c
from .configuration import subentries
from .entity_follower import EntityFollower, async_hear
from .meter_inputs import number
from .model.events import VehicleHeard
from .model.ids import VehicleId
from .planning.demand import percent_by_range

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry


def says_distance(state: State | None) -> bool:
    """Return whether an entity says a distance, now or once it knows one."""
    return state is not None and _unit(state) in DistanceConverter.VALID_UNITS


def kilometres(state: State | None) -> Decimal | None:
    """Return the distance an entity says; None while that is none."""
    value = number(state)
    if state is None or value is None or value < 0 or not says_distance(state):
        return None
    km = DistanceConverter.convert(float(value), _unit(state), UnitOfLength.KILOMETERS)
    return Decimal(str(km))


def _unit(state: State) -> str:
    return str(state.attributes.get(ATTR_UNIT_OF_MEASUREMENT))


class Battery(NamedTuple):
    """What a range is worth."""

    wh: int
    wh_per_km: int

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Return the one a vehicle's form describes."""
        return cls(round(data[c.CONF_BATTERY_KWH] * 1000), data[c.CONF_WH_PER_KM])

    def percent(self, km: Decimal) -> Decimal | None:
        """Return its charge if it lasts so far; None: none of its size does."""
        return percent_by_range(km, self.wh, self.wh_per_km)


class Teller(NamedTuple):
    """The entity that tells how full a car is."""

    entity: str
    ranged: Battery | None
    """Of which it tells the range; None: it tells the state of charge."""

    def percent(self, state: State | None) -> Decimal | None:
        """Return the state of charge; None while it tells none, as many do of a car that is away or asleep."""
        if self.ranged is not None:
            km = kilometres(state)
            return None if km is None else self.ranged.percent(km)
        percent = number(state)
        return percent if percent is not None and 0 <= percent <= 100 else None


def tellers(entry: EvStationConfigEntry) -> dict[VehicleId, Teller]:
    """Return what tells how full a site's vehicles are: of one that names both sensors, the state of charge."""
    found = {each.subentry_id: _teller(each.data) for each in subentries(entry, c.SUBENTRY_VEHICLE)}
    return {vehicle: teller for vehicle, teller in found.items() if teller}


def _teller(data: Mapping[str, Any]) -> Teller | None:
    if entity := data.get(c.CONF_SOC_ENTITY):
        return Teller(entity, None)
    if entity := data.get(c.CONF_RANGE_ENTITY):
        return Teller(entity, Battery.of(data))
    return None


class VehicleInputs(EntityFollower[VehicleId, Teller]):
    """Follows the entities a site's vehicles name."""

    @override
    def _named(self) -> Mapping[VehicleId, Teller]:
        return tellers(self._entry)

    @override
    def _begin(self) -> list[CALLBACK_TYPE]:
        entities = {teller.entity for teller in self._followed.values()}
        for entity in entities:
            self._read(entity)
        return async_hear(self._hass, entities, self._read)

    @callback
    def _read(self, entity: str) -> None:
        """Tell the engine what an entity says, or that it says nothing."""
        state = self._hass.states.get(entity)
        at = state.last_reported if state else dt_util.utcnow()
        for vehicle, teller in self._followed.items():
            if teller.entity == entity:
                self._tell(VehicleHeard(vehicle=vehicle, percent=teller.percent(state), at=at))
