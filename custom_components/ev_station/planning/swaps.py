"""Pairs of cars in each other's way, laid anew one after the other in the room that both have together.

Car by car, nobody leaves a slot that another could use better. On a tight fuse that leaves runs in bits, each with a
start to pay for.
"""

from collections.abc import Iterator
from typing import Final

from .board import Board
from .cost import Rank, begins, gains
from .lay import lay
from .problem import Charges
from .worth import worth

_RIVALS: Final = 6
"""So many cars are asked to make room for one."""
_MOST_WORK: Final = 7500
"""After so much work no pair is tried: a fleet of 50 has an eighth of it left for pairs, ten cars have most of it."""


def swap_pairs(board: Board) -> None:
    """Lay cars that begin more than once before those in their way, where both together are then better off."""
    for n, rival in _pairs(board):
        if board.work >= _MOST_WORK:
            break
        swap(board, n, rival, thrifty=True)


def swap(board: Board, n: int, rival: int, *, thrifty: bool = False) -> None:
    """Lay a car first and its rival after it, if both together are better off."""
    theirs = board.lift(rival)
    before = worth(board, rival, theirs)
    mine = board.lift(n)
    before = _sum(before, worth(board, n, mine))
    after = _sum(_lay(board, n, thrifty=thrifty), _lay(board, rival, thrifty=thrifty))
    if not gains(after, before):
        board.lift(rival)
        board.put(n, mine)
        board.put(rival, theirs)


def rivals(board: Board, n: int) -> list[int]:
    """Return who draws most where a car could: in its window and on a limit of its own."""
    rows = {row for weights in board.tables.weights[n] for row, _ in weights}

    def stands_in_the_way(m: int) -> float:
        return sum(
            charge.amps
            for t in board.tables.windows[n]
            if (charge := board.charges[m][t]) is not None
            and any(row in rows for row, _ in board.tables.weights[m][charge.mode])
        )

    others = {m: stands_in_the_way(m) for m in range(len(board.charges)) if m != n}
    return sorted((m for m in others if others[m]), key=lambda m: -others[m])[:_RIVALS]


def _pairs(board: Board) -> Iterator[tuple[int, int]]:
    """Yield who begins most often with each of its rivals, again and again; no two that are as they were before."""
    tried: dict[tuple[int, int], tuple[Charges, Charges]] = {}
    changed = True
    while changed:
        changed = False
        for n in sorted(range(len(board.charges)), key=lambda n: -_starts(board, n)):
            for rival in rivals(board, n) if _starts(board, n) > 1 else ():
                laid = board.charges[n], board.charges[rival]
                if tried.get((n, rival)) != laid:
                    tried[n, rival], changed = laid, True
                    yield n, rival


def _starts(board: Board, n: int) -> int:
    return sum(1 for _ in begins(board.problem.evs[n], board.charges[n]))


def _lay(board: Board, n: int, *, thrifty: bool) -> Rank:
    """Lay a car that has no charges yet; return what they are worth."""
    charges = lay(board, n, thrifty=thrifty)
    found = worth(board, n, charges)
    board.put(n, charges)
    return found


def _sum(one: Rank, other: Rank) -> Rank:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]
