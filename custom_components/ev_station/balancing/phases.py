"""One phase or all: how much of them the sun is enough for, and the way from one to the other, never under load."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from ..model.allowance import Allowance, ReasonKind
from ..model.commands import SchedulePeriod
from ..model.energy import SurplusSettings
from ..model.phases import PhaseStep, PhaseSwitching, Phasing
from ..model.settings import EvseSettings
from ..model.state import Evse
from .claims import Allotted, Supply
from .draws import SETTLED_AFTER, flow_a, flows, phases_seen

QUIET_AFTER: Final = timedelta(seconds=30)
"""A charger that offers nothing and measures nothing is taken for empty by then."""
REST: Final = timedelta(seconds=20)
"""After a switch nothing is offered for this long."""
EMPTY_WITHIN: Final = timedelta(minutes=2)
"""If current flows for so long although none is offered, nothing is switched."""
CONFIRMED_WITHIN: Final = timedelta(minutes=1)
TRIED_AGAIN_AFTER: Final = timedelta(days=1)
"""Switching that did not work is left alone for so long."""
_TELLS_AFTER: Final = timedelta(seconds=5)
"""A sample made so long after nothing is offered tells whether anything still flows."""
_HOUR: Final = timedelta(hours=1)
_SPARE_W: Final = 230
"""So much more than the least of all phases must be over to go back to them: an ampere of one phase."""
_EXHAUSTED: Final = frozenset({ReasonKind.MAXIMUM, ReasonKind.LIMITED, ReasonKind.CAR})
"""One phase can take no more, whatever the sun gives."""
_NOT_NOW: Final = frozenset(
    {ReasonKind.IDLE, ReasonKind.PAUSED, ReasonKind.UNRESPONSIVE, ReasonKind.WAKING}
)
"""No current waits for its phases."""


class Wish(NamedTuple):
    """The number of phases that would be better than the present one."""

    phases: int
    after: timedelta = timedelta(0)
    """It must have been so for this long."""
    ripe: bool = True
    """It is worth switching at this very moment."""
    counted: bool = True
    """The number of switches an hour holds it."""


class Sight(NamedTuple):
    """What is known of an EVSE's phases at a look."""

    in_force: int | None
    """As the charger accepted or the entity says; None: nobody says."""
    empty: bool
    """Nothing is offered and nothing flows."""
    seen: tuple[int, ...]
    """On which phases of the site the car draws, measured since they last changed."""


class Outlook(NamedTuple):
    """What the sun leaves an EVSE when the others have their least, and what it takes, W."""

    left_w: int
    one_w: int
    all_w: int


def begun(phasing: Phasing | None, settings: EvseSettings) -> Phasing | None:
    """Return where to go on from; None: there is nothing to switch.

    Another way of switching is taken up only with all phases in force, or when the former way does not work.
    """
    wanted = settings.phase_switching if settings.phases > 1 else PhaseSwitching.NONE
    if phasing is not None and phasing.by is wanted:
        return phasing
    if phasing is not None and phasing.phases < settings.phases and phasing.failed_at is None:
        return phasing
    if wanted is PhaseSwitching.NONE:
        return None
    return Phasing(by=wanted, phases=settings.phases, target=settings.phases)


def looked(
    evse: Evse,
    allowance: Allowance,
    phasing: Phasing,
    settings: EvseSettings,
    period: SchedulePeriod | None,
    now: datetime,
) -> Sight:
    """Return what is known of an EVSE's phases now; `period` is what its charger goes by."""
    offers_nothing = period is not None and period.limit_a == 0
    return Sight(
        in_force=phases_in_force(evse, phasing, period),
        empty=offers_nothing and not allowance.limit_a and _is_empty(evse, allowance, now),
        seen=_seen_since(evse, allowance, phasing, settings, now),
    )


def phases_in_force(evse: Evse, phasing: Phasing, period: SchedulePeriod | None) -> int | None:
    """Return the number of phases as the charger accepted or the entity says; None: nobody says."""
    if phasing.by is not PhaseSwitching.PROFILE:
        return evse.phases_told
    return None if period is None else period.phases


def _is_empty(evse: Evse, allowance: Allowance, now: datetime) -> bool:
    """Return whether nothing flows since nothing is offered: an outage may have come in between."""
    live, since = evse.live, max(allowance.since, evse.applied_at or allowance.since)
    if live.at is not None and live.at - since >= _TELLS_AFTER:
        if flow_a(live) is not None:
            return not flows(live)
    return now - since >= QUIET_AFTER


