"""Holds branch coverage to its floors: the pure rooms complete, every other file at 95 %; a line per part.

python -m script.coverage_floors, after a run of pytest --cov
"""

from collections import defaultdict
import json
from pathlib import Path, PurePath
import subprocess
import sys
from typing import Any, Final

PACKAGE: Final = PurePath("custom_components/ev_station")
PURE: Final = frozenset(
    {
        "model",
        "session",
        "access",
        "tariff",
        "billing",
        "circuit",
        "balancing",
        "planning",
        "sources",
        "station",
        "csms/v16",
    }
)
FLOOR: Final = 95.0

type Summary = dict[str, Any]


def measured() -> dict[PurePath, Summary]:
    """Return what coverage says of each file, by its path within the integration."""
    report = subprocess.run(
        [Path(sys.executable).with_name("coverage"), "json", "-q", "-o", "-"],
        check=True,
        capture_output=True,
    )
    files = json.loads(report.stdout)["files"]
    return {PurePath(path).relative_to(PACKAGE): found["summary"] for path, found in files.items()}


def part(path: PurePath) -> str:
    """Return the room a file belongs to, or the glue."""
    return path.parent.as_posix() if path.parent.parts else "glue"


def percent(summaries: list[Summary]) -> float:
    """Return how many of the lines and branches were run."""
    every = sum(found["num_statements"] + found["num_branches"] for found in summaries)
    run = sum(found["covered_lines"] + found["covered_branches"] for found in summaries)
    return 100 * run / every if every else 100.0


def main() -> int:
    """Print the table and what lies below its floor; return 1 if anything does."""
    files = measured()
    parts: defaultdict[str, list[Summary]] = defaultdict(list)
    for path, found in files.items():
        parts[part(path)].append(found)
    for name, summaries in sorted(parts.items()):
        floor = "100 %" if name in PURE else f"{FLOOR:.0f} % each"
        print(f"   {name:<14}{percent(summaries):7.2f} %   floor {floor}")
    low = {path: percent([found]) for path, found in files.items()}
    low = {
        path: reached
        for path, reached in low.items()
        if reached < (100 if part(path) in PURE else FLOOR)
    }
    for path, reached in sorted(low.items()):
        print(f"   {path}: {reached:.2f} % is below its floor")
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
