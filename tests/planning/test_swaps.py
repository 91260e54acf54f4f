"""Pairs of cars that are laid anew together."""

from hypothesis import given
import pytest

from custom_components.ev_station.planning import swaps
from custom_components.ev_station.planning.board import Board
from custom_components.ev_station.planning.cost import better, evaluate
from custom_components.ev_station.planning.feasibility import violations
from custom_components.ev_station.planning.lay import lay
from custom_components.ev_station.planning.problem import Charges, Mode, Problem
from custom_components.ev_station.planning.surcharges import weighed
from custom_components.ev_station.planning.swaps import rivals, swap, swap_pairs
from custom_components.ev_station.planning.tables import tables

from .sites import amps, car, draws, fuse, problems, slots

IN_BITS = (draws(16, 0, 16, 0), draws(0, 16, 0, 16))
"""Two cars that take turns on a fuse of 16 A."""
TURNS = Problem(
    slots=slots([0.2] * 4),
    evs=(car("a", 5.52, circuit="main"), car("b", 5.52, circuit="main")),
    circuits=(fuse(16, 4),),
)


def laid(site: Problem, *rows: Charges) -> Board:
    """Return a board on which cars are laid."""
    board = Board(site, tables(site), [(0.0,) * len(site.slots) for _ in site.batteries])
    for n, row in enumerate(rows):
        board.put(n, row)
    return board


def test_cars_that_take_turns_charge_one_after_the_other() -> None:
    # Each by itself finds no other slot: two starts of 0.03 are spared by both together.
    board = laid(TURNS, *IN_BITS)
    swap_pairs(board)
    assert [amps(row) for row in board.charges] == [[16, 16, 0, 0], [0, 0, 16, 16]]


def test_nobody_goes_short_to_spare_a_start() -> None:
    # The other is there for the slot in between only.
    site = Problem(
        slots=slots([0.2] * 3),
        evs=(TURNS.evs[0], car("b", 2.76, begin=1, end=2, circuit="main")),
        circuits=(fuse(16, 3),),
    )
    laid_so = [draws(16, 0, 16), draws(0, 16, 0)]
    board = laid(site, *laid_so)
    swap_pairs(board)
    assert board.charges == laid_so


def test_work_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    board = laid(TURNS, *IN_BITS)
    lay(board, 0)
    assert board.work == 4
    monkeypatch.setattr(swaps, "_MOST_WORK", 4)
    swap_pairs(board)
    assert board.charges == list(IN_BITS)


def test_who_is_short_gets_the_room_of_who_can_wait() -> None:
    site = Problem(
        slots=slots([0.1, 0.3]),
        evs=(car("a", 2.76, end=1, circuit="main"), car("b", 2.76, circuit="main")),
        circuits=(fuse(16, 2),),
    )
    board = laid(site, draws(0, 0), draws(16, 0))
    swap(board, 0, 1)
    assert [amps(row) for row in board.charges] == [[16, 0], [0, 16]]


def test_a_rival_draws_on_the_same_limit_in_the_same_slots() -> None:
    one, two = (Mode(phases=frozenset({phase})) for phase in (0, 1))
    site = Problem(
        slots=slots([0.2] * 4),
        evs=(
            car("a", end=2, circuit="main", modes=(one,)),
            car("a little", circuit="main", modes=(one,)),
            car("most", circuit="main", modes=(one,)),
            car("elsewhere", circuit="other", modes=(one,)),
            car("on another phase", circuit="main", modes=(two,)),
            car("later", circuit="main", modes=(one,)),
        ),
        circuits=(fuse(40, 4), fuse(40, 4, name="other")),
    )
    early, late = draws(10, 0, 0, 0), draws(0, 0, 16, 16)
    board = laid(site, draws(6, 6, 0, 0), early, draws(10, 10, 0, 0), early, early, late)
    assert rivals(board, 0) == [2, 1]


@given(problems())
def test_no_site_is_worse_for_it(site: Problem) -> None:
    site = weighed(site)
    board = laid(site)
    for n in range(len(site.evs)):
        board.put(n, lay(board, n))
    resting = [(0.0,) * len(site.slots) for _ in site.batteries]
    before = evaluate(site, board.charges, resting)
    swap_pairs(board)
    assert violations(site, board.charges, resting) == ()
    assert not better(before, evaluate(site, board.charges, resting))
