"""Sealing: an ended session, its energy curve and its tariff become a charge detail record (OCPI `mod_cdrs`)."""

from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from ..model.curve import Curve
from ..model.ids import DriverId, SessionId, SheetId
from ..model.records import Cdr
from ..model.session import Session
from ..model.status import Flag
from ..model.tariff import PriceSeries, Tariff
from ..tariff.money import exact, round_amount
from ..tariff.rating import Rating, rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What held at the site when a session is sealed."""

    charger_name: str
    meter_serial: str | None
    currency: str
    time_zone: str
    tariff: Tariff | None
    series: PriceSeries | None
    sheet: SheetId | None
    token_fingerprint: str | None


def seal(session: Session, curve: Curve, site: Circumstances, now: datetime) -> Cdr:
    """Return the record of an ended session; everything its bill rests on is in it."""
    rating = rate(curve, site.tariff, site.series, ZoneInfo(site.time_zone))
    stop = session.stop
    return Cdr(
        id=_next_id(session),
        session=session.id,
        evse=session.evse,
        charger_name=site.charger_name,
        meter_serial=site.meter_serial,
        transactions=session.transactions,
        token_fingerprint=site.token_fingerprint,
        driver=session.payer.driver,
        sheet=site.sheet,
        payer_reason=session.payer.reason,
        started_at=curve.start,
        ended_at=curve.end,
        raw_started_at=session.start.raw,
        raw_ended_at=None if stop is None else stop.stamp.raw,
        time_zone=site.time_zone,
        meter_start_wh=session.meter_start_wh,
        meter_stop_wh=None if stop is None else stop.meter_wh,
        stop_reason=None if stop is None else stop.reason,
        energy_wh=curve.total_wh,
        currency=site.currency,
        tariff=site.tariff,
        periods=rating.periods,
        exact_amount=exact(rating.amount),
        amount=round_amount(rating.amount, site.currency),
        flags=_flags(session, rating),
        sealed_at=now,
    )


def _next_id(session: Session) -> SessionId:
    return session.id if session.cdr is None else next_id(session.cdr)


def next_id(cdr: Cdr) -> SessionId:
    """Return the id of the record that replaces another: the session's id, then `-1`, `-2` ..."""
    return _numbered(cdr.session, _number(cdr) + 1)


def replaced_id(cdr: Cdr) -> SessionId | None:
    """Return the id of the record this one replaces; None for a session's first."""
    number = _number(cdr)
    return _numbered(cdr.session, number - 1) if number else None


def _number(cdr: Cdr) -> int:
    return int(cdr.id.removeprefix(cdr.session).removeprefix("-") or 0)


def _numbered(session: SessionId, number: int) -> SessionId:
    return f"{session}-{number}" if number else session


def reassigned(cdr: Cdr, driver: DriverId | None, sheet: SheetId | None, now: datetime) -> Cdr:
    """Return the record that bills the same energy at the same price to another driver."""
    return replace(
        cdr,
        id=next_id(cdr),
        credits=None,
        driver=driver,
        sheet=sheet,
        payer_reason="assigned",
        sealed_at=now,
    )


def _flags(session: Session, rating: Rating) -> tuple[Flag, ...]:
    flags = set(session.flags)
    if rating.unpriced:
        flags.add(Flag.UNPRICED)
    if rating.estimated:
        flags.add(Flag.ESTIMATED)
    return tuple(sorted(flags))


def credit(cdr: Cdr, now: datetime) -> Cdr:
    """Return the record that takes another back whole (OCPI Credit CDR: id + "-C", negative totals)."""
    return replace(
        cdr,
        id=f"{cdr.id}-C",
        credits=cdr.id,
        energy_wh=-cdr.energy_wh,
        exact_amount=exact(-Fraction(cdr.exact_amount)),
        amount=-cdr.amount,
        periods=(),
        sealed_at=now,
    )
