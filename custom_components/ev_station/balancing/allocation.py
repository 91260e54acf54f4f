"""Who gets how much: the least to as many as fit, then fair shares up to what each can use.

One pass over the whole site, in whole steps of 0.1 A. The result depends on the claims and bounds alone, not
on their order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from ..circuit.bounds import Bound
from ..model.ids import EvseId


class Rank(NamedTuple):
    """Who is let in first; the lower goes first."""

    priority: int
    turn: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What an EVSE could use now, in steps per phase; `most` below `least` claims nothing."""

    evse: EvseId
    least: int
    most: int
    weight: int = 1
    """Shares are in proportion to it."""
    rank: Rank
    charges: bool = False
    """It may use a bound's slack for its least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What an EVSE may draw, in steps per phase: 0 or at least its claim's `least`."""

    steps: int
    bound: Bound | None
    """What keeps it from more; None: nothing but its own claim."""
    sharers: int = 0
    """How many could use some of what that leaves."""


@dataclass(slots=True, eq=False)
class _Meter:
    """A bound while it is being filled."""

    bound: Bound
    room: int
    slack: int
    """Nothing once somebody began: who charges gives up its place for that if need be."""
    wanted_by: int = 0
    rate: int = 0
    """How much room one more level takes: what the rising EVSEs draw of it together."""


@dataclass(slots=True, eq=False)
class _Riser:
    """An EVSE that was let in; while it rises it has `steps` at `level` and its weight more each level since."""

    claim: Claim
    meters: tuple[tuple[_Meter, int], ...]
    steps: int = 0
    level: int = 0
    short: _Meter | None = None
    """What keeps it from more."""

    @property
    def begins(self) -> int:
        """Return the level at which it no longer has more than its share."""
        return -(-self.claim.least // self.claim.weight)

    @property
    def ends(self) -> int:
        """Return the level above which it claims nothing more."""
        return self.level + (self.claim.most - self.steps) // self.claim.weight

    def grant(self) -> Grant:
        """Return what it got, and what kept it from more."""
        if self.short is None:
            return Grant(steps=self.steps, bound=None)
        return Grant(steps=self.steps, bound=self.short.bound, sharers=self.short.wanted_by)

    def lacks(self, count: int, *, slack: bool = False) -> _Meter | None:
        """Return the bound that is shortest of room for that many steps more; None: they fit."""
        short = [
            (meter.room - count * weight, meter)
            for meter, weight in self.meters
            if meter.room + meter.slack * slack < count * weight
        ]
        return min(short, key=_shortage)[1] if short else None

    def take(self, count: int) -> None:
        """Use up room for some steps."""
        self.steps += count
        for meter, weight in self.meters:
            meter.room -= count * weight

    def begin(self) -> None:
        """Take up its least; where it begins anew, nobody after it may use slack."""
        self.take(self.claim.least)
        for meter, _ in self.meters:
            meter.slack = meter.slack if self.claim.charges else 0

    def rise(self, level: int) -> None:
        """Begin to take part in every level from this one on."""
        self.level = level
        for meter, weight in self.meters:
            meter.rate += weight * self.claim.weight

    def takes_last_level(self, level: int) -> bool:
        """Rise no longer with the others, but take what is left of one more level; return whether it was a whole one."""
        self.steps += (level - self.level) * self.claim.weight
        for meter, weight in self.meters:
            meter.rate -= weight * self.claim.weight
        for _ in range(self.claim.weight):
            if self.steps >= self.claim.most:
                return False
            self.short = self.lacks(1)
            if self.short is not None:
                return False
            self.take(1)
        return True


def _shortage(short: tuple[int, _Meter]) -> int:
    return short[0]


def allocate(claims: Iterable[Claim], bounds: Sequence[Bound]) -> Mapping[EvseId, Grant]:
    """Return what each claimant may draw.

    No bound is exceeded that was not before, but for its slack by the least of those who charge; nobody gets
    more than nothing and less than its least; nobody who was let in could have another step; of two, none is
    ahead by two steps per weight unless a bound, its least or its claim holds the other.
    """
    meters = [_Meter(bound, bound.room, bound.slack) for bound in bounds]
    of_evse = _by_evse(meters)
    found: list[_Riser] = []
    risers: list[_Riser] = []
    for claim in sorted(claims, key=lambda each: (each.rank, each.evse)):
        riser = _Riser(claim, of_evse.get(claim.evse, ()))
        found.append(riser)
        if claim.most < claim.least:
            continue
        for meter, _ in riser.meters:
            meter.wanted_by += 1
        riser.short = riser.lacks(claim.least, slack=claim.charges)
        if riser.short is None:
            riser.begin()
            risers.append(riser)
    _fill(risers, meters)
    return {each.claim.evse: each.grant() for each in found}


def _by_evse(meters: Iterable[_Meter]) -> dict[EvseId, tuple[tuple[_Meter, int], ...]]:
    found: dict[EvseId, list[tuple[_Meter, int]]] = {}
    for meter in meters:
        for evse, weight in meter.bound.weights.items():
            found.setdefault(evse, []).append((meter, weight))
    return {evse: tuple(each) for evse, each in found.items()}


def _fill(risers: Sequence[_Riser], meters: Sequence[_Meter]) -> None:
    """Raise the level: at level n each may have n steps per weight, as far as its claim and the bounds allow."""
    level = 0
    waiting = [(riser.begins, place, riser) for place, riser in enumerate(risers)]
    heapify(waiting)
    rising: dict[int, _Riser] = {}
    while waiting or rising:
        while waiting and waiting[0][0] <= level:
            _, place, riser = heappop(waiting)
            riser.rise(level)
            rising[place] = riser
        level = _raised(level, rising.values(), meters, waiting[0][0] if waiting else None)
        for place in _stuck(rising, meters, level):
            riser = rising.pop(place)
            if riser.takes_last_level(level):
                heappush(waiting, (level + 1, place, riser))


def _raised(
    level: int, rising: Iterable[_Riser], meters: Iterable[_Meter], next_begins: int | None
) -> int:
    """Return the level up to which nothing stands in the way, with its room taken."""
    ends = [each.ends for each in rising]
    ends += [level + max(meter.room, 0) // meter.rate for meter in meters if meter.rate]
    until = min(ends if next_begins is None else [*ends, next_begins], default=level)
    for meter in meters:
        meter.room -= (until - level) * meter.rate
    return until


def _stuck(rising: Mapping[int, _Riser], meters: Iterable[_Meter], level: int) -> list[int]:
    """Return the places, in order, of those who cannot all have another whole level."""
    tight = {
        evse
        for meter in meters
        if meter.rate and meter.room < meter.rate
        for evse in meter.bound.weights
    }
    return sorted(
        place for place, each in rising.items() if each.ends <= level or each.claim.evse in tight
    )
