"""The sealed ledger: what is asked of it, and what it notices."""

from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import count
from pathlib import Path
import sqlite3
from threading import Event, Thread

import pytest

from custom_components.ev_station.model.chain import ChainBreak, head_after, posting_body
from custom_components.ev_station.model.codec import canonical
from custom_components.ev_station.model.records import Cdr, ChainHead, Entry, Posting, Total
from custom_components.ev_station.store import SqliteStore

from .builders import NOON, cdr, frame, posting, sealing


def seal(store: SqliteStore, *records: Cdr, day: date = date(2026, 11, 23)) -> list[Posting]:
    """Commit records, an input each, behind what the ledger has; return their postings."""
    made: list[Posting] = []
    for record in records:
        item = sealing(store.last_sequence + 1, record, store.chain_head(), day=day)
        store.commit([item])
        made += item.postings
    return made


def credit_of(record: Cdr) -> Cdr:
    """Return the credit that takes a record back whole."""
    return replace(
        record,
        id=f"{record.id}-C1",
        credits=record.id,
        energy_wh=-record.energy_wh,
        amount=-record.amount,
    )


def test_records_come_back_as_they_were_sealed(store: SqliteStore) -> None:
    record = cdr("A", energy_wh=Decimal("7250.000"), amount=Decimal("2.10"))
    seal(store, record, cdr("B"))
    found = store.cdr("A")
    assert found == record
    assert str(found.amount) == "2.10"
    assert store.cdrs(["B", "nothing", "A"]) == {"A": record, "B": cdr("B")}
    assert store.cdr("nothing") is None


def test_a_thousand_records_can_be_asked_for_at_once(store: SqliteStore) -> None:
    names = [f"S{number}" for number in range(1000)]
    seal(store, *(cdr(name) for name in names[:600:100]))
    assert len(store.cdrs(names)) == 6
    assert len(store.cdrs_of_sessions(names)) == 6


def test_corrections_of_a_session_come_in_the_order_they_were_posted(store: SqliteStore) -> None:
    first = cdr("A")
    replacement = replace(first, id="A-1", driver="d2")
    seal(store, first, cdr("B"), credit_of(first), replacement)
    assert [record.id for record in store.cdrs_of_sessions(["A"])] == ["A", "A-C1", "A-1"]


def test_the_latest_record_is_the_one_that_holds(store: SqliteStore) -> None:
    first = cdr("A")
    assert store.latest_cdr("A") is None
    seal(store, first)
    assert store.latest_cdr("A") == first
    seal(store, credit_of(first))
    assert store.latest_cdr("A") is None
    replacement = replace(first, id="A-1", driver="d2")
    seal(store, replacement)
    assert store.latest_cdr("A") == replacement


def test_postings_by_day_driver_and_sheet(store: SqliteStore) -> None:
    (a,) = seal(store, cdr("A"), day=date(2026, 10, 31))
    (b,) = seal(store, cdr("B", driver="d2"), day=date(2026, 11, 1))
    (c,) = seal(store, cdr("C", sheet="s2"), day=date(2026, 11, 30))
    (d,) = seal(store, cdr("D", driver=None, sheet=None), day=date(2026, 12, 1))
    assert store.postings() == [a, b, c, d]
    assert store.postings(date(2026, 11, 1), date(2026, 11, 30)) == [b, c]
    assert store.postings(first_day=date(2026, 12, 1)) == [d]
    assert store.postings(last_day=date(2026, 10, 31)) == [a]
    assert store.postings(driver="d1") == [a, c]
    assert store.postings(sheet="s1", driver="d2") == [b]


def test_month_totals_are_exact_and_count_what_holds(store: SqliteStore) -> None:
    tenth = {"amount": Decimal("0.1"), "energy_wh": Decimal("0.1")}
    first = cdr("A", **tenth)
    seal(store, first, cdr("B", **tenth), cdr("C", **tenth))
    seal(store, credit_of(first), replace(first, id="A-1", driver="d2"))
    seal(store, cdr("D", driver=None, currency="SEK", **tenth))
    seal(store, cdr("E", **tenth), day=date(2026, 12, 1))
    totals = store.month_totals(date(2026, 11, 1), date(2026, 11, 30))

    def total(driver: str | None, currency: str, amount: str, sessions: int) -> Total:
        exact = Decimal(amount)
        return Total(
            driver=driver, currency=currency, energy_wh=exact, amount=exact, sessions=sessions
        )

    assert totals == [
        total("d1", "EUR", "0.2", 2),
        total("d2", "EUR", "0.1", 1),
        total(None, "SEK", "0.1", 1),
    ]


def test_an_empty_month_has_no_totals(store: SqliteStore) -> None:
    assert store.month_totals(date(2026, 11, 1), date(2026, 11, 30)) == []


def test_the_chain_grows_from_its_head(store: SqliteStore) -> None:
    assert store.chain_head() == ChainHead()
    assert store.verify_chain() is None
    postings = seal(store, *(cdr(name) for name in "ABC"))
    assert [row.sequence for row in postings] == [1, 2, 3]
    assert store.chain_head() == head_after(postings[-1])
    assert store.verify_chain() is None


