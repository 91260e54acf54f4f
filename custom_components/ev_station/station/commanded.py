"""What chargers said to our commands."""

from dataclasses import replace

from ..model.commands import CommandStatus
from ..model.effects import NoticeKind
from ..model.events import CommandAnswered
from ..model.state import Evse
from .asking import trigger_answered
from .context import Context
from .limiting import profile_answered
from .reading_back import schedule_answered


def answered(context: Context, event: CommandAnswered) -> None:
    """Draw the consequences of an answer, a refusal or a silence."""
    evse = context.draft.get(Evse, event.evse)
    if evse is None:
        return
    profile_answered(context, evse, event.command, event.status)
    trigger_answered(context, evse, event)
    schedule_answered(context, evse.id, event)
    if event.status is not CommandStatus.ACCEPTED:
        _give_up(context, evse, event)


def _give_up(context: Context, evse: Evse, event: CommandAnswered) -> None:
    """Expect a start no longer that will not come."""
    start = evse.expected_start
    if start is not None and start.command == event.command:
        context.draft.put(replace(evse, expected_start=None))
        context.notice(
            NoticeKind.START_TIMED_OUT, event.charger, evse.id, reason=event.status.value
        )
