"""What the house is told of the hours to come: real prices, a forecast of the sun that errs, a guess at the load."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from benchmarks.planning.cases import GRID_FEE, prices_of_year
from custom_components.ev_station.model import events as e
from custom_components.ev_station.model.forecast import Forecast, ForecastKind, Interval
from custom_components.ev_station.model.settings import TariffSettings
from custom_components.ev_station.model.tariff import PriceInterval, PriceSeries
from custom_components.ev_station.tariff.build import dynamic, fixed
from tests.simulator.point import VOLTS
from tests.simulator.strides import QUARTER

from .world import ZONE, Nature

EXPORT_PRICE: Final = 0.07
PUBLISHED: Final = time(13)
"""By the site's clock: all of the next day."""
FORECAST_EVERY: Final = timedelta(hours=3)
_AHEAD_H: Final = 48
_BIAS: Final = 1.15
"""Of every forecast of the sun: it is too bright."""
_DAY_ERROR: Final = 0.3
_HOUR_ERROR: Final = 0.2
_LOAD_ERROR: Final = 0.25
_HOUR: Final = timedelta(hours=1)


def tariffs() -> tuple[e.TariffConfigured, e.TariffConfigured]:
    """Return what the grid costs and earns."""
    return (
        e.TariffConfigured(
            settings=TariffSettings(
                tariff=dynamic("grid", "EUR", Decimal(str(GRID_FEE))), name="Grid"
            )
        ),
        e.TariffConfigured(
            settings=TariffSettings(
                tariff=fixed("feed-in", "EUR", Decimal(str(EXPORT_PRICE))), name="Feed-in"
            )
        ),
    )


def import_price(now: datetime) -> float:
    """Return what a kWh from the grid costs."""
    return prices_of_year()[now.replace(minute=0, second=0, microsecond=0)] + GRID_FEE


def published(day: date) -> e.PricesRead:
    """Return the prices of a local day."""
    start, end = (
        datetime.combine(each, time(0), ZONE).astimezone(UTC)
        for each in (day, day + timedelta(days=1))
    )
    known = prices_of_year()
    hours = (start + _HOUR * hour for hour in range((end - start) // _HOUR))
    intervals = tuple(
        PriceInterval(start=hour, end=hour + _HOUR, price=Decimal(str(round(known[hour], 6))))
        for hour in hours
    )
    return e.PricesRead(series=PriceSeries(tariff="grid", intervals=intervals))


class Foresight:
    """Looks ahead at the same nature, badly."""

    def __init__(self, seed: int, first: datetime, days: int) -> None:
        """Learn the usual load of each quarter hour of the day from the days to come: more than a house can know."""
        self._seed, self._sun = seed, Nature.of(seed).sun
        load = Nature.of(seed).load
        midnight = first.replace(hour=0, minute=0)
        self._usual = [
            sum(
                sum(load(midnight + timedelta(days=day) + QUARTER * (n + 1))) for day in range(days)
            )
            * VOLTS
            / days
            for n in range(96)
        ]

    def sun(self, now: datetime) -> e.ForecastRead:
        """Return what is expected of the sun; the further ahead, the wronger."""
        intervals = []
        for ahead in range(_AHEAD_H):
            start = now + _HOUR * ahead
            really = sum(self._sun(start + QUARTER * (n + 1)) for n in range(4)) / 4
            spread = _HOUR_ERROR + _DAY_ERROR * ahead / _AHEAD_H
            # The same day errs alike from forecast to forecast, and each hour by itself.
            day = Random(f"{self._seed} {start.date()}").gauss(0, _DAY_ERROR)
            hour = Random(f"{self._seed} {now} {start}").gauss(0, spread)
            seen = max(0.0, really * _BIAS * (1 + day) * (1 + hour))
            intervals.append(_interval(start, seen, spread + _DAY_ERROR))
        return e.ForecastRead(
            forecast=Forecast(kind=ForecastKind.SOLAR, intervals=tuple(intervals))
        )

    def load(self, now: datetime) -> e.ForecastRead:
        """Return what the house is expected to draw."""
        intervals = []
        for ahead in range(_AHEAD_H):
            start = now + _HOUR * ahead
            usual = sum(self._usual[(start.hour * 4 + n) % 96] for n in range(4)) / 4
            error = Random(f"{self._seed} load {now} {start}").gauss(0, _LOAD_ERROR)
            intervals.append(_interval(start, usual * max(0.2, 1 + error), _LOAD_ERROR))
        return e.ForecastRead(forecast=Forecast(kind=ForecastKind.LOAD, intervals=tuple(intervals)))


def _interval(start: datetime, watts: float, spread: float) -> Interval:
    low, high = max(0.0, 1 - 1.28 * spread), 1 + 1.28 * spread
    value, lowest, highest = (Decimal(round(watts * each)) for each in (1, low, high))
    return Interval(start=start, end=start + _HOUR, value=value, low=lowest, high=highest)
