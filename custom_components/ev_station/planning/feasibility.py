"""Whether a plan can be carried out: checked from the problem alone, whoever made the plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..circuit.bounds import ancestry
from ..model.circuit import NOMINAL_V
from ..model.ids import CircuitId
from .problem import (
    ALL_PHASES,
    LEAST_OVERLAP,
    STEP,
    Battery,
    Charge,
    Charges,
    Circuit,
    Ev,
    EvId,
    Powers,
    Problem,
    Slot,
)

_TOLERANCE_A = 1e-4
_TOLERANCE_W = 0.1
_TOLERANCE_WH = 1.0


class Fault(StrEnum):
    """What cannot be."""

    AWAY = "away"
    """Draws while it is not there."""
    CURRENT = "current"
    """Draws less than its least or more than its most."""
    ENERGY = "energy"
    """Gets more than it can take."""
    PHASE = "phase"
    """A fuse is exceeded on a phase."""
    POWER = "power"
    BATTERY = "battery"
    """Is fuller than full, emptier than its reserve, stronger than it is, or sold to the grid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """Where a plan cannot be carried out."""

    fault: Fault
    where: EvId | CircuitId
    slot: int | None = None


def violations(
    problem: Problem, charges: Sequence[Charges], batteries: Sequence[Powers]
) -> tuple[Violation, ...]:
    """Return all that is wrong with a plan; nothing: it can be carried out."""
    return (
        *(
            found
            for ev, row in zip(problem.evs, charges, strict=True)
            for found in _of_ev(problem, ev, row)
        ),
        *(
            found
            for circuit in problem.circuits
            for found in _of_circuit(problem, circuit, charges, batteries)
        ),
        *(
            found
            for number, (battery, powers) in enumerate(
                zip(problem.batteries, batteries, strict=True)
            )
            for found in _of_battery(problem, number, battery, powers)
        ),
        *_sold(problem, charges, batteries),
    )


def _of_ev(problem: Problem, ev: Ev, charges: Charges) -> Iterator[Violation]:
    stored = 0.0
    for t, (slot, charge) in enumerate(zip(problem.slots, charges, strict=True)):
        if charge is None:
            continue
        mode, hours = ev.modes[charge.mode], _hours(ev, slot)
        phases = len(mode.phases) if mode.surely is None else mode.surely
        stored += charge.amps * phases * NOMINAL_V * hours * ev.efficiency
        if hours <= 0:
            yield Violation(fault=Fault.AWAY, where=ev.ev, slot=t)
        if not mode.min_a - _TOLERANCE_A <= charge.amps <= mode.max_a + _TOLERANCE_A:
            yield Violation(fault=Fault.CURRENT, where=ev.ev, slot=t)
    if stored > ev.goal_wh + ev.extra_wh + spill_wh(ev) + _TOLERANCE_WH:
        yield Violation(fault=Fault.ENERGY, where=ev.ev)


def spill_wh(ev: Ev) -> float:
    """Return by how much a plan may overshoot: what the least current stores in a whole slot."""
    hours = STEP.total_seconds() / 3600
    return max(mode.min_a * mode.watts_per_amp for mode in ev.modes) * hours * ev.efficiency


def _hours(ev: Ev, slot: Slot) -> float:
    overlap = min(ev.departure, slot.end) - max(ev.arrival, slot.start)
    whole = slot.end - slot.start
    return overlap.total_seconds() / 3600 if overlap >= min(LEAST_OVERLAP, whole) else 0.0


def _of_circuit(
    problem: Problem, circuit: Circuit, charges: Sequence[Charges], batteries: Sequence[Powers]
) -> Iterator[Violation]:
    parents = {each.circuit: each.parent for each in problem.circuits}
    cars = [
        (ev, row)
        for ev, row in zip(problem.evs, charges, strict=True)
        if circuit.circuit in ancestry(ev.circuit, parents)
    ]
    taking = [
        powers
        for battery, powers in zip(problem.batteries, batteries, strict=True)
        if circuit.circuit in ancestry(battery.circuit, parents)
    ]
    for t, room in enumerate(circuit.room_a):
        stored = sum(max(0.0, powers[t]) for powers in taking) / len(ALL_PHASES) / NOMINAL_V
        drawn = [stored + _on_phase(cars, t, phase) for phase in sorted(ALL_PHASES)]
        if any(amps > max(0.0, room[phase]) + _TOLERANCE_A for phase, amps in enumerate(drawn)):
            yield Violation(fault=Fault.PHASE, where=circuit.circuit, slot=t)
        if circuit.room_w is None:
            continue
        if sum(drawn) * NOMINAL_V > max(0.0, circuit.room_w[t]) + _TOLERANCE_W:
            yield Violation(fault=Fault.POWER, where=circuit.circuit, slot=t)


def _on_phase(cars: Sequence[tuple[Ev, Charges]], t: int, phase: int) -> float:
    def amps(ev: Ev, charge: Charge | None) -> float:
        return charge.amps if charge and phase in ev.modes[charge.mode].phases else 0.0

    return sum(amps(ev, row[t]) for ev, row in cars)


def _of_battery(
    problem: Problem, number: int, battery: Battery, powers: Powers
) -> Iterator[Violation]:
    level = battery.level_wh
    lowest = min(battery.reserve_wh, battery.level_wh)
    for t, (slot, watts) in enumerate(zip(problem.slots, powers, strict=True)):
        loss = battery.charge_efficiency if watts > 0 else 1 / battery.discharge_efficiency
        level += watts * loss * slot.hours
        strong = watts > battery.max_charge_w + _TOLERANCE_W
        strong |= -watts > battery.max_discharge_w + _TOLERANCE_W
        if strong or not lowest - _TOLERANCE_WH <= level <= battery.capacity_wh + _TOLERANCE_WH:
            yield Violation(fault=Fault.BATTERY, where=str(number), slot=t)


def _sold(
    problem: Problem, charges: Sequence[Charges], batteries: Sequence[Powers]
) -> Iterator[Violation]:
    """Yield where batteries give more than the site itself draws."""
    for t, slot in enumerate(problem.slots):
        given = sum(powers[t] for powers in batteries)
        if given >= 0:
            continue
        cars = sum(
            charge.amps * ev.modes[charge.mode].watts_per_amp * _hours(ev, slot) / slot.hours
            for ev, row in zip(problem.evs, charges, strict=True)
            if (charge := row[t]) is not None
        )
        exported = slot.pv_w - slot.load_w - cars - given
        if exported > max(0.0, slot.pv_w - slot.load_w) + _TOLERANCE_W:
            yield Violation(fault=Fault.BATTERY, where="export", slot=t)
