"""Reading back: asking a charger which limit really applies, and what is done if it is another (OCPP 1.6 §5.7)."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from ..balancing.composite import limit_at
from ..balancing.heeding import RECHECKED_AFTER, drawn_above, is_above, is_below, period_at, said_a
from ..balancing.limits import LIVE_FOR, is_plan
from ..model.commands import (
    ClearProfiles,
    CommandStatus,
    GetSchedule,
    ProfilePurpose,
    ScheduleResult,
)
from ..model.events import CommandAnswered
from ..model.ids import EvseId
from ..model.session import Session
from ..model.state import Charger, Evse, Heed
from .context import Context
from .holding import charger_now, situation
from .limiting import apply_limits, drop_plan, forget_applied, forget_profiles, give_up

_STEADY_AFTER: Final = timedelta(seconds=25)
"""A limit that was accepted this long ago is in force, if it ever is."""
_WELL_AFTER: Final = timedelta(seconds=30)
_LOOKS_AHEAD: Final = LIVE_FOR + 2 * _WELL_AFTER
"""Beyond the end of a live limit: what holds then is what keeps the fuse safe without us."""
_ANSWERED_WITHIN: Final = timedelta(minutes=2)
_DOUBTED_FOR: Final = timedelta(minutes=10)
_SENT_AGAIN, _CLEARED, _GAVE_UP = 1, 2, 3


def look_after(context: Context, evse_id: EvseId) -> None:
    """Look at what a car draws, and ask its charger now and then what it goes by."""
    charger, evse = context.charger(evse_id.charger), context.evse(evse_id)
    session = context.session_at(evse_id)
    if charger is None or session is None or not _is_steady(context, charger, evse):
        return
    if charger.tells_schedule and _is_due(evse.heed, session, context.now):
        _ask(context, charger, evse, session)
    elif evse.heed.command is None:
        _look_at_car(context, charger, evse, session)


def _is_steady(context: Context, charger: Charger, evse: Evse) -> bool:
    """Return whether the charger has had time to go by what it accepted, and nothing new is on its way."""
    ready = charger.connection is not None and charger.prepared_on == charger.connection
    if not ready or not evse.applied or evse.asked or evse.applied_at is None:
        return False
    return context.now - evse.applied_at >= _STEADY_AFTER


def _is_due(heed: Heed, session: Session, now: datetime) -> bool:
    if heed.asked_at is None or heed.session != session.id:
        return True
    doubted = heed.unsafe or 0 < heed.tries < _GAVE_UP
    after = _STEADY_AFTER if doubted else RECHECKED_AFTER
    if heed.command is not None:
        after = max(after, _ANSWERED_WITHIN)
    return now - heed.asked_at >= after


def _look_at_car(context: Context, charger: Charger, evse: Evse, session: Session) -> None:
    """Believe a car that draws too much; that it does not says little while its charger can be asked."""
    should = _should(context, charger, evse, charger_now(context, charger))
    drawn = _drawn_above(context, evse, should)
    if drawn is not None:
        _judge(context, charger, evse, session, should, drawn)
    elif evse.heed.tries and not charger.tells_schedule:
        _judge(context, charger, evse, session, should, should)


def _drawn_above(context: Context, evse: Evse, should: Decimal) -> Decimal | None:
    settings, since = context.evse_settings(evse.id), evse.applied_at or context.now
    return drawn_above(evse.live, settings, should, since, context.now)


def _ask(context: Context, charger: Charger, evse: Evse, session: Session) -> None:
    question = GetSchedule(evse=evse.id, duration_s=round(_LOOKS_AHEAD.total_seconds()))
    command = context.send(charger, evse.id, question)
    heed = replace(evse.heed, session=session.id, command=command, asked_at=context.now)
    context.draft.put(replace(evse, heed=heed))


def schedule_answered(context: Context, evse_id: EvseId, event: CommandAnswered) -> None:
    """Hold what a charger says against what it accepted; one that turns the question down is not asked again."""
    evse, charger = context.evse(evse_id), context.charger(evse_id.charger)
    if charger is None or evse.heed.command != event.command:
        return
    evse = replace(evse, heed=replace(evse.heed, command=None))
    context.draft.put(evse)
    if event.status in (CommandStatus.REJECTED, CommandStatus.NOT_SUPPORTED):
        context.draft.put(replace(charger, tells_schedule=False))
        return
    session = context.session_at(evse_id)
    if event.schedule is None or session is None or not _is_steady(context, charger, evse):
        return
    by_its_clock = charger_now(context, charger)
    told = replace(event.schedule, start_at=event.schedule.start_at or by_its_clock)
    if _is_unsafe(context, charger, evse, told):
        _secure(context, charger, evse)
        return
    evse = replace(evse, heed=replace(evse.heed, unsafe=False))
    context.draft.put(evse)
    should = _should(context, charger, evse, by_its_clock)
    said = _said(context, charger, evse, told, by_its_clock)
    drawn = _drawn_above(context, evse, should)
    if drawn is not None and (said is None or not is_above(said, should)):
        _judge(context, charger, evse, session, should, drawn)
    elif said is not None:
        really = said if drawn is None else max(said, drawn)
        _judge(context, charger, evse, session, should, really, by_words=True)


def _should(context: Context, charger: Charger, evse: Evse, moment: datetime) -> Decimal:
    """Return what should be in force by all the charger accepted, at a moment by its own clock."""
    return limit_at(evse.applied, situation(context, charger, evse), moment).amps


def _said(
    context: Context, charger: Charger, evse: Evse, told: ScheduleResult, moment: datetime
) -> Decimal | None:
    """Return what a charger says holds at a moment by its own clock; None: it does not say."""
    others = [context.evse(each) for each in charger.evses if each != evse.id]
    others_a = sum((_should(context, charger, each, moment) for each in others), Decimal(0))
    should = _should(context, charger, evse, moment)
    return said_a(told, context.evse_settings(evse.id), should, others_a, moment)


def _is_unsafe(context: Context, charger: Charger, evse: Evse, told: ScheduleResult) -> bool:
    """Return whether a charger says that it will offer more than its floor once the live limit has ended.

    One that keeps a single profile dropped all others for it. Who tells of one period only says nothing of later.
    """
    ends = [each.valid_to for each in evse.applied if each.purpose is ProfilePurpose.TX]
    moment = max(filter(None, ends), default=None)
    if moment is None:
        return False
    moment += _WELL_AFTER
    if period_at(told, moment) is period_at(told, charger_now(context, charger)):
        return False
    said = _said(context, charger, evse, told, moment)
    return said is not None and is_above(said, _should(context, charger, evse, moment))


def _secure(context: Context, charger: Charger, evse: Evse) -> None:
    """Send all profiles again; if that is in vain, the live limit becomes the only one, and outlives us."""
    context.draft.put(replace(evse, heed=replace(evse.heed, unsafe=True)))
    forget_profiles(context, evse.id)
    if evse.heed.unsafe:
        give_up(context, charger, evse.id, ProfilePurpose.TX)
    else:
        apply_limits(context, evse.id)


def _judge(
    context: Context,
    charger: Charger,
    evse: Evse,
    session: Session,
    should: Decimal,
    really: Decimal,
    *,
    by_words: bool = False,
) -> None:
    """Draw the consequences: send again, remove what stands in the way, at last make room for it."""
    above, known = is_above(really, should), evse.heed.really_a
    if above and evse.heed.ignored_since and known and not is_above(really, known):
        return
    off = above or (by_words and is_below(really, should))
    heed = replace(evse.heed, should_a=should, really_a=really)
    if not off:
        if not _holds_on(heed, context.now):
            kept = replace(heed, session=session.id, tries=0, ignored_since=None)
            context.draft.put(replace(evse, heed=kept))
        return
    tries = _next_try(heed, charger, by_words=by_words)
    ignored_since = heed.ignored_since or context.now if above and tries == _GAVE_UP else None
    heed = replace(heed, session=session.id, tries=tries, ignored_since=ignored_since)
    before = evse.heed.tries
    context.draft.put(replace(evse, heed=heed))
    if before < tries == _SENT_AGAIN:
        _doubt_plan(context, charger, evse.id, really)
        forget_profiles(context, evse.id)
        apply_limits(context, evse.id)
    elif before < tries == _CLEARED:
        _clear(context, charger)


def _doubt_plan(context: Context, charger: Charger, evse_id: EvseId, really: Decimal) -> None:
    """Do without a plan that a charger goes by instead of the live limit: it holds one profile of a kind."""
    evse = context.evse(evse_id)
    for plan in filter(is_plan, evse.applied):
        by_plan = limit_at(
            (plan,), situation(context, charger, evse), charger_now(context, charger)
        )
        if not is_above(by_plan.amps, really) and not is_below(by_plan.amps, really):
            drop_plan(context, evse_id)


def _next_try(heed: Heed, charger: Charger, *, by_words: bool) -> int:
    tries = min(heed.tries + 1, _GAVE_UP)
    # What a car draws says nothing of other profiles.
    vain = charger.cleared_at is not None or not by_words
    return _GAVE_UP if tries == _CLEARED and vain else tries


def _holds_on(heed: Heed, now: datetime) -> bool:
    """Return whether it is too soon to believe again one that ignored its limits."""
    return heed.ignored_since is not None and now - heed.ignored_since < _DOUBTED_FOR


def _clear(context: Context, charger: Charger) -> None:
    """Remove all profiles and send ours again: another central system's may prevail over them."""
    context.draft.put(replace(context.current(charger), cleared_at=context.now))
    context.send(charger, None, ClearProfiles())
    forget_applied(context, charger)
    for evse_id in charger.evses:
        apply_limits(context, evse_id)


def forget_heed(context: Context, charger: Charger) -> None:
    """Begin anew with a charger that booted."""
    for evse_id in charger.evses:
        context.draft.put(replace(context.evse(evse_id), heed=Heed(), refuses_pause=False))
