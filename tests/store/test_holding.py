"""A held file may be copied by anybody, in any order and at any pace, while commits go on at full speed."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from random import Random
import shutil
import sqlite3
from threading import Event, Lock, Thread

import pytest

from custom_components.ev_station.model.errors import StorageUnavailable
from custom_components.ev_station.model.records import Person
from custom_components.ev_station.store import Opening, SqliteStore

from .builders import cdr, checkpoint, entries, entry, opened, sealing

SEEDS = range(10)
COPIES = 20
PIECE = 16 * 1024


class Committer:
    """Commits inputs, records and checkpoints without a pause."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.turn = Lock()
        """Writing belongs to one thread at a time."""
        self.acknowledged = 0
        self._stop = Event()

    def _commit_on(self) -> None:
        for number in count(1):
            if self._stop.is_set():
                return
            with self.turn:
                self._commit(number)

    def _commit(self, number: int) -> None:
        sequence = self.acknowledged + 3
        sealed = sealing(sequence, cdr(f"S{number}"), self.store.chain_head())
        self.store.commit([*entries(sequence - 2, sequence - 1), sealed])
        self.acknowledged = sequence
        if number % 10 == 0:
            self.store.save_checkpoint(checkpoint(sequence))
        if number % 25 == 0:
            self.store.fold()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Commit during the block."""
        worker = Thread(target=self._commit_on)
        worker.start()
        try:
            yield
        finally:
            self._stop.set()
            worker.join()


def copy_in_pieces(source: Path, target: Path, random: Random) -> None:
    """Copy file and log in any order, piece by piece, letting the committer go on in between.

    Who does not know better copies the log's index too.
    """
    suffixes = ["", "-wal", *random.choice([[], ["-shm"]])]
    random.shuffle(suffixes)
    for suffix in suffixes:
        file, copy = Path(f"{source}{suffix}"), Path(f"{target}{suffix}")
        # As tar does: the size is that of the beginning.
        size = file.stat().st_size
        with file.open("rb") as reader, copy.open("wb") as writer:
            for begin in range(0, size, PIECE):
                Event().wait(random.random() / 500)
                writer.write(reader.read(min(PIECE, size - begin)))


def check_copy(path: Path, acknowledged: int) -> None:
    """A restored copy is whole, holds what was acknowledged before it was begun, and its ledger verifies."""
    with closing(sqlite3.connect(path)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    store = SqliteStore(path)
    assert store.open().opening is Opening.OPENED
    last = store.last_sequence
    assert last >= acknowledged
    assert [row.sequence for row in store.journal_after(0)] == list(range(1, last + 1))
    assert store.chain_head().sequence == last // 3
    assert store.verify_chain() is None
    store.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_copies_taken_at_full_speed_are_whole(
    store: SqliteStore, path: Path, tmp_path: Path, seed: int
) -> None:
    random, committer = Random(seed), Committer(store)
    with committer.at_work():
        for number in range(COPIES):
            folder = tmp_path / f"restored-{number}"
            folder.mkdir()
            with committer.turn:
                store.hold()
                acknowledged = committer.acknowledged
            copy_in_pieces(path, folder / "ev_station.db", random)
            with committer.turn:
                store.release()
                check_copy(folder / "ev_station.db", acknowledged)
            shutil.rmtree(folder)
    assert store.verify_chain() is None


def test_the_log_is_folded_afterwards(store: SqliteStore, path: Path) -> None:
    store.hold()
    store.commit(entries(1, 2000))
    log = path.with_name(f"{path.name}-wal")
    assert log.stat().st_size > 0
    store.release()
    assert log.stat().st_size == 0
    assert store.last_sequence == 2000


def test_holding_twice_and_closing_while_held(store: SqliteStore, path: Path) -> None:
    store.hold()
    store.commit([entry(1)])
    store.hold()
    store.release()
    store.release()
    store.hold()
    store.commit([entry(2)])
    store.close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    with opened(path) as again:
        assert again.last_sequence == 2


def test_who_is_erased_while_held_is_gone_when_let_go(store: SqliteStore, path: Path) -> None:
    store.remember_person(Person(driver="d1", name="Lovelace"))
    store.hold()
    store.erase_person("d1")
    store.release()
    assert all(b"Lovelace" not in file.read_bytes() for file in path.parent.iterdir())


def test_a_file_that_is_not_there_cannot_be_held(store: SqliteStore, path: Path) -> None:
    store.close()
    path.unlink()
    with pytest.raises(StorageUnavailable):
        store.hold()
    store.release()


def test_a_file_somebody_else_writes_to_is_held_once_they_are_done(
    store: SqliteStore, path: Path
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageUnavailable):
            store.hold()
        other.execute("ROLLBACK")
        store.hold()
    store.release()
