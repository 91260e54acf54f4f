"""Full, locked, missing or exchanged storage (F28): refused at once, nothing half written, well again afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
import os
from pathlib import Path
import shutil
import sqlite3
import subprocess
import sys
from time import monotonic

import pytest

from custom_components.ev_station.model.errors import NotHandled, StorageUnavailable
from custom_components.ev_station.model.records import ChainHead, Entry
from custom_components.ev_station.store import SqliteStore

from .builders import NOON, cdr, checkpoint, entries, entry, frame, opened, sealing
from .test_recovery import damage, fill

HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


@contextmanager
def locked_by_another_process(path: Path) -> Iterator[None]:
    """Hold the write lock in a second process during the block."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"locked\n"
        yield
        holder.communicate()


def test_a_lock_held_elsewhere_fails_soon_and_passes(store: SqliteStore, path: Path) -> None:
    store.commit([entry(1)])
    with locked_by_another_process(path):
        begun = monotonic()
        for _ in range(3):
            with pytest.raises(StorageUnavailable, match="locked"):
                store.commit([entry(2)])
        assert monotonic() - begun < 5
        assert store.last_sequence == 1
    store.commit([entry(2)])
    assert store.last_sequence == 2


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system of 1 MiB."""
    mount = tmp_path / "disk"
    mount.mkdir()
    options = ["-t", "tmpfs", "-o", "size=1m", "tmpfs"]
    if os.geteuid() or subprocess.run(["mount", *options, mount], check=False).returncode:
        pytest.skip("needs root to mount a file system")
    yield mount
    subprocess.run(["umount", "--lazy", mount], check=True)


def test_a_full_disk_loses_nothing_and_works_again(small_disk: Path) -> None:
    with opened(small_disk / "ev_station.db") as store:
        store.commit([entry(1)])
        ballast = small_disk / "ballast"
        fill_disk(ballast)
        acknowledged = commit_until_full(store)
        for _ in range(3):
            with pytest.raises(StorageUnavailable):
                store.commit([sealing(acknowledged + 1, cdr("A"), ChainHead())])
        with pytest.raises(StorageUnavailable):
            store.save_checkpoint(checkpoint(acknowledged))
        assert store.last_sequence == acknowledged
        assert store.cdr("A") is None
        ballast.unlink()
        store.commit([sealing(acknowledged + 1, cdr("A"), ChainHead())])
    with opened(small_disk / "ev_station.db") as store:
        sequences = [row.sequence for row in store.journal_after(0)]
        assert sequences == list(range(1, acknowledged + 2))
        assert store.cdr("A") == cdr("A")


def test_a_nearly_full_disk_does_not_make_a_damaged_file_tell_less(small_disk: Path) -> None:
    path, ballast = small_disk / "ev_station.db", small_disk / "ballast"
    fill(path)
    damage(path, "frames")
    free = shutil.disk_usage(small_disk).free
    # A page less each time: it fails in every way, and at last there is room.
    for taken in range(free, 0, -os.sysconf("SC_PAGESIZE")):
        ballast.write_bytes(bytes(taken))
        store = SqliteStore(path)
        try:
            assert store.open().salvaged == 3
        except StorageUnavailable:
            continue
        assert store.last_sequence == 6
        store.close()
        return
    pytest.fail("it never opened")


def fill_disk(ballast: Path) -> None:
    """Write until nothing goes in any more."""

    def write_on() -> None:
        while True:
            file.write(bytes(4096))

    with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="space"):
        write_on()


def commit_until_full(store: SqliteStore) -> int:
    """Commit batches of an input and a large frame until one fails; return the last input that went in."""
    for sequence in range(2, 1000):
        large = Entry(row=entry(sequence).row, frame=frame(text="x" * 20_000))
        try:
            store.commit([large])
        except StorageUnavailable:
            return sequence - 1
    pytest.fail("the disk never filled")


def test_a_limited_file_fails_like_a_full_disk(store: SqliteStore) -> None:
    store.commit([entry(1)])
    connection = store._writer._connection
    assert connection is not None
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    (pages,) = raw.execute("PRAGMA page_count").fetchone()
    raw.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageUnavailable, match="full"):
        store.commit([Entry(row=entry(2).row, frame=frame(text="x" * 100_000))])
    # The next commit has a new connection, and the limit was the connection's.
    store.commit(entries(2, 3))
    assert [row.sequence for row in store.journal_after(0)] == [1, 2, 3]


def test_what_contradicts_the_ledger_is_no_failure_of_the_medium(store: SqliteStore) -> None:
    store.commit([sealing(1, cdr("A"), ChainHead())])
    with pytest.raises(NotHandled):
        store.commit([entry(2), sealing(3, cdr("A"), store.chain_head())])
    assert store.last_sequence == 1
    store.commit([entry(2)])


def test_a_deleted_file_does_not_swallow_commits(store: SqliteStore, path: Path) -> None:
    store.commit([entry(1)])
    aside = path.with_name("aside")
    path.rename(aside)
    with pytest.raises(StorageUnavailable):
        store.commit([entry(2)])
    # Nor is an empty one made in its place.
    assert not path.exists()
    aside.rename(path)
    store.commit([entry(2)])
    assert store.last_sequence == 2


def test_another_file_put_in_place_at_work_does_not_let_commits_vanish(
    store: SqliteStore, path: Path
) -> None:
    store.commit([entry(1)])
    older, aside = path.with_name("older"), path.with_name("aside")
    store.backup_to(older)
    store.commit([entry(2)])
    store.fold()
    path.rename(aside)
    older.rename(path)
    with pytest.raises(StorageUnavailable, match="acknowledged 2"):
        store.commit([entry(3)])
    path.unlink()
    aside.rename(path)
    store.commit([entry(3)])
    assert store.last_sequence == 3


def test_an_older_copy_put_in_place_is_refused(store: SqliteStore, path: Path) -> None:
    store.commit([entry(1)])
    copy = path.with_name("copy")
    store.backup_to(copy)
    store.commit([entry(2)])
    store.close()
    shutil.copy(copy, path)
    with pytest.raises(StorageUnavailable, match="acknowledged 2"):
        store.commit([entry(3)])


def test_what_a_failed_commit_left_behind_is_undone(store: SqliteStore, path: Path) -> None:
    store.commit([sealing(1, cdr("A"), ChainHead())])
    # The medium reported an error but kept the commit, as another handle now sees.
    with opened(path) as other:
        other.commit([sealing(2, cdr("B"), other.chain_head()), entry(3)])
    store._writer.close()
    store.commit([entry(2)])
    assert [row.sequence for row in store.journal_after(0)] == [1, 2]
    assert store.cdr("B") is None
    assert store.chain_head().sequence == 1


def test_reading_fails_in_the_same_way(store: SqliteStore, path: Path) -> None:
    store.commit([entry(1)])
    store.close()
    path.write_bytes(b"x" * 5000)
    with pytest.raises(StorageUnavailable):
        store.chain_head()
    with pytest.raises(StorageUnavailable):
        list(store.journal_after(0))
    with pytest.raises(StorageUnavailable):
        store.prune(NOON, timedelta(days=30))
