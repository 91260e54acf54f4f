"""Sensors: what EVSEs measure, what sessions and drivers add up to, how chargers are."""

from typing import TYPE_CHECKING, Final, override

from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfEnergy,
    UnitOfPower,
    UnitOfTemperature,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import Table, async_setup_tables
from .lookup import (
    CHARGER,
    CIRCUIT,
    DRIVER,
    EVSE,
    SITE_KIND,
    VEHICLE,
    ChargerView,
    CircuitView,
    DriverView,
    EvseView,
    SiteView,
    VehicleView,
)
from .model.status import EvseStatus
from .plan_sensors import PLAN_SENSORS, PLAN_STATES, PlanStateSensor
from .planning.demand import is_believed
from .reasons import async_sentence
from .sensor_entity import EvStationSensor, SensorDescription, Value, number

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

PARALLEL_UPDATES = 0


def _phase_sensors(index: int) -> tuple[SensorDescription[EvseView], ...]:
    """Return current and voltage of one conductor."""
    return (
        SensorDescription(
            key=f"current_l{index + 1}",
            translation_key=f"current_l{index + 1}",
            device_class=SensorDeviceClass.CURRENT,
            state_class=SensorStateClass.MEASUREMENT,
            native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
            suggested_display_precision=1,
            step=0.1,
            live=True,
            exists_fn=lambda view: view.live.currents_a[index] is not None,
            value_fn=lambda view: number(view.live.currents_a[index]),
        ),
        SensorDescription(
            key=f"voltage_l{index + 1}",
            translation_key=f"voltage_l{index + 1}",
            device_class=SensorDeviceClass.VOLTAGE,
            state_class=SensorStateClass.MEASUREMENT,
            native_unit_of_measurement=UnitOfElectricPotential.VOLT,
            entity_category=EntityCategory.DIAGNOSTIC,
            entity_registry_enabled_default=False,
            suggested_display_precision=0,
            step=1,
            live=True,
            exists_fn=lambda view: view.live.voltages_v[index] is not None,
            value_fn=lambda view: number(view.live.voltages_v[index]),
        ),
    )


def _load_sensor(index: int) -> SensorDescription[CircuitView]:
    """Return what flows on one phase of a circuit: a second look at what meters say, so off by default."""
    return SensorDescription(
        key=f"load_l{index + 1}",
        translation_key=f"load_l{index + 1}",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        suggested_display_precision=1,
        step=0.5,
        value_fn=lambda view: number(view.seen.total_a[index]) if view.seen else None,
    )


class EvStationReasonSensor(EvStationSensor[EvseView]):
    """Says in words why an EVSE has its present limit."""

    @property
    @override
    def native_value(self) -> Value:
        """Return the sentence."""
        view = self.view
        return async_sentence(self.hass, view.held, view.circuit) if view else None

    @property
    @override
    def extra_state_attributes(self) -> dict[str, str | float | int | None]:
        """Return the same in data, for automations."""
        view = self.view
        if view is None:
            return {}
        reason = view.held.reason
        return {
            "reason": reason.kind.value,
            "limit": float(view.held.limit_a),
            "fallback_limit": float(view.held.floor_a),
            "circuit": view.circuit,
            "phase": None if reason.phase is None else f"L{reason.phase + 1}",
            "cars": reason.cars,
            "until": reason.until.isoformat() if reason.until else None,
        }


REASON_SENSORS: Final[tuple[SensorDescription[EvseView], ...]] = (
    SensorDescription(
        key="limit_reason",
        translation_key="limit_reason",
        value_fn=lambda _view: None,
    ),
)

EVSE_SENSORS: Final[tuple[SensorDescription[EvseView], ...]] = (
    SensorDescription(
        key="status",
        translation_key="status",
        device_class=SensorDeviceClass.ENUM,
        options=[status.value for status in EvseStatus if status is not EvseStatus.UNKNOWN],
        live=True,
        value_fn=lambda view: (
            None if view.evse.status is EvseStatus.UNKNOWN else view.evse.status.value
        ),
    ),
    SensorDescription(
        key="power",
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        step=1,
        live=True,
        exists_fn=lambda view: view.live.power_w is not None,
        value_fn=lambda view: number(view.live.power_w),
    ),
    SensorDescription(
        key="energy",
        translation_key="energy",
        device_class=SensorDeviceClass.ENERGY,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfEnergy.WATT_HOUR,
        suggested_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=2,
        step=10,
        exists_fn=lambda view: view.live.register_wh is not None,
        value_fn=lambda view: number(view.live.register_wh),
    ),
    SensorDescription(
        key="session_energy",
        translation_key="session_energy",
        device_class=SensorDeviceClass.ENERGY,
        state_class=SensorStateClass.TOTAL,
        native_unit_of_measurement=UnitOfEnergy.WATT_HOUR,
        suggested_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=2,
        step=10,
        last_reset_fn=lambda view: view.started_at,
        value_fn=lambda view: number(view.session.energy_wh) if view.session else None,
    ),
    SensorDescription(
        key="session_cost",
        translation_key="session_cost",
        device_class=SensorDeviceClass.MONETARY,
        state_class=SensorStateClass.TOTAL,
        suggested_display_precision=2,
        step=0.01,
        unit_fn=lambda view: view.currency,
        last_reset_fn=lambda view: view.started_at,
        value_fn=lambda view: number(view.cost),
    ),
    SensorDescription(
        key="session_duration",
        translation_key="session_duration",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_unit_of_measurement=UnitOfTime.MINUTES,
        suggested_display_precision=0,
        step=60,
        value_fn=lambda view: None if view.duration is None else view.duration.total_seconds() // 1,
    ),
    *_phase_sensors(0),
    *_phase_sensors(1),
    *_phase_sensors(2),
    SensorDescription(
        key="state_of_charge",
        translation_key="state_of_charge",
        device_class=SensorDeviceClass.BATTERY,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=0,
        step=1,
        live=True,
        exists_fn=lambda view: view.live.soc_percent is not None,
        value_fn=lambda view: number(view.live.soc_percent),
    ),
    SensorDescription(
        key="offered_current",
        translation_key="offered_current",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        entity_category=EntityCategory.DIAGNOSTIC,
        suggested_display_precision=1,
        step=0.1,
        live=True,
        exists_fn=lambda view: view.live.offered_a is not None,
        value_fn=lambda view: number(view.live.offered_a),
    ),
    SensorDescription(
        key="phases",
        translation_key="phases",
        entity_category=EntityCategory.DIAGNOSTIC,
        exists_fn=lambda view: view.phasing is not None,
        value_fn=lambda view: view.phases,
    ),
    SensorDescription(
        key="temperature",
        device_class=SensorDeviceClass.TEMPERATURE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        suggested_display_precision=0,
        step=1,
        live=True,
        exists_fn=lambda view: view.live.temperature_c is not None,
        value_fn=lambda view: number(view.live.temperature_c),
    ),
    SensorDescription(
        key="driver",
        translation_key="driver",
        personal=True,
        value_fn=lambda view: (
            view.driver.settings.name if view.driver and view.evse.session else None
        ),
    ),
)

