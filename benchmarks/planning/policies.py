"""What a site does with simpler rules, minute by minute; the fuse is applied to cars in the order they came."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from .optimum import VOLTS, times

MINUTE_H: Final = 1 / 60

type Site = dict[str, Any]
type Amps = list[list[float]]
"""Per car, minute by minute from now on."""
type Wants = Callable[[Site, dict[str, Any], float, datetime], bool]
"""Whether a car that lacks so much (Wh drawn) wants to charge now."""


def planned(site: Site, currents: Sequence[Sequence[float]]) -> Amps:
    """Return a plan's currents, slot by slot, as minutes."""
    slots = times(site)
    return [
        [
            row[t]
            for t, (start, end) in enumerate(slots)
            for _ in range(round((end - start) / timedelta(minutes=1)))
        ]
        for row in currents
    ]


def first_come(site: Site, wants: Wants) -> Amps:
    """Return what cars draw that each want their maximum at certain times."""
    begin, slots = datetime.fromisoformat(site["now"]), times(site)
    minutes = round((slots[-1][1] - begin) / timedelta(minutes=1))
    cars = sorted(range(len(site["evs"])), key=lambda n: site["evs"][n]["arrival"])
    lacks = [car["energy_wh"] / car["efficiency"] for car in site["evs"]]
    found: Amps = [[0.0] * minutes for _ in site["evs"]]
    (fuse,) = site["circuits"]
    wanted = [False] * len(cars)
    for minute in range(minutes):
        now, t = begin + timedelta(minutes=minute), minute // 15
        room = [fuse["limit_a"] - load for load in fuse["load_a"][t]]
        for n in cars:
            car = site["evs"][n]
            if lacks[n] <= 0 or not car["arrival"] <= now.isoformat() < car["departure"]:
                continue
            if minute % 15 == 0 or now.isoformat() == car["arrival"]:
                wanted[n] = wants(site, car, lacks[n], now)
            amps = min(car["max_a"], *(room[phase - 1] for phase in car["phases"]))
            if not wanted[n] or amps < car.get("min_a", 6):
                continue
            watts = VOLTS * len(car["phases"])
            amps = min(amps, max(car.get("min_a", 6), lacks[n] / watts / MINUTE_H))
            lacks[n] -= amps * watts * MINUTE_H
            found[n][minute] = amps
            for phase in car["phases"]:
                room[phase - 1] -= amps
    return found


def at_once(_site: Site, _car: dict[str, Any], _lacks: float, _now: datetime) -> bool:
    """Charge whenever there."""
    return True


def latest(_site: Site, car: dict[str, Any], lacks: float, now: datetime) -> bool:
    """Begin when what is lacking just fits."""
    left = (datetime.fromisoformat(car["departure"]) - now) / timedelta(hours=1)
    needed: float = lacks / (VOLTS * len(car["phases"]) * car["max_a"])
    return needed >= left - 0.25


def cheapest(site: Site, car: dict[str, Any], lacks: float, now: datetime) -> bool:
    """Charge in the cheapest slots that are enough, of equal ones the latest; chosen anew in each slot (evcc)."""
    departure = datetime.fromisoformat(car["departure"])
    needed = lacks / (VOLTS * len(car["phases"]) * car["max_a"])
    slots = [
        (
            site["import_price"][t],
            -start.timestamp(),
            start <= now,
            (min(end, departure) - max(start, now)) / timedelta(hours=1),
        )
        for t, (start, end) in enumerate(times(site))
        if end > now and start < departure
    ]
    for _, _, is_now, hours in sorted(slots):
        if needed <= 1e-6:
            return False
        if is_now:
            return True
        needed -= hours
    return False
