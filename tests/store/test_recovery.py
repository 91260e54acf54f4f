"""A missing, empty or damaged file (F29): never an empty ledger in silence, and as little lost as can be."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
import sqlite3
import subprocess
import sys

import pytest

from custom_components.ev_station.model.chain import head_after
from custom_components.ev_station.model.errors import StorageUnavailable
from custom_components.ev_station.model.records import ChainHead, Entry, Person
from custom_components.ev_station.store import Opening, OpenReport, SqliteStore
from custom_components.ev_station.store.backups import backup_path

from .builders import cdr, checkpoint, entries, entry, journal_row, opened, sealing

PAGE = 4096


def reopen(path: Path) -> tuple[SqliteStore, OpenReport]:
    """Open the file again."""
    store = SqliteStore(path)
    return store, store.open()


def overwrite(path: Path, offset: int, what: bytes) -> None:
    """Damage a closed file in place."""
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(what)


def root_page(path: Path, name: str) -> int:
    """Return the offset of a table's or index's first page."""
    connection = sqlite3.connect(path)
    (page,) = connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)
    ).fetchone()
    connection.close()
    return int(page - 1) * PAGE


def damage(path: Path, table: str) -> None:
    """Make a table unreadable from its root on; SQLite notices."""
    overwrite(path, root_page(path, table), b"\xff" * PAGE)


def forge(path: Path, statement: str) -> None:
    """Change a closed file's content behind our back."""
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def fill(path: Path) -> ChainHead:
    """Write inputs 1-3 and record A, back up, then inputs 4-6 where 5 seals record B; return the chain's head."""
    with opened(path) as store:
        store.commit([*entries(1, 2), sealing(3, cdr("A", transactions=(11,)), ChainHead())])
        store.save_checkpoint(checkpoint(2))
        store.remember_person(Person(driver="d1", name="Ada"))
        store.rotate_backups()
        sealed = sealing(5, cdr("B", transactions=(22,)), store.chain_head())
        store.commit([entry(4), sealed, entry(6)])
        return head_after(sealed.postings[0])


def test_a_damaged_file_gives_way_to_the_backup_and_what_it_still_tells(path: Path) -> None:
    head = fill(path)
    damage(path, "frames")
    store, report = reopen(path)
    assert report.opening is Opening.RESTORED
    assert report.problem
    assert report.restored_from == backup_path(path, 1)
    assert report.moved_to == path.with_name(f"{path.name}.damaged-1")
    assert report.moved_to.exists()
    assert report.salvaged == 3
    # Of the inputs up to the backup's checkpoint nothing is needed.
    assert [row.sequence for row in store.journal_after(2)] == [3, 4, 5, 6]
    assert store.chain_head() == head
    assert store.verify_chain() is None
    assert store.cdr("B") == cdr("B", transactions=(22,))
    assert store.used_transactions() == {11, 22}
    assert store.people().get("d1") == Person(driver="d1", name="Ada")
    store.commit([entry(7)])
    store.close()


DIES_READING = """
import os, sys
from pathlib import Path
from tests.store import rooms_only
from custom_components.ev_station.store import SqliteStore, salvage
salvage._copy_inputs = lambda *_: os._exit(9)
SqliteStore(Path(sys.argv[1])).open()
"""
"""The power goes again, as it does, before all was read out of the damaged file."""


@pytest.mark.parametrize("backed_up", [True, False])
def test_dying_in_the_middle_of_it_costs_nothing(path: Path, backed_up: bool) -> None:
    head = fill(path)
    if not backed_up:
        backup_path(path, 1).unlink()
        forge(path, "DELETE FROM checkpoints")
    damage(path, "frames")
    for _ in range(2):
        died = subprocess.run([sys.executable, "-c", DIES_READING, path], check=False)
        assert died.returncode == 9
    store, report = reopen(path)
    assert report.opening is (Opening.RESTORED if backed_up else Opening.LOST)
    assert report.salvaged == (3 if backed_up else 6)
    assert store.last_sequence == 6
    assert store.chain_head() == head
    assert store.verify_chain() is None
    store.close()
    again, report = reopen(path)
    assert report.opening is Opening.OPENED
    again.close()


