"""Connections to one SQLite file, set up for durability, and the translation of their failures."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
import sqlite3
from typing import Final
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError
from sqlalchemy.pool import NullPool, QueuePool

from ..model.errors import NotHandled, StorageUnavailable

_BUSY_S: Final = 0.25
"""A charger waits for our answer: rather fail soon and let it retry."""
_DURABLE: Final = (
    "journal_mode = WAL",
    # NORMAL would lose the last commits in a power cut.
    "synchronous = FULL",
    # What was forgotten must not be found in free pages. Commits only insert: they are no slower than with FAST.
    "secure_delete = ON",
    # 16 MiB: what a long read made the log grow to is given back.
    "journal_size_limit = 16777216",
)
_READERS: Final = 2


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn whatever a database or file system raises into StorageUnavailable.

    Values that no medium will ever take are NotHandled: they must not pass for a failure of the medium.
    """
    try:
        yield
    except (IntegrityError, DataError) as error:
        raise NotHandled(str(error)) from error
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise StorageUnavailable(str(error)) from error


def file_uri(path: Path, mode: str) -> str:
    """Return a file as SQLite opens it in mode ro, rw or rwc; only the last creates it."""
    return f"file:{quote(str(path))}?mode={mode}"


def connect(path: Path, *, mode: str, pragmas: tuple[str, ...] = ()) -> sqlite3.Connection:
    """Open the file as SQLite URI `mode` ro, rw or rwc says; transactions begin only where they are begun."""
    connection = sqlite3.connect(
        file_uri(path, mode),
        uri=True,
        timeout=_BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def writing_engine(path: Path) -> Engine:
    """Return an engine whose transactions lock at once and are on the medium when they return.

    It never creates the file: a medium that went away must not be taken for an empty ledger.
    """
    engine = create_engine(
        "sqlite://",
        creator=partial(connect, path, mode="rw", pragmas=_DURABLE),
        poolclass=NullPool,
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin_immediate)
    return engine


def reading_engine(path: Path) -> Engine:
    """Return an engine for any thread, whose connections cannot write."""
    return create_engine(
        "sqlite://",
        creator=partial(connect, path, mode="rw", pragmas=("query_only = ON",)),
        poolclass=QueuePool,
        pool_size=_READERS,
        hide_parameters=True,
    )


def fold_log(path: Path) -> None:
    """Empty the write-ahead log into the file if nobody is reading; old pages then exist nowhere."""
    with closing(connect(path, mode="rw")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _begin_immediate(connection: Connection) -> None:
    # A deferred transaction could find the lock taken halfway, when SQLite no longer waits for it.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
