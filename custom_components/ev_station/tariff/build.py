"""The tariffs people configure, in OCPI's shape."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal

from ..model.ids import TariffId
from ..model.tariff import DayOfWeek, Dimension, PriceComponent, Restrictions, Tariff, TariffElement


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A price per kWh on some weekdays between two local times; `end` not after `start` runs past midnight."""

    days: tuple[DayOfWeek, ...]
    start: time
    end: time
    price: Decimal


def fixed(tariff: TariffId, currency: str, price: Decimal) -> Tariff:
    """Return a tariff of one price per kWh."""
    return Tariff(id=tariff, currency=currency, elements=(_element(price),))


def time_of_use(
    tariff: TariffId,
    currency: str,
    price: Decimal,
    bands: Sequence[Band],
    holidays: Sequence[date] = (),
) -> Tariff:
    """Return a tariff of bands and of `price` for the rest of the week; holidays count as Sundays.

    A band past midnight belongs to the weekday it begins on, as people say it; OCPI tests the weekday of the
    moment itself, so such a band becomes two elements.
    """
    elements = [element for band in bands for element in _band_elements(band)]
    return Tariff(
        id=tariff,
        currency=currency,
        elements=(*elements, _element(price)),
        holidays=tuple(holidays),
    )


def dynamic(
    tariff: TariffId,
    currency: str,
    surcharge: Decimal,
    bands: Sequence[Band] = (),
    holidays: Sequence[date] = (),
) -> Tariff:
    """Return a tariff whose price series sets the price, plus a surcharge per kWh, in bands that of the band."""
    return replace(time_of_use(tariff, currency, surcharge, bands, holidays), dynamic=True)


def _element(price: Decimal, restrictions: Restrictions | None = None) -> TariffElement:
    return TariffElement(
        price_components=(PriceComponent(type=Dimension.ENERGY, price=price),),
        restrictions=restrictions or Restrictions(),
    )


def _band_elements(band: Band) -> list[TariffElement]:
    days = () if len(set(band.days)) == len(DayOfWeek) else band.days
    midnight = time(0)
    if not band.days:
        return []
    if band.start < band.end or band.end == midnight:
        return [_band_element(band, days, band.start, band.end)]
    return [
        _band_element(band, days, band.start, midnight),
        _band_element(band, tuple(map(_next_day, days)), midnight, band.end),
    ]


def _band_element(band: Band, days: tuple[DayOfWeek, ...], start: time, end: time) -> TariffElement:
    return _element(band.price, Restrictions(start_time=start, end_time=end, day_of_week=days))


def _next_day(day: DayOfWeek) -> DayOfWeek:
    days = tuple(DayOfWeek)
    return days[(days.index(day) + 1) % len(days)]
