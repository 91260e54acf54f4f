"""What a home battery that nobody steers does, and what that leaves for cars: it takes what is over, gives what lacks.

A plan cannot tell such a battery when to wait for a better price, so none counts on that. What sun it would take is
worth what that is worth later: export, if it will be full before it gives anything; else the import it spares when it
is empty.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from .problem import Battery, Problem, Slot, end_price


class _Step(NamedTuple):
    """What the battery does in a slot."""

    takes_w: float = 0.0
    gives_w: float = 0.0
    turn: float | None = None
    """Where it gets full or empty: what a kWh more in it would be worth; None: it would be there still."""
    comes_first: bool = False


def beside(
    slots: Sequence[Slot], battery: Battery, *, first_below_wh: float = 0.0
) -> tuple[Slot, ...]:
    """Return slots with what a battery leaves of load and sun; below a level, what it takes is not for cars."""
    steps, level = [], battery.level_wh
    for slot in slots:
        step = _step(slot, battery, level)
        steps.append(step._replace(comes_first=level < first_below_wh))
        gains = step.takes_w * battery.charge_efficiency
        gains -= step.gives_w / battery.discharge_efficiency
        level += gains * slot.hours
    worth = _worth(steps, end_price(Problem(slots=tuple(slots), evs=()), battery))
    return tuple(
        _left(slot, step, value * battery.charge_efficiency)
        for slot, step, value in zip(slots, steps, worth, strict=True)
    )


def _step(slot: Slot, battery: Battery, level_wh: float) -> _Step:
    over = slot.pv_w - slot.load_w
    if over > 0:
        most = min(over, battery.max_charge_w)
        room = max(0.0, battery.capacity_wh - level_wh) / battery.charge_efficiency / slot.hours
        full = slot.export_price / battery.charge_efficiency if room < most else None
        return _Step(takes_w=min(most, room), turn=full)
    most = min(-over, battery.max_discharge_w)
    stored = max(0.0, level_wh - battery.reserve_wh) * battery.discharge_efficiency / slot.hours
    empty = slot.import_price * battery.discharge_efficiency if stored < most else None
    return _Step(gives_w=min(most, stored), turn=empty)


def _worth(steps: Sequence[_Step], last: float) -> list[float]:
    """Return what a kWh more in the battery after each slot is worth: what becomes of it when it next turns."""
    found = []
    for step in reversed(steps):
        found.append(last)
        last = last if step.turn is None else step.turn
    return found[::-1]


def _left(slot: Slot, step: _Step, price: float) -> Slot:
    if step.comes_first:
        slot = replace(slot, pv_w=slot.pv_w - step.takes_w)
    elif step.takes_w:
        slot = replace(slot, kept_w=step.takes_w, kept_price=price)
    return replace(slot, load_w=slot.load_w - step.gives_w, given_w=step.gives_w)
