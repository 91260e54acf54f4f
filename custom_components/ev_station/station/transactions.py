"""Tags, starts and stops: the part of the conversation that money hangs on."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from ..access.admission import admit, admit_at
from ..access.fingerprint import mask, remote_token
from ..model import events as e
from ..model.answers import AuthorizeAnswer, StartAnswer
from ..model.effects import NoticeKind
from ..model.ids import EvseId, normalize_uid
from ..model.session import Payer, Session, SessionState, Stop
from ..model.state import Charger, Evse, HeldStop, TariffState, Token
from ..model.status import FLOWING, AuthorizationStatus, EvseStatus, Flag
from ..model.tariff import Tariff
from ..session.clock import clock_flags, stamp
from ..session.life import (
    closed_provisionally,
    is_same_stop,
    not_before_start,
    readings_of,
    stopped as with_stop,
    with_other_stop,
    with_readings,
)
from ..session.matching import (
    Match,
    StartFacts,
    StartMatch,
    could_be_ours,
    match_start,
    match_stop,
    match_transaction,
)
from .asking import ask_power
from .clocks import heard
from .context import Context
from .limiting import apply_limits
from .sealing import seal_session

REMEMBERED: Final = 64
"""Sessions kept per charger to recognise repeats; the ledger keeps all."""
_HELD: Final = 20


def presented(context: Context, event: e.TokenPresented) -> None:
    """Decide on a tag (Authorize carries no EVSE: any EVSE that takes it is enough)."""
    charger = context.charger(event.charger)
    if charger is None:
        context.reply(AuthorizeAnswer(status=AuthorizationStatus.INVALID))
        return
    payer = _payer_anywhere(context, charger, event.token)
    context.reply(AuthorizeAnswer(status=payer.status))
    if payer.reason != "remote_start":
        _notice_tag(context, event, payer)


def _payer_anywhere(context: Context, charger: Charger, token: str) -> Payer:
    payer = _payer(context, token, context.now)
    candidates = (_payer_at(context, payer, evse) for evse in charger.evses)
    accepted = (each for each in candidates if each.status is AuthorizationStatus.ACCEPTED)
    return next(accepted, payer)


def _payer(context: Context, uid: str, moment: datetime) -> Payer:
    """Return who pays for a tag presented at a moment, wherever it is: token, remote start, policy."""
    token = context.draft.get(Token, normalize_uid(uid))
    driver = None if token is None else context.driver(token.driver)
    payer = admit(uid, token, driver, context.settings, moment)
    if driver is not None and payer.token == remote_token(driver.driver, context.settings.secret):
        return replace(payer, reason="remote_start")
    return payer


def _payer_at(context: Context, payer: Payer, evse_id: EvseId) -> Payer:
    """Return who pays at an EVSE: also a start we asked for and the EVSE's default driver count there."""
    if payer.reason == "remote_start":
        return payer
    if _is_expected(context, evse_id, payer.token):
        return replace(payer, status=AuthorizationStatus.ACCEPTED, reason="remote_start")
    settings = context.evse_settings(evse_id)
    return admit_at(payer, settings, context.driver(settings.default_driver))


def _is_expected(context: Context, evse_id: EvseId, token: str | None) -> bool:
    expected = context.evse(evse_id).expected_start
    return expected is not None and expected.token == token


def _notice_tag(context: Context, event: e.TokenPresented, payer: Payer) -> None:
    context.notice(
        NoticeKind.TAG_PRESENTED,
        event.charger,
        None,
        tag=mask(event.token),
        fingerprint=context.fingerprint(event.token),
        driver=payer.driver,
        accepted=payer.status is AuthorizationStatus.ACCEPTED,
        status=payer.status.value,
    )


def started(context: Context, event: e.TransactionStarted) -> None:
    """Open a session, or recognise one: the answer always carries an id."""
    charger = context.charger(event.evse.charger)
    if charger is None:
        context.reply(
            StartAnswer(transaction=context.fresh.transaction, status=AuthorizationStatus.INVALID)
        )
        return
    charger = heard(context, charger, event.at, event.received_at)
    where = _sane_evse(charger, event.evse)
    facts = _facts(context, charger, event, where)
    match = _match(context, charger, facts)
    session = match.session
    if session is None or match.kind is StartMatch.REPLACES:
        session = _open(context, charger, event, facts, session)
    context.reply(StartAnswer(transaction=session.transactions[0], status=session.payer.status))


