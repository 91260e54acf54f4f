"""What a plan is worth: money, unmet energy, starts; the order of what matters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from .problem import Charge, Charges, Ev, Powers, Problem, Slot, Taste, end_price
from .surcharges import surcharged
from .tables import usable_hours

SAME: Final = 1e-2
"""Delays (kWh × h) and unmet energies (kWh) that differ by less are the same."""
_ROUNDING: Final = 1e-4
"""Of the same units: what a step may lose. A hundred lose no more than what is the same."""
_LEAST_GAIN: Final = 1e-6
"""Less money is no reason for a step."""

type Rank = tuple[float, float, float]
"""Delay of the minimum (kWh × h), unmet energy (kWh, weighted), money: the earlier matters more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvOutcome:
    """What a plan does for one car; energy in its battery."""

    delivered_wh: float
    unmet_wh: float
    extra_wh: float
    starts: int
    delay_kwhh: float
    """The minimum's missing energy, summed over time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a plan does, beside a site whose cars and batteries rest."""

    evs: tuple[EvOutcome, ...]
    peak_w: float
    """What the grid gives in the slot where that is most; never below 0."""
    energy_cost: float
    """Import less export."""
    peak_cost: float
    stored_value: float
    """Of what batteries hold more in the end than now, less their wear."""
    taste: float
    """Starts, breaks, waiting, risk, and surcharges."""
    extra_value: float
    """Of what is charged beyond goals."""
    delay_kwhh: float
    unmet_kwh: float
    """Weighted."""

    @property
    def cost(self) -> float:
        """Return the money: what the meter will make of it."""
        return self.energy_cost + self.peak_cost - self.stored_value

    @property
    def objective(self) -> float:
        """Return what is to be least, where nothing before it differs."""
        return self.cost + self.taste - self.extra_value

    @property
    def rank(self) -> Rank:
        """Return all that plans are compared by."""
        return self.delay_kwhh, self.unmet_kwh, self.objective


def better(one: Outcome, other: Outcome) -> bool:
    """Return whether one comes first: minimum, then goals, then money."""
    return precedes(one.rank, other.rank)


def gains(one: Rank, other: Rank) -> bool:
    """Return whether a step from the other to one is worth it.

    It gives up nothing that comes before its gain, not even what counts as the same: over many steps that adds up.
    """
    return precedes(one, other, lost=_ROUNDING, gained=_LEAST_GAIN)


def precedes(one: Rank, other: Rank, *, lost: float = SAME, gained: float = 0.0) -> bool:
    """Return whether one comes first: who loses more than that is second, who is the same is judged by what is next."""
    for mine, theirs in zip(one[:2], other[:2], strict=True):
        if mine < theirs - SAME:
            return True
        if mine > theirs + lost:
            return False
    return one[2] < other[2] - gained


def evaluate(problem: Problem, charges: Sequence[Charges], batteries: Sequence[Powers]) -> Outcome:
    """Return what a plan does."""
    taken = [
        tuple(drawn_wh(ev, slot, charge) for slot, charge in zip(problem.slots, row, strict=True))
        for ev, row in zip(problem.evs, charges, strict=True)
    ]
    evs = tuple(
        _of_ev(problem, ev, row, energy)
        for ev, row, energy in zip(problem.evs, charges, taken, strict=True)
    )
    powers = net_w(problem, taken, batteries)
    highest = peaks_w(problem, taken, powers)
    rest = [slot.load_w - slot.pv_w for slot in problem.slots]
    return Outcome(
        evs=evs,
        peak_w=max(0.0, *highest),
        energy_cost=_energy(problem, powers) - _energy(problem, rest),
        peak_cost=peak_cost(problem, highest) - peak_cost(problem, rest),
        stored_value=_stored(problem, batteries),
        taste=sum(
            _taste(problem, ev, energy, each.starts)
            for ev, energy, each in zip(problem.evs, taken, evs, strict=True)
        )
        + surcharged(problem, powers, rest),
        extra_value=sum(
            ev.extra_price * each.extra_wh / ev.efficiency / 1000
            for ev, each in zip(problem.evs, evs, strict=True)
        ),
        delay_kwhh=sum(each.delay_kwhh for each in evs),
        unmet_kwh=sum(
            ev.weight * each.unmet_wh / 1000 for ev, each in zip(problem.evs, evs, strict=True)
        ),
    )


