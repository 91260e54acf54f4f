"""A session from its first reading to its end: pure transitions from one frozen session to the next."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

from ..model.curve import Curve, CurvePoint
from ..model.measurement import Sample
from ..model.replacing import replaced
from ..model.session import Reading, Session, SessionState, Stamp, Stop
from ..model.state import ClockEstimate
from ..model.status import Flag
from .clock import clock_flags, moment_of
from .live import MAX_POWER_W
from .register import GLITCH_READINGS, Energy, Span, insert, measure
from .samples import merged, register_of

LATE: Final = timedelta(days=1)
_MOST_CONFLICTS: Final = 20
"""Different ends of one session kept, the first ones; a charger could go on for ever."""
_BEFORE_START: Final = timedelta(minutes=5)


def readings_of(
    samples: tuple[Sample, ...], clock: ClockEstimate, received_at: datetime
) -> tuple[Reading, ...]:
    """Return the import register's values among samples, on our clock, sorted by time."""
    readings = [
        Reading(moment_of(clock, sample.at, received_at), register)
        for sample in merged(samples)
        if (register := register_of(sample)) is not None
    ]
    return tuple(sorted(readings))


def not_before_start(
    session: Session, readings: Sequence[Reading], received_at: datetime
) -> tuple[Reading, ...]:
    """Return the readings, at their receipt where the stamp is before the start but the register has risen since.

    So does a charger count on whose clock was set back while it charges; another visit's register is lower.
    """
    known = session.readings[-1].register_wh if session.readings else session.meter_start_wh
    if known is None:
        return tuple(readings)
    earliest = session.start.at - _BEFORE_START
    return tuple(
        each._replace(at=received_at) if each.at < earliest and each.register_wh > known else each
        for each in readings
    )


def with_readings(session: Session, readings: Sequence[Reading]) -> Session:
    """Return the session with more readings; what is older than its start belongs to another."""
    for reading in readings:
        if reading.at >= session.start.at - _BEFORE_START:
            session = _with_reading(session, reading)
    return session


def _with_reading(session: Session, reading: Reading) -> Session:
    kept = insert(session.readings, reading)
    if kept is session.readings:
        return session
    rise = _plain_rise(session, reading)
    if rise is not None:
        return replaced(session, readings=kept, energy_wh=session.energy_wh + rise)
    energy = measure(_span(session), kept)
    return replace(session, readings=kept, energy_wh=energy.curve.total_wh)


def _plain_rise(session: Session, reading: Reading) -> Decimal | None:
    """Return what the usual reading adds, a bit later and a bit higher than the last; None if it is unusual.

    After a fall nothing is usual for a while: later readings tell whether there was one.
    """
    if not session.readings or reading.at < session.readings[-1].at:
        return None
    rise = reading.register_wh - session.readings[-1].register_wh
    duration = reading.at - session.readings[-1].at
    if rise < 0 or not _span(session).allows(rise, duration) or _fell_lately(session):
        return None
    return rise


def _fell_lately(session: Session) -> bool:
    recent = [reading.register_wh for reading in session.readings[-GLITCH_READINGS:]]
    if len(recent) < GLITCH_READINGS and session.meter_start_wh is not None:
        recent.insert(0, session.meter_start_wh)
    return any(after < before for before, after in pairwise(recent))


def _span(session: Session, end: datetime | None = None) -> Span:
    return Span(
        start=session.start.at,
        meter_start_wh=session.meter_start_wh,
        end=end,
        meter_stop_wh=None if session.stop is None else session.stop.meter_wh,
        max_power_w=MAX_POWER_W,
        timed=Flag.CLOCK_CORRECTED not in session.flags,
    )


def energy_of(session: Session) -> Energy:
    """Return the session's energy over time: up to its end, or to the last reading while it runs."""
    end = None if session.stop is None else max(session.stop.stamp.at, session.start.at)
    inside = [reading for reading in session.readings if end is None or reading.at <= end]
    return measure(_span(session, end), inside)


