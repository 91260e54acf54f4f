"""CSV as Excel and LibreOffice open it."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest

from custom_components.ev_station.documents.csv import (
    BYTE_ORDER_MARK,
    Decimals,
    Detail,
    Row,
    neutral,
    render,
)
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.records import Cdr, ChargingPeriod, Posting, PostingKind
from custom_components.ev_station.model.status import Flag

START = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
MIDDLE = START + timedelta(hours=1)
END = START + timedelta(hours=2)
CDR = Cdr(
    id="s1",
    session="s1",
    evse=EvseId("CP1", 1),
    charger_name="Garage",
    transactions=(7,),
    driver="anna",
    sheet="household",
    payer_reason="token",
    started_at=START,
    ended_at=END,
    time_zone="Europe/Amsterdam",
    meter_start_wh=Decimal(1000),
    meter_stop_wh=Decimal("4500.5"),
    energy_wh=Decimal("3500.5"),
    currency="EUR",
    tariff=None,
    periods=(
        ChargingPeriod(
            start=START,
            end=MIDDLE,
            energy_wh=Decimal(3000),
            price_per_kwh=Decimal("0.30"),
            amount="9/10",
        ),
        ChargingPeriod(
            start=MIDDLE, end=END, energy_wh=Decimal("500.5"), price_per_kwh=None, amount="0"
        ),
    ),
    exact_amount="9/10",
    amount=Decimal("0.90"),
    flags=(Flag.UNPRICED, Flag.ESTIMATED),
    sealed_at=END,
)
POSTING = Posting(
    sequence=1,
    kind=PostingKind.SESSION,
    cdr="s1",
    session="s1",
    cdr_hash="cd" * 32,
    sheet="household",
    driver="anna",
    energy_wh=Decimal("3500.5"),
    amount=Decimal("0.90"),
    currency="EUR",
    day=date(2026, 10, 25),
    booked_at=END,
    previous_hash="0" * 64,
    hash="ab" * 32,
)
ROW = Row(posting=POSTING, cdr=CDR, evse="Garage 1", driver="Anna")


def cells(text: str, delimiter: str = ",") -> list[list[str]]:
    assert text.startswith(BYTE_ORDER_MARK)
    return list(csv.reader(StringIO(text[1:], newline=""), delimiter=delimiter))


def test_a_posting_is_a_line() -> None:
    header, line = cells(render([ROW]))
    assert dict(zip(header, line, strict=True)) == {
        "date": "2026-10-25",
        "start": "2026-10-25 02:30:00+02:00",
        # The night the clocks go back: the same hour again, told apart by its offset.
        "end": "2026-10-25 03:30:00+01:00",
        "charger": "Garage",
        "evse": "Garage 1",
        "driver": "Anna",
        "kwh": "3.5005",
        "meter_start_kwh": "1",
        "meter_stop_kwh": "4.5005",
        "amount": "0.90",
        "currency": "EUR",
        "kind": "session",
        "flags": "estimated unpriced",
        "seal": "ab" * 32,
        "session": "s1",
    }


def test_periods_are_lines_of_their_own() -> None:
    header, first, second = cells(render([ROW], detail=Detail.PERIODS))
    assert dict(zip(header, first, strict=True)) | {"seal": ""} == {
        "date": "2026-10-25",
        "start": "2026-10-25 02:30:00+02:00",
        "end": "2026-10-25 02:30:00+01:00",
        "charger": "Garage",
        "evse": "Garage 1",
        "driver": "Anna",
        "kwh": "3",
        "price_per_kwh": "0.30",
        "amount": "0.9",
        "currency": "EUR",
        "kind": "session",
        "flags": "estimated unpriced",
        "seal": "",
        "session": "s1",
    }
    assert second[header.index("price_per_kwh")] == ""
    assert second[header.index("amount")] == "0"


def test_with_decimal_commas_semicolons_part_the_cells() -> None:
    header, line = cells(render([ROW], decimals=Decimals.COMMA), ";")
    assert line[header.index("kwh")] == "3,5005"
    assert line[header.index("amount")] == "0,90"


def test_lines_end_as_excel_wants() -> None:
    assert render([ROW]).count("\r\n") == 2


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "  ="]
)
def test_no_text_becomes_a_formula(start: str) -> None:
    evil = f'{start}HYPERLINK("http://x")'
    row = replace(ROW, driver=evil, evse=evil, cdr=replace(CDR, charger_name=evil))
    header, line = cells(render([row]))
    for column in ("charger", "evse", "driver"):
        assert line[header.index(column)] == f"'{evil}"


@pytest.mark.parametrize(
    "harmless", ["Anna", "O'Neil", "a=b", "3-phase", "", "Ann-Marie", "0 = zero"]
)
def test_harmless_text_stays(harmless: str) -> None:
    assert neutral(harmless) == harmless


def test_negative_amounts_stay_numbers() -> None:
    credit = replace(
        POSTING, kind=PostingKind.CREDIT, amount=Decimal("-0.90"), energy_wh=Decimal("-3500.5")
    )
    header, line = cells(render([replace(ROW, posting=credit)]))
    assert line[header.index("amount")] == "-0.90"
    assert line[header.index("kwh")] == "-3.5005"


def test_tiny_and_huge_numbers_are_written_out() -> None:
    period = replace(CDR.periods[0], amount="1/3", price_per_kwh=Decimal("1E-7"))
    row = replace(ROW, cdr=replace(CDR, periods=(period,)))
    header, line = cells(render([row], detail=Detail.PERIODS))
    assert line[header.index("price_per_kwh")] == "0.0000001"
    assert line[header.index("amount")] == "0.3333333333333333333333333333"
