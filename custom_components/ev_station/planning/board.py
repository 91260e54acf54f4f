"""What is laid so far: the room that is left, what the grid gives, and what a car would pay for each slot."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import inf
from typing import NamedTuple

from .cost import counted_w, flow_cost
from .problem import Charge, Charges, Powers, Problem
from .tables import Tables, Weights

_EPSILON_A = 1e-6
_APART_A = 1e-3
"""Currents that differ by less are the same."""


type Tolls = Mapping[tuple[int, int], float]
"""Per row of `Tables.room` and slot, what one of its units costs a car beside its energy."""


class Offer(NamedTuple):
    """A current a car may draw in a slot, and what that is and costs."""

    charge: Charge
    wh: float
    """Drawn at the EVSE."""
    cost: float
    """With the taste for early slots and the risk of a car that has left."""
    peak: float = 0.0
    """Of that, what a higher peak of the month costs."""

    @property
    def plain(self) -> float:
        """Return the cost without that of the peak."""
        return self.cost - self.peak


def cost_of(offers: Iterable[Offer]) -> float:
    """Return what slots cost a car together: it pays for the peak once, for the highest of them."""
    taken = list(offers)
    return sum(offer.plain for offer in taken) + max((offer.peak for offer in taken), default=0.0)


class Board:
    """A plan in the making: every car's charges, and what they leave; mutable."""

    def __init__(self, problem: Problem, tables: Tables, batteries: Sequence[Powers]) -> None:
        """Begin with nothing but the batteries laid."""
        self.problem = problem
        self.tables = tables
        self.room = [list(row) for row in tables.room]
        self.net_w = list(tables.base_w)
        self.charges: list[Charges] = [(None,) * len(problem.slots) for _ in problem.evs]
        for weights, powers in zip(tables.batteries, batteries, strict=True):
            for t, watts in enumerate(powers):
                self._draw(weights, t, max(0.0, watts))
                self.net_w[t] += watts
        self._free_w = problem.capacity.peak_w if problem.capacity else 0.0
        self._drawing = [0] * len(problem.slots)
        """How many cars draw."""
        self.tolls: Tolls = {}
        self.work = 0
        """In how many slots cars were laid: what a plan takes, counted so that the same site has the same plan."""

    def put(self, n: int, charges: Charges) -> None:
        """Lay a car's charges in place of those it has."""
        for sign, row in ((-1.0, self.charges[n]), (1.0, charges)):
            for t in self.tables.windows[n]:
                self._place(n, t, row[t], sign)
        self.charges[n] = charges
        if self.problem.capacity is not None:
            self._free_w = max(self.problem.capacity.peak_w, *self._highest_w())

    def _highest_w(self) -> Iterator[float]:
        """Yield what counts for the month's peak; `cost.peaks_w` would look at all cars for that, at each step."""
        for slot, net_w, count in zip(self.problem.slots, self.net_w, self._drawing, strict=True):
            yield counted_w(slot, net_w, drawing=count > 0)

    def put_one(self, n: int, t: int, charge: Charge | None) -> None:
        """Lay a car's charge in one slot in place of the one it has."""
        row = list(self.charges[n])
        row[t] = charge
        self.put(n, tuple(row))

    def _place(self, n: int, t: int, charge: Charge | None, sign: float) -> None:
        if charge is not None:
            self._draw(self.tables.weights[n][charge.mode], t, sign * charge.amps)
            self.net_w[t] += sign * self._mean_w(n, t, charge)
            self._drawing[t] += int(sign)

    def lift(self, n: int) -> Charges:
        """Take a car's charges away and return them."""
        lifted = self.charges[n]
        self.put(n, (None,) * len(lifted))
        return lifted

    def cap(self, n: int, mode: int, t: int) -> float:
        """Return the most a car may draw in a slot, 0 where its least does not fit."""
        way = self.problem.evs[n].modes[mode]
        most = way.max_a
        for row, weight in self.tables.weights[n][mode]:
            left = self.room[row][t] / weight
            most = min(most, left)
        return most if most >= way.min_a - _EPSILON_A else 0.0

    def offers(self, n: int, t: int, mode: int) -> list[Offer]:
        """Return the currents worth a thought in a slot: the least, the most, what the sun gives, what the peak leaves.

        Between them the cost is a straight line.
        """
        cap = self.cap(n, mode, t)
        if not cap:
            return []
        least = min(self.problem.evs[n].modes[mode].min_a, cap)
        if cap - least <= _APART_A:
            return self._offers(n, t, mode, (cap,))
        bends = sorted(a for a in self._bends(n, t, mode) if least + _APART_A < a < cap - _APART_A)
        bends = [a for a, after in pairwise((*bends, inf)) if after - a > _APART_A]
        return self._offers(n, t, mode, (least, *bends, cap))

    def _bends(self, n: int, t: int, mode: int) -> list[float]:
        """Return the currents from which on more costs otherwise."""
        share, net = self._wh_per_amp(n, t, mode) / self.tables.hours[t], self.net_w[t]
        bends = [-net / share]
        if kept_w := self.problem.slots[t].kept_w:
            bends.append((-kept_w - net) / share)
        if self.problem.capacity is not None:
            bends.append((self._free_w - self.problem.slots[t].given_w - net) / share)
        return bends

    def offer(self, n: int, t: int, charge: Charge) -> Offer:
        """Return what a charge is and costs beside all that is laid."""
        (found,) = self._offers(n, t, charge.mode, (charge.amps,))
        return found

    def _offers(self, n: int, t: int, mode: int, levels: Sequence[float]) -> list[Offer]:
        ev, taste, slot = self.problem.evs[n], self.problem.taste, self.problem.slots[t]
        hours, net, per_amp = self.tables.hours[t], self.net_w[t], self._wh_per_amp(n, t, mode)
        rate = taste.early_price * self.tables.waits_h[t]
        if ev.gone:
            rate += taste.risk_price * ev.gone[t]
        rate = rate / 1000 + self._toll(n, t, mode) / per_amp
        before = flow_cost(slot, hours, net)
        found = []
        for amps in levels:
            wh = amps * per_amp
            after = net + wh / hours
            peak = self._peak(counted_w(slot, after, drawing=True))
            cost = flow_cost(slot, hours, after) - before + rate * wh + peak
            found.append(Offer(Charge(amps, mode), wh, cost, peak))
        return found

    def _toll(self, n: int, t: int, mode: int) -> float:
        """Return what an ampere pays for the room that it takes."""
        if not self.tolls:
            return 0.0
        weights = self.tables.weights[n][mode]
        return sum(weight * self.tolls.get((row, t), 0.0) for row, weight in weights)

    def _peak(self, watts: float) -> float:
        """Return what it costs to bring the highest slot there; what is laid costs no more."""
        if self.problem.capacity is None:
            return 0.0
        return max(0.0, watts - self._free_w) * self.problem.capacity.price_per_kw / 1000

    def _mean_w(self, n: int, t: int, charge: Charge) -> float:
        return charge.amps * self._wh_per_amp(n, t, charge.mode) / self.tables.hours[t]

    def _wh_per_amp(self, n: int, t: int, mode: int) -> float:
        return self.tables.watts_per_amp[n][mode] * self.tables.usable_h[n][t]

    def _draw(self, weights: Weights, t: int, amount: float) -> None:
        for row, weight in weights:
            self.room[row][t] -= weight * amount
