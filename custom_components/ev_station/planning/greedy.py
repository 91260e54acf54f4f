"""A good plan in pure Python: car by car the cheapest slots, then repaired and settled; feasible at every moment.

Who has the least room for delay is laid first. Where somebody is left short, the cars that stand in its way are laid
anew around it, or all are served at once, whatever it costs (`hurry.py`). Then each car is laid once more in the room
that the others leave, and at last those that begin often in turn with who is in their way (`swaps.py`), if that is
better. Where the month's peak has a price, that is done below several peaks.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from .board import Board, Tolls
from .cost import SAME, Outcome, evaluate, gains, precedes
from .hurry import hurry
from .lay import lay
from .peak import under_peak
from .problem import Battery, Charges, Powers, Problem
from .swaps import rivals, swap, swap_pairs
from .tables import tables
from .worth import is_short, together, worth

_AFTER_HURRY: Final = 3
"""So often each car is laid anew where everybody was served at once."""
_PEAKS: Final = 8
"""So many peaks are tried in even steps."""
_NEARER: Final = (2, 4, 8, 16, 32)
"""Then parts of a step beside the best of them: below it first, for what is too low misses goals and is soon seen."""
_SAME_W: Final = 1.0
_SETTLINGS: Final = 3
_TOLLS: Final = (0.9, 0.7, 0.4, 0.0)
"""Of what room is worth, what cars pay for it one time after the other."""

type Plan = tuple[tuple[Charges, ...], tuple[Powers, ...]]
"""The cars' charges and the batteries' powers."""
type Tried = tuple[float, Outcome, Plan]
"""A peak in W, and the plan below it with what that does."""


def greedy(problem: Problem) -> Plan:
    """Return a plan; batteries take what the sun leaves and give what the site draws."""
    if problem.capacity is not None:
        return _below_a_peak(problem)
    board = _laid(problem)
    swap_pairs(board)
    return _made(board)


def _below_a_peak(problem: Problem) -> Plan:
    """Return the best of plans below several peaks of the month: how far to raise it is one number, the rest follows."""
    free = replace(problem, capacity=None)

    def tried(peak_w: float) -> Tried:
        found = _made(_laid(under_peak(free, [peak_w] * len(problem.slots))))
        return peak_w, evaluate(problem, *found), found

    highest = _made(_laid(free))
    outcome = evaluate(problem, *highest)
    unraised = evaluate(problem, *_nothing(problem)).peak_w
    low = max(unraised, 0.0 if problem.capacity is None else problem.capacity.peak_w)
    best, step = (outcome.peak_w, outcome, highest), (outcome.peak_w - low) / _PEAKS
    if step < _SAME_W:
        return highest
    for number in range(_PEAKS):
        best = _better_one(best, tried(low + number * step))
    for part in _NEARER:
        middle = best
        for peak_w in (middle[0] - step / part, middle[0] + step / part):
            best = _better_one(best, tried(max(low, peak_w)))
            if best is not middle:
                break
    return _settled(problem, best)


def _settled(problem: Problem, best: Tried) -> Plan:
    """Return a plan with each car laid anew where that is better, now that it is known what the peak costs."""
    steps = [*[_settle] * _SETTLINGS, swap_pairs]
    for step in steps:
        best = _better_one(best, _changed(problem, best, step))
    return best[2]


def _changed(problem: Problem, tried: Tried, step: Callable[[Board], None]) -> Tried:
    board = _board(problem, tried[2][0], _nothing(problem)[1])
    step(board)
    found = _made(board)
    return tried[0], evaluate(problem, *found), found


def _better_one(one: Tried, other: Tried) -> Tried:
    """Return the better of two; a lower peak is not bought with the little that may stay unmet."""
    return other if gains(other[1].rank, one[1].rank) else one


def _nothing(problem: Problem) -> Plan:
    """Return the plan in which everything rests."""
    count = len(problem.slots)
    charges = tuple((None,) * count for _ in problem.evs)
    return charges, tuple((0.0,) * count for _ in problem.batteries)


def _laid(problem: Problem) -> Board:
    """Return all cars laid, whatever the peak costs."""
    known = tables(problem)
    _, resting = _nothing(problem)
    board = _first_come(Board(problem, known, resting))
    settlings = 1
    if together(board)[1] > SAME:
        hurried = hurry(Board(problem, known, resting))
        hurried.work += board.work
        if precedes(together(hurried), together(board)):
            board, settlings = hurried, _AFTER_HURRY
    for _ in range(settlings):
        _settle(board)
    return board


def _made(board: Board) -> Plan:
    """Return what is laid as a plan."""
    return tuple(board.charges), _self_consumption(board)


def _first_come(board: Board) -> Board:
    """Lay all cars, the most urgent first."""
    for n in sorted(range(len(board.charges)), key=lambda n: _laxity(board, n)):
        board.put(n, lay(board, n))
    _repair(board)
    return board


def tolled(problem: Problem, tolls: Tolls) -> Iterator[tuple[Charges, ...]]:
    """Yield charges of cars that pay for the room they take from others: first all that it is worth, then ever less.

    Where room is scarce, cheap slots and dear ones with more room come to the same for each: none is taken in bits.
    """
    board = Board(problem, tables(problem), _nothing(problem)[1])
    board.tolls = tolls
    _first_come(board)
    for part in _TOLLS:
        board.tolls = {place: part * toll for place, toll in tolls.items()}
        _settle(board)
        yield tuple(board.charges)


def polished(problem: Problem, charges: Sequence[Charges], batteries: Sequence[Powers]) -> Plan:
    """Return a plan with each car laid anew where that is better."""
    board = _board(problem, charges, batteries)
    _settle(board)
    return tuple(board.charges), tuple(batteries)


def _board(problem: Problem, charges: Sequence[Charges], batteries: Sequence[Powers]) -> Board:
    board = Board(problem, tables(problem), batteries)
    for n, row in enumerate(charges):
        board.put(n, row)
    return board


def _laxity(board: Board, n: int) -> tuple[bool, float]:
    """Return how urgent a car is: a minimum first, then the least time to spare for its weight."""
    ev, hours = board.problem.evs[n], sum(board.tables.usable_h[n])
    power = max(mode.max_a * mode.watts_per_amp for mode in ev.modes)
    spare = hours - ev.goal_wh / ev.efficiency / power
    return not ev.minimum_wh, spare / ev.weight


def _settle(board: Board) -> None:
    """Lay each car anew where that is better."""
    for n in range(len(board.charges)):
        before = board.lift(n)
        after = lay(board, n, thrifty=True)
        gained = gains(worth(board, n, after), worth(board, n, before))
        board.put(n, after if gained else before)


def _repair(board: Board) -> None:
    """Let others make room for who is short."""
    for n in range(len(board.charges)):
        for rival in rivals(board, n) if is_short(board, n) else ():
            swap(board, n, rival)
            if not is_short(board, n):
                break


def _self_consumption(board: Board) -> tuple[Powers, ...]:
    """Return what batteries do by themselves: take what would be exported, give what would be imported."""
    found: list[Powers] = []
    net, room = list(board.net_w), board.room
    for battery, weights in zip(board.problem.batteries, board.tables.batteries, strict=True):
        level, powers = battery.level_wh, []
        for t, hours in enumerate(board.tables.hours):
            fits = min((room[row][t] / weight for row, weight in weights), default=float("inf"))
            watts = _taken(battery, level, hours, net[t], max(0.0, fits))
            loss = battery.charge_efficiency if watts > 0 else 1 / battery.discharge_efficiency
            level += watts * loss * hours
            net[t] += watts
            for row, weight in weights:
                room[row][t] -= weight * max(0.0, watts)
            powers.append(watts)
        found.append(tuple(powers))
    return tuple(found)


def _taken(battery: Battery, level: float, hours: float, net: float, fits: float) -> float:
    if net < 0:
        space = max(0.0, battery.capacity_wh - level) / battery.charge_efficiency / hours
        return min(-net, battery.max_charge_w, space, fits)
    stored = max(0.0, level - battery.reserve_wh) * battery.discharge_efficiency / hours
    return -min(net, battery.max_discharge_w, stored)