def test_the_log_of_a_damaged_file_is_read_too(path: Path, tmp_path: Path) -> None:
    fill(path)
    damage(path, "frames")
    # As a crash leaves it: newer inputs stand only in the write-ahead log.
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    row = journal_row(7)
    connection.execute(
        "INSERT INTO journal (sequence, at, kind, charger, event) VALUES (7, 7, ?, 'CP1', ?)",
        (row.kind, row.event),
    )
    log = path.with_name(f"{path.name}-wal")
    kept = tmp_path / "wal"
    kept.write_bytes(log.read_bytes())
    main = path.read_bytes()
    connection.close()
    path.write_bytes(main)
    log.write_bytes(kept.read_bytes())
    store, report = reopen(path)
    assert report.salvaged == 4
    assert store.last_sequence == 7
    store.close()


@pytest.mark.parametrize(
    ("spoil", "salvaged"),
    [
        (lambda path: damage(path, "journal"), 0),
        # The record of input 5 may be lost, so the run ends before the first unsure input.
        (lambda path: damage(path, "cdrs"), 0),
        (lambda path: damage(path, "postings"), 0),
        (lambda path: forge(path, "DELETE FROM journal WHERE sequence = 6"), 2),
        (lambda path: forge(path, "UPDATE journal SET event = x'7b' WHERE sequence = 5"), 1),
        (lambda path: forge(path, "UPDATE cdrs SET body = x'7b' WHERE id = 'B'"), 0),
        (lambda path: forge(path, "UPDATE postings SET body = x'7b' WHERE sequence = 2"), 0),
        (lambda path: forge(path, "PRAGMA user_version = 77"), 0),
    ],
)
def test_salvage_ends_where_an_entry_is_not_whole(
    path: Path, spoil: Callable[[Path], None], salvaged: int
) -> None:
    fill(path)
    spoil(path)
    damage(path, "frames")
    store, report = reopen(path)
    assert report.opening is Opening.RESTORED
    assert report.salvaged == salvaged
    assert store.last_sequence == 3 + salvaged
    assert (store.cdr("B") is not None) == (salvaged >= 2)
    assert store.chain_head().sequence == (2 if salvaged >= 2 else 1)
    assert store.verify_chain() is None
    store.close()


def test_salvage_ends_at_the_last_record_surely_complete(path: Path) -> None:
    fill(path)
    with opened(path) as store:
        third = sealing(7, cdr("C"), store.chain_head())
        store.commit([third, entry(8)])
    forge(path, "UPDATE postings SET body = x'7b' WHERE sequence = 3")
    damage(path, "frames")
    store, report = reopen(path)
    # Posting 2 of input 5 is the last that can be read; there might have been another of input 5.
    assert report.salvaged == 1
    assert store.last_sequence == 4
    store.close()


def test_somebody_erased_since_the_backup_does_not_come_back(path: Path) -> None:
    fill(path)
    with opened(path) as store:
        store.erase_person("d1")
    damage(path, "frames")
    store, report = reopen(path)
    assert report.opening is Opening.RESTORED
    assert store.people().get("d1") is None
    store.close()


def test_people_of_the_backup_stay_when_the_newer_ones_cannot_be_read(path: Path) -> None:
    fill(path)
    damage(path, "people")
    store, _ = reopen(path)
    assert store.people().get("d1") == Person(driver="d1", name="Ada")
    store.close()


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100])
def test_a_file_that_is_no_database_any_more(path: Path, content: bytes) -> None:
    fill(path)
    path.write_bytes(content)
    store, report = reopen(path)
    assert report.opening is Opening.RESTORED
    assert report.salvaged == 0
    assert store.last_sequence == 3
    assert store.chain_head().sequence == 1
    assert store.latest_checkpoint() == checkpoint(2)
    store.close()


