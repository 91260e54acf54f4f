"""Connections to one SQLite file, set up for durability, and the translation of their failures."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
import sqlite3
from typing import Final
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool, QueuePool

from ..model.errors import StorageUnavailable

_BUSY_S: Final = 0.25
"""A charger waits for our answer: rather fail soon and let it retry."""
_WAL_LIMIT_BYTES: Final = 16 * 1024 * 1024
_READERS: Final = 2


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn whatever a database or file system raises into StorageUnavailable."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise StorageUnavailable(str(error)) from error


def connect(path: Path, *, mode: str) -> sqlite3.Connection:
    """Open the file as SQLite URI `mode` ro, rw or rwc says; transactions begin only where they are begun."""
    return sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}",
        uri=True,
        timeout=_BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )


def writing_engine(path: Path) -> Engine:
    """Return an engine whose transactions lock at once and are on the medium when they return.

    It never creates the file: a medium that went away must not be taken for an empty ledger.
    """

    def durable() -> sqlite3.Connection:
        connection = connect(path, mode="rw")
        connection.execute("PRAGMA journal_mode = WAL")
        # NORMAL would lose the last commits in a power cut.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = FAST")
        connection.execute(f"PRAGMA journal_size_limit = {_WAL_LIMIT_BYTES}")
        return connection

    engine = create_engine("sqlite://", creator=durable, poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def reading_engine(path: Path) -> Engine:
    """Return an engine for any thread, whose connections cannot write."""

    def query_only() -> sqlite3.Connection:
        connection = connect(path, mode="rw")
        connection.execute("PRAGMA query_only = ON")
        return connection

    return create_engine(
        "sqlite://",
        creator=query_only,
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
