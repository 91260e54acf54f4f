"""What the sun will give, in W, and of how sure that is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from ..model.forecast import Interval, Series
from .intervals import Point, normalised
from .moments import moment, number, rows_of
from .reader import Raw

_NIGHT: Final = timedelta(hours=2)
_QUARTER: Final = 15
_HOUR: Final = timedelta(hours=1)
_KILO: Final = 1000
DETAILED: Final = ("detailedForecast", "detailedHourly", "forecasts")
"""Where Solcast lists its half hours, its hours where somebody switched those off, and what its own service answers."""


def wh_hours(energies: Mapping[Any, Any], zone: tzinfo) -> Series:
    """Return the mean powers of what an energy platform says: Wh by moments with irregular edges.

    The contract does not say whether a moment begins or ends its energy. Forecast.Solar names the ends, all
    others the begins. Its days begin at sunrise with 0 Wh, a moment at which nobody's quarter of an hour begins.
    """
    known = {
        start: value
        for raw, energy in energies.items()
        if (start := moment(raw, zone)) and (value := number(energy)) is not None
    }
    moments = sorted(known)
    if _names_ends(moments, known):
        return tuple(_before(moments, known))
    spans = normalised(Point(start, None, known[start]) for start in moments)
    return tuple(_mean(each.start, each.end, each.value) for each in spans)


def _names_ends(moments: Sequence[datetime], known: Mapping[datetime, Decimal]) -> bool:
    mornings = [after for before, after in pairwise(moments) if after - before > _NIGHT] + list(
        moments[:1]
    )
    return any(each.minute % _QUARTER and known[each] == 0 for each in mornings)


def _before(moments: Sequence[datetime], known: Mapping[datetime, Decimal]) -> Iterator[Interval]:
    for start, end in pairwise(moments):
        if end - start <= _NIGHT:
            yield _mean(start, end, known[end])


def _mean(start: datetime, end: datetime, energy_wh: Decimal) -> Interval:
    return Interval(
        start=start, end=end, value=_rounded(Fraction(energy_wh) * _per_hour(start, end))
    )


def _per_hour(start: datetime, end: datetime) -> Fraction:
    return Fraction(_HOUR // timedelta(minutes=1), (end - start) // timedelta(minutes=1))


def _rounded(watts: Fraction) -> Decimal:
    return Decimal(round(watts * 10)) / 10


def solcast(raw: Raw, zone: tzinfo) -> Series:
    """Return Solcast's mean powers with what is fallen short of and exceeded one time in ten; empty: it says none."""
    rows = next((rows for name in DETAILED if (rows := rows_of(raw.get(name)))), [])
    return normalised(point for row in rows if (point := _estimate(row, zone)))


def _estimate(row: Mapping[str, Any], zone: tzinfo) -> Point | None:
    likely, start = _watts(row.get("pv_estimate")), moment(row.get("period_start"), zone)
    end = moment(row.get("period_end"), zone)
    if start is None and end is not None:
        start = end - _length(row.get("period"))
    if start is None or likely is None:
        return None
    low, high = _watts(row.get("pv_estimate10")), _watts(row.get("pv_estimate90"))
    return Point(start, end, likely, low, high)


def _watts(raw: Any) -> Decimal | None:
    kilowatts = number(raw)
    return None if kilowatts is None else kilowatts * _KILO


def _length(raw: Any) -> timedelta:
    """Return a period as Solcast's service writes it: `PT30M`."""
    minutes = number(str(raw).removeprefix("PT").removesuffix("M"))
    return timedelta(minutes=30 if minutes is None else int(minutes))


def total(planes: Iterable[Series]) -> Series:
    """Return the sum of several roofs: at each moment what those say that say something."""
    series = [plane for plane in planes if plane]
    if len(series) < 2:
        return series[0] if series else ()
    edges = sorted({edge for plane in series for each in plane for edge in (each.start, each.end)})
    return tuple(
        _sum(start, end, shining)
        for start, end in pairwise(edges)
        if (shining := [each for plane in series for each in plane if _covers(each, start)])
    )


def _covers(interval: Interval, moment_: datetime) -> bool:
    return interval.start <= moment_ < interval.end


def _sum(start: datetime, end: datetime, shining: Sequence[Interval]) -> Interval:
    unsure = any(each.low is not None or each.high is not None for each in shining)
    lows = sum((_or(each.low, each.value) for each in shining), Decimal(0))
    highs = sum((_or(each.high, each.value) for each in shining), Decimal(0))
    return Interval(
        start=start,
        end=end,
        value=sum((each.value for each in shining), Decimal(0)),
        low=lows if unsure else None,
        high=highs if unsure else None,
    )


def _or(value: Decimal | None, otherwise: Decimal) -> Decimal:
    return otherwise if value is None else value
