"""Home Assistant devices of a site: the site, its chargers, their EVSEs as children where there are several, its drivers."""

from typing import TYPE_CHECKING

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.typing import UNDEFINED

from .configuration import subentries
from .const import CONF_CHARGER_ID, DOMAIN, SUBENTRY_CHARGER
from .lookup import evse_ids, site_settings
from .model.ids import CircuitId, DriverId, EvseId, VehicleId
from .model.state import Charger, Circuit, Driver, Evse, Key, Site, Vehicle

if TYPE_CHECKING:
    from .engine import Engine
    from .runtime import EvStationConfigEntry


def text_of(key: Key) -> str:
    """Return an aggregate's name in unique ids: its kind and its id."""
    kind, name = key
    return f"{kind.__name__.lower()}_{name}"


def unique_id(entry_id: str, key: Key, row: str) -> str:
    """Return the unique id of an aggregate's entity."""
    return f"{entry_id}_{text_of(key)}_{row}"


class Devices:
    """Registers devices in time for their entities and keeps their names and versions current."""

    def __init__(self, hass: HomeAssistant, entry: EvStationConfigEntry, engine: Engine) -> None:
        """Begin with none."""
        self._hass = hass
        self._registry = dr.async_get(hass)
        self._entry = entry
        self._engine = engine
        self._ids: dict[Key, str] = {}
        self._keys: dict[str, Key] = {}

    def id_of(self, key: Key) -> str | None:
        """Return the id of an aggregate's device."""
        return self._ids.get(key)

    def key_of(self, device_id: str) -> Key | None:
        """Return the aggregate a device is of."""
        return self._keys.get(device_id)

    def keys_of(self, device_id: str) -> tuple[Key, ...]:
        """Return the aggregates a device stands for: a charger's stands for its only EVSE too."""
        match self._keys.get(device_id):
            case None:
                return ()
            case (kind, str() as charger) as key if kind is Charger:
                evses = [(Evse, evse) for evse in evse_ids(self._engine, charger)]
                return (key, *(each for each in evses if self._ids.get(each) == device_id))
            case key:
                return (key,)

    def entry_of(self, key: Key) -> dr.AnyDeviceEntry | None:
        """Return an aggregate's device."""
        return self._registry.async_get(self._ids[key]) if key in self._ids else None

    def subentry_of(self, key: Key) -> str | None:
        """Return the subentry an aggregate was configured by."""
        match key[1]:
            case EvseId(charger=charger):
                return self._charger_subentry(charger)
            case str() as name if key[0] is Charger:
                return self._charger_subentry(name)
            case str() as name if name in self._entry.subentries:
                return name
            case _:
                return None

    @callback
    def async_update(self, key: Key) -> None:
        """Register an aggregate's device, or bring it up to date."""
        match key:
            case (kind, _) if kind is Site:
                self._update_site(key)
            case (kind, str() as charger) if kind is Charger:
                self._update_charger(key, charger)
            case (kind, EvseId() as evse) if kind is Evse:
                self._update_evse(key, evse)
            case (kind, str() as driver) if kind is Driver:
                self._update_driver(key, driver)
            case (kind, str() as circuit) if kind is Circuit:
                self._update_circuit(key, circuit)
            case (kind, str() as vehicle) if kind is Vehicle:
                self._update_vehicle(key, vehicle)
            case _:
                pass

    @callback
    def async_remove(self, key: Key) -> None:
        """Remove an aggregate's device, unless its subentry already took it along."""
        device_id = self._ids.pop(key, None)
        if device_id is None or self._keys.get(device_id) != key:
            return
        del self._keys[device_id]
        if self._registry.async_get(device_id):
            self._registry.async_remove_device(device_id)

    def _identifiers(self, key: Key) -> set[tuple[str, str]]:
        return {(DOMAIN, f"{self._entry.entry_id}_{text_of(key)}")}

    def _remember(self, key: Key, device_id: str) -> None:
        self._ids[key] = device_id
        self._keys[device_id] = key

    def _charger_subentry(self, charger: str) -> str | None:
        chargers = subentries(self._entry, SUBENTRY_CHARGER)
        ids = (each.subentry_id for each in chargers if each.data[CONF_CHARGER_ID] == charger)
        return next(ids, None)

    def _update_site(self, key: Key) -> None:
        if (site := site_settings(self._engine)) is None:
            return
        device = self._registry.async_get_or_create(
            config_entry_id=self._entry.entry_id,
            identifiers=self._identifiers(key),
            entry_type=dr.DeviceEntryType.SERVICE,
            name=site.name,
        )
        self._remember(key, device.id)

    def _update_charger(self, key: Key, name: str) -> None:
        if (charger := self._engine.state.get(Charger, name)) is None:
            return
        boot = charger.boot
        device = self._registry.async_get_or_create(
            config_entry_id=self._entry.entry_id,
            config_subentry_id=self.subentry_of(key),
            identifiers=self._identifiers(key),
            name=charger.settings.name,
            manufacturer=boot.vendor if boot else None,
            model=boot.model if boot else None,
            serial_number=boot.serial if boot else None,
            sw_version=boot.firmware if boot else None,
        )
        self._remember(key, device.id)
        for evse in evse_ids(self._engine, name):
            self._update_evse((Evse, evse), evse)

    def _update_evse(self, key: Key, evse: EvseId) -> None:
        parent = self._ids.get((Charger, evse.charger))
        charger = self._engine.state.get(Charger, evse.charger)
        if parent is None or charger is None:
            return
        if evse_ids(self._engine, evse.charger) == (evse,):
            self._ids[key] = parent
            return
        # Home Assistant puts the charger's name before a child's: it needs to say only which one it is.
        name = charger.settings.evse(evse.evse).name
        device = self._registry.async_get_or_create_child(
            config_entry_id=self._entry.entry_id,
            config_subentry_id=self.subentry_of(key),
            identifiers=self._identifiers(key),
            name=name or UNDEFINED,
            translation_key=None if name else "connector",
            translation_placeholders={"number": str(evse.evse)},
            parent_device_id=parent,
        )
        if self._ids.get(key) == parent:
            self._move_entities(key, parent, device.id)
        self._remember(key, device.id)

    def _move_entities(self, key: Key, old: str, new: str) -> None:
        """Take an EVSE's entities along once it is no longer its charger's only one."""
        registry = er.async_get(self._hass)
        own = unique_id(self._entry.entry_id, key, "")
        for entity in er.async_entries_for_device(registry, old, include_disabled_entities=True):
            if entity.unique_id.startswith(own):
                registry.async_update_entity(entity.entity_id, device_id=new)

    def _update_driver(self, key: Key, name: DriverId) -> None:
        if (driver := self._engine.state.get(Driver, name)) is not None:
            self._update_service(key, driver.settings.name)

    def _update_circuit(self, key: Key, name: CircuitId) -> None:
        if (circuit := self._engine.state.get(Circuit, name)) is not None:
            self._update_service(key, circuit.settings.name)

    def _update_vehicle(self, key: Key, name: VehicleId) -> None:
        if (vehicle := self._engine.state.get(Vehicle, name)) is not None:
            self._update_service(key, vehicle.settings.name)

    def _update_service(self, key: Key, name: str) -> None:
        """Register something that is no box on the wall."""
        device = self._registry.async_get_or_create(
            config_entry_id=self._entry.entry_id,
            config_subentry_id=self.subentry_of(key),
            identifiers=self._identifiers(key),
            entry_type=dr.DeviceEntryType.SERVICE,
            name=name,
        )
        self._remember(key, device.id)
