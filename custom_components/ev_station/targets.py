"""From what an action or a trigger is aimed at to chargers and EVSEs of ours."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from homeassistant.const import ATTR_AREA_ID, ATTR_FLOOR_ID, ATTR_LABEL_ID
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids
from homeassistant.helpers.typing import ConfigType

from .access.vehicles import is_guest
from .const import DOMAIN
from .errors import misuse
from .lookup import car_view, evse_ids, evse_name, evse_view
from .model.ids import ChargerId, DriverId, EvseId, VehicleId
from .model.state import Charger, Driver, Evse, Key, Vehicle

if TYPE_CHECKING:
    from .coordinator import EvStationCoordinator
    from .engine import Engine
    from .runtime import EvStationConfigEntry

PLACES: Final = frozenset({Charger, Evse})
AROUND: Final = frozenset({ATTR_AREA_ID, ATTR_FLOOR_ID, ATTR_LABEL_ID})


class Aim[T](NamedTuple):
    """A charger or an EVSE at its site."""

    coordinator: EvStationCoordinator
    id: T

    @property
    def engine(self) -> Engine:
        """Return the engine of the site."""
        return self.coordinator.engine


def evses(hass: HomeAssistant, target: ConfigType) -> list[Aim[EvseId]]:
    """Return the EVSEs a target names; a charger stands for its only one. Raises on anything else."""
    return [Aim(coordinator, _evse(coordinator, key)) for coordinator, key in _aimed(hass, target)]


def cars(hass: HomeAssistant, target: ConfigType) -> list[Aim[VehicleId | EvseId]]:
    """Return the cars a target names, each once; an EVSE stands for the car that stands there. Raises if there is none.

    A stranger's that charges is named by where it does.
    """
    found: dict[tuple[str, VehicleId | EvseId], Aim[VehicleId | EvseId]] = {}
    for entry_id, key in sorted(places(hass, target), key=str):
        coordinator = coordinators(hass)[entry_id]
        car = _car(coordinator.engine, key)
        if car is not None:
            found[entry_id, car] = Aim(coordinator, car)
    if not found:
        raise misuse("no_vehicle")
    return list(found.values())


def _car(engine: Engine, key: Key) -> VehicleId | EvseId | None:
    if key[0] is Vehicle:
        return str(key[1])
    view = evse_view(engine, key[1]) if key[0] is Evse else None
    if view is None or (car := car_view(engine, view)) is None:
        return None
    return view.evse.id if is_guest(car.vehicle) else car.vehicle.key


def chargers(hass: HomeAssistant, target: ConfigType) -> list[Aim[ChargerId]]:
    """Return the chargers a target names, each once; an EVSE stands for its charger."""
    found = {
        (coordinator.entry.entry_id, _charger(key)): Aim(coordinator, _charger(key))
        for coordinator, key in _aimed(hass, target)
    }
    return list(found.values())


def places(hass: HomeAssistant, target: ConfigType) -> set[tuple[str, Key]]:
    """Return the chargers and EVSEs within a target, as entry id and key; a charger brings its EVSEs."""
    found = async_extract_referenced_entity_ids(
        hass, TargetSelection(target), primary_entities_only=False
    )
    entities = (
        er.async_get(hass).async_get(entity)
        for entity in found.referenced | found.indirectly_referenced
    )
    devices = {entity.device_id for entity in entities if entity and entity.device_id}
    aims = (aim for device in found.referenced_devices | devices for aim in _aims(hass, device))
    return {(aim.coordinator.entry.entry_id, aim.id) for aim in aims}


def coordinators(hass: HomeAssistant) -> Mapping[str, EvStationCoordinator]:
    """Return every loaded site by its entry's id."""
    entries: list[EvStationConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    return {entry.entry_id: entry.runtime_data.coordinator for entry in entries}


def driver(coordinator: EvStationCoordinator, name: str) -> DriverId:
    """Return the driver of that device, name or id. Raises if there is none, or several of the name."""
    key = coordinator.devices.key_of(name)
    if key is not None and key[0] is Driver:
        return str(key[1])
    known = list(coordinator.engine.state.all(Driver))
    found = [row.key for row in known if row.key == name] or [
        row.key for row in known if row.settings.name.casefold() == name.strip().casefold()
    ]
    if len(found) != 1:
        raise misuse("driver_ambiguous" if found else "driver_unknown", driver=name)
    return found[0]


def _aimed(hass: HomeAssistant, target: ConfigType) -> Iterable[Aim[Key]]:
    """Return what is named one by one, and the EVSEs within named areas, floors and labels."""
    aims = dict.fromkeys(_named(hass, TargetSelection(target)))
    around = {key: value for key, value in target.items() if key in AROUND}
    for entry_id, key in sorted(places(hass, around), key=str):
        if key[0] is Evse:
            aims.setdefault(Aim(coordinators(hass)[entry_id], key))
    if not aims:
        raise misuse("no_target")
    return aims


def _named(hass: HomeAssistant, selection: TargetSelection) -> Iterable[Aim[Key]]:
    registry = er.async_get(hass)
    for entity_id in sorted(selection.entity_ids):
        entity = registry.async_get(entity_id)
        if entity is None or entity.platform != DOMAIN or entity.device_id is None:
            raise misuse("not_ours", name=entity_id)
        yield _place(hass, entity.device_id)
    for device_id in sorted(selection.device_ids):
        yield _place(hass, device_id)


def _place(hass: HomeAssistant, device_id: str) -> Aim[Key]:
    aim = next(iter(_aims(hass, device_id)), None)
    if aim is not None and aim.id[0] in PLACES:
        return aim
    device = dr.async_get(hass).async_get(device_id)
    raise misuse(
        "not_ours", name=(device.name_by_user or device.name or "") if device else device_id
    )


def _aims(hass: HomeAssistant, device_id: str) -> Iterable[Aim[Key]]:
    """Yield what a device stands for, a charger before its only EVSE."""
    entries: list[EvStationConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    for entry in entries:
        coordinator = entry.runtime_data.coordinator
        yield from (Aim(coordinator, key) for key in coordinator.devices.keys_of(device_id))


def _charger(key: Key) -> ChargerId:
    return key[1].charger if isinstance(key[1], EvseId) else str(key[1])


def _evse(coordinator: EvStationCoordinator, key: Key) -> EvseId:
    if isinstance(key[1], EvseId):
        return key[1]
    charger = coordinator.engine.state.get(Charger, key[1])
    known = evse_ids(coordinator.engine, str(key[1]))
    name = charger.settings.name if charger else str(key[1])
    if charger is None or not known:
        raise misuse("no_evse", charger=name)
    if len(known) > 1:
        names = ", ".join(evse_name(charger, evse) for evse in known)
        raise misuse("evse_ambiguous", charger=name, evses=names)
    return known[0]
