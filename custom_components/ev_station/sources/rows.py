"""Lists of rows, each with a begin, a price and perhaps an end: what most sources say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import chain
import re
from typing import Any, Final, override

from ..model.forecast import Series
from .intervals import Point, normalised
from .moments import moment, number, rows_of
from .reader import Raw, Reader

type Row = Mapping[str, Any]

STARTS: Final = (
    "start", "start_time", "startsAt", "from", "valid_from", "period_start", "datetime", "time",
    "timestamp", "hour", "date",
)  # fmt: skip
ENDS: Final = ("end", "end_time", "endsAt", "to", "till", "until", "valid_to", "period_end")
PRICES: Final = (
    "price", "value", "total", "rate", "electricity_price", "price_per_kwh", "per_kwh",
    "value_inc_vat", "unit_price",
)  # fmt: skip
"""Names of fields as they are usual, the likelier first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Under which names a row says its begin, its value and its end."""

    start: str
    value: str
    end: str | None = None

    def are_in(self, row: Row) -> bool:
        """Return whether a row has all of them."""
        return all(name in row for name in (self.start, self.value, self.end) if name)

    def series(self, rows: Iterable[Row], zone: tzinfo) -> Series:
        """Return what the rows say; a row that says no moment or no number says nothing."""
        return normalised(point for row in rows if (point := self._point(row, zone)))

    def _point(self, row: Row, zone: tzinfo) -> Point | None:
        start, value = moment(row.get(self.start), zone), number(row.get(self.value))
        if start is None or value is None:
            return None
        return Point(start, moment(row.get(self.end), zone) if self.end else None, value)


def usual_fields(rows: Iterable[Row], values: Iterable[str]) -> Fields | None:
    """Return under which of the usual names the first row says what is asked for."""
    row = next(iter(rows), {})
    start, end = _first(STARTS, row), _first(ENDS, row)
    value = next((name for name in values if number(row.get(name)) is not None), None)
    return Fields(start=start, value=value, end=end) if start and value else None


def _first(names: Iterable[str], row: Row) -> str | None:
    return next((name for name in names if name in row), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Reader):
    """Lists under known names, today's and tomorrow's often under two."""

    lists: tuple[str, ...]
    fields: Fields
    beside: str | None = None
    """What else is said, where the rows alone do not tell two sources apart."""

    @override
    def fits(self, raw: Raw) -> bool:
        rows = self._rows(raw)
        return self._is_whole(raw) and any(self.fields.are_in(row) for row in rows)

    @override
    def awaits(self, raw: Raw) -> bool:
        named = [raw[name] for name in self.lists if name in raw]
        return self._is_whole(raw) and bool(named) and all(each in (None, []) for each in named)

    @override
    def read(self, raw: Raw, zone: tzinfo, today: date, label: str | None = None) -> Series:
        return self.fields.series(self._rows(raw), zone)

    def _is_whole(self, raw: Raw) -> bool:
        return self.beside is None or self.beside in raw

    def _rows(self, raw: Raw) -> list[Row]:
        return list(chain.from_iterable(rows_of(raw.get(name)) for name in self.lists))


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledRows(Reader):
    """One list for each area or home, all in one answer."""

    fields: Fields
    under: str | None = None
    """Where the lists are; None: they are the whole answer."""
    label: re.Pattern[str] = re.compile(".*")
    """What the labels look like."""

    @override
    def fits(self, raw: Raw) -> bool:
        return any(self.fields.are_in(row) for rows in self._lists(raw).values() for row in rows)

    @override
    def awaits(self, raw: Raw) -> bool:
        lists = self._lists(raw)
        return bool(lists) and not any(lists.values())

    @override
    def labels(self, raw: Raw) -> tuple[str, ...]:
        return tuple(self._lists(raw))

    @override
    def read(self, raw: Raw, zone: tzinfo, today: date, label: str | None = None) -> Series:
        lists = self._lists(raw)
        chosen = next(iter(lists), "") if label is None else label
        return self.fields.series(lists.get(chosen, ()), zone)

    def _lists(self, raw: Raw) -> dict[str, list[Row]]:
        lists = raw.get(self.under) if self.under else raw
        if not isinstance(lists, Mapping):
            return {}
        if not all(isinstance(each, list | tuple) for each in lists.values()):
            return {}
        if not all(self.label.fullmatch(str(label)) for label in lists):
            return {}
        return {str(label): rows_of(rows) for label, rows in lists.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyRows(Reader):
    """Lists under any name whose fields are named as usual."""

    values: tuple[str, ...] = PRICES

    @override
    def fits(self, raw: Raw) -> bool:
        return bool(self._lists(raw))

    @override
    def read(self, raw: Raw, zone: tzinfo, today: date, label: str | None = None) -> Series:
        lists = self._lists(raw)
        points = chain.from_iterable(fields.series(rows, zone) for fields, rows in lists)
        return normalised(Point(each.start, each.end, each.value) for each in points)

    def _lists(self, raw: Raw) -> list[tuple[Fields, list[Row]]]:
        found = ((usual_fields(rows_of(each), self.values), rows_of(each)) for each in raw.values())
        return [(fields, rows) for fields, rows in found if fields]
