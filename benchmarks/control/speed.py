"""How long deciding takes, and how soon it reaches the chargers over real sockets."""

import argparse
import asyncio
from collections.abc import Callable, Mapping
from decimal import Decimal
import json
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, Final, override

from custom_components.ev_station.balancing.allocation import Claim, Rank, allocate
from custom_components.ev_station.balancing.limits import EPOCH
from custom_components.ev_station.circuit.bounds import Branch, Tap, bounds
from custom_components.ev_station.engine import Engine, Listener
from custom_components.ev_station.model.circuit import CircuitSettings, MeterReading
from custom_components.ev_station.model.events import ChargerConfigured, CircuitConfigured
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.settings import ChargerSettings
from script.ports import LOCALHOST
from tests.engine.site import ANNA, SITE, utcnow
from tests.simulator.load import LoadCharger, Tally, parser as load_parser
from tests.simulator.premises import Fuse, Point, Premises, Vehicle, still

_PHASES: Final = frozenset({0, 1, 2})
_ROUNDS: Final = 12
_FUSES: Final = 10
_MOST_A: Final = 16
_LEAST_A: Final = 7
"""What each charger has at the beginning and at the end of the rounds."""
_SAMPLES_EVERY_S: Final = 10.0
_NOTHING: Final = Decimal(0)


def report(chargers: int) -> None:
    """Print how long everything takes with so many chargers."""
    print(f"\n{f'with {chargers} chargers':<36}{'p50 ms':>9}{'p99 ms':>9}{'worst':>9}")
    _row("an allocation, CPU", _allocations(chargers))
    _row("a look at the site, CPU", _looks(chargers))
    reactions, stalls = asyncio.run(_reactions(chargers))
    _row("meter to SetChargingProfile", reactions)
    _row("the loop is late meanwhile", stalls)


def _row(name: str, seconds: list[float]) -> None:
    found = [1000 * each for each in seconds]
    print(f"{name:<36}{median(found):9.2f}{quantiles(found, n=100)[98]:9.2f}{max(found):9.2f}")


def _timed(work: Callable[[], object], times: int) -> list[float]:
    took = []
    for _ in range(times):
        began = process_time()
        work()
        took.append(process_time() - began)
    return took


def _allocations(chargers: int) -> list[float]:
    """Allocate on ten fuses behind one, with claims of all sizes."""
    random = Random(1)
    load = (Decimal(5), Decimal(5), Decimal(5))
    branches = [Branch(circuit="main", limit_a=Decimal(4 * chargers), load_a=load)]
    branches += [
        Branch(circuit=f"c{number}", parent="main", limit_a=Decimal(63), load_a=load)
        for number in range(_FUSES)
    ]
    evses = [EvseId(f"P{number}", 1) for number in range(chargers)]
    taps = [
        Tap(
            evse=evse,
            circuit=f"c{number % _FUSES}",
            phases=random.choice((_PHASES, frozenset({number % 3}))),
        )
        for number, evse in enumerate(evses)
    ]
    claims = [
        Claim(evse=evse, least=60, most=random.randrange(60, 320), rank=Rank(1, 0, EPOCH))
        for evse in evses
    ]
    return _timed(lambda: allocate(claims, bounds(branches, taps)), 200)


def _looks(chargers: int) -> list[float]:
    """Look at a site where everybody charges, in the reducer alone."""
    names = [f"P{number}" for number in range(chargers)]
    fuses = [
        Fuse(settings=settings, load=still(5, 5, 5)) for settings in _tree(names, 4 * chargers)
    ]
    house = Premises(fuses=fuses, points=[Point(name=name) for name in names])
    for point in house.points:
        house.plug(point, Vehicle(max_amps=32, capacity_kwh=200))
    house.run(60)
    return _timed(house.look, 200)


def _tree(names: list[str], limit: int) -> list[CircuitSettings]:
    def fuse(name: str, amps: int, below: list[str], parent: str | None) -> CircuitSettings:
        return CircuitSettings(
            circuit=name,
            name=name,
            limit_a=Decimal(amps),
            chargers=tuple(below),
            parent=parent,
            metered=parent is None,
            unbalanced_limit_a=Decimal(100),
            power_limit_w=700 * amps,
        )

    leaves = [fuse(f"c{number}", 63, names[number::_FUSES], "main") for number in range(_FUSES)]
    return [fuse("main", limit, [], None), *leaves]


