"""How often a charger is written to where load and sun are never still: some write each limit to flash."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Final

from custom_components.ev_station.model.circuit import CircuitSettings
from custom_components.ev_station.model.energy import ChargeMode
from custom_components.ev_station.model.settings import EvseSettings
from tests.simulator.premises import MORNING, Fuse, Point, Premises, Vehicle

_RHYTHMS: Final = ((5, 0.1), (30, 0.3), (90, 0.5))
"""A step every so many seconds, by up to that share of the whole range."""


def report(hours: int, seed: int) -> None:
    """Print how many limits each charger got an hour."""
    print(
        f"\n{'never still':<28}{'limits/h':>10}{'kWh':>8}{'trips':>7}{'import %':>10}{'starts':>8}"
    )
    for every_s, share in _RHYTHMS:
        _row(f"load, every {every_s} s", _fuse(_walk(seed, hours, every_s, share, 1, 20)), hours)
    for phases, least, most in ((1, 1000, 7000), (3, 2500, 11000)):
        for every_s, share in _RHYTHMS:
            sun = _walk(seed, hours, every_s, share, least, most)
            _row(f"sun, {phases} phases, every {every_s} s", _sun(sun, phases), hours)


def _row(name: str, house: Premises, hours: int) -> None:
    house.run(hours * 3600)
    cars, charged = len(house.points), sum(point.register_wh for point in house.points)
    trips = sum(strain.breaker.tripped for strain in house.strains.values())
    print(
        f"{name:<28}{house.messages / cars / hours:>10.0f}{charged / 1000:>8.1f}{trips:>7}"
        f"{100 * house.imported_wh / charged:>10.1f}"
        f"{sum(point.switched_on for point in house.points) / cars:>8.1f}"
    )


def _walk(
    seed: int, hours: int, every_s: int, share: float, least: float, most: float
) -> Callable[[datetime], float]:
    """Return something that wanders at random between two values."""
    random, step = Random(seed), share * (most - least)
    values = [least]
    for _ in range(hours * 3600 // every_s + 1):
        values.append(min(max(values[-1] + random.uniform(-step, step), least), most))
    return lambda now: values[int((now - MORNING).total_seconds()) // every_s]


def _fuse(load: Callable[[datetime], float]) -> Premises:
    """Return two cars behind a fuse of 35 A."""
    main = CircuitSettings(
        circuit="main",
        name="Main",
        limit_a=Decimal(35),
        chargers=("A", "B"),
        metered=True,
        assumed_load_a=Decimal(10),
    )
    house = Premises(
        fuses=[Fuse(settings=main, load=lambda now: (load(now), 2, 1))],
        points=[Point(name="A"), Point(name="B")],
    )
    for point in house.points:
        house.plug(point, Vehicle(capacity_kwh=200, max_amps=32))
    return house


def _sun(sun: Callable[[datetime], float], phases: int) -> Premises:
    """Return a car that lives on the sun alone."""
    point = Point(name="A", settings=EvseSettings(evse=1, phases=phases))
    house = Premises(fuses=[], points=[point], solar_w=sun, house_a=2.0)
    house.choose(point, ChargeMode.SOLAR)
    house.plug(point, Vehicle(capacity_kwh=200, phases=phases, max_amps=16 if phases == 3 else 32))
    return house
