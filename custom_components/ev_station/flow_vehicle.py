"""The steps of a vehicle: its battery, what it is to have, and when it leaves."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.calendar import DOMAIN as CALENDAR
from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.config_entries import ConfigSubentry, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_NAME, PERCENTAGE, UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TimeSelector,
)
import voluptuous as vol

from . import const as c
from .configuration import only
from .flow_selectors import (
    collapsed,
    flat,
    name_problem,
    optional,
    still_there,
    subentry_choice,
    whole,
)

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

_SECTIONS: Final = (c.SECTION_DEPARTURES, c.SECTION_CHARGING)
_PERCENTS: Final = EntitySelector(
    EntitySelectorConfig(
        filter=[
            {"domain": "sensor", "device_class": SensorDeviceClass.BATTERY},
            {"domain": ["number", "input_number"], "unit_of_measurement": [PERCENTAGE]},
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


class VehicleFlow(ConfigSubentryFlow):
    """Adds a vehicle, or changes one."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for a new vehicle."""
        errors = self._errors(user_input, None)
        if user_input is not None and not errors:
            return self.async_create_entry(title=_title(user_input), data=_data(user_input))
        return self._form("user", None, user_input, errors)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change a vehicle; a session that goes on is planned anew."""
        vehicle = self._get_reconfigure_subentry()
        errors = self._errors(user_input, vehicle)
        if user_input is not None and not errors:
            return self.async_update_and_abort(
                self._get_entry(), vehicle, title=_title(user_input), data=_data(user_input)
            )
        return self._form("reconfigure", vehicle, user_input, errors)

    def _form(
        self,
        step: str,
        vehicle: ConfigSubentry | None,
        user_input: dict[str, Any] | None,
        errors: dict[str, str],
    ) -> SubentryFlowResult:
        schema = vol.Schema(_fields(self.hass, self._get_entry(), vehicle))
        return self.async_show_form(
            step_id=step,
            data_schema=self.add_suggested_values_to_schema(schema, user_input),
            errors=errors,
        )

    def _errors(
        self, user_input: Mapping[str, Any] | None, vehicle: ConfigSubentry | None
    ) -> dict[str, str]:
        if user_input is None:
            return {}
        entry, name = self._get_entry(), user_input[CONF_NAME]
        if problem := name_problem(entry, c.SUBENTRY_VEHICLE, name, vehicle):
            return {CONF_NAME: problem}
        if user_input[c.CONF_GOAL_PERCENT] < user_input[c.CONF_LEAST_PERCENT]:
            return {c.CONF_GOAL_PERCENT: "goal_below_least"}
        return {}


def _fields(
    hass: HomeAssistant, entry: EvStationConfigEntry, vehicle: ConfigSubentry | None
) -> dict[Any, Any]:
    data: Mapping[str, Any] = vehicle.data if vehicle else {}
    driver = still_there(entry, data.get(c.CONF_DRIVER))
    alone = None if vehicle else only(entry, c.SUBENTRY_DRIVER)
    return {
        vol.Required(CONF_NAME, default=vehicle.title if vehicle else vol.UNDEFINED): (
            TextSelector()
        ),
        optional(c.CONF_DRIVER, driver or alone): subentry_choice(entry, c.SUBENTRY_DRIVER),
        vol.Required(
            c.CONF_BATTERY_KWH, default=data.get(c.CONF_BATTERY_KWH, c.DEFAULT_BATTERY_KWH)
        ): _BATTERY,
        optional(c.CONF_SOC_ENTITY, data.get(c.CONF_SOC_ENTITY)): _PERCENTS,
        vol.Required(c.CONF_GOAL_PERCENT, default=data.get(c.CONF_GOAL_PERCENT, 80)): whole(
            1, 100, PERCENTAGE
        ),
        vol.Required(c.CONF_LEAST_PERCENT, default=data.get(c.CONF_LEAST_PERCENT, 0)): whole(
            0, 100, PERCENTAGE
        ),
        vol.Required(c.SECTION_DEPARTURES): section(vol.Schema(_departure_fields(hass, data))),
        vol.Required(c.SECTION_CHARGING): collapsed(_charging_fields(data)),
    }


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
    return {
        optional(c.CONF_MAX_CURRENT_A, data.get(c.CONF_MAX_CURRENT_A)): whole(6, 80, "A"),
        optional(c.CONF_PHASES, data.get(c.CONF_PHASES)): _PHASES,
        vol.Required(c.CONF_EFFICIENCY_PERCENT, default=efficiency): whole(50, 100, PERCENTAGE),
        vol.Required(
            c.CONF_WH_PER_KM, default=data.get(c.CONF_WH_PER_KM, c.DEFAULT_WH_PER_KM)
        ): whole(50, 2000, "Wh/km"),
    }


def _title(user_input: Mapping[str, Any]) -> str:
    return str(user_input[CONF_NAME]).strip()


def _data(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is stored: everything but the name; what was not answered is absent."""
    answers = flat(user_input, *_SECTIONS)
    del answers[CONF_NAME]
    return answers
