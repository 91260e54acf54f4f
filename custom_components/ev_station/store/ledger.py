"""Reads of the sealed ledger."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import batched
from typing import Any, Final

from sqlalchemy import Row, func, select

from ..model.chain import ChainBreak, body_hash, first_break, sealed_posting
from ..model.codec import decode
from ..model.ids import DriverId, SessionId, SheetId
from ..model.records import Cdr, ChainHead, Posting, PostingKind, Total
from .reader import Reader
from .rows import cdr_values, posting_values
from .tables import CDRS, POSTINGS

_AT_ONCE: Final = 500
"""Ids in one query; SQLite takes 32766, others less."""
_PAGE: Final = 1000


def cdrs(reader: Reader, ids: Collection[SessionId]) -> Mapping[SessionId, Cdr]:
    """Return those charge detail records of the ids that exist."""
    found = (
        row
        for some in batched(ids, _AT_ONCE, strict=False)
        for row in reader.all(select(CDRS.c.body).where(CDRS.c.id.in_(some)))
    )
    return {cdr.id: cdr for cdr in map(_cdr, found)}


def cdrs_of_sessions(reader: Reader, sessions: Collection[SessionId]) -> list[Cdr]:
    """Return every record, credit and replacement of the sessions, in the order they were posted."""
    posted = select(CDRS.c.body, POSTINGS.c.sequence).join(POSTINGS, POSTINGS.c.cdr == CDRS.c.id)
    found = [
        row
        for some in batched(sessions, _AT_ONCE, strict=False)
        for row in reader.all(posted.where(POSTINGS.c.session.in_(some)))
    ]
    return [_cdr(row) for row in sorted(found, key=lambda row: int(row.sequence))]


def latest_cdr(reader: Reader, session: SessionId) -> Cdr | None:
    """Return the record of a session that holds: the newest that is no credit and was not taken back."""
    records = cdrs_of_sessions(reader, [session])
    taken_back = {cdr.credits for cdr in records}
    holding = [cdr for cdr in records if cdr.credits is None and cdr.id not in taken_back]
    return holding[-1] if holding else None


def postings(
    reader: Reader,
    first_day: date | None,
    last_day: date | None,
    driver: DriverId | None,
    sheet: SheetId | None,
) -> list[Posting]:
    """Return the rows, in order, of an inclusive range of local days; None does not restrict."""
    statement = select(POSTINGS.c.body, POSTINGS.c.hash).order_by(POSTINGS.c.sequence)
    if first_day is not None:
        statement = statement.where(POSTINGS.c.day >= first_day.isoformat())
    if last_day is not None:
        statement = statement.where(POSTINGS.c.day <= last_day.isoformat())
    if driver is not None:
        statement = statement.where(POSTINGS.c.driver == driver)
    if sheet is not None:
        statement = statement.where(POSTINGS.c.sheet == sheet)
    return [sealed_posting(row.body, row.hash) for row in reader.all(statement)]


def month_totals(reader: Reader, first_day: date, last_day: date) -> list[Total]:
    """Return what each driver's postings of an inclusive range of local days add up to, per currency."""
    columns = POSTINGS.c
    within = columns.day.between(first_day.isoformat(), last_day.isoformat())
    totals: dict[tuple[DriverId | None, str], Total] = {}
    for row in reader.all(
        select(
            columns.driver, columns.currency, columns.energy_wh, columns.amount, columns.kind
        ).where(within)
    ):
        key = (row.driver, row.currency)
        totals[key] = _added(totals.get(key) or _nothing(*key), row)
    return list(totals.values())


def chain_head(reader: Reader) -> ChainHead:
    """Return where the ledger stands."""
    newest = select(POSTINGS.c.sequence, POSTINGS.c.hash).order_by(POSTINGS.c.sequence.desc())
    row = reader.first(newest.limit(1))
    return ChainHead() if row is None else ChainHead(sequence=row.sequence, hash=row.hash)


def verify_chain(reader: Reader, known: ChainHead) -> ChainBreak | None:
    """Return the first place where the ledger is not what was written, None when all of it holds.

    `known` is where the ledger once stood, as remembered elsewhere: a ledger cut off behind is a sound chain too.
    """
    # Counted first: what is sealed while we read is more than what there must be.
    count = _record_count(reader)
    rows = list(_all_postings(reader))
    return (
        first_break((row.body, row.hash) for row in rows)
        or _first_odd_row(reader, rows)
        or _missing_end(count, rows, known)
    )


def _all_postings(reader: Reader) -> Iterator[Row[Any]]:
    sequence = 0
    pages = select(POSTINGS).order_by(POSTINGS.c.sequence).limit(_PAGE)
    while page := reader.all(pages.where(POSTINGS.c.sequence > sequence)):
        yield from page
        sequence = page[-1].sequence


def _first_odd_row(reader: Reader, rows: Sequence[Row[Any]]) -> ChainBreak | None:
    """Return the first posting whose columns or whose record say other than its sealed body.

    The body is the last column; one of an older version need not be what this version would write.
    """
    for some in batched(rows, _AT_ONCE, strict=False):
        ids = CDRS.c.id.in_(row.cdr for row in some)
        records = {row.id: row for row in reader.all(select(CDRS).where(ids))}
        for row in some:
            posting = sealed_posting(row.body, row.hash)
            if posting_values(posting, row.input)[:-1] != tuple(row)[:-1]:
                return ChainBreak(sequence=row.sequence, problem="columns")
            if not _is_sealed(records.get(posting.cdr), posting):
                return ChainBreak(sequence=row.sequence, problem="record")
    return None


def _is_sealed(record: Row[Any] | None, posting: Posting) -> bool:
    """Return whether a row of table cdrs is, in body and columns, the record that was posted."""
    return (
        record is not None
        and body_hash(record.body) == posting.cdr_hash
        and cdr_values(_cdr(record), record.input)[:-1] == tuple(record)[:-1]
    )


def _record_count(reader: Reader) -> int:
    with reader.connection() as connection:
        return connection.scalar(select(func.count()).select_from(CDRS)) or 0


def _missing_end(records: int, rows: Sequence[Row[Any]], known: ChainHead) -> ChainBreak | None:
    """Return where a sound chain lacks its end: there are more records, or the ledger once went further."""
    if len(rows) < max(known.sequence, records):
        return ChainBreak(sequence=len(rows) + 1, problem="missing")
    if known.sequence and rows[known.sequence - 1].hash != known.hash:
        return ChainBreak(sequence=known.sequence, problem="changed")
    return None


def _cdr(row: Row[Any]) -> Cdr:
    return decode(Cdr, row.body)


def _nothing(driver: DriverId | None, currency: str) -> Total:
    return Total(
        driver=driver, currency=currency, energy_wh=Decimal(0), amount=Decimal(0), sessions=0
    )


def _added(total: Total, row: Row[Any]) -> Total:
    return replace(
        total,
        energy_wh=total.energy_wh + Decimal(row.energy_wh),
        amount=total.amount + Decimal(row.amount),
        sessions=total.sessions + (-1 if row.kind == PostingKind.CREDIT else 1),
    )
