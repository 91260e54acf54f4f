"""What every EVSE may draw if we are gone."""

from decimal import Decimal

from custom_components.ev_station.balancing.floors import Seat, floors
from custom_components.ev_station.circuit.bounds import Branch
from custom_components.ev_station.model.ids import EvseId

ALL = frozenset({0, 1, 2})


def main(limit: int, load: int = 0) -> tuple[Branch, ...]:
    """Return one fuse with what else it carries at worst."""
    amps = Decimal(load)
    return (Branch(circuit="main", limit_a=Decimal(limit), load_a=(amps, amps, amps)),)


def seat(name: str, priority: int = 1, weight: int = 2, most: int = 320) -> Seat:
    """Return an EVSE of 6 A to so many steps."""
    return Seat(EvseId(name, 1), "main", ALL, 60, most, priority, weight)


def test_they_share_what_the_worst_load_leaves() -> None:
    found = floors(main(25, load=5), (seat("A"), seat("B")))
    assert found == {EvseId("A", 1): 10, EvseId("B", 1): 10}


def test_who_matters_most_comes_first_where_not_all_fit() -> None:
    found = floors(main(13), (seat("A"), seat("B", priority=0, weight=4), seat("C")))
    assert sorted(found.values()) == [0, 6, 7]
    assert (found[EvseId("B", 1)], found[EvseId("C", 1)]) == (7, 0)


def test_other_settings_other_floors() -> None:
    assert floors(main(25), (seat("A"),)) == {EvseId("A", 1): 25}
    assert floors(main(20), (seat("A"),)) == {EvseId("A", 1): 20}
    assert floors(main(20), (seat("A", most=100),)) == {EvseId("A", 1): 10}
    assert floors(main(5), (seat("A"),)) == {EvseId("A", 1): 0}
