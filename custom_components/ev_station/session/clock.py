"""What a charger's time stamps are worth: learning its clock's offset, and correcting by it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from ..model.session import Stamp
from ..model.state import ClockEstimate
from ..model.status import Flag

TOLERANCE: Final = timedelta(minutes=5)
"""A clock this close to ours is right; SteVe tolerates the same."""
NEVER_SET: Final = datetime(2015, 1, 1, tzinfo=UTC)
"""No OCPP 1.6 charger was sold earlier: such a clock was never set."""
OUR_CLOCK_PLAUSIBLE_FROM: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""A Pi without a clock starts in 1970: by our own clock nothing is judged before it is set (F51)."""
_RIGHT: Final = ClockEstimate()
STEADY: Final = 3
_STEADY_SPREAD: Final = timedelta(seconds=10)
_STEADY_FOR: Final = timedelta(minutes=2)
_LONGEST_DELAY: Final = timedelta(days=30)
"""A lead smaller by more than this is another error of the clock, not a message that waited."""


def learn(estimate: ClockEstimate, at: datetime | None, received_at: datetime) -> ClockEstimate:
    """Return what a time stamp teaches about the charger's clock.

    A message can be late but never early: a stamp in our future, or from before there were chargers, shows
    a wrong clock at once, and delay only makes its lead look smaller. A stamp further back than expected may
    be a queued message; only a lag that stays the same over several messages and minutes is the clock's.
    """
    if at is None or received_at < OUR_CLOCK_PLAUSIBLE_FROM:
        return estimate
    lead = at - received_at
    if abs(lead) <= TOLERANCE:
        return _RIGHT
    surely_wrong = lead > TOLERANCE or at < NEVER_SET
    if surely_wrong and not timedelta(0) <= estimate.offset - lead <= _LONGEST_DELAY:
        return ClockEstimate(offset=lead)
    if abs(lead - estimate.offset) <= TOLERANCE:
        return ClockEstimate(offset=estimate.offset)
    return _behind(estimate, lead, received_at)


def _behind(estimate: ClockEstimate, lead: timedelta, received_at: datetime) -> ClockEstimate:
    """Return the estimate after a stamp that is queued or shows a slower clock: steadiness tells."""
    if estimate.lag is None or abs(lead - estimate.lag) > _STEADY_SPREAD:
        return replace(estimate, lag=lead, lag_since=received_at, steady=1)
    steady = estimate.steady + 1
    since = estimate.lag_since or received_at
    if steady >= STEADY and received_at - since >= _STEADY_FOR:
        return ClockEstimate(offset=lead)
    return replace(estimate, steady=steady)


def restarted(estimate: ClockEstimate, received_at: datetime) -> ClockEstimate:
    """Return what is still known of the clock after a boot: one that was never set begins anew with the power."""
    # The sum of both may be later than any date.
    return _RIGHT if estimate.offset < NEVER_SET - received_at else estimate


def moment_of(estimate: ClockEstimate, at: datetime | None, received_at: datetime) -> datetime:
    """Return a charger's time stamp on our clock; the receipt time where the charger's is no use."""
    try:
        corrected = received_at if at is None else at - estimate.offset
    except OverflowError:
        return received_at
    if corrected < NEVER_SET:
        return received_at
    return corrected if received_at < OUR_CLOCK_PLAUSIBLE_FROM else min(corrected, received_at)


def stamp(
    estimate: ClockEstimate, at: datetime | None, raw: str | None, received_at: datetime
) -> Stamp:
    """Return a moment told by a charger on our clock, with its own words."""
    return Stamp(moment_of(estimate, at, received_at), raw, received_at)


def clock_flags(moment: Stamp, at: datetime | None) -> frozenset[Flag]:
    """Return whether the bill shows another moment than the charger said; also if it said none that can be read."""
    corrected = at is None or abs(moment.at - at) > TOLERANCE
    return frozenset({Flag.CLOCK_CORRECTED}) if corrected else frozenset()