def _sane_evse(charger: Charger, evse: EvseId) -> EvseId:
    """Return the EVSE a start means; connector 0 is the only one of a charger that has but one (F6)."""
    if evse.evse > 0 or len(charger.evses) > 1:
        return evse
    return charger.evses[0] if charger.evses else EvseId(evse.charger, 1)


def _facts(
    context: Context, charger: Charger, event: e.TransactionStarted, where: EvseId
) -> StartFacts:
    return StartFacts(
        evse=where,
        token=event.token,
        fingerprint=context.fingerprint(normalize_uid(event.token)),
        stamp=stamp(charger.clock, event.at, event.raw_at, event.received_at),
        meter_wh=_register(event.meter_start_wh),
        connection=charger.connection or 0,
        trusted=event.at is not None and not charger.clock.offset,
    )


def _register(told: Decimal | None) -> Decimal | None:
    """Return a register's value; one below zero is none (F6, F12)."""
    return None if told is None or told < 0 else told


def _match(context: Context, charger: Charger, facts: StartFacts) -> Match:
    evse = context.evse(facts.evse)
    return match_start(
        facts,
        context.session_at(facts.evse),
        context.sessions_of(charger),
        idle_seen=evse.idle_seen,
    )


def _open(
    context: Context,
    charger: Charger,
    event: e.TransactionStarted,
    facts: StartFacts,
    replaced: Session | None,
) -> Session:
    if replaced is not None:
        closed = closed_provisionally(replaced, facts.stamp.at, facts.meter_wh)
        seal_session(context, closed)
    session = _new_session(context, event, facts)
    context.draft.put(session)
    _remember(context, charger, session)
    _occupy(context, session)
    _notice_start(context, session)
    _apply_held_stop(context, charger, session)
    if context.session_at(session.evse) is not None:
        apply_limits(context, session.evse)
        if context.evse(session.evse).status in FLOWING:
            ask_power(context, session.evse)
    return session


def _new_session(context: Context, event: e.TransactionStarted, facts: StartFacts) -> Session:
    payer = _payer_at(context, _payer(context, event.token, facts.stamp.at), facts.evse)
    flags = clock_flags(facts.stamp, event.at)
    if payer.status is not AuthorizationStatus.ACCEPTED:
        payer = replace(payer, driver=None)
        flags |= {Flag.UNAUTHORIZED}
    if facts.evse.evse == 0 or facts.meter_wh is None:
        flags |= {Flag.QUARANTINED}
    return Session(
        id=context.fresh.session,
        evse=facts.evse,
        transactions=(context.fresh.transaction,),
        payer=payer,
        tariff=_tariff(context, payer, facts),
        start=facts.stamp,
        meter_start_wh=facts.meter_wh,
        connection=facts.connection,
        flags=flags,
    )


def _tariff(context: Context, payer: Payer, facts: StartFacts) -> Tariff | None:
    """Return the tariff of a session: the driver's, else the charger's, else the site's, as of its start."""
    driver = context.driver(payer.driver)
    charger = context.charger(facts.evse.charger)
    wanted = (
        None if driver is None else driver.tariff,
        None if charger is None else charger.settings.tariff,
        context.settings.default_tariff,
    )
    for tariff in wanted:
        known = None if tariff is None else context.draft.get(TariffState, tariff)
        if known is not None and not known.removed:
            valid = [each for each in known.versions if each.valid_from <= facts.stamp.at]
            return (valid[-1] if valid else known.versions[0]).tariff
    return None


def _remember(context: Context, charger: Charger, session: Session) -> None:
    """List the session with its charger and forget the oldest ended one beyond what is kept."""
    current = context.current(charger)
    listed = [*current.sessions, session.id]
    for old in current.sessions[: max(len(listed) - REMEMBERED, 0)]:
        known = context.draft.get(Session, old)
        if known is None or not known.is_open:
            listed.remove(old)
            context.draft.remove(Session, old)
    context.draft.put(replace(current, sessions=tuple(listed)))


