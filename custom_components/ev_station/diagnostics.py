"""What a helper needs to see of a site, without what is nobody else's business."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceEntry

from . import const as c
from .engine import Engine
from .model.forecast import Forecast
from .model.ids import EvseId
from .model.plan import EvsePlan
from .model.session import Session
from .model.state import Charger, Evse, TariffState, Vehicle
from .runtime import EvStationConfigEntry, EvStationRuntime
from .station import why_no_plan_held

_PRIVATE: Final = {
    c.CONF_SECRET,
    c.CONF_PASSWORD_HASH,
    c.CONF_PERSON,
    c.CONF_UID,
    c.CONF_OWN_TAGS,
    c.CONF_LABEL,
    c.CONF_ADVERTISED_HOST,
    CONF_HOST,
    "address",
    "charger_name",
    "default_driver",
    "driver",
    "example",
    "info",
    "meter_serial",
    "name",
    "sent",
    "serial",
    "title",
    "token",
    "token_fingerprint",
}


async def async_get_config_entry_diagnostics(
    _hass: HomeAssistant, entry: EvStationConfigEntry
) -> dict[str, Any]:
    """Return a site's configuration and, while it is at work, the state of everything on it."""
    configured = {
        "entry": {
            "state": entry.state.value,
            "data": dict(entry.data),
            "options": dict(entry.options),
        },
        "subentries": [each.as_dict() for each in entry.subentries.values()],
    }
    return _redacted(configured | (_at_work(entry.runtime_data) if _works(entry) else {}))


async def async_get_device_diagnostics(
    _hass: HomeAssistant, entry: EvStationConfigEntry, device: DeviceEntry
) -> dict[str, Any]:
    """Return the state of the charger a device stands for, or belongs to."""
    if not _works(entry):
        return {"charger": None}
    engine = entry.runtime_data.engine
    key = entry.runtime_data.coordinator.devices.key_of(device.id)
    about = key[1] if key else None
    charger = engine.state.get(Charger, about.charger if isinstance(about, EvseId) else about)
    return _redacted({"charger": _charger(engine, charger) if charger else None})


def _works(entry: EvStationConfigEntry) -> bool:
    return entry.state is ConfigEntryState.LOADED


def _at_work(runtime: EvStationRuntime) -> dict[str, Any]:
    engine = runtime.engine
    return {
        "health": _plain(engine.health),
        "chargers": [_charger(engine, each) for each in engine.state.all(Charger)],
        "tariffs": [_plain(each) for each in engine.state.all(TariffState)],
        "price_sources": _plain(runtime.prices.report()),
        "load_forecast": _plain(runtime.load.report()),
        "plan": _plan(engine),
        "plans": [_plain(each) for each in engine.state.all(EvsePlan)],
        "forecasts": [_plain(each) for each in engine.state.all(Forecast)],
        "vehicles": [_vehicle(each) for each in engine.state.all(Vehicle)],
    }


def _plan(engine: Engine) -> dict[str, Any] | None:
    """Return who made the last plan of the site, and how good it is."""
    planner = engine.planner
    if (plan := planner.last) is None:
        return None
    return {
        "solver": plan.solver.value,
        "accelerator": plan.accelerator.value,
        "gap": plan.gap,
        "time_limited": plan.time_limited,
        "took_s": round(planner.took_s, 3),
        "cars": len(plan.problem.evs),
        "slots": len(plan.problem.slots),
        "cost": plan.outcome.cost,
        "unmet_kwh": plan.outcome.unmet_kwh,
    }


def _vehicle(vehicle: Vehicle) -> dict[str, Any]:
    """Return what a car told and what was learnt of it, without its settings and where its people go."""
    shown = {field.name for field in fields(vehicle)} - {"settings", "trip", "booked", "stays"}
    return {name: _plain(getattr(vehicle, name)) for name in sorted(shown)} | {
        "id": vehicle.key,
        "stays": len(vehicle.stays),
    }


def _charger(engine: Engine, charger: Charger) -> dict[str, Any]:
    evses = [engine.state.get(Evse, key) for key in charger.evses]
    sessions = [engine.state.get(Session, key) for key in charger.sessions]
    deviations = [each for each in engine.health.deviations if each.charger == charger.key]
    return {
        "charger": _plain(charger),
        "evses": [_evse(engine, charger, evse) for evse in evses if evse],
        "sessions": [_session(session) for session in sessions if session],
        "deviations": [_plain(each) for each in deviations],
    }


def _evse(engine: Engine, charger: Charger, evse: Evse) -> dict[str, Any]:
    """Return an EVSE, and why its charger holds no plan for the session that goes on there."""
    session = engine.state.get(Session, evse.session)
    shown: dict[str, Any] = _plain(evse)
    return shown | {"no_plan_held": _plain(why_no_plan_held(charger, evse, session))}


def _session(session: Session) -> dict[str, Any]:
    """Return a session without its readings, of which there are thousands, and its record."""
    shown = {field.name for field in fields(session)} - {"readings", "cdr", "tariff"}
    return {name: _plain(getattr(session, name)) for name in sorted(shown)} | {
        "readings": len(session.readings)
    }


def _redacted(data: dict[str, Any]) -> dict[str, Any]:
    return async_redact_data(data, _PRIVATE)


def _plain(value: Any) -> Any:
    """Return a state of the model as JSON would have it."""
    match value:
        case Enum():
            return value.value
        case Decimal() | timedelta():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case EvseId():
            return str(value)
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case tuple() if hasattr(value, "_asdict"):
            return _plain(value._asdict())
        case tuple() | list() | frozenset() | set():
            return [_plain(item) for item in value]
        case _ if is_dataclass(value):
            return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            return value
