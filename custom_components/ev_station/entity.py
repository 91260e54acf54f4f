"""What all entities share: their device, when they are written, and how they come into being."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, override

from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import (
    AddConfigEntryEntitiesCallback,
    async_get_current_platform,
)

from .const import DOMAIN
from .coordinator import EvStationCoordinator
from .devices import unique_id
from .lookup import Kind, View
from .model.state import Key

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry


def always(_view: object) -> bool:
    """Let an entity exist for every aggregate of its kind."""
    return True


@dataclass(frozen=True, kw_only=True)
class Description[V: View](EntityDescription):
    """A row in a platform's table."""

    exists_fn: Callable[[V], bool] = always
    """Whether there is something to show; an entity that once existed stays."""
    live: bool = False
    """Whether the entity is unavailable while the charger is away."""
    personal: bool = False
    """Whether the entity tells who charges: never with the option of private drivers."""


class EvStationEntity[V: View](Entity):
    """An entity of one aggregate."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    entity_description: Description[V]

    def __init__(
        self,
        coordinator: EvStationCoordinator,
        kind: Kind[V],
        key: Key,
        description: Description[V],
    ) -> None:
        """Attach to the aggregate's device."""
        self.coordinator = coordinator
        self.kind = kind
        self.key = key
        self.entity_description = description
        self.device_entry = coordinator.devices.entry_of(key)
        self._attr_unique_id = unique_id(coordinator.entry.entry_id, key, description.key)
        self._written: object = None

    @property
    def view(self) -> V | None:
        """Return what is shown of the aggregate; None once it is gone."""
        return self.coordinator.view(self.kind, self.key)

    @property
    @override
    def available(self) -> bool:
        """Return whether the values are current."""
        view, row = self.view, self.entity_description
        hidden = row.personal and self.coordinator.private_drivers
        return view is not None and not hidden and (view.connected or not row.live)

    def shown(self) -> object:
        """Return what a reader sees, without differences too small to matter."""
        return self.state

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the aggregate."""
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.listen(self.key, self._write))

    @callback
    def _write(self, at_all_costs: bool) -> bool:
        """Write the state unless nothing visible changed; return whether it was written."""
        shown = (self.available, self.shown())
        if shown == self._written and not at_all_costs:
            return False
        self._written = shown
        self.async_write_ha_state()
        return True


@dataclass(frozen=True, slots=True)
class Table[V: View, D: Description[Any]]:
    """The descriptions of a platform for one kind of aggregate, and the entity class they fill."""

    kind: Kind[V]
    entity: Callable[[EvStationCoordinator, Kind[V], Key, D], EvStationEntity[V]]
    descriptions: tuple[D, ...]


class _Grower[V: View, D: Description[Any]]:
    """Adds a table's entities when their aggregate first has something to show."""

    def __init__(
        self,
        coordinator: EvStationCoordinator,
        table: Table[V, D],
        async_add_entities: AddConfigEntryEntitiesCallback,
    ) -> None:
        self._coordinator = coordinator
        self._table = table
        self._add = async_add_entities
        self._platform = async_get_current_platform().domain
        self._registry = er.async_get(coordinator.hass)
        self._made: dict[Key, set[str]] = {}

    @callback
    def grow(self, key: Key) -> None:
        """Add what is missing for an aggregate, forget one that is gone."""
        if key[0] is not self._table.kind.aggregate:
            return
        view = self._coordinator.view(self._table.kind, key)
        if view is None or self._coordinator.devices.id_of(key) is None:
            self._made.pop(key, None)
            return
        made = self._made.setdefault(key, set())
        missing = (row for row in self._table.descriptions if row.key not in made)
        if new := [row for row in missing if self._exists(key, row, view)]:
            made.update(row.key for row in new)
            self._add(
                [self._table.entity(self._coordinator, self._table.kind, key, row) for row in new],
                config_subentry_id=self._coordinator.devices.subentry_of(key),
            )

    def _exists(self, key: Key, row: D, view: V) -> bool:
        if row.personal and self._coordinator.private_drivers:
            return False
        name = unique_id(self._coordinator.entry.entry_id, key, row.key)
        once = self._registry.async_get_entity_id(self._platform, DOMAIN, name) is not None
        return once or row.exists_fn(view)


@callback
def async_setup_tables(
    entry: EvStationConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    *tables: Table[Any, Any],
) -> None:
    """Fill a platform from its tables, now and whenever something new appears."""
    coordinator = entry.runtime_data.coordinator
    for table in tables:
        grower = _Grower(coordinator, table, async_add_entities)
        entry.async_on_unload(coordinator.async_grow(grower.grow))
