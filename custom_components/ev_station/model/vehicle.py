"""Cars: what their batteries hold and take, and what their drivers want of them, by when."""

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from .ids import DriverId, TokenUid, VehicleId
from .tariff import DayOfWeek


class GoalKind(StrEnum):
    """What a goal is measured in."""

    PERCENT = "percent"
    """State of charge."""
    ENERGY = "energy"
    """Wh into the battery, from when the car was plugged in."""
    DISTANCE = "distance"
    """km more than when it was plugged in."""


class Goal(NamedTuple):
    """How much a car is to have."""

    kind: GoalKind
    amount: Decimal


class Departure(NamedTuple):
    """When a car leaves on one day of every week, by the site's clock."""

    day: DayOfWeek
    at: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A departure that comes once."""

    at: datetime
    goal: Goal | None = None
    """None: the car's usual one."""


class Stay(NamedTuple):
    """A past stay at a connector."""

    arrival: datetime
    stated: datetime
    """The departure that was stated at the arrival."""
    departure: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleSettings:
    """A car as its owner describes it."""

    vehicle: VehicleId
    name: str
    driver: DriverId | None = None
    """Whose sessions are taken for this car's."""
    tags: tuple[TokenUid, ...] = ()
    """Of the drivers' tags those that tell this car, whoever's it is; some chargers say its MAC address as one."""
    battery_wh: int
    efficiency: Decimal = Decimal("0.9")
    """From the EVSE into the battery."""
    tapers_from_percent: int = 80
    """Of its charge, from which it draws less and less; 100: it never does."""
    wh_per_km: int = 180
    tells_range: bool = False
    """Beside its state of charge: from both it is known what a km takes."""
    min_current_a: Decimal | None = None
    """With less it does not charge; None: with whatever its EVSE offers at least."""
    max_current_a: Decimal | None = None
    """None: as much as any EVSE offers."""
    phases: int | None = None
    """None: as many as any EVSE has."""
    least_percent: int = 0
    """Below this it charges at once, whatever that costs."""
    goal_percent: int = 80
    extra_percent: int = 100
    """Up to this it charges on beyond its goal where a kWh costs no more than `extra_price`."""
    extra_price: Decimal | None = None
    """In the site's currency; None: it does not."""
    departures: tuple[Departure, ...] = ()
    """At most one a day."""
