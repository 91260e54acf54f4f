"""A problem as columns and rows of a mixed-integer linear programme; docs/planning.md states it.

Currents in A, powers in kW, energies in kWh, money in the site's currency: near 1, so that no tolerance hides one of
them behind another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Final

from .cost import begin_cost, peak_cost, slot_cost
from .feasibility import spill_wh
from .problem import Battery, Charge, Charges, Powers, Problem, Slot, end_price
from .tables import Tables, tables

type Terms = list[tuple[int, float]]

_LEAST_ROOM: Final = 1e-9


@dataclass(slots=True)
class Programme:
    """`least cost · x`, with `low <= x <= high` and `row_low <= rows · x <= row_high`; mutable while it is built."""

    cost: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[Terms] = field(default_factory=list)
    row_low: list[float] = field(default_factory=list)
    row_high: list[float] = field(default_factory=list)

    def column(
        self, cost: float = 0.0, low: float = 0.0, high: float = inf, *, whole: bool = False
    ) -> int:
        """Add a variable and return its number."""
        self.cost.append(cost)
        self.low.append(low)
        self.high.append(high)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, terms: Terms, low: float = -inf, high: float = inf) -> int:
        """Add a condition and return its number."""
        self.rows.append(terms)
        self.row_low.append(low)
        self.row_high.append(high)
        return len(self.rows) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """A car's variables in a slot and a mode."""

    ev: int
    mode: int
    slot: int
    amps: int
    on: int
    kwh_per_amp: float
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A problem's programme, and where to find what."""

    programme: Programme
    draws: tuple[Draw, ...]
    takes: tuple[tuple[int, ...], ...]
    """Per battery and slot, the column of what it takes, and of what it gives."""
    gives: tuple[tuple[int, ...], ...]
    delay: Terms
    """Summed: the first that is to be least (kWh × h)."""
    unmet: Terms
    """Summed: the second (kWh, weighted)."""
    limits: Mapping[tuple[int, int], int]
    """Per row of `Tables.room` and slot where somebody may draw, the row that bounds it."""
    constant: float
    """What is to be added to the programme's money to get the plan's objective."""


def site(problem: Problem) -> Site:
    """Return a problem's programme; its costs are the money, the third that is to be least."""
    return _Builder(problem).build()


