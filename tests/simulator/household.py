"""What a household draws, by season and time of day: a base, appliances that come and go, a heat pump in the cold."""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
import math
from random import Random
from typing import Final, NamedTuple

type Amps = tuple[float, float, float]


class Appliance(NamedTuple):
    """Something that is switched on now and then."""

    a_day: float
    hours: tuple[int, ...]
    """When it is switched on, local solar time."""
    amps: Amps
    lasts_s: int
    on_s: int
    """Its thermostat: so many seconds on, so many off."""
    off_s: int


APPLIANCES: Final = (
    Appliance(5, (6, 7, 10, 15, 16, 20), (8.5, 0, 0), 180, 180, 0),
    Appliance(1.6, (12, 18, 18, 19), (0, 8.0, 8.0), 1800, 100, 50),
    Appliance(0.6, (11, 17, 18), (11.0, 0, 0), 3000, 240, 120),
    Appliance(0.9, (8, 13, 20, 21), (0, 9.0, 0), 1200, 1200, 0),
    Appliance(0.7, (8, 9, 10, 14), (0, 0, 9.0), 1100, 1100, 0),
    Appliance(0.4, (10, 15, 20), (0, 10.5, 0), 3600, 3600, 0),
)
"""Kettle, hob, oven, dishwasher, washing machine, dryer."""
_BASE: Final = (1.3, 0.8, 0.9)
_COLD_C: Final = 12.0
_DAY: Final = timedelta(days=1)


class Household:
    """A load to ask at any moment; each day is drawn anew from the seed."""

    def __init__(self, seed: int, *, heat_pump_a: float = 6.0) -> None:
        """`heat_pump_a` is drawn on all three phases while it heats."""
        self._seed, self._heat_pump_a = seed, heat_pump_a
        self._day: datetime | None = None
        self._times: list[float] = []
        self._loads: list[Amps] = []

    def __call__(self, now: datetime) -> Amps:
        """Return what is drawn, A per phase."""
        if self._day is None or not self._day <= now < self._day + _DAY:
            self._day = now.replace(hour=0, minute=0, second=0, microsecond=0)
            self._draw(self._day)
        seconds = (now - self._day).total_seconds()
        return self._loads[bisect_right(self._times, seconds) - 1]

    def _draw(self, day: datetime) -> None:
        random = Random(f"{self._seed} {day.date()}")
        switched = [*self._appliances(random), *self._heat_pump(random, day)]
        changes: dict[float, list[float]] = {0.0: list(_BASE)}
        for start, end, amps in switched:
            for at, sign in ((start, 1), (end, -1)):
                change = changes.setdefault(at, [0.0, 0.0, 0.0])
                for phase, each in enumerate(amps):
                    change[phase] += sign * each
        self._times, self._loads = sorted(changes), []
        sums = [0.0, 0.0, 0.0]
        for at in self._times:
            sums = [one + more for one, more in zip(sums, changes[at], strict=True)]
            self._loads.append((sums[0], sums[1], sums[2]))

    @staticmethod
    def _appliances(random: Random) -> list[tuple[float, float, Amps]]:
        found = []
        for each in APPLIANCES:
            uses = int(each.a_day) + (random.random() < each.a_day % 1)
            for _ in range(uses):
                at = 3600.0 * random.choice(each.hours) + random.randrange(3600)
                end = at + each.lasts_s * random.uniform(0.6, 1.4)
                while at < end:
                    found.append((at, min(at + each.on_s, end), each.amps))
                    at += each.on_s + each.off_s
        return found

    def _heat_pump(self, random: Random, day: datetime) -> list[tuple[float, float, Amps]]:
        outside = outside_c(day, random)
        share = min(max((_COLD_C - outside) / 22, 0.0), 1.0)
        amps = (self._heat_pump_a,) * 3
        found, at = [], random.uniform(0, 1800)
        while share > 0.02 and at < 86400:
            found.append((at, at + 2400 * share, amps))
            at += 2400
        return found


def outside_c(day: datetime, random: Random) -> float:
    """Return a day's mean temperature in central Europe."""
    since = (day - datetime(day.year, 1, 20, tzinfo=UTC)) / timedelta(days=365)
    return 10 - 9.5 * math.cos(2 * math.pi * since) + random.gauss(0, 3)