def running_curve(session: Session, now: datetime) -> Curve:
    """Return the curve of a running session, level from its last reading to now."""
    curve = energy_of(session).curve
    if now <= curve.end:
        return curve
    return Curve((*curve.points, CurvePoint(now, curve.total_wh)))


def stopped(session: Session, stop: Stop, connection: int | None) -> Session:
    """Return the session ended as the charger reported; the energy is settled by begin and end registers."""
    told = stop.stamp.at
    stop = _believable(session, stop)
    ended = replace(
        session,
        stop=stop,
        stop_connection=connection,
        state=SessionState.ENDED,
        flags=_lasting(session.flags) | clock_flags(stop.stamp, told) | _late_flags(stop.stamp),
    )
    return _measured(ended)


def _believable(session: Session, stop: Stop) -> Stop:
    """Return the stop at its receipt if no clock that is right can say its own time.

    That is before the start, or so soon after it that the registers' difference cannot have flowed.
    """
    start, told = session.start.at, stop.stamp.at
    received = max(stop.stamp.received_at, start)
    if told >= start and not _only_later(session, stop, told, received):
        return stop
    return replace(stop, stamp=stop.stamp._replace(at=received))


def _only_later(session: Session, stop: Stop, told: datetime, received: datetime) -> bool:
    """Return whether the register can have risen to its end until the receipt, but not until the time told."""
    if stop.meter_wh is None or session.meter_start_wh is None:
        return False
    span, rise = _span(session), stop.meter_wh - session.meter_start_wh
    return not span.allows(rise, told - span.start) and span.allows(rise, received - span.start)


def _lasting(flags: frozenset[Flag]) -> frozenset[Flag]:
    """Return the flags without those that the end, and the energy up to it, earn anew."""
    return flags - {Flag.PROVISIONAL, Flag.ESTIMATED, Flag.METER_RESET, Flag.METER_BACKWARDS}


def _late_flags(moment: Stamp) -> frozenset[Flag]:
    late = moment.received_at - moment.at > LATE
    return frozenset({Flag.LATE}) if late else frozenset()


def _measured(ended: Session) -> Session:
    """Return an ended session with its energy, and the flags that measuring it earned."""
    energy = energy_of(ended)
    return replace(ended, energy_wh=energy.curve.total_wh, flags=ended.flags | energy.flags)


def closed_provisionally(session: Session, at: datetime, meter_wh: Decimal | None) -> Session:
    """Return the session closed without the charger's word, by its last reading or the register told (F4, F27)."""
    last = session.readings[-1] if session.readings else None
    end = min(at, last.at) if last is not None and meter_wh is None else at
    stop = Stop(stamp=Stamp(max(end, session.start.at), None, at), meter_wh=meter_wh)
    flags = _lasting(session.flags) | {Flag.PROVISIONAL}
    return _measured(replace(session, stop=stop, state=SessionState.PROVISIONAL, flags=flags))


def reopened(session: Session) -> Session:
    """Return a provisionally closed session as going on after all; what its record says stands until its end."""
    return replace(session, stop=None, state=SessionState.OPEN, flags=_lasting(session.flags))


def settled(session: Session) -> Session:
    """Return an ended session without what its record stands for: the readings, and the tag as a fingerprint."""
    payer = replace(session.payer, token=None)
    return replace(session, readings=(), payer=payer, stop=session.stop and _untagged(session.stop))


def _untagged(stop: Stop) -> Stop:
    return replace(stop, token=None)


def is_same_stop(one: Stop, other: Stop) -> bool:
    """Return whether two reports of an end agree in register, the one thing that bears on money (F7, F8)."""
    return one.meter_wh == other.meter_wh


def with_other_stop(session: Session, stop: Stop) -> Session:
    """Return the session with a different report of its end on record; the first one counts (F7, F8)."""
    if any(
        known is not None and is_same_stop(known, stop)
        for known in (session.stop, *session.conflicts)
    ):
        return session
    conflicts = (*session.conflicts, _untagged(stop))[:_MOST_CONFLICTS]
    return replace(session, conflicts=conflicts, flags=session.flags | {Flag.CONFLICT})
