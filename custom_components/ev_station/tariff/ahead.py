"""What a kWh will cost: any tariff as a series of the hours to come."""

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from ..model.forecast import Interval, Series
from ..model.tariff import PriceSeries, Tariff
from .rating import energy_price, price_cuts


def ahead(
    tariff: Tariff | None,
    series: PriceSeries | None,
    zone: ZoneInfo,
    start: datetime,
    end: datetime,
    *,
    estimated: bool = False,
) -> Series:
    """Return the price per kWh from `start` to `end`, the same that a session is rated with; holes where none is known.

    With `estimated`, hours a source has not told yet have the price of the same hour of the last days.
    """
    found: list[Interval] = []
    for begin, until in pairwise((start, *price_cuts(tariff, series, zone, start, end), end)):
        price = energy_price(tariff, series, zone, begin)
        if price is None or (price.estimated and not estimated):
            continue
        last = found[-1] if found else None
        if last is not None and last.end == begin and last.value == price.per_kwh:
            begin = found.pop().start
        found.append(Interval(start=begin, end=until, value=price.per_kwh))
    return tuple(found)
