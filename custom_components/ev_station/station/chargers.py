"""A charger comes, boots, reports its states and goes."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from ..model import events as e
from ..model.answers import Acknowledged, BootAnswer
from ..model.commands import Prepare
from ..model.effects import NoticeKind
from ..model.ids import EvseId
from ..model.session import SessionState
from ..model.state import Boot, Charger, Circuit, Evse
from ..model.status import EvseStatus, RegistrationStatus
from ..session.clock import OUR_CLOCK_PLAUSIBLE_FROM, moment_of, restarted
from ..session.live import without_car
from .asking import ask_power, ask_state
from .clocks import heard
from .context import Context
from .limiting import apply_limits, forget_applied
from .phasing import interrupt
from .reading_back import forget_heed
from .timing import after_boot

_RETRY_BOOT_S: Final = 30
SHARING_SAMPLES_S: Final = 10
_MOST_EVSES: Final = 100
"""More than any charger or hub has; one may claim any number."""
_IDLE: Final = frozenset({EvseStatus.AVAILABLE, EvseStatus.FINISHING})


def connected(context: Context, event: e.ChargerConnected) -> None:
    """Note the new socket and bring the charger to a known configuration once it has booted."""
    charger = context.charger(event.charger)
    if charger is None:
        return
    context.draft.put(
        replace(
            charger,
            connection=event.connection,
            version=event.version,
            address=event.address,
            connected_at=event.received_at,
            disconnected_at=None,
            prepared_on=None,
        )
    )
    _set_sessions(context, charger, SessionState.SILENT, SessionState.OPEN)
    interrupt(context, charger)
    forget_applied(context, charger)
    prepare(context, charger)


def disconnected(context: Context, event: e.ChargerDisconnected) -> None:
    """Note that the present socket is gone; an old one's end changes nothing (S6)."""
    charger = context.charger(event.charger)
    if charger is None or charger.connection != event.connection:
        return
    context.draft.put(replace(charger, connection=None, disconnected_at=event.received_at))
    _set_sessions(context, charger, SessionState.OPEN, SessionState.SILENT)
    interrupt(context, charger)


def _set_sessions(
    context: Context, charger: Charger, before: SessionState, after: SessionState
) -> None:
    for session in context.sessions_of(charger):
        if session.state is before:
            context.draft.put(replace(session, state=after))


def booted(context: Context, event: e.ChargerBooted) -> None:
    """Accept a boot; open transactions go on until their own stop arrives (F33)."""
    charger = context.charger(event.charger)
    if charger is None or context.now < OUR_CLOCK_PLAUSIBLE_FROM:
        _answer_boot(context, RegistrationStatus.PENDING, _RETRY_BOOT_S)
        return
    boot = Boot(
        vendor=event.vendor,
        model=event.model,
        serial=event.serial,
        firmware=event.firmware,
        meter_type=event.meter_type,
        meter_serial=event.meter_serial,
        at=event.received_at,
    )
    clock = restarted(charger.clock, event.received_at)
    context.draft.put(
        replace(
            charger,
            boot=boot,
            clock=clock,
            timing=after_boot(charger, boot),
            refused_purposes=frozenset(),
            rejections=(),
            tells_schedule=True,
            tells_far=True,
            cleared_at=None,
        )
    )
    forget_applied(context, charger)
    forget_heed(context, charger)
    _answer_boot(context, RegistrationStatus.ACCEPTED, context.settings.heartbeat_s)
    if charger.prepared_on == charger.connection:
        prepare(context, charger)


def _answer_boot(context: Context, status: RegistrationStatus, interval_s: int) -> None:
    context.reply(BootAnswer(status=status, current_time=context.now, interval_s=interval_s))


def sample_interval_s(context: Context) -> int:
    """Return how often chargers are to report: often where a circuit is shared by what they say."""
    wanted = context.settings.sample_interval_s
    return min(wanted, SHARING_SAMPLES_S) if context.draft.all(Circuit) else wanted


def prepare(context: Context, charger: Charger) -> None:
    """Bring a charger to a known configuration and learn what it can."""
    command = Prepare(
        heartbeat_s=context.settings.heartbeat_s,
        sample_interval_s=sample_interval_s(context),
        refused_keys=() if charger.prepared is None else charger.prepared.refused_keys,
    )
    context.send(charger, None, command)


def prepared(context: Context, event: e.ChargerPrepared) -> None:
    """Take over what the charger told of itself, restore its limits, ask how things stand."""
    charger = context.charger(event.charger)
    if charger is None:
        return
    context.draft.put(replace(charger, prepared=event, prepared_on=charger.connection))
    for number in range(1, min(event.evse_count or 0, _MOST_EVSES) + 1):
        context.evse(EvseId(event.charger, number))
    charger = context.current(charger)
    for evse in charger.evses:
        apply_limits(context, evse)
    ask_state(context, context.current(charger))


def reported(context: Context, event: e.StatusReported) -> None:
    """Take over a status unless a newer one is known (F20)."""
    context.reply(Acknowledged())
    charger = context.charger(event.evse.charger)
    if charger is None:
        return
    charger = heard(context, charger, event.at, event.received_at)
    moment = moment_of(charger.clock, event.at, event.received_at)
    if event.evse.evse == 0:
        if charger.status_at is None or moment >= charger.status_at:
            _charger_status(context, charger, event, moment)
        return
    evse = context.evse(event.evse)
    if evse.status_at is None or moment >= evse.status_at:
        _evse_status(context, evse, event, moment)


def _charger_status(
    context: Context, charger: Charger, event: e.StatusReported, moment: datetime
) -> None:
    context.draft.put(
        replace(charger, error_code=event.error_code, error_info=event.info, status_at=moment)
    )
    if event.error_code is not None and event.error_code != charger.error_code:
        _fault(context, event)


def _evse_status(context: Context, evse: Evse, event: e.StatusReported, moment: datetime) -> None:
    session = context.session_at(evse.id)
    idle = event.status in _IDLE and (session is None or moment >= session.start.at)
    context.draft.put(
        replace(
            evse,
            status=event.status,
            status_at=moment,
            error_code=event.error_code,
            info=event.info,
            idle_seen=evse.idle_seen or idle,
            live=without_car(evse.live) if event.status is EvseStatus.AVAILABLE else evse.live,
        )
    )
    if event.status is EvseStatus.CHARGING and evse.status is not EvseStatus.CHARGING:
        ask_power(context, evse.id)
    newly = event.error_code is not None and event.error_code != evse.error_code
    faulted = event.status is EvseStatus.FAULTED and evse.status is not EvseStatus.FAULTED
    if newly or faulted:
        _fault(context, event)


def _fault(context: Context, event: e.StatusReported) -> None:
    context.notice(
        NoticeKind.CHARGER_FAULT,
        event.evse.charger,
        event.evse if event.evse.evse else None,
        error_code=event.error_code,
        info=event.info,
        vendor_error_code=event.vendor_error_code,
        status=event.status.value,
    )


def notified(context: Context, event: e.Notified) -> None:
    """Acknowledge a report; security events are told on (S28)."""
    context.reply(Acknowledged())
    if event.kind == "SecurityEventNotification":
        context.notice(
            NoticeKind.SECURITY, event.charger, None, type=event.status, detail=event.detail
        )
