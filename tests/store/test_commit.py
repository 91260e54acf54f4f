"""Inputs and their decisions go in together and come out as they went in."""

from dataclasses import replace
from pathlib import Path
import sqlite3
import stat

import pytest

from custom_components.ev_station.model.errors import NotHandled, StorageUnavailable
from custom_components.ev_station.model.records import ChainHead, Entry
from custom_components.ev_station.store import Opening, SqliteStore
from custom_components.ev_station.store.connections import writing_engine

from .builders import (
    cdr,
    checkpoint,
    entries,
    entry,
    forget_everything,
    frame,
    journal_row,
    opened,
    sealing,
)


def test_a_new_site_gets_an_empty_private_file(path: Path) -> None:
    store = SqliteStore(path)
    report = store.open()
    assert report.opening is Opening.CREATED
    assert report.problem is None
    assert report.migrated_from is None
    assert store.last_sequence == 0
    assert list(store.journal_after(0)) == []
    assert store.latest_checkpoint() is None
    assert store.used_transactions() == set()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    store.close()


def test_everything_committed_is_there_after_reopening(path: Path) -> None:
    full = replace(
        journal_row(2), charger=None, fresh_session="s", fresh_transaction=9, decision=b'{"A":{}}'
    )
    with opened(path) as store:
        store.commit([entry(1), Entry(row=full)])
        store.commit([entry(3)])
    reopened = SqliteStore(path)
    assert reopened.open().opening is Opening.OPENED
    assert list(reopened.journal_after(0)) == [journal_row(1), full, journal_row(3)]
    assert reopened.last_sequence == 3
    reopened.close()


def test_a_closed_store_is_one_plain_file(path: Path) -> None:
    with opened(path) as store:
        store.commit([entry(1)])
        assert list(store.journal_after(0))
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_the_journal_is_read_in_pages_from_where_one_asks(store: SqliteStore) -> None:
    store.commit(entries(1, 2345))
    assert [row.sequence for row in store.journal_after(17)] == list(range(18, 2346))


def test_a_frame_alone_needs_no_input(store: SqliteStore) -> None:
    store.commit([Entry(row=None, frame=frame())])
    assert store.last_sequence == 0
    assert store.frames("CP1", 10) == [frame()]


def test_an_empty_commit_is_none(store: SqliteStore) -> None:
    store.commit([])
    assert store.last_sequence == 0


def test_a_batch_is_written_wholly_or_not_at_all(store: SqliteStore) -> None:
    sealed = sealing(1, cdr("A"), ChainHead())
    store.commit([sealed])
    again = replace(sealing(3, cdr("B"), ChainHead()), row=journal_row(3), frame=frame())
    with pytest.raises(NotHandled):
        store.commit([entry(2), again])  # a second posting 1
    assert [row.sequence for row in store.journal_after(0)] == [1]
    assert store.cdr("B") is None
    assert store.frames("CP1", 10) == []
    store.commit(entries(2, 3))
    assert store.last_sequence == 3


def test_messages_of_errors_hold_no_values(store: SqliteStore) -> None:
    store.commit([entry(1)])
    secret = replace(journal_row(1), event=b'{"token":"04AABBCC"}')
    with pytest.raises(NotHandled) as caught:
        store.commit([Entry(row=secret)])
    assert "04AABBCC" not in str(caught.value)


def test_transaction_ids_stay_used_for_ever(store: SqliteStore) -> None:
    offered = replace(journal_row(1), fresh_transaction=77)
    sealed = sealing(2, cdr("A", transactions=(77, -1, 5)), ChainHead())
    store.commit([Entry(row=offered), sealed])
    store.save_checkpoint(checkpoint(2))
    forget_everything(store)
    assert list(store.journal_after(0)) == []
    assert store.used_transactions() == {77, -1, 5}


def test_the_last_three_checkpoints_are_kept(store: SqliteStore) -> None:
    for sequence in (1, 2, 3, 4, 5):
        store.save_checkpoint(checkpoint(sequence))
    assert store.latest_checkpoint() == checkpoint(5)
    assert [kept.sequence for kept in store.checkpoints()] == [5, 4, 3]


def test_a_checkpoint_takes_the_place_of_one_at_the_same_sequence(store: SqliteStore) -> None:
    store.save_checkpoint(checkpoint(1))
    newer = replace(checkpoint(1), schema=2, state=b"{}")
    store.save_checkpoint(newer)
    assert list(store.checkpoints()) == [newer]


def test_the_sequence_goes_on_after_a_checkpoint_whose_inputs_are_pruned(path: Path) -> None:
    with opened(path) as store:
        store.commit(entries(1, 3))
        store.save_checkpoint(checkpoint(3))
        forget_everything(store)
        assert list(store.journal_after(0)) == []
        assert store.last_sequence == 3
    with opened(path) as store:
        store.commit([entry(4)])


def test_commits_reach_the_medium_before_they_return(store: SqliteStore, path: Path) -> None:
    # 2 is FULL: SQLite syncs the write-ahead log in every commit.
    with writing_engine(path).connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"


def test_readers_cannot_write(store: SqliteStore) -> None:
    with (
        pytest.raises(StorageUnavailable, match="readonly"),
        store._reader.connection() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM postings")


def test_reading_goes_on_beside_a_long_write(store: SqliteStore, path: Path) -> None:
    store.commit([entry(1)])
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM journal")
    assert store.last_sequence == 1
    writer.execute("ROLLBACK")
    writer.close()
