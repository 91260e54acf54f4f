"""The steps of a vehicle: its battery, what it is to have, and when it leaves."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.calendar import DOMAIN as CALENDAR
from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import PERCENTAGE, UnitOfLength, UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TimeSelector,
)
import voluptuous as vol

from . import const as c
from .configuration import only, tags_of
from .flow_selectors import (
    cents_problem,
    collapsed,
    optional,
    plain,
    price,
    still_there,
    subentry_choice,
    whole,
)
from .flow_subentry import FormFlow, Problem
from .vehicle_inputs import Battery, kilometres, says_distance

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

_PERCENTS: Final = EntitySelector(
    EntitySelectorConfig(
        filter=[
            {"domain": "sensor", "device_class": SensorDeviceClass.BATTERY},
            {"domain": ["number", "input_number"], "unit_of_measurement": [PERCENTAGE]},
        ]
    )
)
_DISTANCES: Final = EntitySelector(
    EntitySelectorConfig(
        filter=[
            {"domain": "sensor", "device_class": SensorDeviceClass.DISTANCE},
            {
                "domain": ["number", "input_number"],
                "unit_of_measurement": [UnitOfLength.KILOMETERS, UnitOfLength.MILES],
            },
        ]
    )
)
_BATTERY: Final = NumberSelector(
    NumberSelectorConfig(
        min=1, max=1000, step=0.1, mode=NumberSelectorMode.BOX, unit_of_measurement="kWh"
    )
)
_PHASES: Final = SelectSelector(
    SelectSelectorConfig(options=["1", "2", "3"], translation_key="vehicle_phases")
)


class VehicleFlow(FormFlow):
    """Adds a vehicle, or changes one; a session that goes on is planned anew."""

    kind = c.SUBENTRY_VEHICLE
    sections = (c.SECTION_DEPARTURES, c.SECTION_EXTRA, c.SECTION_CHARGING)
    words = ("entity", "range")

    @override
    def _fields(self) -> dict[Any, Any]:
        return _fields(self.hass, self._get_entry(), self._subentry)

    @override
    def _problems(self, answers: Mapping[str, Any]) -> Iterator[Problem]:
        if answers[c.CONF_GOAL_PERCENT] < answers[c.CONF_LEAST_PERCENT]:
            yield c.CONF_GOAL_PERCENT, "goal_below_least", {}
        least, most = (answers.get(key) for key in (c.CONF_MIN_CURRENT_A, c.CONF_MAX_CURRENT_A))
        if least and most and least > most:
            yield "base", "min_above_max", {}
        if entity := answers.get(c.CONF_RANGE_ENTITY):
            yield from self._range_problems(entity, Battery.of(answers))
        if (dearest := answers.get(c.CONF_EXTRA_PRICE)) is not None:
            yield from self._extra_problems(dearest, answers)

    def _range_problems(self, entity: str, battery: Battery) -> Iterator[Problem]:
        state = self.hass.states.get(entity)
        km = kilometres(state)
        if not says_distance(state):
            yield c.CONF_RANGE_ENTITY, "range_unit", {"entity": plain(entity)}
        elif km is not None and battery.percent(km) is None:
            words = {"entity": plain(entity), "range": f"{km:.0f}"}
            yield c.CONF_RANGE_ENTITY, "range_too_far", words

    def _extra_problems(self, dearest: float, answers: Mapping[str, Any]) -> Iterator[Problem]:
        if answers[c.CONF_EXTRA_PERCENT] <= answers[c.CONF_GOAL_PERCENT]:
            yield c.CONF_EXTRA_PERCENT, "extra_below_goal", {}
        if problem := cents_problem(dearest, _currency(self._get_entry())):
            yield c.CONF_EXTRA_PRICE, problem, {}


def _fields(
    hass: HomeAssistant, entry: EvStationConfigEntry, vehicle: ConfigSubentry | None
) -> dict[Any, Any]:
    data: Mapping[str, Any] = vehicle.data if vehicle else {}
    driver = still_there(entry, data.get(c.CONF_DRIVER))
    alone = None if vehicle else only(entry, c.SUBENTRY_DRIVER)
    return {
        optional(c.CONF_DRIVER, driver or alone): subentry_choice(entry, c.SUBENTRY_DRIVER),
        **_tag_fields(entry, data),
        vol.Required(
            c.CONF_BATTERY_KWH, default=data.get(c.CONF_BATTERY_KWH, c.DEFAULT_BATTERY_KWH)
        ): _BATTERY,
        optional(c.CONF_SOC_ENTITY, data.get(c.CONF_SOC_ENTITY)): _PERCENTS,
        optional(c.CONF_RANGE_ENTITY, data.get(c.CONF_RANGE_ENTITY)): _DISTANCES,
        vol.Required(c.CONF_GOAL_PERCENT, default=data.get(c.CONF_GOAL_PERCENT, 80)): whole(
            1, 100, PERCENTAGE
        ),
        vol.Required(c.CONF_LEAST_PERCENT, default=data.get(c.CONF_LEAST_PERCENT, 0)): whole(
            0, 100, PERCENTAGE
        ),
        vol.Required(c.SECTION_DEPARTURES): section(vol.Schema(_departure_fields(hass, data))),
        vol.Required(c.SECTION_EXTRA): collapsed(_extra_fields(data, _currency(entry))),
        vol.Required(c.SECTION_CHARGING): collapsed(_charging_fields(data)),
    }


def _currency(entry: EvStationConfigEntry) -> str:
    return str(entry.data[c.CONF_CURRENCY])


def _extra_fields(data: Mapping[str, Any], currency: str) -> dict[Any, Any]:
    percent = data.get(c.CONF_EXTRA_PERCENT, c.DEFAULT_EXTRA_PERCENT)
    return {
        optional(c.CONF_EXTRA_PRICE, data.get(c.CONF_EXTRA_PRICE)): price(currency),
        vol.Required(c.CONF_EXTRA_PERCENT, default=percent): whole(1, 100, PERCENTAGE),
    }


def _tag_fields(entry: EvStationConfigEntry, data: Mapping[str, Any]) -> dict[Any, Any]:
    """Return the choice among the drivers' tags, if they have any."""
    known = tags_of(entry)
    if not known:
        return {}
    options = [SelectOptionDict(value=uid, label=name) for uid, name in known.items()]
    config = SelectSelectorConfig(options=options, multiple=True, mode=SelectSelectorMode.DROPDOWN)
    chosen = [uid for uid in data.get(c.CONF_OWN_TAGS, ()) if uid in known]
    return {optional(c.CONF_OWN_TAGS, chosen or None): SelectSelector(config)}


