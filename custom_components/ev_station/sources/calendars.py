"""When a car is to be ready, and with how much, by the events of a calendar."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
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
_NOW: Final = timedelta(0)
_MOST: Final = 20
"""Events that are remembered."""


def trips(
    events: Any, zone: tzinfo, margin: timedelta, now: datetime, until: datetime
) -> tuple[Trip, ...]:
    """Return the departures a calendar's events mean from now on, the earliest first.

    `events` are as Home Assistant's action `calendar.get_events` lists them. Each is a departure `margin` before it
    begins, and one more when it begins: who is late goes on charging until then. One that lasts for whole days does
    not say when the car leaves. Whatever an event holds, nothing is raised.
    """
    begins = (trip for each in rows_of(events) if (trip := _begin(each, zone)) is not None)
    ahead = sorted((each for each in begins if now < each.at <= until + margin), key=_when)
    found = (
        replace(each, at=each.at - early) for each in ahead[:_MOST] for early in (margin, _NOW)
    )
    return tuple(sorted(dict.fromkeys(each for each in found if now < each.at), key=_when))


def _begin(event: Mapping[str, Any], zone: tzinfo) -> Trip | None:
    start = event.get("start")
    if not isinstance(start, str) or ":" not in start:
        return None
    begin = moment(start, zone)
    return None if begin is None else Trip(at=begin, goal=need(event))


def _when(trip: Trip) -> tuple[datetime, bool]:
    """Return the order of departures: of two at a time the one that needs something said comes first."""
    return trip.at, trip.goal is None


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
