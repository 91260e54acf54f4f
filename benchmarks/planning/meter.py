"""A day metered minute by minute: what cars got, what it cost, and whether a fuse was exceeded."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .home import above_kw, beside, raised
from .optimum import VOLTS, times
from .policies import MINUTE_H, Amps


@dataclass(frozen=True, slots=True, kw_only=True)
class Metered:
    """What the meters say."""

    cost: float
    """Beside a day without cars."""
    unmet_kwh: float
    starts: int
    over: int
    """Minutes in which a phase of a fuse was exceeded."""
    raised_kw: float | None
    """By how much the highest quarter hour is above the month's peak so far; None: nobody asks."""


def metered(site: dict[str, Any], amps: Amps) -> Metered:
    """Return what a day came to; a car takes no more than its goal."""
    begin, slots = datetime.fromisoformat(site["now"]), times(site)
    minutes = round((slots[-1][1] - begin) / timedelta(minutes=1))
    lacks = [car["energy_wh"] / car["efficiency"] for car in site["evs"]]
    (fuse,) = site["circuits"]
    left = beside(site, [(end - start) / timedelta(hours=1) for start, end in slots])
    quarters = [0.0] * len(slots)
    cost, starts, over, drew = 0.0, 0, 0, [False] * len(lacks)
    for minute in range(minutes):
        now, t = begin + timedelta(minutes=minute), minute // 15
        load, watts = list(fuse["load_a"][t]), 0.0
        for n, car in enumerate(site["evs"]):
            here = car["arrival"] <= now.isoformat() < car["departure"]
            current = amps[n][minute] if here and lacks[n] > 1e-6 else 0.0
            starts += bool(current) and not drew[n]
            drew[n] = bool(current)
            taken = min(lacks[n], current * VOLTS * len(car["phases"]) * MINUTE_H)
            lacks[n] -= taken
            watts += taken / MINUTE_H
            for phase in car["phases"]:
                load[phase - 1] += current
        over += any(
            each > max(fuse["limit_a"], base) + 1e-3
            for each, base in zip(load, fuse["load_a"][t], strict=True)
        )
        slot, kw = left[t], left[t].base_kw + watts / 1000
        held = slot.gives_kw if watts else 0.0
        quarters[t] += max(0.0, kw + held) * MINUTE_H / slot.hours
        cost += (slot.cost(kw) - slot.cost(slot.base_kw)) * MINUTE_H / slot.hours
    cost += raised(site, max(quarters)) - raised(site, max(slot.base_kw for slot in left))
    unmet = sum(each * car["efficiency"] for each, car in zip(lacks, site["evs"], strict=True))
    return Metered(
        cost=cost,
        unmet_kwh=max(0.0, unmet) / 1000,
        starts=starts,
        over=over,
        raised_kw=above_kw(site, max(quarters)) if "capacity" in site else None,
    )
