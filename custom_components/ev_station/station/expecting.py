"""Cars that are away and usually come home: room is kept for them on a tight fuse, before they are here."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from ..access.vehicles import vehicle_at
from ..balancing.limits import limit_of
from ..model.energy import ChargeMode
from ..model.ids import VehicleId
from ..model.session import Session
from ..model.state import Circuit, Evse, Live, SiteState, Vehicle
from ..planning.arrivals import next_arrival
from ..planning.demand import demand_of, spoke_since_it_left
from ..planning.problem import Ev
from .modes import modes_of
from .places import Place, places


def expected(state: SiteState, zone: ZoneInfo, now: datetime, least_wh: Decimal) -> Sequence[Ev]:
    """Return the cars that will want something, where it is clear on which circuit they will stand.

    No more than find a free connector, the first to come. What they get is nobody's plan: it is planned anew when
    they are here.
    """
    free = [place for place in places(state) if _is_free(place)] if _has_fuses(state) else []
    if len({place.circuit for place in free}) != 1:
        return ()
    found = _coming(state, free[0], zone, now)
    wanting = (each for each in found if each.goal_wh >= least_wh)
    return sorted(wanting, key=lambda each: (each.arrival, each.ev))[: len(free)]


def _coming(state: SiteState, place: Place, zone: ZoneInfo, now: datetime) -> Iterator[Ev]:
    here = set(_here(state))
    for vehicle in state.all(Vehicle):
        arrival = next_arrival(vehicle.stays, now, zone)
        if arrival is None or vehicle.key in here or not spoke_since_it_left(vehicle):
            continue
        demand = demand_of(vehicle, None, Live(), arrival, zone)
        if demand.departure is not None:
            yield Ev(
                ev=f"expected {vehicle.key}",
                circuit=place.circuit,
                modes=modes_of(place, vehicle, now)[:1],
                arrival=arrival,
                departure=demand.departure,
                goal_wh=float(demand.goal_wh),
                minimum_wh=float(demand.least_wh),
                efficiency=float(vehicle.settings.efficiency),
            )


def _has_fuses(state: SiteState) -> bool:
    return any(True for _ in state.all(Circuit))


def _is_free(place: Place) -> bool:
    smart = place.evse.mode is ChargeMode.SMART
    return smart and place.session is None and bool(limit_of(place.evse, place.settings))


def _here(state: SiteState) -> Iterator[VehicleId]:
    vehicles = list(state.all(Vehicle))
    for evse in state.all(Evse):
        session = None if evse.session is None else state.get(Session, evse.session)
        if session is None:
            continue
        if (found := vehicle_at(evse, session.payer, vehicles)) is not None:
            yield found.key
