"""Chargers that live their days by themselves, for demonstrations."""

import asyncio
from collections.abc import Iterator
import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import cycle
import random
import sys

from .charger import Charger
from .hardware import Hardware
from .stacking import Wiring
from .transport import Redial
from .vehicle import Vehicle
from .vocabulary import Status

TAGS = ("DEMO-ANNA", "DEMO-BEN", "DEMO-GUEST")
_KEPT_SESSIONS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Make:
    """A kind of charger on the (invented) market."""

    vendor: str
    model: str
    firmware: str
    connectors: int = 1
    phases: int = 3
    max_amps: float = 32.0


MAKES = (
    Make(vendor="Voltwerk", model="Heim 11", firmware="4.2.1", max_amps=16.0),
    Make(vendor="Nordlade", model="Duo 22", firmware="2026.03", connectors=2),
    Make(vendor="Amperia", model="Pole S", firmware="v1.18-rc2"),
    Make(vendor="Borne & Fils", model="Mini 7", firmware="7.0.4", phases=1),
    Make(vendor="Voltwerk", model="Heim 22 Pro", firmware="4.3.0"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A kind of car."""

    capacity_kwh: float
    phases: int
    max_amps: float


MODELS = (
    Model(capacity_kwh=77.0, phases=3, max_amps=16.0),
    Model(capacity_kwh=40.0, phases=1, max_amps=32.0),
    Model(capacity_kwh=52.0, phases=3, max_amps=32.0),
    Model(capacity_kwh=10.0, phases=1, max_amps=16.0),
    Model(capacity_kwh=64.0, phases=2, max_amps=16.0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the command line asks for."""

    url: str
    chargers: int = 3
    speed: float = 1.0
    seed: int = 1
    password: str | None = None
    prefix: str = "SIM"
    shortest: float = 5.0
    """Real seconds nothing is faster than, so that people can follow."""

    def scaled(self, minutes: float) -> float:
        """Return real seconds for minutes of demonstration time."""
        return max(self.shortest, minutes * 60 / self.speed)


def log(identity: str, line: str) -> None:
    """Write one line to standard error."""
    print(
        f"{datetime.now().astimezone():%H:%M:%S} {identity:8} {line}", file=sys.stderr, flush=True
    )


class Resident:
    """One charger of the fleet and the people who come to it."""

    def __init__(self, plan: Plan, number: int) -> None:
        self._plan = plan
        self._number = number
        self._rng = random.Random(plan.seed * 1000 + number)
        self._tags = cycle(TAGS[number % len(TAGS) :] + TAGS[: number % len(TAGS)])
        self._cars = cycle(MODELS[number % len(MODELS) :] + MODELS[: number % len(MODELS)])
        self.charger = _charger(plan, number, self._rng)

    async def live(self) -> None:
        """Keep the charger running; a different day begins on each connector."""
        async with self.charger as cp:
            try:
                async with asyncio.TaskGroup() as days:
                    days.create_task(self._tidy())
                    for number in cp.connectors:
                        days.create_task(self._day(number))
            finally:
                await self._go_home()

    async def _go_home(self) -> None:
        """Drive away in an orderly way, so that no session stays open behind us."""
        for number in self.charger.connectors:
            await self.charger.unplug(number)
        if self.charger.online:
            with contextlib.suppress(TimeoutError):
                await self.charger.drained(within=2.0)

    async def _day(self, number: int) -> None:
        """Wait to be let in, then play this connector's role."""
        await self._accepted()
        match (self._number + number - 2) % 3:
            case 0:
                await self._long_sessions(number)
            case 1:
                await self._waiting_for_a_tag(number)
            case _:
                await self._coming_and_going(number)

    async def _long_sessions(self, number: int) -> None:
        """A car charges from the start until it is full; after a while the next one comes."""
        while True:
            await self._charge(number, self._car(0.15, 0.35))
            await self._over(number, within=None)
            await self._pause(10)
            await self.charger.unplug(number)
            await self._pause(5)

    async def _waiting_for_a_tag(self, number: int) -> None:
        """A car is plugged in and somebody else, remotely, has to let it charge."""
        while True:
            await self.charger.plug_in(number, self._car(0.3, 0.6))
            await self.charger.wait_for(number, Status.CHARGING, within=None)
            await self._over(number, within=None)
            await self._pause(3)
            await self.charger.unplug(number)
            await self._pause(3)

    async def _coming_and_going(self, number: int) -> None:
        """Cars come, charge for some minutes and leave, so that sessions are finished."""
        while True:
            await self._charge(number, self._car(0.2, 0.5))
            await self._over(number, within=self._plan.scaled(self._rng.uniform(4, 8)) * 2)
            await self.charger.unplug(number)
            await self._pause(self._rng.uniform(1, 3))

    async def _charge(self, number: int, car: Vehicle) -> None:
        """Plug in and hold a tag to the reader until one is accepted."""
        await self.charger.plug_in(number, car)
        while self.charger.connectors[number].transaction is None:
            tag = next(self._tags)
            accepted = await self.charger.present_tag(number, tag)
            self._say(f"connector {number}: {tag} {'accepted' if accepted else 'refused'}")
            if not accepted:
                await self._pause(0.5)

    async def _over(self, number: int, within: float | None) -> None:
        """Wait until the transaction is over, the car is full, or the driver wants to go."""
        connector = self.charger.connectors[number]

        def over() -> bool:
            car = connector.vehicle
            return connector.transaction is None or car is None or car.full

        try:
            await self.charger.wait_until(over, within)
        except TimeoutError:
            self._say(f"connector {number}: the driver comes back")

    async def _accepted(self) -> None:
        await self.charger.wait_until(lambda: self.charger.online, None)

    async def _pause(self, minutes: float) -> None:
        await asyncio.sleep(self._plan.scaled(minutes))

    async def _tidy(self) -> None:
        """Forget old truths: nobody compares bills in a demonstration."""
        while True:
            await asyncio.sleep(600)
            del self.charger.truth[:-_KEPT_SESSIONS]
            self.charger.messenger.requests.clear()

    def _car(self, least: float, most: float) -> Vehicle:
        model = next(self._cars)
        return Vehicle(
            capacity_kwh=model.capacity_kwh,
            phases=model.phases,
            max_amps=model.max_amps,
            soc=self._rng.uniform(least, most),
            target_soc=0.9,
        )

    def _say(self, line: str) -> None:
        log(self.charger.identity, line)


def _charger(plan: Plan, number: int, rng: random.Random) -> Charger:
    identity, make = f"{plan.prefix}-{number}", MAKES[(number - 1) % len(MAKES)]
    hardware = Hardware(
        vendor=make.vendor,
        model=make.model,
        firmware=make.firmware,
        serial=f"{make.vendor[:2].upper()}{rng.randrange(10**8):08d}",
        wiring=Wiring(phases=make.phases, max_amps=make.max_amps),
        meter_start_wh=_register(plan, rng),
    )
    return Charger(
        plan.url,
        identity,
        connectors=make.connectors,
        hardware=hardware,
        password=plan.password,
        haste=plan.speed,
        configuration={"MeterValueSampleInterval": "10", "HeartbeatInterval": "60"},
        redial=Redial(first=1.0, longest=15.0),
        timeout=30.0,
        seed=plan.seed * 1000 + number,
        log=lambda line: log(identity, line),
    )


def _register(plan: Plan, rng: random.Random) -> Decimal:
    """Return a register that stands higher at every start of the program, as a real one does."""
    hours = (datetime.now(UTC) - datetime(2026, 1, 1, tzinfo=UTC)) // timedelta(hours=1)
    return Decimal(rng.randrange(100_000, 900_000) + hours * 2000 * round(min(plan.speed, 20)))


def residents(plan: Plan) -> Iterator[Resident]:
    """Make the fleet."""
    for number in range(1, plan.chargers + 1):
        yield Resident(plan, number)


async def run(plan: Plan) -> None:
    """Let the fleet live until cancelled."""
    async with asyncio.TaskGroup() as fleet:
        for resident in residents(plan):
            fleet.create_task(resident.live())
