"""What the house will draw, cars and home battery apart: how it lived in the last weeks, and how it lives now.

Every hour is expected to be like the same hour of the last weeks' workdays, Saturdays or Sundays. Recent weeks count
more, and where a kind of day was seen seldom, all days alike speak for it, at first the mean over everything. What
was measured in the last quarter hours is carried on into the first hours, less the further ahead.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from math import sqrt
from statistics import fmean, quantiles
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from ..model.forecast import Interval, Series

LOOKS_BACK: Final = timedelta(weeks=6)
"""Older hours tell of another season."""
_HALF_LIFE: Final = timedelta(weeks=2)
"""After so long an hour counts half."""
_FAITH: Final = 0.5
"""So many days of today's weight the wider mean counts beside a kind's own days. Homes could do with two, an office,
where Sundays are like no workday, with none."""
_FENCE: Final = 3.0
"""Interquartile ranges beyond the quartiles, where Tukey's "far out" begins: once in weeks, no habit."""
_ENOUGH: Final = 7
"""Deviations that tell a spread; an hour with fewer has that of the whole day."""
SHARES: Final = (0.75, 0.55, 0.45, 0.4, 0.3, 0.25, 0.2, 0.15)
"""What is left in each quarter hour ahead of how far the house is from its habits now."""
_QUARTER: Final = timedelta(minutes=15)
_HOUR: Final = timedelta(hours=1)
AHEAD: Final = timedelta(hours=48)
_SATURDAY: Final = 5
_HOURS: Final = range(24)


class DayType(StrEnum):
    """Days people live alike on; public holidays are not told apart."""

    WORKDAY = "workday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Load(NamedTuple):
    """What the house drew in an hour on average, W."""

    start: datetime
    """In UTC."""
    power_w: float


class Usual(NamedTuple):
    """What the house draws in such an hour, W; one time in ten less than `low`, or more than `high`."""

    value: float
    low: float
    high: float


type Cell = tuple[DayType, int]
"""A kind of day, and the hour of the local day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How a house lives."""

    zone: ZoneInfo
    usual: Mapping[Cell, Usual]
    """Of every hour of every kind of day."""
    days: int
    """Local dates it was learnt from."""
    mean_w: float

    def at(self, moment: datetime) -> Usual:
        """Return what is usual in the UTC hour a moment lies in."""
        return self.usual[_cell(_hour(moment), self.zone)]


class _Seen(NamedTuple):
    power_w: float
    weight: float


class _Mean(NamedTuple):
    power_w: float
    weight: float


def learnt(loads: Iterable[Load], now: datetime, zone: ZoneInfo) -> Profile | None:
    """Return how a house lives whose past hours are given in any order; None: nothing is known of the last weeks."""
    recent = sorted(load for load in loads if now - LOOKS_BACK <= load.start < now)
    if not recent:
        return None
    cells: defaultdict[Cell, list[_Seen]] = defaultdict(list)
    for load in recent:
        weight = 0.5 ** ((now - load.start) / _HALF_LIFE)
        cells[_cell(load.start, zone)].append(_Seen(load.power_w, weight))
    tame = {cell: _clipped(seen) for cell, seen in cells.items()}
    everything = [each for seen in tame.values() for each in seen]
    mean_w = fmean([each.power_w for each in everything], [each.weight for each in everything])
    return Profile(
        zone=zone,
        usual=_with_spread(_means(tame, mean_w), tame),
        days=len({load.start.astimezone(zone).date() for load in recent}),
        mean_w=mean_w,
    )


def foreseen(profile: Profile, now: datetime, measured_w: float | None = None) -> Series:
    """Return what the house will draw from the running quarter hour on, for two days; W.

    `measured_w` is its mean over the last quarter hours; None: nobody knows. The first intervals are quarter hours,
    the others hours.

    A deviation that fades out like the shares of `SHARES` is best foreseen by just that share of it, and what is left
    of the variance is 1 - share**2: the more is known of now, the narrower is the spread.
    """
    first = _floor(now, _QUARTER)
    return tuple(
        _interval(profile, start, end, measured_w, _share(start - first))
        for start, end in _slots(first)
    )


