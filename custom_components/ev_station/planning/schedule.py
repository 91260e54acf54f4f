"""As few periods of a charging profile as a charger takes, for it to go on without us."""

from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple


class Period(NamedTuple):
    """From `start_s` seconds after the plan's begin, at most so much on each of so many phases."""

    start_s: int
    limit_a: Decimal
    phases: int


def shortened(periods: list[Period], most: int) -> tuple[Period, ...]:
    """Return at most so many periods (2 or more), of which the last is the tail.

    Where there are too many, neighbours become one with the lower of their currents, first those that lose least.
    """
    periods = _joined(periods)
    while len(periods) > max(2, most):
        periods = _joined(_lowered(periods))
    return tuple(periods)


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
