"""What people see of the site: flows, room, queues."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from custom_components.ev_station.balancing.loads import Memory, PhaseMemory
from custom_components.ev_station.model.allowance import Allowance, Reason, ReasonKind
from custom_components.ev_station.model.circuit import Amps, CircuitSettings, Priority, Rotation
from custom_components.ev_station.model.energy import EnergyReading
from custom_components.ev_station.model.events import SiteObserved
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.settings import ChargerSettings, EvseSettings
from custom_components.ev_station.model.state import (
    Aggregate,
    Charger,
    Circuit,
    Evse,
    Live,
    SiteState,
)
from custom_components.ev_station.model.status import EvseStatus
from custom_components.ev_station.station import CircuitSeen, Observed, Seen, see
from custom_components.ev_station.station.seeing import site_amps

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
A, B = EvseId("A", 1), EvseId("B", 1)


def amps(first: float, second: float, third: float) -> Amps:
    """Return currents on three phases."""
    return Decimal(str(first)), Decimal(str(second)), Decimal(str(third))


def circuit(name: str, *chargers: str, parent: str | None = None, limit: int = 25) -> Circuit:
    """Return a fuse in front of which 5 A are assumed."""
    settings = CircuitSettings(
        circuit=name,
        name=name.title(),
        limit_a=Decimal(limit),
        parent=parent,
        chargers=chargers,
        assumed_load_a=Decimal(5),
    )
    return Circuit(settings=settings, limit_a=Decimal(limit))


def charging(
    name: str, currents: tuple[Decimal | None, Decimal | None, Decimal | None], **settings: Any
) -> tuple[Charger, Evse]:
    """Return a charger whose car draws."""
    evse = EvseId(name, 1)
    own = replace(EvseSettings(evse=1), **settings)
    found = Charger(
        settings=ChargerSettings(charger=name, name=name, evses=(own,)),
        connection=1,
        evses=(evse,),
    )
    live = Live(at=NOON, currents_a=currents)
    return found, Evse(id=evse, status=EvseStatus.CHARGING, session=name, live=live)


def site(*aggregates: Aggregate) -> SiteState:
    """Return a state of these."""
    state = SiteState()
    state.apply({(type(each), each.key): each for each in aggregates})
    return state


def look(
    state: SiteState,
    *,
    measured: dict[str, Amps] | None = None,
    heat: Fraction = Fraction(0),
    before: Seen = Seen(),
    energy: EnergyReading | None = None,
) -> Seen:
    """See a site after a look at it."""
    phase = PhaseMemory(load_a=Decimal(0), looked_at=NOON, heat=heat)
    cool = replace(phase, heat=Fraction(0))
    memory = Memory(dict.fromkeys(measured or {}, (cool, phase, cool)))
    return see(state, Observed(memory, SiteObserved(), measured or {}), energy, before, NOON)


def test_cars_and_house_add_up_to_the_meter_in_every_circuit_above() -> None:
    state = site(
        circuit("main", limit=25),
        circuit("garage", "A", parent="main", limit=20),
        *charging("A", amps(10, 0, 0), rotation=Rotation.STR),
        *charging("B", amps(6, 6, 6)),
    )
    found = look(state, measured={"main": amps(9, 18, 8)})
    main, garage = found.circuits["main"], found.circuits["garage"]
    assert found.cars == {A: amps(0, 10, 0), B: amps(6, 6, 6)}
    assert (main.cars_a, main.house_a, main.total_a) == (
        amps(6, 16, 6),
        amps(3, 2, 2),
        amps(9, 18, 8),
    )
    assert (main.measured, main.headroom_a) == (True, 7)
    # Nobody measures the garage: 5 A beside the car are assumed.
    assert (garage.cars_a, garage.total_a) == (amps(0, 10, 0), amps(5, 15, 5))
    assert (garage.measured, garage.headroom_a) == (False, 5)
    assert (main.evses, garage.evses) == ((B,), (A,))


def test_a_limit_of_power_may_leave_less_than_the_fuse() -> None:
    seen = CircuitSeen(
        house_a=amps(5, 0, 0),
        cars_a=amps(5, 5, 5),
        limit_a=Decimal(25),
        power_limit_w=5060,
        measured=True,
        overloaded=False,
        evses=(),
        queue=(),
    )
    assert seen.power_w == 4600
    assert seen.headroom_a == 2
    assert seen._replace(power_limit_w=20_000).headroom_a == 15


def test_a_charger_that_is_away_is_not_seen_to_draw() -> None:
    charger, evse = charging("A", amps(10, 10, 10))
    state = site(circuit("main"), replace(charger, connection=None), evse)
    assert look(state).cars == {A: amps(0, 0, 0)}


LONE = Live(currents_a=(Decimal(8), None, None), power_w=Decimal(1840), phases_told=False)


@pytest.mark.parametrize(
    ("live", "phases", "expected"),
    [
        (Live(power_w=Decimal(4600)), 2, amps(10, 10, 0)),
        (Live(power_w=Decimal(2300)), 1, amps(10, 0, 0)),
        (Live(), 3, amps(0, 0, 0)),
        (Live(currents_a=(Decimal(8), None, None), power_w=Decimal(1)), 3, amps(8, 0, 0)),
        (LONE, 3, amps(8, 8, 8)),
        (LONE, 1, amps(8, 0, 0)),
    ],
)
def test_what_is_told_of_no_phase_is_spread_over_the_phases(
    live: Live, phases: int, expected: Amps
) -> None:
    evse = Evse(id=A, status=EvseStatus.CHARGING, session="s", live=live)
    assert site_amps(evse, EvseSettings(evse=1, phases=phases)) == expected


def test_power_alone_is_spread_over_the_phases_in_use() -> None:
    live = Live(power_w=Decimal(2300), at=NOON)
    charger, evse = charging("A", (None, None, None))
    evse = replace(evse, live=live)
    allowance = Allowance(id=A, since=NOON, session="A", phases=(1,))
    assert look(site(circuit("main"), charger, evse, allowance)).cars[A] == amps(0, 10, 0)
    # What it was seen on before its phases were connected otherwise tells nothing.
    elsewhere = EvseSettings(evse=1, phases=1)
    assert site_amps(evse, elsewhere, (1,)) == amps(10, 0, 0)


def test_an_overload_lasts_until_it_has_cooled_down() -> None:
    state, measured = site(circuit("main")), {"main": amps(30, 0, 0)}

    def overloaded(heat: Fraction, before: Seen) -> Seen:
        return look(state, measured=measured, heat=heat, before=before)

    warm = overloaded(Fraction(99, 100), Seen())
    hot = overloaded(Fraction(1), warm)
    cooling = overloaded(Fraction(1, 100), hot)
    cool = overloaded(Fraction(0), cooling)
    warm_again = overloaded(Fraction(1, 2), cool)
    assert [
        each.circuits["main"].overloaded for each in (warm, hot, cooling, cool, warm_again)
    ] == [
        False,
        True,
        True,
        False,
        False,
    ]


def waiting(evse: EvseId, seconds: int, kind: ReasonKind = ReasonKind.WAITING) -> Allowance:
    """Return the allowance of a car that was paused so long ago."""
    return Allowance(
        id=evse,
        since=NOON - seconds * SECOND,
        session=evse.charger,
        off_since=NOON - seconds * SECOND,
        reason=Reason(kind, "main", 0, 2),
    )


def test_who_waits_longest_is_next_unless_another_is_more_important() -> None:
    evses = [charging(name, (None, None, None)) for name in "ABC"]
    important = charging("D", (None, None, None), priority=Priority.HIGH)
    state = site(
        circuit("main"),
        *(each for pair in (*evses, important) for each in pair),
        waiting(A, 60),
        waiting(B, 90),
        waiting(EvseId("C", 1), 900, ReasonKind.NO_SUN),
        waiting(EvseId("D", 1), 5),
    )
    assert look(state).circuits["main"].queue == (EvseId("D", 1), B, A)


def test_a_source_that_is_silent_says_nothing() -> None:
    fresh = EnergyReading(grid_w=Decimal(1), at=NOON - 119 * SECOND)
    assert look(site(), energy=fresh).energy == fresh
    assert look(site(), energy=replace(fresh, at=NOON - 121 * SECOND)).energy is None
