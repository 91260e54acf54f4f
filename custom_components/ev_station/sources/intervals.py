"""Points as sources write them, in any order and often without an end, become a series."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

from ..model.forecast import Interval, Series

_HOUR: Final = timedelta(hours=1)
_NOTHING: Final = timedelta(0)


class Point(NamedTuple):
    """A value from a moment on."""

    start: datetime
    end: datetime | None
    value: Decimal
    low: Decimal | None = None
    high: Decimal | None = None


def normalised(points: Iterable[Point]) -> Series:
    """Return the points in order and without overlap; of two that begin alike the shorter is believed.

    An end nobody says is the next point's begin, unless that leaves a hole: then a point lasts as long as its
    neighbours.
    """
    ordered = _distinct(points)
    starts = [point.start for point in ordered]
    return tuple(
        _interval(point, end)
        for number, point in enumerate(ordered)
        if (end := _end(point, starts, number)) > point.start
    )


def _distinct(points: Iterable[Point]) -> list[Point]:
    by_start: dict[datetime, Point] = {}
    for point in points:
        known = by_start.get(point.start)
        by_start[point.start] = point if known is None else min(known, point, key=_precedence)
    return [by_start[start] for start in sorted(by_start)]


def _precedence(point: Point) -> tuple[bool, timedelta, Decimal]:
    """Return what decides between two points of one moment, whatever their order: said ends, short ones, dear ones."""
    length = _NOTHING if point.end is None else point.end - point.start
    return point.end is None, length, -point.value


def _end(point: Point, starts: Sequence[datetime], number: int) -> datetime:
    following = starts[number + 1] if number + 1 < len(starts) else None
    end = point.start + _length(starts, number) if point.end is None else point.end
    return end if following is None else min(end, following)


def _length(starts: Sequence[datetime], number: int) -> timedelta:
    """Return how long a point lasts: a step to the next one that is longer than those around it is a hole.

    Where the steps change for good, from quarters to hours, the longer one goes on.
    """
    steps = [after - before for before, after in pairwise(starts)]
    before = steps[number - 1] if number else None
    if number >= len(steps):
        return _HOUR if before is None else min(steps[-2:])
    step = steps[number]
    goes_on = number + 1 >= len(steps) or steps[number + 1] >= step
    if step <= (before or _HOUR) or (goes_on and step <= _HOUR):
        return step
    return before or min(steps[:2])


def _interval(point: Point, end: datetime) -> Interval:
    return Interval(start=point.start, end=end, value=point.value, low=point.low, high=point.high)
