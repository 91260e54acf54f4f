"""One day with deaths, and what came of it."""

from dataclasses import dataclass, field
import time

from .day import Day
from .verdict import broken_promises, chain_breaks, idleness, misconduct, wrong_bills
from .victims import Victim


@dataclass(slots=True, kw_only=True)
class Result:
    """The figures of a day."""

    name: str
    kills: int = 0
    sessions: int = 0
    energy_wh: int = 0
    reconnects: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)


async def run(name: str, victim: Victim, kills: int, seed: int) -> Result:
    """Let a victim live through a day with that many deaths."""
    result, began = Result(name=name), time.monotonic()
    await victim.start()
    try:
        day = Day(victim.url, seed)

        async def kill() -> None:
            await victim.kill()
            result.kills += 1
            result.problems += broken_promises(victim.database, day.chargers)
            if result.kills % 20 == 0:
                result.problems += chain_breaks(victim.database)
            await victim.start()

        await day.live(kills, kill)
    finally:
        await victim.stop()
    _count(result, day)
    result.problems += chain_breaks(victim.database)
    result.problems += wrong_bills(victim.database, day.chargers)
    result.problems += idleness(day.chargers)
    result.problems += misconduct(day.chargers)
    result.seconds = time.monotonic() - began
    return result


def _count(result: Result, day: Day) -> None:
    truths = [true for charger in day.chargers for true in charger.truth]
    result.sessions = len(truths)
    result.energy_wh = sum((true.meter_stop or 0) - true.meter_start for true in truths)
    result.reconnects = sum(charger.transport.handshakes - 1 for charger in day.chargers)
