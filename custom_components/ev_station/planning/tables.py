"""A problem as tables of numbers, for the two who look for plans."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from ..circuit.bounds import ancestry
from ..model.circuit import NOMINAL_V
from ..model.ids import CircuitId
from .problem import ALL_PHASES, LEAST_OVERLAP, Circuit, Ev, Problem, Slot

type Weights = tuple[tuple[int, float], ...]
"""Rows of `Tables.room`, and what one ampere of a mode takes there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """All that the search reads again and again."""

    hours: Sequence[float]
    base_w: Sequence[float]
    """What the site draws from the grid without cars and batteries."""
    waits_h: Sequence[float]
    """From now to each slot."""
    usable_h: Sequence[Sequence[float]]
    """Per car and slot, how long it is there."""
    watts_per_amp: Sequence[Sequence[float]]
    """Per car and mode."""
    windows: Sequence[Sequence[int]]
    """Per car, its slots."""
    room: Sequence[Sequence[float]]
    """Per limit and slot; A for each phase of each circuit, W for limits of power."""
    owners: Sequence[CircuitId]
    """Per limit, its circuit."""
    weights: Sequence[Sequence[Weights]]
    """Per car and mode."""
    batteries: Sequence[Weights]
    """Per battery: what one W of it takes."""


def tables(problem: Problem) -> Tables:
    """Return a problem's tables."""
    begin = problem.slots[0].start
    hours = [slot.hours for slot in problem.slots]
    usable = [_usable(ev, problem.slots, hours) for ev in problem.evs]
    rows, room = _rows(problem.circuits)
    parents = {each.circuit: each.parent for each in problem.circuits}

    def weights(circuit: CircuitId | None, phases: frozenset[int], per_phase: float) -> Weights:
        """Return what draws `per_phase` A on each phase takes."""
        found = []
        for above in ancestry(circuit, parents):
            found += [(rows[above, phase], per_phase) for phase in sorted(phases)]
            if (above, None) in rows:
                found.append((rows[above, None], per_phase * NOMINAL_V * len(phases)))
        return tuple(found)

    return Tables(
        hours=hours,
        base_w=[slot.load_w - slot.pv_w for slot in problem.slots],
        waits_h=[(slot.start - begin) / timedelta(hours=1) for slot in problem.slots],
        usable_h=usable,
        watts_per_amp=[[mode.watts_per_amp for mode in ev.modes] for ev in problem.evs],
        windows=[[t for t, hours in enumerate(row) if hours] for row in usable],
        room=room,
        owners=[circuit for circuit, _ in rows],
        weights=[
            [weights(ev.circuit, mode.phases, 1.0) for mode in ev.modes] for ev in problem.evs
        ],
        batteries=[
            weights(each.circuit, ALL_PHASES, 1 / (NOMINAL_V * len(ALL_PHASES)))
            for each in problem.batteries
        ],
    )


def usable_hours(ev: Ev, slot: Slot) -> float:
    """Return how long a car is there in a slot."""
    overlap = min(ev.departure, slot.end) - max(ev.arrival, slot.start)
    least = min(LEAST_OVERLAP, slot.end - slot.start)
    return overlap / timedelta(hours=1) if overlap >= least else 0.0


def _usable(ev: Ev, slots: Sequence[Slot], hours: Sequence[float]) -> list[float]:
    """Return how long a car is there in each slot; only its first and its last may be a part of one."""
    first = bisect_right(slots, ev.arrival, key=lambda slot: slot.end)
    after = bisect_left(slots, ev.departure, key=lambda slot: slot.start)
    found = [0.0] * len(slots)
    found[first:after] = hours[first:after]
    for t in {first, after - 1} if first < after else ():
        found[t] = usable_hours(ev, slots[t])
    return found


def _rows(
    circuits: Sequence[Circuit],
) -> tuple[dict[tuple[CircuitId, int | None], int], list[list[float]]]:
    """Return where each limit stands, and what it leaves in each slot; never less than nothing."""
    rows: dict[tuple[CircuitId, int | None], int] = {}
    room: list[list[float]] = []
    for circuit in circuits:
        for phase in sorted(ALL_PHASES):
            rows[circuit.circuit, phase] = len(room)
            room.append([max(0.0, each[phase]) for each in circuit.room_a])
        if circuit.room_w is not None:
            rows[circuit.circuit, None] = len(room)
            room.append([max(0.0, each) for each in circuit.room_w])
    return rows, room
