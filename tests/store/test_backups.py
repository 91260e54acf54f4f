"""Copies of a live store are complete, plain, private, and never replace a good copy by a bad one."""

from datetime import timedelta
import os
from pathlib import Path
import sqlite3
import stat
from threading import Event, Thread

import pytest

from custom_components.ev_station.model.errors import StorageUnavailable
from custom_components.ev_station.model.records import ChainHead, Person
from custom_components.ev_station.store import Opening, SqliteStore
from custom_components.ev_station.store.backups import backup_path

from .builders import (
    NOON,
    cdr,
    checkpoint,
    entries,
    entry,
    forget_everything,
    frame,
    opened,
    sealing,
)


def sequences(path: Path) -> list[int]:
    """Return a copy's inputs, without opening it as a store."""
    connection = sqlite3.connect(path)
    found = [row for (row,) in connection.execute("SELECT sequence FROM journal ORDER BY 1")]
    connection.close()
    return found


def test_a_complete_copy_is_one_file_that_opens(
    store: SqliteStore, path: Path, tmp_path: Path
) -> None:
    store.commit([*entries(1, 3), sealing(4, cdr("A"), ChainHead())])
    target = tmp_path / "copy.db"
    target.write_bytes(b"an older copy")
    store.backup_to(target)
    store.commit([entry(5)])
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert {file.name for file in tmp_path.iterdir()} == {"copy.db", path.parent.name}
    copy = SqliteStore(target)
    assert copy.open().opening is Opening.OPENED
    assert copy.last_sequence == 4
    assert copy.cdr("A") == cdr("A")
    assert copy.frames("CP1", 1) == [frame(NOON + timedelta(seconds=3))]
    copy.close()


def test_a_copy_made_while_others_commit_is_of_one_moment(
    store: SqliteStore, tmp_path: Path
) -> None:
    store.commit(entries(1, 500))
    stop, begun = Event(), Event()

    def commit_on() -> None:
        sequence = 501
        while not stop.is_set():
            store.commit(entries(sequence, sequence + 9))
            sequence += 10
            begun.set()

    writer = Thread(target=commit_on)
    writer.start()
    begun.wait(10)
    for number in range(5):
        store.backup_to(tmp_path / f"copy-{number}.db")
    stop.set()
    writer.join()
    for number in range(5):
        found = sequences(tmp_path / f"copy-{number}.db")
        assert found == list(range(1, len(found) + 1))
        assert len(found) % 10 == 0
        assert len(found) > 500


def test_rolling_backups_move_on(store: SqliteStore, path: Path) -> None:
    for sequence in (1, 2, 3, 4, 5):
        store.commit([entry(sequence)])
        store.rotate_backups(keep=3)
    assert sequences(backup_path(path, 1)) == [1, 2, 3, 4, 5]
    assert sequences(backup_path(path, 2)) == [1, 2, 3, 4]
    assert sequences(backup_path(path, 3)) == [1, 2, 3]
    assert not backup_path(path, 4).exists()


def test_a_rolling_backup_holds_what_a_restart_and_the_bills_need(
    store: SqliteStore, path: Path
) -> None:
    store.commit([*entries(1, 3), sealing(4, cdr("A", transactions=(8,)), ChainHead())])
    store.save_checkpoint(checkpoint(3))
    store.remember_person(Person(driver="d1", name="Ada", plates=("B-EV 1",)))
    store.rotate_backups()
    assert stat.S_IMODE(backup_path(path, 1).stat().st_mode) == 0o600
    with opened(backup_path(path, 1)) as copy:
        assert [row.sequence for row in copy.journal_after(0)] == [4]
        assert copy.latest_checkpoint() == checkpoint(3)
        assert copy.cdr("A") == store.cdr("A")
        assert copy.verify_chain() is None
        assert copy.chain_head() == store.chain_head()
        assert copy.used_transactions() == {8}
        assert copy.people().get("d1") == store.people().get("d1")
        assert copy.frames("CP1", 10) == []


def test_a_damaged_store_does_not_push_out_good_backups(store: SqliteStore, path: Path) -> None:
    store.commit([sealing(1, cdr("A"), ChainHead())])
    store.rotate_backups()
    store.close()
    good = backup_path(path, 1).read_bytes()
    connection = sqlite3.connect(path)
    (page,) = connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = 'postings'"
    ).fetchone()
    connection.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    with pytest.raises(StorageUnavailable):
        store.rotate_backups()
    with pytest.raises(StorageUnavailable):
        store.backup_to(path.with_name("copy.db"))
    assert backup_path(path, 1).read_bytes() == good
    assert not backup_path(path, 2).exists()
    assert not list(path.parent.glob("copy.db*")) + list(path.parent.glob("*.partial"))


def test_of_a_missing_store_nothing_is_copied_and_nothing_made_in_its_place(
    store: SqliteStore, path: Path
) -> None:
    store.close()
    path.unlink()
    with pytest.raises(StorageUnavailable):
        store.rotate_backups()
    with pytest.raises(StorageUnavailable):
        store.backup_to(path.with_name("copy.db"))
    assert list(path.parent.iterdir()) == []


def test_a_copy_into_a_folder_that_is_not_there(store: SqliteStore, tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable):
        store.backup_to(tmp_path / "gone" / "copy.db")


def test_a_backup_a_day_old_still_takes_prunes_into_account(store: SqliteStore, path: Path) -> None:
    store.commit(entries(1, 3))
    store.save_checkpoint(checkpoint(3))
    forget_everything(store)
    store.rotate_backups()
    with opened(backup_path(path, 1)) as copy:
        assert copy.last_sequence == 3


def test_when_the_newest_rolling_backup_was_written(store: SqliteStore, path: Path) -> None:
    assert store.backed_up_at() is None
    store.rotate_backups()
    store.rotate_backups()
    os.utime(backup_path(path, 2), (0, NOON.timestamp() - 60))
    os.utime(backup_path(path, 1), (0, NOON.timestamp()))
    assert store.backed_up_at() == NOON
