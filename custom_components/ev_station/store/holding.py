"""Holding a live file still while somebody copies it, such as Home Assistant's backup."""

from pathlib import Path
import sqlite3

from .connections import connect, fold_log, storage_errors


class Hold:
    """While taken, commits only append to the write-ahead log.

    Copies of the file and of its log, made then in any order and at any pace, together are a whole database.
    """

    def __init__(self, path: Path) -> None:
        """Prepare for an existing file."""
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def take(self) -> None:
        """Begin; nobody may write meanwhile. Raises StorageUnavailable."""
        self.release()
        with storage_errors():
            fold_log(self._path)
            connection = connect(self._path, mode="rw", pragmas=("wal_autocheckpoint = 0",))
            try:
                # Only a reader of something in the log keeps it from being begun anew.
                (version,) = connection.execute("PRAGMA user_version").fetchone()
                connection.execute(f"PRAGMA user_version = {version}")
                connection.execute("BEGIN")
                connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            except sqlite3.Error:
                connection.close()
                raise
        self._connection = connection

    def release(self) -> None:
        """End, and fold what gathered in the log into the file. Raises StorageUnavailable."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with storage_errors():
                connection.close()
                fold_log(self._path)
