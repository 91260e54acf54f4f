"""Plans the charging of a site that a JSON file describes (docs/planning.md).

python -m script.plan FILE [--json] [--greedy] [--time-limit S] [--gap G]
"""

import argparse
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
import json
from math import inf
import os
from pathlib import Path
import sys
from time import perf_counter
from typing import Any

from custom_components.ev_station.planning.explain import explain
from custom_components.ev_station.planning.plan import Plan, plan
from custom_components.ev_station.planning.problem import Charge, Ev
from custom_components.ev_station.planning.solver import Effort

from .plan_file import BadProblem, problem


def read(name: str) -> Any:
    """Return what a file says; `-` is standard input."""
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text()
        return json.loads(text, object_pairs_hook=_once)
    except (OSError, ValueError) as error:
        raise BadProblem(f"{name}: {error}") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of the file; of two values for one name the reader would see the last."""
    found = dict(pairs)
    for name, _ in pairs if len(found) < len(pairs) else ():
        if [each for each, _ in pairs].count(name) > 1:
            raise ValueError(f"{name} stands twice in an object")
    return found


def _amount(text: str) -> float:
    """Return a number that is not negative."""
    if not 0 <= (found := float(text)) < inf:
        raise ArgumentTypeError(f"{text}: a number from 0 on is needed")
    return found


def as_json(made: Plan, seconds: float) -> dict[str, Any]:
    """Return a plan as data."""
    outcome = made.outcome
    return {
        "solver": made.solver,
        "highs": made.accelerator,
        "seconds": round(seconds, 3),
        "time_limited": made.time_limited,
        "cost": round(outcome.cost, 6),
        "energy_cost": round(outcome.energy_cost, 6),
        "peak_cost": round(outcome.peak_cost, 6),
        "objective": round(outcome.objective, 6),
        "bound": None if made.bound is None else round(made.bound, 6),
        "gap": None if made.gap is None else round(made.gap, 6),
        "unmet_kwh": round(sum(each.unmet_wh for each in outcome.evs) / 1000, 6),
        "starts": sum(each.starts for each in outcome.evs),
        "slots": [slot.start.isoformat() for slot in made.problem.slots],
        "evs": [_car(made, n, ev) for n, ev in enumerate(made.problem.evs)],
        "batteries": [
            {"power_w": [round(watts, 1) for watts in powers]} for powers in made.batteries
        ],
    }


def _car(made: Plan, n: int, ev: Ev) -> dict[str, Any]:
    outcome, told = made.outcome.evs[n], explain(made, n)
    return {
        "id": ev.ev,
        "amps": [round(charge.amps, 4) if charge else 0.0 for charge in made.charges[n]],
        "phases": [_phases(ev, charge) for charge in made.charges[n]],
        "delivered_wh": round(outcome.delivered_wh, 1),
        "unmet_wh": round(outcome.unmet_wh, 1),
        "extra_wh": round(outcome.extra_wh, 1),
        "starts": outcome.starts,
        "outlook": told.outlook,
        "next_start": _moment(told.next_start),
        "ready_at": _moment(told.ready_at),
        "latest_start": _moment(told.latest_start),
        "cost": round(told.cost, 6),
        "saved": round(told.saved, 6),
        "reasons": [None if reason is None else reason.why for reason in told.reasons],
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")


def _phases(ev: Ev, charge: Charge | None) -> list[int]:
    return sorted(phase + 1 for phase in ev.modes[charge.mode].phases) if charge else []


def show(made: Plan, seconds: float) -> str:
    """Return a plan as a table: a line per slot in which anything happens."""
    cars, outcome = made.problem.evs, made.outcome
    lines = [f"{'slot (UTC)':<18}{'price':>8}" + "".join(f"{ev.ev[:11]:>12}" for ev in cars)]
    for t, slot in enumerate(made.problem.slots):
        charges = [row[t] for row in made.charges]
        if any(charges):
            cells = "".join(_cell(ev, each) for ev, each in zip(cars, charges, strict=True))
            lines.append(f"{slot.start:%Y-%m-%d %H:%M}  {slot.import_price:>8.4f}{cells}")
    lines += [
        f"{ev.ev}: {each.delivered_wh / 1000:.2f} kWh, {each.unmet_wh / 1000:.2f} kWh unmet, starts {each.starts}"
        for ev, each in zip(cars, outcome.evs, strict=True)
    ]
    gap = "unknown" if made.gap is None else f"{100 * made.gap:.2f} %"
    limited = ", time limited" if made.time_limited else ""
    lines.append(
        f"cost {outcome.cost:.4f}, gap {gap}, solver {made.solver} (HiGHS: {made.accelerator}), {seconds:.2f} s{limited}"
    )
    return "\n".join(lines)


def _cell(ev: Ev, charge: Charge | None) -> str:
    if charge is None:
        return f"{'·':>12}"
    return f"{f'{charge.amps:.1f} A x{len(ev.modes[charge.mode].phases)}':>12}"


@contextmanager
def apart() -> Iterator[None]:
    """Send what a library prints by itself to the standard error: HiGHS tells its name whatever it is told."""
    sys.stdout.flush()
    before = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(before, 1)
        os.close(before)


def main(arguments: list[str] | None = None) -> int:
    """Read, plan and print; return 2 where the file describes no site."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--greedy", action="store_true")
    parser.add_argument("--time-limit", type=_amount, default=Effort().time_limit_s)
    parser.add_argument("--gap", type=_amount, default=Effort().gap)
    given = parser.parse_args(arguments)
    try:
        site = problem(read(given.file))
    except BadProblem as error:
        print(error, file=sys.stderr)
        return 2
    effort = None if given.greedy else Effort(time_limit_s=given.time_limit, gap=given.gap)
    began = perf_counter()
    with apart():
        made = plan(site, effort)
    seconds = perf_counter() - began
    print(json.dumps(as_json(made, seconds)) if given.json else show(made, seconds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