class _Builder:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.tables: Tables = tables(problem)
        self.programme = Programme()
        self.grid: list[Terms] = [[] for _ in problem.slots]
        """Per slot, what cars and batteries draw, kW."""
        self.draw_on: list[list[int]] = [[] for _ in problem.slots]
        """Per slot, whether cars draw."""
        self.limits: dict[tuple[int, int], Terms] = {}
        self.draws: list[Draw] = []
        self.delay: Terms = []
        self.unmet: Terms = []
        self.constant = 0.0

    def build(self) -> Site:
        for n in range(len(self.problem.evs)):
            self._car(n)
        dispatch = [self._battery(number) for number in range(len(self.problem.batteries))]
        self._grid()
        limits = {
            (row, t): self.programme.row(terms, high=self.tables.room[row][t])
            for (row, t), terms in self.limits.items()
            if self.tables.room[row][t] < inf
        }
        return Site(
            programme=self.programme,
            draws=tuple(self.draws),
            takes=tuple(takes for takes, _ in dispatch),
            gives=tuple(gives for _, gives in dispatch),
            delay=self.delay,
            unmet=self.unmet,
            limits=limits,
            constant=self.constant,
        )

    def _car(self, n: int) -> None:
        ev = self.problem.evs[n]
        energy: Terms = []
        short: Terms = []
        before: dict[int, int] = {}
        for t in self.tables.windows[n]:
            now: dict[int, int] = {}
            for mode in range(len(ev.modes)):
                draw = self._draw(n, mode, t, before.get(mode))
                if draw is None:
                    continue
                now[mode] = draw.on
                energy.append((draw.amps, draw.kwh_per_amp * ev.efficiency))
            if len(now) > 1:
                self.programme.row([(on, 1.0) for on in now.values()], high=1.0)
            if ev.minimum_wh:
                lacks = self.programme.column()
                self.programme.row([(lacks, 1.0), *energy], low=ev.minimum_wh / 1000)
                short.append((lacks, self.tables.usable_h[n][t]))
            before = now
        self.delay += short
        unmet = self.programme.column(high=ev.goal_wh / 1000)
        self.unmet.append((unmet, ev.weight))
        spill = self.programme.column(high=spill_wh(ev) / 1000)
        worth = ev.extra_price / ev.efficiency
        extra = self.programme.column(-worth, high=ev.extra_wh / 1000)
        goal = ev.goal_wh / 1000
        begins = [(draw.start, 1.0) for draw in self.draws if draw.ev == n]
        if goal and ev.running is None:
            # Says nothing new, and lets the solver see it: who gets anything begins once.
            self.programme.row([*begins, (unmet, 1 / goal)], low=1.0)
        self.programme.row(
            [*energy, (unmet, 1.0), (spill, -1.0), (extra, -1.0)], low=goal, high=goal
        )

    def _draw(self, n: int, mode: int, t: int, before: int | None) -> Draw | None:
        """Add a car's current in a slot, whether it draws, and whether it begins to; None: its least does not fit."""
        ev, taste, usable = self.problem.evs[n], self.problem.taste, self.tables.usable_h[n][t]
        way, weights = ev.modes[mode], self.tables.weights[n][mode]
        most = min([way.max_a, *(self.tables.room[row][t] / weight for row, weight in weights)])
        if most < way.min_a or most < _LEAST_ROOM:
            return None
        add = self.programme
        kwh = way.watts_per_amp * usable / 1000
        rate = taste.early_price * self.tables.waits_h[t]
        rate += taste.risk_price * ev.gone[t] if ev.gone else 0.0
        amps, on = add.column(rate * kwh, high=most), add.column(high=1.0, whole=True)
        add.row([(amps, 1.0), (on, -most)], high=0.0)
        add.row([(amps, 1.0), (on, -way.min_a)], low=0.0)
        start = add.column(begin_cost(ev, taste), high=1.0)
        if before is not None:
            add.row([(start, 1.0), (on, -1.0), (before, 1.0)], low=0.0)
        elif not (t == 0 and ev.running == mode):
            add.row([(start, 1.0), (on, -1.0)], low=0.0)
        for row, weight in weights:
            self.limits.setdefault((row, t), []).append((amps, weight))
        self.grid[t].append((amps, kwh / self.tables.hours[t]))
        self.draw_on[t].append(on)
        draw = Draw(ev=n, mode=mode, slot=t, amps=amps, on=on, kwh_per_amp=kwh, start=start)
        self.draws.append(draw)
        return draw

    def _battery(self, number: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        battery, add = self.problem.batteries[number], self.programme
        takes, gives = [], []
        level = -1
        lowest, start = min(battery.reserve_wh, battery.level_wh) / 1000, battery.level_wh / 1000
        for t, hours in enumerate(self.tables.hours):
            take, give = self._terminals(battery)
            add.cost[take] += battery.wear_price * hours
            gain = battery.charge_efficiency * hours
            loss = hours / battery.discharge_efficiency
            after = add.column(low=lowest, high=battery.capacity_wh / 1000)
            terms: Terms = [(after, 1.0), (take, -gain), (give, loss)]
            terms += [(level, -1.0)] if t else []
            held = 0.0 if t else start
            add.row(terms, low=held, high=held)
            for row, weight in self.tables.batteries[number]:
                self.limits.setdefault((row, t), []).append((take, 1000 * weight))
            self.grid[t] += [(take, 1.0), (give, -1.0)]
            takes.append(take)
            gives.append(give)
            level = after
        add.cost[level] -= end_price(self.problem, battery)
        self.constant += start * end_price(self.problem, battery)
        return tuple(takes), tuple(gives)

    def _terminals(self, battery: Battery) -> tuple[int, int]:
        """Add what a battery takes and gives; only where wasting may pay must both at once be forbidden."""
        most_in, most_out = battery.max_charge_w / 1000, battery.max_discharge_w / 1000
        take, give = self.programme.column(high=most_in), self.programme.column(high=most_out)
        if any(_wasting_may_pay(slot) for slot in self.problem.slots):
            way = self.programme.column(high=1.0, whole=True)
            self.programme.row([(take, 1.0), (way, -most_in)], high=0.0)
            self.programme.row([(give, 1.0), (way, most_out)], high=most_out)
        return take, give

    def _grid(self) -> None:
        """Add what comes from the grid and what goes there, and the peak; where nothing is planned, all is known."""
        capacity, add = self.problem.capacity, self.programme
        peak = None
        if capacity is not None:
            self.constant -= peak_cost(self.problem, self.tables.base_w)
            known = [
                base for base, terms in zip(self.tables.base_w, self.grid, strict=True) if not terms
            ]
            highest = max(known, default=0.0) - capacity.peak_w
            peak = add.column(capacity.price_per_kw, low=max(0.0, highest) / 1000)
        for t, terms in enumerate(self.grid):
            if not terms:
                continue
            taken = self._balance(t, terms)
            if capacity is not None and peak is not None:
                above: Terms = [(peak, 1.0), (taken, -1.0)]
                add.row(above, low=-capacity.peak_w / 1000)
                if given_w := self.problem.slots[t].given_w:
                    for on in self.draw_on[t]:
                        add.row([*above, (on, -given_w / 1000)], low=-capacity.peak_w / 1000)

    def _balance(self, t: int, terms: Terms) -> int:
        """Add what is imported and exported in a slot; return the former's column."""
        slot, add = self.problem.slots[t], self.programme
        hours, base = self.tables.hours[t], self.tables.base_w[t]
        self.constant -= slot_cost(slot, base)
        most_out = max(0.0, -base) / 1000
        taken = add.column(slot.import_price * hours)
        kept, given = self._outward(slot, hours, most_out)
        drawn = [(at, -kw) for at, kw in terms]
        add.row([(taken, 1.0), (given, -1.0), (kept, -1.0), *drawn], base / 1000, base / 1000)
        best = max(slot.export_price, slot.kept_price if slot.kept_w else slot.export_price)
        if best > slot.import_price and most_out:
            self._one_way(taken, [(given, 1.0), (kept, 1.0)], most_out, t)
        return taken

    def _outward(self, slot: Slot, hours: float, most_out: float) -> tuple[int, int]:
        """Add what a battery keeps of what is over, and what is exported: it takes its part first."""
        add, most_kept = self.programme, min(slot.kept_w / 1000, most_out)
        most_given = most_out - most_kept
        kept = add.column(-slot.kept_price * hours, high=most_kept)
        given = add.column(-slot.export_price * hours, high=most_given)
        if most_kept and most_given and slot.export_price > slot.kept_price:
            full = add.column(high=1.0, whole=True)
            add.row([(kept, 1.0), (full, -most_kept)], low=0.0)
            add.row([(given, 1.0), (full, -most_given)], high=0.0)
        return kept, given

    def _one_way(self, taken: int, given: Terms, most_out: float, t: int) -> None:
        """Forbid buying and selling at once where that would pay."""
        ways = zip(self.grid[t], strict=True)
        most_in = max(0.0, self.tables.base_w[t] / 1000) + sum(
            kw * self.programme.high[at] for ((at, kw),) in ways if kw > 0
        )
        way = self.programme.column(high=1.0, whole=True)
        self.programme.row([(taken, 1.0), (way, -most_in)], high=0.0)
        self.programme.row([*given, (way, most_out)], high=most_out)


def _wasting_may_pay(slot: Slot) -> bool:
    """Return whether energy is worth less than nothing, wherever it goes."""
    return min(slot.import_price, slot.export_price, slot.kept_price if slot.kept_w else 0.0) < 0


def read(
    problem: Problem, found: Site, values: Sequence[float]
) -> tuple[tuple[Charges, ...], tuple[Powers, ...]]:
    """Return the plan that a programme's solution means; what is within rounding of a limit is put on it."""
    rows: list[list[Charge | None]] = [[None] * len(problem.slots) for _ in problem.evs]
    for draw in found.draws:
        way = problem.evs[draw.ev].modes[draw.mode]
        if values[draw.on] > 0.5 and values[draw.amps] > _LEAST_ROOM:
            amps = min(max(values[draw.amps], way.min_a), way.max_a)
            rows[draw.ev][draw.slot] = Charge(amps, draw.mode)
    powers = [
        tuple(1000 * (values[take] - values[give]) for take, give in zip(takes, gives, strict=True))
        for takes, gives in zip(found.takes, found.gives, strict=True)
    ]
    return tuple(tuple(row) for row in rows), tuple(powers)
