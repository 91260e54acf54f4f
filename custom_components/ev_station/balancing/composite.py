"""What the charging profiles on a charger add up to (OCPP 1.6 §3.13.2 to §3.13.4), to hold against what it says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from ..model.commands import ChargingProfile, ProfilePurpose, SchedulePeriod
from ..model.ids import TransactionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What an EVSE's limit depends on besides the profiles; times by the charger's own clock."""

    max_current_a: Decimal
    phases: int = 3
    transaction: TransactionId | None = None
    began_at: datetime | None = None
    """When the transaction began: a schedule without a start counts from there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What may be offered: A on each of so many phases."""

    amps: Decimal
    phases: int


def limit_at(profiles: Iterable[ChargingProfile], situation: Situation, moment: datetime) -> Limit:
    """Return the limit in force: the least of what EVSE, charger and transaction may draw (§3.13.4)."""
    most = Limit(amps=situation.max_current_a, phases=situation.phases)
    found = list(profiles)
    for period in (_of_charger(found, situation, moment), of_car(found, situation, moment)):
        if period is not None:
            phases = most.phases if period.phases is None else min(period.phases, most.phases)
            most = Limit(amps=min(period.limit_a, most.amps), phases=phases)
    return most


def composite(
    profiles: Sequence[ChargingProfile],
    situation: Situation,
    start: datetime,
    duration: timedelta,
) -> tuple[SchedulePeriod, ...]:
    """Return the schedule in force from `start` on (§5.7): a period for each change, the first at 0 s."""
    end = start + duration
    turns = {turn for profile in profiles for turn in _turns(profile, situation)}
    found: list[SchedulePeriod] = []
    for moment in (start, *sorted(turn for turn in turns if start < turn < end)):
        limit = limit_at(profiles, situation, moment)
        if not found or (found[-1].limit_a, found[-1].phases) != (limit.amps, limit.phases):
            begins = int((moment - start).total_seconds())
            found.append(SchedulePeriod(start_s=begins, limit_a=limit.amps, phases=limit.phases))
    return tuple(found)


def _of_charger(
    profiles: Iterable[ChargingProfile], situation: Situation, moment: datetime
) -> SchedulePeriod | None:
    return _prevailing(profiles, ProfilePurpose.CHARGER_MAX, situation, moment)


def of_car(
    profiles: Sequence[ChargingProfile], situation: Situation, moment: datetime
) -> SchedulePeriod | None:
    """Return what TxProfile says, else TxDefaultProfile: the former overrules the latter (§3.13.1)."""
    running = [
        each
        for each in profiles
        if situation.transaction is not None and each.transaction in (None, situation.transaction)
    ]
    of_transaction = _prevailing(running, ProfilePurpose.TX, situation, moment)
    if of_transaction is not None:
        return of_transaction
    return _prevailing(profiles, ProfilePurpose.TX_DEFAULT, situation, moment)


def _prevailing(
    profiles: Iterable[ChargingProfile],
    purpose: ProfilePurpose,
    situation: Situation,
    moment: datetime,
) -> SchedulePeriod | None:
    """Return the period in force of the highest stack level that has one (§3.13.2)."""
    of_purpose = (each for each in profiles if each.purpose is purpose)
    for profile in sorted(of_purpose, key=lambda each: each.stack_level, reverse=True):
        period = _period(profile, situation, moment)
        if period is not None:
            return period
    return None


def _period(
    profile: ChargingProfile, situation: Situation, moment: datetime
) -> SchedulePeriod | None:
    """Return a profile's period at a moment; None before, after or without one."""
    start = profile.start_at or situation.began_at
    if start is None or moment < start:
        return None
    if profile.valid_to is not None and moment >= profile.valid_to:
        return None
    elapsed = (moment - start).total_seconds()
    if profile.duration_s is not None and elapsed >= profile.duration_s:
        return None
    begun = [period for period in profile.periods if period.start_s <= elapsed]
    return max(begun, key=lambda period: period.start_s, default=None)


def _turns(profile: ChargingProfile, situation: Situation) -> Iterable[datetime]:
    """Yield the moments at which what a profile says may change."""
    if profile.valid_to is not None:
        yield profile.valid_to
    start = profile.start_at or situation.began_at
    if start is not None:
        yield from (start + timedelta(seconds=period.start_s) for period in profile.periods)
        if profile.duration_s is not None:
            yield start + timedelta(seconds=profile.duration_s)
