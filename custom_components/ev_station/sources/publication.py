"""When to ask a source again that has to be asked."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

PUBLISHED: Final = time(13)
"""By then Europe's day-ahead markets, and those who resell them, know tomorrow's prices on most days."""
_EARLIER: Final = timedelta(hours=1)
"""Europe's markets count days in Central European Time; further west theirs end before the local ones."""
_SOONEST: Final = timedelta(minutes=5)
_LATEST: Final = timedelta(hours=1)
_MOST_DOUBLINGS: Final = 4


def next_asking(
    now: datetime, known_until: datetime | None, failures: int, zone: tzinfo, spread: timedelta
) -> datetime:
    """Return when to ask again: at 13:00 for tomorrow's prices, soon and then less often while something is missing.

    `failures` counts the askings in a row that told nothing new; `spread` is the site's own delay, so that not
    all ask at once.
    """
    today = now.astimezone(zone).date()
    due = _at(today, PUBLISHED, zone)
    if now < due:
        needed, next_due = _end_of(today, zone), due
    else:
        tomorrow = today + timedelta(days=1)
        needed, next_due = _end_of(tomorrow, zone), _at(tomorrow, PUBLISHED, zone)
    if known_until is not None and known_until >= needed - _EARLIER:
        return next_due + spread
    doublings = min(max(failures - 1, 0), _MOST_DOUBLINGS)
    wait = min(_SOONEST * (1 << doublings), _LATEST)
    return now + wait


def _end_of(day: date, zone: tzinfo) -> datetime:
    return _at(day + timedelta(days=1), time(0), zone)


def _at(day: date, clock: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
