"""Time stamps as chargers write them, and as we write them."""

from datetime import UTC, datetime
from typing import Any, Final

from ..quirks import Quirk, Report

EARLIEST: Final = datetime(2010, 1, 1, tzinfo=UTC)
"""Before OCPP: a clock that was never set (1970, year 1)."""


def parse_time(value: Any, report: Report) -> datetime | None:
    """Return an aware UTC time, or None for what cannot be one.

    A time without a zone is taken as UTC, which OCPP 1.6 §3.14 recommends; the charger's clock offset is
    learnt elsewhere.
    """
    if not isinstance(value, str) or not value:
        if value is not None:
            report(Quirk.UNREADABLE_TIME, value)
        return None
    try:
        at = datetime.fromisoformat(value.strip().replace("z", "Z"))
        at = _assume_utc(at, value, report) if at.tzinfo is None else at.astimezone(UTC)
    except ValueError, OverflowError:
        report(Quirk.UNREADABLE_TIME, value)
        return None
    if at < EARLIEST:
        report(Quirk.CLOCK_NOT_SET, value)
        return None
    return at


def _assume_utc(at: datetime, value: str, report: Report) -> datetime:
    if len(value) < len("20240101T0000"):
        raise ValueError("no time of day")
    report(Quirk.LOCAL_TIME, value)
    return at.replace(tzinfo=UTC)


def format_time(at: datetime) -> str:
    """Return the form every charger reads: UTC, milliseconds, `Z`."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
