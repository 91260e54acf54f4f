"""An entity of another integration that is put into one of two positions."""

import asyncio
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from homeassistant.const import (
    ATTR_ENTITY_ID,
    STATE_OFF,
    STATE_ON,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import HomeAssistant, State, split_entity_id
from homeassistant.exceptions import HomeAssistantError
import voluptuous as vol

from .const import LOGGER

SWITCHES: Final = ("switch", "input_boolean")
_SELECTS: Final = ("select", "input_select")
_NUMBERS: Final = ("number", "input_number")
LEVER_DOMAINS: Final = (*SWITCHES, *_SELECTS, *_NUMBERS)
_SILENT: Final = (STATE_UNAVAILABLE, STATE_UNKNOWN)
_LONGEST_S: Final = 10


class Lever(NamedTuple):
    """The entity, and its positions as their states read."""

    entity: str
    held: str
    free: str


def lever_problem(state: State | None, lever: Lever) -> str | None:
    """Return what is wrong with a lever's positions, as a translation key."""
    if _same(lever.held, lever.free):
        return "lever_same"
    known = state is not None and all(_knows(state, each) for each in (lever.held, lever.free))
    return None if known else "lever_position"


def _knows(state: State, position: str) -> bool:
    """Return whether an entity can be put into a position; one that tells no range or choice is believed."""
    if state.domain in SWITCHES:
        return position in (STATE_ON, STATE_OFF)
    if state.domain in _SELECTS:
        return position in state.attributes.get("options", (position,))
    value = _number(position)
    least, most = (_number(state.attributes.get(each)) for each in ("min", "max"))
    if value is None:
        return False
    return (least is None or value >= least) and (most is None or value <= most)


def position_of(hass: HomeAssistant, entity: str) -> str | None:
    """Return where an entity stands; None while it does not say."""
    state = hass.states.get(entity)
    return None if state is None or state.state in _SILENT else state.state


def stands_at(position: str | None, wanted: str) -> bool:
    """Return whether an entity stands where it should."""
    return position is not None and _same(position, wanted)


async def async_put(hass: HomeAssistant, entity: str, position: str) -> None:
    """Put an entity into a position; raises what its integration raises."""
    domain, _ = split_entity_id(entity)
    action: str
    words: dict[str, Any] = {}
    if domain in SWITCHES:
        action = f"turn_{position}"
    elif domain in _SELECTS:
        action, words = "select_option", {"option": position}
    else:
        action, words = "set_value", {"value": float(position)}
    await hass.services.async_call(domain, action, {ATTR_ENTITY_ID: entity, **words}, blocking=True)


async def async_turn(hass: HomeAssistant, entity: str, position: str) -> bool:
    """Put an entity into a position; return whether its integration did so in time, as far as it tells."""
    try:
        async with asyncio.timeout(_LONGEST_S):
            await async_put(hass, entity, position)
    except HomeAssistantError, vol.Invalid, TimeoutError, ValueError:
        LOGGER.debug("%s could not be turned to %s", entity, position, exc_info=True)
        return False
    return True


def _same(one: str, other: str) -> bool:
    first, second = _number(one), _number(other)
    return one == other if first is None or second is None else first == second


def _number(text: object) -> Decimal | None:
    try:
        value = Decimal(str(text))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
