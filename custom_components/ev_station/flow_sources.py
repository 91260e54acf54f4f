"""What the forms ask of sun and home battery, and what can be wrong with the answers."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    TextSelector,
)
import voluptuous as vol

from . import const as c
from .energy_inputs import POWERS
from .flow_selectors import energy, numbers, optional, text, whole
from .levers import LEVER_DOMAINS, SWITCHES, Lever, lever_problem
from .meter_inputs import POWER_UNITS, says_power
from .model.energy import BatterySettings, SurplusSettings

SOURCES: Final = (*POWERS, c.CONF_BATTERY_SOC, c.CONF_GRID_INVERTED, c.CONF_BATTERY_INVERTED)
_PERCENT: Final = whole(0, 100, "%")
_POWER: Final = whole(0, 100_000, "W")
_POSITIONS: Final = (c.CONF_BATTERY_HELD_VALUE, c.CONF_BATTERY_FREE_VALUE)


def sun_fields(now: Mapping[str, Any]) -> dict[Any, Any]:
    """Return the fields of how cars follow the sun."""
    surplus = SurplusSettings()
    return {
        **sun_sources(now),
        _amount(now, c.CONF_STARTS_AFTER_S, surplus.starts_after_s): whole(0, 3600, "s"),
        _amount(now, c.CONF_STOPS_AFTER_S, surplus.stops_after_s): whole(0, 3600, "s"),
        _amount(now, c.CONF_RESERVE_W, surplus.reserve_w): whole(-5000, 5000, "W"),
    }


def battery_fields(now: Mapping[str, Any]) -> dict[Any, Any]:
    """Return the fields of how cars and the home battery share it."""
    battery = BatterySettings()
    return {
        **battery_sources(now),
        _amount(now, c.CONF_BATTERY_FIRST_BELOW, battery.first_below_percent): _PERCENT,
        _amount(now, c.CONF_BATTERY_LENDS_ABOVE, battery.lends_above_percent): _PERCENT,
        _amount(now, c.CONF_BATTERY_GIVES_W, battery.gives_w): _POWER,
        _amount(now, c.CONF_BATTERY_BOOST_TO, battery.boost_to_percent): _PERCENT,
        optional(c.CONF_BATTERY_CAPACITY_KWH, now.get(c.CONF_BATTERY_CAPACITY_KWH)): energy(),
        optional(c.CONF_BATTERY_TAKES_W, now.get(c.CONF_BATTERY_TAKES_W)): _POWER,
        _amount(now, c.CONF_BATTERY_RESERVE, battery.reserve_percent): _PERCENT,
        optional(c.CONF_BATTERY_HOLD, now.get(c.CONF_BATTERY_HOLD)): EntitySelector(
            EntitySelectorConfig(domain=[*LEVER_DOMAINS])
        ),
        optional(c.CONF_BATTERY_HELD_VALUE, now.get(c.CONF_BATTERY_HELD_VALUE)): TextSelector(),
        optional(c.CONF_BATTERY_FREE_VALUE, now.get(c.CONF_BATTERY_FREE_VALUE)): TextSelector(),
    }


def sun_sources(now: Mapping[str, Any]) -> dict[Any, Any]:
    """Return the fields of what says where the power comes from."""
    power = numbers(*POWER_UNITS)
    return {
        optional(c.CONF_GRID_POWER, now.get(c.CONF_GRID_POWER)): power,
        _amount(now, c.CONF_GRID_INVERTED, default=False): BooleanSelector(),
        optional(c.CONF_SOLAR_POWER, now.get(c.CONF_SOLAR_POWER)): power,
        optional(c.CONF_LOAD_POWER, now.get(c.CONF_LOAD_POWER)): power,
    }


def battery_sources(now: Mapping[str, Any]) -> dict[Any, Any]:
    """Return the fields of what the home battery says."""
    return {
        optional(c.CONF_BATTERY_POWER, now.get(c.CONF_BATTERY_POWER)): numbers(*POWER_UNITS),
        _amount(now, c.CONF_BATTERY_INVERTED, default=False): BooleanSelector(),
        optional(c.CONF_BATTERY_SOC, now.get(c.CONF_BATTERY_SOC)): numbers("%"),
    }


def _amount(now: Mapping[str, Any], key: str, default: float) -> vol.Required:
    return vol.Required(key, default=now.get(key, default))


def sources_problem(hass: HomeAssistant, answers: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the sensors: one of the sun alone, or one that says no power."""
    alone = bool(answers.get(c.CONF_SOLAR_POWER)) != bool(answers.get(c.CONF_LOAD_POWER))
    if alone and not answers.get(c.CONF_GRID_POWER):
        return "solar_needs_load"
    named = [answers[key] for key in POWERS if answers.get(key)]
    if any(not says_power(hass.states.get(entity)) for entity in named):
        return "power_unit"
    return None


def battery_problem(hass: HomeAssistant, answers: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the levels, or with the positions of what holds the battery."""
    if answers[c.CONF_BATTERY_FIRST_BELOW] > answers[c.CONF_BATTERY_LENDS_ABOVE]:
        return "battery_levels"
    entity, positions = answers.get(c.CONF_BATTERY_HOLD), _positions(answers)
    if not entity:
        return None
    if not all(positions):
        return "lever_position"
    return lever_problem(hass.states.get(entity), Lever(entity, *map(str, positions)))


def without_space(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers with the positions as states read; those of no entity are not kept."""
    entity = answers.get(c.CONF_BATTERY_HOLD)
    rest = {key: value for key, value in answers.items() if key not in _POSITIONS}
    return rest | (dict(zip(_POSITIONS, _positions(answers), strict=True)) if entity else {})


def _positions(answers: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return the positions; those of a switch are understood without saying, and in any case of letters."""
    held, free = text(answers.get(_POSITIONS[0])), text(answers.get(_POSITIONS[1]))
    domain = str(answers.get(c.CONF_BATTERY_HOLD)).partition(".")[0]
    if domain not in SWITCHES:
        return held, free
    return (held or "off").lower(), (free or "on").lower()
