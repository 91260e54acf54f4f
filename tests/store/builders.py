"""Small, valid records for the tests of the store."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from custom_components.ev_station.model.chain import link
from custom_components.ev_station.model.codec import canonical, encode
from custom_components.ev_station.model.events import HeartbeatReceived
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.records import (
    Cdr,
    ChainHead,
    Checkpoint,
    Entry,
    Frame,
    JournalRow,
    Posting,
    PostingKind,
)
from custom_components.ev_station.store import SqliteStore

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@contextmanager
def opened(path: Path) -> Iterator[SqliteStore]:
    """Open a store for a block."""
    store = SqliteStore(path)
    store.open()
    try:
        yield store
    finally:
        store.close()


def journal_row(sequence: int, *, at: datetime | None = None) -> JournalRow:
    """Return input `sequence`, one a second from noon on."""
    moment = at or NOON + timedelta(seconds=sequence)
    return JournalRow(
        sequence=sequence,
        at=moment,
        kind="HeartbeatReceived",
        charger="CP1",
        event=encode(HeartbeatReceived(charger="CP1", received_at=moment)),
    )


def frame(at: datetime = NOON, *, charger: str = "CP1", text: str = "[2]") -> Frame:
    """Return a frame of a charger."""
    return Frame(at=at, charger=charger, outgoing=False, text=text)


def entry(sequence: int, *, at: datetime | None = None) -> Entry:
    """Return an input with its frame."""
    row = journal_row(sequence, at=at)
    return Entry(row=row, frame=frame(row.at))


def entries(first: int, last: int) -> list[Entry]:
    """Return inputs `first` to `last`."""
    return [entry(sequence) for sequence in range(first, last + 1)]


def cdr(id_: str, **fields: Any) -> Cdr:
    """Return a charge detail record of 7.25 kWh for 2.18 EUR."""
    plain = Cdr(
        id=id_,
        session=id_,
        evse=EvseId("CP1", 1),
        charger_name="Garage",
        transactions=(1,),
        driver="d1",
        sheet="s1",
        payer_reason="token",
        started_at=NOON,
        ended_at=NOON + timedelta(hours=1),
        time_zone="Europe/Berlin",
        meter_start_wh=Decimal("100.0"),
        meter_stop_wh=Decimal("7350.0"),
        energy_wh=Decimal("7250.0"),
        currency="EUR",
        tariff=None,
        periods=(),
        exact_amount="87/40",
        amount=Decimal("2.18"),
        sealed_at=NOON + timedelta(hours=1),
    )
    return replace(plain, **fields)


def posting(record: Cdr, head: ChainHead, *, day: date = date(2026, 11, 23)) -> Posting:
    """Return the posting of a record as the next of a chain."""
    kind = PostingKind.SESSION if record.id == record.session else PostingKind.ADJUSTMENT
    unlinked = Posting(
        sequence=0,
        kind=PostingKind.CREDIT if record.credits is not None else kind,
        cdr=record.id,
        session=record.session,
        refers_to=record.credits,
        cdr_hash=sha256(canonical(record)).hexdigest(),
        sheet=record.sheet,
        driver=record.driver,
        energy_wh=record.energy_wh,
        amount=record.amount,
        currency=record.currency,
        day=day,
        booked_at=record.sealed_at,
        previous_hash="",
        hash="",
    )
    return link(head, unlinked)


def sealing(
    sequence: int, record: Cdr, head: ChainHead, *, day: date = date(2026, 11, 23)
) -> Entry:
    """Return an input that seals a record."""
    sealed = posting(record, head, day=day)
    return Entry(row=journal_row(sequence), cdrs=(record,), postings=(sealed,), frame=None)


def forget_everything(store: SqliteStore) -> None:
    """Prune all that is not needed, whatever its age."""
    store.begin_day(NOON)
    while store.prune(NOON, timedelta(0)):
        pass


def checkpoint(sequence: int) -> Checkpoint:
    """Return a checkpoint of some state."""
    return Checkpoint(sequence=sequence, at=NOON, schema=1, state=b'{"Site":[%d]}' % sequence)
