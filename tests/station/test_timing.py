"""How chargers that go badly by absolute profiles are found out to count, and what is sent to them then."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.ev_station.csms.v16.memory import AMPERES
from custom_components.ev_station.csms.v16.outgoing import profile_request
from custom_components.ev_station.model.allowance import Allowance
from custom_components.ev_station.model.commands import (
    ChargingProfile,
    ClearProfiles,
    CommandStatus,
    GetSchedule,
    ProfilePurpose,
    SchedulePeriod,
    ScheduleResult,
    SetProfile,
    Timing,
)
from custom_components.ev_station.model.effects import Send
from custom_components.ev_station.model.energy import ChargeMode
from custom_components.ev_station.model.events import ChargerBooted, ChargerPrepared, ModeRequested
from custom_components.ev_station.model.state import Unplanned
from custom_components.ev_station.station.limiting import why_no_plan_held
from custom_components.ev_station.station.timing import trial
from tests.simulator.profiles import Profile, parse_profile
from tests.simulator.stacking import Situation, composite

from .site import HOUR, MINUTE, NOON, SECOND, Box, Site, sends
from .test_upload import NIGHT, charging, look, neighbours, observe, planned, settle

LIVE, PLAN = 2, 1
ANSWERED = CommandStatus.ACCEPTED
type Verdict = Callable[[ChargingProfile], CommandStatus]


def refusing(profile: ChargingProfile) -> CommandStatus:
    """Answer as a charger that knows no absolute plan."""
    told_absolute = profile.stack_level == PLAN and not profile.relative
    return CommandStatus.REJECTED if told_absolute else ANSWERED


def refusing_all(profile: ChargingProfile) -> CommandStatus:
    """Answer as a charger that knows no absolute profile."""
    told_absolute = profile.purpose is ProfilePurpose.TX and not profile.relative
    return CommandStatus.NOT_SUPPORTED if told_absolute else ANSWERED


def answer(box: Box, sent: list[Send], verdict: Verdict) -> list[ChargingProfile]:
    """Answer every profile, and those that are sent for an answer; return those of the first kind."""
    for each in sent:
        if isinstance(each.command, SetProfile):
            answer(box, sends(box.answered(each, verdict(each.command.profile))), verdict)
        elif isinstance(each.command, ClearProfiles):
            box.answered(each)
    return [each.command.profile for each in sent if isinstance(each.command, SetProfile)]


def on_trial(verdict: Verdict = refusing, connectors: int = 1, **floors: int) -> tuple[Site, Box]:
    """Return a car told to wait, whose charger took a trial three minutes into the transaction."""
    site, box = charging()
    box.prepared(connectors)
    planned(site, *NIGHT)
    answer(box, look(site), verdict)
    assert site.charger().timing is Timing.DOUBTED
    site.wait(MINUTE)
    assert not trials(answer(box, look(site), verdict))
    site.wait(2 * MINUTE)
    if floors:
        allowance = site.state.get(Allowance, box.evse())
        assert allowance is not None
        held = replace(allowance, floor_a=Decimal(floors["floor"]))
        site.state.apply({(Allowance, held.key): held})
        sent = answer(box, sends(box.prepared()), verdict)
    else:
        sent = answer(box, look(site), verdict)
    assert len(trials(sent)) == 1
    return site, box


def trials(sent: list[ChargingProfile]) -> list[ChargingProfile]:
    """Return the trials among profiles."""
    return [each for each in sent if each.relative and each.start_at is None]


def question(site: Site, after: timedelta | None = None) -> Send:
    """Let the charger be asked for its schedule."""
    steady = 2 * MINUTE if trials(list(site.evse().applied)) else 25 * SECOND
    site.wait(steady if after is None else after)
    (found,) = [each for each in sends(site.tick()) if isinstance(each.command, GetSchedule)]
    return found


def tell(
    site: Site, box: Box, *turns: tuple[timedelta, int], after: timedelta | None = None
) -> list[Send]:
    """Let the charger tell its schedule by turns from now on; return what is sent for it."""
    asked = question(site, after)
    periods = tuple(
        SchedulePeriod(start_s=round(at.total_seconds()), limit_a=Decimal(amps))
        for at, amps in turns
    )
    told = ScheduleResult(status=ANSWERED, start_at=site.now, periods=periods)
    return sends(box.answered(asked, ANSWERED, told))


NOW = timedelta(0)
TRIED = 2 * MINUTE
AGE = 3 * MINUTE + TRIED
"""Of the transaction when its trial of so long is told of."""
COUNTED = {
    Timing.FROM_START: ((NOW, 0), (18 * MINUTE - AGE, 32)),
    Timing.FROM_RECEIPT: ((NOW, 0), (18 * MINUTE - TRIED, 32)),
    Timing.ABSOLUTE_ONLY: ((NOW, 0), (5 * MINUTE, 32)),
}


def test_the_trial_is_right_for_now_whatever_it_counts_from() -> None:
    site, _ = on_trial()
    (trial,) = trials(list(site.evse().applied))
    assert (trial.purpose, trial.stack_level, trial.transaction) == (ProfilePurpose.TX, LIVE, 1001)
    # The live limit, a pause and the floor; nobody draws more than the greater of limit and floor at any time.
    assert [(each.start_s, each.limit_a) for each in trial.periods] == [
        (0, 0),
        (15 * 60, 0),
        (18 * 60, 32),
    ]
    assert trial.duration_s is None
    assert question(site).command == GetSchedule(evse=site.evse().id, duration_s=20 * 60)


@pytest.mark.parametrize("ahead", [NOW, 3 * HOUR])
@pytest.mark.parametrize("timing", [Timing.FROM_START, Timing.FROM_RECEIPT])
def test_what_it_tells_of_its_trial_says_where_it_counts_from(
    timing: Timing, ahead: timedelta
) -> None:
    site, box = on_trial()
    asked = question(site)
    charger = site.charger()
    clock = replace(charger.clock, offset=ahead)
    site.state.apply({(type(charger), charger.key): replace(charger, clock=clock)})
    periods = tuple(
        SchedulePeriod(start_s=round(at.total_seconds()), limit_a=Decimal(amps))
        for at, amps in COUNTED[timing]
    )
    told = ScheduleResult(status=ANSWERED, start_at=site.now + ahead, periods=periods)
    (first,) = answer(box, sends(box.answered(asked, ANSWERED, told)), refusing)
    assert site.charger().timing is timing
    assert (first.stack_level, first.relative) == (LIVE, True)
    sent = settle(site, box)
    age = AGE if timing is Timing.FROM_START else NOW
    plan, live = sent
    assert [(each.relative, each.start_at) for each in (plan, live)] == [
        (True, site.now + ahead - age)
    ] * 2
    # Both count from there: 0 A until five hours after noon, then 16 A for two hours.
    since = round(age.total_seconds())
    left = round((NOON + 5 * HOUR - site.now).total_seconds())
    assert [(each.start_s, each.limit_a) for each in plan.periods] == [
        (0, 0),
        (since + left, 16),
        (since + left + 7200, 32),
    ]
    assert live.valid_to is None
    assert live.duration_s is not None
    assert 2 * 60 <= live.duration_s - since <= 5 * 60


@pytest.mark.parametrize("timing", [Timing.FROM_START, Timing.FROM_RECEIPT])
def test_both_are_renewed_and_spared_as_absolute_ones_are(timing: Timing) -> None:
    site, box = on_trial()
    answer(box, tell(site, box, *COUNTED[timing]), refusing)
    settle(site, box)
    assert not settle(site, box)
    site.wait(4 * MINUTE)
    (live,) = settle(site, box)
    assert (live.stack_level, live.relative) == (LIVE, True)
    planned(site, (0, 1, 0), (1, 2, 16))
    assert [each.stack_level for each in settle(site, box)] == [PLAN, LIVE]


AMPS = st.sampled_from((0, 6, 7, 16, 32))


@given(
    live=AMPS,
    floor=AMPS,
    receipt=st.booleans(),
    waited=st.integers(0, 299),
    ahead=st.sampled_from((-7200, 0, 50)),
)
@settings(max_examples=30, deadline=None)
def test_whoever_counts_as_he_says_is_understood(
    live: int, floor: int, receipt: bool, waited: int, ahead: int
) -> None:
    """Told by the simulated charger, which takes the request as it is sent and stacks it by the specification."""
    site, box = charging()
    planned(site, *NIGHT)
    answer(box, look(site), refusing)
    site.wait(3 * MINUTE + waited * SECOND)
    allowance = site.state.get(Allowance, box.evse())
    charger = site.charger()
    assert allowance is not None
    clock = replace(charger.clock, offset=timedelta(seconds=ahead))
    site.state.apply(
        {
            (Allowance, allowance.key): replace(
                allowance, limit_a=Decimal(live), floor_a=Decimal(floor)
            ),
            (type(charger), charger.key): replace(charger, clock=clock),
        }
    )
    received = site.now + clock.offset
    assert len(trials(answer(box, sends(box.prepared()), refusing))) == 1
    asked = question(site)
    assert isinstance(asked.command, GetSchedule)
    installed = [
        replace(understood(each, box), received=received if receipt else None)
        for each in site.evse().applied
    ]
    situation = Situation(connector=1, anchor=NOON + clock.offset, in_transaction=True)
    by_its_clock = site.now + clock.offset
    told = composite(installed, situation, by_its_clock, asked.command.duration_s)
    periods = tuple(
        SchedulePeriod(start_s=at, limit_a=Decimal(str(limit.amps))) for at, limit in told
    )
    box.answered(
        asked, ANSWERED, ScheduleResult(status=ANSWERED, start_at=by_its_clock, periods=periods)
    )
    found = Timing.FROM_RECEIPT if receipt else Timing.FROM_START
    assert site.charger().timing is (found if live or floor else Timing.DOUBTED)


def understood(profile: ChargingProfile, box: Box) -> Profile:
    """Return a profile as a charger reads it off the wire."""
    command = SetProfile(evse=box.evse(), profile=profile)
    _, payload = profile_request(command, AMPERES, box.site.now)
    return parse_profile(1, payload["csChargingProfiles"])


@given(live=AMPS, floor=AMPS, since=st.integers(0, 86_400))
def test_a_trial_never_offers_more_than_limit_or_fallback(
    live: int, floor: int, since: int
) -> None:
    found = trial(1001, Decimal(live), Decimal(floor), None)
    begun = [each for each in found.periods if each.start_s <= since]
    assert begun[-1].limit_a in {0, live, floor}
    # A live limit outlives us by a quarter of an hour at most.
    assert since < 900 or begun[-1].limit_a in {0, floor}


@pytest.mark.parametrize("timing", COUNTED)
def test_what_one_of_two_connectors_says_is_not_taken_for_the_one_or_for_both(
    timing: Timing,
) -> None:
    """What the other may draw is what this one may when its trial is over: 32 A."""
    site, box = on_trial(connectors=2)
    tell(site, box, *COUNTED[timing])
    assert site.charger().timing is timing


def test_a_charger_may_tell_of_both_its_connectors_together() -> None:
    site, box = on_trial(connectors=2)
    tell(site, box, *((at, amps + 32) for at, amps in COUNTED[Timing.FROM_START]))
    assert site.charger().timing is Timing.FROM_START


def test_a_trial_of_a_charger_that_goes_away_is_nobody_elses() -> None:
    """It goes on with 32 A for a quarter of an hour, then by its fallback of 16 A."""
    site, box, other = neighbours()
    site.feed(ModeRequested(evse=box.evse(), mode=ChargeMode.FAST, command=2))
    charger = site.charger()
    doubted = replace(charger, timing=Timing.DOUBTED)
    site.state.apply({(type(charger), charger.key): doubted})
    site.wait(4 * MINUTE)
    observe(site)
    (tried,) = trials(list(site.evse().applied))
    assert tried.periods[0].limit_a == 32
    box.disconnect()
    other.start("BEN")
    for minutes, left in ((1, 0), (13, 0), (2, 16)):
        site.wait(minutes * MINUTE)
        assert observe(site) == left


def test_the_end_of_a_trial_is_nobody_elses_where_the_live_limit_has_to_be_the_floor() -> None:
    """Without a TxProfile it is told 0 A as its floor, but at last the trial lets it have 16 A."""
    site, box, other = neighbours()
    site.feed(ModeRequested(evse=box.evse(), mode=ChargeMode.OFF, command=2))
    charger = site.charger()
    without = replace(
        charger, timing=Timing.DOUBTED, refused_purposes=frozenset({ProfilePurpose.TX})
    )
    site.state.apply({(type(charger), charger.key): without})
    site.wait(4 * MINUTE)
    observe(site)
    (tried,) = trials(list(site.evse().applied))
    assert [each.limit_a for each in tried.periods] == [0, 0, 16]
    box.disconnect()
    other.start("BEN")
    observe(site)
    site.wait(20 * MINUTE)
    assert observe(site) == 16


def test_neither_reading_ends_it() -> None:
    site, box = on_trial()
    sent = answer(box, tell(site, box, *COUNTED[Timing.ABSOLUTE_ONLY]), refusing)
    assert site.charger().timing is Timing.ABSOLUTE_ONLY
    assert [(each.stack_level, each.relative) for each in sent] == [(LIVE, False)]
    site.wait(MINUTE)
    assert not trials(answer(box, look(site), refusing))


def test_what_begins_anew_with_every_look_is_no_receipt() -> None:
    """It counts from when the car begins to draw, which it may not do for hours."""
    site, box = on_trial()
    answer(box, tell(site, box, (NOW, 0), (18 * MINUTE, 32)), refusing)
    assert site.charger().timing is Timing.ABSOLUTE_ONLY


def said(site: Site, box: Box, lasts: timedelta, *turns: tuple[timedelta, int]) -> list[Send]:
    """Let the charger tell a schedule that ends; return what is sent for it."""
    asked = question(site)
    periods = tuple(
        SchedulePeriod(start_s=round(at.total_seconds()), limit_a=Decimal(amps))
        for at, amps in turns
    )
    told = ScheduleResult(
        status=ANSWERED,
        start_at=site.now,
        duration_s=round(lasts.total_seconds()),
        periods=periods,
    )
    return sends(box.answered(asked, ANSWERED, told))


def test_nothing_is_read_into_what_a_charger_does_not_say() -> None:
    site, box = on_trial()
    assert not said(site, box, 20 * MINUTE)
    # It looks ten minutes ahead: either reading would have it wait until then.
    assert not said(site, box, 10 * MINUTE, (NOW, 0))
    assert site.charger().timing is Timing.DOUBTED
    site, box = charging()
    planned(site, (0, 1, 16), (1, 5, 0))
    settle(site, box)
    # An hour ahead the plan pauses; of that it says nothing.
    assert not said(site, box, HOUR / 2, (NOW, 16), (MINUTE, 17))
    assert not site.evse().heed.unsafe


def test_what_fits_both_readings_is_asked_again_and_at_last_left() -> None:
    """0 A now and 0 A as a floor: there is no turn to tell them apart by."""
    site, box = on_trial(floor=0)
    assert not tell(site, box, (NOW, 0))
    assert site.charger().timing is Timing.DOUBTED
    assert not tell(site, box, (NOW, 0))
    site.wait(7 * MINUTE)
    sent = answer(box, look(site), refusing)
    assert [(each.stack_level, each.relative) for each in sent if each.transaction] == [
        (LIVE, False)
    ]
    assert site.charger().timing is Timing.DOUBTED


def test_one_without_absolute_limits_gets_relative_ones() -> None:
    site, box = on_trial(refusing_all)
    assert site.charger().refused_purposes == {ProfilePurpose.TX}
    sent = answer(box, tell(site, box, *COUNTED[Timing.FROM_START]), refusing_all)
    assert site.charger().refused_purposes == frozenset()
    assert [(each.stack_level, each.relative) for each in sent] == [(0, False), (LIVE, True)]
    assert [(each.stack_level, each.relative) for each in settle(site, box)] == [
        (PLAN, True),
        (LIVE, True),
    ]


@pytest.mark.parametrize("at_last", [True, False])
def test_a_trial_that_nothing_replaces_is_removed(at_last: bool) -> None:
    site, box = on_trial(refusing_all)
    clear = ClearProfiles(evse=box.evse(), purpose=ProfilePurpose.TX, stack_level=LIVE)
    if at_last:
        site.wait(8 * MINUTE)
        sent = look(site)
    else:
        sent = tell(site, box, *COUNTED[Timing.ABSOLUTE_ONLY])
    assert [each.command for each in sent] == [clear]
    assert not trials(list(site.evse().applied))


def trial_sent(verdict: Verdict = refusing) -> tuple[Site, Box, Send]:
    """Return a charger that has not answered its trial yet."""
    site, box = charging()
    planned(site, *NIGHT)
    answer(box, look(site), verdict)
    site.wait(3 * MINUTE)
    (sent,) = look(site)
    return site, box, sent


@pytest.mark.parametrize("status", [CommandStatus.REJECTED, CommandStatus.FAILED])
def test_a_trial_turned_down_is_the_last(status: CommandStatus) -> None:
    site, box, sent = trial_sent()
    again = answer(box, sends(box.answered(sent, status)), refusing)
    assert site.charger().timing is Timing.ABSOLUTE_ONLY
    assert [(each.stack_level, each.relative) for each in again] == [(LIVE, False)]
    assert not settle(site, box)


def test_one_for_a_transaction_that_ended_is_rightly_turned_down() -> None:
    site, box, sent = trial_sent()
    box.stop(1001, 1500)
    box.answered(sent, CommandStatus.REJECTED)
    assert site.charger().timing is Timing.DOUBTED


def test_silence_proves_nothing() -> None:
    site, box, sent = trial_sent()
    box.answered(sent, CommandStatus.TIMED_OUT)
    assert site.charger().timing is Timing.DOUBTED
    site.wait(30 * SECOND)
    assert trials(answer(box, look(site), refusing))


def test_a_charger_that_tells_no_schedule_is_not_tried() -> None:
    site, box, sent = trial_sent()
    answer(box, [sent], refusing)
    box.answered(question(site), CommandStatus.REJECTED)
    assert not site.charger().tells_far
    assert [each.relative for each in settle(site, box)] == [False]
    box.stop(1001, 1500)
    site.wait(MINUTE)
    box.start("ANNA", 1500)
    planned(site, *NIGHT)
    answer(box, look(site), refusing)
    site.wait(4 * MINUTE)
    assert not trials(answer(box, look(site), refusing))


def test_the_other_connector_s_trial_settles_nothing_any_more() -> None:
    site, box = on_trial()
    asked = question(site)
    charger = site.charger()
    known = replace(charger, timing=Timing.FROM_START)
    site.state.apply({(type(charger), charger.key): known})
    told = ScheduleResult(status=ANSWERED, periods=(SchedulePeriod(start_s=0, limit_a=Decimal(0)),))
    box.answered(asked, ANSWERED, told)
    assert site.charger().timing is Timing.FROM_START


def test_nor_does_its_refusal() -> None:
    site, box, sent = trial_sent()
    charger = site.charger()
    known = replace(charger, timing=Timing.FROM_START)
    site.state.apply({(type(charger), charger.key): known})
    box.answered(sent, CommandStatus.REJECTED)
    assert site.charger().timing is Timing.FROM_START


def booted(site: Site, box: Box, **more: str) -> Timing:
    """Let the charger boot; return what is known of it then."""
    box.boot(**more)
    return site.charger().timing


def test_what_was_found_out_outlives_a_boot_but_no_other_firmware() -> None:
    site, box = on_trial()
    tell(site, box, *COUNTED[Timing.FROM_RECEIPT])
    assert booted(site, box) is Timing.FROM_RECEIPT
    assert booted(site, box, firmware="2.0") is Timing.ABSOLUTE
    site, box = on_trial()
    assert booted(site, box) is Timing.DOUBTED
    charger = site.charger()
    vain = replace(charger, timing=Timing.ABSOLUTE_ONLY)
    site.state.apply({(type(charger), charger.key): vain})
    assert booted(site, box) is Timing.ABSOLUTE


@pytest.mark.parametrize(
    ("vendor", "timing"),
    [
        ("Wall Box Chargers", Timing.DOUBTED),
        ("WALLBOX", Timing.DOUBTED),
        ("Schneider Electric", Timing.ABSOLUTE),
    ],
)
def test_some_makes_are_known_for_it(vendor: str, timing: Timing) -> None:
    site, _ = charging()
    event = ChargerBooted(charger="CP1", vendor=vendor, model="Pulsar", received_at=site.now)
    site.feed(event)
    assert site.charger().timing is timing


def test_the_transaction_that_counts_may_be_gone() -> None:
    """What was found out of a charger is of no use without a session."""
    site, box = on_trial()
    answer(box, tell(site, box, *COUNTED[Timing.FROM_START]), refusing)
    box.stop(1001, 1500)
    site.wait(MINUTE)
    assert not any(each.relative for each in settle(site, box))


def told_later(site: Site, box: Box, amps: int) -> list[Send]:
    """Let the charger say that it waits now, and what it offers from a minute after the live limit on."""
    live = next(each for each in site.evse().applied if each.stack_level == LIVE)
    assert live.ends_at is not None
    later = live.ends_at + 10 * SECOND - (site.now + 25 * SECOND)
    return tell(site, box, (NOW, 0), (later, amps))


def held() -> tuple[Site, Box]:
    """Return a charger that holds a plan to wait for five hours."""
    site, box = charging()
    planned(site, *NIGHT)
    settle(site, box)
    return site, box


def test_a_plan_is_looked_for_around_its_next_turn() -> None:
    site, _ = held()
    command = question(site).command
    assert isinstance(command, GetSchedule)
    # Five hours less 25 s, and two minutes and a half.
    assert command.duration_s == 5 * 3600 - 25 + 150


def test_who_does_not_look_so_far_ahead_is_asked_for_less() -> None:
    site, box = held()
    box.answered(question(site), CommandStatus.REJECTED)
    assert site.charger().tells_schedule
    assert question(site).command == GetSchedule(evse=box.evse(), duration_s=360)


@pytest.mark.parametrize("turn", [3 * HOUR, 7 * HOUR])
def test_a_plan_that_would_hold_at_other_hours_is_sent_again_then_done_without(
    turn: timedelta,
) -> None:
    """Its clock is two hours ahead or behind: it begins too early, or goes by its floor when it should begin."""
    site, box = held()
    turns = ((NOW, 0), (turn, 16)) if turn < 5 * HOUR else ((NOW, 0), (4 * HOUR, 32))
    again = answer(box, tell(site, box, *turns), lambda _: ANSWERED)
    assert [each.stack_level for each in again] == [0, PLAN, LIVE]
    clear, *rest = tell(site, box, *turns)
    assert clear.command == ClearProfiles(evse=box.evse(), purpose=ProfilePurpose.TX, stack_level=1)
    assert [each.stack_level for each in answer(box, rest, lambda _: ANSWERED)] == [0, LIVE]
    assert site.charger().timing is Timing.DOUBTED
    assert why_no_plan_held(site.charger(), site.evse(), site.open_session()) is (
        Unplanned.PASSED_OVER
    )
    assert site.charger().refused_purposes == frozenset()


def test_a_plan_that_is_right_only_when_it_was_just_sent_is_none() -> None:
    site, box = held()

    def right() -> list[Send]:
        turn = NOON + 5 * HOUR - site.now - 25 * SECOND
        return tell(site, box, (NOW, 0), (turn, 16))

    wrong = ((NOW, 0), (HOUR, 16))
    for _ in range(2):
        answer(box, tell(site, box, *wrong), lambda _: ANSWERED)
        assert not right()
        site.wait(15 * MINUTE)
        settle(site, box)
    clear, *_ = tell(site, box, *wrong)
    assert clear.command == ClearProfiles(evse=box.evse(), purpose=ProfilePurpose.TX, stack_level=1)


def test_less_than_planned_may_be_the_charger_s_own_limit() -> None:
    site, box = held()
    assert not tell(site, box, (NOW, 0), (5 * HOUR - 25 * SECOND, 10))
    assert not site.evse().heed.unsafe


def test_less_than_planned_is_no_plan_if_it_is_the_floor() -> None:
    site, box = charging()
    planned(site, *NIGHT)
    allowance = site.state.get(Allowance, box.evse())
    for each in look(site):
        box.answered(each)
    allowance = site.state.get(Allowance, box.evse())
    assert allowance is not None
    lower = replace(allowance, floor_a=Decimal(8))
    site.state.apply({(Allowance, lower.key): lower})
    answer(box, sends(box.prepared()), lambda _: ANSWERED)
    assert tell(site, box, (NOW, 0), (5 * HOUR - 25 * SECOND, 8), after=30 * SECOND)
    assert site.evse().heed.unsafe


def test_one_that_goes_by_its_floor_as_though_it_had_no_live_limit_is_doubted() -> None:
    """Sent again and cleared, in vain: its clock may be wrong."""
    site, box = held()
    for _ in range(3):
        assert site.charger().timing is Timing.ABSOLUTE
        answer(box, tell(site, box, (NOW, 32)), lambda _: ANSWERED)
    assert site.charger().timing is Timing.DOUBTED


def test_its_car_may_be_quicker_to_show_it() -> None:
    site, box = held()
    for _ in range(2):
        answer(box, tell(site, box, (NOW, 32)), lambda _: ANSWERED)
    box.answered(question(site), CommandStatus.TIMED_OUT)
    site.wait(10 * SECOND)
    box.draws(16, 16, 16)
    site.tick()
    assert site.evse().heed.ignored_since is not None
    assert site.charger().timing is Timing.DOUBTED


def test_one_that_goes_by_something_else_is_not() -> None:
    site, box = held()
    for _ in range(3):
        answer(box, tell(site, box, (NOW, 20)), lambda _: ANSWERED)
    assert site.charger().timing is Timing.ABSOLUTE


def test_why_a_charger_holds_no_plan_is_told() -> None:
    site, box = charging()

    def why() -> Unplanned | None:
        return why_no_plan_held(site.charger(), site.evse(), site.open_session())

    assert why() is Unplanned.NOT_PLANNED
    planned(site, *NIGHT)
    sent = look(site)
    assert why() is Unplanned.NOT_TAKEN_YET
    answer(box, sent, lambda _: ANSWERED)
    assert why() is None
    site.feed(ChargerPrepared(charger="CP1", evse_count=1, max_profiles=2, received_at=site.now))
    box.stop(1001, 1500)
    assert why() is Unplanned.NO_ROOM
    site, box = on_trial()
    assert why() is Unplanned.TURNED_DOWN
    site, box = on_trial(refusing_all)
    assert why() is Unplanned.NO_LIMITS
