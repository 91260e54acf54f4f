"""The steps of a circuit: its fuse, what hangs on it, and what measures it."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, override

from homeassistant.config_entries import ConfigSubentry
import voluptuous as vol

from . import const as c
from .circuit.bounds import ancestry
from .configuration import subentries
from .flow_selectors import collapsed, numbers, optional, plain, still_there, subentry_choice, whole
from .flow_subentry import FormFlow, Problem
from .meter_inputs import METER_UNITS, POWER_UNITS, is_meter, says_power

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

_MOST_A = 2000
_MOST_W = 2_000_000


class CircuitFlow(FormFlow):
    """Adds a circuit, or changes one; cars go on charging with what it leaves now."""

    kind = c.SUBENTRY_CIRCUIT
    sections = (c.SECTION_METERS, c.SECTION_LIMITS)
    lists = (c.CONF_CHARGERS,)
    words = ("charger", "circuit", "entity")

    @override
    def _fields(self) -> dict[Any, Any]:
        return _fields(self._get_entry(), self._subentry)

    @override
    def _problems(self, answers: Mapping[str, Any]) -> Iterator[Problem]:
        entry, circuit = self._get_entry(), self._subentry
        for charger in answers[c.CONF_CHARGERS]:
            other = _circuit_of(entry, charger)
            if other and other is not circuit:
                names = {
                    "charger": plain(entry.subentries[charger].title),
                    "circuit": plain(other.title),
                }
                yield c.CONF_CHARGERS, "charger_on_other_circuit", names
        if circuit and _would_be_a_ring(entry, circuit.subentry_id, answers.get(c.CONF_PARENT)):
            yield c.CONF_PARENT, "circuit_ring", {}
        yield from self._meter_problems(answers)
        yield from self._limit_problems(answers)

    def _meter_problems(self, answers: Mapping[str, Any]) -> Iterator[Problem]:
        named = [answers.get(meter) for meter in c.CONF_METERS]
        meters = [meter for meter in named if meter]
        if len(meters) == 2 or (meters and not named[0]):
            yield "base", "meter_gap", {}
        if len(set(meters)) < len(meters):
            yield "base", "meter_twice", {}
        for meter in meters:
            if not is_meter(self.hass.states.get(meter)):
                yield "base", "meter_unit", {"entity": plain(meter)}

    def _limit_problems(self, answers: Mapping[str, Any]) -> Iterator[Problem]:
        limit, power = (
            answers.get(key) for key in (c.CONF_LIMIT_ENTITY, c.CONF_POWER_LIMIT_ENTITY)
        )
        if limit and not is_meter(self.hass.states.get(limit)):
            yield "base", "meter_unit", {"entity": plain(limit)}
        if power and not says_power(self.hass.states.get(power)):
            yield "base", "power_unit", {"entity": plain(power)}


def _circuit_of(entry: EvStationConfigEntry, charger: str) -> ConfigSubentry | None:
    """Return the circuit a charger was put on."""
    circuits = subentries(entry, c.SUBENTRY_CIRCUIT)
    return next((each for each in circuits if charger in each.data[c.CONF_CHARGERS]), None)


def _would_be_a_ring(entry: EvStationConfigEntry, circuit: str, parent: str | None) -> bool:
    circuits = subentries(entry, c.SUBENTRY_CIRCUIT)
    parents = {each.subentry_id: each.data.get(c.CONF_PARENT) for each in circuits}
    return parent is not None and circuit in ancestry(parent, parents)


def _fields(entry: EvStationConfigEntry, circuit: ConfigSubentry | None) -> dict[Any, Any]:
    data: Mapping[str, Any] = circuit.data if circuit else {c.CONF_CHARGERS: []}
    chargers = [each for each in data[c.CONF_CHARGERS] if each in entry.subentries]
    fields: dict[Any, Any] = {
        vol.Required(c.CONF_LIMIT_A, default=data.get(c.CONF_LIMIT_A, c.DEFAULT_FUSE_A)): whole(
            1, _MOST_A, "A"
        ),
        optional(c.CONF_CHARGERS, chargers): subentry_choice(
            entry, c.SUBENTRY_CHARGER, multiple=True
        ),
    }
    if any(each is not circuit for each in subentries(entry, c.SUBENTRY_CIRCUIT)):
        fields[optional(c.CONF_PARENT, still_there(entry, data.get(c.CONF_PARENT)))] = (
            subentry_choice(entry, c.SUBENTRY_CIRCUIT, besides=circuit)
        )
    fields[vol.Required(c.SECTION_METERS)] = collapsed(_meter_fields(data))
    fields[vol.Required(c.SECTION_LIMITS)] = collapsed(_limit_fields(data))
    return fields


def _meter_fields(data: Mapping[str, Any]) -> dict[Any, Any]:
    assumed = data.get(c.CONF_ASSUMED_LOAD_A, c.DEFAULT_ASSUMED_LOAD_A)
    stale = data.get(c.CONF_STALE_AFTER_S, c.DEFAULT_STALE_AFTER_S)
    meters = numbers(*METER_UNITS)
    return {
        **{optional(meter, data.get(meter)): meters for meter in c.CONF_METERS},
        vol.Required(c.CONF_ASSUMED_LOAD_A, default=assumed): whole(0, _MOST_A, "A"),
        vol.Required(c.CONF_STALE_AFTER_S, default=stale): whole(5, 3600, "s"),
    }


def _limit_fields(data: Mapping[str, Any]) -> dict[Any, Any]:
    return {
        optional(c.CONF_POWER_LIMIT_W, data.get(c.CONF_POWER_LIMIT_W)): whole(0, _MOST_W, "W"),
        optional(c.CONF_UNBALANCED_LIMIT_A, data.get(c.CONF_UNBALANCED_LIMIT_A)): whole(
            1, _MOST_A, "A"
        ),
        optional(c.CONF_LIMIT_ENTITY, data.get(c.CONF_LIMIT_ENTITY)): numbers(*METER_UNITS),
        optional(c.CONF_POWER_LIMIT_ENTITY, data.get(c.CONF_POWER_LIMIT_ENTITY)): numbers(
            *POWER_UNITS
        ),
    }
