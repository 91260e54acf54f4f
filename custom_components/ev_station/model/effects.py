"""What the reducer wants done; the engine does it after the commit."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from .answers import Answer
from .commands import Command
from .ids import ChargerId, CommandId, EvseId
from .records import Cdr, Posting


class NoticeKind(StrEnum):
    """Moments that automations want to hear of."""

    SESSION_STARTED = "session_started"
    SESSION_ENDED = "session_ended"
    TAG_PRESENTED = "tag_presented"
    CHARGER_FAULT = "charger_fault"
    START_TIMED_OUT = "start_timed_out"
    STOP_TIMED_OUT = "stop_timed_out"
    SECURITY = "security"
    DIMMING_STARTED = "dimming_started"
    DIMMING_IN_FORCE = "dimming_in_force"
    DIMMING_ENDED = "dimming_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Answer the message that was the event."""

    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Ask a charger for something; its outcome comes back as `CommandAnswered`."""

    charger: ChargerId
    evse: EvseId | None = None
    command: Command
    id: CommandId | None = None
    """The id of the request it serves; None: nobody waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """A request was turned down before any charger was asked."""

    id: CommandId
    reason: str
    """A translation key of the glue's exceptions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle:
    """A request is done: at once, or when the command `by` is answered."""

    id: CommandId
    by: CommandId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Tell automations and the panel of a moment; `data` holds no raw tag."""

    kind: NoticeKind
    charger: ChargerId | None
    """None: it is about the site."""
    evse: EvseId | None = None
    data: Mapping[str, str | float | bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """Write a charge detail record and its posting, in the same commit as the event."""

    cdr: Cdr
    posting: Posting


type Effect = Reply | Send | Refuse | Settle | Notice | Seal
