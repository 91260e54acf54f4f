"""Keeping a charger's profiles what they should be: sending what is missing, falling back when one is refused."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from ..balancing.limits import (
    LIVE_STACK,
    PLAN_STACK,
    circuit_profiles,
    is_pause,
    is_plan,
    limit_of,
    live_span,
    profiles,
    replaces,
    says_the_same,
    still_says,
    without_pause,
)
from ..balancing.phases import told_phases
from ..model.allowance import Allowance
from ..model.commands import (
    ChargingProfile,
    ClearProfiles,
    CommandStatus,
    ProfilePurpose,
    RemoteStop,
    SetProfile,
    Timing,
)
from ..model.ids import CommandId, EvseId
from ..model.plan import EvsePlan
from ..model.session import Session
from ..model.state import AskedProfile, Charger, Evse, Heed, Rejection, Unplanned
from .context import Context
from .holding import charger_now, doubting, holding
from .phasing import puts_phases_in_doubt
from .plan_profile import PERIODS, plan_profile, still_plans
from .timing import began, doubt, is_due, is_trial, trial

_PROFILES: Final = 3
"""Of an EVSE: floor, plan and live limit."""
_REFUSALS: Final = frozenset(
    {CommandStatus.REJECTED, CommandStatus.NOT_SUPPORTED, CommandStatus.FAILED}
)
_RETRY_AFTER: Final = timedelta(seconds=30)
_PAUSES: Final = (timedelta(seconds=10), timedelta(seconds=30))
"""After a first and a second rejection in a row; the third gives the kind of profile up."""


def keep_limits(context: Context, evse_id: EvseId) -> None:
    """Send the profiles an EVSE's charger lacks, unless it just did not take one."""
    retry_at = context.evse(evse_id).retry_at
    if retry_at is None or context.now >= retry_at:
        apply_limits(context, evse_id)


def retry_limits(context: Context, evse: Evse) -> None:
    """Send once more what a charger did not take, when its time has come."""
    if evse.retry_at is not None and context.now >= evse.retry_at:
        context.draft.put(replace(evse, retry_at=None))
        apply_limits(context, evse.id)


def apply_limits(context: Context, evse_id: EvseId) -> None:
    """Send the profiles an EVSE's charger lacks."""
    charger = context.charger(evse_id.charger)
    if charger is None or charger.connection is None or evse_id.evse == 0:
        return
    evse = context.evse(evse_id)
    if cannot_limit(charger) or evse.refuses_pause:
        _pause_by_stopping(context, charger, evse)
    if cannot_limit(charger):
        return
    by_its_clock = charger_now(context, charger)
    wanted = _with_plan(context, charger, evse, _wanted(context, charger, evse, by_its_clock))
    evse = _without_trial(context, charger, evse, wanted)
    settings = context.evse_settings(evse_id)
    if evse.refuses_pause:
        wanted = tuple(without_pause(each, settings.min_current_a) for each in wanted)
    covered = False
    for profile in wanted:
        # A new plan must not stay the last word with a charger that keeps one profile of a kind.
        if covered or not _stands(profile, evse, by_its_clock):
            order = SetProfile(evse=evse_id, profile=profile, phases=settings.phases)
            sent = context.send(charger, evse_id, order)
            asked = (*evse.asked, AskedProfile(command=sent, profile=profile))
            covered = is_plan(profile)
            planned_in = evse.session if covered else evse.planned_in
            evse = replace(evse, asked=asked, planned_in=planned_in)
            context.draft.put(evse)


def _without_trial(
    context: Context, charger: Charger, evse: Evse, wanted: tuple[ChargingProfile, ...]
) -> Evse:
    """Return an EVSE whose trial is removed, once it is over and no live limit replaces it."""
    rest = tuple(each for each in evse.applied if not is_trial(each))
    replaced = any(each.stack_level == LIVE_STACK for each in wanted)
    if rest == evse.applied or replaced:
        return evse
    _clear(context, charger, evse.id, LIVE_STACK)
    evse = replace(evse, applied=rest)
    context.draft.put(evse)
    return evse


def _clear(context: Context, charger: Charger, evse_id: EvseId, stack_level: int) -> None:
    held = ClearProfiles(evse=evse_id, purpose=ProfilePurpose.TX, stack_level=stack_level)
    context.send(charger, evse_id, held)


