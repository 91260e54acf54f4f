"""Limits as charging profiles: pause wins over the maximum, the maximum over what the circuits leave.

On a circuit a charger holds two: a floor that outlives us and fits whatever else is on, and for a running
transaction the live limit, which ends by itself if nobody renews it. A plan lies between them.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from ..model.allowance import Allowance
from ..model.commands import ChargingProfile, ProfilePurpose, SchedulePeriod
from ..model.ids import TransactionId
from ..model.settings import EvseSettings
from ..model.state import Evse

FLOOR_STACK: Final = 0
"""TxDefault: the safe floor that outlives us."""
LIVE_STACK: Final = 2
"""TxProfile: the limit of the running transaction."""
PLAN_STACK: Final = 1
"""TxProfile: what is planned for it, in force when the live limit has ended."""
LIVE_FOR: Final = timedelta(minutes=5)
"""The longest a live limit holds without us: short beside a breaker's patience, long for flash memory."""
RENEWED_BEFORE: Final = timedelta(minutes=2)
"""A live limit that ends sooner is renewed."""
_ENDS_EVERY: Final = LIVE_FOR - RENEWED_BEFORE
_ROUNDING: Final = timedelta(seconds=1)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
BEGUN_BEFORE: Final = timedelta(minutes=1)
"""It begins in the past, so that a charger whose clock is a bit behind applies it at once."""
_PAUSE: Final = Decimal(0)


class Began(NamedTuple):
    """Where a profile's times count from."""

    before: timedelta
    """Before now."""
    relative: bool = False
    """The charger counts from there by itself."""


BY_CLOCK: Final = Began(BEGUN_BEFORE)


class Span(NamedTuple):
    """When a live limit holds, by the charger's own clock."""

    start: datetime
    end: datetime
    relative: bool = False
    """The charger knows the start by itself."""


def live_span(now: datetime, charger_now: datetime, began: Began = BY_CLOCK) -> Span:
    """Return when a live limit holds that is sent now.

    All of a site end at the same moments, every three minutes: floors fit together, and so do live limits, but
    some of these beside some of those may not.
    """
    soonest = now + RENEWED_BEFORE
    end = EPOCH - (EPOCH - soonest) // _ENDS_EVERY * _ENDS_EVERY
    start = charger_now.replace(microsecond=0) - began.before
    return Span(start, charger_now + (end - now), began.relative)


def limit_of(evse: Evse, settings: EvseSettings) -> Decimal:
    """Return the most the owner lets an EVSE offer, A per phase; 0 is a pause."""
    if not evse.enabled:
        return _PAUSE
    wanted = settings.max_current_a if evse.limit_a is None else evse.limit_a
    limit = min(wanted, settings.max_current_a)
    return limit if limit >= settings.min_current_a else _PAUSE


def is_limited(evse: Evse, settings: EvseSettings) -> bool:
    """Return whether the owner holds the EVSE below its own maximum."""
    return limit_of(evse, settings) < settings.max_current_a


def profiles(
    evse: Evse,
    settings: EvseSettings,
    transaction: TransactionId | None,
    refused: frozenset[ProfilePurpose],
) -> tuple[ChargingProfile, ...]:
    """Return the profiles a charger should hold for an EVSE that hangs on no circuit.

    None as long as nobody ever limited it: some chargers write every profile to flash.
    """
    if not is_limited(evse, settings) and not evse.ever_limited:
        return ()
    limit = limit_of(evse, settings)
    wanted = [_profile(ProfilePurpose.TX_DEFAULT, FLOOR_STACK, limit, None)]
    if transaction is not None:
        wanted.append(_profile(ProfilePurpose.TX, LIVE_STACK, limit, transaction))
    return tuple(profile for profile in wanted if profile.purpose not in refused)


def circuit_profiles(
    allowance: Allowance,
    owner_a: Decimal,
    transaction: TransactionId | None,
    refused: frozenset[ProfilePurpose],
    span: Span,
    phases: int | None = None,
) -> tuple[ChargingProfile, ...]:
    """Return the profiles a charger should hold for an EVSE on a circuit.

    `owner_a` is what the owner lets it offer at most, `transaction` the one the allowance was decided for,
    `span` when its live limit holds, `phases` what it is to charge on: the floor says so too,
    or a live limit that ends would switch them under load. A charger that takes no profile for a transaction
    gets the live limit as its floor.
    """
    floor, live = min(allowance.floor_a, owner_a), min(allowance.limit_a, owner_a)
    if ProfilePurpose.TX in refused and transaction is not None:
        floor = live
    wanted = [_profile(ProfilePurpose.TX_DEFAULT, FLOOR_STACK, floor, None, phases)]
    if transaction is not None:
        wanted.append(_ending(live, transaction, span, phases))
    return tuple(profile for profile in wanted if profile.purpose not in refused)


def _profile(
    purpose: ProfilePurpose,
    stack: int,
    limit_a: Decimal,
    transaction: TransactionId | None,
    phases: int | None = None,
) -> ChargingProfile:
    return ChargingProfile(
        purpose=purpose,
        stack_level=stack,
        periods=(SchedulePeriod(start_s=0, limit_a=limit_a, phases=phases),),
        transaction=transaction,
    )


def _ending(
    limit_a: Decimal, transaction: TransactionId, span: Span, phases: int | None
) -> ChargingProfile:
    """Return a live limit that ends: some chargers heed `duration`, others `validTo` (OCPP 1.6 §3.13.2).

    One that is not to go by its clock is told no moment by it.
    """
    duration_s = round((span.end - span.start).total_seconds())
    valid_to = None if span.relative else span.start + timedelta(seconds=duration_s)
    return ChargingProfile(
        purpose=ProfilePurpose.TX,
        stack_level=LIVE_STACK,
        periods=(SchedulePeriod(start_s=0, limit_a=limit_a, phases=phases),),
        transaction=transaction,
        start_at=span.start,
        duration_s=duration_s,
        valid_to=valid_to,
        relative=span.relative,
    )


def without_pause(profile: ChargingProfile, least_a: Decimal) -> ChargingProfile:
    """Return a profile for a charger that turns a limit of 0 down: the least it can offer instead."""
    periods = tuple(replace(each, limit_a=max(each.limit_a, least_a)) for each in profile.periods)
    return replace(profile, periods=periods)


def is_pause(profile: ChargingProfile) -> bool:
    """Return whether a profile offers nothing at once."""
    return profile.periods[0].limit_a == 0


def is_plan(profile: ChargingProfile) -> bool:
    """Return whether a profile is what is planned, not what holds now."""
    return profile.purpose is ProfilePurpose.TX and profile.stack_level == PLAN_STACK


def replaces(new: ChargingProfile, old: ChargingProfile) -> bool:
    """Return whether a charger drops the old profile for the new one (OCPP 1.6 §5.16.3: purpose and stack)."""
    return new.purpose is old.purpose and new.stack_level == old.stack_level


def says_the_same(new: ChargingProfile, old: ChargingProfile) -> bool:
    """Return whether a profile only renews an old one."""
    alike = (old.periods, old.transaction, old.relative) == (
        new.periods,
        new.transaction,
        new.relative,
    )
    return replaces(new, old) and alike


def still_says(old: ChargingProfile, new: ChargingProfile) -> bool:
    """Return whether an old profile says the same as a new one, and for as long."""
    if not says_the_same(new, old):
        return False
    if new.ends_at is None or old.ends_at is None:
        return new.ends_at is old.ends_at
    return abs(new.ends_at - old.ends_at) <= _ROUNDING
