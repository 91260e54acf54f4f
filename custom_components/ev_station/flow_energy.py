"""What Home Assistant's Energy preferences know of a house, in the words of our options.

Their sign conventions are ours: positive comes out of the grid or out of the battery. A sensor the owner told
them counts the other way is proposed with that said; of two sensors they make one, and that one is proposed.
"""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.components.energy.data import async_get_manager
from homeassistant.const import PERCENTAGE
from homeassistant.core import HomeAssistant, valid_entity_id

from . import const as c
from .meter_inputs import says, says_power

_SUN: Final = (c.CONF_GRID_POWER, c.CONF_SOLAR_POWER, c.CONF_LOAD_POWER)
_BATTERY: Final = (c.CONF_BATTERY_POWER, c.CONF_BATTERY_SOC)
_WATTS_PER_KWH: Final = 500
"""Home batteries are seldom built to be emptied in less than two hours."""

type Source = Mapping[str, Any]


async def async_sources(hass: HomeAssistant, kind: str) -> list[Source]:
    """Return the Energy preferences' sources of a kind."""
    if "energy" not in hass.config.components:
        return []
    preferences = (await async_get_manager(hass)).data
    found = preferences["energy_sources"] if preferences else []
    return [dict(each) for each in found if each["type"] == kind]


async def async_grid_price(hass: HomeAssistant) -> tuple[float | None, str | None]:
    """Return the price of what is imported, as a number and as an entity."""
    for source in await async_sources(hass, "grid"):
        return source.get("number_energy_price"), source.get("entity_energy_price")
    return None, None


async def async_propose_sources(hass: HomeAssistant, now: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return options for what nothing is named of yet; only sensors that say something we can use."""
    proposed: dict[str, Any] = {}
    if not any(now.get(key) for key in _SUN):
        proposed |= await _sun(hass)
    if not any(now.get(key) for key in _BATTERY):
        proposed |= await _battery(hass)
    return proposed


async def _sun(hass: HomeAssistant) -> Mapping[str, Any]:
    """Return the power at the grid; a house that does not measure it says sun and load."""
    grids = [each for each in await async_sources(hass, "grid") if _rate(each)[0]]
    if grids:
        return _signed(hass, grids, c.CONF_GRID_POWER, c.CONF_GRID_INVERTED)
    solar = _signed(hass, await async_sources(hass, "solar"), c.CONF_SOLAR_POWER, None)
    load = _signed(hass, await async_sources(hass, "home"), c.CONF_LOAD_POWER, None)
    return {**solar, **load} if solar and load else {}


async def _battery(hass: HomeAssistant) -> Mapping[str, Any]:
    batteries = await async_sources(hass, "battery")
    proposed = _signed(hass, batteries, c.CONF_BATTERY_POWER, c.CONF_BATTERY_INVERTED)
    if len(batteries) != 1:
        return proposed
    level, capacity = batteries[0].get("stat_soc"), batteries[0].get("capacity")
    if level and says(hass.states.get(level), PERCENTAGE):
        proposed[c.CONF_BATTERY_SOC] = level
    if proposed and capacity:
        proposed[c.CONF_BATTERY_GIVES_W] = int(capacity * _WATTS_PER_KWH)
        proposed[c.CONF_BATTERY_CAPACITY_KWH] = capacity
    return proposed


def _signed(
    hass: HomeAssistant, sources: list[Source], power: str, inverted: str | None
) -> dict[str, Any]:
    """Return the sensor of the only source of its kind: one of several would say half of the truth."""
    if len(sources) != 1:
        return {}
    entity, against = _rate(sources[0])
    if entity is None or not valid_entity_id(entity) or not says_power(hass.states.get(entity)):
        return {}
    return {power: entity} | ({inverted: against} if inverted else {})


def _rate(source: Source) -> tuple[str | None, bool]:
    """Return a source's power sensor, and whether it counts against the convention."""
    against = source.get("power_config", {}).get("stat_rate_inverted")
    return (against, True) if against else (source.get("stat_rate"), False)
