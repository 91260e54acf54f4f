"""A look at the meters: what flows in each circuit beside our EVSEs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Final, NamedTuple

from ..balancing.battery import learnt
from ..balancing.draws import NO_DRAWS, Draws, drawn_w, draws, unbound
from ..balancing.loads import (
    NOTHING_DRAWN,
    BatteryMemory,
    Drawn,
    Memory,
    PhaseMemory,
    SurplusMemory,
    seen,
)
from ..balancing.peak import tallied
from ..balancing.surplus import STALE_AFTER, looked, taken_w
from ..circuit.bounds import ancestry
from ..model.allowance import Allowance
from ..model.circuit import NO_AMPS, NOMINAL_V, Amps, CircuitLoad, MeterReading
from ..model.energy import EnergyReading
from ..model.events import SiteObserved
from ..model.grid import NOTHING_HEARD, GridReading, Tally
from ..model.ids import CircuitId
from ..model.state import SITE, Circuit, Grid, HomeBattery, Site, SiteState
from .limiting import is_bound
from .places import Place, places

type Readings = Mapping[CircuitId, MeterReading]
type _Phases = tuple[PhaseMemory, PhaseMemory, PhaseMemory]

PATIENCE: Final = timedelta(minutes=5)
"""How long after a start a silent meter holds everybody at the present limits."""


class Observed(NamedTuple):
    """What a look at the meters led to."""

    memory: Memory
    event: SiteObserved
    measured: Mapping[CircuitId, Amps]
    """What the meters say that are believed."""


class Heard(NamedTuple):
    """The newest the meters said since the engine began."""

    circuits: Readings
    energy: EnergyReading | None
    since: datetime
    grid: GridReading = NOTHING_HEARD


def observe(state: SiteState, memory: Memory, heard: Heard, now: datetime) -> Observed:
    """Return what the meters mean now, circuit by circuit, and what the sun leaves."""
    readings = heard.circuits
    circuits = list(state.all(Circuit))
    below = _draws_below(state, circuits, now)
    phases: dict[CircuitId, _Phases] = {}
    believed: dict[CircuitId, Amps] = {}
    loads: list[CircuitLoad] = []
    waits = False
    for circuit in circuits:
        reading = readings.get(circuit.key)
        limit = _limit(circuit, reading)
        if (measured := _believed(circuit, reading, now)) is not None:
            believed[circuit.key] = measured
            drawn = below.get(circuit.key, NO_DRAWS)
            known = memory.phases.get(circuit.key)
            phases[circuit.key] = _seen(
                known, measured, drawn, limit, now, strict=limit < circuit.settings.limit_a
            )
            waits = waits or any(each.guessed_at is not None for each in phases[circuit.key])
        elif circuit.settings.metered and reading is None:
            waits = waits or not _waited(heard, now)
        loads.append(_load(circuit, phases.get(circuit.key), reading, limit))
    surplus = _surplus(state, memory.surplus, heard.energy, now)
    battery = _battery(state, memory.battery, heard.energy, now)
    connection = _at_grid(state, memory, _grid_w(circuits, heard, now), heard.grid, now)
    waits = waits or (_follows_peak(state) and connection.net is None and not _waited(heard, now))
    event = SiteObserved(
        circuits=tuple(loads),
        surplus_w=None if surplus is None else int(surplus.followed_w),
        battery_percent=_percent(heard.energy, now),
        battery_most_w=battery.most_w,
        net_w=_taken_w(connection.net),
        tally=connection.tally,
        grid=heard.grid,
        complete=not waits,
    )
    return Observed(
        Memory(phases, surplus, battery, connection.net, connection.tally), event, believed
    )


def _waited(heard: Heard, now: datetime) -> bool:
    """Return whether meters have had their time to speak since the start."""
    return now - heard.since >= PATIENCE


def _follows_peak(state: SiteState) -> bool:
    site = state.get(Site, SITE)
    return site is not None and site.settings.grid.follow_peak


class _Connection(NamedTuple):
    """What is known of the connection to the grid."""

    net: SurplusMemory | None = None
    tally: Tally | None = None


def _at_grid(
    state: SiteState,
    memory: Memory,
    grid_w: Decimal | None,
    reading: GridReading,
    now: datetime,
) -> _Connection:
    """Return what is known of the connection to the grid, where rules of its operator hold."""
    site, known = state.get(Site, SITE), state.get(Grid, SITE)
    settings = None if site is None else site.settings.grid
    if settings is None or not (settings.limits or settings.counts_peak):
        return _Connection()
    net = None
    if grid_w is not None:
        drawn = _sum_w(state, now, lambda _place: True)
        net = looked(memory.net, grid_w, drawn, now)
    if not settings.counts_peak:
        return _Connection(net)
    shown = None if known is None else known.quarter
    power = None if grid_w is None else int(grid_w)
    tally = tallied(memory.tally, shown, power, reading.quarter_w, _taken_w(net), now)
    return _Connection(net, tally)


def _taken_w(net: SurplusMemory | None) -> int | None:
    """Return what the grid gives to everything but our EVSEs, negative: what is over."""
    return None if net is None else -int(net.followed_w)


def _grid_w(circuits: Sequence[Circuit], heard: Heard, now: datetime) -> Decimal | None:
    """Return what the grid gives: by its own meter, else by those of the one fuse behind which all else is."""
    energy = heard.energy
    if energy is not None and energy.grid_w is not None and now - energy.at <= STALE_AFTER:
        return energy.grid_w
    known = {circuit.key for circuit in circuits}
    tops = [each for each in circuits if each.settings.parent not in known]
    if len(tops) != 1:
        return None
    amps = _believed(tops[0], heard.circuits.get(tops[0].key), now)
    return None if amps is None else sum(amps, Decimal(0)) * NOMINAL_V


def _sum_w(state: SiteState, now: datetime, counts: Callable[[Place], bool]) -> Drawn:
    """Return what some EVSEs draw together, W."""
    drawn = NOTHING_DRAWN
    for place in places(state):
        if place.session and counts(place):
            drawn = drawn.with_another(drawn_w(place.evse, _allowance(place), place.settings, now))
    return drawn


def _surplus(
    state: SiteState, memory: SurplusMemory | None, reading: EnergyReading | None, now: datetime
) -> SurplusMemory | None:
    """Return what is known of the surplus; None while no meter says."""
    site = state.get(Site, SITE)
    if reading is None or site is None or now - reading.at > STALE_AFTER:
        return None
    taken = taken_w(reading, site.settings.battery)
    if taken is None:
        return None
    drawn = _sum_w(state, now, _follows_sun)
    return looked(memory, taken, drawn, now)


def _follows_sun(place: Place) -> bool:
    """Return whether what an EVSE draws may be lowered for the sun: one that takes no limits is of the house."""
    heeds = place.charger.connection is not None and is_bound(place.charger, place.evse)
    return place.evse.mode.follows_sun and heeds


def _battery(
    state: SiteState, memory: BatteryMemory, reading: EnergyReading | None, now: datetime
) -> BatteryMemory:
    """Return what the home battery was seen to give at most; one that is held shows nothing of that."""
    told = state.get(HomeBattery, SITE)
    if reading is None or told is None or told.held or now - reading.at > STALE_AFTER:
        return BatteryMemory()
    return learnt(memory, reading, now)


def _percent(reading: EnergyReading | None, now: datetime) -> int | None:
    if reading is None or reading.battery_percent is None or now - reading.at > STALE_AFTER:
        return None
    return int(reading.battery_percent)


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
    known: _Phases | None,
    measured: Amps,
    drawn: Draws,
    limit: Decimal,
    now: datetime,
    *,
    strict: bool,
) -> _Phases:
    first, second, third = (
        seen(
            None if known is None else known[phase],
            measured[phase],
            drawn[phase],
            limit,
            now,
            strict=strict,
        )
        for phase in range(3)
    )
    return first, second, third


def _load(
    circuit: Circuit, phases: _Phases | None, reading: MeterReading | None, limit: Decimal
) -> CircuitLoad:
    settings, told = circuit.settings, None if reading is None else reading.power_limit_w
    powers = [each for each in (told, settings.power_limit_w) if each is not None]
    return CircuitLoad(
        circuit=circuit.key,
        load_a=settings.assumed_a if phases is None else _rounded_up(phases),
        limit_a=limit,
        power_limit_w=min(powers, default=None),
        blind=settings.metered and phases is None,
        slack_a=NO_AMPS if phases is None or limit < settings.limit_a else _slack(phases, limit),
    )


def _rounded_up(phases: _Phases) -> Amps:
    """Return the loads in half amperes, so that the noise of a meter moves no limit."""
    first, second, third = (
        (2 * each.held_a).to_integral_value(ROUND_CEILING) / 2 for each in phases
    )
    return first, second, third


def _slack(phases: _Phases, limit: Decimal) -> Amps:
    """Return what the breaker of a fuse bears for now; what a grid operator says holds at once."""
    first, second, third = (limit if each.slack_a is None else each.slack_a for each in phases)
    return first, second, third


def _draws_below(
    state: SiteState, circuits: Sequence[Circuit], now: datetime
) -> Mapping[CircuitId, Draws]:
    """Return what EVSEs draw below each circuit."""
    parents = {circuit.key: circuit.settings.parent for circuit in circuits}
    sums: dict[CircuitId, Draws] = {}
    for at, drawn in _draws_at(state, now).items():
        for circuit in ancestry(at, parents):
            sums[circuit] = _added(sums.get(circuit, NO_DRAWS), drawn)
    return sums


def _draws_at(state: SiteState, now: datetime) -> Mapping[CircuitId | None, Draws]:
    """Return what EVSEs draw that hang on a circuit itself."""
    sums: dict[CircuitId | None, Draws] = {}
    for place in places(state):
        if place.session is not None:
            drawn = draws(place.evse, _allowance(place), place.settings, now)
            sums[place.circuit] = _added(sums.get(place.circuit, NO_DRAWS), drawn)
    return sums


def _allowance(place: Place) -> Allowance:
    """Return an EVSE's allowance; a car that was there before the first look draws too."""
    return place.allowance or unbound(place.evse, place.settings)


def _added(one: Draws, other: Draws) -> Draws:
    first, second, third = (each.with_another(more) for each, more in zip(one, other, strict=True))
    return first, second, third
