"""Ledger rows as CSV that Excel and LibreOffice open as they are: UTF-8 with byte order mark, CRLF.

One line per posting, or with `Detail.PERIODS` one per stretch of a session under one price. Text that a
spreadsheet would take for a formula is neutralised; numbers stay numbers.
"""

from collections.abc import Iterable, Iterator, Sequence
import csv
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from io import StringIO
from typing import Final
from zoneinfo import ZoneInfo

from ..model.records import Cdr, ChargingPeriod, Posting

BYTE_ORDER_MARK: Final = "\ufeff"
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes spreadsheets compute a cell (OWASP, CSV injection), full-width forms included."""

POSTING_COLUMNS: Final = (
    "date",
    "start",
    "end",
    "charger",
    "evse",
    "driver",
    "kwh",
    "meter_start_kwh",
    "meter_stop_kwh",
    "amount",
    "currency",
    "kind",
    "flags",
    "seal",
    "session",
)
PERIOD_COLUMNS: Final = (
    "date",
    "start",
    "end",
    "charger",
    "evse",
    "driver",
    "kwh",
    "price_per_kwh",
    "amount",
    "currency",
    "kind",
    "flags",
    "seal",
    "session",
)

type Cell = str | Decimal | None


class Detail(StrEnum):
    """How fine the lines are."""

    SESSIONS = "sessions"
    PERIODS = "periods"


class Decimals(StrEnum):
    """How numbers are written: with a comma, semicolons part the cells."""

    POINT = "point"
    COMMA = "comma"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A posting with its record and the names people know."""

    posting: Posting
    cdr: Cdr
    evse: str
    driver: str


def render(
    rows: Iterable[Row], *, detail: Detail = Detail.SESSIONS, decimals: Decimals = Decimals.POINT
) -> str:
    """Return the whole file as text."""
    if detail is Detail.SESSIONS:
        return table(POSTING_COLUMNS, map(_posting, rows), decimals)
    return table(PERIOD_COLUMNS, (line for row in rows for line in _periods(row)), decimals)


def table(columns: Sequence[str], lines: Iterable[Sequence[Cell]], decimals: Decimals) -> str:
    """Return a whole file: the names of its columns, then its lines."""
    text = StringIO(BYTE_ORDER_MARK, newline="")
    text.seek(0, 2)
    delimiter = ";" if decimals is Decimals.COMMA else ","
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_written(cell, decimals) for cell in line] for line in lines)
    return text.getvalue()


def neutral(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text


def decimal_of(amount: str) -> Decimal:
    """Return an exact amount, `3/8` or `2`, as a decimal; endless ones to 28 digits."""
    fraction = Fraction(amount)
    return Decimal(fraction.numerator) / Decimal(fraction.denominator)


def _posting(row: Row) -> tuple[Cell, ...]:
    posting, cdr = row.posting, row.cdr
    return (
        posting.day.isoformat(),
        *_span(cdr, cdr.started_at, cdr.ended_at),
        *_place(row),
        _kwh(posting.energy_wh),
        _kwh(cdr.meter_start_wh),
        _kwh(cdr.meter_stop_wh),
        posting.amount,
        *_end(row),
    )


def _periods(row: Row) -> Iterator[tuple[Cell, ...]]:
    for period in row.cdr.periods:
        yield _period(row, period)


def _period(row: Row, period: ChargingPeriod) -> tuple[Cell, ...]:
    return (
        row.posting.day.isoformat(),
        *_span(row.cdr, period.start, period.end),
        *_place(row),
        _kwh(period.energy_wh),
        period.price_per_kwh,
        decimal_of(period.amount),
        *_end(row),
    )


def _span(cdr: Cdr, start: datetime, end: datetime) -> tuple[str, str]:
    """Return both moments in the zone the session was billed in, with their offsets from UTC."""
    zone = ZoneInfo(cdr.time_zone)
    begin, finish = (at.astimezone(zone).isoformat(" ", "seconds") for at in (start, end))
    return begin, finish


def _place(row: Row) -> tuple[str, str, str]:
    return row.cdr.charger_name, row.evse, row.driver


def _end(row: Row) -> tuple[str, ...]:
    posting = row.posting
    flags = " ".join(sorted(flag.value for flag in row.cdr.flags))
    return posting.currency, posting.kind.value, flags, posting.hash, posting.session


def _kwh(energy_wh: Decimal | None) -> Decimal | None:
    return None if energy_wh is None else energy_wh / 1000


def _written(cell: Cell, decimals: Decimals) -> str:
    match cell:
        case None:
            return ""
        case Decimal():
            number = format(cell, "f")
            return number.replace(".", ",") if decimals is Decimals.COMMA else number
        case text:
            return neutral(text)
