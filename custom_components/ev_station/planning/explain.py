"""Why a plan lets a car draw when it does: a reason for each slot, and when it is ready."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from ..model.ids import CircuitId
from ..model.plan import PlanState, Why
from .board import Board, Offer, cost_of
from .plan import Plan
from .problem import PEAK, Charge, Ev
from .surcharges import emitted_kg
from .tables import tables

_NOTHING_WH: Final = 10.0
_SAME_PRICE: Final = 1e-4
"""Of a kWh."""
_SAME_CO2_G: Final = 1.0
"""Of a kWh."""
_NOTHING: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a car draws or pauses in a slot."""

    why: Why
    until: datetime | None = None
    """Of a pause: when it draws next."""
    saves: float | None = None
    """Of WAITS: what the energy of its next slot would cost more here."""
    circuit: CircuitId | None = None
    """Of FUSE: which one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a plan means for a car."""

    reasons: tuple[Reason | None, ...]
    """Per slot; None: it is not there."""
    outlook: PlanState
    unmet_wh: float
    """Of the goal, when it leaves."""
    next_start: datetime | None
    """None: it draws nothing any more."""
    ready_at: datetime | None
    """None: not before it leaves."""
    latest_start: datetime | None
    """When it would have to begin at the latest, in the room that others leave; None: nothing is needed."""
    cost: float
    saved: float
    """Against charging at once in the same room."""
    soonest: datetime | None
    """When it would be ready then; None: not before it leaves."""
    co2_kg: float
    """Of what it draws from the grid."""


def explain(made: Plan, n: int, *, draws_on_for: timedelta = timedelta(0)) -> Explanation:
    """Return what a plan means for a car that may draw for so long after the plan's last slot."""
    return _Car(made, n, draws_on_for).explanation()


