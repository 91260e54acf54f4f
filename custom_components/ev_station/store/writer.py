"""The one connection that writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from .connections import storage_errors, writing_engine
from .tables import JOURNAL


class Writer:
    """All-or-nothing transactions, used from one thread at a time; finds its way back after a failure."""

    def __init__(self, path: Path) -> None:
        """Prepare for an existing file; nothing is opened yet."""
        self._path = path
        self._engine = writing_engine(path)
        self._connection: Connection | None = None
        self.acknowledged = 0
        """The highest journal sequence known to be on the medium."""

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Commit what the block writes when it ends; raises StorageUnavailable with nothing written."""
        with storage_errors():
            connection = self._connected()
            try:
                with connection.begin():
                    yield connection
            except SQLAlchemyError, OSError:
                # The file handle may be dead (medium pulled and mounted again): begin afresh next time.
                self.close()
                raise

    def close(self) -> None:
        """Close the connection; the next transaction opens a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _connected(self) -> Connection:
        # A file deleted under us would go on swallowing commits.
        self._path.stat()
        if self._connection is None:
            self._connection = self._reconnected()
        return self._connection

    def _reconnected(self) -> Connection:
        connection = self._engine.connect()
        found = last_sequence(connection) if self.acknowledged else 0
        if found < self.acknowledged:
            connection.close()
            raise OSError(f"another database: ends at {found}, acknowledged {self.acknowledged}")
        return connection


def last_sequence(connection: Connection) -> int:
    """Return the journal's highest sequence, 0 when it is empty."""
    # Outside a transaction of the block's own, SQLAlchemy begins one with the first statement.
    with connection.begin():
        return connection.scalar(select(func.max(JOURNAL.c.sequence))) or 0
