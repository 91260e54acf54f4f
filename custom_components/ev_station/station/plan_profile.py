"""A plan as a charging profile: what a charger goes by when the live limit has ended and nobody renewed it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
import math
from typing import Final, NamedTuple

from ..balancing.limits import BEGUN_BEFORE, BY_CLOCK, PLAN_STACK, Began
from ..model.commands import ChargingProfile, ProfilePurpose, SchedulePeriod
from ..model.ids import TransactionId
from ..model.plan import PlanPeriod
from ..planning.schedule import Period, shortened

PERIODS: Final = 6
"""As many a charger takes that does not say (`ChargingScheduleMaxPeriods`)."""
_SOON: Final = timedelta(hours=1)
_SPARED_FOR: Final = timedelta(minutes=15)
"""What changes only later than soon is not written again before: some chargers write to flash memory."""
_SAME_TIME: Final = timedelta(minutes=1)
_PAUSE: Final = timedelta(minutes=1)
"""Before phases are switched."""
_AS_BEFORE: Final = 0
_NOTHING_A: Final = Decimal(0)
_NOTHING: Final = timedelta(0)


def plan_profile(
    ahead: Sequence[PlanPeriod],
    floor_a: Decimal,
    transaction: TransactionId,
    now: datetime,
    charger_now: datetime,
    *,
    owner_a: Decimal,
    phases: int | None = None,
    picked: bool = False,
    most_periods: int = PERIODS,
    began: Began = BY_CLOCK,
) -> ChargingProfile:
    """Return what is planned from now on, by the charger's own clock, and after that the floor.

    What it has `began` counts from there; until now it says what it says now.
    `phases` are told in all periods; where the plan `picked` its phases, those in force, from which it goes on.
    """
    left = [each for each in ahead if each.end > now]
    turns = [(each.start, each.limit_a, each.phases) for each in left]
    turns.append((left[-1].end if left else now, floor_a, _AS_BEFORE))
    periods = [Period(_seconds(at - now), min(limit, owner_a), on) for at, limit, on in turns]
    if picked and phases is not None:
        periods = list(_switching(periods, phases))
    else:
        periods = [each._replace(phases=phases or 1) for each in periods]
    first, *rest = shortened(periods, most_periods)
    begun_s = _seconds(began.before)
    return ChargingProfile(
        purpose=ProfilePurpose.TX,
        stack_level=PLAN_STACK,
        periods=tuple(
            SchedulePeriod(
                start_s=start_s,
                limit_a=each.limit_a,
                phases=None if phases is None else each.phases,
            )
            for start_s, each in (
                (0, first),
                *((each.start_s + begun_s, each) for each in rest),
            )
        ),
        transaction=transaction,
        start_at=charger_now.replace(microsecond=0) - began.before,
        relative=began.relative,
    )


def _switching(periods: Sequence[Period], phases: int) -> Iterator[Period]:
    """Yield periods of which none changes the phases under load: a pause keeps them, and comes before a change."""
    draws, ends = True, [each.start_s for each in periods[1:]]
    for each, end_s in zip(periods, [*ends, math.inf], strict=True):
        if each.limit_a and each.phases not in {phases, _AS_BEFORE}:
            begin_s = each.start_s
            if draws:
                yield Period(begin_s, _NOTHING_A, phases)
                begin_s += _seconds(_PAUSE)
            if begin_s < end_s:
                phases = each.phases
                yield Period(begin_s, each.limit_a, phases)
        else:
            yield each._replace(phases=phases)
        draws = bool(each.limit_a)


def _seconds(duration: timedelta) -> int:
    """Return whole seconds from now on."""
    return max(round(duration.total_seconds()), 0)


class _Turn(NamedTuple):
    """From a moment on, at most so many A per phase."""

    after: timedelta
    """From now."""
    limit_a: Decimal
    phases: int | None


def still_plans(old: ChargingProfile, new: ChargingProfile, charger_now: datetime) -> bool:
    """Return whether an old plan may stay: it says the same, or differs only later and is fresh.

    One that counts from the transaction's start is fresh in its first quarter of an hour only.
    """
    if old.start_at is None or (old.transaction, old.relative) != (new.transaction, new.relative):
        return False
    was, now = (_course(each, charger_now) for each in (old, new))
    if _same(was, now):
        return True
    soon = ([each for each in course if each.after < _SOON] for course in (was, now))
    return _same(*soon) and charger_now - old.start_at - BEGUN_BEFORE < _SPARED_FOR


def _course(profile: ChargingProfile, now: datetime) -> list[_Turn]:
    """Return what a profile says from now on."""
    since = now - (profile.start_at or now)
    turns = [
        _Turn(timedelta(seconds=each.start_s) - since, each.limit_a, each.phases)
        for each in profile.periods
    ]
    begun = [each for each in turns if each.after <= _NOTHING]
    later = [each for each in turns if each.after > _NOTHING]
    return [*(each._replace(after=_NOTHING) for each in begun[-1:]), *later]


def _same(one: Sequence[_Turn], other: Sequence[_Turn]) -> bool:
    return len(one) == len(other) and all(
        mine[1:] == theirs[1:] and abs(mine.after - theirs.after) <= _SAME_TIME
        for mine, theirs in zip(one, other, strict=True)
    )
