"""Price series: merging what a source says over time, and asking for the price of a moment."""

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from ..model.tariff import PriceInterval, PriceSeries

KEPT: Final = timedelta(days=60)
"""Prices older than this are dropped from the state; sealed records hold their own."""
SAME_HOUR_DAYS: Final = 7
_EVER: Final = datetime.max.replace(tzinfo=UTC)


class Price(NamedTuple):
    """A price per kWh; `estimated` when the source was silent about the moment."""

    per_kwh: Decimal
    estimated: bool = False


def price_at(series: PriceSeries | None, moment: datetime) -> Price | None:
    """Return the price at a moment, else the same hour's of the last days as an estimate, else None."""
    if series is None:
        return None
    for days in range(SAME_HOUR_DAYS + 1):
        found = _known(series, moment - timedelta(days=days))
        if found is not None:
            return Price(found, estimated=days > 0)
    return None


def _known(series: PriceSeries, moment: datetime) -> Decimal | None:
    index = bisect_right(series.intervals, moment, key=lambda interval: interval.start) - 1
    if index < 0 or series.intervals[index].end <= moment:
        return None
    return series.intervals[index].price


def merge(known: PriceSeries | None, news: PriceSeries, now: datetime) -> PriceSeries:
    """Return the known series with the news laid over it, without what is older than `KEPT`.

    A price that was in force is a fact: before `now` news only fill gaps, from `now` on they replace.
    """
    old = () if known is None else known.intervals
    fresh = _disjoint(news.intervals)
    past = _overlay(_clip(fresh, now - KEPT, now), _clip(old, now - KEPT, now))
    future = _overlay(_clip(old, now, _EVER), _clip(fresh, now, _EVER))
    return PriceSeries(tariff=news.tariff, intervals=_joined(past + future))


def unknown(
    known: PriceSeries | None, news: tuple[PriceInterval, ...], now: datetime
) -> tuple[PriceInterval, ...]:
    """Return those of the intervals that would change something: the same said again is not told again."""
    old = () if known is None else known.intervals
    return tuple(each for each in news if not _covers(old, each, now))


def _covers(intervals: tuple[PriceInterval, ...], news: PriceInterval, now: datetime) -> bool:
    """Return whether an interval is known: a past one at any price, of the others what is to come at the same."""
    past = news.end <= now
    cursor = news.start if past else max(news.start, now)
    index = bisect_right(intervals, cursor, key=lambda interval: interval.start) - 1
    while cursor < news.end:
        known = intervals[index] if 0 <= index < len(intervals) else None
        if known is None or not known.start <= cursor < known.end:
            return False
        if known.price != news.price and not past:
            return False
        cursor, index = known.end, index + 1
    return True


def _disjoint(intervals: tuple[PriceInterval, ...]) -> tuple[PriceInterval, ...]:
    """Return the intervals sorted, without what an earlier one covers: some sources tell an hour twice."""
    disjoint: list[PriceInterval] = []
    for each in sorted(intervals, key=lambda interval: interval.start):
        disjoint += _clip((each,), disjoint[-1].end if disjoint else each.start, _EVER)
    return tuple(disjoint)


def _clip(
    intervals: tuple[PriceInterval, ...], start: datetime, end: datetime
) -> tuple[PriceInterval, ...]:
    return tuple(
        PriceInterval(start=max(each.start, start), end=min(each.end, end), price=each.price)
        for each in intervals
        if max(each.start, start) < min(each.end, end)
    )


def _overlay(
    base: tuple[PriceInterval, ...], top: tuple[PriceInterval, ...]
) -> tuple[PriceInterval, ...]:
    """Return the top intervals and what they leave visible of the base; both sorted and without overlap."""
    visible: list[PriceInterval] = []
    for each in base:
        first = bisect_right(top, each.start, key=lambda cover: cover.end)
        last = bisect_left(top, each.end, key=lambda cover: cover.start)
        cursor = each.start
        for cover in top[first:last]:
            visible += _clip((each,), cursor, cover.start)
            cursor = cover.end
        visible += _clip((each,), cursor, _EVER)
    return tuple(sorted((*visible, *top), key=lambda interval: interval.start))


def _joined(intervals: tuple[PriceInterval, ...]) -> tuple[PriceInterval, ...]:
    """Return the intervals with neighbours of one price made one."""
    joined: list[PriceInterval] = []
    for each in intervals:
        if joined and joined[-1].end == each.start and joined[-1].price == each.price:
            joined[-1] = PriceInterval(start=joined[-1].start, end=each.end, price=each.price)
        else:
            joined.append(each)
    return tuple(joined)
