"""What counts on top of the grid's price for the choice of hours alone: what CO2 is worth, and what sets sites apart."""

from collections.abc import Sequence
from dataclasses import replace

from .problem import Problem, Slot, Taste, end_price


def surcharge(slot: Slot, taste: Taste) -> float:
    """Return what an imported kWh counts on top of its price."""
    return slot.whim + taste.co2_price * slot.co2_g / 1000


def weighed(problem: Problem) -> Problem:
    """Return a problem whose prices tell all that counts: who looks for plans needs to know no more."""
    extras = [surcharge(slot, problem.taste) for slot in problem.slots]
    if not any(extras):
        return problem
    return replace(
        problem,
        slots=tuple(
            replace(slot, import_price=slot.import_price + extra)
            for slot, extra in zip(problem.slots, extras, strict=True)
        ),
        # What a battery holds is worth what it was: it is told as money.
        batteries=tuple(
            replace(each, end_price=end_price(problem, each)) for each in problem.batteries
        ),
    )


def surcharged(problem: Problem, powers: Sequence[float], rest: Sequence[float]) -> float:
    """Return what counts beside the money of what the site draws from the grid, beyond that at rest."""
    return sum(
        _imported_kwh(slot, watts, before) * surcharge(slot, problem.taste)
        for slot, watts, before in zip(problem.slots, powers, rest, strict=True)
    )


def emitted_kg(slots: Sequence[Slot], powers: Sequence[float], rest: Sequence[float]) -> float:
    """Return the CO2 of what the site draws from the grid, beyond that at rest; W slot by slot."""
    return sum(
        _imported_kwh(slot, watts, before) * slot.co2_g / 1000
        for slot, watts, before in zip(slots, powers, rest, strict=True)
    )


def _imported_kwh(slot: Slot, watts: float, before: float) -> float:
    return (max(0.0, watts) - max(0.0, before)) * slot.hours / 1000
