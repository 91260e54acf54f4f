"""Where EVSEs hang in the electrical tree, and what they go by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from ..access.vehicles import vehicle_at
from ..balancing.limits import limit_of
from ..model.allowance import Allowance
from ..model.energy import ChargeMode
from ..model.ids import ChargerId, CircuitId
from ..model.phases import PhaseStep
from ..model.plan import EvsePlan
from ..model.session import Session
from ..model.settings import EvseSettings
from ..model.state import SITE, Charger, Circuit, Draft, Evse, Site, SiteState, Vehicle

_OUTDATED_AFTER: Final = timedelta(hours=1)
"""A car that still stands there has been planned for anew four times by then, unless planning fails."""


@dataclass(frozen=True, slots=True)
class Place:
    """An EVSE whose limit is ours to decide.

    It hangs on a circuit, its mode is another than fast, the grid's operator gives orders,
    or it is to get back to all its phases.
    """

    circuit: CircuitId | None
    charger: Charger
    evse: Evse
    settings: EvseSettings
    """With the least current of the car that stands there."""
    allowance: Allowance | None
    session: Session | None
    """What goes on there."""


def circuit_of(circuits: Sequence[Circuit], charger: ChargerId) -> CircuitId | None:
    """Return the circuit a charger hangs on; one that was put on none hangs on the only one at the top."""
    for circuit in circuits:
        if charger in circuit.settings.chargers:
            return circuit.key
    known = {circuit.key for circuit in circuits}
    tops = [each.key for each in circuits if each.settings.parent not in known]
    return tops[0] if len(tops) == 1 else None


def places(view: SiteState | Draft) -> Iterator[Place]:
    """Yield every EVSE whose limit is ours to decide."""
    circuits, vehicles = list(view.all(Circuit)), list(view.all(Vehicle))
    site = view.get(Site, SITE)
    under_orders = site is not None and site.settings.grid.limits
    for charger in list(view.all(Charger)):
        circuit = circuit_of(circuits, charger.key)
        for number in charger.evses:
            evse = view.get(Evse, number)
            if evse is None:
                continue
            place = _place(view, circuit, charger, evse, vehicles)
            decided = under_orders or circuit is not None or evse.mode is not ChargeMode.FAST
            if decided or _is_switched(place):
                yield place


def plan_in_force(view: SiteState | Draft, place: Place, now: datetime) -> EvsePlan | None:
    """Return the plan of the session that goes on at an EVSE; one that nobody renewed since has no say for ever."""
    plan = view.get(EvsePlan, place.evse.id)
    if plan is None or plan.session != place.evse.session:
        return None
    return plan if now - plan.departure < _OUTDATED_AFTER else None


def _place(
    view: SiteState | Draft,
    circuit: CircuitId | None,
    charger: Charger,
    evse: Evse,
    vehicles: Sequence[Vehicle],
) -> Place:
    session = None if evse.session is None else view.get(Session, evse.session)
    settings = charger.settings.evse(evse.id.evse)
    vehicle = None if session is None else vehicle_at(evse, session.payer, vehicles)
    return Place(
        circuit=circuit,
        charger=charger,
        evse=evse,
        settings=settings if vehicle is None else _for_car(evse, settings, vehicle),
        allowance=view.get(Allowance, evse.id),
        session=session,
    )


def _for_car(evse: Evse, settings: EvseSettings, vehicle: Vehicle) -> EvseSettings:
    """Return an EVSE that offers nothing with which its car does not charge; its owner's limit is no pause for that."""
    least, most = vehicle.settings.min_current_a, limit_of(evse, settings)
    if least is None or not most:
        return settings
    return replace(settings, min_current_a=max(settings.min_current_a, min(least, most)))


def _is_switched(place: Place) -> bool:
    """Return whether an EVSE is not back at all its phases, and at rest."""
    phasing = None if place.allowance is None else place.allowance.phasing
    if phasing is None or phasing.failed_at is not None:
        return False
    return phasing.phases < place.settings.phases or phasing.step is not PhaseStep.STEADY