class _Car:
    """A car beside what the plan lets all others do."""

    def __init__(self, made: Plan, n: int, draws_on_for: timedelta) -> None:
        self._made = made
        self._n = n
        self._ev: Ev = made.problem.evs[n]
        self._slots = made.problem.slots
        self._charges = made.charges[n]
        self._tables = tables(made.problem)
        self._window = self._tables.windows[n]
        # What is told is money alone.
        plain = replace(made.problem.taste, early_price=0.0, risk_price=0.0)
        self._board = Board(replace(made.problem, taste=plain), self._tables, made.batteries)
        for other, charges in enumerate(made.charges):
            if other != n:
                self._board.put(other, charges)
        self._offers = {t: self._offer(t) for t in self._window}
        self._power_w = max(mode.max_a * mode.watts_per_amp for mode in self._ev.modes)
        self._beyond_wh = self._power_w * (draws_on_for / timedelta(hours=1))
        self._weighs_co2 = bool(made.problem.taste.co2_price)
        self._most = {t: self._most_in(t) for t in self._window}
        """What it could draw at most."""
        self._passed = {
            t: most for t, most in self._most.items() if most and self._offers[t] is None
        }
        """The same of the slots in which it pauses."""

    def _offer(self, t: int) -> Offer | None:
        charge = self._charges[t]
        return None if charge is None else self._board.offer(self._n, t, charge)

    def explanation(self) -> Explanation:
        """Return what the plan means."""
        latest, cost = self._latest_start(), self._cost(self._offers.values())
        starts = [t for t in self._window if self._charges[t]]
        return Explanation(
            reasons=self._reasons(),
            outlook=self._outlook(),
            unmet_wh=self._unmet_wh(),
            next_start=self._begin(starts[0]) if starts else None,
            ready_at=self._reached(self._offers.__getitem__),
            latest_start=latest,
            cost=cost,
            saved=self._cost(self._at_once()) - cost,
            soonest=self._reached(self._most.__getitem__),
            co2_kg=self._co2_kg(),
        )

    def _begin(self, t: int) -> datetime:
        return max(self._slots[t].start, self._ev.arrival)

    def _cost(self, offers: Iterable[Offer | None]) -> float:
        return cost_of(offer for offer in offers if offer is not None)

    def _co2_kg(self) -> float:
        slots, net, drawn = self._slots, self._board.net_w, self._offers
        watts = [
            net[t] + (offer.wh / slots[t].hours if (offer := drawn.get(t)) else 0.0)
            for t in range(len(slots))
        ]
        return emitted_kg(slots, watts, net)

    def _most_in(self, t: int) -> Offer | None:
        """Return the most it could draw in a slot."""
        offers = [
            offer
            for mode in range(len(self._ev.modes))
            for offer in self._board.offers(self._n, t, mode)
        ]
        return max(offers, key=lambda offer: offer.wh, default=None)

    def _at_once(self) -> Iterator[Offer]:
        """Yield what it would draw if it charged as much as in the plan, but at once."""
        need = sum(offer.wh for offer in self._offers.values() if offer)
        for t in self._window:
            most = self._most[t]
            if most is None or need <= _NOTHING_WH:
                continue
            part = min(1.0, need / most.wh)
            need -= part * most.wh
            charge = Charge(part * most.charge.amps, most.charge.mode)
            yield self._board.offer(self._n, t, charge)

    def _latest_start(self) -> datetime | None:
        """Return when it would have to begin if it drew its most from then on."""
        need = self._ev.goal_wh / self._ev.efficiency
        if need <= _NOTHING_WH:
            return None
        for t in reversed(self._window):
            most = self._most[t]
            if most is None:
                continue
            if most.wh >= need:
                end = min(self._slots[t].end, self._ev.departure)
                return end - timedelta(hours=self._tables.usable_h[self._n][t] * need / most.wh)
            need -= most.wh
        return self._begin(0)

    def _reached(self, offer_in: Callable[[int], Offer | None]) -> datetime | None:
        """Return when it has its goal, if it draws this in each slot."""
        need = self._ev.goal_wh / self._ev.efficiency - _NOTHING_WH
        if need <= 0:
            return self._begin(0)
        for t in self._window:
            offer = offer_in(t)
            if offer is not None and offer.wh >= need:
                hours = self._tables.usable_h[self._n][t] * need / offer.wh
                return self._begin(t) + timedelta(hours=hours)
            need -= offer.wh if offer else 0.0
        if need <= self._beyond_wh:
            return self._slots[-1].end + timedelta(hours=need / self._power_w)
        return None

    def _unmet_wh(self) -> float:
        unmet = self._made.outcome.evs[self._n].unmet_wh
        return max(0.0, unmet - self._beyond_wh * self._ev.efficiency)

    def _outlook(self) -> PlanState:
        if self._unmet_wh() <= _NOTHING_WH:
            return PlanState.ON_TRACK
        most = self._power_w * sum(self._tables.usable_h[self._n]) + self._beyond_wh
        enough = most * self._ev.efficiency >= self._ev.goal_wh - _NOTHING_WH
        return PlanState.LATE if enough else PlanState.IMPOSSIBLE

    def _reasons(self) -> tuple[Reason | None, ...]:
        reasons: list[Reason | None] = [None] * len(self._slots)
        stored, later_wh = 0.0, self._later_wh()
        for t in self._window:
            offer = self._offers[t]
            if offer is None:
                reasons[t] = self._pauses(t, stored)
                continue
            reasons[t] = Reason(why=self._draws(t, offer, stored, later_wh[t]))
            stored += offer.wh * self._ev.efficiency
        return tuple(reasons)

    def _later_wh(self) -> dict[int, float]:
        """Return the most it could draw after each slot."""
        found, later = {}, self._beyond_wh
        for t in reversed(self._window):
            found[t] = later
            most = self._most[t]
            later += most.wh if most else 0.0
        return found

    def _draws(self, t: int, offer: Offer, stored: float, later_wh: float) -> Why:
        surplus = -self._board.net_w[t] * self._tables.hours[t]
        if stored < self._ev.minimum_wh - _NOTHING_WH:
            return Why.MINIMUM
        if surplus > offer.wh / 2:
            return Why.SOLAR
        if stored >= self._ev.goal_wh - _NOTHING_WH:
            return Why.EXTRA
        if stored + later_wh * self._ev.efficiency < self._ev.goal_wh - _NOTHING_WH:
            return Why.NEEDED
        if self._weighs_co2 and self._is_cleaner(t, offer):
            return Why.CLEANER
        return Why.STEADY if self._goes_on(t, offer) else Why.CHEAPEST

    def _goes_on(self, t: int, offer: Offer) -> bool:
        """Return whether it draws here as it draws beside it: a cheaper slot would not pay for one more start."""
        beside = self._offers.get(t - 1) or self._offers.get(t + 1)
        if beside is None and (t or self._ev.running is None):
            return False
        worth = self._worth(t, offer) - _SAME_PRICE
        return any(
            most.wh >= offer.wh and self._worth(other, most) < worth
            for other, most in self._passed.items()
        )

    def _worth(self, t: int, offer: Offer) -> float:
        """Return what a kWh costs, with the risk that the car will have left."""
        gone = self._ev.gone[t] if self._ev.gone else 0.0
        return _rate(offer) + self._made.problem.taste.risk_price * gone

    def _is_cleaner(self, t: int, offer: Offer) -> bool:
        """Return whether it could draw for no more money in a dirtier slot in which it pauses."""
        return any(self._prefers(offer, t, most, other) for other, most in self._passed.items())

    def _prefers(self, one: Offer, t: int, other: Offer, passed: int) -> bool:
        """Return whether a slot is the cleaner of two, and no cheaper."""
        slots = self._slots
        cleaner = slots[passed].co2_g > slots[t].co2_g + _SAME_CO2_G
        return cleaner and _rate(one) >= _rate(other) - _SAME_PRICE

    def _pauses(self, t: int, stored: float) -> Reason:
        coming = [
            (later, offer)
            for later in self._window
            if later > t and (offer := self._offers[later]) is not None
        ]
        until = self._begin(coming[0][0]) if coming else None
        most = self._most[t]
        if stored >= self._ev.goal_wh - _NOTHING_WH and (not coming or self._is_too_dear(t)):
            wants = self._ev.extra_wh and stored < self._ev.goal_wh + self._ev.extra_wh
            return Reason(why=Why.PRICE_LIMIT if wants else Why.READY, until=until)
        if most is None:
            full = self._full(t)
            return Reason(why=Why.PEAK if full == PEAK else Why.FUSE, until=until, circuit=full)
        return self._waits(t, most, *coming[0]) if coming else Reason(why=Why.WAITS, saves=0.0)

    def _is_too_dear(self, t: int) -> bool:
        """Return whether power costs more than is paid for what is beyond the goal."""
        return bool(self._ev.extra_wh) and self._slots[t].import_price > self._ev.extra_price

    def _waits(self, t: int, most: Offer, later: int, offer: Offer) -> Reason:
        """Return why it waits for a slot, although it could draw."""
        until = self._begin(later)
        saves = _rate(most) * offer.wh / 1000 - offer.plain
        if saves <= _NOTHING and self._raises_peak(t):
            return Reason(why=Why.PEAK, until=until)
        if self._weighs_co2 and self._prefers(offer, later, most, t):
            return Reason(why=Why.WAITS_CLEANER, until=until)
        return Reason(why=Why.WAITS, until=until, saves=max(0.0, saves))

    def _raises_peak(self, t: int) -> bool:
        """Return whether the least it can draw in a slot raises the month's peak above what is planned."""
        modes = range(len(self._ev.modes))
        offers = [offer for mode in modes for offer in self._board.offers(self._n, t, mode)]
        paid = max((offer.peak for offer in self._offers.values() if offer), default=0.0)
        return min(offer.peak for offer in offers) > paid + _NOTHING

    def _full(self, t: int) -> CircuitId | None:
        """Return the circuit that leaves the car the least."""
        left = {
            row: self._board.room[row][t] / weight
            for weights in self._tables.weights[self._n]
            for row, weight in weights
        }
        return self._tables.owners[min(left, key=left.__getitem__)] if left else None


def _rate(offer: Offer) -> float:
    """Return what a kWh of it costs, but for what a higher peak does."""
    return 1000 * offer.plain / offer.wh
