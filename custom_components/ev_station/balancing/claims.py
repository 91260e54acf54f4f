"""What an EVSE with a session may ask for: its limits, what its car really takes, and whose turn it is."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from ..circuit.bounds import steps, steps_above
from ..model.allowance import Allowance, Reason, ReasonKind
from ..model.circuit import Priority
from ..model.energy import ChargeMode
from ..model.plan import EvsePlan
from ..model.settings import EvseSettings
from ..model.state import Evse
from ..model.status import EvseStatus
from .allocation import Claim, Rank
from .draws import FLOWS_A, drawn_a, flows
from .limits import EPOCH, limit_of
from .surplus import Sun, sun_on

TURN: Final = timedelta(minutes=20)
"""Where not all can charge, each may for this long before it makes room for who waited as long."""
_HEADROOM_A: Final = Decimal(1)
"""Offered above what a car takes, so that it shows when it would take more."""
_IDLE: Final = frozenset({EvseStatus.SUSPENDED_EV, EvseStatus.FINISHING})
_IDLE_REASONS: Final = frozenset({ReasonKind.IDLE, ReasonKind.UNRESPONSIVE})
_ORDER: Final = {Priority.HIGH: 0, Priority.NORMAL: 1, Priority.LOW: 2}
_WEIGHTS: Final = {Priority.HIGH: 4, Priority.NORMAL: 2, Priority.LOW: 1}


def share_of(priority: Priority) -> tuple[int, int]:
    """Return a priority's rank, where the lower goes first, and the weight of its share."""
    return _ORDER[priority], _WEIGHTS[priority]


class Supply(StrEnum):
    """Which power is there for an EVSE."""

    ALL = "all"
    LEAST = "least"
    NONE = "none"


class Allotted(NamedTuple):
    """What an EVSE's mode allots it now, and why."""

    supply: Supply = Supply.ALL
    reason: ReasonKind | None = None
    of_sun: bool = False
    """It counts towards the surplus."""
    guaranteed: bool = False
    """Its least does not depend on the surplus."""
    until: datetime | None = None
    """When that ends, if it is known."""
    most_a: Decimal | None = None
    """No more than that, A per phase, whatever there is."""
    phases: int | None = None
    """On so many phases, as planned; None: as there is power."""


FREELY: Final = Allotted()


