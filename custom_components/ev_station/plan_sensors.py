"""Sensors of a plan: when a car draws next and is ready, what that costs, and whether it will be ready at all."""

from collections.abc import Callable
from typing import Any, Final, override

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import UnitOfEnergy, UnitOfMass
from homeassistant.util import dt as dt_util

from .lookup import EvseView
from .model.plan import EvsePlan, PlanState
from .sensor_entity import EvStationSensor, SensorDescription, Value, number


def _planned(value: Callable[[EvsePlan], Value]) -> Callable[[EvseView], Value]:
    """Return how to read a value of a plan; unknown without one."""
    return lambda view: None if view.plan is None else value(view.plan)


def _was_planned(view: EvseView) -> bool:
    return view.plan is not None


def _tells_co2(view: EvseView) -> bool:
    return view.plan is not None and view.plan.co2_kg is not None


PLAN_SENSORS: Final[tuple[SensorDescription[EvseView], ...]] = (
    SensorDescription(
        key="next_start",
        translation_key="next_start",
        device_class=SensorDeviceClass.TIMESTAMP,
        exists_fn=_was_planned,
        value_fn=_planned(lambda plan: plan.begins_after(dt_util.utcnow())),
    ),
    SensorDescription(
        key="ready_at",
        translation_key="ready_at",
        device_class=SensorDeviceClass.TIMESTAMP,
        exists_fn=_was_planned,
        value_fn=_planned(lambda plan: plan.ready_at),
    ),
    SensorDescription(
        key="planned_energy",
        translation_key="planned_energy",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.WATT_HOUR,
        suggested_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=1,
        exists_fn=_was_planned,
        value_fn=_planned(lambda plan: number(plan.energy_wh)),
    ),
    SensorDescription(
        key="planned_cost",
        translation_key="planned_cost",
        device_class=SensorDeviceClass.MONETARY,
        suggested_display_precision=2,
        unit_fn=lambda view: view.site.currency,
        exists_fn=_was_planned,
        value_fn=_planned(lambda plan: number(plan.cost)),
    ),
    SensorDescription(
        key="planned_saving",
        translation_key="planned_saving",
        device_class=SensorDeviceClass.MONETARY,
        suggested_display_precision=2,
        unit_fn=lambda view: view.site.currency,
        exists_fn=_was_planned,
        value_fn=_planned(lambda plan: number(plan.saved)),
    ),
    SensorDescription(
        key="planned_co2",
        translation_key="planned_co2",
        device_class=SensorDeviceClass.WEIGHT,
        native_unit_of_measurement=UnitOfMass.KILOGRAMS,
        suggested_display_precision=2,
        exists_fn=_tells_co2,
        value_fn=_planned(lambda plan: number(plan.co2_kg)),
    ),
)

PLAN_STATES: Final[tuple[SensorDescription[EvseView], ...]] = (
    SensorDescription(
        key="plan_state",
        translation_key="plan_state",
        device_class=SensorDeviceClass.ENUM,
        options=[state.value for state in PlanState],
        exists_fn=_was_planned,
        value_fn=_planned(lambda plan: plan.standing.value),
    ),
)


class PlanStateSensor(EvStationSensor[EvseView]):
    """Tells whether a car will be ready, and what it will lack."""

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Return when it leaves or should have, until when it goes on in that case, and what is missing then."""
        view = self.view
        plan = view.plan if view else None
        if view is None or plan is None:
            return {}
        return {
            "departure": plan.leaves_at.isoformat(),
            "late_until": plan.late_until.isoformat() if plan.late_until else None,
            "missing_energy": round(float(plan.unmet_wh) / 1000, 1),
            "missing_percent": view.missing_percent,
        }

    @override
    def shown(self) -> object:
        """Return the state with what is missing, which changes without it."""
        return self.state, self.extra_state_attributes
