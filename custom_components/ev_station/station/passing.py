"""Time-outs: what has not happened although it should have."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from ..model.effects import NoticeKind
from ..model.session import Session, SessionState
from ..model.state import Account, Charger, Evse
from ..model.status import EvseStatus
from ..session.clock import OUR_CLOCK_PLAUSIBLE_FROM
from .context import Context
from .limiting import retry_limits
from .reading_back import look_after
from .requests import start_for, stop_session
from .sealing import local_month
from .transactions import end_silently, is_idle

START_EXPECTED_FOR: Final = timedelta(minutes=2)
STOP_EXPECTED_FOR: Final = timedelta(minutes=1)
STOP_ATTEMPTS: Final = 3
IDLE_ENDS_AFTER: Final = timedelta(minutes=10)
"""An EVSE that is connected and says Available this long has no session; its stop may be queued before."""
AUTOSTART_AFTER: Final = timedelta(seconds=10)
"""A tag or the charger's own start comes first."""


def passed(context: Context) -> None:
    """Look at everything that waits; the only work that walks over all chargers."""
    if context.now < OUR_CLOCK_PLAUSIBLE_FROM:
        return
    _begin_month(context)
    for charger in context.draft.all(Charger):
        for evse in charger.evses:
            _expect_start(context, context.evse(evse))
            _expect_stop(context, charger, context.evse(evse))
            _end_if_idle(context, charger, context.evse(evse))
            _start_default(context, charger, context.evse(evse))
            retry_limits(context, context.evse(evse))
            look_after(context, evse)
        _end_if_silent(context, charger)


def _begin_month(context: Context) -> None:
    month = local_month(context.now, context.zone)
    for account in context.draft.all(Account):
        if account.month != month:
            context.draft.remove(Account, account.key)


def _expect_start(context: Context, evse: Evse) -> None:
    expected = evse.expected_start
    if expected is not None and context.now - expected.asked_at > START_EXPECTED_FOR:
        context.draft.put(replace(evse, expected_start=None))
        context.notice(NoticeKind.START_TIMED_OUT, evse.id.charger, evse.id, reason="timed_out")


def _expect_stop(context: Context, charger: Charger, evse: Evse) -> None:
    expected, session = evse.expected_stop, context.session_at(evse.id)
    if expected is None or session is None:
        return
    if context.now - expected.asked_at <= STOP_EXPECTED_FOR:
        return
    if expected.attempts >= STOP_ATTEMPTS:
        _give_up_stopping(context, evse, session)
    elif charger.connection is not None:
        stop_session(context, charger, session, expected.command, attempts=expected.attempts + 1)


def _give_up_stopping(context: Context, evse: Evse, session: Session) -> None:
    """Tell the user, and close what is over for all the EVSE says; what still charges is not (F41)."""
    context.draft.put(replace(evse, expected_stop=None))
    context.notice(NoticeKind.STOP_TIMED_OUT, evse.id.charger, evse.id)
    if evse.status is not EvseStatus.CHARGING:
        end_silently(context, session)


def _end_if_idle(context: Context, charger: Charger, evse: Evse) -> None:
    """End a session on an EVSE that has been reporting Available since; one that never reports says nothing."""
    session = context.session_at(evse.id)
    if session is None or evse.status_at is None or charger.connected_at is None:
        return
    if charger.connection is None or not is_idle(evse) or evse.status_at < session.start.at:
        return
    since = max(evse.status_at, charger.connected_at, session.start.received_at)
    if context.now - since > IDLE_ENDS_AFTER:
        end_silently(context, session)


def _start_default(context: Context, charger: Charger, evse: Evse) -> None:
    """Start for the EVSE's default driver when a car waits and nobody presents a tag."""
    driver = context.driver(context.evse_settings(evse.id).default_driver)
    if driver is None or not driver.active or charger.connection is None:
        return
    if _waits(evse, context.now):
        context.draft.put(replace(evse, started_for=evse.status_at))
        start_for(context, charger, evse.id, driver.driver, context.number(charger))


def _waits(evse: Evse, now: datetime) -> bool:
    """Return whether a car has been waiting at an EVSE that nobody started, or tried to start, for it."""
    return (
        evse.status is EvseStatus.PREPARING
        and evse.status_at is not None
        and now - evse.status_at >= AUTOSTART_AFTER
        and evse.enabled
        and evse.session is None
        and evse.expected_start is None
        and evse.started_for != evse.status_at
    )


def _end_if_silent(context: Context, charger: Charger) -> None:
    """End the sessions of a charger that has been away too long, by a clock of ours that was right then (F27)."""
    if charger.disconnected_at is None:
        return
    if charger.disconnected_at < OUR_CLOCK_PLAUSIBLE_FROM:
        context.draft.put(replace(context.current(charger), disconnected_at=context.now))
        return
    limit = timedelta(hours=context.settings.provisional_after_h)
    if context.now - charger.disconnected_at > limit:
        for session in context.sessions_of(charger):
            if session.state is SessionState.SILENT:
                end_silently(context, session)
