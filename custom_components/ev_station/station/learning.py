"""What a car really takes: learnt while it charges, for the plans of its next visits."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from ..access.vehicles import vehicle_at
from ..balancing.draws import FLOWS_A, drawn_a
from ..model.allowance import Allowance, ReasonKind
from ..model.state import Vehicle
from ..planning.demand import TAPERS_FROM, percent_of
from .context import Context
from .places import Place

_MARGIN: Final = Decimal(5)
"""Percent: some cars taper earlier."""


def learn(context: Context, found: Sequence[Place]) -> None:
    """Remember on how many phases the cars that are there draw, and how much where they could have more."""
    vehicles = list(context.draft.all(Vehicle))
    for place in found if vehicles else ():
        allowance = context.draft.get(Allowance, place.evse.id)
        if place.session is None or allowance is None or not allowance.phases:
            continue
        vehicle = vehicle_at(place.evse, place.session.payer, vehicles)
        if vehicle is not None:
            _learn(context, place, allowance, vehicle)


def _learn(context: Context, place: Place, allowance: Allowance, vehicle: Vehicle) -> None:
    """A car that tapers draws less than it takes: what it draws when nearly full says nothing, and more always counts."""
    drawn = drawn_a(place.evse, allowance, place.settings, context.now)
    phasing = allowance.phasing
    on_all = phasing is None or phasing.phases == place.settings.phases
    if drawn is None or drawn < FLOWS_A:
        return
    content = allowance.reason.kind is ReasonKind.CAR
    most, phases = vehicle.takes_a, vehicle.takes_phases
    if on_all:
        # One that takes all it is offered, and is never content, uses no other phases than these either.
        phases = max(phases or 0, len(allowance.phases))
    if most is None and content and not _is_nearly_full(place, vehicle):
        most = max(drawn, place.settings.min_current_a)
    elif most is not None:
        most = max(most, drawn)
    most = None if most is None else most.to_integral_value()
    if (vehicle.takes_a, vehicle.takes_phases) != (most, phases):
        context.draft.put(replace(vehicle, takes_a=most, takes_phases=phases))


def _is_nearly_full(place: Place, vehicle: Vehicle) -> bool:
    percent = percent_of(vehicle, place.session, place.evse.live)
    return percent is not None and percent > TAPERS_FROM - _MARGIN
