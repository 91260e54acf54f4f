"""What is planned, as the panel gets it: prices and sun, each EVSE's plan, and the cars the viewer may see."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from homeassistant.util import dt as dt_util

from .access.vehicles import is_guest
from .coordinator import EvStationCoordinator
from .engine import Engine
from .lookup import (
    EvseView,
    VehicleView,
    evse_name,
    evse_view,
    guest_view,
    has_not_left,
    site_settings,
    vehicle_view,
)
from .model.energy import ChargeMode
from .model.forecast import Forecast, ForecastKind
from .model.ids import EvseId, VehicleId
from .model.plan import EvsePlan, PlanPeriod
from .model.session import Session
from .model.settings import SiteSettings
from .model.state import GUEST, Evse, Site, TariffState, Vehicle
from .model.vehicle import Goal
from .people import Viewer
from .plan_preview import Preview
from .planning.demand import Leaving, percent_of, spoke_since_it_left, usual_goal
from .station import prices_ahead

type Json = dict[str, Any]

SHAPED_BY: Final = frozenset({EvsePlan, Vehicle, TariffState, Forecast, Site})
"""The kinds of aggregates it tells of."""
PAST: Final = timedelta(hours=12)
AHEAD: Final = timedelta(hours=48)
_HOUR: Final = timedelta(hours=1)


def plan_json(coordinator: EvStationCoordinator, viewer: Viewer) -> Json | None:
    """Return what is planned; None without a site."""
    engine = coordinator.engine
    if (site := site_settings(engine)) is None:
        return None
    now = dt_util.utcnow()
    hour = now.replace(minute=0, second=0, microsecond=0)
    window = (hour - PAST, hour + AHEAD + _HOUR)
    return {
        **_prices_json(engine, site, *window),
        "solar": list(_solar_json(engine, *window)),
        "plans": {
            str(plan.id): _plan_json(viewer, engine, plan) for plan in engine.state.all(EvsePlan)
        },
        "vehicles": list(_vehicles_json(coordinator, viewer)),
    }


def _prices_json(engine: Engine, site: SiteSettings, start: datetime, end: datetime) -> Json:
    """Return what a kWh costs, and until when that is told and not only reckoned."""
    zone = ZoneInfo(site.time_zone)
    tariff = site.import_tariff or site.default_tariff
    known = prices_ahead(engine.state, tariff, zone, start, end, estimated=False)
    prices = prices_ahead(engine.state, tariff, zone, start, end)
    return {
        "prices": [
            [each.start.isoformat(), each.end.isoformat(), str(each.value)] for each in prices
        ],
        "known_until": known[-1].end.isoformat() if known else None,
    }


def _solar_json(engine: Engine, start: datetime, end: datetime) -> Iterator[list[Any]]:
    """Yield what the sun is expected to give, in W, with its bounds."""
    forecast = engine.state.get(Forecast, ForecastKind.SOLAR)
    for each in forecast.intervals if forecast else ():
        if start < each.end and each.start < end:
            watts = [_number(value) for value in (each.value, each.low, each.high)]
            yield [each.start.isoformat(), each.end.isoformat(), *watts]


def _plan_json(viewer: Viewer, engine: Engine, plan: EvsePlan) -> Json:
    """Return a plan; of somebody else's car no more than what flows."""
    own = _sees(viewer, engine, plan)
    return {
        "vehicle": _shown_id(plan.vehicle, plan.id) if own else None,
        "periods": [_period_json(each) for each in plan.periods],
        "ready_at": plan.ready_at.isoformat() if own and plan.ready_at else None,
        "departure": plan.departure.isoformat() if own else None,
        "energy_wh": str(plan.energy_wh) if own else None,
        "unmet_wh": str(plan.unmet_wh) if own else None,
        "cost": str(plan.cost) if own else None,
        "saved": str(plan.saved) if own else None,
        "soonest": plan.soonest.isoformat() if own and plan.soonest else None,
        "state": plan.state.value if own else None,
    }


def _sees(viewer: Viewer, engine: Engine, plan: EvsePlan) -> bool:
    """Return whether somebody may see a plan: the owner of the car, or who charges a stranger's."""
    if plan.vehicle == GUEST:
        session = engine.state.get(Session, plan.session)
        return session is not None and viewer.sees(session.payer.driver)
    vehicle = engine.state.get(Vehicle, plan.vehicle)
    return vehicle is not None and viewer.sees(vehicle.settings.driver)


def _shown_id(vehicle: VehicleId, evse: EvseId) -> str:
    """Return what a car is called by the panel: a stranger's by where it charges."""
    return f"{GUEST} {evse}" if vehicle == GUEST else vehicle


