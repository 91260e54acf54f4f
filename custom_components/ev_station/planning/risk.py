"""How likely a car will have left before a moment, learnt from when cars left and when they had said they would."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime
from heapq import nsmallest
from typing import Final

from ..model.vehicle import Stay
from .problem import Slot

_NEIGHBOURS: Final = 100
"""So many past stays that began at about the same time of day, for about the same stated length, are asked."""
_DAY_S: Final = 86400
_BELIEF: Final = 5
"""So many imagined stays that ended as stated stand beside the real ones, until there are many."""


class Experience:
    """Past stays: how long they were stated to last, and which part of that they did."""

    def __init__(self, stays: Sequence[Stay]) -> None:
        """Learn from stays; those that were stated to end before they began say nothing."""
        self._known: list[tuple[float, float, float]] = []
        for stay in stays:
            stated = (stay.stated - stay.arrival).total_seconds()
            if stated > 0:
                stayed = (stay.departure - stay.arrival).total_seconds()
                self._known.append((stay.arrival.timestamp(), stated, stayed / stated))

    def gone(
        self, arrival: datetime, stated: datetime, now: datetime, slots: Sequence[Slot]
    ) -> tuple[float, ...]:
        """Return for each slot how likely a car that is here now will have left by its middle."""
        length = (stated - arrival).total_seconds()
        parts = self._parts(arrival.timestamp(), length)
        if not parts:
            return (0.0,) * len(slots)

        def still_here(moment: datetime) -> float:
            passed = (moment - arrival).total_seconds() / length
            return 1 - bisect_left(parts, passed) / (len(parts) + _BELIEF)

        here = still_here(max(arrival, now))
        return tuple(
            max(0.0, 1 - still_here(slot.start + (slot.end - slot.start) / 2) / here)
            for slot in slots
        )

    def _parts(self, arrival: float, length: float) -> list[float]:
        """Return which part of their stated length comparable stays lasted, sorted."""
        if length <= 0:
            return []

        def unlike(known: tuple[float, float, float]) -> float:
            apart = (arrival - known[0]) % _DAY_S
            return abs(known[1] - length) + min(apart, _DAY_S - apart)

        return sorted(part for *_, part in nsmallest(_NEIGHBOURS, self._known, key=unlike))