CHARGER_SENSORS: Final[tuple[SensorDescription[ChargerView], ...]] = (
    SensorDescription(
        key="firmware",
        translation_key="firmware",
        entity_category=EntityCategory.DIAGNOSTIC,
        exists_fn=lambda view: view.charger.boot is not None and bool(view.charger.boot.firmware),
        value_fn=lambda view: view.charger.boot.firmware if view.charger.boot else None,
    ),
    SensorDescription(
        key="last_boot",
        translation_key="last_boot",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        exists_fn=lambda view: view.charger.boot is not None,
        value_fn=lambda view: view.charger.boot.at if view.charger.boot else None,
    ),
)

DRIVER_SENSORS: Final[tuple[SensorDescription[DriverView], ...]] = (
    SensorDescription(
        key="month_energy",
        translation_key="month_energy",
        device_class=SensorDeviceClass.ENERGY,
        state_class=SensorStateClass.TOTAL,
        native_unit_of_measurement=UnitOfEnergy.WATT_HOUR,
        suggested_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=2,
        step=1,
        last_reset_fn=lambda view: view.month_start,
        value_fn=lambda view: number(view.energy_wh),
    ),
    SensorDescription(
        key="month_cost",
        translation_key="month_cost",
        device_class=SensorDeviceClass.MONETARY,
        state_class=SensorStateClass.TOTAL,
        suggested_display_precision=2,
        step=0.01,
        unit_fn=lambda view: view.site.currency,
        last_reset_fn=lambda view: view.month_start,
        value_fn=lambda view: number(view.amount),
    ),
)

SITE_SENSORS: Final[tuple[SensorDescription[SiteView], ...]] = (
    SensorDescription(
        key="total_power",
        translation_key="total_power",
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        step=1,
        value_fn=lambda view: number(view.power_w),
    ),
    SensorDescription(
        key="chargers_connected",
        translation_key="chargers_connected",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda view: view.chargers_connected,
    ),
    SensorDescription(
        key="quarter_mean",
        translation_key="quarter_mean",
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        exists_fn=lambda view: view.site.grid.counts_peak,
        value_fn=lambda view: view.grid.quarter.expected_w if view.grid.quarter else None,
    ),
    SensorDescription(
        key="month_peak",
        translation_key="month_peak",
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        exists_fn=lambda view: view.site.grid.counts_peak,
        value_fn=lambda view: view.grid.peak_w if view.grid.month else None,
    ),
)


VEHICLE_SENSORS: Final[tuple[SensorDescription[VehicleView], ...]] = (
    SensorDescription(
        key="battery",
        translation_key="battery",
        device_class=SensorDeviceClass.BATTERY,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=PERCENTAGE,
        exists_fn=lambda view: view.vehicle.percent is not None,
        value_fn=lambda view: (
            number(view.vehicle.percent) if is_believed(view.vehicle, view.session) else None
        ),
    ),
    SensorDescription(
        key="next_departure",
        translation_key="next_departure",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda view: view.departure,
    ),
)

CIRCUIT_SENSORS: Final[tuple[SensorDescription[CircuitView], ...]] = (
    SensorDescription(
        key="limit",
        translation_key="circuit_limit",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=0,
        value_fn=lambda view: number(view.circuit.limit_a),
    ),
    SensorDescription(
        key="headroom",
        translation_key="headroom",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=1,
        step=0.5,
        value_fn=lambda view: number(view.seen.headroom_a) if view.seen else None,
    ),
    *(_load_sensor(index) for index in range(3)),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: EvStationConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors."""
    async_setup_tables(
        entry,
        async_add_entities,
        Table(SITE_KIND, EvStationSensor[SiteView], SITE_SENSORS),
        Table(CHARGER, EvStationSensor[ChargerView], CHARGER_SENSORS),
        Table(CIRCUIT, EvStationSensor[CircuitView], CIRCUIT_SENSORS),
        Table(EVSE, EvStationSensor[EvseView], EVSE_SENSORS),
        Table(EVSE, EvStationReasonSensor, REASON_SENSORS),
        Table(EVSE, EvStationSensor[EvseView], PLAN_SENSORS),
        Table(EVSE, PlanStateSensor, PLAN_STATES),
        Table(DRIVER, EvStationSensor[DriverView], DRIVER_SENSORS),
        Table(VEHICLE, EvStationSensor[VehicleView], VEHICLE_SENSORS),
    )