def _seen_since(
    evse: Evse, allowance: Allowance, phasing: Phasing, settings: EvseSettings, now: datetime
) -> tuple[int, ...]:
    at, since = evse.live.at, phasing.step_at
    if since is not None and at is not None and at - since < SETTLED_AFTER:
        return ()
    return phases_seen(evse, allowance, settings, now)


def is_able(evse: Evse, phasing: Phasing, settings: EvseSettings, now: datetime) -> bool:
    """Return whether the sun may have an EVSE's phases switched now."""
    return _works(evse, phasing) and len(_recent(phasing, now)) < settings.phase_switches_per_hour


def _works(evse: Evse, phasing: Phasing) -> bool:
    told = phasing.by is not PhaseSwitching.ENTITY or evse.phases_told is not None
    return told and phasing.failed_at is None


def may_pick(evse: Evse, phasing: Phasing, settings: EvseSettings, now: datetime) -> bool:
    """Return whether a plan may choose between one phase and all: what it chooses can be had.

    On one phase already, the way back to all is always open.
    """
    ours = phasing.by is settings.phase_switching and phasing.doubted is None
    able = is_able(evse, phasing, settings, now) or (phasing.phases == 1 and _works(evse, phasing))
    return ours and able and len(phasing.car) != 1


def _recent(phasing: Phasing, now: datetime) -> tuple[datetime, ...]:
    if not phasing.switched:
        return ()
    return tuple(each for each in phasing.switched if now - each < _HOUR)


def wished(
    allowance: Allowance,
    phasing: Phasing,
    allotted: Allotted,
    outlook: Outlook,
    settings: EvseSettings,
    surplus: SurplusSettings,
) -> Wish | None:
    """Return on how many phases an EVSE would charge better; None: it may stay as it is.

    One phase is for a sun too weak for all; all are for more than one phase can take, and for power that is
    not of the sun, unless a plan says otherwise. What a plan chose is worth its switches.
    """
    every = settings.phases
    if phasing.by is not settings.phase_switching:
        return Wish(every, counted=False)
    idle = allowance.reason.kind in _NOT_NOW or len(phasing.car) == 1
    if allotted.supply is Supply.NONE or idle:
        return None
    if allotted.supply is Supply.ALL and not allotted.of_sun:
        return Wish(1 if allotted.phases == 1 else every, counted=False)
    if phasing.phases < every:
        exhausted = phasing.step is not PhaseStep.STEADY or allowance.reason.kind in _EXHAUSTED
        plenty = outlook.left_w >= outlook.all_w + _SPARE_W
        wait = timedelta(seconds=surplus.starts_after_s)
        return Wish(every, wait) if plenty and exhausted else None
    if outlook.left_w >= outlook.all_w:
        return None
    wait = timedelta(seconds=surplus.stops_after_s if allowance.limit_a else 0)
    return Wish(1, wait, ripe=allotted.guaranteed or outlook.left_w >= outlook.one_w)


def moved(
    evse: Evse,
    phasing: Phasing,
    wish: Wish | None,
    sight: Sight,
    settings: EvseSettings,
    now: datetime,
) -> Phasing:
    """Return an EVSE's phasing after a look: a step further on the way, if it is on one."""
    recent = _recent(phasing, now)
    if recent != phasing.switched:
        phasing = replace(phasing, switched=recent)
    match phasing.step:
        case PhaseStep.STEADY:
            return _weighed(evse, _settled(phasing, sight, settings, now), wish, settings, now)
        case PhaseStep.EMPTYING:
            return _emptied(phasing, wish, sight, settings, now)
        case PhaseStep.SWITCHING:
            return _switched(phasing, sight, settings, now)
    return replace(phasing, step=PhaseStep.STEADY) if _lasts(phasing, REST, now) else phasing


def _lasts(phasing: Phasing, time: timedelta, now: datetime) -> bool:
    """Return whether the present step lasts for that time."""
    return phasing.step_at is not None and now - phasing.step_at >= time


def _emptied(
    phasing: Phasing, wish: Wish | None, sight: Sight, settings: EvseSettings, now: datetime
) -> Phasing:
    """Return what follows on offering nothing; a wish that passed is no reason to go on."""
    if wish is None or wish.phases != phasing.target:
        return replace(phasing, step=PhaseStep.STEADY)
    if sight.empty:
        switched = (*phasing.switched, now)
        return replace(phasing, step=PhaseStep.SWITCHING, step_at=now, switched=switched)
    return failed(phasing, settings, now) if _lasts(phasing, EMPTY_WITHIN, now) else phasing


