"""The certified optimum, from docs/planning.md alone: first the least unmet energy, then the least money for it.

Shares no code with `planning/`. Starts, waiting and risk are left out: it is the money that is to be compared. Sites here
have no batteries that a plan steers, no minimum, and one mode per car, on whose phases it surely draws.
"""

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import highspy

from .home import Slot, beside, followed_kw, raised

VOLTS: Final = 230
QUARTER: Final = timedelta(minutes=15)
_MOST_KW: Final = 100.0
"""More than a site with a home battery draws."""


class Optimum(NamedTuple):
    """What no plan can do better."""

    unmet_kwh: float
    """Of the programme with and without whole numbers."""
    unmet_bound_kwh: float
    cost: float
    """The best found, and what is proven to be the least."""
    bound: float


def times(site: dict[str, Any]) -> list[tuple[datetime, datetime]]:
    """Return the slots' begins and ends."""
    found, start = [], datetime.fromisoformat(site["now"])
    for _ in site["import_price"]:
        quarters = start.minute // 15 * 15
        end = start.replace(minute=quarters, second=0, microsecond=0) + QUARTER
        found.append((start, end))
        start = end
    return found


def optimum(site: dict[str, Any], seconds: float, gap: float, *, whole: bool = True) -> Optimum:
    """Return a site's optimum; without whole numbers, only what bounds it."""
    highs = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", gap)):
        highs.setOptionValue(name, value)
    slots = times(site)
    hours = [(end - start) / timedelta(hours=1) for start, end in slots]
    drawn: list[list[Any]] = [[] for _ in slots]
    drawing: list[list[Any]] = [[] for _ in slots]
    on_phase: dict[tuple[int, int], list[Any]] = {}
    shorts = []
    for car in site["evs"]:
        arrival, departure = (datetime.fromisoformat(car[key]) for key in ("arrival", "departure"))
        watts, got = VOLTS * len(car["phases"]), []
        most, least = car["max_a"], car.get("min_a", 6)
        for t, (start, end) in enumerate(slots):
            there = min(end, departure) - max(start, arrival)
            if there < timedelta(minutes=1):
                continue
            amps = highs.addVariable(lb=0, ub=most)
            if whole:
                on = highs.addBinary()
                drawing[t].append(on)
                highs.addConstr(amps - most * on <= 0)
                highs.addConstr(amps - least * on >= 0)
            share = there / timedelta(hours=1)
            got.append(amps * (watts * share * car["efficiency"] / 1000))
            drawn[t].append(amps * (watts * share / hours[t] / 1000))
            for phase in car["phases"]:
                on_phase.setdefault((t, phase), []).append(amps)
        goal = car["energy_wh"] / 1000
        short = highs.addVariable(lb=0, ub=goal)
        spill = highs.addVariable(lb=0, ub=least * watts * 0.25 * car["efficiency"] / 1000)
        highs.addConstr(highs.qsum(got) + short - spill == goal)
        shorts.append(short)
    (fuse,) = site["circuits"]
    for (t, phase), every in on_phase.items():
        room = max(0.0, fuse["limit_a"] - fuse["load_a"][t][phase - 1])
        highs.addConstr(highs.qsum(every) <= room)
    here = beside(site, hours)
    _below_peak(site, highs, on_phase, here)
    highs.minimize(highs.qsum(shorts))
    unmet = highs.getObjectiveValue()
    unmet_bound = highs.getInfo().mip_dual_bound if whole else unmet
    highs.addConstr(highs.qsum(shorts) <= unmet + 1e-4)
    cost, rest = _cost(site, highs, list(zip(here, drawn, drawing, strict=True)))
    highs.setOptionValue("time_limit", highs.getRunTime() + seconds)
    highs.minimize(cost)
    found = highs.getObjectiveValue() - rest
    bound = highs.getInfo().mip_dual_bound - rest if whole else found
    return Optimum(unmet, unmet_bound, found, bound)


def _below_peak(
    site: dict[str, Any], highs: Any, on_phase: dict[tuple[int, int], list[Any]], slots: list[Slot]
) -> None:
    """Hold cars below a peak that is followed."""
    if (most := followed_kw(site)) is None:
        return
    for t, slot in enumerate(slots):
        every = [amps for phase in (1, 2, 3) for amps in on_phase.get((t, phase), ())]
        room = max(0.0, most - slot.base_kw - slot.gives_kw)
        highs.addConstr(highs.qsum(every) * (VOLTS / 1000) <= room)


def _cost(
    site: dict[str, Any], highs: Any, slots: list[tuple[Slot, list[Any], list[Any]]]
) -> tuple[Any, float]:
    """Return the site's cost, and what it would be without cars."""
    terms, rest = [], 0.0
    highest = highs.addVariable(lb=0)
    for slot, every, drawing in slots:
        taken = highs.addVariable(lb=0)
        terms.append(_balance(highs, slot, every, taken))
        highs.addConstr(highest - taken >= 0)
        for on in drawing if slot.gives_kw else ():
            highs.addConstr(highest - taken - slot.gives_kw * on >= 0)
        rest += slot.cost(slot.base_kw)
    rest += raised(site, max(slot.base_kw for slot, _, _ in slots))
    if "capacity" in site:
        above = highs.addVariable(lb=0)
        highs.addConstr(above - highest >= -site["capacity"]["peak_kw"])
        terms.append(above * site["capacity"].get("price_per_kw", 0.0))
    return highs.qsum(terms), rest


def _balance(highs: Any, slot: Slot, drawn: list[Any], taken: Any) -> Any:
    """Return what a slot costs; where it would pay to export before the battery has its part, or both ways, that is forbidden."""
    over = max(0.0, -slot.base_kw)
    most_kept = min(slot.keeps_kw, over)
    kept = highs.addVariable(lb=0, ub=most_kept)
    given = highs.addVariable(lb=0, ub=over - most_kept)
    highs.addConstr(taken - kept - given - highs.qsum(drawn) == slot.base_kw)
    if 0 < most_kept < over and slot.sell > slot.keep:
        full = highs.addBinary()
        highs.addConstr(kept - most_kept * full >= 0)
        highs.addConstr(given - (over - most_kept) * full <= 0)
    if over and max(slot.sell, slot.keep) > slot.buy:
        out = highs.addBinary()
        highs.addConstr(taken + _MOST_KW * out <= _MOST_KW)
        highs.addConstr(kept + given - over * out <= 0)
    return (taken * slot.buy - kept * slot.keep - given * slot.sell) * slot.hours
