"""An independent opinion on tariffs: minute by minute, local calendar only, written from the OCPI text."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from custom_components.ev_station.model.curve import Curve
from custom_components.ev_station.model.tariff import PriceSeries, Tariff

MINUTE = timedelta(minutes=1)
_DAYS = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]


def price_of(tariff: Tariff, zone: ZoneInfo, moment: datetime) -> Decimal:
    """Return the ENERGY price at a moment by reading the wall clock: 0 if no element matches."""
    wall = moment.astimezone(zone).strftime("%H:%M:%S.%f")
    date = moment.astimezone(zone).strftime("%Y-%m-%d")
    free = date in [each.isoformat() for each in tariff.holidays]
    day = "SUNDAY" if free else _DAYS[moment.astimezone(zone).weekday()]
    for element in tariff.elements:
        rule = element.restrictions
        start = rule.start_time.strftime("%H:%M:%S.%f") if rule.start_time else "00:00:00.000000"
        end = rule.end_time.strftime("%H:%M:%S.%f") if rule.end_time else "24"
        if end == "00:00:00.000000":
            end = "24"
        inside = start <= wall < end if start < end else (wall >= start or wall < end)
        dated = (rule.start_date is None or rule.start_date.isoformat() <= date) and (
            rule.end_date is None or date < rule.end_date.isoformat()
        )
        listed = not rule.day_of_week or day in [each.value for each in rule.day_of_week]
        if inside and dated and listed and element.price_components:
            return element.price_components[0].price
    return Decimal(0)


def spot_of(series: PriceSeries, moment: datetime) -> Decimal | None:
    """Return the price of the interval around a moment, else of the same hour of up to 7 days before."""
    for days in range(8):
        for each in series.intervals:
            if each.start <= moment - timedelta(days=days) < each.end:
                return each.price
    return None


def cost(
    curve: Curve, tariff: Tariff, zone: ZoneInfo, series: PriceSeries | None = None
) -> Fraction:
    """Return what a curve costs when each whole minute is billed at the price in its middle."""
    total, moment = Fraction(0), curve.start
    while moment < curve.end:
        energy = curve.energy_at(moment + MINUTE) - curve.energy_at(moment)
        price = price_of(tariff, zone, moment + MINUTE / 2)
        if tariff.dynamic:
            spot = None if series is None else spot_of(series, moment + MINUTE / 2)
            price = Decimal(0) if spot is None else spot + price
        total += Fraction(energy) * Fraction(price) / 1000
        moment += MINUTE
    return total


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Return a UTC moment."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
