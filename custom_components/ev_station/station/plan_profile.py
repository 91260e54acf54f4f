"""A plan as a charging profile: what a charger goes by when the live limit has ended and nobody renewed it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from ..balancing.limits import BEGUN_BEFORE, PLAN_STACK
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
    most_periods: int = PERIODS,
) -> ChargingProfile:
    """Return what is planned from now on, by the charger's own clock, and after that the floor."""
    left = [each for each in ahead if each.end > now]
    turns = [(each.start, each.limit_a) for each in left]
    turns.append((left[-1].end if left else now, floor_a))
    # What is told of phases is the same in all periods.
    periods = [Period(_seconds(at - now), min(limit, owner_a), 1) for at, limit in turns]
    first, *rest = shortened(periods, most_periods)
    begun_s = _seconds(BEGUN_BEFORE)
    return ChargingProfile(
        purpose=ProfilePurpose.TX,
        stack_level=PLAN_STACK,
        periods=tuple(
            SchedulePeriod(start_s=start_s, limit_a=limit_a, phases=phases)
            for start_s, limit_a in (
                (0, first.limit_a),
                *((each.start_s + begun_s, each.limit_a) for each in rest),
            )
        ),
        transaction=transaction,
        start_at=charger_now.replace(microsecond=0) - BEGUN_BEFORE,
    )


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
    """Return whether an old plan may stay: it says the same, or differs only later and is fresh."""
    if old.transaction != new.transaction or old.start_at is None:
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
