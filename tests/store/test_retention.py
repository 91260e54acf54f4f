"""What is forgotten, when, whatever our clock says in between, and what never is."""

from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings, strategies as st

from custom_components.ev_station.model.chain import head_after
from custom_components.ev_station.model.records import ChainHead, Entry
from custom_components.ev_station.store import SqliteStore

from .builders import NOON, cdr, checkpoint, entries, entry, frame, opened, sealing

DAY = timedelta(days=1)
KEEP = 3 * DAY


def kept(store: SqliteStore) -> list[int]:
    """Return the inputs that are left."""
    return [row.sequence for row in store.journal_after(0)]


def texts(store: SqliteStore) -> list[str]:
    """Return the frames that are left, oldest first by their own time."""
    return [each.text for each in reversed(store.frames("CP1", 10**6))]


def live_on(store: SqliteStore, days: int, begin: datetime = NOON) -> datetime:
    """Let days begin, one after the other; return the moment of the last one."""
    for number in range(days):
        store.begin_day(begin + number * DAY)
    return begin + (days - 1) * DAY


def forget(store: SqliteStore, now: datetime) -> list[int]:
    """Prune until nothing is left to forget; return what each step removed."""
    steps = []
    while removed := store.prune(now, KEEP):
        steps.append(removed)
    return steps


def test_old_frames_go_and_young_ones_stay(store: SqliteStore) -> None:
    store.commit([Entry(row=None, frame=frame(text="old"))])
    live_on(store, 1)
    store.commit([Entry(row=None, frame=frame(NOON + DAY / 2, text="young"))])
    now = live_on(store, 2, NOON + DAY)
    assert forget(store, now) == []
    now = live_on(store, 1, NOON + KEEP)
    assert forget(store, now) == [1]
    assert texts(store) == ["young"]


def test_inputs_stay_while_there_is_no_checkpoint(store: SqliteStore) -> None:
    store.commit(entries(1, 3))
    forget(store, live_on(store, 4))
    assert kept(store) == [1, 2, 3]


def test_inputs_after_the_newest_checkpoint_stay(store: SqliteStore) -> None:
    store.commit(entries(1, 9))
    for sequence in (2, 4, 6):
        store.save_checkpoint(checkpoint(sequence))
    forget(store, live_on(store, 4))
    assert kept(store) == [7, 8, 9]


def test_inputs_after_a_young_checkpoint_stay_whatever_came_after_it(store: SqliteStore) -> None:
    store.commit(entries(1, 4))
    live_on(store, 1)
    for sequence in (4, 6, 8):
        store.commit(entries(sequence + 1, sequence + 2))
        store.save_checkpoint(checkpoint(sequence))
    forget(store, live_on(store, 3, NOON + DAY))
    assert kept(store) == [5, 6, 7, 8, 9, 10]
    assert [each.sequence for each in store.checkpoints()] == [8, 6, 4]


def test_where_nothing_happens_any_more_only_the_newest_checkpoint_stays(
    store: SqliteStore,
) -> None:
    store.commit(entries(1, 9))
    for sequence in (2, 8, 9):
        store.save_checkpoint(checkpoint(sequence))
    forget(store, live_on(store, 4))
    assert [each.sequence for each in store.checkpoints()] == [9]
    assert (kept(store), texts(store)) == ([], [])


def test_young_inputs_stay_although_a_checkpoint_holds_them(store: SqliteStore) -> None:
    store.commit([entry(1)])
    live_on(store, 1)
    store.commit([entry(2), entry(3)])
    store.save_checkpoint(checkpoint(3))
    forget(store, live_on(store, 3, NOON + DAY))
    assert kept(store) == [2, 3]


def test_a_call_forgets_only_some(store: SqliteStore) -> None:
    store.commit(entries(1, 4500))
    store.save_checkpoint(checkpoint(4500))
    assert forget(store, live_on(store, 4)) == [4000, 4000, 1000]
    assert kept(store) == []


def test_after_a_long_silence_new_frames_are_not_taken_for_old_ones(store: SqliteStore) -> None:
    store.commit([Entry(row=None, frame=frame()) for _ in range(5)])
    now = live_on(store, 10)
    forget(store, now)
    store.commit([Entry(row=None, frame=frame(now, text="new")) for _ in range(3)])
    forget(store, live_on(store, 2, now + DAY))
    assert texts(store).count("new") == 3


def test_the_ledger_is_never_pruned(store: SqliteStore) -> None:
    first = sealing(1, cdr("A"), ChainHead())
    second = sealing(2, cdr("B"), head_after(first.postings[0]))
    store.commit([first, second])
    store.save_checkpoint(checkpoint(2))
    forget(store, live_on(store, 4))
    assert kept(store) == []
    assert store.cdrs(["A", "B"]).keys() == {"A", "B"}
    assert store.verify_chain() is None
    assert store.chain_head().sequence == 2


CLOCKS = st.lists(
    st.sampled_from([0, 0, 0, 365, 3650, -365, -20000]).map(lambda days: days * DAY),
    min_size=1,
    max_size=12,
)
"""How far the clock is wrong on each of some days."""


@given(wrong=CLOCKS)
@settings(max_examples=40, deadline=None)
def test_a_clock_that_jumps_neither_stalls_nor_hastens_forgetting(wrong: list[timedelta]) -> None:
    """Each true day brings a frame. The clock may be wrong on any day, and is right on the last ones."""
    with TemporaryDirectory() as folder, opened(Path(folder) / "ev_station.db") as store:
        for number, error in enumerate([*wrong, *[timedelta(0)] * 5]):
            clock = NOON + number * DAY + error
            store.begin_day(clock)
            forget(store, clock)
            left = set(map(int, texts(store)))
            assert left >= set(range(max(0, number - KEEP.days), number))
            store.commit([Entry(row=None, frame=frame(clock, text=str(number)))])
        assert left == set(range(number - KEEP.days, number))
