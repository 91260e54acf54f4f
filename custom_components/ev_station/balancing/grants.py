"""From what was granted to what is offered: no trembling, raised with patience, lowered at once."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from ..circuit.bounds import Bound, BoundKind, amps
from ..model.allowance import WANT_OF_ROOM, Allowance, Reason, ReasonKind
from ..model.ids import SessionId
from .allocation import Grant
from .claims import Asking

RAISED_AFTER: Final = timedelta(seconds=15)
"""Between two steps up, so that cars and meters can follow."""
_OF_THE_SITE: Final = {
    BoundKind.PEAK: ReasonKind.PEAK,
    BoundKind.DIMMED: ReasonKind.DIMMED,
    BoundKind.RIPPLE: ReasonKind.RIPPLE,
}
_WORTH_A: Final = Decimal(1)
"""A smaller rise is not worth a message unless it completes what was asked for."""


def decided(
    allowance: Allowance,
    asking: Asking,
    grant: Grant,
    session: SessionId,
    now: datetime,
) -> Allowance:
    """Return an EVSE's allowance after a look at the whole site; it never exceeds the grant."""
    reason = _reason(asking, grant)
    fresh = allowance.session != session
    granted = amps(grant.steps)
    if not fresh and not _is_due(allowance, granted, asking, now):
        return allowance if reason == allowance.reason else replace(allowance, reason=reason)
    return _changed(allowance, granted, session, reason, now)


def _is_due(allowance: Allowance, granted: Decimal, asking: Asking, now: datetime) -> bool:
    if granted <= allowance.limit_a:
        return granted < allowance.limit_a
    if not allowance.limit_a:
        return True
    worth = granted - allowance.limit_a >= _WORTH_A or granted == amps(asking.claim.most)
    return worth and now - allowance.since >= RAISED_AFTER


def _changed(
    allowance: Allowance, granted: Decimal, session: SessionId, reason: Reason, now: datetime
) -> Allowance:
    on_since, off_since = allowance.on_since, allowance.off_since
    if allowance.session != session:
        on_since, off_since = None, None
    if granted:
        on_since, off_since = on_since or now, None
    elif on_since is not None:
        on_since, off_since = None, now if reason.kind in WANT_OF_ROOM else None
    return replace(
        allowance.with_limit(granted, now),
        session=session,
        on_since=on_since,
        off_since=off_since,
        room_since=None if granted else allowance.room_since,
        reason=reason,
    )


def _reason(asking: Asking, grant: Grant) -> Reason:
    bound = grant.bound
    if bound is None:
        return asking.reason
    if bound.kind is BoundKind.SURPLUS:
        return Reason(_follows(asking, grant), cars=grant.sharers)
    if bound.kind in _OF_THE_SITE:
        return Reason(_OF_THE_SITE[bound.kind], cars=grant.sharers)
    kind = ReasonKind.SHARE if grant.steps else ReasonKind.WAITING
    return Reason(kind, bound.circuit, _phase(bound), grant.sharers)


def _follows(asking: Asking, grant: Grant) -> ReasonKind:
    if asking.allotted.reason is not ReasonKind.BOOST:
        return ReasonKind.SUN
    return ReasonKind.BOOST if grant.steps else ReasonKind.NO_SUN


def _phase(bound: Bound) -> int | None:
    return None if bound.kind is BoundKind.POWER else bound.phase
