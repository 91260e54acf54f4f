"""Meters of circuits: other integrations' current and power sensors become what flows on each phase."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, UnitOfElectricCurrent, UnitOfPower
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, State, callback
from homeassistant.util import dt as dt_util

from . import const as c
from .configuration import subentries
from .engine import Engine
from .entity_follower import EntityFollower, async_hear
from .model.circuit import NOMINAL_V, Amps, MeterReading

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

_AMPERES: Final[Mapping[str, Decimal]] = {
    UnitOfElectricCurrent.AMPERE: Decimal(1),
    UnitOfElectricCurrent.MILLIAMPERE: Decimal("0.001"),
    UnitOfPower.WATT: Decimal(1) / NOMINAL_V,
    UnitOfPower.KILO_WATT: Decimal(1000) / NOMINAL_V,
}
_WATTS: Final[Mapping[str, Decimal]] = {
    UnitOfPower.WATT: Decimal(1),
    UnitOfPower.KILO_WATT: Decimal(1000),
}
METER_UNITS: Final = tuple(_AMPERES)
POWER_UNITS: Final = tuple(_WATTS)


def is_meter(state: State | None) -> bool:
    """Return whether an entity says a current or a power, now or once it knows one."""
    return state is not None and _unit(state) in _AMPERES


def says_power(state: State | None) -> bool:
    """Return whether an entity says a power, now or once it knows one."""
    return state is not None and _unit(state) in _WATTS


def says(state: State | None, unit: str) -> bool:
    """Return whether an entity says something in a unit."""
    return state is not None and _unit(state) == unit


def _unit(state: State) -> str:
    return str(state.attributes.get(ATTR_UNIT_OF_MEASUREMENT))


def number(state: State | None) -> Decimal | None:
    """Return what an entity says; None while that is no number."""
    try:
        value = Decimal(state.state) if state else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() else None


def amperes(state: State | None) -> Decimal | None:
    """Return an entity's current on one phase, or that of its power; negative where it exports."""
    return _scaled(state, _AMPERES)


def watts(state: State | None) -> Decimal | None:
    """Return an entity's power."""
    return _scaled(state, _WATTS)


def _scaled(state: State | None, factors: Mapping[str, Decimal]) -> Decimal | None:
    value, factor = number(state), factors.get(_unit(state)) if state else None
    return None if value is None or factor is None else value * factor


class MeterInputs(EntityFollower[str, Mapping[str, Any]]):
    """Follows the meters and limit entities of one site's circuits."""

    def __init__(self, hass: HomeAssistant, entry: EvStationConfigEntry, engine: Engine) -> None:
        """Prepare; nothing is read before `async_follow`."""
        super().__init__(hass, entry, engine)
        self._spoke: set[tuple[str, ...]] = set()
        """Meters of a circuit that all said something."""

    @override
    def _named(self) -> Mapping[str, Mapping[str, Any]]:
        circuits = subentries(self._entry, c.SUBENTRY_CIRCUIT)
        return {each.subentry_id: each.data for each in circuits}

    @override
    def _begin(self) -> list[CALLBACK_TYPE]:
        for circuit in self._followed:
            self._read(circuit)
        entities = {entity for data in self._followed.values() for entity in _entities(data)}
        return async_hear(self._hass, entities, self._heard)

    @callback
    def _heard(self, entity: str) -> None:
        for circuit, data in self._followed.items():
            if entity in _entities(data):
                self._read(circuit)

    def _read(self, circuit: str) -> None:
        """Tell the engine what a circuit's entities say; a meter that never spoke is waited for."""
        data = self._followed[circuit]
        meters = tuple(data[meter] for meter in c.CONF_METERS if data.get(meter))
        states = [self._hass.states.get(meter) for meter in meters]
        currents = _currents(states)
        if currents is not None:
            self._spoke.add(meters)
        if meters and meters not in self._spoke:
            return
        self._engine.read_meter(
            MeterReading(
                circuit=circuit,
                currents_a=currents,
                limit_a=amperes(self._state(data.get(c.CONF_LIMIT_ENTITY))),
                power_limit_w=_whole(watts(self._state(data.get(c.CONF_POWER_LIMIT_ENTITY)))),
                at=_oldest(states),
            )
        )

    def _state(self, entity: str | None) -> State | None:
        return self._hass.states.get(entity) if entity else None


def _whole(power: Decimal | None) -> int | None:
    return None if power is None else int(power)


def _entities(data: Mapping[str, Any]) -> set[str]:
    keys = (*c.CONF_METERS, c.CONF_LIMIT_ENTITY, c.CONF_POWER_LIMIT_ENTITY)
    return {data[key] for key in keys if data.get(key)}


def _currents(states: Iterable[State | None]) -> Amps | None:
    """Return what flows on each phase; a house whose meter shows one phase has one."""
    found = [amperes(state) for state in states]
    known = [each for each in found if each is not None]
    if not known or len(known) < len(found):
        return None
    first, second, third = (*known, Decimal(0), Decimal(0))[:3]
    return first, second, third


def _oldest(states: Iterable[State | None]) -> datetime:
    """Return when the meter that spoke least recently did so."""
    return min((state.last_reported for state in states if state), default=dt_util.utcnow())
