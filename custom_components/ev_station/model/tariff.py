"""Tariffs in the shape of OCPI 2.2.1 `mod_tariffs`, and the price series behind a dynamic one."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum

from .ids import TariffId


class Dimension(StrEnum):
    """OCPI TariffDimensionType, as far as it is rated."""

    ENERGY = "ENERGY"


class DayOfWeek(StrEnum):
    """OCPI DayOfWeek."""

    MONDAY = "MONDAY"
    TUESDAY = "TUESDAY"
    WEDNESDAY = "WEDNESDAY"
    THURSDAY = "THURSDAY"
    FRIDAY = "FRIDAY"
    SATURDAY = "SATURDAY"
    SUNDAY = "SUNDAY"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceComponent:
    """OCPI PriceComponent: a price per kWh."""

    type: Dimension
    price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Restrictions:
    """OCPI TariffRestrictions: local times and dates of the site; starts inclusive, ends exclusive."""

    start_time: time | None = None
    end_time: time | None = None
    """Before or equal to `start_time`: past midnight. 00:00 is the end of the day."""
    start_date: date | None = None
    end_date: date | None = None
    day_of_week: tuple[DayOfWeek, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffElement:
    """OCPI TariffElement: components that apply while the restrictions hold."""

    price_components: tuple[PriceComponent, ...]
    restrictions: Restrictions = field(default_factory=Restrictions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """OCPI Tariff. Per dimension the first element that matches a moment is active; none costs nothing."""

    id: TariffId
    currency: str
    elements: tuple[TariffElement, ...] = ()
    dynamic: bool = False
    """The tariff's `PriceSeries` says the price of energy; `elements` then hold what comes on top."""
    holidays: tuple[date, ...] = ()
    """Ours, not OCPI's: local days that count as Sundays from midnight to midnight. They are listed here, not looked
    up, so that a library that learns otherwise changes no bill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceInterval:
    """A price per kWh over a half-open UTC interval."""

    start: datetime
    end: datetime
    price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSeries:
    """What a price source said, in order and without overlap."""

    tariff: TariffId
    intervals: tuple[PriceInterval, ...]
