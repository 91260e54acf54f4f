"""Everybody at once, the least laxity first: what leaves the fewest cars short, whatever it costs."""

from collections.abc import Iterator

from .board import Board
from .problem import Charge

_NOTHING_WH = 0.5


def hurry(board: Board) -> Board:
    """Charge all cars slot by slot: the least current for as many as fit, then the most for who has no time to lose."""
    needs = [ev.goal_wh / ev.efficiency for ev in board.problem.evs]
    for t in range(len(board.problem.slots)):
        here = sorted(_here(board, needs, t), key=lambda n: _laxity(board, needs[n], n, t))
        for n in here:
            if board.cap(n, 0, t):
                board.put_one(n, t, Charge(board.problem.evs[n].modes[0].min_a))
        for n in here:
            if board.charges[n][t] is not None:
                needs[n] -= _raise(board, needs[n], n, t)
    return board


def _here(board: Board, needs: list[float], t: int) -> Iterator[int]:
    for n, need in enumerate(needs):
        if need > _NOTHING_WH and board.tables.usable_h[n][t]:
            yield n


def _laxity(board: Board, need: float, n: int, t: int) -> tuple[bool, float]:
    """Return how long a car can still wait; a minimum waits for nobody."""
    ev = board.problem.evs[n]
    urgent = ev.goal_wh - need * ev.efficiency < ev.minimum_wh
    power = ev.modes[0].max_a * ev.modes[0].watts_per_amp
    return not urgent, (sum(board.tables.usable_h[n][t:]) - need / power) / ev.weight


def _raise(board: Board, need: float, n: int, t: int) -> float:
    """Give a car the most it can use in a slot; return what it draws."""
    way = board.problem.evs[n].modes[0]
    board.put_one(n, t, None)
    wh_per_amp = way.watts_per_amp * board.tables.usable_h[n][t]
    amps = max(way.min_a, min(board.cap(n, 0, t), need / wh_per_amp))
    board.put_one(n, t, Charge(amps))
    return amps * wh_per_amp
