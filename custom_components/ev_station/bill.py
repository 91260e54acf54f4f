"""A month of a sheet, or any stretch of the ledger, as far as the viewer may see it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from .coordinator import EvStationCoordinator
from .documents.csv import Row, decimal_of
from .engine import Engine
from .errors import misuse
from .lookup import evse_name
from .model.ids import DriverId, SheetId
from .model.records import Cdr, ChargingPeriod, Posting, PostingKind
from .model.state import Charger, Driver, Sheet
from .model.status import Flag
from .people import Viewer

type Json = dict[str, Any]

OPEN: Final = frozenset({Flag.PROVISIONAL, Flag.CONFLICT, Flag.QUARANTINED, Flag.METER_BACKWARDS})
"""Flags that wait for somebody's decision; the others only explain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which rows of the ledger; None: all."""

    first: date
    last: date
    sheet: SheetId | None = None
    driver: DriverId | None = None


MONTH: Final = vol.Match(r"^20\d{2}-(0[1-9]|1[0-2])$")
PERIOD_FIELDS: Final[dict[Any, Any]] = {
    vol.Optional("month"): vol.All(MONTH, lambda month: cv.date(f"{month}-01")),
    vol.Inclusive("from", "days"): cv.date,
    vol.Inclusive("to", "days"): cv.date,
}
"""A month, or both days of a stretch, or nothing: the present month."""


def selection(asked: Mapping[str, Any], today: date) -> Selection:
    """Return which rows are asked for in the fields above, `sheet` and `driver`."""
    if "month" in asked and "from" in asked:
        raise misuse("month_or_days")
    first, last = month_of(asked.get("month") or today)
    first, last = asked.get("from", first), asked.get("to", last)
    if last < first:
        raise misuse("days_reversed")
    return Selection(first=first, last=last, sheet=asked.get("sheet"), driver=asked.get("driver"))


def month_of(first: date) -> tuple[date, date]:
    """Return the first and the last day of the month a day lies in."""
    begin = first.replace(day=1)
    return begin, (begin + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def sheets_of(engine: Engine, viewer: Viewer) -> tuple[Sheet, ...]:
    """Return the sheets a viewer may open: all, or those they stand on, else the first."""
    sheets = tuple(engine.state.all(Sheet))
    if viewer.is_admin:
        return sheets
    return tuple(sheet for sheet in sheets if viewer.driver in sheet.settings.drivers) or sheets[:1]


async def async_rows(
    coordinator: EvStationCoordinator, viewer: Viewer, selection: Selection
) -> tuple[Row, ...]:
    """Return the rows of the ledger, in order."""
    engine = coordinator.engine
    postings = [
        posting
        for posting in await engine.archive.postings(selection.first, selection.last)
        if viewer.sees(posting.driver) and _selected(engine, posting, selection)
    ]
    cdrs = await engine.archive.cdrs(posting.cdr for posting in postings)
    names = await _driver_names(engine)
    return tuple(_row(engine, posting, cdrs[posting.cdr], names) for posting in postings)


async def _driver_names(engine: Engine) -> Mapping[DriverId, str]:
    """Return the names of all drivers there are, and of those who left and are not forgotten."""
    present = {driver.key: driver.settings.name for driver in engine.state.all(Driver)}
    return {**await engine.archive.former_drivers(), **present}


def _selected(engine: Engine, posting: Posting, selection: Selection) -> bool:
    if selection.driver is not None and posting.driver != selection.driver:
        return False
    return selection.sheet is None or _sheet(engine, posting) == selection.sheet


def _sheet(engine: Engine, posting: Posting) -> SheetId | None:
    """Return the sheet a posting is shown on: what belongs to none stands on the first."""
    sheets = [sheet.key for sheet in engine.state.all(Sheet)]
    return posting.sheet if posting.sheet in sheets else next(iter(sheets), None)


def _row(engine: Engine, posting: Posting, cdr: Cdr, names: Mapping[DriverId, str]) -> Row:
    charger = engine.state.get(Charger, cdr.evse.charger)
    evse = evse_name(charger, cdr.evse) if charger else f"{cdr.charger_name} {cdr.evse.evse}"
    driver = names.get(posting.driver, posting.driver) if posting.driver else ""
    return Row(posting=posting, cdr=cdr, evse=evse, driver=driver)


def lines_json(rows: Sequence[Row]) -> list[Json]:
    """Return rows as the panel and the export action show them."""
    taken = (row.posting for row in rows if row.posting.kind is PostingKind.CREDIT)
    taken_back = frozenset(posting.refers_to for posting in taken)
    return [_line(row) | {"review": _waits(row, taken_back)} for row in rows]


def _waits(row: Row, taken_back: frozenset[str | None]) -> bool:
    """Return whether a line that still counts waits for somebody's decision."""
    posting = row.posting
    if posting.kind is PostingKind.CREDIT or posting.cdr in taken_back:
        return False
    return posting.driver is None or not OPEN.isdisjoint(row.cdr.flags)


def drivers_json(rows: Sequence[Row], currency: str) -> list[Json]:
    """Return the sums per driver, by name, the unassigned last."""
    names = {row.posting.driver: row.driver for row in rows}
    ordered = sorted(names, key=lambda driver: (driver is None, names[driver].casefold()))
    return [
        {
            "driver_id": driver,
            "name": names[driver],
            **total_json([row for row in rows if row.posting.driver == driver], currency),
        }
        for driver in ordered
    ]


def total_json(rows: Iterable[Row], currency: str) -> Json:
    """Return the sums of posted amounts per currency; a credit takes its session back.

    Where nothing was posted, the amount is 0 in the site's currency.
    """
    postings = [row.posting for row in rows]
    counts = (-1 if posting.kind is PostingKind.CREDIT else 1 for posting in postings)
    amounts: dict[str, Decimal] = {} if postings else {currency: Decimal(0)}
    for posting in postings:
        amounts[posting.currency] = amounts.get(posting.currency, Decimal(0)) + posting.amount
    return {
        "energy_wh": str(sum((posting.energy_wh for posting in postings), Decimal(0))),
        "sessions": sum(counts),
        "amounts": {code: str(amount) for code, amount in sorted(amounts.items())},
    }


def _line(row: Row) -> Json:
    posting, cdr = row.posting, row.cdr
    return {
        "id": posting.cdr,
        "driver_id": posting.driver,
        "evse_name": row.evse,
        "started_at": cdr.started_at.isoformat(),
        "ended_at": cdr.ended_at.isoformat(),
        "energy_wh": str(posting.energy_wh),
        "amount": str(posting.amount),
        "currency": posting.currency,
        "kind": posting.kind.value,
        "flags": [flag.value for flag in cdr.flags],
        "periods": [_period(period) for period in cdr.periods],
        "meter_start_wh": _text(cdr.meter_start_wh),
        "meter_stop_wh": _text(cdr.meter_stop_wh),
        "seal": posting.hash,
    }


def _period(period: ChargingPeriod) -> Json:
    return {
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "energy_wh": str(period.energy_wh),
        "price_per_kwh": _text(period.price_per_kwh),
        "amount": format(decimal_of(period.amount), "f"),
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
