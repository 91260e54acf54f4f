"""Reading back: asking a charger which limit really applies, and what is done if it is another (OCPP 1.6 §5.7)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Final

from ..balancing.composite import composite, limit_at
from ..balancing.heeding import RECHECKED_AFTER, drawn_above, is_above, is_below, period_at, said_a
from ..balancing.limits import LIVE_FOR, is_plan
from ..model.commands import (
    ClearProfiles,
    CommandStatus,
    GetSchedule,
    ProfilePurpose,
    ScheduleResult,
    Timing,
)
from ..model.events import CommandAnswered
from ..model.ids import EvseId
from ..model.session import Session
from ..model.state import Charger, Evse, Heed, Unplanned
from .context import Context
from .holding import charger_now, situation
from .limiting import (
    apply_limits,
    drop_plan,
    forget_applied,
    forget_profiles,
    give_up,
    settle_timing,
)
from .timing import TRIAL_SHOWS, TRIED_FOR, doubt, is_trial, readings, telling_moments

_STEADY_AFTER: Final = timedelta(seconds=25)
"""A limit that was accepted this long ago is in force, if it ever is."""
_WELL_AFTER: Final = timedelta(seconds=30)
_LOOKS_AHEAD: Final = LIVE_FOR + 2 * _WELL_AFTER
"""Beyond the end of a live limit: what holds then is what keeps the fuse safe without us."""
_FARTHEST: Final = timedelta(hours=24)
"""Looked ahead for a turn of the plan."""
_TURN_SLACK: Final = timedelta(minutes=2)
_ANSWERED_WITHIN: Final = timedelta(minutes=2)
_DOUBTED_FOR: Final = timedelta(minutes=10)
_RIGHT_AGAIN: Final = 2
"""So often in a session a plan may have been off and right again."""
_SENT_AGAIN, _CLEARED, _GAVE_UP = 1, 2, 3


def look_after(context: Context, evse_id: EvseId) -> None:
    """Look at what a car draws, and ask its charger now and then what it goes by."""
    charger, evse = context.charger(evse_id.charger), context.evse(evse_id)
    session = context.session_at(evse_id)
    if charger is None or session is None or not _is_steady(context, charger, evse):
        return
    if charger.tells_schedule and _is_due(evse, session, context.now):
        _ask(context, charger, evse, session)
    elif evse.heed.command is None:
        _look_at_car(context, charger, evse, session)


def _is_steady(context: Context, charger: Charger, evse: Evse) -> bool:
    """Return whether the charger has had time to go by what it accepted, and nothing new is on its way."""
    ready = charger.connection is not None and charger.prepared_on == charger.connection
    if not ready or not evse.applied or evse.asked or evse.applied_at is None:
        return False
    return context.now - evse.applied_at >= (TRIED_FOR if _is_on_trial(evse) else _STEADY_AFTER)


def _is_due(evse: Evse, session: Session, now: datetime) -> bool:
    heed = evse.heed
    if heed.asked_at is None or heed.session != session.id:
        return True
    doubted = heed.unsafe or 0 < heed.tries < _GAVE_UP or _is_on_trial(evse)
    after = _STEADY_AFTER if doubted else RECHECKED_AFTER
    if heed.command is not None:
        after = max(after, _ANSWERED_WITHIN)
    return now - heed.asked_at >= after


def _is_on_trial(evse: Evse) -> bool:
    return any(map(is_trial, evse.applied))


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
    ahead, known = _looks_ahead(context, charger, evse), evse.heed
    question = GetSchedule(evse=evse.id, duration_s=round(ahead.total_seconds()))
    command = context.send(charger, evse.id, question)
    heed = replace(
        known,
        session=session.id,
        command=command,
        asked_at=context.now,
        off=known.off if known.session == session.id else 0,
        far=ahead > _LOOKS_AHEAD,
    )
    context.draft.put(replace(evse, heed=heed))


def _looks_ahead(context: Context, charger: Charger, evse: Evse) -> timedelta:
    if _is_on_trial(evse):
        return TRIAL_SHOWS
    last = max(_later(context, charger, evse), default=charger_now(context, charger))
    ahead = last - charger_now(context, charger) + _WELL_AFTER
    return max(_LOOKS_AHEAD, timedelta(seconds=round(ahead.total_seconds())))


def schedule_answered(context: Context, evse_id: EvseId, event: CommandAnswered) -> None:
    """Hold what a charger says against what it accepted; one that turns the question down is not asked again."""
    evse, charger = context.evse(evse_id), context.charger(evse_id.charger)
    if charger is None or evse.heed.command != event.command:
        return
    far = evse.heed.far
    evse = replace(evse, heed=replace(evse.heed, command=None, far=False))
    context.draft.put(evse)
    if event.status is CommandStatus.REJECTED and far:
        context.draft.put(replace(charger, tells_far=False))
        context.draft.put(replace(evse, heed=replace(evse.heed, asked_at=None)))
        return
    if event.status in (CommandStatus.REJECTED, CommandStatus.NOT_SUPPORTED):
        context.draft.put(replace(charger, tells_schedule=False))
        return
    session = context.session_at(evse_id)
    if event.schedule is None or session is None or not _is_steady(context, charger, evse):
        return
    by_its_clock = charger_now(context, charger)
    told = replace(event.schedule, start_at=event.schedule.start_at or by_its_clock)
    if _is_on_trial(evse) and charger.timing is Timing.DOUBTED:
        _find_out_timing(context, charger, evse, session, told)
        return
    if _is_off_later(context, charger, evse, told):
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
    should, others_a = (each(context, charger, evse, moment) for each in (_should, _others_a))
    return said_a(told, context.evse_settings(evse.id), should, others_a, moment)


def _others_a(context: Context, charger: Charger, evse: Evse, moment: datetime) -> Decimal:
    """Return what should be in force at a charger's other EVSEs together."""
    others = [context.evse(each) for each in charger.evses if each != evse.id]
    return sum((_should(context, charger, each, moment) for each in others), Decimal(0))


