"""Places and days to control: a house, a company's yard, a roof with sun."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
import math
from random import Random
from typing import Final

from custom_components.ev_station.model.circuit import CircuitSettings, Rotation
from custom_components.ev_station.model.energy import ChargeMode
from custom_components.ev_station.model.settings import EvseSettings
from tests.simulator.premises import MORNING, Fuse, Load, Point, Premises, Vehicle

_APPLIANCES: Final = ((3.0, 8.0, 180), (2.0, 9.5, 600), (0.7, 13.0, 2400), (4.0, 2.0, 900))
"""Switched on so often an hour, A, for so many seconds: kettle, hob, oven, small things."""
_MOST_A: Final = 24.0
"""A house that trips its breaker by itself tells nothing about who shares what it leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A car that comes after some seconds."""

    second: int
    point: int
    vehicle: Vehicle


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A place, and who comes."""

    house: Premises
    arrivals: Sequence[Arrival]


def household(seed: int, hours: int) -> Load:
    """Return the load of a house on three phases: a base and appliances that come and go."""
    random, span = Random(seed), hours * 3600
    switched: list[tuple[int, int, int, float]] = []
    for rate, amps, lasts in _APPLIANCES:
        for _ in range(round(rate * hours)):
            start = random.randrange(span)
            phase = random.choice((0, 0, 1, 2))
            switched.append((start, start + round(lasts * random.uniform(0.5, 1.5)), phase, amps))
    table = [[1.5, 1.0, 0.8] for _ in range(span + 1)]
    for start, end, phase, amps in switched:
        for second in range(start, min(end, span)):
            table[second][phase] = min(table[second][phase] + amps, _MOST_A)

    def load(now: datetime) -> tuple[float, float, float]:
        first, second, third = table[min(int((now - MORNING).total_seconds()), span)]
        return first, second, third

    return load


def home(seed: int, hours: int, *, controlled: bool) -> Scene:
    """Return a house on 25 A with two chargers and cars of one and three phases."""
    main = CircuitSettings(
        circuit="main",
        name="Main",
        limit_a=Decimal(25),
        chargers=("A", "B"),
        metered=True,
        assumed_load_a=Decimal(10),
    )
    house = Premises(
        fuses=[Fuse(settings=main, load=household(seed, hours))],
        points=[Point(name="A"), Point(name="B")],
        seed=seed,
        controlled=controlled,
    )
    cars = (
        Arrival(second=60, point=0, vehicle=Vehicle(capacity_kwh=77, soc=0.2, max_amps=16)),
        Arrival(
            second=1800, point=1, vehicle=Vehicle(capacity_kwh=40, soc=0.3, phases=1, max_amps=32)
        ),
    )
    return Scene(house=house, arrivals=cars)


def yard(seed: int, hours: int, *, controlled: bool) -> Scene:
    """Return a yard on 63 A with ten chargers behind two fuses of 40 A; one-phase cars are spread."""
    random, rotations = Random(seed), tuple(Rotation)
    names = [f"P{number}" for number in range(10)]
    fuses = [
        _fuse("main", 63, (), assumed=10, metered=True),
        _fuse("left", 40, tuple(names[:5]), parent="main"),
        _fuse("right", 40, tuple(names[5:]), parent="main"),
    ]
    points = [
        Point(name=name, settings=EvseSettings(evse=1, rotation=rotations[number % 6]))
        for number, name in enumerate(names)
    ]
    house = Premises(
        fuses=[
            Fuse(settings=fuses[0], load=household(seed, hours)),
            *(Fuse(settings=each) for each in fuses[1:]),
        ],
        points=points,
        seed=seed,
        controlled=controlled,
    )
    arrivals = [
        Arrival(
            second=random.randrange(60, 3600),
            point=number,
            vehicle=Vehicle(
                capacity_kwh=random.choice((40, 58, 77)),
                soc=random.uniform(0.2, 0.6),
                phases=random.choice((1, 3, 3)),
                max_amps=random.choice((16, 16, 32)),
            ),
        )
        for number in range(10)
    ]
    return Scene(house=house, arrivals=arrivals)


def _fuse(
    name: str,
    limit: int,
    chargers: tuple[str, ...],
    *,
    parent: str | None = None,
    assumed: int = 0,
    metered: bool = False,
) -> CircuitSettings:
    return CircuitSettings(
        circuit=name,
        name=name,
        limit_a=Decimal(limit),
        chargers=chargers,
        parent=parent,
        assumed_load_a=Decimal(assumed),
        metered=metered,
    )


def roof(peak_w: float, phases: int, *, clouds: bool, seed: int) -> Scene:
    """Return a house on the grid whose one car charges from the sun alone, from six to twenty."""
    random = Random(seed)
    shades = [random.choice((1.0, 1.0, 0.9, 0.35)) for _ in range(200)]

    def sun(now: datetime) -> float:
        hours = (now - MORNING) / timedelta(hours=1)
        clear = max(0.0, peak_w * math.sin(math.pi * hours / 14))
        return clear * (shades[int(hours * 12) % len(shades)] if clouds else 1)

    point = Point(name="A", settings=EvseSettings(evse=1, phases=phases))
    house = Premises(fuses=[], points=[point], solar_w=sun, house_a=2.0, seed=seed)
    house.choose(point, ChargeMode.SOLAR)
    car = Vehicle(capacity_kwh=200, phases=phases, max_amps=16 if phases == 3 else 32)
    return Scene(house=house, arrivals=[Arrival(second=60, point=0, vehicle=car)])
