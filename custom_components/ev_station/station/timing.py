"""How a charger is told when the limits of a transaction hold: by its clock, or counted by itself.

Relative counts from "a situation-specific start point" (OCPP 1.6 §7.9): with some chargers from the transaction's
start, with some from when they got the profile. Before anything hangs on it, a trial tells which one it is: a limit
that is right for now whatever it counts from, and whose turns read back tell the rest.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from ..balancing.limits import BY_CLOCK, LIVE_FOR, LIVE_STACK, Began
from ..model.commands import ChargingProfile, ProfilePurpose, SchedulePeriod, Timing
from ..model.ids import TransactionId
from ..model.session import Session
from ..model.state import Boot, Charger, Evse
from .context import Context

_TRIED_FROM: Final = timedelta(minutes=3)
"""Into a transaction: earlier its start and the receipt are too near to one another to be told apart."""
_TRIED_UNTIL: Final = timedelta(minutes=10)
TRIED_FOR: Final = timedelta(minutes=2)
"""Before it is read back: what begins anew with every look has moved by then."""
_TRIAL_HOLDS: Final = timedelta(minutes=15)
"""Into what is counted: longer than a trial lasts, and about as long as a live limit may outlive us."""
_TRIAL_PAUSES: Final = timedelta(minutes=3)
TRIAL_SHOWS: Final = _TRIAL_HOLDS + _TRIAL_PAUSES + timedelta(minutes=2)
"""From its receipt: by then it has turned for the last time, whatever it counts from."""
_STEP: Final = timedelta(minutes=1)
_SLACK: Final = timedelta(seconds=45)
"""So much later or earlier a limit may turn."""
_WANT_RELATIVE: Final = ("wall box", "wallbox")
"""Vendors whose chargers go badly by absolute profiles (evcc-io/evcc#25042)."""
_FOUND_OUT: Final = frozenset({Timing.DOUBTED, Timing.FROM_START, Timing.FROM_RECEIPT})
_NOTHING_A: Final = Decimal(0)


def began(timing: Timing, session: Session | None, now: datetime) -> Began:
    """Return where the times of a transaction's profiles count from."""
    if timing is Timing.FROM_RECEIPT:
        return Began(timedelta(0), relative=True)
    if timing is Timing.FROM_START and session is not None:
        return Began(max(now - session.start.at, timedelta(0)), relative=True)
    return BY_CLOCK


def is_due(charger: Charger, session: Session, now: datetime) -> bool:
    """Return whether it is time for a trial; without the charger's own word nothing is found out."""
    doubted = charger.timing is Timing.DOUBTED
    tells = charger.tells_schedule and charger.tells_far
    return doubted and tells and _TRIED_FROM <= now - session.start.at < _TRIED_UNTIL


def trial(
    transaction: TransactionId, live_a: Decimal, floor_a: Decimal, phases: int | None
) -> ChargingProfile:
    """Return the trial: the live limit, a pause to tell its turns by, and the floor; never more than one of these."""
    turns = (
        (timedelta(0), live_a),
        (_TRIAL_HOLDS, _NOTHING_A),
        (_TRIAL_HOLDS + _TRIAL_PAUSES, floor_a),
    )
    return ChargingProfile(
        purpose=ProfilePurpose.TX,
        stack_level=LIVE_STACK,
        periods=tuple(
            SchedulePeriod(start_s=round(at.total_seconds()), limit_a=limit, phases=phases)
            for at, limit in turns
        ),
        transaction=transaction,
        relative=True,
    )


def is_trial(profile: ChargingProfile) -> bool:
    """Return whether nobody knows yet since when a profile counts."""
    return profile.relative and profile.start_at is None


def outlives_us(charger: Charger, evse: Evse) -> timedelta:
    """Return how long after the last word a live limit may hold: that of a trial for longer."""
    tried = charger.timing is Timing.DOUBTED or any(map(is_trial, evse.applied))
    return _TRIAL_HOLDS if tried else LIVE_FOR


def readings(evse: Evse, session: Session, to_its_clock: timedelta) -> Mapping[Timing, Evse]:
    """Return what an EVSE goes by if it counts its trial from here or from there, by its charger's clock."""
    received = evse.applied_at or session.start.at
    starts = {Timing.FROM_START: session.start.at, Timing.FROM_RECEIPT: received}
    return {
        timing: replace(
            evse,
            applied=tuple(
                replace(each, start_at=start + to_its_clock) if is_trial(each) else each
                for each in evse.applied
            ),
        )
        for timing, start in starts.items()
    }


def telling_moments(evses: Mapping[Timing, Evse], now: datetime) -> Iterator[datetime]:
    """Yield moments at which no reading of a trial is about to turn."""
    turns = [
        each.start_at + timedelta(seconds=period.start_s)
        for evse in evses.values()
        for each in evse.applied
        if each.relative and each.start_at is not None
        for period in each.periods
    ]
    for n in range(TRIAL_SHOWS // _STEP):
        moment = now + n * _STEP
        if all(abs(moment - turn) > _SLACK for turn in turns if turn > now):
            yield moment


def doubt(context: Context, charger: Charger) -> None:
    """Have Relative tried with a charger that does not go by the clock, unless that is settled."""
    charger = context.current(charger)
    if charger.timing is Timing.ABSOLUTE:
        context.draft.put(replace(charger, timing=Timing.DOUBTED))


def after_boot(charger: Charger, boot: Boot) -> Timing:
    """Return what is still known of a charger that booted: other firmware may count otherwise."""
    old = charger.boot
    same = old is not None and (old.vendor, old.model, old.firmware) == (
        boot.vendor,
        boot.model,
        boot.firmware,
    )
    if same and charger.timing in _FOUND_OUT:
        return charger.timing
    wants_relative = boot.vendor.casefold().startswith(_WANT_RELATIVE)
    return Timing.DOUBTED if wants_relative else Timing.ABSOLUTE
