"""A plan as a charging profile: what a charger goes by when the live limit has ended and nobody renewed it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Final, NamedTuple

from ..model.commands import ChargingProfile, ProfilePurpose, SchedulePeriod
from ..model.ids import TransactionId
from ..model.plan import PlanPeriod
from .limits import BEGUN_BEFORE, PLAN_STACK

PERIODS: Final = 6
"""As many a charger takes that does not say (`ChargingScheduleMaxPeriods`)."""
_SOON: Final = timedelta(hours=1)
_SPARED_FOR: Final = timedelta(minutes=15)
"""What changes only later than soon is not written again before: some chargers write to flash memory."""
_SAME_TIME: Final = timedelta(minutes=1)
_FOR_EVER: Final = timedelta(days=1)
"""What the last limit weighs, which has no end."""


class Turn(NamedTuple):
    """From a moment on, at most so many A per phase."""

    after: timedelta
    """From now."""
    limit_a: Decimal
    phases: int | None = None


def plan_profile(
    ahead: Sequence[PlanPeriod],
    floor_a: Decimal,
    transaction: TransactionId,
    now: datetime,
    charger_now: datetime,
    *,
    owner_a: Decimal,
    phases: int | None = None,
    most_periods: int = PERIODS,
) -> ChargingProfile:
    """Return what is planned from now on, by the charger's own clock, and after that the floor."""
    turns = [
        Turn(max(each.start - now, timedelta(0)), each.limit_a) for each in ahead if each.end > now
    ]
    turns.append(Turn(max(ahead[-1].end - now, timedelta(0)) if turns else timedelta(0), floor_a))
    capped = [each._replace(limit_a=min(each.limit_a, owner_a)) for each in turns]
    first, *rest = _shortened(_joined(capped), most_periods)
    return ChargingProfile(
        purpose=ProfilePurpose.TX,
        stack_level=PLAN_STACK,
        periods=(
            SchedulePeriod(start_s=0, limit_a=first.limit_a, phases=phases),
            *(_period(each, phases) for each in rest),
        ),
        transaction=transaction,
        start_at=charger_now.replace(microsecond=0) - BEGUN_BEFORE,
    )


def _period(turn: Turn, phases: int | None) -> SchedulePeriod:
    start = round((turn.after + BEGUN_BEFORE).total_seconds())
    return SchedulePeriod(start_s=start, limit_a=turn.limit_a, phases=phases)


def _joined(turns: Sequence[Turn]) -> list[Turn]:
    return [next(alike) for _, alike in groupby(turns, key=lambda each: each.limit_a)]


def _shortened(turns: list[Turn], most: int) -> list[Turn]:
    """Join neighbours at the lower limit, where that loses least, until so few are left: still never too much."""
    while len(turns) > max(most, 1):
        ends = [*(each.after for each in turns[1:]), turns[-1].after + _FOR_EVER]
        losses = [
            float(abs(late.limit_a - early.limit_a)) * (end - begin).total_seconds()
            for (early, late), begin, end in _pairs(turns, ends)
        ]
        at = losses.index(min(losses))
        early, late = turns[at : at + 2]
        turns[at : at + 2] = [early._replace(limit_a=min(early.limit_a, late.limit_a))]
        turns = _joined(turns)
    return turns


def _pairs(
    turns: Sequence[Turn], ends: Sequence[timedelta]
) -> Iterator[tuple[tuple[Turn, Turn], timedelta, timedelta]]:
    """Yield each two neighbours, and from when to when the higher one holds."""
    for at, (early, late) in enumerate(pairwise(turns)):
        higher = at if early.limit_a > late.limit_a else at + 1
        yield (early, late), turns[higher].after, ends[higher]


def still_plans(old: ChargingProfile, new: ChargingProfile, charger_now: datetime) -> bool:
    """Return whether an old plan may stay: it says the same, or differs only later and is fresh."""
    if old.transaction != new.transaction or old.start_at is None:
        return False
    was, now = (_course(each, charger_now) for each in (old, new))
    if _same(was, now):
        return True
    soon = ([each for each in course if each.after < _SOON] for course in (was, now))
    return _same(*soon) and charger_now - old.start_at - BEGUN_BEFORE < _SPARED_FOR


def _course(profile: ChargingProfile, now: datetime) -> list[Turn]:
    """Return what a profile says from now on."""
    since = now - (profile.start_at or now)
    turns = [
        Turn(timedelta(seconds=each.start_s) - since, each.limit_a, each.phases)
        for each in profile.periods
    ]
    begun = [each for each in turns if each.after <= timedelta(0)]
    later = [each for each in turns if each.after > timedelta(0)]
    return [*(each._replace(after=timedelta(0)) for each in begun[-1:]), *later]


def _same(one: Sequence[Turn], other: Sequence[Turn]) -> bool:
    return len(one) == len(other) and all(
        mine[1:] == theirs[1:] and abs(mine.after - theirs.after) <= _SAME_TIME
        for mine, theirs in zip(one, other, strict=True)
    )
