"""Who gets how much: hand-made cases, and what always holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from hypothesis import given, strategies as st

from custom_components.ev_station.balancing.allocation import Claim, Grant, Rank, allocate
from custom_components.ev_station.circuit.bounds import Bound, BoundKind, Branch, Tap, bounds, steps
from custom_components.ev_station.model.ids import EvseId

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ALL = frozenset({0, 1, 2})
ZERO = (Decimal(0), Decimal(0), Decimal(0))
SETS = [ALL, frozenset({0}), frozenset({1}), frozenset({2}), frozenset({0, 1})]


def evse(name: str) -> EvseId:
    """Return the only EVSE of a charger."""
    return EvseId(name, 1)


def claim(
    name: str, most: float = 32, *, least: float = 6, place: int = 0, weight: int = 1
) -> Claim:
    """Return what a charger could use, in A; a lower place goes first."""
    return Claim(
        evse=evse(name),
        least=round(least * 10),
        most=round(most * 10),
        weight=weight,
        rank=Rank(0, place, NOON),
    )


def tap(name: str, circuit: str = "main", phases: frozenset[int] = ALL) -> Tap:
    """Return where a charger hangs."""
    return Tap(evse=evse(name), circuit=circuit, phases=phases)


def fuse(circuit: str, limit: float, parent: str | None = None) -> Branch:
    """Return a circuit with nothing else on it."""
    return Branch(circuit=circuit, parent=parent, limit_a=Decimal(str(limit)), load_a=ZERO)


def amps(grants: Mapping[EvseId, Grant]) -> dict[str, float]:
    """Return what was granted by charger, in A."""
    return {each.charger: grant.steps / 10 for each, grant in grants.items()}


def shared(
    claims: Sequence[Claim], branches: Sequence[Branch], taps: Sequence[Tap]
) -> dict[str, float]:
    """Return what is granted in a tree."""
    return amps(allocate(claims, bounds(branches, taps)))


def test_who_is_alone_gets_all_it_can_use() -> None:
    assert shared([claim("A", 16)], [fuse("main", 25)], [tap("A")]) == {"A": 16}


def test_equals_share_equally() -> None:
    names = ["A", "B", "C"]
    claims, taps = [claim(name) for name in names], [tap(name) for name in names]
    assert shared(claims, [fuse("main", 25)], taps) == {"A": 8.4, "B": 8.3, "C": 8.3}


def test_what_one_cannot_use_goes_to_the_others() -> None:
    names = ["A", "B", "C"]
    claims = [claim("A", 7), claim("B"), claim("C")]
    found = shared(claims, [fuse("main", 32)], [tap(name) for name in names])
    assert found == {"A": 7, "B": 12.5, "C": 12.5}


def test_the_first_as_many_as_fit_begin() -> None:
    names = ["A", "B", "C"]
    claims = [claim("A", place=2), claim("B", place=1), claim("C", place=0)]
    found = shared(claims, [fuse("main", 15)], [tap(name) for name in names])
    assert found == {"A": 0, "B": 7.5, "C": 7.5}


def test_nobody_gets_less_than_a_car_needs() -> None:
    assert shared([claim("A")], [fuse("main", 5.9)], [tap("A")]) == {"A": 0}


def test_a_claim_below_its_least_is_none() -> None:
    grants = allocate([claim("A", 5)], bounds([fuse("main", 32)], [tap("A")]))
    assert grants == {evse("A"): Grant(steps=0, bound=None)}


def test_shares_follow_the_weights() -> None:
    claims = [claim("A", weight=2), claim("B", weight=1)]
    found = shared(claims, [fuse("main", 30)], [tap("A"), tap("B")])
    assert found == {"A": 20, "B": 10}


def test_one_that_must_have_more_does_not_get_more_than_that_on_top() -> None:
    claims = [claim("A", least=13), claim("B")]
    assert shared(claims, [fuse("main", 20)], [tap("A"), tap("B")]) == {"A": 13, "B": 7}
    assert shared(claims, [fuse("main", 30)], [tap("A"), tap("B")]) == {"A": 15, "B": 15}


def test_phases_are_counted_one_by_one() -> None:
    claims = [claim("A"), claim("B"), claim("C")]
    taps = [
        tap("A", phases=frozenset({0})),
        tap("B", phases=frozenset({0})),
        tap("C", phases=frozenset({1})),
    ]
    found = shared(claims, [fuse("main", 20)], taps)
    assert found == {"A": 10, "B": 10, "C": 20}


def test_a_small_fuse_below_a_large_one_leaves_the_rest_to_the_others() -> None:
    claims = [claim("A"), claim("B"), claim("C")]
    branches = [fuse("main", 32), fuse("garage", 14, "main")]
    taps = [tap("A", "garage"), tap("B", "garage"), tap("C")]
    assert shared(claims, branches, taps) == {"A": 7, "B": 7, "C": 18}


def test_power_is_shared_by_current_not_by_phases() -> None:
    main = Branch(circuit="main", limit_a=Decimal(63), load_a=ZERO, power_limit_w=9200)
    taps = [tap("A"), tap("B", phases=frozenset({0}))]
    # 10 A on three phases and 10 A on one are 40 A x 230 V.
    assert shared([claim("A"), claim("B")], [main], taps) == {"A": 10, "B": 10}


def test_it_says_which_fuse_holds_whom() -> None:
    branches = [fuse("main", 32), fuse("garage", 14, "main")]
    taps = [tap("A", "garage"), tap("B", "garage"), tap("C"), tap("D")]
    claims = [claim("A"), claim("B", place=1), claim("C", 8), claim("D", place=2)]
    grants = allocate(claims, bounds(branches, taps))
    held = {each.charger: grant.bound and grant.bound.circuit for each, grant in grants.items()}
    assert held == {"A": "garage", "B": "garage", "C": None, "D": "main"}
    assert {each.charger: grant.sharers for each, grant in grants.items()} == {
        "A": 2,
        "B": 2,
        "C": 0,
        "D": 4,
    }


def test_a_circuit_over_its_limit_gives_nothing() -> None:
    main = Branch(circuit="main", limit_a=Decimal(25), load_a=(Decimal(30), Decimal(0), Decimal(0)))
    claims = [claim("A"), claim("B")]
    taps = [tap("A"), tap("B", phases=frozenset({1}))]
    assert shared(claims, [main], taps) == {"A": 0, "B": 25}


def test_an_overload_that_is_borne_stops_nobody_and_lets_nobody_begin() -> None:
    main = replace(fuse("main", 11), slack_a=(Decimal(1), Decimal(1), Decimal(1)))
    charging = [replace(claim(name), charges=True) for name in ("A", "B")]
    taps = [tap(name) for name in "ABC"]
    assert shared([*charging, claim("C", place=1)], [main], taps) == {"A": 6, "B": 6, "C": 0}
    tight = replace(main, limit_a=Decimal("10.9"))
    assert shared([*charging, claim("C", place=1)], [tight], taps) == {"A": 10.9, "B": 0, "C": 0}
    # Whose turn it is begins, and the overload is not made larger for that.
    assert shared([*charging, claim("C", place=-1)], [main], taps) == {"A": 0, "B": 0, "C": 11}


@dataclass(frozen=True)
class Situation:
    """Claims in a tree."""

    claims: tuple[Claim, ...]
    branches: tuple[Branch, ...]
    taps: tuple[Tap, ...]

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """Return what binds."""
        return bounds(self.branches, self.taps)


def limits(least: int = 0, most: int = 80) -> st.SearchStrategy[Decimal]:
    """Return limits in A."""
    return st.decimals(least, most, places=1)


@st.composite
def situations(
    draw: st.DrawFn, *, phases: Sequence[frozenset[int]] = SETS, even: bool = False
) -> Situation:
    """Return a site of up to three levels; `even`: nobody matters more or needs more than another."""
    count = draw(st.integers(1, 5))
    branches = tuple(
        Branch(
            circuit=f"c{number}",
            parent=f"c{draw(st.integers(0, number - 1))}" if number else None,
            limit_a=draw(limits()),
            load_a=ZERO if even else (draw(limits(-20, 40)), draw(limits(-20, 40)), Decimal(3)),
            power_limit_w=None if even else draw(st.none() | st.integers(0, 30000)),
            unbalanced_limit_a=None if even else draw(st.none() | limits(5, 30)),
            slack_a=ZERO if even else (draw(limits(0, 10)), Decimal(0), Decimal(80)),
        )
        for number in range(count)
    )
    names = [f"e{number}" for number in range(draw(st.integers(0, 8)))]
    taps = tuple(
        tap(name, f"c{draw(st.integers(0, count - 1))}", draw(st.sampled_from(phases)))
        for name in names
    )
    claims = tuple(
        Claim(
            evse=evse(name),
            least=60 if even else draw(st.integers(1, 160)),
            most=draw(st.integers(0, 320)),
            weight=1 if even else draw(st.integers(1, 4)),
            rank=Rank(
                0 if even else draw(st.integers(-1, 1)),
                draw(st.integers(0, 2)),
                NOON + timedelta(minutes=draw(st.integers(0, 3))),
            ),
            charges=not even and draw(st.booleans()),
        )
        for name in names
    )
    return Situation(claims, branches, taps)


def used(bound: Bound, grants: Mapping[EvseId, Grant]) -> int:
    """Return how much of a bound is taken."""
    return sum(
        weight * grants[each].steps for each, weight in bound.weights.items() if each in grants
    )


def fits(
    bound_list: Sequence[Bound], grants: Mapping[EvseId, Grant], one: EvseId, more: int
) -> bool:
    """Return whether an EVSE could have more."""
    return all(
        used(bound, grants) + more * bound.weights[one] <= bound.room
        for bound in bound_list
        if one in bound.weights
    )


@given(situations())
def test_no_bound_is_exceeded_on_any_phase(site: Situation) -> None:
    grants = allocate(site.claims, site.bounds)
    for bound in site.bounds:
        assert used(bound, grants) <= max(bound.room + bound.slack, 0)
    loads = {
        (each.circuit, phase): sum(
            grants[one.evse].steps
            for one in site.taps
            if phase in one.phases and _is_below(site, one.circuit, each.circuit)
        )
        for each in site.branches
        for phase in range(3)
    }
    for branch in site.branches:
        for phase in range(3):
            drawn = Decimal(loads[branch.circuit, phase]) / 10
            most = branch.limit_a + branch.slack_a[phase]
            assert not drawn or drawn + branch.load_a[phase] <= most


@given(situations())
def test_only_who_charges_already_exceeds_a_bound_and_only_by_its_least(site: Situation) -> None:
    grants = allocate(site.claims, site.bounds)
    for bound in site.bounds:
        if used(bound, grants) > max(bound.room, 0):
            inside = [each for each in site.claims if bound.weights.get(each.evse)]
            assert all(
                each.charges and grants[each.evse].steps == each.least
                for each in inside
                if grants[each.evse].steps
            )


def _is_below(site: Situation, circuit: str | None, above: str) -> bool:
    parents = {each.circuit: each.parent for each in site.branches}
    while circuit is not None and circuit != above:
        circuit = parents[circuit]
    return circuit == above


@given(situations())
def test_everybody_is_answered_with_nothing_or_what_it_can_use(site: Situation) -> None:
    grants = allocate(site.claims, site.bounds)
    assert set(grants) == {each.evse for each in site.claims}
    for each in site.claims:
        assert grants[each.evse].steps == 0 or each.least <= grants[each.evse].steps <= each.most


@given(situations())
def test_nothing_that_could_be_used_is_left(site: Situation) -> None:
    grants = allocate(site.claims, site.bounds)
    for each in site.claims:
        grant = grants[each.evse]
        if grant.steps and grant.steps < each.most:
            assert not fits(site.bounds, grants, each.evse, 1)
            assert grant.bound is not None
        elif not grant.steps and each.most >= each.least:
            assert not fits(site.bounds, grants, each.evse, each.least)
            assert grant.bound is not None
        else:
            assert grant.bound is None


@given(situations(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(site: Situation, random: Random) -> None:
    def shuffled[T](items: Sequence[T]) -> list[T]:
        return random.sample(items, len(items))

    again = bounds(shuffled(site.branches), shuffled(site.taps))
    ours, theirs = (
        allocate(site.claims, site.bounds),
        allocate(shuffled(site.claims), shuffled(again)),
    )
    assert {one: grant.steps for one, grant in ours.items()} == {
        one: grant.steps for one, grant in theirs.items()
    }


@given(situations())
def test_who_claims_what_it_got_gets_it_again(site: Situation) -> None:
    grants = allocate(site.claims, site.bounds)
    content = [replace(each, most=grants[each.evse].steps) for each in site.claims]
    again = allocate(content, site.bounds)
    assert {one: grant.steps for one, grant in again.items()} == {
        one: grant.steps for one, grant in grants.items()
    }


@given(situations())
def test_nobody_is_ahead_but_for_its_need_or_the_others_hindrance(site: Situation) -> None:
    """Of two that could both rise in the same bounds, shares are in proportion to weight, but for less than two levels.

    One may take all of the last level, and one whose least is no whole number of levels began that much behind.
    """
    grants = allocate(site.claims, site.bounds)
    places = {each.evse: (each.circuit, each.phases) for each in site.taps}
    inside = [each for each in site.claims if grants[each.evse].steps]
    for one in inside:
        for other in inside:
            ahead, behind = grants[one.evse].steps, grants[other.evse].steps
            if places[one.evse] != places[other.evse] or behind >= other.most:
                continue
            if ahead > one.least:
                between = ahead * other.weight - behind * one.weight
                assert between < 2 * one.weight * other.weight


@given(situations(phases=[ALL], even=True), st.integers(0, 4), limits(0, 40))
def test_among_equals_a_larger_fuse_lets_the_least_served_have_no_less(
    site: Situation, which: int, more: Decimal
) -> None:
    """Also the total grows, unless the larger fuse lets somebody begin whose least then costs others more."""
    number = which % len(site.branches)
    larger = tuple(
        replace(each, limit_a=each.limit_a + more) if place == number else each
        for place, each in enumerate(site.branches)
    )
    before = allocate(site.claims, site.bounds)
    after = allocate(site.claims, bounds(larger, site.taps))
    began_before = {one for one, grant in before.items() if grant.steps}
    if began_before == {one for one, grant in after.items() if grant.steps}:
        assert total(after) >= total(before)


@given(st.lists(st.integers(0, 320), max_size=12), limits(), limits(0, 40))
def test_in_one_circuit_a_larger_fuse_never_lowers_the_total(
    mosts: list[int], limit: Decimal, more: Decimal
) -> None:
    claims = [claim(f"e{number:02}", most / 10, place=number) for number, most in enumerate(mosts)]
    taps = [tap(each.evse.charger) for each in claims]
    small = allocate(claims, bounds([fuse("main", float(limit))], taps))
    large = allocate(claims, bounds([fuse("main", float(limit + more))], taps))
    assert total(large) >= total(small)


def total(grants: Mapping[EvseId, Grant]) -> int:
    """Return what all draw together."""
    return sum(grant.steps for grant in grants.values())


def test_bounds_name_what_they_are() -> None:
    (first, *_) = bounds([fuse("main", 10)], [tap("A")])
    assert (first.kind, first.phase, first.room) == (BoundKind.CURRENT, 0, steps(Decimal(10)))
