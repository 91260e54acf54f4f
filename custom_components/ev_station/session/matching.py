"""Which session a charger means: repeats, lost answers, wrong ids, starts without a stop (F1-F11, F15, F16, F52)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from ..model.ids import EvseId, TransactionId, normalize_uid
from ..model.session import Session, Stamp, Stop

_ANSWER_LOST_FOR: Final = timedelta(minutes=10)
"""A start of the same tag and register this soon after one nobody stopped is the same start, sent again."""


class StartMatch(StrEnum):
    """What a StartTransaction is."""

    NEW = "new"
    REPEAT = "repeat"
    """Known: answer the first id."""
    SECOND = "second"
    """The charger began the same visit twice: answer the first id, which it keeps (finding 2)."""
    REPLACES = "replaces"
    """A new visit although the old one was never stopped: close that one provisionally."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartFacts:
    """What a StartTransaction says, as far as matching goes."""

    evse: EvseId
    token: str
    fingerprint: str | None
    """Of the tag; None: there is none."""
    stamp: Stamp
    meter_wh: Decimal | None
    connection: int
    trusted: bool
    """The time stamp is the charger's own and its clock is believed."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a start is, and the session it repeats or replaces."""

    kind: StartMatch
    session: Session | None = None


def match_start(
    facts: StartFacts, current: Session | None, recent: Sequence[Session], *, idle_seen: bool
) -> Match:
    """Return what a StartTransaction is.

    `current` is the EVSE's open session, `recent` the charger's sessions, oldest first; `idle_seen` tells
    that the EVSE was Available or Finishing since the open session began.
    """
    for session in reversed(recent):
        if _same_start(facts, session) and not _another_visit(facts, session):
            return Match(StartMatch.REPEAT, session)
    if current is None:
        return Match(StartMatch.NEW)
    if not idle_seen and _continues(facts, current):
        return Match(StartMatch.SECOND, current)
    return Match(StartMatch.REPLACES, current)


def _same_start(facts: StartFacts, session: Session) -> bool:
    """Return whether EVSE, tag, time stamp and register agree (SteVe's key), whatever the message id."""
    return (
        session.evse == facts.evse
        and _same_tag(facts, session)
        and session.meter_start_wh == facts.meter_wh
        and (
            session.start.raw == facts.stamp.raw
            if facts.stamp.raw is not None
            else facts.stamp.at - session.start.at <= _ANSWER_LOST_FOR
        )
    )


def _same_tag(facts: StartFacts, session: Session) -> bool:
    """Return whether the tags agree; a settled session has its record's fingerprint only."""
    if session.cdr is not None:
        return session.cdr.token_fingerprint == facts.fingerprint
    return (session.payer.token or "") == normalize_uid(facts.token)


def _another_visit(facts: StartFacts, session: Session) -> bool:
    """Return whether a start equal to a stopped one is a real second visit under a dead clock (F52)."""
    acknowledged_here = session.stop_connection == facts.connection
    return session.stop is not None and acknowledged_here and not facts.trusted


def _continues(facts: StartFacts, current: Session) -> bool:
    """Return whether a start fits into the open session: same tag, register within what was measured (F4)."""
    if (current.payer.token or "") != normalize_uid(facts.token):
        return False
    if facts.meter_wh is None or current.meter_start_wh is None:
        return True
    return current.meter_start_wh <= facts.meter_wh <= current.meter_start_wh + current.energy_wh


def could_be_ours(transaction: TransactionId) -> bool:
    """Return whether an id has the form of those we give; 0, -1 and 2^63-1 are what chargers say for none."""
    return 0 < transaction < 2**31


def match_transaction(
    transaction: TransactionId | None, sessions: Sequence[Session]
) -> Session | None:
    """Return the charger's session that bears an id, none for ids nobody gave (F16)."""
    return next(
        (session for session in reversed(sessions) if transaction in session.transactions), None
    )


def match_stop(
    transaction: TransactionId, stop: Stop, sessions: Sequence[Session]
) -> Session | None:
    """Return the session a StopTransaction ends; never another charger's, for only its own are given.

    An id that cannot be ours, because the charger never got our answer, is matched by tag and time to the
    one open session that fits (F9). An unknown id that could be ours ends nothing (defect D).
    """
    if could_be_ours(transaction):
        known = match_transaction(transaction, sessions)
        return known if known is None else _unless_reused(known, stop, sessions)
    repeated = (session for session in reversed(sessions) if _repeats(stop, session))
    return next(repeated, None) or _only_fitting(stop, sessions)


def _unless_reused(known: Session, stop: Stop, sessions: Sequence[Session]) -> Session:
    """Return the session of an id, or the one after it on the same EVSE for which the charger kept the id (Wallbox)."""
    if known.stop is None or stop.meter_wh is None or stop.meter_wh == known.stop.meter_wh:
        return known
    later = [
        session
        for session in sessions
        if session.evse == known.evse
        and session.start.at >= known.stop.stamp.at
        and (session.meter_start_wh or 0) <= stop.meter_wh
    ]
    return _only_fitting(stop, later) or known


def _repeats(stop: Stop, session: Session) -> bool:
    """Return whether a stop without a usable id was sent before: same words, same register."""
    return (
        session.stop is not None
        and stop.stamp.raw is not None
        and session.stop.stamp.raw == stop.stamp.raw
        and session.stop.meter_wh == stop.meter_wh
    )


def _only_fitting(stop: Stop, sessions: Sequence[Session]) -> Session | None:
    """Return the one open session a stop can end by time and tag; None if there is none or a choice."""
    fitting = [session for session in sessions if _fits(session, stop)]
    return fitting[0] if len(fitting) == 1 else None


def _fits(session: Session, stop: Stop) -> bool:
    token = session.payer.token or ""
    return (
        session.is_open
        and session.start.at <= stop.stamp.at
        and (not stop.token or normalize_uid(stop.token) == token)
    )
