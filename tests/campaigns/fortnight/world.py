"""The home of the fortnight: its fuses and roof, its cars and when they really come and go, all drawn from a seed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from custom_components.ev_station.model.circuit import Rotation
from custom_components.ev_station.model.settings import EvseSettings
from custom_components.ev_station.model.tariff import DayOfWeek
from custom_components.ev_station.model.vehicle import Departure, VehicleSettings
from tests.campaigns.year.world import Quarterly, settings
from tests.simulator.household import Household
from tests.simulator.premises import HOME, Fuse, Point, Premises, Vehicle, still
from tests.simulator.strides import QUARTER
from tests.simulator.sunlight import Roof

ZONE: Final = ZoneInfo(HOME.time_zone)
PEAK_W: Final = 7_000
ODD: Final = 1 / 3
"""On so many days a car comes late, and on so many it leaves early."""
_LATEST: Final = timedelta(hours=3)
_EARLIEST: Final = timedelta(hours=2)
_BEGINS_AFTER_S: Final = 5.0
"""A car is told to wait sooner than it begins."""
_WEEK: Final = tuple(DayOfWeek)


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """A car, what is told of it, and its habits by the site's clock."""

    name: str
    circuit: str
    rotation: Rotation
    evse_phases: int = 3
    phases: int
    max_a: float
    capacity_kwh: float
    goal: int
    """Percent; its owner has the car stop there."""
    efficiency: float
    """Nobody but the car knows; plans reckon with 0.9."""
    told_phases: int | None
    tells_every: timedelta | None
    """How often it tells its state of charge besides when it is plugged in."""
    days: tuple[DayOfWeek, ...]
    leaves: time
    returns: time
    left: tuple[float, float]
    """With how much of its battery it comes back."""


DRIVERS: Final = (
    Driver(
        name="commuter", circuit="garage", rotation=Rotation.RST, phases=3, max_a=16,
        capacity_kwh=77, goal=80, efficiency=0.92, told_phases=3, tells_every=timedelta(minutes=30),
        days=_WEEK[:5], leaves=time(6, 45), returns=time(16, 45), left=(0.25, 0.5),
    ),
    Driver(
        name="errands", circuit="garage", rotation=Rotation.STR, phases=1, max_a=32,
        capacity_kwh=40, goal=90, efficiency=0.9, told_phases=None, tells_every=timedelta(hours=1),
        days=_WEEK, leaves=time(9, 0), returns=time(13, 0), left=(0.35, 0.7),
    ),
    Driver(
        name="shifts", circuit="main", rotation=Rotation.TRS, phases=1, max_a=16,
        capacity_kwh=18, goal=100, efficiency=0.9, told_phases=1, tells_every=None,
        days=_WEEK[:6], leaves=time(11, 0), returns=time(19, 30), left=(0.1, 0.3),
    ),
)  # fmt: skip
"""A big one, one that nobody told the phases of, and a small one that tapers for half its charge."""


class Visit(NamedTuple):
    """From when until when a car stands at its charger."""

    begins: datetime
    ends: datetime
    driver: int
    told: datetime
    """When it was to leave."""
    soc: float
    """With which it came."""

    @property
    def left_early(self) -> bool:
        """Return whether it left before it was to."""
        return self.ends < self.told


def visits(seed: int, first: datetime, days: int) -> Iterator[Visit]:
    """Yield all visits that end within the days; who comes and goes does not depend on what is charged."""
    for number, driver in enumerate(DRIVERS):
        for (_, back), (told, _) in pairwise(_trips(seed, driver, first, days)):
            random = Random(f"{seed} {driver.name} leaves {told}")
            early = _odd(random, _EARLIEST)
            soc = random.uniform(*driver.left)
            if told - early > back:
                yield Visit(back, told - early, number, told, soc)


def _trips(
    seed: int, driver: Driver, first: datetime, days: int
) -> Iterator[tuple[datetime, datetime]]:
    """Yield when a car is to leave and when it is really back."""
    today = first.astimezone(ZONE).date()
    for day in range(days + 1):
        date = today + timedelta(days=day)
        if _WEEK[date.weekday()] not in driver.days:
            continue
        leaves, back = (
            datetime.combine(date, at, ZONE).astimezone(UTC)
            for at in (driver.leaves, driver.returns)
        )
        yield leaves, back + _odd(Random(f"{seed} {driver.name} comes {date}"), _LATEST)


def _odd(random: Random, most: timedelta) -> timedelta:
    """Return nothing on two days of three, else up to the most, by the quarter hour."""
    odd, much = random.random() < ODD, random.random()
    return QUARTER * max(1, round(most / QUARTER * much)) if odd else timedelta(0)


def car(visit: Visit) -> Vehicle:
    """Return the car that comes."""
    driver = DRIVERS[visit.driver]
    return Vehicle(
        capacity_kwh=driver.capacity_kwh,
        soc=visit.soc,
        phases=driver.phases,
        max_amps=driver.max_a,
        target_soc=driver.goal / 100,
        efficiency=driver.efficiency,
        begins_after_s=_BEGINS_AFTER_S,
    )


def told(driver: Driver) -> VehicleSettings:
    """Return what its owner says of a car."""
    return VehicleSettings(
        vehicle=driver.name,
        name=driver.name,
        battery_wh=round(driver.capacity_kwh * 1000),
        phases=driver.told_phases,
        goal_percent=driver.goal,
        departures=tuple(Departure(day, driver.leaves) for day in driver.days),
    )


@dataclass(frozen=True, slots=True)
class Nature:
    """What the house draws and the roof gives, still for every quarter of an hour."""

    load: Quarterly[tuple[float, float, float]]
    sun: Quarterly[float]

    @classmethod
    def of(cls, seed: int) -> Nature:
        """Return it."""
        return cls(Quarterly(Household(seed)), Quarterly(Roof(seed, PEAK_W)))


def home(seed: int, first: datetime) -> Premises:
    """Return a house on 25 A with a roof and three chargers, two of them in a garage on 20 A."""
    nature = Nature.of(seed)
    behind = {
        circuit: tuple(each.name for each in DRIVERS if each.circuit == circuit)
        for circuit in ("main", "garage")
    }
    main = replace(settings("main", 25, *behind["main"]), assumed_load_a=Decimal(9))
    garage = settings("garage", 20, *behind["garage"], parent="main")
    return Premises(
        fuses=[
            Fuse(settings=main, load=nature.load),
            Fuse(settings=garage, load=still(0.6, 0, 0)),
        ],
        points=[
            Point(
                name=driver.name,
                settings=EvseSettings(evse=1, rotation=driver.rotation),
                reacts_in_s=2 + number,
                whole_amps=number == 2,
            )
            for number, driver in enumerate(DRIVERS)
        ],
        solar_w=nature.sun,
        now=first,
        seed=seed,
        settings=replace(HOME, import_tariff="grid", export_tariff="feed-in"),
    )
