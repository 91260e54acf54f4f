"""Database files as files: judged, moved aside, put in place so that a power cut leaves the old or the new one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
import os
from pathlib import Path
import shutil
import sqlite3
from typing import Final

from .connections import connect

_COMPANIONS: Final = ("", "-wal", "-shm")
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_CHECKS: Final = (
    "PRAGMA quick_check(1)",
    "PRAGMA integrity_check(cdrs)",
    "PRAGMA integrity_check(postings)",
)
_PRIVATE: Final = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What a file turned out to be."""

    version: int = 0
    """Its schema; 0: missing, empty or damaged."""
    problem: str | None = None
    """Why it cannot be used; None for a sound file, even an empty or missing one."""


def inspect(path: Path) -> Inspection:
    """Check a file's structure page by page; raises sqlite3.Error or OSError when it cannot be read at all."""
    if not path.exists():
        return Inspection()
    try:
        connection = connect(path, mode="rw")
        try:
            return _examine(connection)
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        # A locked or unreadable file is not a damaged one.
        if error.sqlite_errorcode & 0xFF not in _DAMAGED:
            raise
        return Inspection(problem=str(error))


def _examine(connection: sqlite3.Connection) -> Inspection:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    # The quick check passes over indexes; those of the bills are checked in full.
    for check in _CHECKS if version else _CHECKS[:1]:
        (verdict,) = connection.execute(check).fetchone()
        if verdict != "ok":
            return Inspection(problem=verdict)
    return Inspection(version=version)


def create(path: Path) -> None:
    """Make an empty file that only we can read."""
    path.touch(_PRIVATE)
    sync_folder(path)


def move_aside(path: Path) -> Path | None:
    """Rename a database with its write-ahead log to the next free `.damaged-N`; None if there was nothing."""
    number = 1
    while any(_companion(_aside(path, number), suffix).exists() for suffix in _COMPANIONS):
        number += 1
    aside = _aside(path, number)
    # A log left behind would be played into the next file of this name.
    for suffix in _COMPANIONS:
        if (companion := _companion(path, suffix)).exists():
            companion.rename(_companion(aside, suffix))
    sync_folder(path)
    return aside if aside.exists() else None


@contextmanager
def unfinished(target: Path) -> Iterator[Path]:
    """Lend a name for what becomes `target`; what a crash left there, log and all, is of no use."""
    name = _companion(target, ".unfinished")
    for suffix in _COMPANIONS:
        _companion(name, suffix).unlink(missing_ok=True)
    yield name


def put_copy(source: Path, target: Path) -> None:
    """Copy a plain file to `target`, complete or not at all."""
    partial = _companion(target, ".partial")
    shutil.copyfile(source, partial)
    put(partial, target)


def put(partial: Path, target: Path) -> None:
    """Give a finished file its name."""
    partial.chmod(_PRIVATE)
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.replace(target)
    sync_folder(target)


def sync_folder(path: Path) -> None:
    """Make a new name in the file's folder survive a power cut."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _aside(path: Path, number: int) -> Path:
    return _companion(path, f".damaged-{number}")


def _companion(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
