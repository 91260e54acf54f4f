"""What is expected of the hours to come: values over time, as price and forecast sources say them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A value over a half-open UTC interval; a power is the mean over it."""

    start: datetime
    end: datetime
    value: Decimal
    low: Decimal | None = None
    """One time in ten it turns out lower still (P10); None: the source does not say."""
    high: Decimal | None = None
    """One time in ten it turns out higher still (P90)."""


type Series = tuple[Interval, ...]
"""In order and without overlap; between two intervals nothing is known."""


class ForecastKind(StrEnum):
    """What a site knows ahead besides prices, which belong to tariffs (`PriceSeries`)."""

    SOLAR = "solar"
    """W of all planes together."""
    LOAD = "load"
    """W of the house, cars and home battery apart."""
    CO2 = "co2"
    """g of CO2 per kWh of the grid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What the sources of one kind said last."""

    kind: ForecastKind
    intervals: Series = ()

    @property
    def key(self) -> ForecastKind:
        """Return what it is about; there is one of each."""
        return self.kind