def _wanted(
    context: Context, charger: Charger, evse: Evse, by_its_clock: datetime
) -> tuple[ChargingProfile, ...]:
    """Return the profiles the charger should hold now."""
    settings, session = context.evse_settings(evse.id), context.session_at(evse.id)
    transaction = None if session is None else session.transactions[0]
    allowance, refused = context.draft.get(Allowance, evse.id), charger.refused_purposes
    if allowance is None:
        return profiles(evse, settings, transaction, refused)
    if session is None or allowance.session != session.id:
        transaction = None
    owner = limit_of(evse, settings)
    phases = told_phases(allowance.phasing)
    since = began(charger.timing, session, context.now)
    span = live_span(context.now, by_its_clock, since)
    wanted = circuit_profiles(allowance, owner, transaction, refused, span, phases)
    if session is None or transaction is None or not is_due(charger, session, context.now):
        return wanted
    floors = tuple(each for each in wanted if each.transaction is None)
    live_a, floor_a = min(allowance.limit_a, owner), min(allowance.floor_a, owner)
    return (*floors, trial(transaction, live_a, floor_a, phases))


def _with_plan(
    context: Context, charger: Charger, evse: Evse, wanted: tuple[ChargingProfile, ...]
) -> tuple[ChargingProfile, ...]:
    """Return the profiles with what is planned before the live limit: if only one is kept, it is that."""
    allowance = context.draft.get(Allowance, evse.id)
    live = wanted[-1] if wanted else None
    if allowance is None or live is None or live.transaction is None:
        return wanted
    outdated = evse.planned_in == evse.session
    if not holds_plans(charger, evse) or not (allowance.ahead or outdated):
        return wanted
    told, planned = told_phases(allowance.phasing), context.draft.get(EvsePlan, evse.id)
    session = context.session_at(evse.id)
    most = None if charger.prepared is None else charger.prepared.max_periods
    plan = plan_profile(
        allowance.ahead,
        allowance.floor_a,
        live.transaction,
        context.now,
        charger_now(context, charger),
        owner_a=limit_of(evse, context.evse_settings(evse.id)),
        phases=told,
        picked=told is not None and planned is not None and planned.picks_phases,
        most_periods=most or PERIODS,
        began=began(charger.timing, session, context.now),
    )
    return (*wanted[:-1], plan, live)


def holds_plans(charger: Charger, evse: Evse) -> bool:
    """Return whether a charger can hold a plan beside floor and live limit, as far as it says."""
    return why_unplanned(charger, evse) is None


def why_unplanned(charger: Charger, evse: Evse) -> Unplanned | None:
    """Return why a charger cannot hold a plan beside floor and live limit; None: it can, as far as it says."""
    if ProfilePurpose.TX in charger.refused_purposes or cannot_limit(charger):
        return Unplanned.NO_LIMITS
    if evse.unplanned_in is not None and evse.unplanned_in == evse.session:
        return evse.unplanned_why or Unplanned.TURNED_DOWN
    told, needed = charger.prepared, _PROFILES * len(charger.evses)
    if told is not None and told.max_profiles is not None and told.max_profiles < needed:
        return Unplanned.NO_ROOM
    return None


def why_no_plan_held(charger: Charger, evse: Evse, session: Session | None) -> Unplanned | None:
    """Return why a charger holds no plan for what goes on at an EVSE; None: it holds one."""
    running = () if session is None else session.transactions
    if any(is_plan(each) and each.transaction in running for each in evse.applied):
        return None
    sent = session is not None and evse.planned_in == session.id
    return why_unplanned(charger, evse) or (
        Unplanned.NOT_TAKEN_YET if sent else Unplanned.NOT_PLANNED
    )


def _stands(profile: ChargingProfile, evse: Evse, by_its_clock: datetime) -> bool:
    """Return whether the last of its kind that the charger was sent says the same; an older one does not count."""
    sent = (*evse.applied, *(asked.profile for asked in evse.asked))
    last = next((each for each in reversed(sent) if replaces(profile, each)), None)
    if last is None:
        return False
    if is_plan(profile):
        return still_plans(last, profile, by_its_clock)
    return still_says(last, profile)


def cannot_limit(charger: Charger) -> bool:
    """Return whether a charger takes no profile at all."""
    silent = charger.prepared is not None and charger.prepared.smart_charging is False
    return silent or {ProfilePurpose.TX, ProfilePurpose.TX_DEFAULT} <= charger.refused_purposes


