"""The month's peak as a limit: what cars may draw without raising what the grid gives in a slot above it."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf
from typing import Final

from .problem import PEAK, Circuit, Problem

_NO_FUSE: Final = (inf, inf, inf)


def under_peak(problem: Problem, peak_w: Sequence[float]) -> Problem:
    """Return a problem in whose slots no car brings the grid's power above a peak.

    It is one more circuit above all others; what the sun is expected to give counts there, what a home battery would
    give does not. Of two peaks the lower one counts.
    """
    room = [
        max(0.0, most - slot.load_w - slot.given_w + slot.pv_w)
        for most, slot in zip(peak_w, problem.slots, strict=True)
    ]
    held = next((each.room_w for each in problem.circuits if each.circuit == PEAK), None)
    room = room if held is None else list(map(min, room, held, strict=True))
    top = Circuit(circuit=PEAK, room_a=(_NO_FUSE,) * len(room), room_w=room)
    fuses = (each for each in problem.circuits if each.circuit != PEAK)
    below = (replace(each, parent=each.parent or PEAK) for each in fuses)
    return replace(
        problem,
        evs=tuple(replace(ev, circuit=ev.circuit or PEAK) for ev in problem.evs),
        circuits=(top, *below),
    )
