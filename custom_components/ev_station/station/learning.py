"""What a car really takes: learnt while it charges, for the plans of its next visits."""

from collections.abc import Sequence
from dataclasses import replace

from ..access.vehicles import vehicle_at
from ..balancing.draws import FLOWS_A, drawn_a
from ..model.allowance import Allowance, ReasonKind
from ..model.state import Vehicle
from .context import Context
from .places import Place


def learn(context: Context, found: Sequence[Place]) -> None:
    """Remember on how many phases the cars that are there draw, and how much where they could have more."""
    vehicles = list(context.draft.all(Vehicle))
    for place in found if vehicles else ():
        allowance = context.draft.get(Allowance, place.evse.id)
        if place.session is None or allowance is None or not allowance.phases:
            continue
        vehicle = vehicle_at(place.evse, place.session.payer.driver, vehicles)
        if vehicle is not None:
            _learn(context, place, allowance, vehicle)


def _learn(context: Context, place: Place, allowance: Allowance, vehicle: Vehicle) -> None:
    """A car that tapers draws less than before: the most it was seen to take counts."""
    drawn = drawn_a(place.evse, allowance, place.settings, context.now)
    if allowance.reason.kind is not ReasonKind.CAR or drawn is None or drawn < FLOWS_A:
        return
    most = max(vehicle.takes_a or drawn, drawn).to_integral_value()
    phases = max(vehicle.takes_phases or 0, len(allowance.phases))
    if (vehicle.takes_a, vehicle.takes_phases) != (most, phases):
        context.draft.put(replace(vehicle, takes_a=most, takes_phases=phases))