def unpaused(allotted: Allotted) -> Allotted:
    """Return what is allotted an EVSE that takes no pause: its least at any rate, unless it is to be off."""
    if allotted.reason is ReasonKind.OFF:
        return allotted
    if allotted.supply is Supply.NONE:
        return Allotted(Supply.LEAST, ReasonKind.NO_PAUSE)
    return allotted._replace(guaranteed=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """An EVSE's claim, and the reason it has if it gets all of it."""

    claim: Claim
    reason: Reason
    allotted: Allotted = FREELY


def insisting(asking: Asking) -> Asking:
    """Return what an EVSE asks for that takes no pause: before all others, for it draws its least anyway."""
    claim = asking.claim
    if not claim.most:
        return asking
    first = replace(claim, most=max(claim.most, claim.least), rank=Rank(-1, 0, EPOCH))
    return replace(asking, claim=first)


def allot(
    mode: ChargeMode,
    allowance: Allowance,
    *,
    cheap: bool = False,
    plan: EvsePlan | None = None,
    now: datetime = EPOCH,
) -> Allotted:
    """Return what a mode allots an EVSE whose weather is known; `cheap` is the present hour's price.

    A plan takes the place of the price; what it does not need may still come from the sun.
    """
    if mode is ChargeMode.OFF:
        return Allotted(Supply.NONE, ReasonKind.OFF)
    if mode is ChargeMode.SOLAR_MIN:
        return Allotted(of_sun=True, guaranteed=True)
    if mode is ChargeMode.FAST:
        return FREELY
    if mode is ChargeMode.SMART and plan is not None:
        period = plan.followed(now)
        if period is not None and period.limit_a:
            return Allotted(
                reason=ReasonKind.PLANNED,
                most_a=period.limit_a,
                until=plan.stops_at(now),
                phases=period.phases if plan.picks_phases else None,
            )
    elif mode is ChargeMode.SMART and cheap:
        return Allotted(reason=ReasonKind.CHEAP)
    sun = sun_on(allowance)
    if sun is Sun.SHINES:
        return Allotted(of_sun=True)
    if sun is Sun.CLOUDED:
        return Allotted(Supply.LEAST, ReasonKind.CLOUD)
    if mode is not ChargeMode.SMART:
        return Allotted(Supply.NONE, ReasonKind.NO_SUN)
    return _waiting(plan, now)


def _waiting(plan: EvsePlan | None, now: datetime) -> Allotted:
    if plan is None:
        return Allotted(Supply.NONE, ReasonKind.DEAR)
    begins = plan.next_start(now)
    kind = ReasonKind.GOAL_MET if begins is None else ReasonKind.PLAN_WAITS
    return Allotted(Supply.NONE, kind, until=begins)


def ask(
    evse: Evse,
    allowance: Allowance,
    settings: EvseSettings,
    now: datetime,
    allotted: Allotted = FREELY,
) -> Asking:
    """Return what an EVSE with an open session asks for."""
    limit = limit_of(evse, settings)
    most, reason = limit, own_reason(settings, limit)
    idle = _is_idle(evse, allowance, settings, now)
    if idle:
        most, reason = min(settings.min_current_a, limit), Reason(ReasonKind.IDLE)
    elif (wanted := _wanted(evse, allowance, settings, now)) is not None and wanted < limit:
        most, reason = wanted, Reason(ReasonKind.CAR)
    if limit:
        most, reason = _within(allotted, most, reason, settings)
    claim = Claim(
        evse=evse.id,
        least=steps_above(settings.min_current_a),
        most=steps(most),
        weight=_WEIGHTS[settings.priority],
        rank=_rank(allowance, settings, now, idle=idle),
        charges=allowance.on_since is not None and not idle,
    )
    return Asking(claim=claim, reason=reason, allotted=allotted)


def _within(
    allotted: Allotted, most: Decimal, reason: Reason, settings: EvseSettings
) -> tuple[Decimal, Reason]:
    """Return what is left of a claim within what its mode allots, and why."""
    if allotted.reason is None:
        return most, reason
    why = Reason(allotted.reason, until=allotted.until)
    if allotted.supply is Supply.NONE:
        return Decimal(0), why
    if allotted.supply is Supply.LEAST:
        return min(most, settings.min_current_a), why
    if allotted.most_a is not None and allotted.most_a < most:
        return allotted.most_a, why
    return most, why if reason.kind is ReasonKind.MAXIMUM else reason


def own_reason(settings: EvseSettings, limit: Decimal) -> Reason:
    """Return why an EVSE has the limit that its owner lets it have."""
    if not limit:
        return Reason(ReasonKind.PAUSED)
    limited = limit < settings.max_current_a
    return Reason(ReasonKind.LIMITED if limited else ReasonKind.MAXIMUM)


def _is_idle(evse: Evse, allowance: Allowance, settings: EvseSettings, now: datetime) -> bool:
    """Return whether the car takes nothing although it may; once idle, until it is seen to take something."""
    if evse.status in _IDLE:
        return True
    if allowance.reason.kind in _IDLE_REASONS:
        return not _flows(evse, allowance)
    drawn = drawn_a(evse, allowance, settings, now)
    offered = allowance.limit_a >= settings.min_current_a
    return offered and drawn is not None and drawn < FLOWS_A


def _flows(evse: Evse, allowance: Allowance) -> bool:
    """Return whether anything was measured to flow since the car was found idle."""
    live = evse.live
    return live.at is not None and live.at > allowance.since and flows(live)


def _wanted(
    evse: Evse, allowance: Allowance, settings: EvseSettings, now: datetime
) -> Decimal | None:
    """Return what a car that stays below its limit is to be offered, in whole A; None: whatever there is.

    A car that takes its limit, but for half an ampere, may take more. One that was found content stays so
    until measured again at its new limit.
    """
    content = allowance.reason.kind is ReasonKind.CAR
    drawn = drawn_a(evse, allowance, settings, now)
    if drawn is None:
        return allowance.limit_a if content else None
    if drawn > allowance.limit_a - _HEADROOM_A / 2:
        return None
    if content and drawn >= allowance.limit_a - 2 * _HEADROOM_A:
        return allowance.limit_a
    wanted = drawn.to_integral_value(ROUND_CEILING) + _HEADROOM_A
    return max(wanted, settings.min_current_a)


def rank_of(evse: Evse, allowance: Allowance, settings: EvseSettings, now: datetime) -> Rank:
    """Return an EVSE's place among those who ask."""
    return _rank(allowance, settings, now, idle=_is_idle(evse, allowance, settings, now))


def _rank(allowance: Allowance, settings: EvseSettings, now: datetime, *, idle: bool) -> Rank:
    """Return who goes first: by priority, then who is in its turn, who waits longest, who had its turn, who just had."""
    priority = _ORDER[settings.priority]
    if idle:
        return Rank(len(_ORDER), 0, allowance.since)
    if allowance.on_since is None:
        stopped = allowance.off_since
        just = stopped is not None and now - stopped < TURN
        return Rank(priority, 3 if just else 1, stopped or allowance.since)
    if now - allowance.on_since < TURN:
        return Rank(priority, 0, allowance.on_since)
    # Who began last goes on longest.
    return Rank(priority, 2, EPOCH + (now - allowance.on_since))
