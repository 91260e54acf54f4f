"""When a car is to be ready, and with how much, by the events of a calendar."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
import re
from typing import Any, Final

from ..model.vehicle import Goal, GoalKind, Trip
from .moments import moment, rows_of

_NEED: Final = re.compile(
    r"(?<![\w.,/])([0-9]{1,4}(?:[.,][0-9]{1,2})?)\s{0,2}(%|kwh|km)(?![\w/])", re.IGNORECASE
)
"""`80 %`, `25,5 kWh`, `120km`; neither `120 km/h` nor `15 kWh/100 km`, nor the end of `1.200 km`."""
_MEANS: Final[Mapping[str, tuple[GoalKind, int, Decimal, Decimal]]] = {
    "%": (GoalKind.PERCENT, 1, Decimal(1), Decimal(100)),
    "kwh": (GoalKind.ENERGY, 1000, Decimal("0.1"), Decimal(1000)),
    "km": (GoalKind.DISTANCE, 1, Decimal(1), Decimal(5000)),
}
"""By the unit: what it means, how many of the model's unit it is, and what may be meant."""
_READ: Final = 2000
"""Characters of a text."""
_MOST: Final = 20
"""Events that are remembered."""


def trips(
    events: Any, zone: tzinfo, margin: timedelta, now: datetime, until: datetime
) -> tuple[Trip, ...]:
    """Return the departures a calendar's events mean from now on, the earliest first.

    `events` are as Home Assistant's action `calendar.get_events` lists them. One that lasts for whole days does
    not say when the car leaves; one that has begun is too late. Whatever an event holds, nothing is raised.
    """
    found = (_trip(each, zone, margin) for each in rows_of(events))
    ahead = [each for each in found if each is not None and now < each.at <= until]
    return tuple(sorted(ahead, key=lambda each: each.at)[:_MOST])


def _trip(event: Mapping[str, Any], zone: tzinfo, margin: timedelta) -> Trip | None:
    start = event.get("start")
    if not isinstance(start, str) or ":" not in start:
        return None
    try:
        begins = moment(start, zone)
        return None if begins is None else Trip(at=begins - margin, goal=need(event))
    except OverflowError:
        return None


def need(event: Mapping[str, Any]) -> Goal | None:
    """Return what an event says it needs: the first amount that can be meant, in its title or else its text."""
    texts = (event.get(field) for field in ("summary", "description"))
    goals = (goal for text in texts if isinstance(text, str) for goal in _goals(text[:_READ]))
    return next(goals, None)


def _goals(text: str) -> Iterator[Goal]:
    for number, unit in _NEED.findall(text):
        kind, factor, least, most = _MEANS[unit.lower()]
        amount = Decimal(number.replace(",", "."))
        if least <= amount <= most:
            yield Goal(kind, amount * factor)