def is_stubborn(charger: Charger, evse: Evse) -> bool:
    """Return whether an EVSE goes by no limit, or by others than it is told."""
    return cannot_limit(charger) or evse.heed.ignored_since is not None


def is_bound(charger: Charger, evse: Evse) -> bool:
    """Return whether an EVSE may be reckoned with at its limit: it is not stubborn, and takes limits so far."""
    rejecting = bool(charger.rejections) and not evse.applied
    return not rejecting and not evse.unanswered and not is_stubborn(charger, evse)


def _pause_by_stopping(context: Context, charger: Charger, evse: Evse) -> None:
    """End the transaction of a charger that takes no profile: the only pause it knows (F42)."""
    session = context.session_at(evse.id)
    settings = context.evse_settings(evse.id)
    if session is not None and limit_of(evse, settings) == 0:
        context.send(charger, evse.id, RemoteStop(transaction=session.transactions[0]))


def profile_answered(
    context: Context, evse: Evse, command: CommandId, status: CommandStatus
) -> None:
    """Remember what the charger holds now, and what it does not take.

    A kind it does not know is not tried again until it boots anew (F38). A rejection may mean no more than "not
    now": the transaction just ended or is not known yet, or the clock was set.
    """
    asked = next((each for each in evse.asked if each.command == command), None)
    charger = context.charger(evse.id.charger)
    if asked is None or charger is None:
        return
    unanswered = status is CommandStatus.TIMED_OUT
    evse = replace(evse, asked=tuple(each for each in evse.asked if each is not asked))
    if unanswered:
        evse = doubting(evse, (each for each in evse.applied if replaces(asked.profile, each)))
    context.draft.put(evse)
    if is_plan(asked.profile):
        _plan_answered(context, charger, evse.id, asked.profile, status)
        return
    if is_trial(asked.profile) and status in _REFUSALS:
        _trial_refused(context, evse.id, asked.profile)
        return
    context.draft.put(replace(evse, unanswered=unanswered))
    if puts_phases_in_doubt(context, evse.id, asked.profile, status):
        apply_limits(context, evse.id)
        return
    match status:
        case CommandStatus.ACCEPTED:
            _taken(context, charger, evse.id, asked.profile)
        case CommandStatus.NOT_SUPPORTED:
            _give_up_kind(context, charger, evse.id, asked.profile)
        case CommandStatus.REJECTED | CommandStatus.FAILED:
            _rejected(context, charger, evse.id, asked.profile)
        case _:
            _retry(context, evse.id, _RETRY_AFTER)


def _taken(context: Context, charger: Charger, evse_id: EvseId, profile: ChargingProfile) -> None:
    evse = context.evse(evse_id)
    known = any(says_the_same(profile, held) for held in evse.applied)
    since = evse.applied_at if known else context.now
    context.draft.put(replace(holding(evse, profile), applied_at=since, retry_at=None))
    rest = _other_rejections(charger, profile.purpose)
    context.draft.put(replace(context.current(charger), rejections=rest))


def _plan_answered(
    context: Context,
    charger: Charger,
    evse_id: EvseId,
    profile: ChargingProfile,
    status: CommandStatus,
) -> None:
    """Note that a charger holds a plan, or do without one for the session: floor and live limit stay as they are."""
    evse, session = context.evse(evse_id), context.session_at(evse_id)
    running = () if session is None else session.transactions
    if status is CommandStatus.ACCEPTED:
        context.draft.put(holding(evse, profile))
    elif status in _REFUSALS and profile.transaction in running:
        drop_plan(context, charger, evse_id, Unplanned.TURNED_DOWN)


def drop_plan(context: Context, charger: Charger, evse_id: EvseId, why: Unplanned) -> None:
    """Do without a plan in the charger until the next session; one it may hold is removed.

    One that was turned down or passed over might be taken as Relative.
    """
    evse = context.evse(evse_id)
    rest = tuple(held for held in evse.applied if not is_plan(held))
    context.draft.put(
        replace(evse, applied=rest, planned_in=None, unplanned_in=evse.session, unplanned_why=why)
    )
    if rest != evse.applied:
        _clear(context, charger, evse_id, PLAN_STACK)
    if why is not Unplanned.WENT_BY_IT:
        doubt(context, charger)


