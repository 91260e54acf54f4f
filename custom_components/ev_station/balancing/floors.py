"""What every EVSE may draw if we are gone, whether or not a car is there: together it fits at the worst load."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from ..circuit.bounds import Branch, Tap, amps, bounds
from ..model.ids import CircuitId, EvseId
from .allocation import Claim, Rank, allocate
from .limits import EPOCH
from .orders import NO_ORDERS, Orders


class Seat(NamedTuple):
    """An EVSE as its owner set it up."""

    evse: EvseId
    circuit: CircuitId | None
    phases: frozenset[int]
    """Of the site."""
    least: int
    most: int
    priority: int
    weight: int


@lru_cache(maxsize=4)
def floors(
    branches: tuple[Branch, ...], seats: tuple[Seat, ...], orders: Orders = NO_ORDERS
) -> Mapping[EvseId, Decimal]:
    """Return the floors; asked at every look, they change only with what the owner sets up and the grid orders."""
    taps = [Tap(evse=seat.evse, circuit=seat.circuit, phases=seat.phases) for seat in seats]
    claims = [
        Claim(
            evse=seat.evse,
            least=seat.least,
            most=seat.most,
            weight=seat.weight,
            rank=Rank(seat.priority, 0, EPOCH),
        )
        for seat in seats
    ]
    grants = allocate(claims, (*bounds(branches, taps), *orders.bounds(taps)))
    return {evse: amps(grant.steps) for evse, grant in grants.items()}
