"""The local store: one SQLite file beside Home Assistant's configuration."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from ..model.chain import ChainBreak
from ..model.errors import EvStationError
from ..model.ids import ChargerId, DriverId, SessionId, SheetId, TransactionId
from ..model.records import (
    Cdr,
    ChainHead,
    Checkpoint,
    Entry,
    Frame,
    JournalRow,
    Person,
    Posting,
    Total,
)
from . import backups, frames, journal, ledger, people, retention
from .batch import Batch
from .connections import fold_log, storage_errors
from .holding import Hold
from .migrations import migrate, schema_version, steps
from .reader import Reader
from .recovery import OpenReport, recover
from .writer import Writer


class SqliteStore:
    """Synchronous. `open`, `close` and everything that writes belong to one thread at a time, reads to any.

    Every method raises StorageUnavailable when the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        """Prepare; nothing is touched before `open`."""
        self._path = path
        self._writer = Writer(path)
        self._reader = Reader(path)
        self._hold = Hold(path)

    def open(self) -> OpenReport:
        """Create, check, restore or migrate the file and say what happened; raises StorageTooNew."""
        with storage_errors():
            report = recover(self._path)
        try:
            found = self._migrate()
            with self._writer.transaction() as connection:
                self._writer.acknowledged = journal.last_sequence(connection)
        except EvStationError:
            self.close()
            raise
        return replace(report, migrated_from=found)

    def close(self) -> None:
        """Fold the write-ahead log into the file and let go of it."""
        self._reader.close()
        try:
            self._hold.release()
        finally:
            self._writer.close()

    # What must be durable

    def commit(self, entries: Sequence[Entry]) -> None:
        """Make the entries durable: all of them on return, none if it raises StorageUnavailable.

        Raises NotHandled for entries that contradict what is there, such as a second record of the same id.
        """
        batch = Batch.of(entries)
        with self._writer.transaction() as connection:
            batch.write(connection)
        self._writer.acknowledged = max(self._writer.acknowledged or 0, batch.last_sequence)

    def save_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Write a checkpoint; the last three are kept."""
        with self._writer.transaction() as connection:
            journal.save_checkpoint(connection, checkpoint)

    def begin_day(self, now: datetime) -> None:
        """Note that a day begins: what is here now can be forgotten when it lies far enough back."""
        with self._writer.transaction() as connection:
            retention.begin_day(connection, now)

    def prune(self, now: datetime, keep: timedelta) -> int:
        """Forget some frames and inputs older than `keep`, in whole days; return how many, 0 when done."""
        with self._writer.transaction() as connection:
            return retention.prune(connection, now, keep)

    def fold(self) -> None:
        """Empty the write-ahead log into the file, unless somebody reads: what was forgotten is then nowhere."""
        with storage_errors():
            fold_log(self._path)

    # What a restart needs

    @property
    def last_sequence(self) -> int:
        """The journal's highest sequence, 0 when there is none."""
        with self._reader.connection() as connection:
            return journal.last_sequence(connection)

    def journal_after(self, sequence: int) -> Iterator[JournalRow]:
        """Iterate over the inputs after `sequence`, in order."""
        return journal.rows_after(self._reader, sequence)

    def checkpoints(self) -> Sequence[Checkpoint]:
        """Return the kept checkpoints, newest first: when one is unreadable the next may do."""
        return journal.checkpoints(self._reader)

    def latest_checkpoint(self) -> Checkpoint | None:
        """Return the newest checkpoint."""
        return next(iter(self.checkpoints()), None)

    def used_transactions(self) -> set[TransactionId]:
        """Return every transaction id ever offered to or used by a charger."""
        return journal.used_transactions(self._reader)

    # What people look at

    def cdr(self, id_: SessionId) -> Cdr | None:
        """Return a charge detail record."""
        return self.cdrs([id_]).get(id_)

    def cdrs(self, ids: Collection[SessionId]) -> Mapping[SessionId, Cdr]:
        """Return those charge detail records of the ids that exist."""
        return ledger.cdrs(self._reader, ids)

    def cdrs_of_sessions(self, sessions: Collection[SessionId]) -> list[Cdr]:
        """Return every record, credit and replacement of the sessions, in the order they were posted."""
        return ledger.cdrs_of_sessions(self._reader, sessions)

    def latest_cdr(self, session: SessionId) -> Cdr | None:
        """Return the record of a session that holds: the newest that is no credit and was not taken back."""
        return ledger.latest_cdr(self._reader, session)

    def postings(
        self,
        first_day: date | None = None,
        last_day: date | None = None,
        *,
        driver: DriverId | None = None,
        sheet: SheetId | None = None,
    ) -> list[Posting]:
        """Return the rows, in order, of an inclusive range of local days; None does not restrict."""
        return ledger.postings(self._reader, first_day, last_day, driver, sheet)

    def month_totals(self, first_day: date, last_day: date) -> list[Total]:
        """Return what each driver's postings of an inclusive range of local days add up to, per currency."""
        return ledger.month_totals(self._reader, first_day, last_day)

    def chain_head(self) -> ChainHead:
        """Return where the ledger stands."""
        return ledger.chain_head(self._reader)

    def verify_chain(self, known: ChainHead = ChainHead()) -> ChainBreak | None:
        """Return the first place where the ledger is not what was written, None when all of it holds.

        `known` is where the ledger once stood: it must have come at least as far, by the same postings.
        """
        return ledger.verify_chain(self._reader, known)

    def frames(self, charger: ChargerId, limit: int, before: datetime | None = None) -> list[Frame]:
        """Return a charger's frames, newest first; `before` is the moment of the last one already seen."""
        return frames.newest(self._reader, charger, limit, before)

    # Who the drivers are

    def remember_person(self, person: Person) -> None:
        """Write or replace who a driver is."""
        with self._writer.transaction() as connection:
            people.remember(connection, person)

    def people(self) -> dict[DriverId, Person]:
        """Return who drivers are, without those never told or erased."""
        return people.find(self._reader)

    def erase_person(self, driver: DriverId) -> None:
        """Remove who a driver is from the file; the ledger keeps the id, which then means nobody."""
        with self._writer.transaction() as connection:
            people.erase(connection, driver)
        self.fold()

    # Copies

    def hold(self) -> None:
        """From now on let file and write-ahead log, however they are copied, make a whole; commits go on."""
        self._hold.take()

    def release(self) -> None:
        """Nobody copies any more."""
        self._hold.release()

    def backup_to(self, target: Path) -> None:
        """Write a complete copy as one plain file; from any thread."""
        backups.backup_to(self._path, target)

    def rotate_backups(self, keep: int = 3) -> None:
        """Write a rolling backup of everything a restart and the bills need; from any thread."""
        backups.rotate_backups(self._path, keep)

    def backed_up_at(self) -> datetime | None:
        """Return when the newest rolling backup was written; None: there is none."""
        with storage_errors():
            return backups.backed_up_at(self._path)

    def _migrate(self) -> int | None:
        """Bring the schema up to date; return the older version it had, a copy of which is kept."""
        newest = len(steps())
        with self._writer.transaction() as connection:
            found = schema_version(connection)
        older = found if 0 < found < newest else None
        if older is not None:
            self.backup_to(backups.copy_path(self._path, older))
        with self._writer.transaction() as connection:
            migrate(connection)
        return older
