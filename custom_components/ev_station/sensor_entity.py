"""What all sensors share: the form of a table's row, and the entity that shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import override

from homeassistant.components.sensor import SensorEntity, SensorEntityDescription

from .entity import Description, EvStationEntity
from .lookup import View

type Value = str | float | datetime | None


@dataclass(frozen=True, kw_only=True)
class SensorDescription[V: View](Description[V], SensorEntityDescription):
    """A sensor: what it shows and how much must change to be worth a write."""

    value_fn: Callable[[V], Value]
    step: float | None = None
    """The smallest change shown, in the native unit."""
    unit_fn: Callable[[V], str] | None = None
    last_reset_fn: Callable[[V], datetime | None] | None = None


class EvStationSensor[V: View](EvStationEntity[V], SensorEntity):
    """A row of the tables below."""

    entity_description: SensorDescription[V]

    @property
    @override
    def native_value(self) -> Value:
        """Return the value."""
        return self.entity_description.value_fn(view) if (view := self.view) else None

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        """Return the unit; money is in the currency of the session, or of the site."""
        view, unit = self.view, self.entity_description.unit_fn
        return unit(view) if view and unit else super().native_unit_of_measurement

    @property
    @override
    def last_reset(self) -> datetime | None:
        """Return when the total began."""
        view, begin = self.view, self.entity_description.last_reset_fn
        return begin(view) if view and begin else None

    @override
    def shown(self) -> object:
        """Return the value in steps of what is worth showing."""
        value, step = self.native_value, self.entity_description.step
        if step is None or not isinstance(value, int | float):
            return value
        return round(value / step)


def number(value: Decimal | None) -> float | None:
    """Return a decimal as Home Assistant's states hold numbers."""
    return None if value is None else float(value)
