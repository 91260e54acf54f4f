"""What a charger's time stamps are worth: learning its clock's offset, and correcting by it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from ..model.session import Stamp
from ..model.state import ClockEstimate

TOLERANCE: Final = timedelta(minutes=5)
"""A clock this close to ours is right; SteVe tolerates the same."""
NEVER_SET: Final = datetime(2015, 1, 1, tzinfo=UTC)
"""No OCPP 1.6 charger was sold earlier: such a clock was never set."""
STEADY: Final = 3
_STEADY_SPREAD: Final = timedelta(seconds=10)
_STEADY_FOR: Final = timedelta(minutes=2)


def learn(estimate: ClockEstimate, at: datetime | None, received_at: datetime) -> ClockEstimate:
    """Return what a time stamp teaches about the charger's clock.

    A message can be late but never early: a stamp in our future, or from before there were chargers, shows
    a wrong clock at once. A stamp in the past may be a queued message; only a lag that stays the same over
    several messages and minutes is a slow clock.
    """
    if at is None:
        return estimate
    lead = at - received_at
    if abs(lead) <= TOLERANCE:
        return ClockEstimate()
    if lead > TOLERANCE or at < NEVER_SET:
        return _ahead(estimate, lead)
    if abs(lead - estimate.offset) <= TOLERANCE and estimate.offset:
        return replace(estimate, lag=None, lag_since=None, steady=0)
    return _behind(estimate, lead, received_at)


def _ahead(estimate: ClockEstimate, lead: timedelta) -> ClockEstimate:
    """Return the estimate for a clock surely wrong; delay only makes the lead look smaller, so keep the most."""
    same_error = estimate.offset and abs(lead - estimate.offset) <= timedelta(days=30)
    offset = max(lead, estimate.offset) if same_error else lead
    return ClockEstimate(offset=offset)


def _behind(estimate: ClockEstimate, lead: timedelta, received_at: datetime) -> ClockEstimate:
    if estimate.lag is None or abs(lead - estimate.lag) > _STEADY_SPREAD:
        return replace(estimate, lag=lead, lag_since=received_at, steady=1)
    steady = estimate.steady + 1
    since = estimate.lag_since or received_at
    if steady >= STEADY and received_at - since >= _STEADY_FOR:
        return ClockEstimate(offset=lead)
    return replace(estimate, steady=steady)


def stamp(
    estimate: ClockEstimate, at: datetime | None, raw: str | None, received_at: datetime
) -> Stamp:
    """Return a moment told by a charger on our clock; the receipt time where the charger's is no use."""
    if at is None:
        return Stamp(received_at, raw, received_at)
    corrected = estimate.correct(at)
    if corrected < NEVER_SET or corrected > received_at:
        corrected = received_at
    return Stamp(corrected, raw, received_at)


def is_wrong(estimate: ClockEstimate) -> bool:
    """Return whether the owner should be told of the charger's clock."""
    return abs(estimate.offset) > TOLERANCE


def is_corrected(moment: Stamp, at: datetime | None) -> bool:
    """Return whether the bill shows another moment than the charger said."""
    return at is not None and abs(moment.at - at) > TOLERANCE
