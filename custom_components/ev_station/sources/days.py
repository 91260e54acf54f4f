"""Prices without a time stamp: numbers by the hour of a local day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
import re
from typing import Any, Final, override

from ..model.forecast import Series
from .intervals import Point, normalised
from .moments import number
from .reader import Raw, Reader

_HOUR: Final = timedelta(hours=1)
_PER_HOUR: Final = (1, 2, 4)
_NAME: Final = re.compile(r"price_(?P<next>next_day_)?(?P<hour>[01]\d|2[0-3])h(?P<again>_d)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedHours(Reader):
    """An attribute for each local hour: `price_02h`, `price_next_day_02h`, `price_02h_d` for the hour that comes twice."""

    @override
    def fits(self, raw: Raw) -> bool:
        return any(_NAME.fullmatch(name) for name in raw)

    @override
    def read(self, raw: Raw, zone: tzinfo, today: date, label: str | None = None) -> Series:
        named = ((_NAME.fullmatch(name), value) for name, value in raw.items())
        points = (_named(match, value, zone, today) for match, value in named if match)
        return normalised(point for point in points if point)


def _named(match: re.Match[str], raw: Any, zone: tzinfo, today: date) -> Point | None:
    day = today + timedelta(days=1) if match["next"] else today
    local = datetime.combine(day, time(int(match["hour"])), zone)
    start = local.replace(fold=1 if match["again"] else 0).astimezone(UTC)
    value = number(raw)
    # An hour that spring leaves out is none, nor the second one of an hour that comes once.
    if value is None or start.astimezone(zone).time() != local.time():
        return None
    if match["again"] and start == local.astimezone(UTC):
        return None
    return Point(start, start + _HOUR, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainDays(Reader):
    """`today` and `tomorrow`, each a plain list of numbers: one, two or four an hour."""

    today: str
    tomorrow: str

    @override
    def fits(self, raw: Raw) -> bool:
        return any(
            isinstance(each := raw.get(name), list | tuple)
            and any(number(value) is not None for value in each)
            for name in (self.today, self.tomorrow)
        )

    @override
    def awaits(self, raw: Raw) -> bool:
        return self.today in raw and raw[self.today] in (None, [])

    @override
    def read(self, raw: Raw, zone: tzinfo, today: date, label: str | None = None) -> Series:
        days = ((self.today, today), (self.tomorrow, today + timedelta(days=1)))
        return normalised(
            point
            for name, day in days
            if isinstance(values := raw.get(name), list | tuple)
            for point in _day(values, day, zone)
        )


def _day(values: list[Any] | tuple[Any, ...], day: date, zone: tzinfo) -> Iterator[Point]:
    """Yield a day's prices: as many as the day is long, else by the clock on the wall, 24 hours of them."""
    begin, end = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
    hours = (end - begin) // _HOUR
    count = next((each for each in _PER_HOUR if len(values) in (hours * each, 24 * each)), 0)
    for index in range(hours * count):
        start = begin + _HOUR / count * index
        by_the_clock = len(values) != hours * count
        raw = values[_on_the_wall(start.astimezone(zone), count) if by_the_clock else index]
        if (value := number(raw)) is not None:
            yield Point(start, start + _HOUR / count, value)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(0), zone).astimezone(UTC)


def _on_the_wall(local: datetime, per_hour: int) -> int:
    return local.hour * per_hour + local.minute * per_hour // 60
