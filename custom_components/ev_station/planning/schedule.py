"""A car's charges as the periods of a charging profile, for a charger that is to go on without us."""

from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import Final, NamedTuple

from .problem import Charge, Charges, Ev, Problem

_STEP: Final = Decimal("0.1")
"""The finest that OCPP 1.6 can say (§7.14)."""
_NOTHING: Final = Decimal(0)


class Period(NamedTuple):
    """From `start_s` seconds after the first slot's begin, at most so much on each of so many phases."""

    start_s: int
    limit_a: Decimal
    phases: int


def schedule(
    problem: Problem, ev: Ev, charges: Charges, *, tail_a: Decimal, most: int
) -> tuple[Period, ...]:
    """Return at most so many periods that never allow more than the plan, and the tail after its last slot."""
    begin, usual = problem.slots[0].start, len(ev.modes[0].phases)
    periods: list[Period] = []
    for slot, charge in zip(problem.slots, charges, strict=True):
        start_s = round((slot.start - begin).total_seconds())
        periods.append(_period(ev, charge, start_s, periods[-1].phases if periods else usual))
    end_s = round((problem.slots[-1].end - begin).total_seconds())
    return shortened([*periods, Period(end_s, tail_a, usual)], most)


def shortened(periods: list[Period], most: int) -> tuple[Period, ...]:
    """Return at most so many periods (2 or more), of which the last is the tail.

    Where there are too many, neighbours become one with the lower of their currents, first those that lose least.
    """
    periods = _joined(periods)
    while len(periods) > max(2, most):
        periods = _joined(_lowered(periods))
    return tuple(periods)


def _period(ev: Ev, charge: Charge | None, start_s: int, phases: int) -> Period:
    """Return a slot's period; a pause keeps the phases, so that nothing switches for it."""
    if charge is None:
        return Period(start_s, _NOTHING, phases)
    amps = Decimal(charge.amps).quantize(_STEP, ROUND_FLOOR)
    return Period(start_s, amps, len(ev.modes[charge.mode].phases))


def _joined(periods: list[Period]) -> list[Period]:
    """Return periods without those that go on as before."""
    found = periods[:1]
    for before, period in pairwise(periods):
        if (period.limit_a, period.phases) != (before.limit_a, before.phases):
            found.append(period)
    return found


def _lowered(periods: list[Period]) -> list[Period]:
    """Return periods with the two neighbours that lose least at the lower current of both; the tail stays."""
    ends = [after.start_s for after in periods[1:]]

    def lost(place: int) -> Decimal:
        one, other = periods[place], periods[place + 1]
        higher = place if one.limit_a * one.phases > other.limit_a * other.phases else place + 1
        seconds = ends[higher] - periods[higher].start_s
        return abs(one.limit_a * one.phases - other.limit_a * other.phases) * seconds

    place = min(range(len(periods) - 2), key=lost)
    one, other = periods[place], periods[place + 1]
    lower = min(one, other, key=lambda period: period.limit_a * period.phases)
    return [*periods[:place], lower._replace(start_s=one.start_s), *periods[place + 2 :]]
