"""What a restart needs: the newest checkpoints and the inputs after them."""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection, delete, func, select

from ..model.ids import TransactionId
from ..model.records import Checkpoint, JournalRow
from . import rows
from .reader import Reader
from .tables import CDRS, CHECKPOINTS, JOURNAL, POSTINGS, TRANSACTIONS

_PAGE: Final = 1000
_KEPT_CHECKPOINTS: Final = 3


def last_sequence(connection: Connection) -> int:
    """Return the highest sequence used, 0 when there is none; the inputs up to a checkpoint may be pruned."""
    return max(
        connection.scalar(select(func.max(table.c.sequence))) or 0
        for table in (JOURNAL, CHECKPOINTS)
    )


def rows_after(reader: Reader, sequence: int) -> Iterator[JournalRow]:
    """Iterate over the inputs after `sequence`, in order, a page at a time."""
    pages = select(JOURNAL).order_by(JOURNAL.c.sequence).limit(_PAGE)
    while page := reader.all(pages.where(JOURNAL.c.sequence > sequence)):
        yield from map(rows.journal_row, page)
        sequence = page[-1].sequence


def forget_after(connection: Connection, sequence: int) -> None:
    """Remove inputs after `sequence` and what they decided: they came back although their commit had failed."""
    connection.execute(delete(JOURNAL).where(JOURNAL.c.sequence > sequence))
    for table in (CDRS, POSTINGS):
        connection.execute(delete(table).where(table.c.input > sequence))


def checkpoints(reader: Reader) -> Sequence[Checkpoint]:
    """Return the kept checkpoints, newest first: an unreadable one has a predecessor."""
    newest_first = select(CHECKPOINTS).order_by(CHECKPOINTS.c.sequence.desc())
    return [rows.checkpoint(row) for row in reader.all(newest_first)]


def save_checkpoint(connection: Connection, checkpoint: Checkpoint) -> None:
    """Write a checkpoint, in place of one at the same sequence, and drop the oldest beyond those kept."""
    same = CHECKPOINTS.c.sequence == checkpoint.sequence
    connection.execute(delete(CHECKPOINTS).where(same))
    connection.execute(CHECKPOINTS.insert().values(rows.checkpoint_values(checkpoint)))
    sequences = select(CHECKPOINTS.c.sequence).order_by(CHECKPOINTS.c.sequence.desc())
    kept = connection.scalars(sequences.limit(_KEPT_CHECKPOINTS)).all()
    connection.execute(delete(CHECKPOINTS).where(CHECKPOINTS.c.sequence < kept[-1]))


def used_transactions(reader: Reader) -> set[TransactionId]:
    """Return every transaction id ever offered to or used by a charger."""
    return {row.id for row in reader.all(select(TRANSACTIONS))}
