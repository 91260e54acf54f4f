"""Copies of a live database: whole ones for Home Assistant's backups, small rolling ones for a damaged file."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
import glob
from pathlib import Path
import sqlite3
from typing import Final

from ..model.errors import StorageUnavailable
from .connections import connect, file_uri, storage_errors
from .files import inspect, put
from .migrations import steps

_COPY: Final = (
    "INSERT INTO main.checkpoints SELECT * FROM live.checkpoints",
    "INSERT INTO main.cdrs SELECT * FROM live.cdrs",
    "INSERT INTO main.postings SELECT * FROM live.postings",
    "INSERT INTO main.transactions SELECT * FROM live.transactions",
    "INSERT INTO main.people SELECT * FROM live.people",
    "INSERT INTO main.journal SELECT * FROM live.journal"
    " WHERE sequence > (SELECT ifnull(min(sequence), 0) FROM live.checkpoints)",
)
"""A rolling backup holds of the journal what replay needs, of the frames nothing."""


def backup_to(source: Path, target: Path) -> None:
    """Write a complete, consistent copy as one plain file; from any thread, beside a working writer."""
    with storage_errors(), _finished(target) as partial:
        with closing(connect(source, mode="rw")) as live, closing(_plain(partial)) as copy:
            live.backup(copy)
            # Without this the copy would ask for a write-ahead log beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
        _require_sound(partial)
        put(partial, target)


def rotate_backups(source: Path, keep: int) -> None:
    """Write rolling backup 1, the former 1 becoming 2 and so on, `keep` in all.

    A source that turns out damaged raises StorageUnavailable and leaves the backups as they are.
    """
    with storage_errors(), _finished(backup_path(source, 1)) as partial:
        with closing(_plain(partial)) as copy:
            _copy_rows(source, copy)
        _require_sound(partial)
        for number in range(keep - 1, 0, -1):
            if (older := backup_path(source, number)).exists():
                older.replace(backup_path(source, number + 1))
        put(partial, backup_path(source, 1))


def backup_path(source: Path, number: int) -> Path:
    """Return the name of rolling backup `number`; 1 is the newest."""
    return source.with_name(f"{source.name}.backup-{number}")


def copy_path(source: Path, version: int) -> Path:
    """Return the name of the copy made before migrating from a schema version: the way back to an older release."""
    return source.with_name(f"{source.name}.v{version}")


def rolling_backups(source: Path) -> list[Path]:
    """Return the rolling backups there are, newest first."""
    # A crash between two renames leaves a hole.
    found = source.parent.glob(f"{glob.escape(source.name)}.backup-[0-9]")
    return sorted(found)


def backed_up_at(source: Path) -> datetime | None:
    """Return when the newest rolling backup was written; None: there is none."""
    newest = max((path.stat().st_mtime for path in rolling_backups(source)), default=None)
    return None if newest is None else datetime.fromtimestamp(newest, UTC)


@contextmanager
def _finished(target: Path) -> Iterator[Path]:
    """Lend a name for the unfinished copy; what is left there in the end is of no use and takes up room."""
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        yield partial
    finally:
        partial.unlink(missing_ok=True)


def _plain(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(file_uri(path, "rwc"), uri=True, isolation_level=None)


def _copy_rows(source: Path, copy: sqlite3.Connection) -> None:
    """Fill an empty file with what a restart needs and the whole ledger, as of one moment."""
    for step in steps():
        copy.executescript(step)
    copy.execute(f"PRAGMA user_version = {len(steps())}")
    # A plain name would create a file that went away.
    copy.execute("ATTACH ? AS live", (file_uri(source, "rw"),))
    copy.execute("BEGIN")
    for statement in _COPY:
        copy.execute(statement)
    copy.execute("COMMIT")


def _require_sound(path: Path) -> None:
    if (problem := inspect(path).problem) is not None:
        raise StorageUnavailable(problem)
