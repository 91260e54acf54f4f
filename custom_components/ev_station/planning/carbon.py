"""What cleaner power is worth: a price of CO2 on top of that of the grid, for the choice of hours alone."""

from collections.abc import Sequence
from dataclasses import replace

from .problem import Problem, Slot, end_price


def weighed(problem: Problem) -> Problem:
    """Return a problem whose prices tell what CO2 is worth too: who looks for plans needs to know no more."""
    worth = problem.taste.co2_price
    if not worth:
        return problem
    return replace(
        problem,
        slots=tuple(
            replace(slot, import_price=slot.import_price + worth * slot.co2_g / 1000)
            for slot in problem.slots
        ),
        # What a battery holds is worth what it was: it is told as money.
        batteries=tuple(
            replace(each, end_price=end_price(problem, each)) for each in problem.batteries
        ),
    )


def emitted_kg(slots: Sequence[Slot], powers: Sequence[float], rest: Sequence[float]) -> float:
    """Return the CO2 of what the site draws from the grid, beyond that at rest; W slot by slot."""
    return sum(
        (max(0.0, watts) - max(0.0, before)) * slot.hours * slot.co2_g / 1_000_000
        for slot, watts, before in zip(slots, powers, rest, strict=True)
    )
