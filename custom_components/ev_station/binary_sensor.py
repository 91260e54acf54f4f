"""Binary sensors: plugged, charging, connected, in trouble, to be held."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.binary_sensor import BinarySensorEntity, BinarySensorEntityDescription
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import Description, EvStationEntity, Table, async_setup_tables
from .lookup import (
    CHARGER,
    CIRCUIT,
    EVSE,
    SITE_KIND,
    ChargerView,
    CircuitView,
    EvseView,
    SiteView,
    View,
)
from .model.grid import Dimming
from .model.status import EvseStatus

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class BinarySensorDescription[V: View](Description[V], BinarySensorEntityDescription):
    """A binary sensor: when it is on, and what it says besides."""

    is_on_fn: Callable[[V], bool | None]
    attributes_fn: Callable[[V], Mapping[str, Any]] | None = None


class EvStationBinarySensor[V: View](EvStationEntity[V], BinarySensorEntity):
    """A row of the tables below."""

    entity_description: BinarySensorDescription[V]

    @property
    @override
    def is_on(self) -> bool | None:
        """Return the state."""
        return self.entity_description.is_on_fn(view) if (view := self.view) else None

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """Return what the state needs to be understood."""
        view, attributes = self.view, self.entity_description.attributes_fn
        return attributes(view) if view and attributes else None

    @override
    def shown(self) -> object:
        """Return the state with its attributes."""
        return self.is_on, self.extra_state_attributes


EVSE_BINARY_SENSORS: Final[tuple[BinarySensorDescription[EvseView], ...]] = (
    BinarySensorDescription(
        key="plugged",
        device_class=BinarySensorDeviceClass.PLUG,
        live=True,
        is_on_fn=lambda view: view.plugged,
    ),
    BinarySensorDescription(
        key="charging",
        device_class=BinarySensorDeviceClass.BATTERY_CHARGING,
        live=True,
        is_on_fn=lambda view: view.evse.status is EvseStatus.CHARGING,
    ),
)

CHARGER_BINARY_SENSORS: Final[tuple[BinarySensorDescription[ChargerView], ...]] = (
    BinarySensorDescription(
        key="connected",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        is_on_fn=lambda view: view.connected,
    ),
    BinarySensorDescription(
        key="problem",
        translation_key="problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        is_on_fn=lambda view: view.problem is not None,
        attributes_fn=lambda view: {"problem": view.problem, "error": view.fault},
    ),
)


CIRCUIT_BINARY_SENSORS: Final[tuple[BinarySensorDescription[CircuitView], ...]] = (
    BinarySensorDescription(
        key="meters",
        translation_key="meters",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        exists_fn=lambda view: view.meters is not None,
        is_on_fn=lambda view: view.meters,
    ),
    BinarySensorDescription(
        key="overloaded",
        translation_key="overloaded",
        device_class=BinarySensorDeviceClass.PROBLEM,
        exists_fn=lambda view: view.meters is not None,
        is_on_fn=lambda view: view.seen.overloaded if view.seen else None,
    ),
)

SITE_BINARY_SENSORS: Final[tuple[BinarySensorDescription[SiteView], ...]] = (
    BinarySensorDescription(
        key="hold_battery",
        translation_key="hold_battery",
        exists_fn=lambda view: view.site.battery is not None,
        is_on_fn=lambda view: view.battery.held,
    ),
    BinarySensorDescription(
        key="dimmed",
        translation_key="dimmed",
        exists_fn=lambda view: view.site.grid.dimming is not None,
        is_on_fn=lambda view: view.dimming is not None,
        attributes_fn=lambda view: _dimming(view.dimming),
    ),
)


def _dimming(dimming: Dimming | None) -> Mapping[str, Any]:
    """Return the order that holds."""
    if dimming is None:
        return {}
    return {
        "limit": dimming.limit_w,
        "ordered_at": dimming.ordered_at.isoformat(),
        "in_force_at": dimming.in_force_at.isoformat() if dimming.in_force_at else None,
    }


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: EvStationConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors."""
    async_setup_tables(
        entry,
        async_add_entities,
        Table(SITE_KIND, EvStationBinarySensor[SiteView], SITE_BINARY_SENSORS),
        Table(CHARGER, EvStationBinarySensor[ChargerView], CHARGER_BINARY_SENSORS),
        Table(EVSE, EvStationBinarySensor[EvseView], EVSE_BINARY_SENSORS),
        Table(CIRCUIT, EvStationBinarySensor[CircuitView], CIRCUIT_BINARY_SENSORS),
        Table(SITE_KIND, EvStationBinarySensor[SiteView], SITE_BINARY_SENSORS),
    )
