"""The home the year is played in: its fuses, roof, battery, cars, and when these come and go."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Final, NamedTuple

from custom_components.ev_station.model.circuit import CircuitSettings, Rotation
from custom_components.ev_station.model.energy import ChargeMode
from custom_components.ev_station.model.settings import EvseSettings
from tests.simulator.household import Household
from tests.simulator.premises import Fuse, HouseBattery, Point, Premises, Vehicle, still
from tests.simulator.sunlight import Roof, Sky

_KWH_A_KM: Final = 0.18
_QUARTER: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """A car's habits, and how its charger is connected."""

    name: str
    mode: ChargeMode
    circuit: str
    rotation: Rotation
    phases: int
    max_a: float
    capacity_kwh: float
    leaves: time | None
    """On working days; None: only at weekends."""
    returns: time
    km: tuple[int, int]
    target: float = 0.9


DRIVERS: Final = (
    Driver(
        name="commuter", mode=ChargeMode.FAST, circuit="garage", rotation=Rotation.RST, phases=3,
        max_a=16, capacity_kwh=77, leaves=time(6, 30), returns=time(16, 45), km=(60, 120),
    ),
    Driver(
        name="errands", mode=ChargeMode.SOLAR_MIN, circuit="garage", rotation=Rotation.STR, phases=1,
        max_a=32, capacity_kwh=40, leaves=time(9, 0), returns=time(12, 30), km=(10, 60), target=1.0,
    ),
    Driver(
        name="shifts", mode=ChargeMode.FAST, circuit="main", rotation=Rotation.TRS, phases=1,
        max_a=32, capacity_kwh=58, leaves=time(11, 0), returns=time(18, 30), km=(30, 90),
    ),
    Driver(
        name="weekends", mode=ChargeMode.SOLAR, circuit="main", rotation=Rotation.RTS, phases=3,
        max_a=16, capacity_kwh=62, leaves=None, returns=time(17, 0), km=(80, 250), target=1.0,
    ),
)  # fmt: skip


class Visit(NamedTuple):
    """From when until when a car stands at its charger."""

    begins: datetime
    ends: datetime
    driver: int
    km: int
    """Driven before it came."""


def visits(seed: int, first: datetime, days: int) -> Iterator[Visit]:
    """Yield every driver's visits; each charges at night and whenever it is home."""
    for number, driver in enumerate(DRIVERS):
        random = Random(f"{seed} {driver.name}")
        home_since, driven = first, 0
        for day in range(days):
            date = first + timedelta(days=day)
            away = date.weekday() >= 5 if driver.leaves is None else date.weekday() < 5
            if not away or random.random() < 0.1:
                continue
            leaves = _about(random, date, driver.leaves or time(9, 30))
            returns = _about(random, date, driver.returns)
            if leaves > home_since:
                yield Visit(home_since, leaves, number, driven)
            home_since, driven = returns, random.randint(*driver.km)
        yield Visit(home_since, first + timedelta(days=days), number, driven)


def _about(random: Random, date: datetime, at: time) -> datetime:
    minutes = at.hour * 60 + at.minute + random.gauss(0, 25)
    return date + timedelta(minutes=round(minutes))


class Quarterly[T]:
    """Something of the world that stands still for every quarter of an hour."""

    def __init__(self, ask: Callable[[datetime], T]) -> None:
        """`ask` is asked once in each, in its middle."""
        self._ask = ask
        self._begins: datetime | None = None
        self._value: T

    def __call__(self, now: datetime) -> T:
        """Return how it is; the end of a step belongs to the quarter it ends."""
        since = now.replace(minute=0, second=0, microsecond=0)
        number = (now - since - timedelta(microseconds=1)) // _QUARTER
        begins = since + number * _QUARTER
        if self._begins != begins:
            self._begins, self._value = begins, self._ask(begins + _QUARTER / 2)
        return self._value


def settings(name: str, limit: int, *chargers: str, parent: str | None = None) -> CircuitSettings:
    """Return a circuit; the main one has a meter and is assumed to carry a good part of its limit else."""
    return CircuitSettings(
        circuit=name,
        name=name,
        limit_a=Decimal(limit),
        chargers=chargers,
        parent=parent,
        metered=parent is None,
        assumed_load_a=Decimal(15 if parent is None else 2),
    )


def vehicle(driver: Driver) -> Vehicle:
    """Return a driver's car."""
    return Vehicle(
        capacity_kwh=driver.capacity_kwh,
        soc=0.6,
        phases=driver.phases,
        max_amps=driver.max_a,
        target_soc=driver.target,
    )


def drive(car: Vehicle, km: int) -> None:
    """Use up what a way costs; who would strand charges elsewhere."""
    car.soc = max(car.soc - km * _KWH_A_KM / car.capacity_kwh, 0.1)


def home(
    seed: int, first: datetime, *, sky: Sky | None = None, quarterly: bool = False
) -> Premises:
    """Return a home on 35 A with 9 kWp, a battery, and four chargers, two of them in a garage on 20 A.

    `quarterly`: loads and sun stand still for every quarter of an hour.
    """
    household, roof = Household(seed), Roof(seed, 9_000, sky=sky)
    points = [
        Point(
            name=driver.name,
            settings=EvseSettings(evse=1, rotation=driver.rotation),
            reacts_in_s=2 + number,
            whole_amps=number == 2,
        )
        for number, driver in enumerate(DRIVERS)
    ]
    behind = {
        circuit: tuple(each.name for each in DRIVERS if each.circuit == circuit)
        for circuit in ("main", "garage")
    }
    house = Premises(
        fuses=[
            Fuse(
                settings=settings("main", 35, *behind["main"]),
                load=Quarterly(household) if quarterly else household,
            ),
            Fuse(
                settings=settings("garage", 20, *behind["garage"], parent="main"),
                load=still(0.6, 0, 0),
            ),
        ],
        points=points,
        solar_w=Quarterly(roof) if quarterly else roof,
        battery=HouseBattery(takes_w=5000.0, gives_w=5000.0),
        now=first,
        seed=seed,
    )
    for point, driver in zip(points, DRIVERS, strict=True):
        house.choose(point, driver.mode)
    return house
