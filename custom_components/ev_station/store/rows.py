"""Records as rows and rows as records."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Row

from ..model.chain import posting_body
from ..model.codec import canonical
from ..model.records import Cdr, Checkpoint, Frame, JournalRow, Posting

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)

type Value = str | int | bytes | None
type Values = tuple[Value, ...]
"""In the order of the table's columns."""


def micros(at: datetime) -> int:
    """Return a moment as stored: microseconds since 1970 UTC."""
    return (at - _EPOCH) // _TICK


def moment(stored: int) -> datetime:
    """Return a stored moment, aware UTC."""
    return _EPOCH + stored * _TICK


def journal_values(row: JournalRow) -> Values:
    """Return the row of table journal."""
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


def journal_row(row: Row[tuple[int, int, str, str | None, bytes, str | None, int | None, bytes | None]]) -> JournalRow:
    """Return the record of a row of table journal."""
