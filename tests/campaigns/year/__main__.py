"""A year of quarter hours through the real reducer, and chosen days second by second, judged from outside.

`script/campaign year [--seed 1] [--first 2026-01-01] [--days 365] [--only NAME]` prints for the year and for each day:
trips of the quickest breaker IEC 60898-1 allows makers to sell, limits exceeded for longer than promised, what the cars got and how
restless it was. The exit code is 1 if anything is out of bounds.
"""

import argparse
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
import sys
from time import process_time

from .days import DAYS, Day
from .judge import HEADING, judged
from .play import Play
from .world import home, visits

FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def play_year(seed: int, days: int, first: datetime = FIRST) -> Play:
    """Play quarter hours."""
    play = Play(home(seed, first, quarterly=True), tuple(visits(seed, first, days)))
    play.run(first + timedelta(days=days))
    return play


def play_day(seed: int, day: Day) -> Play:
    """Play a day second by second, from its first hour on."""
    midnight = day.first.replace(hour=0)
    play = Play(home(seed, day.first, sky=day.sky), tuple(visits(seed, midnight, 2)))
    play.run(day.first + timedelta(hours=day.hours), by_second=True, every_second=day.happens)
    return play


def main() -> int:
    """Play and judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=date.fromisoformat, default=FIRST.date())
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--only", help="the year, or the name of a day")
    arguments = parser.parse_args()
    first = datetime.combine(arguments.first, time.min, UTC)
    print(f"seed {arguments.seed}, {96 * arguments.days} quarter hours\n{HEADING}")
    plays = {"year": partial(play_year, arguments.seed, arguments.days, first)}
    plays |= {day.name: partial(play_day, arguments.seed, day) for day in DAYS}
    faults: list[str] = []
    for name, play in plays.items():
        if arguments.only in (None, name):
            began = process_time()
            verdict = judged(name, play())
            print(f"{verdict.line}{process_time() - began:>7.0f}", flush=True)
            faults += verdict.faults
    print(*faults or ["Nothing out of bounds."], sep="\n")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
