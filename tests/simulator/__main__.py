"""A fleet of simulated chargers for demonstrations.

python -m tests.simulator --url ws://127.0.0.1:PORT/ --chargers N --speed X
"""

import argparse
import asyncio
import contextlib
import signal

from .fleet import Plan, run


def plan() -> Plan:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    parser.add_argument("--url", required=True, help="the central system, without identity")
    parser.add_argument("--chargers", type=int, default=3)
    parser.add_argument("--speed", type=float, default=1.0, help="cars fill that much faster")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--password", help="HTTP Basic password of every charger")
    parser.add_argument("--prefix", default="SIM", help="identities are PREFIX-1, PREFIX-2 ...")
    return Plan(**vars(parser.parse_args()))


async def main() -> None:
    """Run the fleet until SIGTERM or SIGINT."""
    fleet = asyncio.create_task(run(plan()))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, fleet.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await fleet


if __name__ == "__main__":
    asyncio.run(main())
