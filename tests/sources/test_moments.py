"""Times and numbers, however they are written."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.ev_station.sources.moments import moment, number, rows_of

PARIS = ZoneInfo("Europe/Paris")
ONE = datetime(2026, 11, 23, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        "2026-11-23T01:00:00Z",
        "2026-11-23T01:00Z",
        "2026-11-23T02:00:00+01:00",
        "2026-11-23 02:00:00+01:00",
        "2026-11-23T02:00:00.000+01:00",
        "2026-11-23T01:00:00.0000000Z",
        " 2026-11-23T02:00:00 ",
        "2026-11-23 02:00",
        "2026-11-23T01:00:01Z",
        datetime(2026, 11, 23, 2, tzinfo=PARIS),
        datetime(2026, 11, 23, 2, 0, 30, 5, tzinfo=PARIS).replace(tzinfo=None),
        datetime(2026, 11, 22, 20, tzinfo=timezone(timedelta(hours=-5))),
        1795395600,
        1795395600.0,
        1795395600000,
    ],
)
def test_one_moment(raw: Any) -> None:
    assert moment(raw, PARIS) == ONE


@pytest.mark.parametrize(
    "raw",
    [
        None,
        True,
        "",
        "soon",
        "13:00",
        [],
        10**30,
        float("nan"),
        1e300,
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:00-12:00",
    ],
)
def test_no_moment(raw: Any) -> None:
    assert moment(raw, PARIS) is None


@pytest.mark.parametrize("raw", [0.1, "0.1", Decimal("0.1")])
def test_a_number(raw: Any) -> None:
    assert number(raw) == Decimal("0.1")


@pytest.mark.parametrize("raw", [None, True, "", "unknown", "nan", float("inf"), "-1e15", [1]])
def test_no_number(raw: Any) -> None:
    assert number(raw) is None


@pytest.mark.parametrize("raw", [None, "rows", {"a": {}}, 5])
def test_no_rows(raw: Any) -> None:
    assert rows_of(raw) == []


def test_rows() -> None:
    assert rows_of(({"a": 1}, 5)) == [{"a": 1}]
