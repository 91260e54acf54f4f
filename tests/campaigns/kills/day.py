"""A day of short sessions at chargers that send again, and the moments in it at which somebody dies."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, suppress
import random
from typing import Final

from tests.simulator import Charger, MessageIds, Outage, Quirks, Redial, Vehicle

HASTE: Final = 100
TAG: Final = "TAG-ANNA"
_QUIRKS: Final[Mapping[str, Quirks]] = {
    "KILL-TWO-SOCKETS": Quirks(never_gives_up=True),
    "KILL-OFFLINE": Quirks(never_gives_up=True, skips_authorize=True, silent_reconnect=True),
    "KILL-TWICE": Quirks(
        never_gives_up=True,
        skips_authorize=True,
        duplicate_start=True,
        keeps_first_id=True,
        same_id_when_resent=True,
    ),
    "KILL-STOPS": Quirks(
        never_gives_up=True,
        skips_authorize=True,
        extra_stops=2,
        closing_sample_after_stop=True,
        message_ids=MessageIds.COUNTER,
    ),
    "KILL-QUIET": Quirks(
        never_gives_up=True,
        skips_authorize=True,
        no_boot_on_reconnect=True,
        register_resets_each_session=True,
        message_ids=MessageIds.COUNTER,
    ),
}
IDENTITIES: Final = tuple(_QUIRKS)
_REDIAL: Final = Redial(first=0.02, longest=0.2)
_OFTEN: Final = {"TransactionMessageRetryInterval": "0", "MeterValueSampleInterval": "1"}

type Kill = Callable[[], Awaitable[None]]
"""Kills the central system, looks at what it left, and starts it again."""


class Day:
    """The chargers, their drivers, and a clock of trouble; all random choices come from one seed."""

    def __init__(self, url: str, seed: int) -> None:
        """Prepare; `live` lets it begin."""
        self._rng = random.Random(seed)
        self._acted = asyncio.Event()
        self._over = False
        self.chargers = [
            Charger(
                url,
                identity,
                connectors=2 if identity == "KILL-TWO-SOCKETS" else 1,
                quirks=quirks,
                haste=HASTE,
                tick=0.1,
                redial=_REDIAL,
                timeout=3,
                configuration=_OFTEN,
                seed=seed,
            )
            for identity, quirks in _QUIRKS.items()
        ]

    async def live(self, kills: int, kill: Kill) -> None:
        """Charge all day and die that often; return when every charger has said all it had to say."""
        async with AsyncExitStack() as stack:
            for charger in self.chargers:
                await stack.enter_async_context(charger)
            async with asyncio.TaskGroup() as people:
                for charger, number in self._sockets():
                    people.create_task(self._drive(charger, number))
                for _ in range(kills):
                    await self._moment()
                    await kill()
                self._over = True
            for charger in self.chargers:
                await charger.go_online()
            for charger in self.chargers:
                await charger.drained(within=300)

    def _sockets(self) -> Iterator[tuple[Charger, int]]:
        for charger in self.chargers:
            for number in charger.connectors:
                yield charger, number

    async def _drive(self, charger: Charger, number: int) -> None:
        """Charge again and again."""
        while not self._over:
            await charger.plug_in(number, Vehicle(capacity_kwh=200))
            while not await _present(charger, number) and not self._over:
                await asyncio.sleep(0.05)
            self._acted.set()
            await asyncio.sleep(self._rng.uniform(0.1, 0.6))
            await self._trouble(charger)
            await asyncio.sleep(self._rng.uniform(0.1, 0.6))
            await charger.unplug(number)
            self._acted.set()
            await asyncio.sleep(self._rng.uniform(0.0, 0.3))

    async def _trouble(self, charger: Charger) -> None:
        """Let the network do to the charger what networks do."""
        dice = self._rng.random()
        if dice < 0.2:
            charger.lose_answer("StartTransaction")
        elif dice < 0.4:
            charger.lose_answer("StopTransaction")
        elif dice < 0.5:
            charger.lose_answer("MeterValues")
        elif dice < 0.6:
            await charger.drop(Outage.ABORT)
        elif charger.identity == "KILL-OFFLINE":
            await charger.go_offline()
            await asyncio.sleep(self._rng.uniform(0.1, 1.0))
            charger.transport.wanted(True)

    async def _moment(self) -> None:
        """Wait for something to happen, then for a moment that lies before, in or behind its commit."""
        self._acted.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                await self._acted.wait()
        longest = self._rng.choice((0.003, 0.01, 0.05, 0.4))
        await asyncio.sleep(self._rng.uniform(0, longest))


async def _present(charger: Charger, number: int) -> bool:
    """Hold the tag to the reader; nobody answers while the central system is dead."""
    with suppress(Exception):
        return await charger.present_tag(number, TAG)
    return False
