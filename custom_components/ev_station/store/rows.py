"""Records as rows, in the order of their table's columns, and rows as records."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row

from ..model.chain import posting_body
from ..model.codec import canonical
from ..model.records import Cdr, Checkpoint, Frame, JournalRow, Posting

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)

type Values = tuple[str | int | bytes | None, ...]


def micros(at: datetime) -> int:
    """Return a moment as stored: microseconds since 1970 UTC."""
    return (at - _EPOCH) // _TICK


def moment(stored: int) -> datetime:
    """Return a stored moment, aware UTC."""
    return _EPOCH + stored * _TICK


def journal_values(row: JournalRow) -> Values:
    """Return a row of table journal."""
    return (
        row.sequence,
        micros(row.at),
        row.kind,
        row.charger,
        row.event,
        row.fresh_session,
        row.fresh_transaction,
        row.decision,
    )


def journal_row(row: Row[Any]) -> JournalRow:
    """Return the record of a row of table journal."""
    return JournalRow(
        sequence=row.sequence,
        at=moment(row.at),
        kind=row.kind,
        charger=row.charger,
        event=row.event,
        fresh_session=row.fresh_session,
        fresh_transaction=row.fresh_transaction,
        decision=row.decision,
    )


def cdr_values(cdr: Cdr, decided_by: int | None) -> Values:
    """Return a row of table cdrs; `decided_by` is a journal sequence."""
    return (
        cdr.id,
        cdr.session,
        cdr.evse.charger,
        cdr.evse.evse,
        cdr.driver,
        cdr.sheet,
        micros(cdr.started_at),
        micros(cdr.ended_at),
        str(cdr.energy_wh),
        str(cdr.amount),
        cdr.currency,
        micros(cdr.sealed_at),
        decided_by,
        canonical(cdr),
    )


def posting_values(posting: Posting, decided_by: int | None) -> Values:
    """Return a row of table postings; `decided_by` is a journal sequence."""
    return (
        posting.sequence,
        posting.kind.value,
        posting.cdr,
        posting.session,
        posting.sheet,
        posting.driver,
        str(posting.energy_wh),
        str(posting.amount),
        posting.currency,
        posting.day.isoformat(),
        posting.hash,
        decided_by,
        posting_body(posting),
    )


def frame_values(frame: Frame) -> Values:
    """Return a row of table frames without its id, which the database gives."""
    return (micros(frame.at), frame.charger, int(frame.outgoing), frame.text)


def frame(row: Row[Any]) -> Frame:
    """Return the record of a row of table frames."""
    return Frame(at=moment(row.at), charger=row.charger, outgoing=bool(row.outgoing), text=row.text)


def checkpoint_values(checkpoint: Checkpoint) -> Values:
    """Return a row of table checkpoints."""
    return (checkpoint.sequence, micros(checkpoint.at), checkpoint.schema, checkpoint.state)


def checkpoint(row: Row[Any]) -> Checkpoint:
    """Return the record of a row of table checkpoints."""
    return Checkpoint(sequence=row.sequence, at=moment(row.at), schema=row.schema, state=row.state)
