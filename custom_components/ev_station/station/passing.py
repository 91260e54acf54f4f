"""Time-outs: what has not happened although it should have."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from ..model.effects import NoticeKind
from ..model.session import Session, SessionState
from ..model.state import Charger, Driver, Evse
from ..model.status import EvseStatus
from .context import Context
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
    _begin_month(context)
    for charger in context.draft.all(Charger):
        for evse_id in charger.evses:
            evse = context.evse(evse_id)
            _expect_start(context, evse)
            _expect_stop(context, charger, evse)
            _end_if_idle(context, charger, evse)
            _start_default(context, charger, evse)
        for session in _silent_too_long(context, charger):
            end_silently(context, session)


def _begin_month(context: Context) -> None:
    month = local_month(context.now, context.zone)
    for driver in context.draft.all(Driver):
        if driver.month != month:
            context.draft.put(Driver(settings=driver.settings, month=month))


def _expect_start(context: Context, evse: Evse) -> None:
    expected = evse.expected_start
    if expected is not None and context.now - expected.asked_at > START_EXPECTED_FOR:
        context.draft.put(replace(evse, expected_start=None))
        context.notice(NoticeKind.START_TIMED_OUT, evse.id.charger, evse.id, reason="timed_out")


def _expect_stop(context: Context, charger: Charger, evse: Evse) -> None:
    expected = evse.expected_stop
    if expected is None or context.now - expected.asked_at <= STOP_EXPECTED_FOR:
        return
    session = context.session_at(evse.id)
    if session is None or expected.attempts >= STOP_ATTEMPTS:
        context.draft.put(replace(context.evse(evse.id), expected_stop=None))
        context.notice(NoticeKind.STOP_TIMED_OUT, charger.key, evse.id)
    elif charger.connection is not None:
        stop_session(context, charger, session, expected.command, attempts=expected.attempts + 1)


def _end_if_idle(context: Context, charger: Charger, evse: Evse) -> None:
    session = context.session_at(evse.id)
    if session is None or not is_idle(evse) or charger.connection is None:
        return
    since = [moment for moment in (evse.status_at, charger.connected_at) if moment is not None]
    if since and context.now - max(since) > IDLE_ENDS_AFTER:
        end_silently(context, session)


def _start_default(context: Context, charger: Charger, evse: Evse) -> None:
    """Start for the EVSE's default driver when a car waits and nobody presents a tag."""
    settings = context.evse_settings(evse.id)
    if (
        settings.default_driver is None
        or evse.status is not EvseStatus.PREPARING
        or not evse.enabled
        or evse.session is not None
        or evse.expected_start is not None
        or evse.started_for == evse.status_at
        or charger.connection is None
        or evse.status_at is None
        or context.now - evse.status_at < AUTOSTART_AFTER
    ):
        return
    context.draft.put(replace(evse, started_for=evse.status_at))
    command = context.number(charger)
    start_for(context, charger, evse.id, settings.default_driver, command)


def _silent_too_long(context: Context, charger: Charger) -> Iterator[Session]:
    limit = timedelta(hours=context.settings.provisional_after_h)
    away = charger.disconnected_at
    if away is None or context.now - away <= limit:
        return
    for session in context.sessions_of(charger):
        if session.state is SessionState.SILENT:
            yield session
