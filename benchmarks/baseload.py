"""How well the house's load is foreseen: `python -m benchmarks.baseload [--profiles LoadProfile.csv COLUMN...]`.

A home is played through a synthetic year: breakfasts and dinners on workdays, late mornings at weekends, an oven
now and then, more light and heat in winter, a week away. `--profiles` reads columns of quarter hours instead, as the
`LoadProfile.csv` of PyPI `simbench` has them (ODbL 1.0; 2016 in German time). Every house is scaled to a mean of 500 W.

Every few hours the next 48 are foreseen from what lies behind, and held against what came: the mean absolute error in
W, beside yesterday's same hour (the day before's beyond 24 h) and last week's; in the first hour beside the profile
alone and the last half hour carried on. `in band` is how often what came lay between P10 and P90; 80 % is right.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
import csv
from datetime import UTC, datetime, timedelta
from math import cos, pi
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from custom_components.ev_station.planning.baseload import LOOKS_BACK, Load, foreseen, learnt

_ZONE: Final = ZoneInfo("Europe/Berlin")
_BEGIN: Final = datetime(2026, 1, 1, tzinfo=UTC)
_BEGIN_OF_PROFILES: Final = datetime(2015, 12, 31, 23, tzinfo=UTC)
_QUARTER: Final = timedelta(minutes=15)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = 96
_YEAR: Final = 365 * _DAY
_EVERY: Final = 29 * 4 + 1
"""Quarter hours from one forecast to the next, so that every hour of the day has its turn."""
_FIRST: Final = _YEAR // 7
_MEAN_W: Final = 500.0


class Errors(NamedTuple):
    """How far what came was from what was foreseen, W."""

    ours: list[float]
    yesterday: list[float]
    last_week: list[float]
    in_band: list[float]
    soon: list[float]
    """In the first hour."""
    soon_usual: list[float]
    """From the profile alone."""
    soon_now: list[float]
    """From what is measured alone."""


def synthetic(seed: int = 1) -> Iterator[float]:
    """Yield the mean power of each quarter hour of a year."""
    chance, mood, oven = Random(seed), 0.0, 0
    away = {201, 202, 203, 204, 205, 206, 207}
    for number in range(_YEAR):
        local = (_BEGIN + _QUARTER * number).astimezone(_ZONE)
        day = local.timetuple().tm_yday
        mood = 0.9 * mood + chance.gauss(0, 50)
        oven = oven - 1 if oven else (4 if chance.random() < _appetite(local) else 0)
        base = 180 + 60 * (1 + cos(2 * pi * (day - 15) / 365))
        lived = 0.0 if day in away else _lived(local) + mood + (1800 if oven else 0)
        yield max(base + lived, 60.0)


def _appetite(local: datetime) -> float:
    """Return how probable it is that somebody turns the oven, the washing machine or the like on."""
    weekend = local.weekday() >= 5
    if local.hour in (18, 19) or (weekend and local.hour in (10, 11, 12, 13)):
        return 0.12
    return 0.01 if 7 <= local.hour < 23 else 0.0


def _lived(local: datetime) -> float:
    weekend = local.weekday() >= 5
    hour = local.hour + local.minute / 60
    awake = (8.5 if weekend else 6.5) <= hour < 23
    home = weekend or hour < 8 or hour >= 17
    return 350.0 if awake and home else 60.0 if awake else 0.0


def judged(powers: Sequence[float], begin: datetime) -> Errors:
    """Play a year of quarter hours."""
    hours = [
        Load(begin + _HOUR * number, fmean(powers[4 * number : 4 * number + 4]))
        for number in range(len(powers) // 4)
    ]
    errors = Errors([], [], [], [], [], [], [])
    for first in range(_FIRST, len(powers) - 2 * _DAY - 4, _EVERY):
        now = begin + _QUARTER * first
        behind = hours[max(first // 4 - LOOKS_BACK // _HOUR, 0) : first // 4]
        profile = learnt(behind, now, _ZONE)
        assert profile is not None
        measured = fmean(powers[first - 2 : first])
        for each in foreseen(profile, now, measured):
            at, length = (each.start - begin) // _QUARTER, (each.end - each.start) // _QUARTER
            came = fmean(powers[at : at + length])
            off = abs(came - float(each.value))
            if at < first + 4:
                errors.soon.append(off)
                errors.soon_usual.append(abs(came - profile.at(each.start).value))
                errors.soon_now.append(abs(came - measured))
            if length < 4:
                continue
            errors.ours.append(off)
            back = at - (_DAY if at < first + _DAY - 4 else 2 * _DAY)
            errors.yesterday.append(abs(came - fmean(powers[back : back + 4])))
            errors.last_week.append(abs(came - fmean(powers[at - 7 * _DAY : at - 7 * _DAY + 4])))
            errors.in_band.append(
                each.low is not None and each.high is not None and each.low <= came <= each.high
            )
    return errors


def read(path: Path, columns: Sequence[str]) -> Mapping[str, list[float]]:
    """Return columns of quarter hours."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return {column: [float(row[column]) for row in rows] for column in columns}


def scaled(powers: Sequence[float]) -> list[float]:
    """Return the same house at a mean power that all have."""
    mean = fmean(powers)
    return [_MEAN_W * each / mean for each in powers]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profiles", nargs="+", metavar=("FILE", "COLUMN"))
    given = parser.parse_args().profiles
    houses = read(Path(given[0]), given[1:]) if given else {"synthetic": list(synthetic())}
    begin = _BEGIN_OF_PROFILES if given else _BEGIN
    print(
        "MAE, W         48 h: ours  yesterday  last week  in band   1st hour: ours  usual  as now"
    )
    for name, powers in houses.items():
        mean = [fmean(each) for each in judged(scaled(powers), begin)]
        print(
            f"{name:<20}{mean[0]:5.0f}{mean[1]:11.0f}{mean[2]:11.0f}{100 * mean[3]:7.0f} %"
            f"{mean[4]:17.0f}{mean[5]:7.0f}{mean[6]:8.0f}"
        )


if __name__ == "__main__":
    main()
