"""Which of the known shapes something has."""

from collections.abc import Iterable
from decimal import Decimal
import re
from typing import Final

from .days import NamedHours, PlainDays
from .reader import Raw, Reader, SourceKind
from .rows import AnyRows, Fields, LabelledRows, Rows

_KWH: Final = Decimal(1)
_MWH: Final = Decimal("0.001")

PRICE_READERS: Final[tuple[Reader, ...]] = (
    Rows(
        kind=SourceKind.OCTOPUS,
        scale=_KWH,
        lists=("rates",),
        fields=Fields(start="start", end="end", value="value_inc_vat"),
    ),
    Rows(
        kind=SourceKind.AMBER,
        scale=_KWH,
        lists=("forecasts",),
        fields=Fields(start="start_time", end="end_time", value="per_kwh"),
    ),
    Rows(
        kind=SourceKind.EPEX_SPOT,
        scale=_KWH,
        lists=("data",),
        fields=Fields(start="start_time", end="end_time", value="price_per_kwh"),
    ),
    Rows(
        kind=SourceKind.EPEX_SPOT,
        scale=Decimal("0.01"),
        lists=("data",),
        fields=Fields(start="start_time", end="end_time", value="price_ct_per_kwh"),
    ),
    Rows(
        kind=SourceKind.NORD_POOL,
        lists=("raw_today", "raw_tomorrow"),
        fields=Fields(start="start", end="end", value="value"),
    ),
    Rows(
        kind=SourceKind.ENERGI_DATA_SERVICE,
        lists=("raw_today", "raw_tomorrow", "forecast"),
        fields=Fields(start="hour", value="price"),
    ),
    Rows(
        kind=SourceKind.GE_SPOT,
        lists=("today_interval_prices", "tomorrow_interval_prices"),
        fields=Fields(start="time", value="value"),
    ),
    Rows(
        kind=SourceKind.ENTSOE,
        lists=("prices_today", "prices_tomorrow", "prices"),
        fields=Fields(start="time", value="price"),
    ),
    Rows(
        kind=SourceKind.ZONNEPLAN,
        # Its forecast counts in ten-millionths of a euro, whatever the entity's unit is.
        scale=Decimal("1e-7"),
        lists=("forecast",),
        fields=Fields(start="datetime", value="electricity_price"),
    ),
    Rows(
        kind=SourceKind.FRANK_ENERGIE,
        lists=("prices",),
        fields=Fields(start="from", end="till", value="price"),
    ),
    Rows(
        kind=SourceKind.ENERGYZERO,
        scale=_KWH,
        lists=("prices",),
        fields=Fields(start="timestamp", end="end", value="price"),
    ),
    Rows(
        kind=SourceKind.EASYENERGY,
        scale=_KWH,
        lists=("prices",),
        fields=Fields(start="timestamp", value="price"),
    ),
    Rows(
        kind=SourceKind.GREEN_PLANET_ENERGY,
        scale=_KWH,
        lists=("prices",),
        fields=Fields(start="start", end="end", value="price"),
        beside="hours_requested",
    ),
    Rows(
        kind=SourceKind.STROMLIGNING,
        lists=("prices",),
        fields=Fields(start="start", end="end", value="price"),
    ),
    LabelledRows(
        kind=SourceKind.TIBBER,
        scale=_KWH,
        under="prices",
        fields=Fields(start="start_time", value="price"),
    ),
    LabelledRows(
        kind=SourceKind.OMIE,
        scale=_KWH,
        label=re.compile("es|pt"),
        fields=Fields(start="start", end="end", value="price"),
    ),
    LabelledRows(
        kind=SourceKind.NORD_POOL,
        scale=_MWH,
        label=re.compile("[A-Z]+[0-9]*"),
        fields=Fields(start="start", end="end", value="price"),
    ),
    NamedHours(kind=SourceKind.PVPC),
    AnyRows(kind=SourceKind.LIST),
    PlainDays(kind=SourceKind.DAYS, today="today", tomorrow="tomorrow"),
    PlainDays(kind=SourceKind.DAYS, today="prices_today", tomorrow="prices_tomorrow"),
)
"""The more a shape asks for, the earlier it is tried."""

NAMES: Final = {
    SourceKind.AMBER: "Amber Electric",
    SourceKind.EASYENERGY: "easyEnergy",
    SourceKind.ENERGI_DATA_SERVICE: "Energi Data Service",
    SourceKind.ENERGYZERO: "EnergyZero",
    SourceKind.ENTSOE: "ENTSO-e",
    SourceKind.EPEX_SPOT: "EPEX Spot",
    SourceKind.FRANK_ENERGIE: "Frank Energie",
    SourceKind.GE_SPOT: "GE-Spot",
    SourceKind.GREEN_PLANET_ENERGY: "Green Planet Energy",
    SourceKind.NORD_POOL: "Nord Pool",
    SourceKind.OCTOPUS: "Octopus Energy",
    SourceKind.OMIE: "OMIE",
    SourceKind.PVPC: "PVPC",
    SourceKind.STROMLIGNING: "Strømligning",
    SourceKind.TIBBER: "Tibber",
    SourceKind.ZONNEPLAN: "Zonneplan",
}
"""What the sources with a name are called; the others have none."""


def recognise(
    raw: Raw, origin: str | None = None, readers: Iterable[Reader] = PRICE_READERS
) -> Reader | None:
    """Return the reader of a shape, that of the integration it comes from if several fit; None: nothing to read.

    A shape that says nothing yet is recognised by the names of its empty lists.
    """
    known = tuple(readers)
    fitting = [reader for reader in known if reader.fits(raw)]
    fitting = fitting or [reader for reader in known if reader.awaits(raw)]
    own = (reader for reader in fitting if reader.kind == origin)
    return next(own, next(iter(fitting), None))
