"""Register arithmetic: from meter readings, however odd, to one rising energy curve and what is doubtful about it."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

from ..model.curve import Curve, CurvePoint
from ..model.session import Reading
from ..model.status import Flag

_SLACK_WH: Final = Decimal(500)
"""Registers move in coarse steps and time stamps are rounded: a jump this small is never implausible."""
_MARGIN: Final = Decimal("1.1")
_TOLERANCE_WH: Final = Decimal(50)
"""A register may fall by this much, by rounding or by a sample out of order, without having begun anew."""
GLITCH_READINGS: Final = 8
"""A register that is odd for longer has begun anew; a stretch that stands still is two readings."""
_UNTIMED: Final = timedelta(days=1)
_SMALLEST_CAPACITY_WH: Final = Decimal(10**8)
"""Meters count to 99999.99 kWh at least: a fall further down is never a rollover (F14)."""
_MOST_PER_VISIT_WH: Final = Decimal(10**6)
"""No vehicle takes more: a rollover that would mean so is a register that began anew."""
_ZERO: Final = Decimal(0)
_MOST_READINGS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Energy:
    """A session's energy over time, and the flags its readings earned."""

    curve: Curve
    flags: frozenset[Flag] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What bounds a session; `end` and `meter_stop_wh` are None while it runs."""

    start: datetime
    meter_start_wh: Decimal | None
    end: datetime | None = None
    meter_stop_wh: Decimal | None = None
    max_power_w: Decimal
    timed: bool = True
    """The charger's clock was right; if not, a day may have passed between any two of its stamps."""

    def allows(self, energy_wh: Decimal, duration: timedelta) -> bool:
        """Return whether so much energy can have flowed in that time."""
        if energy_wh <= _SLACK_WH:
            return True
        if not self.timed:
            duration += _UNTIMED
        seconds = Decimal(max(duration, timedelta(0)) // timedelta(milliseconds=1)) / 1000
        return energy_wh <= self.max_power_w * seconds / 3600 * _MARGIN + _SLACK_WH


def measure(span: Span, readings: Sequence[Reading]) -> Energy:
    """Return the energy of a session from its begin and end registers first, its samples second.

    `readings` are sorted by time. The difference of the registers decides the total unless the samples prove
    that the register began anew in between, or that the end is an older value; where it decides, the samples
    only shape when the energy flowed.
    """
    sampled, reset = _from_samples(span, readings)
    if span.end is None:
        return Energy(Curve(sampled), _flags(reset=reset))
    total = _register_difference(span)
    if total is None or (
        sampled[-1].energy_wh > total + _TOLERANCE_WH and _fell_within(span, readings)
    ):
        return _closed_by_samples(span, readings)
    return Energy(_shaped(span, sampled, total))


def _flags(*, reset: bool) -> frozenset[Flag]:
    return frozenset({Flag.METER_RESET, Flag.ESTIMATED}) if reset else frozenset()


def _register_difference(span: Span) -> Decimal | None:
    """Return end minus begin of the register; None if that cannot be the session's energy (F12, F14)."""
    if span.meter_start_wh is None or span.meter_stop_wh is None or span.end is None:
        return None
    difference = span.meter_stop_wh - span.meter_start_wh
    if difference < 0:
        rolled = _rolled_over(span.meter_start_wh, span.meter_stop_wh)
        difference = difference if rolled is None else rolled
    possible = difference >= 0 and span.allows(difference, span.end - span.start)
    return difference if possible else None


def _rolled_over(before: Decimal, after: Decimal) -> Decimal | None:
    """Return the rise of a register that ran over its last digit between two values; None if it did not (F14)."""
    capacity = max(Decimal(10) ** len(str(int(before))), _SMALLEST_CAPACITY_WH)
    rise = capacity - before + after
    return rise if rise <= _MOST_PER_VISIT_WH else None


def _fell_within(span: Span, readings: Sequence[Reading]) -> bool:
    """Return whether the register fell on its way from begin to end.

    Samples below the begin do not tell: they may count from the session's start (Grizzl-E).
    """
    start = span.meter_start_wh or _ZERO
    inside = [reading for reading in readings if reading.register_wh >= start]
    kept = _without_glitches(span, None, (*inside, *_end_of(span)))
    return any(
        before.register_wh - after.register_wh > _TOLERANCE_WH for before, after in pairwise(kept)
    )


def _end_of(span: Span) -> tuple[Reading, ...]:
    """Return the meter's end as a last reading, if it was told."""
    if span.end is None or span.meter_stop_wh is None:
        return ()
    return (Reading(span.end, span.meter_stop_wh),)


def _closed_by_samples(span: Span, readings: Sequence[Reading]) -> Energy:
    """Return the samples' own sum, for sessions whose registers cannot be believed (F12, F13).

    An end below the last sample says nothing then; without a sample, it may be a register that began anew.
    """
    end = span.end or span.start
    last = _end_of(span)
    if readings and last and last[0].register_wh < readings[-1].register_wh:
        last = ()
    sampled, reset = _from_samples(span, (*readings, *last))
    flags = set(_flags(reset=reset))
    if _fell(span):
        flags.add(Flag.METER_BACKWARDS)
    if not _idle(span, sampled):
        flags.add(Flag.ESTIMATED)
    before = (point for point in sampled if point.at < end)
    return Energy(Curve((*before, CurvePoint(end, sampled[-1].energy_wh))), frozenset(flags))


def _fell(span: Span) -> bool:
    return (
        span.meter_start_wh is not None
        and span.meter_stop_wh is not None
        and span.meter_stop_wh < span.meter_start_wh
    )


def _idle(span: Span, sampled: tuple[CurvePoint, ...]) -> bool:
    """Return whether nothing flowed and the end is a hair below the begin by rounding (Huawei)."""
    start, stop = span.meter_start_wh, span.meter_stop_wh
    if start is None or stop is None or sampled[-1].energy_wh:
        return False
    return abs(start - stop) <= _TOLERANCE_WH


def _shaped(span: Span, sampled: tuple[CurvePoint, ...], total: Decimal) -> Curve:
    """Return the samples' line ending in exactly `total`, never above it."""
    end = span.end or sampled[-1].at
    before = (point for point in sampled if point.at < end)
    capped = tuple(CurvePoint(point.at, min(point.energy_wh, total)) for point in before)
    start = capped[0] if capped else CurvePoint(min(span.start, end), _ZERO)
    return Curve((*(capped or (start,)), CurvePoint(end, total)))


def _from_samples(span: Span, readings: Sequence[Reading]) -> tuple[tuple[CurvePoint, ...], bool]:
    """Return the line the samples draw, and whether the register restarted on the way (F13)."""
    points = [CurvePoint(span.start, _ZERO)]
    last = Reading(span.start, span.meter_start_wh) if span.meter_start_wh is not None else None
    reset, total = False, _ZERO
    for reading in _without_glitches(span, last, readings):
        rise, restarted = _rise(span, last, reading)
        reset |= restarted
        total += rise
        points.append(CurvePoint(max(reading.at, points[-1].at), total))
        last = reading
    return tuple(points), reset


def _rise(span: Span, last: Reading | None, reading: Reading) -> tuple[Decimal, bool]:
    """Return how much energy a reading adds, and whether the register began anew before it."""
    if last is None:
        return _ZERO, False
    duration = reading.at - last.at
    difference = reading.register_wh - last.register_wh
    if difference >= 0:
        return (difference, False) if span.allows(difference, duration) else (_ZERO, True)
    rolled = _rolled_over(last.register_wh, reading.register_wh)
    if rolled is not None and span.allows(rolled, duration):
        return rolled, False
    return (reading.register_wh if span.allows(reading.register_wh, duration) else _ZERO), True


def _without_glitches(
    span: Span, first: Reading | None, readings: Sequence[Reading]
) -> Iterator[Reading]:
    """Yield the readings without drops and jumps that a later reading proves never happened."""
    last = first
    for index, reading in enumerate(readings):
        if last is not None and not _continues(span, last, reading):
            if _recovers(span, last, readings[index : index + GLITCH_READINGS]):
                continue
            if _ZERO < last.register_wh - reading.register_wh <= _TOLERANCE_WH:
                continue
        yield reading
        last = reading


def _continues(span: Span, last: Reading, reading: Reading) -> bool:
    rise = reading.register_wh - last.register_wh
    return rise >= 0 and span.allows(rise, reading.at - last.at)


def _recovers(span: Span, last: Reading, odd: Sequence[Reading]) -> bool:
    """Return whether the register comes back from an odd value to go on from the last good one.

    It comes back at once, as one that reads 0 now and then; one that climbs back has begun anew.
    """
    first = odd[0]
    for reading in odd[1:]:
        back = (reading.register_wh < first.register_wh) == (first.register_wh > last.register_wh)
        if back and _continues(span, last, reading):
            return True
        if abs(reading.register_wh - first.register_wh) > _TOLERANCE_WH:
            return False
    return False


def insert(readings: tuple[Reading, ...], reading: Reading) -> tuple[Reading, ...]:
    """Return the readings with one more, sorted by time, and no middle of a flat stretch.

    The first and the last of each minute are kept, and every fall of the register: exact where prices change,
    bounded by the minutes in which energy flowed.
    """
    if not readings or reading.at >= readings[-1].at:
        return _append(readings, reading)
    index = bisect_right(readings, reading.at, key=lambda each: each.at)
    neighbours = readings[max(index - 1, 0) : index + 1]
    told = any(_same_minute(each.at, reading.at) for each in neighbours)
    if told or len(readings) >= _MOST_READINGS:
        return readings
    return (*readings[:index], reading, *readings[index:])


def _append(readings: tuple[Reading, ...], reading: Reading) -> tuple[Reading, ...]:
    if len(readings) < 2:
        return (*readings, reading)
    first, last = readings[-2:]
    risen = first.register_wh <= last.register_wh <= reading.register_wh
    middle = risen and _same_minute(first.at, reading.at)
    if middle or _flat(readings[-2:], reading) or len(readings) >= _MOST_READINGS:
        return (*readings[:-1], reading)
    return (*readings, reading)


def _flat(pair: Sequence[Reading], reading: Reading) -> bool:
    return pair[0].register_wh == pair[1].register_wh == reading.register_wh


def _same_minute(one: datetime, other: datetime) -> bool:
    return one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)
