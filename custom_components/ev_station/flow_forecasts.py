"""What the site's options ask of prices and forecasts, and what can be wrong with the answers."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
)
from homeassistant.util import dt as dt_util

from . import const as c
from .flow_energy import async_sources
from .flow_selectors import optional, still_there, subentry_choice, whole
from .forecast_inputs import async_roofs, async_solar_entries, carbon, detailed
from .model.forecast import Series
from .sources.prices import at
from .sources.solar import total

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

_SENSORS: Final = EntitySelector(EntitySelectorConfig(domain="sensor", multiple=True))
_MOST_PER_T: Final = 100_000
_SENSOR: Final = EntitySelector(EntitySelectorConfig(domain="sensor"))


async def async_propose_forecasts(hass: HomeAssistant, now: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the solar forecasts the Energy dashboard uses, where none was ever chosen."""
    if c.CONF_SOLAR_FORECASTS in now:
        return {}
    known = await async_solar_entries(hass)
    roofs = await async_sources(hass, "solar")
    used = [entry for roof in roofs for entry in roof.get("config_entry_solar_forecast") or ()]
    found = [entry for entry in dict.fromkeys(used) if entry in known]
    return {c.CONF_SOLAR_FORECASTS: found} if found else {}


def forecast_fields(
    entry: EvStationConfigEntry, now: Mapping[str, Any], roofs: Mapping[str, str]
) -> dict[Any, Any]:
    """Return the fields; `roofs` are the titles of the integrations that forecast the sun."""
    tariffs = subentry_choice(entry, c.SUBENTRY_TARIFF)
    options = [SelectOptionDict(value=key, label=title) for key, title in roofs.items()]
    chosen = [each for each in now.get(c.CONF_SOLAR_FORECASTS, ()) if each in roofs]
    return {
        **{
            optional(key, still_there(entry, now.get(key))): tariffs
            for key in (c.CONF_IMPORT_TARIFF, c.CONF_EXPORT_TARIFF)
        },
        optional(c.CONF_SOLAR_FORECASTS, chosen or None): SelectSelector(
            SelectSelectorConfig(options=options, multiple=True)
        ),
        optional(c.CONF_SOLAR_FORECAST_ENTITIES, now.get(c.CONF_SOLAR_FORECAST_ENTITIES)): _SENSORS,
        optional(c.CONF_CO2_ENTITY, now.get(c.CONF_CO2_ENTITY)): _SENSOR,
        optional(c.CONF_CO2_PRICE, now.get(c.CONF_CO2_PRICE)): whole(
            0, _MOST_PER_T, f"{entry.data[c.CONF_CURRENCY]}/t"
        ),
    }


def forecasts_problem(hass: HomeAssistant, answers: Mapping[str, Any]) -> str | None:
    """Return what is wrong: an entity that is there and forecasts nothing."""
    named = answers.get(c.CONF_SOLAR_FORECAST_ENTITIES) or []
    if any(_speaks(hass, entity) and not detailed(hass, [entity]) for entity in named):
        return "no_solar_forecast"
    entity = answers.get(c.CONF_CO2_ENTITY)
    return "no_co2" if entity and _speaks(hass, entity) and not carbon(hass, entity) else None


def _speaks(hass: HomeAssistant, entity: str) -> bool:
    state = hass.states.get(entity)
    return state is not None and state.state not in (STATE_UNKNOWN, STATE_UNAVAILABLE)


async def async_show_forecasts(hass: HomeAssistant, answers: Mapping[str, Any]) -> dict[str, str]:
    """Return how much named forecasts say, until when, the most the sun gives, and CO2 now."""
    sun = total((await async_roofs(hass, answers)).values())
    entity = answers.get(c.CONF_CO2_ENTITY)
    co2 = carbon(hass, entity) if entity else ()
    now = at(co2, dt_util.utcnow())
    return {
        "sun_count": str(len(sun)),
        "sun_until": _until(sun),
        "sun_most": f"{max(each.value for each in sun):.0f} W" if sun else "–",
        "co2_count": str(len(co2)),
        "co2_until": _until(co2),
        "co2_now": f"{now.value.normalize():f} g/kWh" if now else "–",
    }


def _until(series: Series) -> str:
    return f"{dt_util.as_local(series[-1].end):%Y-%m-%d %H:%M}" if series else "–"
