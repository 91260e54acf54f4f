"""A session from its first reading to its end: pure transitions from one frozen session to the next."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from ..model.curve import Curve, CurvePoint
from ..model.measurement import Phase, Quantity, Sample
from ..model.session import Reading, Session, SessionState, Stamp, Stop
from ..model.status import Flag
from ..model.state import ClockEstimate
from .clock import is_corrected
from .live import MAX_POWER_W
from .register import Energy, Span, insert, measure

LATE: Final = timedelta(days=1)
_BEFORE_START: Final = timedelta(minutes=5)


def readings_of(
    samples: Sequence[Sample], clock: ClockEstimate, received_at: datetime
) -> tuple[Reading, ...]:
    """Return the import register's values among samples, on our clock; a register only on phases is summed."""
    found = []
    for sample in samples:
        register = _register(sample)
        if register is not None:
            at = received_at if sample.at is None else clock.correct(sample.at)
            found.append(Reading(min(at, received_at), register))
    return tuple(sorted(found))


def _register(sample: Sample) -> Decimal | None:
    """Return a sample's register; of several the last, since some send the begin value again (Project EV)."""
    whole, phases = None, {}
    for measurement in sample.measurements:
        if measurement.quantity is not Quantity.ENERGY_IMPORT_REGISTER:
            continue
        if measurement.phase is None:
            whole = measurement.value if whole is None else max(whole, measurement.value)
        elif measurement.phase is not Phase.N:
            phases[measurement.phase] = measurement.value
    return whole if whole is not None or not phases else sum(phases.values(), Decimal(0))


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
        return replace(session, readings=kept, energy_wh=session.energy_wh + rise)
    energy = measure(_span(session), kept)
    return replace(session, readings=kept, energy_wh=energy.curve.total_wh)


def _plain_rise(session: Session, reading: Reading) -> Decimal | None:
    """Return what the usual reading adds, a bit later and a bit higher than the last; None if it is unusual."""
    if not session.readings:
        return None
    last = session.readings[-1]
    rise = reading.register_wh - last.register_wh
    if reading.at < last.at or not 0 <= rise <= _span(session).possible_wh(reading.at - last.at):
        return None
    return rise


def _span(session: Session, end: datetime | None = None) -> Span:
    return Span(
        start=session.start.at,
        meter_start_wh=session.meter_start_wh,
        end=end,
        meter_stop_wh=None if session.stop is None else session.stop.meter_wh,
        max_power_w=MAX_POWER_W,
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
    ended = replace(session, stop=stop, stop_connection=connection, state=SessionState.ENDED)
    energy = energy_of(ended)
    flags = (session.flags - {Flag.PROVISIONAL}) | energy.flags | _stop_flags(stop)
    return replace(ended, energy_wh=energy.curve.total_wh, flags=flags)


def _stop_flags(stop: Stop) -> frozenset[Flag]:
    late = stop.stamp.received_at - stop.stamp.at > LATE
    return frozenset({Flag.LATE}) if late else frozenset()


def closed_provisionally(session: Session, at: datetime, meter_wh: Decimal | None) -> Session:
    """Return the session closed without the charger's word, by its last reading or the register told (F4, F27)."""
    last = session.readings[-1] if session.readings else None
    end = min(at, last.at) if last is not None and meter_wh is None else at
    stop = Stop(stamp=Stamp(max(end, session.start.at), None, at), meter_wh=meter_wh)
    ended = replace(session, stop=stop, state=SessionState.PROVISIONAL)
    energy = energy_of(ended)
    flags = session.flags | energy.flags | {Flag.PROVISIONAL}
    return replace(ended, energy_wh=energy.curve.total_wh, flags=flags)


def with_other_stop(session: Session, stop: Stop) -> Session:
    """Return the session with a second, different report of its end on record; the first one counts (F8)."""
    if stop in session.conflicts:
        return session
    return replace(
        session, conflicts=(*session.conflicts, stop), flags=session.flags | {Flag.CONFLICT}
    )


def clock_flags(moment: Stamp, at: datetime | None) -> frozenset[Flag]:
    """Return whether a time stamp had to be corrected."""
    return frozenset({Flag.CLOCK_CORRECTED}) if is_corrected(moment, at) else frozenset()
