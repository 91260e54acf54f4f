"""One car's best charges in the room that others leave.

Each slot offers a few currents at a cost. For a price that a Wh is worth, the best choice of slots, with what each start
costs, is the best way through a row of states (off, or one of the modes): a dynamic programme. The least price that
brings enough energy is where two ways are worth the same; then the dearest of what is too much is taken away.
"""

from collections.abc import Iterator
from itertools import pairwise
from math import inf
from typing import Final, NamedTuple

from .board import Board, Offer
from .cost import begin_cost, begins
from .problem import Charge, Charges, Ev

_NEAR: Final = 0.1
"""Of what a start adds to the price of a Wh: so far from a guess the price is looked for first."""
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


class Way(NamedTuple):
    """A choice with what it draws and what it costs, with starts."""

    choice: Choice
    wh: float
    cost: float


def lay(board: Board, n: int, *, thrifty: bool = False) -> Charges:
    """Return the best charges of a car that has none yet."""
    ev, window = board.problem.evs[n], board.tables.windows[n]
    board.work += len(window)
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
        self._slots = [(place not in urgent, self._counted(place)) for place in range(len(menu))]

    def _counted(self, place: int) -> list[tuple[int, list[tuple[Offer, float, float]]]]:
        """Return what each mode offers, what that costs and draws."""
        return [
            (mode, [(offer, offer.cost, offer.wh) for offer in offers])
            for mode, offers in enumerate(self._menu[place])
            if offers
        ]

    def choice(self, *, thrifty: bool) -> Choice:
        """Return the choice for the least price that brings the goal, and what is cheap enough beyond it."""
        ev = self._ev
        target, most = ev.goal_wh / ev.efficiency, (ev.goal_wh + ev.extra_wh) / ev.efficiency
        low, high = self._prices()
        if ev.extra_wh:
            worth = ev.extra_price / 1000
            way = self._way(worth)
            if target <= way.wh <= most:
                return way.choice
            if way.wh > most:
                target, high = most, worth
            else:
                low, high = worth, max(worth, high)
        if target <= _ENOUGH_WH and not self._urgent:
            return [None] * len(self._menu)
        less, more = self._around(target, low, high)
        trimmed = self._trimmed(list(more.choice), more.wh - target, thrifty=thrifty)
        if not thrifty or less.wh > target:
            return trimmed
        filled = self._filled(list(less.choice), target - less.wh)
        return trimmed if filled is None or self._money(trimmed) <= self._money(filled) else filled

    def _money(self, choice: Choice) -> float:
        """Return what a choice costs, with starts."""
        charges = [None if offer is None else offer.charge for offer in choice]
        return self._begin_cost * sum(1 for _ in begins(self._ev, charges)) + _cost(choice)

    def _filled(self, choice: Choice, lacking: float) -> Choice | None:
        """Return a choice with higher currents, the cheapest first; None: in its slots there is not enough."""
        window = self._board.tables.windows[self._n]
        for place, offer in self._raises(choice):
            if lacking <= 0:
                break
            before = choice[place] or offer
            more = max(before, offer, key=lambda each: each.wh)
            raised = _lowered(
                self._board, self._n, window[place], more, before, before.wh + lacking
            )
            choice[place], lacking = raised, lacking - (raised.wh - before.wh)
        return choice if lacking <= _ENOUGH_WH else None

    def _raises(self, choice: Choice) -> Iterator[tuple[int, Offer]]:
        """Yield the places where more is offered in the mode that is chosen, the cheapest first."""
        rates = []
        for place, offer in enumerate(choice):
            if offer is None:
                continue
            higher = [each for each in self._menu[place][offer.charge.mode] if each.wh >= offer.wh]
            rates += [((b.cost - a.cost) / (b.wh - a.wh), place, b) for a, b in pairwise(higher)]
        for _, place, offer in sorted(rates):
            yield place, offer

    def _around(self, target: float, low: float, high: float) -> tuple[Way, Way]:
        """Return the nearest ways that bring less than a target, and that bring it, if any does."""
        less, more = self._guessed(target, low, high)
        while less.wh < more.wh and more.wh > target + _ENOUGH_WH:
            # The price for which both are worth the same: what is best for it lies between them, or is one of them.
            way = self._way((more.cost - less.cost) / (more.wh - less.wh))
            if not less.wh < way.wh < more.wh:
                break
            less, more = (less, way) if way.wh >= target - _ENOUGH_WH else (way, more)
        return less, more

    def _guessed(self, target: float, low: float, high: float) -> tuple[Way, Way]:
        """Return a way that brings less than a target and one that brings it, if any does: guessed, then looked for."""
        near, margin = self._marginal(target)
        price, step = min(max(near, low), high), _NEAR * margin or inf
        way = self._way(price)
        dearer = way.wh < target - _ENOUGH_WH
        last = high if dearer else low
        while price != last:
            price = min(last, price + step) if dearer else max(last, price - step)
            before, way, step = way, self._way(price), 4 * step
            if dearer == (way.wh >= target - _ENOUGH_WH):
                return (before, way) if dearer else (way, before)
        return way, way

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

    def _way(self, price: float) -> Way:
        """Return the best way through the window for what a Wh is worth.

        Its states are the modes, rest, and the rest of a car that broke off at once: it has paid for that, as nobody
        who has not enough yet gets around it.
        """
        off, broken = len(self._ev.modes), len(self._ev.modes) + 1
        values = [inf] * (off + 2)
        values[off if self._ev.running is None else self._ev.running] = 0.0
        steps: list[Step] = []
        for place, (may_rest, modes) in enumerate(self._slots):
            least = min(values[:broken])
            cheapest = values.index(least)
            anew, before = least + self._begin_cost, cheapest
            if values[broken] + self._start_cost < anew:
                anew, before = values[broken] + self._start_cost, broken
            came, after = [*[before] * off, cheapest, broken], [inf] * (off + 2)
            taken: Choice = [None] * (off + 2)
            if may_rest and place == 0 and self._runs:
                after[broken], came[broken] = least + self._begin_cost - self._start_cost, cheapest
            elif may_rest:
                after[off], after[broken] = least, values[broken]
            for mode, offers in modes:
                best = inf
                for offer, cost, wh in offers:
                    worth = cost - price * wh
                    if worth < best:
                        best, taken[mode] = worth, offer
                goes_on = values[mode]
                if goes_on <= anew:
                    came[mode] = mode
                    after[mode] = goes_on + best
                else:
                    after[mode] = anew + best
            values = after
            steps.append((came, taken))
        return self._back(steps, values, price)

    def _back(self, steps: list[Step], values: list[float], price: float) -> Way:
        """Return the way that led to the least value."""
        least, choice = min(values), []
        state = values.index(least)
        for came, taken in reversed(steps):
            choice.append(taken[state])
            state = came[state]
        choice.reverse()
        wh = energy(choice)
        return Way(choice, wh, least + price * wh)

    def _trimmed(self, choice: Choice, excess: float, *, thrifty: bool) -> Choice:
        """Return a choice without what is too much: whole slots at the edge of a run first, then currents.

        Or, where that is cheaper, of whole slots only the dearest before currents: a cheap slot that happens to fit
        is worth more than a part of a dear one. That may take more slots.
        """
        cut, left = self._cut(list(choice), excess, inf)
        trimmed = self._lowered(cut, left)
        if thrifty and left < excess:
            dear = self._lowered(*self._cut(list(choice), excess, _AS_DEAR))
            other = self._lowered(*self._cut(*dear, inf))
            # Trimmed, neither has more starts than before.
            trimmed = other if _cost(other[0]) < _cost(trimmed[0]) - _WORTH else trimmed
        return trimmed[0]

    def _cut(self, choice: Choice, excess: float, apart: float) -> tuple[Choice, float]:
        """Take away whole slots that cost so little less than the dearest; return what is still too much."""
        rates = self._dearest_first(choice)
        while (place := self._edge(choice, rates, excess, apart)) is not None:
            excess -= energy([choice[place]])
            choice[place] = None
            del rates[place]
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

    def _edge(
        self, choice: Choice, rates: dict[int, float], excess: float, apart: float
    ) -> int | None:
        """Return the dearest first or last slot of a run that is no more than what is too much."""
        dearest = next(iter(rates.values()), 0.0)
        for place, rate in rates.items():
            if dearest - rate > apart:
                break
            # What runs and goes on after the first slot is not broken for nothing.
            goes_on = place == 0 and self._runs and choice[1:2] not in ([], [None])
            spare = energy([choice[place]]) <= excess + _ENOUGH_WH
            kept = goes_on or place in self._urgent
            if spare and not kept and _is_edge(choice, place):
                return place
        return None

    def _dearest_first(self, choice: Choice) -> dict[int, float]:
        """Return the places that may be trimmed and what a Wh costs there; what runs or is urgent may be lowered only."""
        rates = {place: offer.cost / offer.wh for place, offer in enumerate(choice) if offer}
        return dict(sorted(rates.items(), key=lambda each: (-each[1], -each[0])))


def _cost(choice: Choice) -> float:
    """Return what a choice costs beside its starts."""
    return sum(offer.cost for offer in choice if offer)


def _is_edge(choice: Choice, place: int) -> bool:
    """Return whether a run loses its first or last slot, so that no pause comes of it."""
    before = choice[place - 1] if place else None
    after = choice[place + 1] if place + 1 < len(choice) else None
    return before is None or after is None
