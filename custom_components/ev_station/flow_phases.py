"""What a charger's forms ask about switching between one phase and all."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import EntitySelector, EntitySelectorConfig, TextSelector
import voluptuous as vol

from . import const as c
from .flow_selectors import choice, optional, whole
from .levers import LEVER_DOMAINS, lever_problem
from .model.phases import PhaseSwitching
from .phase_levers import lever_of

_MOST_SWITCHES: Final = 60
_PROBLEMS: Final = {"lever_position": "phase_lever_position", "lever_same": "phase_lever_same"}


def phase_fields(now: Mapping[str, Any]) -> dict[Any, Any]:
    """Return the fields, filled with what is stored of a socket."""
    way = now.get(c.CONF_PHASE_SWITCHING, PhaseSwitching.NONE)
    often = now.get(c.CONF_PHASE_SWITCHES_PER_HOUR, c.DEFAULT_PHASE_SWITCHES_PER_HOUR)
    entities = EntitySelector(EntitySelectorConfig(domain=[*LEVER_DOMAINS]))
    return {
        vol.Required(c.CONF_PHASE_SWITCHING, default=way): choice(
            PhaseSwitching, c.CONF_PHASE_SWITCHING
        ),
        optional(c.CONF_PHASE_ENTITY, now.get(c.CONF_PHASE_ENTITY)): entities,
        optional(c.CONF_ONE_PHASE_VALUE, now.get(c.CONF_ONE_PHASE_VALUE)): TextSelector(),
        optional(c.CONF_ALL_PHASES_VALUE, now.get(c.CONF_ALL_PHASES_VALUE)): TextSelector(),
        vol.Required(c.CONF_PHASE_SWITCHES_PER_HOUR, default=often): whole(0, _MOST_SWITCHES),
    }


def phase_problem(hass: HomeAssistant, evse: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with a socket's answers."""
    if evse[c.CONF_PHASE_SWITCHING] != PhaseSwitching.ENTITY:
        return {}
    lever = lever_of(evse)
    if lever is None:
        return {"base": "phase_entity_missing"}
    problem = lever_problem(hass.states.get(lever.entity), lever)
    return {"base": _PROBLEMS[problem]} if problem else {}
