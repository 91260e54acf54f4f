"""Numbers: the most an EVSE may offer, and what a car is to have."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, override

from homeassistant.components.number import NumberDeviceClass, NumberEntity, NumberEntityDescription
from homeassistant.const import PERCENTAGE, EntityCategory, UnitOfElectricCurrent
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .engine import Engine
from .entity import Description, EvStationEntity, Table, async_setup_tables
from .errors import carry_out
from .lookup import EVSE, VEHICLE, EvseView, VehicleView, View
from .model.commands import CommandResult
from .model.vehicle import Goal, GoalKind

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

PARALLEL_UPDATES = 1


@dataclass(frozen=True, kw_only=True)
class NumberDescription[V: View](Description[V], NumberEntityDescription):
    """A number: its value, its top and how it is set."""

    value_fn: Callable[[V], float]
    max_fn: Callable[[V], float]
    set_fn: Callable[[Engine, V, float], Awaitable[CommandResult]]


class EvStationNumber[V: View](EvStationEntity[V], NumberEntity):
    """A row of the tables below."""

    entity_description: NumberDescription[V]

    @property
    @override
    def native_value(self) -> float | None:
        """Return the value."""
        return self.entity_description.value_fn(view) if (view := self.view) else None

    @property
    @override
    def native_max_value(self) -> float:
        """Return the highest value."""
        view = self.view
        return self.entity_description.max_fn(view) if view else super().native_max_value

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set the value."""
        if view := self.view:
            await carry_out(self.entity_description.set_fn(self.coordinator.engine, view, value))


def _set_goal(engine: Engine, view: VehicleView, percent: int) -> Awaitable[CommandResult]:
    """Change the goal in force: that of the departure where it has its own, else the usual one."""
    key, trip = view.vehicle.key, view.wanting(Goal(GoalKind.PERCENT, Decimal(percent)))
    return engine.set_goal(key, percent) if trip is None else engine.set_trip(key, trip)


# Below 6 A no car charges (IEC 61851-1); to stop charging there is the switch.
EVSE_NUMBERS: Final[tuple[NumberDescription[EvseView], ...]] = (
    NumberDescription(
        key="maximum_current",
        translation_key="maximum_current",
        device_class=NumberDeviceClass.CURRENT,
        entity_category=EntityCategory.CONFIG,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        native_min_value=6,
        native_step=1,
        value_fn=lambda view: float(view.limit_a),
        max_fn=lambda view: float(view.max_current_a),
        set_fn=lambda engine, view, value: engine.set_limit(view.evse.id, value),
    ),
)

VEHICLE_NUMBERS: Final[tuple[NumberDescription[VehicleView], ...]] = (
    NumberDescription(
        key="goal",
        translation_key="goal",
        native_unit_of_measurement=PERCENTAGE,
        native_min_value=1,
        native_step=1,
        value_fn=lambda view: view.goal_percent,
        max_fn=lambda _view: 100,
        set_fn=lambda engine, view, value: _set_goal(engine, view, int(value)),
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: EvStationConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers."""
    async_setup_tables(
        entry,
        async_add_entities,
        Table(EVSE, EvStationNumber, EVSE_NUMBERS),
        Table(VEHICLE, EvStationNumber, VEHICLE_NUMBERS),
    )