def _find_out_timing(
    context: Context, charger: Charger, evse: Evse, session: Session, told: ScheduleResult
) -> None:
    """Hold what a charger says of its trial against both readings of it; one that fits both says nothing yet."""
    to_its_clock = charger_now(context, charger) - context.now
    evses = readings(evse, session, to_its_clock)
    moments = list(telling_moments(evses, context.now + to_its_clock))
    fitting = [
        timing
        for timing, read in evses.items()
        if any(
            all(_fits(context, charger, read, told, moment, whole=whole) for moment in moments)
            for whole in (False, True)
        )
    ]
    if len(fitting) < len(evses):
        settle_timing(context, evse.id, next(iter(fitting), Timing.ABSOLUTE_ONLY))


def _fits(
    context: Context,
    charger: Charger,
    evse: Evse,
    told: ScheduleResult,
    moment: datetime,
    *,
    whole: bool,
) -> bool:
    """Return whether what a charger says of a moment is right, of the EVSE or of the whole charger.

    Who tells of the one now and of the other later would fit where his limits happen to be the others'.
    """
    should = _should(context, charger, evse, moment)
    if whole:
        should += _others_a(context, charger, evse, moment)
    said = said_a(told, context.evse_settings(evse.id), should, Decimal(0), moment)
    return said is None or _is_same(said, should)


def _is_same(one: Decimal, other: Decimal) -> bool:
    return not is_above(one, other) and not is_below(one, other)


def _later(context: Context, charger: Charger, evse: Evse) -> Iterator[datetime]:
    """Yield moments by a charger's clock at which it goes by what keeps the fuse safe, or by the plan, without us.

    They are just after the live limit's end and, as far as the charger looks ahead, around the plan's next turn.
    """
    ends = [each.ends_at for each in evse.applied if each.purpose is ProfilePurpose.TX]
    end = max(filter(None, ends), default=None)
    if end is None:
        return
    yield end + _WELL_AFTER
    if charger.tells_far and any(map(is_plan, evse.applied)):
        by_then = situation(context, charger, evse)
        first, *rest = composite(evse.applied, by_then, end + _WELL_AFTER, _FARTHEST)
        turns = (each for each in rest if not _is_same(each.limit_a, first.limit_a))
        for turn in islice(turns, 1):
            at = end + _WELL_AFTER + timedelta(seconds=turn.start_s)
            yield from (at - _TURN_SLACK, at + _TURN_SLACK)


def _is_off_later(context: Context, charger: Charger, evse: Evse, told: ScheduleResult) -> bool:
    """Return whether a charger says that it will go by something else when the live limit has ended.

    More than it should is unsafe: one that keeps a single profile dropped all others for it. Less matters if it is
    what would hold without a plan. Who tells of one period only says nothing of later.
    """
    present = period_at(told, charger_now(context, charger))
    for moment in _later(context, charger, evse):
        said = _said(context, charger, evse, told, moment)
        if said is None or period_at(told, moment) is present:
            continue
        should = _should(context, charger, evse, moment)
        untold = _untold(context, charger, evse, moment)
        if is_above(said, should) or (is_below(said, should) and _is_same(said, untold)):
            return True
    return False


def _untold(context: Context, charger: Charger, evse: Evse, moment: datetime) -> Decimal:
    """Return what would be in force without the profiles of the transaction."""
    rest = tuple(each for each in evse.applied if each.purpose is not ProfilePurpose.TX)
    return limit_at(rest, situation(context, charger, evse), moment).amps


def _secure(context: Context, charger: Charger, evse: Evse) -> None:
    """Send all profiles again; if that is in vain, do without the plan, and at last without a live limit that ends.

    Then that becomes the only one, and outlives us. A plan that is right only when it was just sent counts from
    something else than we believe.
    """
    again, off = evse.heed.unsafe, evse.heed.off + 1
    context.draft.put(replace(evse, heed=replace(evse.heed, unsafe=True, off=off)))
    planned = any(map(is_plan, evse.applied))
    if planned and (again or off > _RIGHT_AGAIN):
        drop_plan(context, charger, evse.id, Unplanned.PASSED_OVER)
    forget_profiles(context, evse.id)
    if again and not planned:
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
    if before < tries == _GAVE_UP:
        _doubt_clock(context, charger, evse, really if by_words else evse.heed.really_a)
    if before < tries == _SENT_AGAIN:
        _doubt_plan(context, charger, evse.id, really)
        forget_profiles(context, evse.id)
        apply_limits(context, evse.id)
    elif before < tries == _CLEARED:
        _clear(context, charger)


def _doubt_clock(context: Context, charger: Charger, evse: Evse, said: Decimal | None) -> None:
    """Have Relative tried with a charger that says it goes by its floor, as though its live limit did not hold."""
    untold = _untold(context, charger, evse, charger_now(context, charger))
    absolute = any(each.start_at is not None for each in evse.applied)
    if absolute and said is not None and _is_same(said, untold):
        doubt(context, charger)


def _doubt_plan(context: Context, charger: Charger, evse_id: EvseId, really: Decimal) -> None:
    """Do without a plan that a charger goes by instead of the live limit: it holds one profile of a kind."""
    evse = context.evse(evse_id)
    for plan in filter(is_plan, evse.applied):
        by_plan = limit_at(
            (plan,), situation(context, charger, evse), charger_now(context, charger)
        )
        if _is_same(by_plan.amps, really):
            drop_plan(context, charger, evse_id, Unplanned.WENT_BY_IT)


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