def _cell(start: datetime, zone: ZoneInfo) -> Cell:
    local = start.astimezone(zone)
    match local.weekday() - _SATURDAY:
        case 0:
            return DayType.SATURDAY, local.hour
        case 1:
            return DayType.SUNDAY, local.hour
        case _:
            return DayType.WORKDAY, local.hour


def _clipped(seen: Sequence[_Seen]) -> list[_Seen]:
    """Return the same with what is far out brought to the fence: a car that charged unseen is no habit."""
    powers = [each.power_w for each in seen]
    lower, _, upper = quantiles(powers, n=4, method="inclusive") if len(powers) > 1 else powers * 3
    reach = _FENCE * (upper - lower)
    return [
        each._replace(power_w=min(max(each.power_w, lower - reach), upper + reach)) for each in seen
    ]


def _means(tame: Mapping[Cell, Sequence[_Seen]], mean_w: float) -> Mapping[Cell, _Mean]:
    """Return the mean of each cell, drawn towards that of its hour on all days, and that towards the mean of all."""
    means: dict[Cell, _Mean] = {}
    for hour in _HOURS:
        cells = {(day, hour): tame.get((day, hour), ()) for day in DayType}
        alike = _mean([each for seen in cells.values() for each in seen], mean_w)
        means |= {cell: _mean(seen, alike.power_w) for cell, seen in cells.items()}
    return means


def _mean(seen: Sequence[_Seen], wider_w: float) -> _Mean:
    """Return the weighted mean; the wider one counts as a few days."""
    weight = sum(each.weight for each in seen) + _FAITH
    total = sum(each.weight * each.power_w for each in seen) + _FAITH * wider_w
    return _Mean(total / weight, weight)


def _with_spread(
    means: Mapping[Cell, _Mean], tame: Mapping[Cell, Sequence[_Seen]]
) -> Mapping[Cell, Usual]:
    """Return with each mean how far off its hour was before, never below the least that was seen."""
    off: defaultdict[int, list[float]] = defaultdict(list)
    for cell, seen in tame.items():
        off[cell[1]] += [_off(each, means[cell]) for each in seen]
    everything = _tenths([each for hour in off.values() for each in hour])
    least_w = min(each.power_w for seen in tame.values() for each in seen)
    usual: dict[Cell, Usual] = {}
    for cell, (value, _) in means.items():
        deviations = off[cell[1]]
        below, above = _tenths(deviations) if len(deviations) >= _ENOUGH else everything
        usual[cell] = Usual(value, max(value + min(below, 0), least_w), value + max(above, 0))
    return usual


def _off(seen: _Seen, mean: _Mean) -> float:
    """Return how far an hour was from what would have been expected without it."""
    return (seen.power_w - mean.power_w) / (1 - seen.weight / mean.weight)


def _tenths(off: Sequence[float]) -> tuple[float, float]:
    """Return the first and the last decile."""
    if len(off) == 1:
        return off[0], off[0]
    found = quantiles(off, n=10, method="inclusive")
    return found[0], found[-1]


def _slots(first: datetime) -> Iterable[tuple[datetime, datetime]]:
    """Yield quarter hours as far as the shares reach and to the full hour, then hours."""
    start = first
    while start < first + AHEAD:
        quarter = _share(start - first) > 0 or start != _hour(start)
        end = start + (_QUARTER if quarter else _HOUR)
        yield start, end
        start = end


def _share(ahead: timedelta) -> float:
    number = ahead // _QUARTER
    return SHARES[number] if number < len(SHARES) else 0.0


def _interval(
    profile: Profile, start: datetime, end: datetime, measured_w: float | None, share: float
) -> Interval:
    usual = profile.at(start)
    if measured_w is None:
        share, measured_w = 0.0, usual.value
    value = share * measured_w + (1 - share) * usual.value
    left = sqrt(1 - share**2)
    low = max(value - left * (usual.value - usual.low), min(usual.low, measured_w))
    high = value + left * (usual.high - usual.value)
    return Interval(start=start, end=end, value=_whole(value), low=_whole(low), high=_whole(high))


def _whole(power_w: float) -> Decimal:
    return Decimal(round(power_w))


def _hour(moment: datetime) -> datetime:
    return _floor(moment, _HOUR)


def _floor(moment: datetime, step: timedelta) -> datetime:
    return moment - (moment - datetime.min.replace(tzinfo=UTC)) % step