def drawn_wh(ev: Ev, slot: Slot, charge: Charge | None) -> float:
    """Return what a car draws in a slot."""
    if charge is None:
        return 0.0
    return charge.amps * ev.modes[charge.mode].watts_per_amp * usable_hours(ev, slot)


def net_w(
    problem: Problem, taken: Sequence[Sequence[float]], batteries: Sequence[Powers]
) -> list[float]:
    """Return what the site draws from the grid in each slot, on average; negative while it exports."""
    return [
        slot.load_w
        - slot.pv_w
        + sum(row[t] for row in taken) / slot.hours
        + sum(powers[t] for powers in batteries)
        for t, slot in enumerate(problem.slots)
    ]


def peaks_w(
    problem: Problem, taken: Sequence[Sequence[float]], powers: Sequence[float]
) -> list[float]:
    """Return what counts for the month's peak in each slot."""
    return [
        counted_w(slot, watts, drawing=any(row[t] for row in taken))
        for t, (slot, watts) in enumerate(zip(problem.slots, powers, strict=True))
    ]


def counted_w(slot: Slot, watts: float, *, drawing: bool) -> float:
    """Return what counts for the month's peak: while a car draws, the home battery is held."""
    return watts + slot.given_w if drawing else watts


def slot_cost(slot: Slot, watts: float) -> float:
    """Return what a slot's energy costs; negative: earns."""
    return flow_cost(slot, slot.hours, watts)


def flow_cost(slot: Slot, hours: float, watts: float) -> float:
    """Return the same for who has the slot's hours at hand."""
    if watts > 0:
        return watts * hours * slot.import_price / 1000
    kept = min(-watts, slot.kept_w)
    earned = kept * slot.kept_price + (-watts - kept) * slot.export_price
    return -earned * hours / 1000


def peak_cost(problem: Problem, powers: Sequence[float]) -> float:
    """Return what a higher peak of the month costs."""
    if problem.capacity is None:
        return 0.0
    higher = max(0.0, max(powers) - problem.capacity.peak_w)
    return higher * problem.capacity.price_per_kw / 1000


def begins(ev: Ev, charges: Sequence[Charge | None]) -> Iterator[int]:
    """Yield the slots in which a car begins to draw, or changes its mode."""
    before = ev.running
    for t, charge in enumerate(charges):
        mode = None if charge is None else charge.mode
        if mode is not None and mode != before:
            yield t
        before = mode


def begin_cost(ev: Ev, taste: Taste) -> float:
    """Return what it costs a car to begin once; of one that runs this ends a break, whenever that began."""
    return taste.start_cost + (0.0 if ev.running is None else taste.break_cost)


def _energy(problem: Problem, powers: Sequence[float]) -> float:
    return sum(slot_cost(slot, watts) for slot, watts in zip(problem.slots, powers, strict=True))


def _stored(problem: Problem, batteries: Sequence[Powers]) -> float:
    value = 0.0
    for battery, powers in zip(problem.batteries, batteries, strict=True):
        for slot, watts in zip(problem.slots, powers, strict=True):
            gain = watts * (
                battery.charge_efficiency if watts > 0 else 1 / battery.discharge_efficiency
            )
            worth = gain * end_price(problem, battery) - max(0.0, watts) * battery.wear_price
            value += worth * slot.hours / 1000
    return value


def _of_ev(problem: Problem, ev: Ev, charges: Charges, energy: Sequence[float]) -> EvOutcome:
    stored, delay = 0.0, 0.0
    for slot, drawn in zip(problem.slots, energy, strict=True):
        stored += drawn * ev.efficiency
        delay += usable_hours(ev, slot) * max(0.0, ev.minimum_wh - stored) / 1000
    return EvOutcome(
        delivered_wh=stored,
        unmet_wh=max(0.0, ev.goal_wh - stored),
        extra_wh=min(ev.extra_wh, max(0.0, stored - ev.goal_wh)),
        starts=sum(1 for _ in begins(ev, charges)),
        delay_kwhh=delay,
    )


def _taste(problem: Problem, ev: Ev, energy: Sequence[float], starts: int) -> float:
    taste, first = problem.taste, problem.slots[0]
    found = begin_cost(ev, taste) * starts
    for t, (slot, drawn) in enumerate(zip(problem.slots, energy, strict=True)):
        waits = (slot.start - first.start) / timedelta(hours=1)
        gone = ev.gone[t] if ev.gone else 0.0
        found += (taste.early_price * waits + taste.risk_price * gone) * drawn / 1000
    return found
