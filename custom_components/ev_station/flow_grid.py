"""The part of a site's rules that its grid operator and the law ask for."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import BooleanSelector, EntitySelector, EntitySelectorConfig
import voluptuous as vol

from . import const as c
from .configuration import subentries
from .flow_selectors import choice, numbers, optional, price_per_kw, whole
from .grid_inputs import GRID_POWERS
from .meter_inputs import POWER_UNITS, says_power
from .model.grid import DimmingKind, GridSettings

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

DIMMING_OFF: Final = "off"
_DIMMING: Final = (DIMMING_OFF, *DimmingKind)
_DEFAULTS: Final = GridSettings()
_SWITCHES: Final = EntitySelector(
    EntitySelectorConfig(domain=["binary_sensor", "switch", "input_boolean"])
)
_SHARES: Final = EntitySelector(
    EntitySelectorConfig(
        filter=[
            {"domain": ["sensor", "number", "input_number"], "unit_of_measurement": ["%"]},
            {"domain": ["select", "input_select"]},
        ]
    )
)
_LONGEST_DELAY_S: Final = 1800
"""What a charge point must be capable of (Smart Charge Points Regulations 2021, regulation 11)."""
_MOST_W: Final = 2_000_000


def grid_fields(now: Mapping[str, Any], currency: str) -> dict[Any, Any]:
    """Return the fields of the section, filled with what the options say now."""
    power = numbers(*POWER_UNITS)

    def required(key: str, default: object) -> vol.Required:
        return vol.Required(key, default=now.get(key, default))

    def named(key: str) -> vol.Optional:
        return optional(key, now.get(key))

    return {
        required(c.CONF_FOLLOW_PEAK, _DEFAULTS.follow_peak): BooleanSelector(),
        required(c.CONF_PEAK_FLOOR_W, _DEFAULTS.peak_floor_w): whole(0, _MOST_W, "W"),
        required(c.CONF_FAST_MAY_RAISE_PEAK, _DEFAULTS.fast_may_raise_peak): BooleanSelector(),
        named(c.CONF_PEAK_PRICE): price_per_kw(currency),
        named(c.CONF_QUARTER_ENTITY): power,
        named(c.CONF_PEAK_ENTITY): power,
        required(c.CONF_DIMMING, DIMMING_OFF): choice(_DIMMING, c.CONF_DIMMING),
        named(c.CONF_DIMMING_ENTITY): _SWITCHES,
        named(c.CONF_DIMMING_LIMIT_ENTITY): power,
        required(c.CONF_OTHER_DEVICES, _DEFAULTS.other_devices): whole(0, 1000),
        required(c.CONF_LARGE_HEATING_W, _DEFAULTS.large_heating_w): whole(0, _MOST_W, "W"),
        named(c.CONF_OTHERS_POWER): power,
        named(c.CONF_RIPPLE_ENTITY): _SHARES,
        required(c.CONF_DELAY_S, _DEFAULTS.delay_s): whole(0, _LONGEST_DELAY_S, "s"),
        required(c.CONF_SPREAD, _DEFAULTS.spread): BooleanSelector(),
    }


def grid_problem(
    hass: HomeAssistant, entry: EvStationConfigEntry, answers: Mapping[str, Any]
) -> str | None:
    """Return what is wrong: an entity that says no power, or one that is missing."""
    named = [answers[key] for key in GRID_POWERS if answers.get(key)]
    if any(not says_power(hass.states.get(entity)) for entity in named):
        return "power_unit"
    if answers[c.CONF_DIMMING] != DIMMING_OFF and not answers.get(c.CONF_DIMMING_ENTITY):
        return "dimming_needs_entity"
    measured = answers.get(c.CONF_GRID_POWER) or answers.get(c.CONF_LOAD_POWER)
    counts = answers[c.CONF_FOLLOW_PEAK] or answers.get(c.CONF_PEAK_PRICE) is not None
    if counts and not (measured or _has_metered_circuit(entry)):
        return "peak_needs_meter"
    return None


def _has_metered_circuit(entry: EvStationConfigEntry) -> bool:
    return any(each.data.get(c.CONF_METERS[0]) for each in subentries(entry, c.SUBENTRY_CIRCUIT))
