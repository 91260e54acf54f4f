"""The site as people see it: what flows in each circuit, whose car it is, what is free and who waits.

Kept beside the state: it is told with every look and forgotten with the process.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from ..balancing.claims import rank_of
from ..balancing.draws import site_phases
from ..balancing.surplus import STALE_AFTER
from ..circuit.bounds import ancestry
from ..model.allowance import Allowance, Wait
from ..model.circuit import NO_AMPS, NOMINAL_V, Amps, summed
from ..model.energy import EnergyReading
from ..model.ids import CircuitId, EvseId
from ..model.settings import EvseSettings
from ..model.state import Circuit, Evse, SiteState
from ..session.live import present
from .observing import Observed
from .places import Place, places

_PHASES: Final = (0, 1, 2)


class CircuitSeen(NamedTuple):
    """What flows through a fuse, A per phase."""

    house_a: Amps
    """Everything that is not ours; negative where something feeds in."""
    cars_a: Amps
    limit_a: Decimal
    power_limit_w: int | None
    measured: bool
    """False: the house's part is what the owner assumes."""
    overloaded: bool
    """For longer than is tolerated, and not yet cooled down."""
    evses: tuple[EvseId, ...]
    """Those that hang directly on it."""
    queue: tuple[EvseId, ...]
    """Cars that wait for room in it, the one whose turn is next first."""

    @property
    def total_a(self) -> Amps:
        """Return what flows."""
        return summed(self.house_a, self.cars_a)

    @property
    def power_w(self) -> Decimal:
        """Return what flows on all phases together."""
        return sum(self.total_a, Decimal(0)) * NOMINAL_V

    @property
    def headroom_a(self) -> Decimal:
        """Return what one more load may draw, whichever phase it is on; negative: too much flows."""
        free = self.limit_a - max(self.total_a)
        if self.power_limit_w is None:
            return free
        return min(free, (self.power_limit_w - self.power_w) / NOMINAL_V)


class Seen(NamedTuple):
    """What the last look found."""

    circuits: Mapping[CircuitId, CircuitSeen] = {}
    cars: Mapping[EvseId, Amps] = {}
    """What each car draws on the phases of the site."""
    energy: EnergyReading | None = None
    """Where the site's power comes from; None: nobody says."""


def see(
    state: SiteState,
    observed: Observed,
    energy: EnergyReading | None,
    before: Seen,
    now: datetime,
) -> Seen:
    """Return the site as people see it after a look."""
    found = list(places(state))
    cars = {each.evse.id: _drawn(each) for each in found}
    circuits = list(state.all(Circuit))
    below = _below(circuits, found, cars)
    return Seen(
        circuits={
            circuit.key: _circuit(circuit, observed, below, before, found, now)
            for circuit in circuits
        },
        cars=cars,
        energy=energy if energy and now - energy.at <= STALE_AFTER else None,
    )


def _circuit(
    circuit: Circuit,
    observed: Observed,
    below: Mapping[CircuitId, Amps],
    before: Seen,
    found: Sequence[Place],
    now: datetime,
) -> CircuitSeen:
    measured = observed.measured.get(circuit.key)
    cars = below.get(circuit.key, NO_AMPS)
    assumed = circuit.settings.assumed_a
    house = assumed if measured is None else summed(measured, _negative(cars))
    return CircuitSeen(
        house_a=house,
        cars_a=cars,
        limit_a=circuit.limit_a,
        power_limit_w=circuit.power_limit_w,
        measured=measured is not None,
        overloaded=_is_overloaded(circuit.key, observed, before),
        evses=tuple(each.evse.id for each in found if each.circuit == circuit.key),
        queue=_queue(circuit.key, found, now),
    )


def _is_overloaded(circuit: CircuitId, observed: Observed, before: Seen) -> bool:
    """Return whether an overload goes on: from the end of what is tolerated until it has cooled down."""
    phases = observed.memory.phases.get(circuit)
    heat = max(each.heat for each in phases) if phases else 0
    known = before.circuits.get(circuit)
    return heat >= 1 or (heat > 0 and known is not None and known.overloaded)


def _queue(circuit: CircuitId, found: Sequence[Place], now: datetime) -> tuple[EvseId, ...]:
    waiting = [
        (rank_of(each.evse, each.allowance, each.settings, now), each.evse.id)
        for each in found
        if each.allowance is not None and _waits_in(circuit, each.allowance)
    ]
    return tuple(evse for _, evse in sorted(waiting))


def _waits_in(circuit: CircuitId, allowance: Allowance) -> bool:
    return allowance.waits_for is Wait.ROOM and allowance.reason.circuit == circuit


def _below(
    circuits: Sequence[Circuit], found: Sequence[Place], cars: Mapping[EvseId, Amps]
) -> Mapping[CircuitId, Amps]:
    """Return what cars draw in each circuit and all below it."""
    parents = {each.key: each.settings.parent for each in circuits}
    sums: dict[CircuitId, Amps] = {}
    for place in found:
        for circuit in ancestry(place.circuit, parents):
            sums[circuit] = summed(sums.get(circuit, NO_AMPS), cars[place.evse.id])
    return sums


def _drawn(place: Place) -> Amps:
    """Return what a car draws; of a charger that is away nobody knows."""
    if place.charger.connection is None:
        return NO_AMPS
    used = () if place.allowance is None else place.allowance.phases
    return site_amps(place.evse, place.settings, used)


def site_amps(evse: Evse, settings: EvseSettings, used: Sequence[int] = ()) -> Amps:
    """Return what is measured on each phase of the site; power alone is spread over those known to be used.

    One current of no phase may flow on each of them.
    """
    live, phases = present(evse), site_phases(settings)
    spread_on = [phase for phase in phases if phase in used] or phases
    spread = (live.power_w or Decimal(0)) / NOMINAL_V / len(spread_on)
    known = live.phases_told and any(each is not None for each in live.currents_a)
    if not live.phases_told:
        spread = live.currents_a[0] or Decimal(0)
    found = dict.fromkeys(_PHASES, Decimal(0))
    for own, phase in enumerate(phases):
        if known:
            found[phase] = live.currents_a[own] or Decimal(0)
        elif phase in spread_on:
            found[phase] = spread
    return found[0], found[1], found[2]


def _negative(amps: Amps) -> Amps:
    return -amps[0], -amps[1], -amps[2]
