"""HiGHS, where it is installed: the programme solved for one aim after the other, in the order of what matters.

The only file that knows the library, which is imported when it is first needed: in an executor, never in the event loop.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import batched
from math import inf, isfinite
from typing import TYPE_CHECKING, Final

from .board import Tolls
from .cost import SAME
from .greedy import tolled
from .problem import Charges, Powers, Problem
from .programme import Terms, read, site

if TYPE_CHECKING:
    from highspy import Highs, HighsLp

_NOTHING: Final = 1e-3
"""A sum (kWh × h, kWh), or an error of what is said to be one, that is no more is nothing."""
_ROUNDING: Final = 1e-5
"""Of what an aim reached, later aims may give up so much."""
_SHARE: Final = 0.3
"""Of the time, at most, for each aim before money; all that is left is for money."""
_WHOLE: Final = 1200
"""So many choices of a slot can be looked at together."""
_GROUP: Final = 5
"""Cars."""
_GROUP_GAP: Final = 0.2
"""A group is looked at until it is within so much of the gap that is asked of all."""
_TURN: Final = 0.2
"""Of the time, at most, for one group."""
_MOMENT: Final = 0.05
"""Seconds that any aim gets."""


type Known = dict[int, float]
"""Per column that says whether a car draws: 0 or 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long and how exactly to look."""

    time_limit_s: float = 10.0
    """For all aims together, on HiGHS's own clock: what comes before and after it takes a moment."""
    gap: float = 2e-3
    """Of what charging costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """What was found."""

    charges: tuple[Charges, ...]
    batteries: tuple[Powers, ...]
    bound: float | None
    """No plan that does as well before money has a lower objective; None: time was over before one was known."""
    time_limited: bool


def is_installed() -> bool:
    """Return whether the library is here."""
    return find_spec("highspy") is not None


def solve(
    problem: Problem, effort: Effort, warm: Sequence[Charges], *, delay: float, unmet: float
) -> Solved | None:
    """Return the best plan found, beginning with a known one; None where HiGHS found none.

    `delay` (kWh × h) and `unmet` (kWh, weighted) are the known plan's. Raises ImportError where the library is missing.
    """
    stages = _Stages(problem, effort, warm)
    sooner = bool(stages.site.delay) and stages.least(stages.site.delay, delay)
    stages.least(stages.site.unmet, inf if sooner else unmet)
    return stages.money()


class _Stages:
    """One programme, solved for one aim after the other; what was reached is held."""

    def __init__(self, problem: Problem, effort: Effort, warm: Sequence[Charges]) -> None:
        import highspy  # noqa: PLC0415 - heavy, and not everywhere

        self.site = found = site(problem)
        self._problem = problem
        self._effort = effort
        self._lib = highspy
        self._highs: Highs = highspy.Highs()
        self._time_limited = False
        self._money = dict(enumerate(found.programme.cost))
        self._aim = self._money, found.constant
        """What a unit of each column counts in what is to be least, and what is added."""
        self._values: Sequence[float] | None = None
        """The best solution so far."""
        self._reached = inf
        """What the best solution counts for the present aim."""
        self._known = self._slots_of(warm)
        for name, value in {
            "output_flag": False,
            "threads": 1,
            "random_seed": 0,
            "mip_abs_gap": _NOTHING / 10,
        }.items():
            self._highs.setOptionValue(name, value)
        self._highs.passModel(self._programme())

    def _programme(self) -> HighsLp:
        programme, lp = self.site.programme, self._lib.HighsLp()
        kinds = self._lib.HighsVarType
        lp.num_col_, lp.num_row_ = len(programme.cost), len(programme.rows)
        lp.col_cost_, lp.offset_ = programme.cost, self.site.constant
        lp.col_lower_, lp.col_upper_ = programme.low, programme.high
        lp.row_lower_, lp.row_upper_ = programme.row_low, programme.row_high
        lp.integrality_ = [
            kinds.kInteger if whole else kinds.kContinuous for whole in programme.whole
        ]
        starts = [0]
        for row in programme.rows:
            starts.append(starts[-1] + len(row))
        lp.a_matrix_.format_ = self._lib.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = starts
        lp.a_matrix_.index_ = [column for row in programme.rows for column, _ in row]
        lp.a_matrix_.value_ = [value for row in programme.rows for _, value in row]
        return lp

    def least(self, terms: Terms, known: float) -> bool:
        """Make a sum less than it is in the known plan, hold it there and return whether that could be done."""
        if known <= _NOTHING:
            self.hold(terms, known)
            return False
        before = self._known
        self._costs(dict(terms), 0.0)
        self._search(self._highs.getRunTime() + _SHARE * self._effort.time_limit_s)
        reached = inf
        if self._values is not None:
            reached = sum(weight * self._values[column] for column, weight in terms)
        less = reached < known - SAME - _ROUNDING
        if not less:
            # The known plan holds what earlier aims reached and serves the later ones; this one may do neither.
            self._known = before
        self.hold(terms, (reached if less else known) + _ROUNDING)
        self._costs(self._money, self.site.constant)
        return less

    def hold(self, terms: Terms, most: float) -> None:
        """Let no later aim make a sum larger."""
        columns, weights = [column for column, _ in terms], [weight for _, weight in terms]
        self._highs.addRow(-self._lib.kHighsInf, most, len(terms), columns, weights)

    def money(self) -> Solved | None:
        """Make the money least and return the plan."""
        bound = self._search(self._effort.time_limit_s)
        if self._values is None:
            return None
        charges, batteries = read(self._problem, self.site, self._values)
        return Solved(
            charges=charges,
            batteries=batteries,
            bound=bound if isfinite(bound) else None,
            time_limited=self._time_limited,
        )

    def _search(self, ends: float) -> float:
        """Look for the least costs until HiGHS's clock says so; return what they cannot be below.

        A fleet is too much at once: its bound comes from the relaxed programme, and what room is worth there makes a
        plan; then group after group of cars is planned the best way while the others keep their slots, until that is
        near enough to the bound.
        """
        if len(self._known) <= _WHOLE:
            self._run(ends, self._effort.gap)
            return self._bound()
        bound = self._relaxed(ends)
        if isfinite(bound) and self._aim[0] is self._money:
            self._begin(self._tolls(), ends)
        for group in self._groups():
            self._free(group)
            turn = self._highs.getRunTime() + _TURN * self._effort.time_limit_s
            self._run(min(ends, turn), self._effort.gap * _GROUP_GAP)
            over = self._highs.getRunTime() >= ends
            if self._values is None or over or self._is_near(bound):
                break
        self._free(None)
        return bound

    def _begin(self, tolls: Tolls, ends: float) -> None:
        """Begin with the best of what is known and what cars do that pay for room."""
        self._tried(self._known, ends)
        for charges in tolled(self._problem, tolls):
            self._tried(self._slots_of(charges), ends)

    def _tried(self, known: Known, ends: float) -> None:
        """Find the best currents for slots from elsewhere, and take them where that is better than what is known."""
        before, self._known = self._known, known
        self._free(frozenset())
        if not self._run(ends, self._effort.gap):
            self._known = before

    def _tolls(self) -> Tolls:
        """Return what one unit more of each limit would spare the relaxed programme."""
        prices = self._highs.getSolution().row_dual
        found = {place: -prices[row] for place, row in self.site.limits.items()}
        return {place: toll for place, toll in found.items() if toll > 0}

    def _relaxed(self, ends: float) -> float:
        """Return what no plan costs less than: cars may draw less than their least, and begin by halves."""
        # The interior point method is three times as fast on these as the simplex method.
        self._highs.setOptionValue("solve_relaxation", True)
        self._highs.setOptionValue("solver", "ipm")
        self._highs.setOptionValue("time_limit", ends)
        self._highs.run()
        self._highs.setOptionValue("solve_relaxation", False)
        self._highs.setOptionValue("solver", "choose")
        if self._highs.getModelStatus() != self._lib.HighsModelStatus.kOptimal:
            self._time_limited = True
            return -inf
        return float(self._highs.getInfo().objective_function_value)

    def _groups(self) -> Iterator[frozenset[int]]:
        """Yield groups of cars: those that begin most often together and first, for what is lost is lost there.

        Then once more all, mixed.
        """
        starts = self._starts()
        cars = sorted({draw.ev for draw in self.site.draws}, key=lambda ev: (-starts[ev], ev))
        for group in batched(cars, _GROUP, strict=False):
            yield frozenset(group)
        count = -(-len(cars) // _GROUP)
        for place in range(count):
            yield frozenset(cars[place::count])

    def _slots_of(self, charges: Sequence[Charges]) -> Known:
        """Return who draws when: HiGHS itself finds the best currents for that."""
        return {
            draw.on: float(
                (charge := charges[draw.ev][draw.slot]) is not None and charge.mode == draw.mode
            )
            for draw in self.site.draws
        }

    def _starts(self) -> Counter[int]:
        """Return how often each car begins in the plan that is known."""
        on = {(draw.ev, draw.mode, draw.slot) for draw in self.site.draws if self._known[draw.on]}
        return Counter(ev for ev, mode, slot in on if (ev, mode, slot - 1) not in on)

    def _free(self, group: frozenset[int] | None) -> None:
        """Hold the slots of all cars but a group's; None: of no car."""
        low, high = [], []
        for draw in self.site.draws:
            known, free = self._known[draw.on], group is None or draw.ev in group
            low.append(0.0 if free else known)
            high.append(1.0 if free else known)
        self._highs.changeColsBounds(len(low), list(self._known), low, high)

    def _costs(self, costs: dict[int, float], offset: float) -> None:
        self._aim, self._reached = (costs, offset), inf
        count = len(self.site.programme.cost)
        values = [costs.get(column, 0.0) for column in range(count)]
        self._highs.changeColsCost(count, list(range(count)), values)
        self._highs.changeObjectiveOffset(offset)

    def _run(self, ends: float, gap: float) -> bool:
        """Solve, from what is known on, until a time is over; return whether what is found is better, and so known."""
        # Whole numbers are looked for from zero at each run; only a relaxed programme goes by the clock itself.
        self._highs.setOptionValue("time_limit", max(ends - self._highs.getRunTime(), _MOMENT))
        self._highs.setOptionValue("mip_rel_gap", gap)
        # Last of all: each change of the programme forgets it.
        self._highs.setSolution(len(self._known), list(self._known), list(self._known.values()))
        self._highs.run()
        if not self._is_as_told():
            self._highs.clearSolver()
            self._highs.run()
        answers = {self._lib.HighsModelStatus.kOptimal, self._lib.HighsModelStatus.kInfeasible}
        self._time_limited |= self._highs.getModelStatus() not in answers
        reached = self._count() if self._has_solution() else inf
        # Where time is over, HiGHS may not have come as far as it was before.
        if reached == inf or reached > self._reached:
            return False
        self._reached, self._values = reached, self._highs.getSolution().col_value
        self._known = {on: float(round(self._values[on])) for on in self._known}
        return True

    def _has_solution(self) -> bool:
        status = self._highs.getInfo().primal_solution_status
        return bool(status == self._lib.SolutionStatus.kSolutionStatusFeasible)

    def _is_as_told(self) -> bool:
        """Return whether a solution costs what HiGHS says: 1.16 may find a better one and return what it began with."""
        if not self._has_solution():
            return True
        return self._count() - self._highs.getInfo().objective_function_value < _NOTHING

    def _count(self) -> float:
        """Return what the solution counts for the present aim, whatever HiGHS says of it."""
        costs, offset = self._aim
        values = self._highs.getSolution().col_value
        return float(sum(cost * values[column] for column, cost in costs.items()) + offset)

    def _bound(self) -> float:
        info = self._highs.getInfo()
        # Without a whole number in it, a programme is solved as it is.
        whole = any(self.site.programme.whole)
        return float(info.mip_dual_bound if whole else info.objective_function_value)

    def _is_near(self, bound: float) -> bool:
        return self._reached - bound <= self._effort.gap * abs(self._reached)
