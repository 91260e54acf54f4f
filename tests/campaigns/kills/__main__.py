"""Kills the engine, then a whole Home Assistant, at random moments of a day of charging.

python -m tests.campaigns.kills [--seed N] [--engine 200] [--hass 10]
"""

import argparse
import asyncio
from collections.abc import Iterator
from pathlib import Path
import random
import sys
from tempfile import TemporaryDirectory

from .run import Result, run
from .victims import EngineVictim, HassVictim

_SHOWN = 20


async def campaign(arguments: argparse.Namespace) -> list[Result]:
    """Run what was asked for, each in a folder of its own."""
    results = []
    for name, kind, kills in (
        ("engine", EngineVictim, arguments.engine),
        ("Home Assistant", HassVictim, arguments.hass),
    ):
        if kills:
            with TemporaryDirectory() as folder:
                results.append(await run(name, kind(Path(folder)), kills, arguments.seed))
    return results


def table(results: list[Result], seed: int) -> Iterator[str]:
    """Yield the lines to print."""
    yield f"seed {seed}"
    head = ("killed", "times", "sessions", "kWh", "reconnects", "seconds", "violations")
    yield "".join(f"{each:>15}" for each in head)
    for each in results:
        row = (
            each.name,
            each.kills,
            each.sessions,
            f"{each.energy_wh / 1000:.3f}",
            each.reconnects,
            f"{each.seconds:.0f}",
            len(each.problems),
        )
        yield "".join(f"{cell:>15}" for cell in row)
        yield from each.problems[:_SHOWN]


def main() -> int:
    """Run the campaign and print its table."""
    parser = argparse.ArgumentParser(prog="script/campaign kills", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--engine", type=int, default=200, help="times the engine is killed")
    parser.add_argument("--hass", type=int, default=10, help="times Home Assistant is killed")
    arguments = parser.parse_args()
    results = asyncio.run(campaign(arguments))
    print("\n".join(table(results, arguments.seed)))
    return 1 if any(each.problems for each in results) else 0


if __name__ == "__main__":
    sys.exit(main())
