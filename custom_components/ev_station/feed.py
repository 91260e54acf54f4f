"""A site as the panel gets it: plain JSON, with what is not the viewer's own left out."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from homeassistant.util import dt as dt_util

from .coordinator import EvStationCoordinator
from .csms.backend import Attempt
from .engine import Engine
from .lookup import (
    EvseView,
    charger_view,
    circuit_view,
    currency_of,
    driver_name,
    evse_name,
    evse_view,
    open_session,
    site_view,
)
from .model.circuit import Amps
from .model.energy import EnergyReading
from .model.ids import ChargerId, CircuitId, DriverId, EvseId
from .model.session import Session
from .model.settings import SiteSettings
from .model.state import SITE, Charger, Circuit, Driver, Evse
from .model.status import EvseStatus, Flag
from .people import Viewer
from .plan_feed import plan_json
from .reasons import word_of

type Json = dict[str, Any]

OUT_OF_SERVICE = frozenset({EvseStatus.FAULTED, EvseStatus.UNAVAILABLE})


def site_json(
    coordinator: EvStationCoordinator, viewer: Viewer, urls: Sequence[str]
) -> Json | None:
    """Return the site."""
    engine = coordinator.engine
    if (view := site_view(engine, SITE)) is None:
        return None
    drivers = sorted(engine.state.all(Driver), key=lambda driver: driver.settings.name.casefold())
    return {
        "entry_id": coordinator.entry.entry_id,
        "name": view.site.name,
        "currency": view.site.currency,
        "time_zone": view.site.time_zone,
        "power_w": _number(view.power_w),
        "energy": _energy_json(engine.seen.energy),
        "ocpp_urls": list(urls) if viewer.is_admin else [],
        "is_admin": viewer.is_admin,
        "driver_id": viewer.driver,
        "drivers": [
            {"id": driver.key, "name": driver.settings.name}
            for driver in drivers
            if viewer.sees(driver.key)
        ],
    }


def charger_json(coordinator: EvStationCoordinator, key: ChargerId) -> Json | None:
    """Return a charger; None once it is gone."""
    if (view := charger_view(coordinator.engine, key)) is None:
        return None
    boot = view.charger.boot
    return {
        "id": key,
        "name": view.charger.settings.name,
        "device_id": coordinator.devices.id_of((Charger, key)),
        "connected": view.connected,
        "vendor": boot.vendor if boot else None,
        "model": boot.model if boot else None,
        "firmware": boot.firmware if boot else None,
        "problem": view.problem,
        "last_seen": _iso(view.last_seen),
    }


def evse_json(coordinator: EvStationCoordinator, viewer: Viewer, key: EvseId) -> Json | None:
    """Return an EVSE; a session of somebody else shows as none."""
    engine = coordinator.engine
    if (view := evse_view(engine, key)) is None:
        return None
    evse, live = view.evse, view.live
    session = open_session(engine, evse)
    own = session if session and viewer.sees(session.payer.driver) else None
    return {
        "id": str(key),
        "charger_id": key.charger,
        "name": evse_name(view.charger, key),
        "device_id": coordinator.devices.id_of((Evse, key)),
        "status": evse.status.value,
        "error": evse.error_code,
        "plugged": view.plugged,
        "charging": evse.status is EvseStatus.CHARGING,
        "power_w": _number(live.power_w) if view.connected else None,
        "currents_a": [_number(value) for value in live.currents_a],
        "voltages_v": [_number(value) for value in live.voltages_v],
        "site_a": _amps(engine.seen.cars.get(key)),
        "soc_percent": _number(live.soc_percent),
        "offered_a": _number(live.offered_a),
        "limit_a": _number(evse.limit_a),
        "enabled": evse.enabled,
        "mode": evse.mode.value,
        "mode_entity": coordinator.entity_id((Evse, key), "select", "charge_mode"),
        "reason": _reason_json(view),
        "waits_for": view.allowance.waits_for if view.allowance else None,
        "driver": _named(engine, own.payer.driver) if own else None,
        "session": _session_json(engine, own, view.site) if own else None,
        "history": coordinator.history.points(key, dt_util.utcnow()),
        "can": {
            "start": view.connected and session is None and evse.status not in OUT_OF_SERVICE,
            "stop": view.connected and own is not None,
            "unlock": view.connected,
        },
    }


def circuit_json(coordinator: EvStationCoordinator, key: CircuitId) -> Json | None:
    """Return a circuit; None once it is gone. What flows is nobody's secret."""
    if (view := circuit_view(coordinator.engine, key)) is None:
        return None
    settings, seen = view.circuit.settings, view.seen
    unbalanced = settings.unbalanced_limit_a
    return {
        "id": key,
        "name": settings.name,
        "device_id": coordinator.devices.id_of((Circuit, key)),
        "parent": settings.parent,
        "limit_a": _number(view.circuit.limit_a),
        "fuse_a": _number(settings.limit_a),
        "power_limit_w": view.circuit.power_limit_w,
        "unbalanced_limit_a": _number(unbalanced),
        "metered": settings.metered,
        "measured": seen is not None and seen.measured,
        "overloaded": seen is not None and seen.overloaded,
        "house_a": _amps(seen.house_a) if seen else None,
        "evses": [str(evse) for evse in seen.evses] if seen else [],
        "queue": [str(evse) for evse in seen.queue] if seen else [],
    }