def _occupy(context: Context, session: Session) -> None:
    evse = context.evse(session.evse)
    context.draft.put(replace(evse, session=session.id, idle_seen=False, expected_start=None))


def _notice_start(context: Context, session: Session) -> None:
    context.notice(
        NoticeKind.SESSION_STARTED,
        session.evse.charger,
        session.evse,
        session=session.id,
        driver=session.payer.driver,
        authorized=session.payer.status is AuthorizationStatus.ACCEPTED,
        reason=session.payer.reason,
        started_at=session.start.at.isoformat(),
    )


def _apply_held_stop(context: Context, charger: Charger, session: Session) -> None:
    """End the session at once if its stop came before its start (F10)."""
    charger = context.current(charger)
    held = charger.held_stops
    fitting = [each for each in held if _belongs(each.stop, session)]
    if not fitting:
        return
    first = min(fitting, key=lambda each: each.stop.stamp.at)
    rest = tuple(each for each in held if each is not first)
    context.draft.put(replace(charger, held_stops=rest))
    seal_session(context, with_stop(session, first.stop, charger.connection))


def _belongs(stop: Stop, session: Session) -> bool:
    """Return whether a stop that came first is this session's: tag if told, time and register fit."""
    return (
        (not stop.token or normalize_uid(stop.token) == session.payer.token)
        and stop.stamp.at >= session.start.at
        and stop.meter_wh is not None
        and session.meter_start_wh is not None
        and stop.meter_wh >= session.meter_start_wh
    )


def stopped(context: Context, event: e.TransactionStopped) -> None:
    """End a session and bill it; whatever arrives is answered, for a stop cannot be prevented (§4.10)."""
    context.reply(AuthorizeAnswer(status=AuthorizationStatus.ACCEPTED))
    charger = context.charger(event.charger)
    if charger is None:
        return
    charger = heard(context, charger, event.at, event.received_at)
    moment = stamp(charger.clock, event.at, event.raw_at, event.received_at)
    meter = _register(event.meter_stop_wh)
    stop = Stop(stamp=moment, meter_wh=meter, reason=event.reason, token=event.token)
    session = match_stop(event.transaction, stop, context.sessions_of(charger))
    if session is None:
        _hold(context, charger, event, stop)
    else:
        _end(context, charger, session, event, stop)


def _end(
    context: Context,
    charger: Charger,
    session: Session,
    event: e.TransactionStopped,
    stop: Stop,
) -> None:
    if session.state is SessionState.ENDED:
        context.draft.put(with_other_stop(session, stop))
        return
    told = readings_of(event.samples, charger.clock, event.received_at)
    readings = not_before_start(session, told, event.received_at)
    flags = session.flags | clock_flags(stop.stamp, event.at)
    sampled = with_readings(replace(session, flags=flags), readings)
    seal_session(context, with_stop(sampled, stop, charger.connection))


def _hold(context: Context, charger: Charger, event: e.TransactionStopped, stop: Stop) -> None:
    """Keep a stop nobody knows a session for, with its register; never applied to another charger's (F9-F11)."""
    if any(
        is_same_stop(held.stop, stop) and held.transaction == event.transaction
        for held in charger.held_stops
    ):
        return
    if _is_anothers(context, charger, event.transaction):
        context.notice(
            NoticeKind.SECURITY, charger.key, None, type="foreign_transaction", detail=None
        )
        return
    held = (*charger.held_stops, HeldStop(transaction=event.transaction, stop=stop))
    context.draft.put(replace(charger, held_stops=held[-_HELD:]))


def _is_anothers(context: Context, charger: Charger, transaction: int) -> bool:
    if not could_be_ours(transaction):
        return False
    others = [
        session for session in context.draft.all(Session) if session.evse.charger != charger.key
    ]
    return match_transaction(transaction, others) is not None


def end_silently(context: Context, session: Session) -> None:
    """Close a session whose end was never reported (F27)."""
    seal_session(context, closed_provisionally(session, context.now, None))


def is_idle(evse: Evse) -> bool:
    """Return whether the EVSE says that no car is there."""
    return evse.status is EvseStatus.AVAILABLE
