"""Actions about plans: when a car leaves with how much, and what would come of another departure."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from .access.vehicles import with_trip
from .errors import carry_out, explained, misuse
from .lookup import EvseView, VehicleView, car_view, evse_view, guest_view, vehicle_view
from .model.commands import CommandResult
from .model.ids import EvseId, VehicleId
from .model.plan import EvsePlan
from .model.vehicle import Goal, GoalKind, Trip
from .people import driver_of
from .plan_preview import ahead, preview, wanted
from .targets import Aim, cars, evses

if TYPE_CHECKING:
    from .engine import Engine

AT: Final = "at"
_GOALS: Final[Mapping[str, tuple[GoalKind, int]]] = {
    "percent": (GoalKind.PERCENT, 1),
    "energy": (GoalKind.ENERGY, 1000),
    "distance": (GoalKind.DISTANCE, 1),
}
"""By the field: what it means, and how many of the model's unit it is."""


def _amount(least: float, most: float, unit: str) -> Callable[[Any], float]:
    """Return what reads an amount. Raises in the reader's words if there can be none like it."""

    def read(value: Any) -> float:
        amount: float = vol.Coerce(float)(value)
        if not least <= amount <= most:
            raise misuse("goal_outside", least=f"{least:g}", most=f"{most:g}", unit=unit)
        return amount

    return read


TRIP_FIELDS: Final[dict[Any, Any]] = {
    vol.Optional(AT): cv.datetime,
    vol.Exclusive("percent", "goal"): _amount(1, 100, "%"),
    vol.Exclusive("energy", "goal"): _amount(0.1, 1000, "kWh"),
    vol.Exclusive("distance", "goal"): _amount(1, 5000, "km"),
}


def goal_of(data: Mapping[str, Any]) -> Goal | None:
    """Return the goal that fields name; None: they name none."""
    given = ((kind, data[name] * unit) for name, (kind, unit) in _GOALS.items() if name in data)
    return next((Goal(kind, Decimal(str(amount))) for kind, amount in given), None)


@explained
async def set_departure(call: ServiceCall) -> None:
    """Have cars leave once at a moment or with another goal; with neither, as calendar and week say."""
    asked = [(aim, _viewed(aim)) for aim in cars(call.hass, call.data)]
    trips = [(aim, _trip(car, call.data)) for aim, car in asked if car]
    for aim, trip in trips:
        await carry_out(_set(aim.engine, aim.id, trip))


def _viewed(aim: Aim[VehicleId | EvseId]) -> VehicleView | None:
    if not isinstance(aim.id, EvseId):
        return vehicle_view(aim.engine, aim.id)
    view = evse_view(aim.engine, aim.id)
    return guest_view(aim.engine, view) if view else None


def _set(engine: Engine, car: VehicleId | EvseId, trip: Trip | None) -> Awaitable[CommandResult]:
    return engine.set_guest(car, trip) if isinstance(car, EvseId) else engine.set_trip(car, trip)


@explained
async def preview_plan(call: ServiceCall) -> ServiceResponse:
    """Return what would be planned for a car, for one that leaves an hour earlier or later, and for one that charges at once."""
    aims = evses(call.hass, call.data)
    if len(aims) != 1:
        raise misuse("one_evse_only")
    view, car = await _stands_there(call, aims[0])
    trip = _trip(car, call.data)
    wished = car.vehicle if trip is None else with_trip(car.vehicle, trip)
    found = await preview(aims[0].engine.planner, view, car, wished)
    plan = found.plan
    return {
        "currency": view.site.currency,
        **_told(plan),
        "periods": [
            {
                "start": each.start.isoformat(),
                "end": each.end.isoformat(),
                "limit": float(each.limit_a),
                "phases": each.phases,
            }
            for each in plan.periods
        ],
        "alternatives": [
            _told(other) | {"costs_more": float(other.cost - plan.cost)} for other in found.others
        ],
        "at_once": {
            "ready_at": plan.soonest.isoformat() if plan.soonest else None,
            "costs_more": float(plan.saved),
        },
    }


async def _stands_there(call: ServiceCall, aim: Aim[EvseId]) -> tuple[EvseView, VehicleView]:
    """Return where a car stands, and the car. Raises unless there is one and the caller may see its plan."""
    view = evse_view(aim.engine, aim.id)
    if view is None or view.session is None or view.evse.session is None:
        raise misuse("no_session")
    user_id = call.context.user_id
    user = await call.hass.auth.async_get_user(user_id) if user_id else None
    if user is not None and not user.is_admin:
        own = driver_of(call.hass, aim.coordinator.entry, user.id)
        if own is None or view.session.payer.driver != own:
            raise misuse("not_your_plan")
    car = car_view(aim.engine, view)
    if car is None:
        raise misuse("no_vehicle")
    return view, car


def _trip(car: VehicleView, data: Mapping[str, Any]) -> Trip | None:
    """Return what is asked for; without a moment, for the departure in force. None: nothing is asked for."""
    goal = wanted(car, asked := goal_of(data))
    if AT not in data and asked is None:
        return None
    at: datetime | None = data.get(AT)
    if at is None:
        if car.departure is None:
            raise misuse("no_departure")
        return Trip(at=car.departure, goal=goal)
    return Trip(at=ahead(car, at), goal=goal)


def _told(plan: EvsePlan) -> dict[str, Any]:
    return {
        "departure": plan.departure.isoformat(),
        "ready_at": plan.ready_at.isoformat() if plan.ready_at else None,
        "state": plan.state.value,
        "energy_kwh": float(plan.energy_wh) / 1000,
        "missing_kwh": float(plan.unmet_wh) / 1000,
        "cost": float(plan.cost),
        "saved": float(plan.saved),
        "co2_kg": None if plan.co2_kg is None else float(plan.co2_kg),
    }
