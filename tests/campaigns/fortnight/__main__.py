"""A fortnight of charging at once, in the cheapest third of hours, and by plans, through the real reducer.

`script/campaign fortnight [--seed 1] [--first 2024-03-20] [--days 14] [--highs]` prints a row for each. The exit
code is 1 if a breaker trips, a limit is exceeded for longer than promised, or a car that leaves as told misses what charging at once
would have given it. It says if cars are switched on more often than is aimed at.
"""

import argparse
from datetime import UTC, date, datetime, time
import sys
from time import process_time
from typing import Final

from custom_components.ev_station.planning.solver import Effort

from .judge import EXPLAINED, HEADING, judged, restless
from .play import Play, Policy
from .world import ZONE

FIRST: Final = date(2024, 3, 20)
"""The clocks change in the second week."""
_EFFORT: Final = Effort()


def played(seed: int, first: date, days: int, policy: Policy, effort: Effort | None = None) -> Play:
    """Play from a local midnight on."""
    play = Play(seed, datetime.combine(first, time(0), ZONE).astimezone(UTC), days, policy, effort)
    play.run()
    return play


def main() -> int:
    """Play and judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=date.fromisoformat, default=FIRST)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--highs", action="store_true", help="let HiGHS plan, not greedy alone")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}, {arguments.days} days from {arguments.first}")
    print(f"{HEADING}{'CPU s':>7}")
    faults: list[str] = []
    at_once: Play | None = None
    for policy in Policy:
        began = process_time()
        effort = _EFFORT if arguments.highs else None
        play = played(arguments.seed, arguments.first, arguments.days, policy, effort)
        at_once = at_once or play
        verdict = judged(play, at_once)
        print(f"{verdict.line}{process_time() - began:>7.0f}", flush=True)
        faults += verdict.faults
    print(EXPLAINED, *restless(play), *faults or ["Nothing out of bounds."], sep="\n")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