def preview_json(viewer: Viewer, engine: Engine, found: Preview) -> Json:
    """Return what would be planned, what is, and what else could be."""
    present = found.present
    return {
        "plan": _plan_json(viewer, engine, found.plan),
        "present": _plan_json(viewer, engine, present) if present else None,
        "others": [_plan_json(viewer, engine, each) for each in found.others],
    }


def _period_json(period: PlanPeriod) -> list[Any]:
    why = period.why.value if period.why else None
    return [period.start.isoformat(), period.end.isoformat(), round(period.power_w), why]


class Standing(NamedTuple):
    """A car, and where it stands."""

    car: VehicleView
    at: EvseView | None

    @property
    def id(self) -> str:
        """Return what the panel calls it."""
        vehicle = self.car.vehicle.key
        return vehicle if self.at is None else _shown_id(vehicle, self.at.evse.id)


def cars_of(engine: Engine, viewer: Viewer) -> Iterator[Standing]:
    """Yield the cars somebody may see: known ones, and strangers' that charge where it is planned or was said so."""
    views = [view for evse in engine.state.all(Evse) if (view := evse_view(engine, evse.id))]
    stands_at = _standing(views)
    for vehicle in engine.state.all(Vehicle):
        known = vehicle_view(engine, vehicle.key)
        if known is not None and viewer.sees(vehicle.settings.driver):
            yield Standing(known, stands_at.get(vehicle.key))
    for view in views:
        stranger = guest_view(engine, view)
        if stranger is not None and stranger.session is not None and _is_told_of(view):
            if viewer.sees(stranger.session.payer.driver):
                yield Standing(stranger, view)


def _is_told_of(view: EvseView) -> bool:
    return view.evse.mode is ChargeMode.SMART or view.evse.vehicle == GUEST or bool(view.evse.guest)


def _vehicles_json(coordinator: EvStationCoordinator, viewer: Viewer) -> Iterator[Json]:
    """Yield the cars the viewer may see, and where they stand."""
    for each in cars_of(coordinator.engine, viewer):
        yield {
            "id": each.id,
            **_named_json(coordinator, each),
            "evse": str(each.at.evse.id) if each.at else None,
            "percent": _percent(each),
            "battery_wh": each.car.vehicle.settings.battery_wh,
            "wh_per_km": each.car.vehicle.wh_per_km,
            "goal": _goal_json(each.car.goal),
            "usual_percent": int(usual_goal(each.car.vehicle).amount),
            **_leaving_json(each.car.leaving),
        }


def _named_json(coordinator: EvStationCoordinator, standing: Standing) -> Json:
    """Return a car's name, and what its goal is set with; a stranger's is called by where it charges."""
    vehicle, at = standing.car.vehicle, standing.at
    if at is not None and is_guest(vehicle):
        return {
            "guest": True,
            "name": evse_name(at.charger, at.evse.id),
            "device_id": coordinator.devices.id_of((Evse, at.evse.id)),
            "goal_entity": None,
        }
    key = (Vehicle, vehicle.key)
    return {
        "guest": False,
        "name": vehicle.settings.name,
        "device_id": coordinator.devices.id_of(key),
        "goal_entity": coordinator.entity_id(key, "number", "goal"),
    }


def _goal_json(goal: Goal) -> Json:
    """Return a goal, in %, Wh or km."""
    return {"kind": goal.kind.value, "amount": float(goal.amount)}


def _leaving_json(leaving: Leaving | None) -> Json:
    """Return when a car leaves, who says so, and what else that day takes."""
    if leaving is None:
        return {
            "departure": None,
            "late_until": None,
            "origin": None,
            "own_goal": False,
            "later": [],
        }
    return {
        "departure": leaving.at.isoformat(),
        "late_until": leaving.by.isoformat() if leaving.late else None,
        "origin": leaving.origin.value,
        "own_goal": leaving.own,
        "later": [
            {"at": trip.at.isoformat(), "goal": _goal_json(trip.goal)}
            for trip in leaving.later
            if trip.goal
        ],
    }


def _standing(views: Sequence[EvseView]) -> dict[VehicleId, EvseView]:
    """Return where each car stands that is plugged in."""
    # Of two that claim the same car the first.
    return {view.vehicle.key: view for view in reversed(views) if view.plugged and view.vehicle}


def _percent(standing: Standing) -> int | None:
    """Return a car's state of charge in whole percent, what was charged since it told counted in.

    Of one that is away, or back and nobody has begun, what it told before says nothing.
    """
    vehicle, at = standing.car.vehicle, standing.at
    if at is not None and has_not_left(at.evse):
        percent = percent_of(vehicle, standing.car.session, at.live)
    else:
        percent = vehicle.percent if spoke_since_it_left(vehicle) else None
    return None if percent is None else int(percent)


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
