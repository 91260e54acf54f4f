"""Who had to stop for want of room begins again when it is its turn, or once the room has been there for a while.

A hob goes on and off, and a car that followed it would wear out its contactor.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from ..circuit.bounds import STEPS_PER_A, Bound
from ..model.allowance import WANT_OF_ROOM, Allowance
from ..model.ids import EvseId
from .allocation import Claim, Grant, allocate
from .claims import TURN, Asking

ROOM_FOR: Final = timedelta(minutes=5)
"""For this long the least and a bit must have been there."""
_SPARE: Final = STEPS_PER_A
"""The bit, so that the first kettle does not end it again."""


class Share(NamedTuple):
    """What an EVSE asked for and was granted."""

    allowance: Allowance
    asking: Asking
    grant: Grant


def share(
    askings: Mapping[EvseId, Asking],
    allowances: Mapping[EvseId, Allowance],
    bounds: Sequence[Bound],
    now: datetime,
) -> Mapping[EvseId, Share]:
    """Return what everybody gets; who may not begin yet leaves the room to others meanwhile."""
    hopes = allocate([each.claim for each in askings.values()], bounds)
    watched = {
        evse: _watched(allowances[evse], asking.claim, hopes[evse], now)
        for evse, asking in askings.items()
    }
    asked = {
        evse: _held_back(asking, watched[evse]) if _waits_on(watched[evse], now) else asking
        for evse, asking in askings.items()
    }
    held_back = any(asked[evse] is not asking for evse, asking in askings.items())
    grants = allocate([each.claim for each in asked.values()], bounds) if held_back else hopes
    return {evse: Share(watched[evse], asked[evse], grants[evse]) for evse in askings}


def _watched(allowance: Allowance, claim: Claim, hope: Grant, now: datetime) -> Allowance:
    """Return an allowance that remembers since when there is room for a car that waits."""
    roomy = _waits(allowance) and hope.steps >= min(claim.least + _SPARE, claim.most) > 0
    since = (allowance.room_since or now) if roomy else None
    return allowance if since == allowance.room_since else replace(allowance, room_since=since)


def _waits(allowance: Allowance) -> bool:
    return allowance.off_since is not None and allowance.reason.kind in WANT_OF_ROOM


def _waits_on(allowance: Allowance, now: datetime) -> bool:
    """Return whether a car that waits must wait on even if there is room."""
    if not _waits(allowance) or (allowance.off_since and now - allowance.off_since >= TURN):
        return False
    return allowance.room_since is None or now - allowance.room_since < ROOM_FOR


def _held_back(asking: Asking, allowance: Allowance) -> Asking:
    return replace(asking, claim=replace(asking.claim, most=0), reason=allowance.reason)
