"""The times and numbers of foreign lists, however they are written."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any, Final

_MILLISECONDS_FROM: Final = 10**11
"""As seconds this would be the year 5138."""

_TOO_MUCH: Final = 10**15
"""Of whatever: a single such price would be all that plans see."""


def moment(raw: Any, zone: tzinfo) -> datetime | None:
    """Return a moment in UTC, to the minute; None for what is none.

    Understood are datetimes, ISO 8601 with `Z`, an offset or neither, `T` or a space between date and time, and
    seconds or milliseconds since 1970. What names no zone is local. Amber's intervals begin a second late.
    """
    found = _read(raw)
    if found is None:
        return None
    aware = found if found.tzinfo else found.replace(tzinfo=zone)
    try:
        return aware.astimezone(UTC).replace(second=0, microsecond=0)
    except OverflowError:
        return None


def _read(raw: Any) -> datetime | None:
    match raw:
        case datetime():
            return raw
        case str():
            return _written(raw)
        case int() | float() if not isinstance(raw, bool):
            return _counted(raw)
        case _:
            return None


def _written(raw: str) -> datetime | None:
    try:
        return datetime.fromisoformat(raw.strip())
    except ValueError:
        return None


def _counted(raw: float) -> datetime | None:
    seconds = raw / 1000 if abs(raw) >= _MILLISECONDS_FROM else raw
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except OverflowError, ValueError:
        return None


def number(raw: Any) -> Decimal | None:
    """Return a number; None for what is none, or is so large that it can only be an error."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
        return None
    try:
        found = Decimal(str(raw))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < _TOO_MUCH else None


def rows_of(raw: Any) -> list[Mapping[str, Any]]:
    """Return the rows of a list; none before it is published, when there is None or an empty list."""
    return [row for row in raw if isinstance(row, Mapping)] if isinstance(raw, list | tuple) else []
