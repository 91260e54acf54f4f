"""Rating: a session's energy over time, cut wherever its price may change, and what each part costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from ..model.curve import Curve
from ..model.records import ChargingPeriod
from ..model.tariff import Dimension, PriceSeries, Tariff
from .money import exact
from .prices import SAME_HOUR_DAYS, Price, price_at
from .windows import day_of_week, flips, holds

_WH_PER_KWH: Final = 1000
_ESTIMATE_DAYS: Final = tuple(timedelta(days=days) for days in range(SAME_HOUR_DAYS + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What a session costs."""

    periods: tuple[ChargingPeriod, ...]
    amount: Fraction
    """Exact, in the tariff's currency."""
    unpriced: bool
    """No price was known for part of the energy; that part costs nothing here."""
    estimated: bool
    """A price or the moment at which energy flowed was interpolated."""


@dataclass(frozen=True, slots=True)
class _Part:
    start: datetime
    end: datetime
    energy_wh: Decimal
    price: Price | None


def rate(curve: Curve, tariff: Tariff | None, series: PriceSeries | None, zone: ZoneInfo) -> Rating:
    """Return periods and cost of a session (OCPI `mod_cdrs` ChargingPeriod, `mod_tariffs`).

    The first element that has an ENERGY component and whose restrictions hold is active; energy between two
    readings is spread evenly over time.
    """
    parts = _joined([part for part in _parts(curve, tariff, series, zone) if part.energy_wh])
    amounts = [_cost(part) for part in parts]
    split = len({part.price for part in parts}) > 1
    return Rating(
        periods=tuple(map(_period, parts, amounts, strict=True)),
        amount=sum(amounts, Fraction(0)),
        unpriced=any(part.price is None for part in parts),
        estimated=any(part.price is not None and part.price.estimated for part in parts)
        or (split and any(_interpolated(curve, part) for part in parts)),
    )


def _interpolated(curve: Curve, part: _Part) -> bool:
    return curve.is_interpolated(part.start) or curve.is_interpolated(part.end)


def energy_price(
    tariff: Tariff | None, series: PriceSeries | None, zone: ZoneInfo, moment: datetime
) -> Price | None:
    """Return the price per kWh at a moment; None when no price is known."""
    if tariff is None:
        return None
    component = _energy_component(tariff, moment.astimezone(zone))
    if not tariff.dynamic:
        return Price(component or Decimal(0))
    spot = price_at(series, moment)
    return None if spot is None else Price(spot.per_kwh + (component or 0), spot.estimated)


def _energy_component(tariff: Tariff, local: datetime) -> Decimal | None:
    day = day_of_week(tariff, local)
    for element in tariff.elements:
        prices = [each.price for each in element.price_components if each.type is Dimension.ENERGY]
        if prices and holds(element.restrictions, local, day):
            return prices[0]
    return None


def _parts(
    curve: Curve, tariff: Tariff | None, series: PriceSeries | None, zone: ZoneInfo
) -> list[_Part]:
    """Return the energy between two cuts each; what a reading shows at the very begin is the first part's."""
    parts, before = [], Decimal(0)
    cuts = price_cuts(tariff, series, zone, curve.start, curve.end)
    for start, end in pairwise((curve.start, *cuts, curve.end)):
        energy = curve.energy_at(end)
        parts.append(_Part(start, end, energy - before, energy_price(tariff, series, zone, start)))
        before = energy
    return parts


def price_cuts(
    tariff: Tariff | None,
    series: PriceSeries | None,
    zone: ZoneInfo,
    start: datetime,
    end: datetime,
) -> Sequence[datetime]:
    """Return the moments within the open interval at which the price may change, in order."""
    if tariff is None:
        return ()
    cuts = set(flips(tariff, zone, start, end))
    if tariff.dynamic and series is not None:
        cuts |= _series_edges(series, start, end)
    return sorted(cuts)


def _series_edges(series: PriceSeries, start: datetime, end: datetime) -> set[datetime]:
    """Return every moment in the open interval at which the series' price, known or estimated, may change."""
    edges = {edge for each in series.intervals for edge in (each.start, each.end)}
    near = [edge for edge in edges if start - _ESTIMATE_DAYS[-1] < edge < end]
    shifted = (edge + days for edge in near for days in _ESTIMATE_DAYS)
    return {edge for edge in shifted if start < edge < end}


def _joined(parts: list[_Part]) -> list[_Part]:
    """Return the parts with neighbours of one price made one."""
    joined: list[_Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        if last is not None and last.price == part.price:
            energy = last.energy_wh + part.energy_wh
            joined[-1] = _Part(last.start, part.end, energy, part.price)
        else:
            joined.append(part)
    return joined


def _cost(part: _Part) -> Fraction:
    if part.price is None:
        return Fraction(0)
    return Fraction(part.energy_wh) / _WH_PER_KWH * Fraction(part.price.per_kwh)


def _period(part: _Part, amount: Fraction) -> ChargingPeriod:
    return ChargingPeriod(
        start=part.start,
        end=part.end,
        energy_wh=part.energy_wh,
        price_per_kwh=None if part.price is None else part.price.per_kwh,
        amount=exact(amount),
    )
