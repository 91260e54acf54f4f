"""What cars say of themselves: other integrations' sensors of their state of charge, or of their range."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, override

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, UnitOfLength
from homeassistant.core import CALLBACK_TYPE, State, callback
from homeassistant.helpers.event import async_track_time_interval
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

_TOGETHER: Final = timedelta(minutes=1)
_SILENT_AFTER: Final = timedelta(minutes=10)


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
    """The entities that tell how full a car is, and how far that takes it."""

    entity: str
    """Of its state of charge, else of its range."""
    ranged: Battery | None = None
    """What that range is worth; None: it is no range."""
    beside: str | None = None
    """Of its range, if the other one is of its state of charge."""

    def percent(self, state: State | None) -> Decimal | None:
        """Return the state of charge; None while it tells none, as many do of a car that is away or asleep."""
        if self.ranged is not None:
            km = kilometres(state)
            return None if km is None else self.ranged.percent(km)
        percent = number(state)
        return percent if percent is not None and 0 <= percent <= 100 else None


def tellers(entry: EvStationConfigEntry) -> dict[VehicleId, Teller]:
    """Return what tells how full a site's vehicles are."""
    found = {each.subentry_id: _teller(each.data) for each in subentries(entry, c.SUBENTRY_VEHICLE)}
    return {vehicle: teller for vehicle, teller in found.items() if teller}


def _teller(data: Mapping[str, Any]) -> Teller | None:
    soc, distance = data.get(c.CONF_SOC_ENTITY), data.get(c.CONF_RANGE_ENTITY)
    if soc:
        return Teller(soc, beside=distance)
    return Teller(distance, Battery.of(data)) if distance else None


class VehicleInputs(EntityFollower[VehicleId, Teller]):
    """Follows the entities a site's vehicles name."""

    @override
    def _named(self) -> Mapping[VehicleId, Teller]:
        return tellers(self._entry)

    @override
    def _begin(self) -> list[CALLBACK_TYPE]:
        for vehicle in self._followed:
            self._read(vehicle)
        named = ((each.entity, each.beside) for each in self._followed.values())
        entities = {entity for both in named for entity in both if entity}
        return [
            *async_hear(self._hass, entities, self._heard),
            async_track_time_interval(self._hass, self._look, _SILENT_AFTER),
        ]

    @callback
    def _heard(self, entity: str) -> None:
        for vehicle, teller in self._followed.items():
            if entity in {teller.entity, teller.beside}:
                self._read(vehicle)

    def _read(self, vehicle: VehicleId) -> None:
        """Tell the engine what a car's entities say."""
        teller = self._followed[vehicle]
        state = self._hass.states.get(teller.entity)
        if state is None or (percent := teller.percent(state)) is None:
            return
        range_km, at = self._range_then(teller, state), state.last_reported
        self._tell(VehicleHeard(vehicle=vehicle, percent=percent, range_km=range_km, at=at))

    @callback
    def _look(self, now: datetime) -> None:
        """Tell the engine who has been silent for a while: sensors at the edge of a radio's reach come and go."""
        for vehicle, teller in self._followed.items():
            state = self._hass.states.get(teller.entity)
            since = state.last_changed if state else now
            silent = teller.percent(state) is None
            if silent and (state is None or now - since >= _SILENT_AFTER):
                self._tell(VehicleHeard(vehicle=vehicle, percent=None, at=since))

    def _range_then(self, teller: Teller, state: State) -> Decimal | None:
        """Return the range told with a state of charge: one of another hour would be another state's."""
        beside = self._hass.states.get(teller.beside) if teller.beside else None
        if beside is None:
            return None
        together = abs(beside.last_reported - state.last_reported) <= _TOGETHER
        return kilometres(beside) if together else None
