"""Judges fortnights by what happened in the house alone, and holds one policy's departures against another's."""

from dataclasses import dataclass
from typing import Final

from .play import Left, Play, Policy
from .world import DRIVERS

HEADING: Final = (
    f"{'':<16}{'kWh':>7}{'EUR':>8}{'EUR/kWh':>9}{'short kWh':>16}{'> 10 % short':>14}"
    f"{'starts a visit':>18}{'17-21 h kWh':>13}{'peak kW':>9}{'trips':>7}{'late':>6}"
    f"{'plans':>7}{'changed':>9}{'moved':>7}"
)
EXPLAINED: Final = (
    "short and > 10 % short: of those who left as told / early. starts: of each car. 17-21 h: imported for cars.\n"
    "late: limits exceeded for longer than promised. changed: another current than the plan before; moved: other hours."
)
_SHORT: Final = 0.1
_AS_GOOD_AS_MET: Final = 0.02
"""Of what was wanted."""
_ROUNDED: Final = 0.005
"""Of the battery: cars tell whole percents, and one that says it has its goal is believed."""
AIM: Final = 1.5
"""Starts a visit."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is printed, and what is out of bounds."""

    line: str
    faults: list[str]


def judged(play: Play, at_once: Play) -> Verdict:
    """Return the verdict on a play; what charging at once did not reach either could not be reached."""
    tally, strains = play.tally, play.house.strains
    trips = [key for key, strain in strains.items() if strain.breaker.tripped]
    late = {key: strain.violations for key, strain in strains.items() if strain.violations}
    groups = [
        [each for each in tally.left if each.visit.left_early is early] for early in (False, True)
    ]
    short = "/".join(f"{sum(each.short_wh for each in group) / 1000:.1f}" for group in groups)
    much = "/".join(str(sum(_is_short(each, _SHORT) for each in group)) for group in groups)
    starts = "/".join(f"{_starts(tally.left, number):.1f}" for number in range(len(DRIVERS)))
    line = (
        f"{play.policy:<16}{tally.kwh:>7.0f}{tally.cost:>8.2f}{tally.cost / (tally.kwh or 1):>9.4f}"
        f"{short:>16}{much:>14}{starts:>18}{tally.evening_kwh:>13.0f}{tally.peak_w / 1000:>9.1f}"
        f"{len(trips):>7}{sum(late.values()):>6}{tally.replans:>7}{tally.changed:>9}{tally.moved:>7}"
    )
    faults = [
        f"{play.policy}: the breaker of {circuit} trips on L{phase + 1}" for circuit, phase in trips
    ]
    faults += [
        f"{play.policy}: {circuit} was over its limit for too long on L{phase + 1}, {times} times"
        for (circuit, phase), times in late.items()
    ]
    if play.policy is Policy.PLANS:
        faults += _broken_promises(tally.left, at_once.tally.left)
    return Verdict(line, faults)


def _broken_promises(left: list[Left], at_once: list[Left]) -> list[str]:
    best = {each.visit: each for each in at_once}
    return [
        f"plans: {DRIVERS[each.visit.driver].name}, told {each.visit.told:%d %b %H:%M}, left"
        f" {each.short_wh / 1000:.1f} of {each.wanted_wh / 1000:.1f} kWh short"
        for each in left
        if not each.visit.left_early
        and _is_short(each, _AS_GOOD_AS_MET)
        and each.short_wh > _ROUNDED * 1000 * DRIVERS[each.visit.driver].capacity_kwh
        and not _is_short(best[each.visit], _AS_GOOD_AS_MET)
    ]


def restless(play: Play) -> list[str]:
    """Return whether cars are switched on more often than is aimed at."""
    left = play.tally.left
    mean = sum(each.starts for each in left) / max(len(left), 1)
    return [f"{play.policy}: {mean:.2f} starts a visit, {AIM} are aimed at"] if mean > AIM else []


def _is_short(left: Left, share: float) -> bool:
    return left.short_wh > share * left.wanted_wh


def _starts(left: list[Left], driver: int) -> float:
    found = [each.starts for each in left if each.visit.driver == driver]
    return sum(found) / max(len(found), 1)
