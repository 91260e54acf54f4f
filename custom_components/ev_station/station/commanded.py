"""What chargers said to our commands."""

from dataclasses import replace

from ..model.commands import CommandStatus
from ..model.effects import NoticeKind
from ..model.events import CommandAnswered
from ..model.ids import EvseId
from ..model.state import Evse
from .context import Context
from .limiting import profile_answered

_REFUSALS = frozenset({CommandStatus.REJECTED, CommandStatus.NOT_SUPPORTED, CommandStatus.FAILED})


def answered(context: Context, event: CommandAnswered) -> None:
    """Draw the consequences of an answer, a refusal or a silence."""
    if event.evse is None or context.charger(event.charger) is None:
        return
    accepted = event.status is CommandStatus.ACCEPTED
    refused = event.status in _REFUSALS
    profile_answered(context, event.evse, event.command, accepted=accepted, refused=refused)
    if not accepted:
        _give_up(context, event.evse, event)


def _give_up(context: Context, evse_id: EvseId, event: CommandAnswered) -> None:
    evse = context.draft.get(Evse, evse_id)
    if evse is None:
        return
    start = evse.expected_start
    if start is not None and start.command == event.command:
        context.draft.put(replace(evse, expected_start=None))
        context.notice(
            NoticeKind.START_TIMED_OUT, event.charger, evse_id, reason=event.status.value
        )
