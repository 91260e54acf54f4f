"""What is written of an input: its line in the journal with what was decided, the records it sealed, its raw frame."""

from datetime import datetime

from ..model.answers import Acknowledged, Answer
from ..model.codec import encode, encode_answer
from ..model.effects import Reply, Seal
from ..model.events import Event
from ..model.ids import ChargerId, EvseId, Fresh
from ..model.records import Entry, Frame, JournalRow
from ..station import Outcome
from .fresh import NOTHING_FRESH


def changes_nothing(outcome: Outcome) -> bool:
    """Return whether an input replays to nothing."""
    return not outcome.changes and not any(isinstance(each, Seal) for each in outcome.effects)


def reply_of(outcome: Outcome) -> Answer | None:
    """Return what the charger is answered."""
    for effect in outcome.effects:
        if isinstance(effect, Reply):
            return effect.answer
    return None


def entry_of(row: JournalRow, outcome: Outcome, frame: Frame | None) -> Entry:
    """Return what is committed of an input."""
    seals = [effect for effect in outcome.effects if isinstance(effect, Seal)]
    return Entry(
        row=row,
        cdrs=tuple([seal.cdr for seal in seals]),
        postings=tuple([seal.posting for seal in seals]),
        frame=frame,
    )


def row_of(
    sequence: int, event: Event, now: datetime, fresh: Fresh, outcome: Outcome
) -> JournalRow:
    """Return the journal's line of an input; what a replay finds by itself is not written."""
    reply, is_fresh = reply_of(outcome), fresh is not NOTHING_FRESH
    return JournalRow(
        sequence=sequence,
        at=now,
        kind=type(event).__name__,
        charger=_charger_of(event),
        event=encode(event),
        fresh_session=fresh.session if is_fresh else None,
        fresh_transaction=fresh.transaction if is_fresh else None,
        decision=None if reply is None or isinstance(reply, Acknowledged) else encode_answer(reply),
    )


def _charger_of(event: Event) -> ChargerId | None:
    evse = getattr(event, "evse", None)
    if isinstance(evse, EvseId):
        return evse.charger
    charger = getattr(event, "charger", None)
    return charger if isinstance(charger, str) else None
