"""What charges do for one car, beside what is laid of the others."""

from .board import Board, cost_of
from .cost import SAME, Rank, begin_cost, begins
from .problem import Charges


def shortage(board: Board, n: int) -> tuple[float, float]:
    """Return how long a car as it is laid waits for its minimum (kWh × h), and what it lacks in the end (weighted kWh)."""
    return _shortage(board, n, board.charges[n])


def is_short(board: Board, n: int) -> bool:
    """Return whether a car as it is laid is not ready in time."""
    return shortage(board, n)[1] > SAME


def together(board: Board) -> Rank:
    """Return the shortages of all cars; of money it knows nothing."""
    each = [shortage(board, n) for n in range(len(board.charges))]
    return sum(delay for delay, _ in each), sum(unmet for _, unmet in each), 0.0


def worth(board: Board, n: int, charges: Charges) -> Rank:
    """Return what charges are worth to a car that has none yet, beside what is laid of the others."""
    ev, taste = board.problem.evs[n], board.problem.taste
    offers = [
        board.offer(n, t, charge)
        for t in board.tables.windows[n]
        if (charge := charges[t]) is not None
    ]
    money = cost_of(offers)
    money += begin_cost(ev, taste) * sum(1 for _ in begins(ev, charges))
    stored = sum(offer.wh for offer in offers) * ev.efficiency
    extra = min(ev.extra_wh, max(0.0, stored - ev.goal_wh))
    money -= ev.extra_price * extra / ev.efficiency / 1000
    return *_shortage(board, n, charges), money


def _shortage(board: Board, n: int, charges: Charges) -> tuple[float, float]:
    ev, watts, usable = (
        board.problem.evs[n],
        board.tables.watts_per_amp[n],
        board.tables.usable_h[n],
    )
    stored, delay = 0.0, 0.0
    for t in board.tables.windows[n]:
        charge = charges[t]
        if charge is not None:
            stored += charge.amps * watts[charge.mode] * usable[t] * ev.efficiency
        if stored < ev.minimum_wh:
            delay += (ev.minimum_wh - stored) * usable[t]
    return delay / 1000, ev.weight * max(0.0, ev.goal_wh - stored) / 1000