class Listening(LoadCharger):
    """A charger that takes every limit and notes when one below the last arrived."""

    def __init__(self, arguments: argparse.Namespace, number: int) -> None:
        super().__init__(arguments, number, Tally())
        self.limit: float | None = None
        self.lowered_at = 0.0

    @override
    def _asked(self, payload: bytes) -> None:
        super()._asked(payload)
        _, _, action, request = json.loads(payload)
        if action == "SetChargingProfile":
            self._take(request["csChargingProfiles"])

    def _take(self, profile: Mapping[str, Any]) -> None:
        if profile["chargingProfilePurpose"] != "TxProfile":
            return
        limit = profile["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"]
        if self.limit is not None and limit < self.limit:
            self.lowered_at = perf_counter()
        self.limit = limit


async def _reactions(chargers: int) -> tuple[list[float], list[float]]:
    """Let the main fuse's meter tell a smaller limit again and again, while everybody sends samples.

    The chargers live in the same loop, so their work is in the figures too.
    """
    with TemporaryDirectory() as folder:
        listener = Listener(host=LOCALHOST, port=0)
        engine = Engine(folder=Path(folder), listener=listener, clock=utcnow)
        await engine.start()
        try:
            fleet = await _charging(engine, chargers)
            stalls: list[float] = []
            watching = asyncio.create_task(_watch(stalls))
            found = await _rounds(engine, fleet)
            watching.cancel()
        finally:
            await engine.stop()
    return found, stalls


async def _charging(engine: Engine, chargers: int) -> list[Listening]:
    """Return chargers in transactions on a fuse that gives each its most."""
    names = [f"N-{number}" for number in range(chargers)]
    main = CircuitSettings(
        circuit="main", name="Main", limit_a=Decimal(_MOST_A * chargers), metered=True
    )
    adopted = [
        ChargerConfigured(settings=ChargerSettings(charger=name, name=name)) for name in names
    ]
    await engine.configure(SITE, ANNA, CircuitConfigured(settings=main), *adopted)
    _meter(engine, main.limit_a)
    fleet = await asyncio.gather(*(_dial(engine.central.port, n) for n in range(chargers)))
    while any(charger.limit != _MOST_A for charger in fleet):
        await asyncio.sleep(0.1)
    for place, charger in enumerate(fleet):
        charger.run(3600, _SAMPLES_EVERY_S, _SAMPLES_EVERY_S * place / chargers)
    return fleet


async def _dial(port: int, number: int) -> Listening:
    arguments = load_parser().parse_args(
        [f"--url=ws://{LOCALHOST}:{port}/", "--prefix=N", "--tag=TAG-ANNA"]
    )
    _, charger = await asyncio.get_running_loop().create_connection(
        lambda: Listening(arguments, number), LOCALHOST, port
    )
    await charger.begin()
    return charger


def _meter(engine: Engine, limit: Decimal) -> None:
    """Let the main fuse's meter tell of nothing but cars, and what the contract allows."""
    reading = MeterReading(
        circuit="main", currents_a=(_NOTHING, _NOTHING, _NOTHING), limit_a=limit, at=utcnow()
    )
    engine.read_meter(reading)


async def _rounds(engine: Engine, fleet: list[Listening]) -> list[float]:
    """Return how long it took each charger to get each of its lower limits."""
    found: list[float] = []
    for number in range(1, _ROUNDS + 1):
        await asyncio.sleep(2)
        each = _MOST_A - number * (_MOST_A - _LEAST_A) / Decimal(_ROUNDS)
        told_at = perf_counter()
        _meter(engine, each * len(fleet))
        while any(charger.lowered_at < told_at for charger in fleet):
            await asyncio.sleep(0.01)
        found += [charger.lowered_at - told_at for charger in fleet]
    return found


async def _watch(stalls: list[float]) -> None:
    """Note by how much the loop is late, a hundred times a second."""
    while True:
        meant_for = perf_counter() + 0.01
        await asyncio.sleep(0.01)
        stalls.append(perf_counter() - meant_for)
