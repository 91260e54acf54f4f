"""What each fuse leaves, phase by phase."""

from decimal import Decimal

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.circuit.bounds import (
    Bound,
    BoundKind,
    Branch,
    Tap,
    amps,
    ancestry,
    bounds,
    steps,
    steps_above,
)
from custom_components.ev_station.model.circuit import Amps, Rotation
from custom_components.ev_station.model.ids import EvseId

ONE, TWO, THREE = EvseId("A", 1), EvseId("B", 1), EvseId("C", 1)
ALL = frozenset({0, 1, 2})


def load(first: str | int, second: str | int = 0, third: str | int = 0) -> Amps:
    """Return a load on L1, L2 and L3."""
    return Decimal(first), Decimal(second), Decimal(third)


def branch(
    circuit: str, limit: int, parent: str | None = None, *, used: Amps | None = None
) -> Branch:
    """Return a circuit with a fuse."""
    return Branch(circuit=circuit, parent=parent, limit_a=Decimal(limit), load_a=used or load(0))


def room(found: tuple[Bound, ...], circuit: str, kind: BoundKind = BoundKind.CURRENT) -> list[int]:
    """Return the rooms of a circuit's bounds of a kind, by phase."""
    return [each.room for each in found if each.circuit == circuit and each.kind is kind]


def test_a_fuse_leaves_what_the_house_does_not_draw() -> None:
    found = bounds(
        [branch("main", 25, used=load("4.05", 10, -3))],
        [Tap(evse=ONE, circuit="main", phases=ALL)],
    )
    # 20.95 A rounded down to 0.1 A; what feeds in makes room.
    assert room(found, "main") == [209, 150, 280]
    assert [dict(each.weights) for each in found] == [{ONE: 1}] * 3


def test_an_evse_counts_in_every_circuit_above_it() -> None:
    found = bounds(
        [branch("main", 63), branch("garage", 32, "main"), branch("yard", 16, "main")],
        [
            Tap(evse=ONE, circuit="garage", phases=ALL),
            Tap(evse=TWO, circuit="yard", phases=frozenset({1})),
            Tap(evse=THREE, circuit="main", phases=frozenset({0})),
        ],
    )
    named = {(each.circuit, each.phase): set(each.weights) for each in found}
    assert named == {
        ("main", 0): {ONE, THREE},
        ("main", 1): {ONE, TWO},
        ("main", 2): {ONE},
        ("garage", 0): {ONE},
        ("garage", 1): {ONE},
        ("garage", 2): {ONE},
        ("yard", 1): {TWO},
    }


def test_power_counts_every_phase() -> None:
    main = Branch(
        circuit="main",
        limit_a=Decimal(25),
        load_a=load(1, 2, 3),
        power_limit_w=4200,
    )
    found = bounds(
        [main],
        [
            Tap(evse=ONE, circuit="main", phases=ALL),
            Tap(evse=TWO, circuit="main", phases=frozenset({2})),
        ],
    )
    (power,) = [each for each in found if each.kind is BoundKind.POWER]
    # 4200 W - 6 A x 230 V; 0.1 A of one phase are 23 W.
    assert power.room == 2820
    assert dict(power.weights) == {ONE: 69, TWO: 23}


def test_unbalanced_load_binds_only_who_unbalances() -> None:
    main = Branch(
        circuit="main",
        limit_a=Decimal(63),
        load_a=load(5, 2, 9),
        unbalanced_limit_a=Decimal(20),
    )
    found = bounds(
        [main],
        [
            Tap(evse=ONE, circuit="main", phases=ALL),
            Tap(evse=TWO, circuit="main", phases=frozenset({0})),
            Tap(evse=THREE, circuit="main", phases=frozenset({2})),
        ],
    )
    unbalanced = {
        each.phase: (each.room, set(each.weights))
        for each in found
        if each.kind is BoundKind.UNBALANCED
    }
    # 20 A above the least loaded phase, L2 with 2 A: 17 A more on L1, 13 A more on L3.
    assert unbalanced == {0: (170, {TWO}), 2: (130, {THREE})}


def test_a_ring_of_circuits_and_an_unknown_one_end_somewhere() -> None:
    found = bounds(
        [branch("a", 10, "b"), branch("b", 10, "a")],
        [
            Tap(evse=ONE, circuit="a", phases=ALL),
            Tap(evse=TWO, circuit="nowhere", phases=ALL),
        ],
    )
    assert {each.circuit for each in found} == {"a", "b"}
    assert all(dict(each.weights) == {ONE: 1} for each in found)


def test_ancestry() -> None:
    parents = {"main": None, "garage": "main", "left": "garage", "lost": "gone"}
    assert ancestry("left", parents) == ["left", "garage", "main"]
    assert ancestry("lost", parents) == ["lost"]
    assert ancestry("gone", parents) == []


@pytest.mark.parametrize(
    ("rotation", "phases"),
    [
        (Rotation.RST, (0, 1, 2)),
        (Rotation.RTS, (0, 2, 1)),
        (Rotation.SRT, (1, 0, 2)),
        (Rotation.STR, (1, 2, 0)),
        (Rotation.TRS, (2, 0, 1)),
        (Rotation.TSR, (2, 1, 0)),
    ],
)
def test_rotations(rotation: Rotation, phases: tuple[int, int, int]) -> None:
    assert rotation.phases == phases


@given(st.decimals(-1000, 1000, places=4))
def test_steps_never_round_over_a_limit(current: Decimal) -> None:
    assert amps(steps(current)) <= current <= amps(steps_above(current))
    assert steps_above(current) - steps(current) <= 1


def test_what_some_have_is_no_longer_there_for_the_others() -> None:
    bound = Bound(
        circuit="main", kind=BoundKind.POWER, phase=None, room=9000, weights={ONE: 69, TWO: 23}
    )
    assert bound.less({ONE: 60, THREE: 100}).room == 9000 - 69 * 60
