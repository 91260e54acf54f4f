"""What happens to a missing, empty or damaged file before it is opened (F29): never an empty ledger in silence."""

from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ..model.errors import NotHandled
from . import files
from .backups import rolling_backups
from .connections import fold_log
from .migrations import migrate, steps
from .salvage import salvage
from .writer import Writer


class Opening(StrEnum):
    """How the store began."""

    CREATED = "created"
    """There was neither file nor backup: a new site."""
    OPENED = "opened"
    RESTORED = "restored"
    """From a rolling backup."""
    LOST = "lost"
    """The file was damaged and no backup could be used: the ledger starts anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReport:
    """What `SqliteStore.open` found and did."""

    opening: Opening
    problem: str | None = None
    """Why the file was not used."""
    moved_to: Path | None = None
    """Where the file that was not used is now."""
    restored_from: Path | None = None
    """The backup that took its place."""
    migrated_from: int | None = None
    """The schema the file had, if it was an older one."""
    salvaged: int = 0
    """Inputs newer than the backup that were read out of the damaged file."""


def recover(path: Path) -> OpenReport:
    """Make sure that `path` is a sound database or an empty file.

    Raises sqlite3.Error, OSError or StorageUnavailable with the file as it was.
    """
    found = files.inspect(path)
    if found.version > 0:
        return OpenReport(opening=Opening.OPENED)
    backup = _usable_backup(path)
    if found.problem is None and backup is None:
        files.create(path)
        return OpenReport(opening=Opening.CREATED)
    with files.unfinished(path) as restored:
        salvaged = _restore(backup, path, restored)
        moved_to = files.move_aside(path)
        files.put(restored, path)
    return OpenReport(
        opening=Opening.LOST if backup is None else Opening.RESTORED,
        problem=found.problem or "missing",
        moved_to=moved_to,
        restored_from=backup,
        salvaged=salvaged,
    )


def _restore(backup: Path | None, damaged: Path, restored: Path) -> int:
    """Fill an empty file from a backup and what the damaged one still tells; return how many inputs that told.

    Dying or failing on the way leaves the damaged file in its place, and the next start does it all again.
    """
    if backup is None:
        files.create(restored)
    else:
        files.put_copy(backup, restored)
    with closing(Writer(restored)) as writer:
        if backup is None:
            with writer.transaction() as connection:
                migrate(connection)
        salvaged = _salvage(damaged, writer)
    # Closing folds too, but does not say when it could not.
    fold_log(restored)
    return salvaged


def _salvage(damaged: Path, writer: Writer) -> int:
    if not damaged.exists():
        return 0
    try:
        with writer.transaction() as connection:
            return salvage(damaged, connection)
    except NotHandled:
        # What it tells contradicts the backup, which alone has to do; the report names the damaged file.
        return 0


def _usable_backup(path: Path) -> Path | None:
    """Return the newest rolling backup that is sound and not from the future."""
    known = range(1, len(steps()) + 1)
    return next(
        (backup for backup in rolling_backups(path) if files.inspect(backup).version in known),
        None,
    )
