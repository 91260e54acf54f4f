"""The cheapest hours of the known prices."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from ..model.tariff import PriceSeries, Tariff
from .rating import energy_price

_STEP: Final = timedelta(minutes=15)
_STEPS: Final = 24 * 4
_SHARE: Final = 3
"""One in so many hours is cheap."""


def is_cheap(
    tariff: Tariff | None, series: PriceSeries | None, zone: ZoneInfo, now: datetime
) -> bool:
    """Return whether the price now is the lowest of the day to come, or in its cheapest third, as far as known.

    Where nothing is known, or all hours cost the same, no hour is worth waiting for.
    """
    price = energy_price(tariff, series, zone, now)
    if price is None:
        return True
    start = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    moments = (start + _STEP * number for number in range(1, _STEPS))
    known = [energy_price(tariff, series, zone, moment) for moment in moments]
    prices = [price.per_kwh, *(each.per_kwh for each in known if each is not None)]
    no_dearer = sum(1 for each in prices if each <= price.per_kwh)
    return no_dearer <= len(prices) / _SHARE or price.per_kwh == min(prices)
