"""When OCPI restrictions hold: local times of the site, and the moments at which they may flip."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from ..model.tariff import DayOfWeek, Restrictions, Tariff

_WEEKDAYS: Final = tuple(DayOfWeek)
_MIDNIGHT: Final = time(0)


def day_of_week(tariff: Tariff, local: datetime) -> DayOfWeek:
    """Return the weekday whose prices hold at a local moment: on public holidays Sunday, where the tariff knows them."""
    if local.date() in tariff.holidays:
        return DayOfWeek.SUNDAY
    return _WEEKDAYS[local.weekday()]


def holds(restrictions: Restrictions, local: datetime, day: DayOfWeek) -> bool:
    """Return whether the restrictions hold at a local moment that counts as that weekday (OCPI TariffRestrictions)."""
    return (
        (restrictions.start_date is None or local.date() >= restrictions.start_date)
        and (restrictions.end_date is None or local.date() < restrictions.end_date)
        and (not restrictions.day_of_week or day in restrictions.day_of_week)
        and _within_day(restrictions, local.time())
    )


def _within_day(restrictions: Restrictions, moment: time) -> bool:
    start, end = restrictions.start_time or _MIDNIGHT, restrictions.end_time or _MIDNIGHT
    if end == _MIDNIGHT:
        return moment >= start
    if end <= start:
        return moment >= start or moment < end
    return start <= moment < end


def flips(tariff: Tariff, zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield, in UTC and in no order, every moment in the open interval at which a restriction may flip.

    Besides the configured times of day these are midnights, of holidays too, and changes of the zone's offset: a
    band whose edge falls into the hour skipped in spring flips at the change itself.
    """
    if not any(_restricts(element.restrictions) for element in tariff.elements):
        return
    times = _times_of_day(tariff)
    day = start.astimezone(zone).date() - timedelta(days=1)
    while day <= end.astimezone(zone).date() + timedelta(days=1):
        for moment in (*_instants(day, times, zone), *_offset_changes(day, zone)):
            if start < moment < end:
                yield moment
        day += timedelta(days=1)


def _restricts(restrictions: Restrictions) -> bool:
    return restrictions != Restrictions()


def _times_of_day(tariff: Tariff) -> frozenset[time]:
    edges = {_MIDNIGHT}
    for element in tariff.elements:
        for edge in (element.restrictions.start_time, element.restrictions.end_time):
            if edge is not None:
                edges.add(edge)
    return frozenset(edges)


def _instants(day: date, times: frozenset[time], zone: ZoneInfo) -> Iterator[datetime]:
    """Yield the UTC moments a local time names: two in the repeated hour of autumn."""
    for moment in times:
        for fold in (0, 1):
            yield datetime.combine(day, moment, zone).replace(fold=fold).astimezone(UTC)


def _offset_changes(day: date, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield the moment within a local day at which the zone's offset changes, to the minute."""
    low = datetime.combine(day, _MIDNIGHT, zone).astimezone(UTC)
    high = datetime.combine(day + timedelta(days=1), _MIDNIGHT, zone).astimezone(UTC)
    before = low.astimezone(zone).utcoffset()
    if high.astimezone(zone).utcoffset() == before:
        return
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    yield high.replace(second=0, microsecond=0)
