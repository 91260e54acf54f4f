"""Plans beside simpler policies and the certified optimum, on real prices; every plan metered minute by minute.

`script/bench planning [--cases A B B2 C P L] [--days N] [--seed 1] [--patience 1]` prints, for each case: cost against the
optimum (and with each unmet kWh at 0.60), unmet energy, starts a car, minutes over a fuse, kW above the month's peak so
far, and how much processor time planning took. Then, on sessions of two workplaces, what plans cost and who drives away
short if cars leave when they had not said; `--departures` prints only that. The optimum of case C is bounded without whole
numbers. P is a home with sun, a battery and a month's peak that has a price; in L that peak is a limit. The battery does
what docs/planning.md says of it. Time limits are real time: on a busy machine `--patience 4` allows four times as much.
"""

import argparse
from collections import defaultdict
from dataclasses import dataclass, field
from statistics import mean, median
from time import process_time
from typing import Any, Final

from custom_components.ev_station.planning.plan import Plan, plan
from custom_components.ev_station.planning.solver import Effort
from script.plan_file import problem

from .cases import CASES, COUNTS, Site, sites
from .departures import departures
from .meter import Metered, metered
from .optimum import Optimum, optimum
from .policies import Amps, at_once, cheapest, first_come, latest, planned

UNMET_PRICE: Final = 0.60
GAP: Final = Effort().gap
LIMITS_S: Final = {"A": 5.0, "B": 10.0, "B2": 10.0, "C": 30.0, "P": 5.0, "L": 5.0}
LONGEST_OPTIMUM_S: Final = 30.0


@dataclass(slots=True)
class Tally:
    """What a policy came to, day by day."""

    days: list[Metered] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def ours(site: Site, effort: Effort | None) -> tuple[Amps, Plan, float]:
    """Return what a plan of ours lets cars draw, and how long it took to make."""
    found = problem(site)
    began = process_time()
    made = plan(found, effort)
    took = process_time() - began
    rows = [[charge.amps if charge else 0.0 for charge in row] for row in made.charges]
    return planned(site, rows), made, took


def certified(case: str, site: Site) -> Optimum:
    """Return a day's optimum; a fleet's is bounded without whole numbers."""
    return optimum(site, LONGEST_OPTIMUM_S, GAP / 5, whole=case != "C")


def run(case: str, days: int, seed: int, patience: float) -> None:
    """Print a case's table."""
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    best: list[Optimum] = []
    energy = 0.0
    gaps: list[float] = []
    limited = 0
    effort = Effort(time_limit_s=patience * LIMITS_S[case], gap=GAP)
    for site in sites(case, days, seed):
        energy += sum(car["energy_wh"] for car in site["evs"]) / 1000
        best.append(certified(case, site))
        for name, wants in (
            ("at once", at_once),
            ("latest start", latest),
            ("cheapest slots", cheapest),
        ):
            note(tallies[name], site, first_come(site, wants), 0.0)
        amps, _, took = ours(site, None)
        note(tallies["greedy"], site, amps, took)
        amps, made, took = ours(site, effort)
        note(tallies["ev_station"], site, amps, took)
        gaps.append(made.gap or 0.0)
        limited += made.time_limited
    show(case, tallies, best, energy)
    print(f"{'':<20}proven gap {100 * mean(gaps):.2f} %, time limited {limited} of {days}\n")


def note(tally: Tally, site: dict[str, Any], amps: Amps, seconds: float) -> None:
    """Meter a day."""
    tally.days.append(metered(site, amps))
    tally.seconds.append(seconds)


def show(case: str, tallies: dict[str, Tally], best: list[Optimum], energy: float) -> None:
    """Print what policies came to against the optimum."""
    cars = CASES[case][0]
    cost, unmet = sum(each.cost for each in best), sum(each.unmet_kwh for each in best)
    proven = sum(each.bound for each in best)
    head = f"{case}: {cars} cars, {len(best)} days"
    print(
        f"{head:<20}{'cost %':>8}{'+0.60 %':>9}{'unmet %':>9}{'starts':>8}{'over':>6}{'peak':>7}{'median s':>10}{'max s':>8}"
    )
    for name, tally in tallies.items():
        money = sum(day.cost for day in tally.days)
        short = sum(day.unmet_kwh for day in tally.days)
        whole = (money + UNMET_PRICE * short) / (cost + UNMET_PRICE * unmet) - 1
        starts = sum(day.starts for day in tally.days) / cars / len(best)
        print(
            f"{name:<20}{100 * (money / cost - 1):>8.2f}{100 * whole:>9.2f}{100 * short / energy:>9.2f}"
            f"{starts:>8.2f}{sum(day.over for day in tally.days):>6}{_raised(tally):>7}"
            f"{median(tally.seconds):>10.3f}{max(tally.seconds):>8.3f}"
        )
    print(
        f"{'optimum':<20}{0:>8.2f}{0:>9.2f}{100 * unmet / energy:>9.2f}"
        f"   proven: cost {100 * (proven / cost - 1):+.2f} %, unmet "
        f"{100 * sum(each.unmet_bound_kwh for each in best) / energy:.2f} %"
    )


def _raised(tally: Tally) -> str:
    """Return by how many kW a day raises the month's peak on the mean, where there is one."""
    found = [day.raised_kw for day in tally.days if day.raised_kw is not None]
    return f"+{mean(found):.2f}" if found else ""


def main() -> None:
    """Run everything."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cases", nargs="*", choices=tuple(CASES), default=list(CASES))
    parser.add_argument("--days", type=int, help="per case, in place of as many as take minutes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patience", type=float, default=1.0)
    parser.add_argument("--departures", action="store_true")
    arguments = parser.parse_args()
    for case in () if arguments.departures else arguments.cases:
        run(case, arguments.days or COUNTS[case], arguments.seed, arguments.patience)
    departures()


if __name__ == "__main__":
    main()
