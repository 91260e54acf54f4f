"""What is forgotten and what never is."""

from datetime import timedelta

from custom_components.ev_station.model.chain import head_after
from custom_components.ev_station.model.records import ChainHead, Entry
from custom_components.ev_station.store import SqliteStore

from .builders import NOON, cdr, checkpoint, entries, entry, frame, sealing

LATER = NOON + timedelta(days=30)


def kept(store: SqliteStore) -> list[int]:
    """Return the inputs that are left."""
    return [row.sequence for row in store.journal_after(0)]


def test_old_frames_go_and_young_ones_stay(store: SqliteStore) -> None:
    young = frame(NOON + timedelta(seconds=1))
    store.commit([Entry(row=None, frame=each) for each in (frame(), young)])
    assert store.prune(young.at) == 1
    assert store.frames("CP1", 10) == [young]
    assert store.prune(young.at) == 0


def test_inputs_stay_while_there_is_no_checkpoint(store: SqliteStore) -> None:
    store.commit(entries(1, 3))
    assert store.prune(LATER) == 3  # their frames
    assert kept(store) == [1, 2, 3]


def test_inputs_after_the_oldest_kept_checkpoint_stay(store: SqliteStore) -> None:
    store.commit(entries(1, 9))
    for sequence in (2, 4, 6, 8):
        store.save_checkpoint(checkpoint(sequence))
    while store.prune(LATER):
        pass
    assert kept(store) == [5, 6, 7, 8, 9]


def test_young_inputs_stay_although_a_checkpoint_holds_them(store: SqliteStore) -> None:
    store.commit([entry(1), entry(2, at=LATER), entry(3, at=LATER)])
    store.save_checkpoint(checkpoint(3))
    while store.prune(LATER):
        pass
    assert kept(store) == [2, 3]


def test_a_call_forgets_only_some(store: SqliteStore) -> None:
    store.commit(entries(1, 4500))
    store.save_checkpoint(checkpoint(4500))
    steps = []
    while removed := store.prune(LATER):
        steps.append(removed)
    assert steps == [4000, 4000, 1000]
    assert kept(store) == []


def test_the_ledger_is_never_pruned(store: SqliteStore) -> None:
    first = sealing(1, cdr("A"), ChainHead())
    second = sealing(2, cdr("B"), head_after(first.postings[0]))
    store.commit([first, second])
    store.save_checkpoint(checkpoint(2))
    while store.prune(LATER):
        pass
    assert kept(store) == []
    assert store.cdrs(["A", "B"]).keys() == {"A", "B"}
    assert store.verify_chain() is None
    assert store.chain_head().sequence == 2
