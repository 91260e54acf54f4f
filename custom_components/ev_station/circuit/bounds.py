"""The tree's limits as plain inequalities over EVSE currents: fuses per phase, power, unbalanced load.

Currents are whole steps of 0.1 A, the finest that OCPP 1.6 can say (§7.14), so that nothing is ever rounded
over a limit.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import Final

from ..model.circuit import NO_AMPS, NOMINAL_V, Amps
from ..model.ids import CircuitId, EvseId

STEPS_PER_A: Final = 10
WATTS_PER_STEP: Final = NOMINAL_V // STEPS_PER_A
"""Of one phase."""
_PHASES: Final = (0, 1, 2)


class BoundKind(StrEnum):
    """What would be exceeded."""

    CURRENT = "current"
    POWER = "power"
    UNBALANCED = "unbalanced"
    SURPLUS = "surplus"
    """Not of a circuit: what is over of the sun."""
    PEAK = "peak"
    """Not of a circuit: the month's peak at the grid."""
    DIMMED = "dimmed"
    """Not of a circuit: an order of the grid's operator."""
    RIPPLE = "ripple"
    """Not of a circuit: what the ripple control receiver leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A circuit at one moment."""

    circuit: CircuitId
    parent: CircuitId | None = None
    limit_a: Decimal
    load_a: Amps
    """What flows here beside our EVSEs, per phase; negative where something feeds in."""
    power_limit_w: int | None = None
    unbalanced_limit_a: Decimal | None = None
    slack_a: Amps = NO_AMPS
    """By how much those who charge may exceed the limit with their least, per phase."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """Where an EVSE hangs, and on which of the site's phases it draws."""

    evse: EvseId
    circuit: CircuitId | None
    phases: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """`sum(weights[evse] * steps[evse]) <= room`; an EVSE that is not named does not count."""

    circuit: CircuitId | None
    kind: BoundKind
    phase: int | None
    """Of CURRENT and UNBALANCED."""
    room: int
    """May be negative: then not even nothing is little enough."""
    weights: Mapping[EvseId, int]
    slack: int = 0
    """By how much those who charge may exceed it with their least."""

    def less(self, granted: Mapping[EvseId, int]) -> Bound:
        """Return what a bound leaves when some EVSEs have their steps."""
        taken = sum(weight * granted.get(evse, 0) for evse, weight in self.weights.items())
        return replace(self, room=self.room - taken)


def steps(amps: Decimal) -> int:
    """Return how many whole steps fit into a current."""
    return int((amps * STEPS_PER_A).to_integral_value(ROUND_FLOOR))


def steps_above(amps: Decimal) -> int:
    """Return how many whole steps a current takes up."""
    return int((amps * STEPS_PER_A).to_integral_value(ROUND_CEILING))


def amps(count: int) -> Decimal:
    """Return the current of a number of steps."""
    return Decimal(count) / STEPS_PER_A


def bounds(branches: Iterable[Branch], taps: Iterable[Tap]) -> tuple[Bound, ...]:
    """Return every inequality that binds at least one EVSE; an EVSE counts in its circuit and all above.

    A circuit whose parents run in a ring, or are unknown, ends where it cannot go on.
    """
    tree = {branch.circuit: branch for branch in branches}
    below: dict[CircuitId, list[Tap]] = {circuit: [] for circuit in tree}
    parents = {circuit: branch.parent for circuit, branch in tree.items()}
    for tap in taps:
        for circuit in ancestry(tap.circuit, parents):
            below[circuit].append(tap)
    return tuple(
        bound
        for circuit, branch in tree.items()
        for bound in _of_branch(branch, below[circuit])
        if bound.weights
    )


def ancestry(
    circuit: CircuitId | None, parents: Mapping[CircuitId, CircuitId | None]
) -> Sequence[CircuitId]:
    """Return a circuit and all it hangs on, upwards; each once, also in a ring. None hangs on nothing."""
    chain: list[CircuitId] = []
    at = circuit
    while at is not None and at in parents and at not in chain:
        chain.append(at)
        at = parents[at]
    return chain


def _of_branch(branch: Branch, taps: Sequence[Tap]) -> Iterator[Bound]:
    for phase in _PHASES:
        yield Bound(
            circuit=branch.circuit,
            kind=BoundKind.CURRENT,
            phase=phase,
            room=steps(branch.limit_a - branch.load_a[phase]),
            weights={tap.evse: 1 for tap in taps if phase in tap.phases},
            slack=steps(branch.slack_a[phase]),
        )
    if branch.power_limit_w is not None:
        yield _power(branch, branch.power_limit_w, taps)
    if branch.unbalanced_limit_a is not None:
        yield from _unbalanced(branch, branch.unbalanced_limit_a, taps)


def _power(branch: Branch, limit_w: int, taps: Sequence[Tap]) -> Bound:
    load_w = sum(branch.load_a, Decimal(0)) * NOMINAL_V
    return Bound(
        circuit=branch.circuit,
        kind=BoundKind.POWER,
        phase=None,
        room=int((limit_w - load_w).to_integral_value(ROUND_FLOOR)),
        weights={tap.evse: WATTS_PER_STEP * len(tap.phases) for tap in taps},
    )


def _unbalanced(branch: Branch, limit_a: Decimal, taps: Sequence[Tap]) -> Iterator[Bound]:
    """Yield what EVSEs may add to a phase beyond the least loaded one.

    Who draws on all phases alike unbalances nothing. What others add to the least loaded phase is not counted:
    they may stop at any moment.
    """
    least = min(branch.load_a)
    for phase in _PHASES:
        yield Bound(
            circuit=branch.circuit,
            kind=BoundKind.UNBALANCED,
            phase=phase,
            room=steps(limit_a + least - branch.load_a[phase]),
            weights={
                tap.evse: 1
                for tap in taps
                if phase in tap.phases and len(tap.phases) < len(_PHASES)
            },
        )