def _departure_fields(hass: HomeAssistant, data: Mapping[str, Any]) -> dict[Any, Any]:
    margin = data.get(c.CONF_CALENDAR_MARGIN_MIN, c.DEFAULT_CALENDAR_MARGIN_MIN)
    return {
        **{optional(day, data.get(day)): TimeSelector() for day in c.CONF_DEPARTURES.values()},
        optional(c.CONF_CALENDAR_ENTITY, data.get(c.CONF_CALENDAR_ENTITY)): _calendars(hass),
        vol.Required(c.CONF_CALENDAR_MARGIN_MIN, default=margin): whole(0, 240, UnitOfTime.MINUTES),
    }


def _calendars(hass: HomeAssistant) -> EntitySelector:
    """Return a choice among the calendars of others: a car does not leave when it is planned to charge."""
    known = er.async_get(hass).entities.values()
    ours = [each.entity_id for each in known if each.platform == c.DOMAIN]
    return EntitySelector(EntitySelectorConfig(domain=CALENDAR, exclude_entities=ours))


def _charging_fields(data: Mapping[str, Any]) -> dict[Any, Any]:
    efficiency = data.get(c.CONF_EFFICIENCY_PERCENT, c.DEFAULT_EFFICIENCY_PERCENT)
    tapers = data.get(c.CONF_TAPERS_FROM_PERCENT, c.DEFAULT_TAPERS_FROM_PERCENT)
    return {
        optional(c.CONF_MIN_CURRENT_A, data.get(c.CONF_MIN_CURRENT_A)): whole(6, 32, "A"),
        optional(c.CONF_MAX_CURRENT_A, data.get(c.CONF_MAX_CURRENT_A)): whole(6, 80, "A"),
        optional(c.CONF_PHASES, data.get(c.CONF_PHASES)): _PHASES,
        vol.Required(c.CONF_EFFICIENCY_PERCENT, default=efficiency): whole(50, 100, PERCENTAGE),
        vol.Required(c.CONF_TAPERS_FROM_PERCENT, default=tapers): whole(50, 100, PERCENTAGE),
        vol.Required(
            c.CONF_WH_PER_KM, default=data.get(c.CONF_WH_PER_KM, c.DEFAULT_WH_PER_KM)
        ): whole(50, 2000, "Wh/km"),
    }
