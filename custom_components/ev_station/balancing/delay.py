"""Random delays of what charges by itself, so that not every house begins in the same second.

The Electric Vehicles (Smart Charge Points) Regulations 2021 (UK), regulation 11: up to 600 seconds, adjustable up
to 1800, to the nearest second, wherever electricity would begin to flow or its rate would change; a driver may
override it. The mode Fast overrides it here. Following the sun changes the rate all the time and is not delayed.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from ..model.allowance import Allowance, Feed, ReasonKind
from ..model.energy import ChargeMode
from .claims import Allotted, Supply


class Delayed(NamedTuple):
    """What a mode allots after the delay, and the allowance that remembers it."""

    allotted: Allotted
    allowance: Allowance


def drawn_s(secret: str, what: str, now: datetime, most_s: int) -> int:
    """Return a delay nobody can foretell who does not know the site's secret: 0 to `most_s` seconds, all alike."""
    digest = sha256(f"{secret}|delay|{what}|{now.isoformat()}".encode()).digest()
    return int.from_bytes(digest[:8]) % (most_s + 1)


def delayed(
    allotted: Allotted,
    allowance: Allowance,
    mode: ChargeMode,
    drawn: timedelta,
    now: datetime,
) -> Delayed:
    """Return what a mode allots now; `drawn` is the delay if one begins now.

    The allowance is of the session that goes on: a new session's knows of no feed yet.
    """
    wanted = _feed(allotted)
    if not _is_delayed(allowance.feed, wanted, mode):
        return Delayed(allotted, _with(allowance, wanted, None))
    turns_at = allowance.turns_at or now + drawn
    if now >= turns_at:
        return Delayed(allotted, _with(allowance, wanted, None))
    held = _with(allowance, allowance.feed, turns_at)
    return Delayed(_as_before(allowance.feed, turns_at), held)


def _with(allowance: Allowance, feed: Feed, turns_at: datetime | None) -> Allowance:
    """Return an allowance that remembers; the same one if it does."""
    if allowance.feed is feed and allowance.turns_at == turns_at:
        return allowance
    return replace(allowance, feed=feed, turns_at=turns_at)


def _feed(allotted: Allotted) -> Feed:
    if allotted.of_sun or allotted.reason is ReasonKind.CLOUD:
        return Feed.SUN
    return Feed.NONE if allotted.supply is Supply.NONE else Feed.GRID


def _is_delayed(before: Feed, wanted: Feed, mode: ChargeMode) -> bool:
    """Return whether a turn is one of those that many houses would make at once."""
    if before is wanted or mode in (ChargeMode.FAST, ChargeMode.OFF):
        return False
    return wanted is not Feed.NONE or before is Feed.GRID


def _as_before(feed: Feed, until: datetime) -> Allotted:
    """Return what is allotted until a turn."""
    if feed is Feed.SUN:
        return Allotted(of_sun=True)
    supply = Supply.NONE if feed is Feed.NONE else Supply.ALL
    return Allotted(supply, ReasonKind.DELAYED, until=until)
