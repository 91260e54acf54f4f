"""Charging profiles of OCPP 1.6 §3.13: what they say, and what one of them allows when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .clock import read_stamp
from .vocabulary import Kind, Payload, Purpose, Unit

_CYCLES = {"Daily": timedelta(days=1), "Weekly": timedelta(days=7)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `start` seconds into the schedule on: this limit, on that many phases."""

    start: int
    limit: float
    phases: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One charging profile, installed on `connector` (0 is the whole charge point)."""

    id: int
    connector: int
    stack_level: int
    purpose: Purpose
    kind: Kind
    unit: Unit
    periods: tuple[Period, ...]
    recurrency: timedelta | None = None
    transaction_id: int | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    start_schedule: datetime | None = None
    received: datetime | None = None
    """Where a relative schedule counts from with chargers that do not count from the transaction's start."""
    duration: timedelta | None = None


def parse_profile(connector: int, payload: Payload) -> Profile:
    """Read a csChargingProfiles object as SetChargingProfile carries it."""
    schedule = payload["chargingSchedule"]
    duration = schedule.get("duration")
    return Profile(
        id=payload["chargingProfileId"],
        connector=connector,
        stack_level=payload["stackLevel"],
        purpose=Purpose(payload["chargingProfilePurpose"]),
        kind=Kind(payload["chargingProfileKind"]),
        unit=Unit(schedule["chargingRateUnit"]),
        periods=tuple(_periods(schedule["chargingSchedulePeriod"])),
        recurrency=_CYCLES.get(payload.get("recurrencyKind", "")),
        transaction_id=payload.get("transactionId"),
        valid_from=_moment(payload.get("validFrom")),
        valid_to=_moment(payload.get("validTo")),
        start_schedule=_moment(schedule.get("startSchedule")),
        duration=None if duration is None else timedelta(seconds=duration),
    )


def _periods(payloads: Iterable[Payload]) -> Iterable[Period]:
    for payload in payloads:
        yield Period(
            start=payload["startPeriod"],
            limit=float(payload["limit"]),
            phases=payload.get("numberPhases"),
        )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else read_stamp(text)


def is_valid(profile: Profile, now: datetime) -> bool:
    """Tell whether `now` lies between validFrom and validTo."""
    begun = profile.valid_from is None or profile.valid_from <= now
    return begun and (profile.valid_to is None or now < profile.valid_to)


def schedule_start(profile: Profile, anchor: datetime | None, now: datetime) -> datetime | None:
    """Return when the schedule that covers `now` began; `anchor` is the start of charging.

    A schedule without startSchedule is relative to the start of charging, whatever its kind
    (OCPP 1.6 §7.13); without either it has not begun.
    """
    given = profile.start_schedule
    if profile.kind is Kind.RELATIVE or given is None:
        return profile.received or anchor
    if profile.kind is Kind.RECURRING and profile.recurrency and now >= given:
        return given + (now - given) // profile.recurrency * profile.recurrency
    return given


def active_period(profile: Profile, anchor: datetime | None, now: datetime) -> Period | None:
    """Return the period in force at `now`, None before, after or without one."""
    start = schedule_start(profile, anchor, now)
    if start is None or not is_valid(profile, now) or now < start:
        return None
    if profile.duration is not None and now - start >= profile.duration:
        return None
    elapsed = (now - start).total_seconds()
    begun = [period for period in profile.periods if period.start <= elapsed]
    return begun[-1] if begun else None


def boundaries(
    profile: Profile, anchor: datetime | None, now: datetime, until: datetime
) -> Iterable[datetime]:
    """Yield the moments up to `until` at which what the profile allows may change."""
    yield from (edge for edge in (profile.valid_from, profile.valid_to) if edge)
    for begin in _beginnings(profile, anchor, now, until):
        yield from (begin + timedelta(seconds=period.start) for period in profile.periods)
        if profile.duration is not None:
            yield begin + profile.duration


def _beginnings(
    profile: Profile, anchor: datetime | None, now: datetime, until: datetime
) -> Iterable[datetime]:
    begin = schedule_start(profile, anchor, now)
    if begin is None:
        return
    yield begin
    while profile.kind is Kind.RECURRING and profile.recurrency and begin < until:
        begin += profile.recurrency
        yield begin
