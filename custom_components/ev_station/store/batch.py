"""A commit's rows, encoded before the lock is taken and written with statements compiled once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite

from ..model.records import Entry
from .rows import Values, cdr_values, frame_values, journal_values, posting_values
from .tables import CDRS, FRAMES, JOURNAL, POSTINGS, TRANSACTIONS


def insert_sql(table: Table, columns: Sequence[str] | None = None) -> str:
    """Return the INSERT of a table's columns as positional SQL: plain tuples then need no processing."""
    return str(sqlite.insert(table).compile(dialect=sqlite.dialect(), column_keys=columns))


def insert_missing_sql(table: Table) -> str:
    """Return the like that passes over rows whose key is there already."""
    statement = sqlite.insert(table).on_conflict_do_nothing()
    return str(statement.compile(dialect=sqlite.dialect()))


_JOURNAL_SQL: Final = insert_sql(JOURNAL)
_CDR_SQL: Final = insert_sql(CDRS)
_POSTING_SQL: Final = insert_sql(POSTINGS)
_FRAME_SQL: Final = insert_sql(FRAMES, ["at", "charger", "outgoing", "text"])
_TRANSACTION_SQL: Final = insert_missing_sql(TRANSACTIONS)


@dataclass(slots=True)
class Batch:
    """The rows of some entries by table."""

    journal: list[Values] = field(default_factory=list)
    transactions: list[Values] = field(default_factory=list)
    cdrs: list[Values] = field(default_factory=list)
    postings: list[Values] = field(default_factory=list)
    frames: list[Values] = field(default_factory=list)
    last_sequence: int = 0

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Batch:
        """Return the rows of the entries, in their order."""
        batch = cls()
        for entry in entries:
            batch.add(entry)
        return batch

    def add(self, entry: Entry) -> None:
        """Append the rows of an entry."""
        sequence = None
        if (row := entry.row) is not None:
            sequence = self.last_sequence = row.sequence
            self.journal.append(journal_values(row))
            if row.fresh_transaction is not None:
                self.transactions.append((row.fresh_transaction,))
        for cdr in entry.cdrs:
            self.cdrs.append(cdr_values(cdr, sequence))
            # Also the ids a charger made up: a fresh one must never be taken for them.
            self.transactions.extend((transaction,) for transaction in cdr.transactions)
        self.postings.extend(posting_values(posting, sequence) for posting in entry.postings)
        if entry.frame is not None:
            self.frames.append(frame_values(entry.frame))

    def write(self, connection: Connection) -> None:
        """Insert all rows in the connection's transaction."""
        for sql, rows in (
            (_JOURNAL_SQL, self.journal),
            (_TRANSACTION_SQL, self.transactions),
            (_CDR_SQL, self.cdrs),
            (_POSTING_SQL, self.postings),
            (_FRAME_SQL, self.frames),
        ):
            if rows:
                connection.exec_driver_sql(sql, rows)