def attempt_json(attempt: Attempt) -> Json:
    """Return an attempt to connect."""
    return {
        "at": attempt.at.isoformat(),
        "identity": attempt.identity,
        "address": attempt.address,
        "outcome": attempt.outcome.value,
        "reason": attempt.reason.value if attempt.reason else None,
        "vendor": attempt.vendor,
        "model": attempt.model,
    }


def attempts_json(engine: Engine, viewer: Viewer) -> list[Json]:
    """Return the recent attempts to connect: they are the owner's business."""
    return [attempt_json(attempt) for attempt in engine.health.attempts] if viewer.is_admin else []


def snapshot(coordinator: EvStationCoordinator, viewer: Viewer, urls: Sequence[str]) -> Json:
    """Return everything the panel shows live."""
    engine = coordinator.engine
    chargers = [charger.key for charger in engine.state.all(Charger)]
    evses = [evse.id for evse in engine.state.all(Evse) if evse.id.evse > 0]
    return {
        "kind": "snapshot",
        "site": site_json(coordinator, viewer, urls),
        "chargers": {key: charger_json(coordinator, key) for key in chargers},
        "evses": {str(key): evse_json(coordinator, viewer, key) for key in evses},
        "circuits": {
            each.key: circuit_json(coordinator, each.key) for each in engine.state.all(Circuit)
        },
        "plan": plan_json(coordinator, viewer),
        "attempts": attempts_json(engine, viewer),
    }


def _session_json(engine: Engine, session: Session, site: SiteSettings) -> Json:
    elapsed = dt_util.utcnow() - session.start.at
    return {
        "id": session.id,
        "started_at": session.start.at.isoformat(),
        "energy_wh": str(session.energy_wh),
        "cost": _text(engine.cost(session.id)),
        "currency": currency_of(session, site),
        "duration_s": max(round(elapsed.total_seconds()), 0),
        "driver": _named(engine, session.payer.driver),
        "estimated": Flag.ESTIMATED in session.flags,
    }


def _reason_json(view: EvseView) -> Json | None:
    """Return why an EVSE has its limit; None where nothing of ours holds it."""
    if (allowance := view.allowance) is None:
        return None
    reason = allowance.reason
    return {
        "word": word_of(allowance),
        "limit_a": _number(allowance.limit_a),
        "circuit": view.circuit,
        "phase": None if reason.phase is None else reason.phase + 1,
        "cars": reason.cars,
        "until": _iso(reason.until),
    }


def _energy_json(energy: EnergyReading | None) -> Json | None:
    """Return where the site's power comes from; None while nobody says."""
    if energy is None:
        return None
    return {
        "grid_w": _number(energy.grid_w),
        "solar_w": _number(energy.solar_w),
        "battery_w": _number(energy.battery_w),
        "battery_percent": _number(energy.battery_percent),
    }


def _amps(currents: Amps | None) -> list[float] | None:
    return None if currents is None else [round(float(value), 2) for value in currents]


def _named(engine: Engine, driver: DriverId | None) -> Json | None:
    name = driver_name(engine, driver)
    return {"id": driver, "name": name} if driver and name else None


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
