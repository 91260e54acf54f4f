"""The one connection that writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from .connections import storage_errors, writing_engine
from .journal import forget_after, last_sequence


class Writer:
    """All-or-nothing transactions, used from one thread at a time; finds its way back after a failure."""

    def __init__(self, path: Path) -> None:
        """Prepare for an existing file; nothing is opened yet."""
        self._path = path
        self._engine = writing_engine(path)
        self._connection: Connection | None = None
        self._file: tuple[int, int] | None = None
        """Device and inode of the file the connection was opened on."""
        self.acknowledged: int | None = None
        """The highest journal sequence known to be on the medium; None: not looked at yet."""

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Commit what the block writes when it ends; raises StorageUnavailable with nothing written."""
        with storage_errors():
            try:
                connection = self._connected()
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
        # A file deleted or exchanged under us would go on swallowing commits.
        file = self._path.stat()
        if (file.st_dev, file.st_ino) != self._file:
            self.close()
        if self._connection is None:
            self._connection = self._engine.connect()
            self._file = file.st_dev, file.st_ino
            if self.acknowledged is not None:
                self._return_to(self._connection, self.acknowledged)
        return self._connection

    def _return_to(self, connection: Connection, acknowledged: int) -> None:
        """Make the reopened file end where our acknowledgements end.

        It ends earlier when an older copy was put in its place: refused. It ends later when the medium kept a
        commit it had reported as failed, which its sender will repeat: undone.
        """
        with connection.begin():
            found = last_sequence(connection)
            if found < acknowledged:
                raise OSError(f"journal ends at {found}, acknowledged {acknowledged}")
            if found > acknowledged:
                forget_after(connection, acknowledged)