def _trial_refused(context: Context, evse_id: EvseId, profile: ChargingProfile) -> None:
    """Have done with Relative, unless the transaction it was for just ended."""
    session = context.session_at(evse_id)
    if session is not None and profile.transaction in session.transactions:
        settle_timing(context, evse_id, Timing.ABSOLUTE_ONLY)


def settle_timing(context: Context, evse_id: EvseId, timing: Timing) -> None:
    """Remember how a charger counts; one that takes Relative gets live limits, and this session its plan, that way."""
    charger = context.charger(evse_id.charger)
    if charger is None or charger.timing is not Timing.DOUBTED:
        return
    charger = replace(charger, timing=timing)
    if timing is not Timing.ABSOLUTE_ONLY:
        refused = charger.refused_purposes - {ProfilePurpose.TX}
        rest = _other_rejections(charger, ProfilePurpose.TX)
        charger = replace(charger, refused_purposes=refused, rejections=rest)
        # A pause that was turned down may have been so for its kind.
        for each in map(context.evse, charger.evses):
            fresh = replace(each, heed=Heed(), refuses_pause=False, unplanned_in=None)
            context.draft.put(fresh)
    context.draft.put(charger)
    apply_limits(context, evse_id)


def give_up(context: Context, charger: Charger, evse_id: EvseId, purpose: ProfilePurpose) -> None:
    """Do without a kind of profile; the other, or ending the transaction, takes its place (F42)."""
    rest = _other_rejections(charger, purpose)
    refused = charger.refused_purposes | {purpose}
    context.draft.put(replace(context.current(charger), refused_purposes=refused, rejections=rest))
    apply_limits(context, evse_id)


def _give_up_kind(
    context: Context, charger: Charger, evse_id: EvseId, profile: ChargingProfile
) -> None:
    """Do without a kind of profile for now; an absolute one might be taken as Relative."""
    if profile.start_at is not None:
        doubt(context, charger)
    give_up(context, context.current(charger), evse_id, profile.purpose)


def _do_without_pause(
    context: Context, charger: Charger, evse: Evse, purpose: ProfilePurpose
) -> None:
    """Offer the least where a pause is turned down: that is asked for before the kind of profile is given up."""
    rest = _other_rejections(charger, purpose)
    context.draft.put(replace(context.current(charger), rejections=rest))
    context.draft.put(replace(evse, refuses_pause=True))
    apply_limits(context, evse.id)


def _rejected(
    context: Context, charger: Charger, evse_id: EvseId, profile: ChargingProfile
) -> None:
    evse, session = context.evse(evse_id), context.session_at(evse_id)
    running = () if session is None else session.transactions
    if profile.transaction is not None and profile.transaction not in running:
        return
    purpose = profile.purpose
    known = next((each for each in charger.rejections if each.purpose is purpose), None)
    times = 1 if known is None else known.times + 1
    if known is not None and context.now - known.at < _PAUSES[known.times - 1]:
        # Several sent in one breath are rejected for one reason.
        return
    rest = _other_rejections(charger, purpose)
    if times > len(_PAUSES):
        if is_pause(profile) and not evse.refuses_pause:
            _do_without_pause(context, charger, evse, purpose)
        else:
            _give_up_kind(context, charger, evse_id, profile)
        return
    rejections = (*rest, Rejection(purpose, times, context.now))
    context.draft.put(replace(context.current(charger), rejections=rejections))
    _retry(context, evse_id, _PAUSES[times - 1])


def _other_rejections(charger: Charger, purpose: ProfilePurpose) -> tuple[Rejection, ...]:
    return tuple(each for each in charger.rejections if each.purpose is not purpose)


def _retry(context: Context, evse_id: EvseId, after: timedelta) -> None:
    context.draft.put(replace(context.evse(evse_id), retry_at=context.now + after))


def forget_applied(context: Context, charger: Charger) -> None:
    """Assume nothing of what a charger holds: it may have lost its profiles (F43)."""
    for evse_id in charger.evses:
        forget_profiles(context, evse_id)


def forget_profiles(context: Context, evse_id: EvseId) -> None:
    """Assume nothing of what a charger holds for an EVSE."""
    evse = context.evse(evse_id)
    context.draft.put(replace(doubting(evse, evse.applied), asked=(), unanswered=False))
