"""What a home battery that nobody steers leaves of load and sun, and what the month's peak asks; from docs/planning.md alone.

Shares no code with `planning/`. Power in kW, energy in kWh.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

KEPT_KW: Final = 0.2
"""So much of a peak that is followed stays free."""


class Slot(NamedTuple):
    """What a site does in a slot beside its cars."""

    hours: float
    base_kw: float
    """Load less sun and less what the battery gives; what the battery takes is still in it."""
    buy: float
    sell: float
    keeps_kw: float = 0.0
    """What the battery takes of what is over, before any is exported."""
    keep: float = 0.0
    """What a kWh of that is worth."""
    gives_kw: float = 0.0
    """What the battery gives unless a car draws; only a peak counts that."""

    def cost(self, kw: float) -> float:
        """Return what a power at the grid costs; negative: what is over."""
        if kw > 0:
            return kw * self.hours * self.buy
        kept = min(-kw, self.keeps_kw)
        return -(kept * self.keep + (-kw - kept) * self.sell) * self.hours


def beside(site: dict[str, Any], hours: Sequence[float]) -> list[Slot]:
    """Return a site's slots, with what its home battery leaves."""
    slots = [
        Slot(length, (load - sun) / 1000, buy, sell)
        for length, load, sun, buy, sell in zip(
            hours,
            site["load_w"],
            site["pv_w"],
            site["import_price"],
            site["export_price"],
            strict=True,
        )
    ]
    battery = site.get("home_battery")
    return slots if battery is None else _living(slots, battery)


def _living(slots: Sequence[Slot], battery: dict[str, Any]) -> list[Slot]:
    """Return slots beside a battery; what a kWh in it is worth is known only from the end on."""
    into, out = battery.get("charge_efficiency", 0.95), battery.get("discharge_efficiency", 0.95)
    level, left, turns = battery["level_wh"] / 1000, [], []
    for slot in slots:
        worth_at_turn = None
        if slot.base_kw < 0:
            wanted = min(-slot.base_kw, battery["max_charge_w"] / 1000)
            takes = min(wanted, (battery["capacity_wh"] / 1000 - level) / into / slot.hours)
            if takes < wanted:
                worth_at_turn = slot.sell / into
            first = level < battery.get("first_below_wh", 0) / 1000
            level += takes * into * slot.hours
            left.append(
                slot._replace(base_kw=slot.base_kw + takes)
                if first
                else slot._replace(keeps_kw=takes)
            )
        else:
            wanted = min(slot.base_kw, battery["max_discharge_w"] / 1000)
            holds = max(0.0, level - battery.get("reserve_wh", 0) / 1000)
            gives = min(wanted, holds * out / slot.hours)
            if gives < wanted:
                worth_at_turn = slot.buy * out
            level -= gives / out * slot.hours
            left.append(slot._replace(base_kw=slot.base_kw - gives, gives_kw=gives))
        turns.append(worth_at_turn)
    worth = battery.get("end_price", max(0.0, min(slot.buy for slot in slots)) * out * 0.99)
    found = []
    for slot, turn in zip(reversed(left), reversed(turns), strict=True):
        found.append(slot._replace(keep=worth * into) if slot.keeps_kw else slot)
        worth = worth if turn is None else turn
    return found[::-1]


def above_kw(site: dict[str, Any], highest_kw: float) -> float:
    """Return by how much the highest quarter hour raises the month's peak."""
    peak: float = site["capacity"]["peak_kw"]
    return max(0.0, highest_kw - peak)


def raised(site: dict[str, Any], highest_kw: float) -> float:
    """Return what that costs."""
    if "capacity" not in site:
        return 0.0
    price: float = site["capacity"].get("price_per_kw", 0.0)
    return above_kw(site, highest_kw) * price


def followed_kw(site: dict[str, Any]) -> float | None:
    """Return what the grid may give at most; None: no peak is followed."""
    capacity = site.get("capacity")
    if capacity is None or not capacity.get("follow"):
        return None
    kw: float = capacity["peak_kw"] - KEPT_KW
    return kw
