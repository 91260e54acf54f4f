"""What a car really takes: learnt while it charges, for the plans of its next visits."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import takewhile
from typing import Final

from ..access.vehicles import car_at, is_guest
from ..balancing.draws import FLOWS_A, SETTLED_AFTER, drawn_a
from ..model.allowance import Allowance, ReasonKind
from ..model.circuit import NOMINAL_V
from ..model.session import Session
from ..model.state import Vehicle
from ..planning.demand import percent_of
from .context import Context
from .places import Place

_MARGIN: Final = Decimal(5)
"""Percent: some cars taper earlier."""
_LONG_ENOUGH: Final = timedelta(minutes=10)
"""What a register rises by within it tells the power: some count in steps of 100 Wh."""
_OVERVOLTAGE: Final = Decimal("0.25")
"""Of a phase: a car on one draws a tenth more than reckoned where the grid has 253 V."""


def learn(context: Context, found: Sequence[Place]) -> None:
    """Remember on how many phases the cars that are there draw, and how much where they could have more."""
    vehicles = list(context.draft.all(Vehicle))
    for place in found:
        allowance = context.draft.get(Allowance, place.evse.id)
        if place.session is None or allowance is None:
            continue
        vehicle = car_at(place.evse, place.session.payer, vehicles)
        if vehicle is None:
            continue
        if allowance.phases:
            _learn(context, place, allowance, vehicle)
        elif vehicle.takes_phases is None:
            _learn_by_power(context, place, allowance, vehicle, place.session)


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
        _remember(context, place, replace(vehicle, takes_a=most, takes_phases=phases))


def _is_nearly_full(place: Place, vehicle: Vehicle) -> bool:
    percent = percent_of(vehicle, place.session, place.evse.live)
    return percent is not None and percent > vehicle.settings.tapers_from_percent - _MARGIN


def _learn_by_power(
    context: Context, place: Place, allowance: Allowance, vehicle: Vehicle, session: Session
) -> None:
    """Where a charger tells no currents, a car draws on as many phases as its power needs at its limit."""
    if not allowance.limit_a:
        return
    drawn = drawn_a(place.evse, allowance, place.settings, context.now)
    if drawn is None:
        drawn = _by_register(session, allowance.since + SETTLED_AFTER)
    if drawn < FLOWS_A:
        return
    needed = int((drawn / allowance.limit_a - _OVERVOLTAGE).to_integral_value(ROUND_CEILING))
    phases = max(vehicle.sure_phases or 1, min(needed, place.settings.phases))
    if phases != vehicle.sure_phases:
        _remember(context, place, replace(vehicle, sure_phases=phases))


def _remember(context: Context, place: Place, vehicle: Vehicle) -> None:
    if is_guest(vehicle):
        context.draft.put(replace(context.evse(place.evse.id), guest=vehicle))
    else:
        context.draft.put(vehicle)


def _by_register(session: Session, settled_at: datetime) -> Decimal:
    """Return what a car drew at its present limit by the energy register, A as if on one phase; 0: not known."""
    settled = list(takewhile(lambda each: each.at >= settled_at, reversed(session.readings)))
    if not settled or (lasts := settled[0].at - settled[-1].at) < _LONG_ENOUGH:
        return Decimal(0)
    rise_wh = settled[0].register_wh - settled[-1].register_wh
    return rise_wh * 3600 / NOMINAL_V / Decimal(lasts // timedelta(seconds=1))
