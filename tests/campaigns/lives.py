"""Whole lives of a charger, drawn at random: offline, repeats, wrong clocks; no energy is lost or billed twice.

script/campaign lives [--examples N] [--steps N] [--seed N]
"""

import argparse
import secrets

from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.station.test_machine import ChargerLife


def main() -> None:
    """Search for a life that breaks an invariant; the shortest one found is printed with the traceback."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=5000)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}: {options.examples} lives of {options.steps} steps")
    chosen = settings(
        max_examples=options.examples,
        stateful_step_count=options.steps,
        deadline=None,
        database=None,
        derandomize=False,
        phases=(Phase.generate, Phase.shrink),
    )
    run_state_machine_as_test(seed(options.seed)(ChargerLife), settings=chosen)
    print("0 violations")


if __name__ == "__main__":
    main()