def test_a_long_chain_is_verified_page_by_page(store: SqliteStore) -> None:
    head, batch = ChainHead(), []
    for number in range(1, 1203):
        item = sealing(number, cdr(f"S{number}"), head)
        head = head_after(item.postings[0])
        batch.append(item)
    store.commit(batch)
    assert store.chain_head() == head
    assert store.verify_chain() is None


@pytest.mark.parametrize(
    ("forgery", "found"),
    [
        ("DELETE FROM postings WHERE sequence = 2", ChainBreak(sequence=2, problem="missing")),
        ("DELETE FROM postings WHERE sequence = 1", ChainBreak(sequence=1, problem="missing")),
        (
            "UPDATE postings SET body = CAST(replace(CAST(body AS TEXT), '2.18', '2.19') AS BLOB)"
            " WHERE sequence = 2",
            ChainBreak(sequence=2, problem="changed"),
        ),
        (
            "UPDATE postings SET amount = '0.18' WHERE sequence = 3",
            ChainBreak(sequence=3, problem="columns"),
        ),
        (
            "UPDATE postings SET driver = NULL WHERE sequence = 1",
            ChainBreak(sequence=1, problem="columns"),
        ),
        (
            "UPDATE cdrs SET body = CAST(replace(CAST(body AS TEXT), 'Garage', 'Garden') AS BLOB)"
            " WHERE id = 'B'",
            ChainBreak(sequence=2, problem="record"),
        ),
        ("UPDATE cdrs SET sheet = 's2' WHERE id = 'C'", ChainBreak(sequence=3, problem="record")),
        ("DELETE FROM cdrs WHERE id = 'A'", ChainBreak(sequence=1, problem="record")),
        ("DELETE FROM postings WHERE sequence = 3", ChainBreak(sequence=3, problem="missing")),
    ],
)
def test_tampering_is_found(
    store: SqliteStore, path: Path, forgery: str, found: ChainBreak
) -> None:
    seal(store, *(cdr(name) for name in "ABC"))
    forger = sqlite3.connect(path)
    forger.execute(forgery)
    forger.commit()
    forger.close()
    assert store.verify_chain() == found


def test_what_is_sealed_while_the_chain_is_verified_is_not_missing(store: SqliteStore) -> None:
    seal(store, *(cdr(f"S{number}") for number in range(1200)))
    stop = Event()

    def seal_on() -> None:
        for number in count(1200):
            if stop.is_set():
                return
            seal(store, cdr(f"S{number}"))

    writer = Thread(target=seal_on)
    writer.start()
    breaks = [store.verify_chain() for _ in range(5)]
    stop.set()
    writer.join()
    assert breaks == [None] * 5


def test_an_end_cut_off_with_its_records_is_missed_by_who_knew_it(
    store: SqliteStore, path: Path
) -> None:
    _, second, third = seal(store, *(cdr(name) for name in "ABC"))
    assert store.verify_chain(head_after(third)) is None
    assert store.verify_chain(head_after(second)) is None
    with closing(sqlite3.connect(path)) as forger, forger:
        forger.execute("DELETE FROM postings WHERE sequence = 3")
        forger.execute("DELETE FROM cdrs WHERE id = 'C'")
    assert store.verify_chain() is None
    assert store.verify_chain(head_after(third)) == ChainBreak(sequence=3, problem="missing")


def test_an_end_replaced_by_another_is_noticed_by_who_knew_it(store: SqliteStore) -> None:
    seal(store, cdr("A"))
    elsewhere = posting(cdr("B"), store.chain_head())
    seal(store, cdr("C"), cdr("D"))
    assert store.verify_chain() is None
    assert store.verify_chain(head_after(elsewhere)) == ChainBreak(sequence=2, problem="changed")


def test_a_ledger_of_an_older_version_holds_although_its_bodies_lack_fields(
    store: SqliteStore, path: Path
) -> None:
    (sealed,) = seal(store, cdr("A"))
    record = canonical(cdr("A")).replace(b'"stop_reason":null,', b"")
    line = posting_body(replace(sealed, cdr_hash=sha256(record).hexdigest()))
    line = line.replace(b'"refers_to":null,', b"")
    with closing(sqlite3.connect(path)) as older, older:
        older.execute("UPDATE cdrs SET body = ?", (record,))
        older.execute("UPDATE postings SET body = ?, hash = ?", (line, sha256(line).hexdigest()))
    assert store.verify_chain() is None


def test_a_chain_resealed_from_the_middle_does_not_link(store: SqliteStore) -> None:
    (first,) = seal(store, cdr("A"))
    elsewhere = posting(cdr("X"), ChainHead())
    stranger = posting(cdr("B"), head_after(elsewhere))
    item = replace(sealing(2, cdr("B"), head_after(first)), postings=(stranger,))
    store.commit([item])
    assert store.verify_chain() == ChainBreak(sequence=2, problem="not linked")


def test_frames_newest_first_by_charger(store: SqliteStore) -> None:
    frames = [frame(NOON + timedelta(seconds=second), text=str(second)) for second in range(4)]
    store.commit([Entry(row=None, frame=each) for each in frames])
    store.commit([Entry(row=None, frame=frame(charger="CP2"))])
    assert store.frames("CP1", 2) == [frames[3], frames[2]]
    assert store.frames("CP1", 2, frames[2].at) == [frames[1], frames[0]]
    assert store.frames("CP3", 2) == []
