"""F22: time stamps with offsets, without, with too many digits, and those that never were."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.csms.quirks import Quirk
from custom_components.ev_station.csms.v16.timestamps import format_time, parse_time


def utc(*parts: int) -> datetime:
    """Return a UTC time."""
    year, month, day, hour, minute, second, microsecond = (*parts, 0)[:7]
    return datetime(year, month, day, hour, minute, second, microsecond, tzinfo=UTC)


def read(value: object) -> tuple[datetime | None, set[Quirk]]:
    """Parse and return the time with the quirks reported."""
    told: set[Quirk] = set()
    return parse_time(value, lambda quirk, _: told.add(quirk)), told


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2024-04-26T14:35:02Z", utc(2024, 4, 26, 14, 35, 2)),
        ("2024-04-26T14:35:02.5Z", utc(2024, 4, 26, 14, 35, 2, 500000)),
        ("2024-04-26T14:35:02.123Z", utc(2024, 4, 26, 14, 35, 2, 123000)),
        ("2024-04-26T14:35:02.1234567Z", utc(2024, 4, 26, 14, 35, 2, 123456)),
        ("2024-04-26T14:35:02,5Z", utc(2024, 4, 26, 14, 35, 2, 500000)),
        ("2024-04-26T14:35:02+02", utc(2024, 4, 26, 12, 35, 2)),
        ("2024-04-26T14:35:02+0200", utc(2024, 4, 26, 12, 35, 2)),
        ("2024-04-26T14:35:02+02:00", utc(2024, 4, 26, 12, 35, 2)),
        ("2024-04-26T14:35:02-05:30", utc(2024, 4, 26, 20, 5, 2)),
        ("2024-04-26 14:35:02Z", utc(2024, 4, 26, 14, 35, 2)),
        ("20240426T143502Z", utc(2024, 4, 26, 14, 35, 2)),
        ("2024-04-26T14:35:02z", utc(2024, 4, 26, 14, 35, 2)),
        (" 2024-04-26T14:35:02Z ", utc(2024, 4, 26, 14, 35, 2)),
    ],
)
def test_readable(text: str, at: datetime) -> None:
    """Every spelling of a zone is UTC inside."""
    assert read(text) == (at, set())


@pytest.mark.parametrize(
    ("value", "at", "quirk"),
    [
        ("2024-04-26T14:35:02", utc(2024, 4, 26, 14, 35, 2), Quirk.LOCAL_TIME),
        ("2024-04-26T14:35:02.123", utc(2024, 4, 26, 14, 35, 2, 123000), Quirk.LOCAL_TIME),
        ("1970-01-01T00:00:00.750Z", None, Quirk.CLOCK_NOT_SET),
        ("0001-01-01T00:00:00Z", None, Quirk.CLOCK_NOT_SET),
        ("2022-02-29T10:00:00Z", None, Quirk.UNREADABLE_TIME),
        ("2024-04-26", None, Quirk.UNREADABLE_TIME),
        ("0001-01-01T00:00:00+23:00", None, Quirk.UNREADABLE_TIME),
        ("9999-12-31T23:59:59-23:00", None, Quirk.UNREADABLE_TIME),
        ("yesterday", None, Quirk.UNREADABLE_TIME),
        ("", None, Quirk.UNREADABLE_TIME),
        (1714142102, None, Quirk.UNREADABLE_TIME),
        (["x"], None, Quirk.UNREADABLE_TIME),
    ],
)
def test_odd(value: object, at: datetime | None, quirk: Quirk) -> None:
    """What cannot be a time is none, and is reported."""
    assert read(value) == (at, {quirk})


def test_absent() -> None:
    """An absent time stamp is nothing odd: §4.9 makes it optional."""
    assert read(None) == (None, set())


YEARS = st.datetimes(
    *(datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (2011, 2100))
)


@given(
    YEARS,
    st.integers(-12 * 60, 14 * 60),
)
def test_any_offset_is_the_same_moment(at: datetime, minutes: int) -> None:
    """Reading what a charger in any zone writes gives the moment it meant."""
    local = at.replace(tzinfo=UTC).astimezone(timezone(timedelta(minutes=minutes)))
    assert read(local.isoformat())[0] == local


@given(YEARS)
def test_written_times_are_read_back(at: datetime) -> None:
    """We write UTC with milliseconds and Z."""
    written = format_time(at.replace(tzinfo=UTC))
    assert len(written) == len("2024-04-26T14:35:02.123Z")
    found, told = read(written)
    assert found == at.replace(tzinfo=UTC, microsecond=at.microsecond // 1000 * 1000)
    assert not told
