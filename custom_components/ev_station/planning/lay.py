"""One car's best charges in the room that others leave.

Each slot offers a few currents at a cost. For a price that a Wh is worth, the best choice of slots, with what each start
costs, is the best way through a row of states (off, or one of the modes): a dynamic programme. The least price that
brings enough energy is found by halving; then the dearest of what is too much is taken away.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import inf
from typing import Final

from .board import Board, Offer
from .cost import begin_cost
from .problem import Charge, Charges, Ev

_HALVINGS: Final = 7
_AS_DEAR: Final = 1e-6
"""Of a Wh: a slot that is cheaper by less is as dear."""
_WORTH: Final = 0.02
"""Less money is no reason for more slots with less current."""
_ENOUGH_WH: Final = 0.5

type Menu = list[list[list[Offer]]]
"""Per slot of the window and mode, what is offered."""
type Choice = list[Offer | None]
"""Per slot of the window."""
type Step = tuple[list[int], Choice]
"""Per state, from which state one came and what one took."""


def lay(board: Board, n: int, *, thrifty: bool = False) -> Charges:
    """Return the best charges of a car that has none yet."""
    ev, window = board.problem.evs[n], board.tables.windows[n]
    modes = range(len(ev.modes))
    menu = [[board.offers(n, t, mode) for mode in modes] for t in window]
    urgent = _urgent(board, n, menu)
    for place, offer in urgent.items():
        more = [each for each in menu[place][offer.charge.mode] if each.wh > offer.wh + _ENOUGH_WH]
        menu[place] = [[offer, *more] if mode == offer.charge.mode else [] for mode in modes]
    charges: list[Charge | None] = [None] * len(board.problem.slots)
    for t, taken in zip(
        window, _Car(board, n, menu, frozenset(urgent)).choice(thrifty=thrifty), strict=True
    ):
        charges[t] = None if taken is None else taken.charge
    return tuple(charges)


def _urgent(board: Board, n: int, menu: Menu) -> dict[int, Offer]:
    """Return the least that charges the minimum as early as can be, by the place in the window."""
    ev, urgent = board.problem.evs[n], dict[int, Offer]()
    minimum = ev.minimum_wh / ev.efficiency
    for t, (place, modes) in zip(board.tables.windows[n], enumerate(menu), strict=True):
        if minimum <= _ENOUGH_WH:
            break
        if offers := [offer for offers in modes for offer in offers]:
            most = max(offers, key=lambda offer: offer.wh)
            least = modes[most.charge.mode][0]
            urgent[place] = _lowered(board, n, t, most, least, minimum)
            minimum -= urgent[place].wh
    return urgent


def _lowered(board: Board, n: int, t: int, offer: Offer, least: Offer, wh: float) -> Offer:
    """Return an offer with so little, if its least allows it."""
    wh = max(least.wh, wh)
    if wh >= offer.wh:
        return offer
    return board.offer(n, t, Charge(offer.charge.amps * wh / offer.wh, offer.charge.mode))


def energy(choice: Choice) -> float:
    """Return what a choice draws."""
    return sum(offer.wh for offer in choice if offer is not None)


class _Car:
    """A car with what it is offered."""

    def __init__(self, board: Board, n: int, menu: Menu, urgent: frozenset[int]) -> None:
        self._board = board
        self._n = n
        self._menu = menu
        self._urgent = urgent
        self._ev: Ev = board.problem.evs[n]
        self._start_cost = board.problem.taste.start_cost
        self._begin_cost = begin_cost(self._ev, board.problem.taste)
        window = board.tables.windows[n]
        self._runs = self._ev.running is not None and bool(window) and window[0] == 0

    def choice(self, *, thrifty: bool) -> Choice:
        """Return the choice for the least price that brings the goal, and what is cheap enough beyond it."""
        ev = self._ev
        target, most = ev.goal_wh / ev.efficiency, (ev.goal_wh + ev.extra_wh) / ev.efficiency
        low, high = self._prices()
        if ev.extra_wh:
            worth = ev.extra_price / 1000
            choice = self._way(worth)
            if target <= energy(choice) <= most:
                return choice
            if energy(choice) > most:
                target, high = most, worth
            else:
                low, high = worth, max(worth, high)
        if target <= _ENOUGH_WH and not self._urgent:
            return [None] * len(self._menu)
        best = self._dearest_enough(target, low, high)
        return self._trimmed(best, energy(best) - target, thrifty=thrifty)

    def _dearest_enough(self, target: float, low: float, high: float) -> Choice:
        """Return the choice for the least price that brings a target, or all there is."""
        near, margin = self._marginal(target)
        best = self._way(min(high, near + margin))
        if energy(best) < target - _ENOUGH_WH:
            best = self._way(high)
        else:
            low, high = max(low, near - margin), min(high, near + margin)
        for _ in range(_HALVINGS):
            if energy(best) <= target + _ENOUGH_WH:
                break
            price = (low + high) / 2
            choice = self._way(price)
            if energy(choice) >= target - _ENOUGH_WH:
                high, best = price, choice
            else:
                low = price
        return best

    def _marginal(self, target: float) -> tuple[float, float]:
        """Return what the last Wh of the cheapest slots costs, and what a start adds to a single slot's Wh."""
        most = [offers[-1] for modes in self._menu for offers in modes if offers]
        rate, wh = 0.0, 1.0
        for offer in sorted(most, key=lambda offer: offer.cost / offer.wh):
            if target <= 0:
                break
            rate, wh, target = offer.cost / offer.wh, offer.wh, target - offer.wh
        return rate, self._begin_cost / wh

    def _prices(self) -> tuple[float, float]:
        """Return prices of a Wh for which nothing, and everything, is worth charging."""
        rates = [0.0]
        least = inf
        for offers in (offers for modes in self._menu for offers in modes if offers):
            least = min(least, offers[0].wh)
            rates += [offer.cost / offer.wh for offer in offers]
            rates += [(b.cost - a.cost) / (b.wh - a.wh) for a, b in pairwise(offers)]
        fixed = 2 * self._begin_cost
        return min(rates) - fixed / least, max(rates) + fixed / least

    def _way(self, price: float) -> Choice:
        """Return the best way through the window for what a Wh is worth.

        Its states are the modes, rest, and the rest of a car that broke off at once: it has paid for that, as nobody
        who has not enough yet gets around it.
        """
        off = len(self._ev.modes)
        values = [inf] * (off + 2)
        values[off if self._ev.running is None else self._ev.running] = 0.0
        steps: list[Step] = []
        for place, modes in enumerate(self._menu):
            values, step = self._step(place, modes, values, price)
            steps.append(step)
        state, choice = values.index(min(values)), []
        for came, taken in reversed(steps):
            choice.append(taken[state])
            state = came[state]
        choice.reverse()
        return choice

    def _step(
        self, place: int, modes: Sequence[Sequence[Offer]], values: list[float], price: float
    ) -> tuple[list[float], Step]:
        """Return what each state is worth after a slot, and how it is reached."""
        off, broken = len(modes), len(modes) + 1
        least = min(values[:broken])
        cheapest = values.index(least)
        begins, before = least + self._begin_cost, cheapest
        if values[broken] + self._start_cost < begins:
            begins, before = values[broken] + self._start_cost, broken
        after, came = [inf] * (off + 2), [before] * off + [cheapest, broken]
        taken: Choice = [None] * (off + 2)
        for mode, offers in enumerate(modes):
            best = inf
            for offer in offers:
                worth = offer.cost - price * offer.wh
                if worth < best:
                    best, taken[mode] = worth, offer
            if values[mode] <= begins:
                came[mode] = mode
            after[mode] = min(values[mode], begins) + best
        if place not in self._urgent:
            after[off], after[broken] = least, values[broken]
            if place == 0 and self._runs:
                after[off], after[broken] = inf, least + self._begin_cost - self._start_cost
                came[broken] = cheapest
        return after, (came, taken)

    def _trimmed(self, choice: Choice, excess: float, *, thrifty: bool) -> Choice:
        """Return a choice without what is too much: whole slots at the edge of a run first, then currents.

        Or, where that is cheaper, of whole slots only the dearest before currents: a cheap slot that happens to fit
        is worth more than a part of a dear one. That may take more slots.
        """
        trimmed = self._lowered(*self._cut(list(choice), excess, inf))
        if thrifty:
            dear = self._lowered(*self._cut(list(choice), excess, _AS_DEAR))
            other = self._lowered(*self._cut(*dear, inf))
            trimmed = other if _cost(other) < _cost(trimmed) - _WORTH else trimmed
        return trimmed[0]

    def _cut(self, choice: Choice, excess: float, apart: float) -> tuple[Choice, float]:
        """Take away whole slots that cost so little less than the dearest; return what is still too much."""
        while (place := self._edge(choice, excess, apart)) is not None:
            excess -= energy([choice[place]])
            choice[place] = None
        return choice, excess

    def _lowered(self, choice: Choice, excess: float) -> tuple[Choice, float]:
        """Lower currents, the dearest first; return what is still too much."""
        window = self._board.tables.windows[self._n]
        for place in self._dearest_first(choice):
            offer = choice[place]
            if offer is None or excess <= _ENOUGH_WH:
                continue
            least = self._menu[place][offer.charge.mode][0]
            lowered = _lowered(self._board, self._n, window[place], offer, least, offer.wh - excess)
            choice[place], excess = lowered, excess - (offer.wh - lowered.wh)
        return choice, excess

    def _edge(self, choice: Choice, excess: float, apart: float) -> int | None:
        """Return the dearest first or last slot of a run that is no more than what is too much."""
        dearest = -inf
        for place in self._dearest_first(choice):
            offer = choice[place]
            rate = offer.cost / offer.wh if offer else 0.0
            dearest = max(dearest, rate)
            if dearest - rate > apart:
                return None
            # What runs and goes on after the first slot is not broken for nothing.
            goes_on = place == 0 and self._runs and choice[1:2] not in ([], [None])
            spare = energy([choice[place]]) <= excess + _ENOUGH_WH
            kept = goes_on or place in self._urgent
            if spare and not kept and _is_edge(choice, place):
                return place
        return None

    def _dearest_first(self, choice: Choice) -> Iterator[int]:
        """Yield the places that may be trimmed; what runs or is urgent may be lowered only."""
        rates = {place: offer.cost / offer.wh for place, offer in enumerate(choice) if offer}
        yield from sorted(rates, key=lambda place: (-rates[place], -place))


def _cost(trimmed: tuple[Choice, float]) -> float:
    """Return what a choice costs beside its starts: trimmed, it has no more of them."""
    return sum(offer.cost for offer in trimmed[0] if offer)


def _is_edge(choice: Choice, place: int) -> bool:
    """Return whether a run loses its first or last slot, so that no pause comes of it."""
    before = choice[place - 1] if place else None
    after = choice[place + 1] if place + 1 < len(choice) else None
    return before is None or after is None