def test_a_missing_file_is_restored_and_its_log_set_aside(path: Path) -> None:
    fill(path)
    path.unlink()
    log = path.with_name(f"{path.name}-wal")
    log.write_bytes(b"of another life")
    store, report = reopen(path)
    assert report.opening is Opening.RESTORED
    assert report.problem == "missing"
    assert report.moved_to is None
    assert store.last_sequence == 3
    assert path.with_name(f"{path.name}.damaged-1-wal").read_bytes() == b"of another life"
    store.close()


def test_a_backup_that_is_damaged_too_gives_way_to_the_one_before(path: Path) -> None:
    fill(path)
    with opened(path) as store:
        store.rotate_backups()
    damage(backup_path(path, 1), "postings")
    damage(path, "frames")
    store, report = reopen(path)
    assert report.restored_from == backup_path(path, 2)
    assert store.last_sequence == 6
    store.close()


def test_without_a_backup_a_young_ledger_is_salvaged_and_the_loss_reported(path: Path) -> None:
    with opened(path) as store:
        store.commit([entry(1), sealing(2, cdr("A"), ChainHead())])
    damage(path, "frames")
    store, report = reopen(path)
    assert report.opening is Opening.LOST
    assert report.moved_to is not None
    assert report.salvaged == 2
    assert store.verify_chain() is None
    assert store.chain_head().sequence == 1
    store.close()


def test_without_anything_usable_the_loss_is_reported_and_charging_goes_on(path: Path) -> None:
    path.write_bytes(b"x" * 10000)
    store, report = reopen(path)
    assert report.opening is Opening.LOST
    assert report.problem
    store.commit([entry(1)])
    store.close()


def test_damaged_files_are_never_overwritten(path: Path) -> None:
    for number in (1, 2):
        path.write_bytes(b"x" * 10000)
        store, report = reopen(path)
        store.close()
        assert report.moved_to == path.with_name(f"{path.name}.damaged-{number}")
    assert path.with_name(f"{path.name}.damaged-1").exists()


def test_an_index_that_tells_other_days_is_damage_too(path: Path) -> None:
    fill(path)
    # A month's totals would miss the posting without a word.
    leaf = root_page(path, "ix_postings_day")
    page = path.read_bytes()[leaf : leaf + PAGE]
    overwrite(path, leaf + page.index(b"2026-11-23"), b"2026-12-31")
    store, report = reopen(path)
    assert report.opening is Opening.RESTORED
    assert store.last_sequence == 6
    store.close()


def test_a_locked_file_is_not_taken_for_a_damaged_one(path: Path) -> None:
    fill(path)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("DELETE FROM frames")
    connection.execute("COMMIT")
    store = SqliteStore(path)
    with pytest.raises(StorageUnavailable, match="locked"):
        store.open()
    store.close()
    connection.close()
    store, report = reopen(path)
    assert report.opening is Opening.OPENED
    store.close()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "gone" / "ev_station.db")
    with pytest.raises(StorageUnavailable):
        store.open()


def test_an_older_schema_is_restored_and_migrated_but_not_salvaged_blindly(path: Path) -> None:
    fill(path)
    forge(path, "PRAGMA user_version = 0")
    store, report = reopen(path)
    assert report.opening is Opening.RESTORED
    assert report.salvaged == 0
    store.close()


def test_a_batch_with_two_records_of_one_input_is_salvaged_whole(path: Path) -> None:
    fill(path)
    with opened(path) as store:
        first = sealing(7, cdr("B-C1", session="B", credits="B"), store.chain_head())
        second = sealing(7, cdr("B-1", session="B"), head_after(first.postings[0]))
        both = replace(
            first, cdrs=first.cdrs + second.cdrs, postings=first.postings + second.postings
        )
        store.commit([both, Entry(row=journal_row(8))])
    damage(path, "frames")
    store, report = reopen(path)
    assert report.salvaged == 5
    assert [record.id for record in store.cdrs_of_sessions(["B"])] == ["B", "B-C1", "B-1"]
    assert store.verify_chain() is None
    store.close()
