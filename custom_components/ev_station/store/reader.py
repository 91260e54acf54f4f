"""Reads from any thread, undisturbed by the writer."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Select

from .connections import reading_engine, storage_errors


class Reader:
    """A small pool of connections that cannot write; each statement sees the last commit."""

    def __init__(self, path: Path) -> None:
        """Prepare for an existing file; nothing is opened yet."""
        self._engine = reading_engine(path)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Lend a connection; raises StorageUnavailable."""
        with storage_errors(), self._engine.connect() as connection:
            yield connection

    def all(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        """Return every row; raises StorageUnavailable."""
        with self.connection() as connection:
            return connection.execute(statement).all()

    def first(self, statement: Select[Any]) -> Row[Any] | None:
        """Return the first row or None; raises StorageUnavailable."""
        with self.connection() as connection:
            return connection.execute(statement).first()

    def close(self) -> None:
        """Close the idle connections; a later read opens new ones."""
        self._engine.dispose()