def _switched(phasing: Phasing, sight: Sight, settings: EvseSettings, now: datetime) -> Phasing:
    if sight.in_force == phasing.target:
        return replace(phasing, step=PhaseStep.RESTING, step_at=now, phases=phasing.target)
    return failed(phasing, settings, now) if _lasts(phasing, CONFIRMED_WITHIN, now) else phasing


def _settled(phasing: Phasing, sight: Sight, settings: EvseSettings, now: datetime) -> Phasing:
    """Return a phasing with what is seen of it: who switches besides us, what the car uses, whether it works."""
    if phasing.failed_at is not None:
        again = now - phasing.failed_at >= TRIED_AGAIN_AFTER
        return replace(phasing, failed_at=None) if again else phasing
    if sight.in_force is not None and sight.in_force != phasing.phases:
        return replace(phasing, phases=sight.in_force, step_at=now)
    if len(sight.seen) > phasing.phases:
        return failed(phasing, settings, now)
    if sight.seen and phasing.phases == settings.phases and sight.seen != phasing.car:
        return replace(phasing, car=sight.seen)
    return phasing


def _weighed(
    evse: Evse, phasing: Phasing, wish: Wish | None, settings: EvseSettings, now: datetime
) -> Phasing:
    """Return a phasing that remembers since when it should be another, and sets out when that lasted."""
    wish = _granted(evse, phasing, wish, settings, now)
    if wish is None:
        return phasing if phasing.turned_at is None else replace(phasing, turned_at=None)
    since = phasing.turned_at or now
    if not wish.ripe or now - since < wish.after:
        return replace(phasing, turned_at=since)
    return replace(
        phasing, step=PhaseStep.EMPTYING, step_at=now, target=wish.phases, turned_at=None
    )


def _granted(
    evse: Evse, phasing: Phasing, wish: Wish | None, settings: EvseSettings, now: datetime
) -> Wish | None:
    """Return a wish that may be fulfilled; None: there is none."""
    if wish is None or wish.phases == phasing.phases:
        return None
    able = is_able(evse, phasing, settings, now) if wish.counted else _works(evse, phasing)
    return wish if able else None


def halted(phasing: Phasing, in_force: int | None) -> Phasing:
    """Return the phasing of an EVSE nobody decides about now: nothing is under way, the next car is unknown."""
    phases = phasing.phases if in_force is None else in_force
    return replace(phasing, phases=phases, step=PhaseStep.STEADY, turned_at=None, car=())


def failed(phasing: Phasing, settings: EvseSettings, now: datetime) -> Phasing:
    """Return the phasing of an EVSE that does not switch: all its phases count."""
    return replace(
        phasing,
        phases=settings.phases,
        step=PhaseStep.STEADY,
        step_at=now,
        turned_at=None,
        doubted=None,
        failed_at=now,
    )


def with_phasing(allowance: Allowance, phasing: Phasing, settings: EvseSettings) -> Allowance:
    """Return an allowance whose phases are what they must be by now; a measurement may say otherwise."""
    before = settings.phases if allowance.phasing is None else allowance.phasing.phases
    phases = allowance.phases
    if phasing.phases == 1 and (before > 1 or not phases):
        phases = settings.rotation.phases[:1]
    elif phasing.phases > before:
        phases = phasing.car
    if phasing is allowance.phasing and phases == allowance.phases:
        return allowance
    return replace(allowance, phasing=phasing, phases=phases)


def held_back(allotted: Allotted, phasing: Phasing) -> Allotted:
    """Return what is allotted while phases are switched, or while it is waited for that they are worth it."""
    if phasing.step is not PhaseStep.STEADY:
        return Allotted(Supply.NONE, ReasonKind.SWITCHING)
    waits = phasing.turned_at is not None and phasing.phases > 1
    if waits and allotted.of_sun and not allotted.guaranteed:
        return Allotted(Supply.LEAST, ReasonKind.CLOUD)
    return allotted


def told_phases(phasing: Phasing | None) -> int | None:
    """Return the number of phases to put into a charging profile; None: none."""
    if phasing is None or phasing.by is not PhaseSwitching.PROFILE:
        return None
    if phasing.failed_at is not None or phasing.doubted is not None:
        return None
    under_way = phasing.step in (PhaseStep.SWITCHING, PhaseStep.RESTING)
    return phasing.target if under_way else phasing.phases


def explained(allowance: Allowance) -> Allowance:
    """Return an allowance that says so if it is one phase that follows the sun."""
    phasing, reason = allowance.phasing, allowance.reason
    if phasing is None or phasing.phases > 1 or len(phasing.car) == 1:
        return allowance
    if reason.kind is not ReasonKind.SUN:
        return allowance
    return replace(allowance, reason=reason._replace(kind=ReasonKind.ONE_PHASE))
