"""When a car that had to stop for want of room begins again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from custom_components.ev_station.balancing.allocation import Claim, Rank
from custom_components.ev_station.balancing.claims import TURN, Asking
from custom_components.ev_station.balancing.patience import ROOM_FOR, Share, share
from custom_components.ev_station.circuit.bounds import Bound, BoundKind
from custom_components.ev_station.model.allowance import Allowance, Reason, ReasonKind
from custom_components.ev_station.model.ids import EvseId

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
ONE, OTHER = EvseId("A", 1), EvseId("B", 1)
WAITING = Reason(ReasonKind.WAITING, "main", 0, 2)
CHARGES = Allowance(id=ONE, since=NOW - MINUTE, limit_a=Decimal(10), on_since=NOW - MINUTE)
WAITS = Allowance(id=OTHER, since=NOW - MINUTE, off_since=NOW - MINUTE, reason=WAITING)


def claim(evse: EvseId, place: int, most: int = 160) -> Claim:
    """Return what a car could use; a lower place goes first."""
    return Claim(evse=evse, least=60, most=most, rank=Rank(0, place, NOW))


def shared(
    waits: Allowance, room: int, *, place: int = 3, most: int = 160
) -> Mapping[EvseId, Share]:
    """Share some room among a car that charges and one that waits."""
    main = Bound(
        circuit="main", kind=BoundKind.CURRENT, phase=0, room=room, weights={ONE: 1, OTHER: 1}
    )
    claims = (claim(ONE, 0), claim(OTHER, place, most))
    askings = {each.evse: Asking(claim=each, reason=Reason(ReasonKind.MAXIMUM)) for each in claims}
    return share(askings, {ONE: CHARGES, OTHER: waits}, [main], NOW)


def test_who_waits_leaves_its_room_to_others_until_it_was_there_for_a_while() -> None:
    found = shared(WAITS, 200)
    assert (found[ONE].grant.steps, found[OTHER].grant.steps) == (160, 0)
    assert found[OTHER].allowance.room_since == NOW
    assert found[OTHER].asking.reason == WAITING
    soon = shared(replace(WAITS, room_since=NOW - ROOM_FOR + SECOND), 200)
    assert soon[OTHER].grant.steps == 0
    now = shared(replace(WAITS, room_since=NOW - ROOM_FOR), 200)
    assert (now[ONE].grant.steps, now[OTHER].grant.steps) == (100, 100)
    assert now[OTHER].asking.reason == Reason(ReasonKind.MAXIMUM)


@pytest.mark.parametrize(
    ("room", "most", "roomy"), [(140, 160, True), (139, 160, False), (120, 60, True)]
)
def test_room_is_the_least_and_a_bit(room: int, most: int, roomy: bool) -> None:
    found = shared(replace(WAITS, room_since=NOW - MINUTE), room, most=most)
    assert found[OTHER].allowance.room_since == (NOW - MINUTE if roomy else None)
    assert found[OTHER].grant.steps == 0


def test_without_room_it_waits_as_it_did() -> None:
    found = shared(WAITS, 100)
    assert found[OTHER].allowance is WAITS
    assert found[ONE].grant.steps == 100


def test_whose_turn_it_is_begins_at_once() -> None:
    long = replace(WAITS, off_since=NOW - TURN)
    found = shared(long, 70, place=-1)
    assert (found[ONE].grant.steps, found[OTHER].grant.steps) == (0, 70)
    # Its turn, but nothing to begin with.
    assert shared(long, 50)[OTHER].grant.steps == 0


@pytest.mark.parametrize(
    "other",
    [replace(WAITS, off_since=None), replace(WAITS, reason=Reason(ReasonKind.PAUSED))],
)
def test_who_did_not_stop_for_want_of_room_need_not_wait(other: Allowance) -> None:
    found = shared(other, 130)
    assert (found[ONE].grant.steps, found[OTHER].grant.steps) == (65, 65)


def test_a_claim_of_nothing_finds_no_room() -> None:
    assert shared(WAITS, 300, most=0)[OTHER].allowance.room_since is None
