"""What can still be read out of a damaged file, so that a restored backup catches up with it (F29).

Only an unbroken run of inputs is of use, with everything they decided. Where an input, a record or a posting cannot
be read the run ends; what lies behind stays in the damaged file and is sent again by its charger or found by hand.
"""

from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
import sqlite3
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, Connection, bindparam, delete, select
from sqlalchemy.dialects import sqlite

from ..model.chain import body_hash
from ..model.codec import decode, decode_event
from ..model.errors import UnreadableRecord
from ..model.records import Cdr
from .batch import insert_missing_sql, insert_sql
from .connections import connect
from .journal import last_sequence
from .migrations import schema_version, steps
from .tables import CDRS, JOURNAL, PEOPLE, POSTINGS, TRANSACTIONS

_NO_END: Final[int] = 2**63
_PASSING: Final = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOMEM,
)
_UNREADABLE: Final = (sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ)


class _Run(NamedTuple):
    """Rows in order of a key."""

    rows: list[sqlite3.Row]
    complete: bool
    """Whether nothing stands behind them, rather than nothing that can be read."""

    def up_to(self, key: str, last: int) -> list[tuple[Any, ...]]:
        """Return the rows whose key is at most `last`, as values."""
        return [tuple(row) for row in self.rows if row[key] <= last]


def salvage(damaged: Path, connection: Connection) -> int:
    """Copy into the connection's transaction what is newer there and return how many inputs that was.

    Of a file that cannot be opened, or is not of this schema, that is none. Raises sqlite3.Error for what passes,
    such as a full disk.
    """
    with closing(connect(damaged, mode="rw")) as source:
        source.row_factory = sqlite3.Row
        if not _version(source) == schema_version(connection) == len(steps()):
            return 0
        _copy_people(source, connection)
        _copy_transactions(source, connection)
        return _copy_inputs(source, connection)


def _version(source: sqlite3.Connection) -> int | None:
    """Return the damaged file's schema; None: not even that can be read."""
    try:
        return int(source.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.DatabaseError as error:
        _raise_passing(error)
        return None


def _copy_people(source: sqlite3.Connection, connection: Connection) -> None:
    people = _read(source, PEOPLE.c.driver, "")
    if people.complete:
        # Somebody erased since the backup must not come back with it.
        connection.execute(delete(PEOPLE))
    _insert(connection, insert_missing_sql(PEOPLE), [tuple(row) for row in people.rows])


def _copy_transactions(source: sqlite3.Connection, connection: Connection) -> None:
    known = _read(source, TRANSACTIONS.c.id, -(2**63))
    _insert(connection, insert_missing_sql(TRANSACTIONS), [tuple(row) for row in known.rows])


def _copy_inputs(source: sqlite3.Connection, connection: Connection) -> int:
    begin = last_sequence(connection)
    inputs = _read(source, JOURNAL.c.sequence, begin, _sound_inputs(begin))
    cdrs = _read(source, CDRS.c.input, begin, _sound_cdr)
    postings = _read(source, POSTINGS.c.input, begin, _sound_posting)
    end = min(begin + len(inputs.rows), _reach(cdrs, begin), _reach(postings, begin))
    _insert(connection, insert_sql(JOURNAL), inputs.up_to("sequence", end))
    _insert(connection, insert_sql(CDRS), cdrs.up_to("input", end))
    _insert(connection, insert_sql(POSTINGS), postings.up_to("input", end))
    return end - begin


def _reach(decided: _Run, begin: int) -> int:
    """Return the last input of which everything decided is known to have been read."""
    if decided.complete:
        return _NO_END
    # The input of the last readable row may have decided more.
    return int(decided.rows[-1]["input"]) - 1 if decided.rows else begin


def _read(
    source: sqlite3.Connection,
    key: Column[Any],
    after: int | str,
    sound: Callable[[sqlite3.Row], bool] | None = None,
) -> _Run:
    """Return the rows behind `after` up to the first that cannot be read or is not sound."""
    statement = select(key.table).where(key > bindparam("after")).order_by(key)
    rows: list[sqlite3.Row] = []
    try:
        for row in source.execute(str(statement.compile(dialect=sqlite.dialect())), (after,)):
            if sound is not None and not sound(row):
                return _Run(rows, complete=False)
            rows.append(row)
    except sqlite3.DatabaseError as error:
        _raise_passing(error)
        return _Run(rows, complete=False)
    return _Run(rows, complete=True)


def _raise_passing(error: sqlite3.DatabaseError) -> None:
    """Raise what is no damage but passes: all that it hides from us now would be given up."""
    code = error.sqlite_errorcode
    if code & 0xFF in _PASSING and code not in _UNREADABLE:
        raise error


def _sound_inputs(begin: int) -> Callable[[sqlite3.Row], bool]:
    """Return a test for readable inputs that follow each other without a gap."""
    expected = count(begin + 1)
    return lambda row: (
        row["sequence"] == next(expected)
        and _decodes(lambda: decode_event(row["kind"], row["event"]))
    )


def _sound_cdr(row: sqlite3.Row) -> bool:
    return _decodes(lambda: decode(Cdr, row["body"]))


def _sound_posting(row: sqlite3.Row) -> bool:
    return body_hash(row["body"]) == str(row["hash"])


def _decodes(read: Callable[[], object]) -> bool:
    try:
        read()
    except UnreadableRecord:
        return False
    return True


def _insert(connection: Connection, sql: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        connection.exec_driver_sql(sql, rows)
