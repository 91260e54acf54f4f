"""A look at the meters: what flows in each circuit beside our EVSEs."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from ..balancing.draws import NO_DRAWS, Draws, draws
from ..balancing.loads import Memory, PhaseMemory, seen
from ..circuit.bounds import ancestry
from ..model.circuit import Amps, CircuitLoad, MeterReading
from ..model.events import SiteObserved
from ..model.ids import CircuitId
from ..model.state import Circuit, SiteState
from .places import Place, places

type Readings = Mapping[CircuitId, MeterReading]
type _Phases = tuple[PhaseMemory, PhaseMemory, PhaseMemory]

PATIENCE: Final = timedelta(minutes=5)
"""How long after a start a silent meter holds everybody at the present limits."""


class Observed(NamedTuple):
    """What a look at the meters led to."""

    memory: Memory
    event: SiteObserved


def observe(
    state: SiteState, memory: Memory, readings: Readings, started_at: datetime, now: datetime
) -> Observed:
    """Return what the meters mean now, circuit by circuit.

    `readings` are the newest of each circuit since `started_at`, when the engine began.
    """
    circuits = list(state.all(Circuit))
    below = _draws_below(state, circuits, now)
    phases: dict[CircuitId, _Phases] = {}
    loads: list[CircuitLoad] = []
    waits = False
    for circuit in circuits:
        reading = readings.get(circuit.key)
        limit = _limit(circuit, reading)
        if (measured := _believed(circuit, reading, now)) is not None:
            drawn = below.get(circuit.key, NO_DRAWS)
            known = memory.phases.get(circuit.key)
            phases[circuit.key] = _seen(known, measured, drawn, limit, now)
        elif circuit.settings.metered and reading is None:
            waits = waits or now - started_at < PATIENCE
        loads.append(_load(circuit, phases.get(circuit.key), reading, limit))
    return Observed(Memory(phases), SiteObserved(circuits=tuple(loads), complete=not waits))


def _limit(circuit: Circuit, reading: MeterReading | None) -> Decimal:
    """Return the limit in force: an entity may lower the fuse's, never raise it."""
    told = None if reading is None else reading.limit_a
    limit = circuit.settings.limit_a
    return limit if told is None else min(max(told, Decimal(0)), limit)


def _believed(circuit: Circuit, reading: MeterReading | None, now: datetime) -> Amps | None:
    """Return what the meters say, unless they have been silent for too long."""
    if not circuit.settings.metered or reading is None:
        return None
    fresh = now - reading.at <= timedelta(seconds=circuit.settings.stale_after_s)
    return reading.currents_a if fresh else None


def _seen(
    known: _Phases | None, measured: Amps, drawn: Draws, limit: Decimal, now: datetime
) -> _Phases:
    first, second, third = (
        seen(None if known is None else known[phase], measured[phase], drawn[phase], limit, now)
        for phase in range(3)
    )
    return first, second, third


def _load(
    circuit: Circuit, phases: _Phases | None, reading: MeterReading | None, limit: Decimal
) -> CircuitLoad:
    settings, told = circuit.settings, None if reading is None else reading.power_limit_w
    assumed = settings.assumed_load_a
    powers = [each for each in (told, settings.power_limit_w) if each is not None]
    return CircuitLoad(
        circuit=circuit.key,
        load_a=(assumed, assumed, assumed)
        if phases is None
        else (phases[0].held_a, phases[1].held_a, phases[2].held_a),
        limit_a=limit,
        power_limit_w=min(powers, default=None),
        blind=settings.metered and phases is None,
    )


def _draws_below(
    state: SiteState, circuits: Sequence[Circuit], now: datetime
) -> Mapping[CircuitId, Draws]:
    """Return what EVSEs draw below each circuit."""
    parents = {circuit.key: circuit.settings.parent for circuit in circuits}
    sums: dict[CircuitId, Draws] = {}
    for place in places(state):
        drawn = _draws_of(place, now)
        for circuit in ancestry(place.circuit, parents):
            sums[circuit] = _added(sums.get(circuit, NO_DRAWS), drawn)
    return sums


def _draws_of(place: Place, now: datetime) -> Draws:
    if place.session is None or place.allowance is None:
        return NO_DRAWS
    return draws(place.evse, place.allowance, place.settings, now)


def _added(one: Draws, other: Draws) -> Draws:
    first, second, third = (each.with_another(more) for each, more in zip(one, other, strict=True))
    return first, second, third
