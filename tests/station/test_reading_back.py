"""Asking a charger which limit really applies, and what is done if it is another."""

from datetime import timedelta
from decimal import Decimal

import pytest

from custom_components.ev_station.model.circuit import CircuitLoad, CircuitSettings
from custom_components.ev_station.model.commands import (
    ClearProfiles,
    CommandStatus,
    GetSchedule,
    ProfilePurpose,
    SchedulePeriod,
    ScheduleResult,
    SetProfile,
)
from custom_components.ev_station.model.effects import Effect, Send
from custom_components.ev_station.model.events import (
    CircuitConfigured,
    LimitRequested,
    SiteObserved,
)
from custom_components.ev_station.model.measurement import (
    Context,
    Measurement,
    Phase,
    Quantity,
    Sample,
)

from .site import HOUR, MINUTE, NOON, SECOND, Box, Site, at_home, commands, sends

QUARTER = 15 * MINUTE
ASK = GetSchedule(evse=Box(Site()).evse(), duration_s=360)


def accept(box: Box, effects: tuple[Effect, ...] | list[Send]) -> list[Send]:
    """Let the charger take every profile; return all that was asked."""
    asked = [each for each in effects if isinstance(each, Send)]
    for send in asked:
        if isinstance(send.command, SetProfile | ClearProfiles):
            box.answered(send)
    return asked


def limit(box: Box, amps: int) -> list[Send]:
    """Set a limit that is taken."""
    event = LimitRequested(evse=box.evse(), limit_a=Decimal(amps), command=100 + amps)
    return accept(box, box.site.feed(event))


def limited(amps: int = 10) -> tuple[Site, Box]:
    """Return a charger whose session is limited."""
    site, box = at_home()
    box.start()
    limit(box, amps)
    return site, box


def question(effects: tuple[Effect, ...]) -> Send:
    """Return the one question for the schedule."""
    (send,) = [each for each in sends(effects) if isinstance(each.command, GetSchedule)]
    assert send.command == ASK
    return send


def say(
    box: Box,
    effects: tuple[Effect, ...],
    amps: int | None,
    status: CommandStatus = CommandStatus.ACCEPTED,
) -> tuple[Effect, ...]:
    """Answer the question with a limit; None: with an empty schedule."""
    periods = () if amps is None else (SchedulePeriod(start_s=0, limit_a=Decimal(amps)),)
    told = ScheduleResult(status=status, periods=periods)
    return box.answered(question(effects), status, told)


def asked_after(site: Site, wait: timedelta) -> bool:
    """Return whether the schedule is asked for by then."""
    return bool(commands(site.tick(wait), GetSchedule))


def test_a_limit_is_read_back_once_it_is_steady_then_every_quarter_of_an_hour() -> None:
    site, box = limited()
    assert not asked_after(site, 24 * SECOND)
    assert not say(box, site.tick(SECOND), 10)
    heed = site.evse().heed
    assert (heed.should_a, heed.really_a, heed.tries, heed.ignored_since) == (10, 10, 0, None)
    assert not asked_after(site, QUARTER - SECOND)
    assert asked_after(site, SECOND)
    assert site.replayed().everything() == site.state.everything()


def test_a_change_is_no_reason_to_ask_sooner_nor_to_compare_too_soon() -> None:
    site, box = limited()
    asked = site.tick(25 * SECOND)
    limit(box, 16)
    assert not say(box, asked, 10)
    assert site.evse().heed.really_a is None
    assert not asked_after(site, MINUTE)


def test_who_has_no_limit_or_no_session_is_not_asked() -> None:
    site, box = at_home()
    assert not asked_after(site, HOUR)
    box.start()
    assert not asked_after(site, HOUR)
    limit(box, 10)
    asked = site.tick(MINUTE)
    box.stop(1001, 1000)
    assert not say(box, asked, 32)
    assert site.evse().heed.really_a is None
    assert not asked_after(site, HOUR)
    accept(box, site.feed(box.start_event(meter=2000)))
    assert asked_after(site, MINUTE)


def test_nobody_is_asked_while_a_profile_is_under_way_or_the_charger_away() -> None:
    site, box = limited()
    box.site.feed(LimitRequested(evse=box.evse(), limit_a=Decimal(8), command=1))
    assert not asked_after(site, MINUTE)
    box.disconnect()
    assert not asked_after(site, MINUTE)


def test_a_question_that_is_not_answered_is_asked_again_with_the_next_round() -> None:
    site, box = limited()
    box.answered(question(site.tick(MINUTE)), CommandStatus.TIMED_OUT)
    assert not asked_after(site, MINUTE)
    assert asked_after(site, QUARTER)
    # No answer at all.
    assert not asked_after(site, MINUTE)
    assert asked_after(site, QUARTER)


@pytest.mark.parametrize("status", [CommandStatus.REJECTED, CommandStatus.NOT_SUPPORTED])
def test_who_turns_the_question_down_is_not_asked_until_it_boots(status: CommandStatus) -> None:
    site, box = limited()
    box.answered(question(site.tick(MINUTE)), status)
    assert not site.charger().tells_schedule
    assert not asked_after(site, HOUR)
    box.boot()
    accept(box, box.prepared())
    assert asked_after(site, MINUTE)


def test_an_empty_schedule_says_nothing() -> None:
    site, box = limited()
    assert not say(box, site.tick(MINUTE), None)
    assert site.evse().heed.really_a is None
    assert asked_after(site, QUARTER)


def test_an_answer_to_a_question_nobody_asked_changes_nothing() -> None:
    site, box = limited()
    stray = Send(charger="CP1", evse=box.evse(), command=ASK, id=-99)
    before = site.state.everything()
    box.answered(stray, CommandStatus.REJECTED)
    assert site.state.everything() == before


def ignoring() -> tuple[Site, Box]:
    """Return a charger that says 16 A whatever is done to bring it to 10 A."""
    site, box = limited()
    again = accept(box, say(box, site.tick(MINUTE), 16))
    assert [type(send.command) for send in again] == [SetProfile, SetProfile]
    assert not asked_after(site, 24 * SECOND)
    cleared = accept(box, say(box, site.tick(SECOND), 16))
    # All profiles go, then ours come back.
    assert [type(send.command) for send in cleared] == [ClearProfiles, SetProfile, SetProfile]
    assert (cleared[0].command, cleared[0].evse) == (ClearProfiles(), None)
    assert site.charger().cleared_at == site.now
    assert site.evse().heed.ignored_since is None
    assert not say(box, site.tick(25 * SECOND), 16)
    return site, box


def test_a_charger_above_its_limit_is_told_again_then_cleared_then_given_up() -> None:
    site, _ = ignoring()
    heed = site.evse().heed
    assert (heed.should_a, heed.really_a, heed.ignored_since) == (10, 16, site.now)
    assert not asked_after(site, QUARTER - SECOND)
    assert site.replayed().everything() == site.state.everything()


def test_one_that_comes_to_reason_is_believed_again() -> None:
    site, box = ignoring()
    assert not say(box, site.tick(QUARTER), 10)
    heed = site.evse().heed
    assert (heed.tries, heed.ignored_since) == (0, None)
    # Its profiles are not removed twice.
    accept(box, say(box, site.tick(QUARTER), 16))
    assert not sends(say(box, site.tick(MINUTE), 16))
    assert site.evse().heed.ignored_since == site.now


def test_a_boot_begins_anew() -> None:
    site, box = ignoring()
    box.boot()
    assert site.evse().heed.ignored_since is None
    assert site.charger().cleared_at is None


def test_what_stands_in_the_way_of_a_higher_limit_is_removed_once() -> None:
    site, box = limited(16)
    accept(box, say(box, site.tick(MINUTE), 8))
    cleared = accept(box, say(box, site.tick(MINUTE), 8))
    assert isinstance(cleared[0].command, ClearProfiles)
    assert not say(box, site.tick(MINUTE), 8)
    # Its own switch, perhaps: nothing to make room for, and nothing more is written.
    assert site.evse().heed.ignored_since is None
    assert not say(box, site.tick(QUARTER), 8)


def test_other_evses_get_their_limits_back_after_all_profiles_were_removed() -> None:
    site, box = limited()
    box.prepared(2)
    event = LimitRequested(evse=box.evse(2), limit_a=Decimal(8), command=1)
    accept(box, site.feed(event))
    accept(box, say(box, site.tick(MINUTE), 32))
    cleared = accept(box, say(box, site.tick(MINUTE), 32))
    purposes = [
        (send.evse.evse if send.evse else 0, send.command.profile.purpose)
        for send in cleared
        if isinstance(send.command, SetProfile)
    ]
    assert purposes == [
        (1, ProfilePurpose.TX_DEFAULT),
        (1, ProfilePurpose.TX),
        (2, ProfilePurpose.TX_DEFAULT),
    ]


def draw(box: Box, amps: int) -> None:
    """Let the car draw a current on three phases."""
    found = [
        Measurement(Quantity.CURRENT_IMPORT, phase, Decimal(amps))
        for phase in (Phase.L1, Phase.L2, Phase.L3)
    ]
    box.samples(Sample(box.at(), Context.PERIODIC, tuple(found)), transaction=1001)


def test_what_a_car_draws_tells_too_whatever_the_charger_says() -> None:
    site, box = limited()
    site.wait(MINUTE)
    draw(box, 16)
    again = accept(box, say(box, site.tick(), 10))
    assert [type(send.command) for send in again] == [SetProfile, SetProfile]
    site.wait(MINUTE)
    draw(box, 16)
    # It says nothing of foreign profiles: none is removed.
    assert not sends(say(box, site.tick(), 10))
    heed = site.evse().heed
    assert (heed.should_a, heed.really_a, heed.ignored_since) == (10, 16, site.now)
    # A bit more is no news, a lot more is.
    site.wait(MINUTE)
    draw(box, 17)
    site.tick()
    assert site.evse().heed.really_a == 16
    draw(box, 20)
    site.tick()
    assert site.evse().heed.really_a == 20


def test_a_car_that_begins_to_draw_too_much_is_noticed_between_two_questions() -> None:
    site, box = limited()
    say(box, site.tick(MINUTE), 10)
    site.wait(MINUTE)
    draw(box, 16)
    again = accept(box, site.tick())
    assert [type(send.command) for send in again] == [SetProfile, SetProfile]


@pytest.mark.parametrize(("said", "drawn", "really"), [(12, 16, 16), (20, 16, 20), (None, 16, 16)])
def test_the_higher_of_word_and_deed_counts(said: int | None, drawn: int, really: int) -> None:
    site, box = limited()
    site.wait(MINUTE)
    draw(box, drawn)
    say(box, site.tick(), said)
    assert site.evse().heed.really_a == really


def test_where_only_the_car_tells_it_is_believed_again_after_a_while() -> None:
    site, box = limited()
    box.answered(question(site.tick(MINUTE)), CommandStatus.NOT_SUPPORTED)
    for _ in range(2):
        draw(box, 16)
        accept(box, site.tick())
        site.wait(MINUTE)
    assert site.evse().heed.ignored_since is not None
    draw(box, 10)
    site.tick()
    assert site.evse().heed.ignored_since is not None
    site.wait(QUARTER)
    draw(box, 10)
    site.tick()
    assert site.evse().heed.ignored_since is None
    assert site.evse().heed.tries == 0


FUSE = CircuitConfigured(
    settings=CircuitSettings(
        circuit="main",
        name="Main",
        limit_a=Decimal(25),
        assumed_load_a=Decimal(15),
        chargers=("CP1",),
    )
)
ENDS = NOON + 3 * MINUTE


def look(box: Box) -> list[Send]:
    """Look at a house that draws 5 A; the charger takes every profile."""
    load = CircuitLoad(circuit="main", load_a=(Decimal(5),) * 3, limit_a=Decimal(25))
    return accept(box, box.site.feed(SiteObserved(circuits=(load,), complete=True)))


def on_a_fuse() -> tuple[Site, Box]:
    """Return a charger whose session has 20 A, and 10 A without us."""
    site, box = at_home()
    site.configure(FUSE)
    box.start()
    look(box)
    return site, box


def say_later(box: Box, effects: tuple[Effect, ...], amps: int) -> tuple[Effect, ...]:
    """Answer that 20 A hold until the live limit ends, at 12:03, and another limit after it."""
    periods = (
        SchedulePeriod(start_s=0, limit_a=Decimal(20)),
        SchedulePeriod(start_s=round((ENDS - box.site.now).total_seconds()), limit_a=Decimal(amps)),
    )
    told = ScheduleResult(status=CommandStatus.ACCEPTED, periods=periods)
    return box.answered(question(effects), CommandStatus.ACCEPTED, told)


@pytest.mark.parametrize("amps", [6, 10, 11])
def test_what_holds_after_the_live_limit_may_be_as_much_as_was_said(amps: int) -> None:
    site, box = on_a_fuse()
    assert not say_later(box, site.tick(25 * SECOND), amps)
    assert not site.evse().heed.unsafe


def test_who_tells_of_the_present_only_says_nothing_of_later() -> None:
    site, box = on_a_fuse()
    assert not say(box, site.tick(25 * SECOND), 20)
    assert (site.evse().heed.really_a, site.evse().heed.unsafe) == (20, False)


@pytest.mark.parametrize("amps", [32, -1])
def test_who_keeps_one_profile_only_keeps_one_that_outlives_us(amps: int) -> None:
    site, box = on_a_fuse()
    again = accept(box, say_later(box, site.tick(25 * SECOND), amps))
    kinds = [each.command.profile.purpose for each in again if isinstance(each.command, SetProfile)]
    assert kinds == [ProfilePurpose.TX_DEFAULT, ProfilePurpose.TX]
    (floor,) = accept(box, say_later(box, site.tick(25 * SECOND), amps))
    assert isinstance(floor.command, SetProfile)
    profile = floor.command.profile
    assert (profile.purpose, profile.valid_to) == (ProfilePurpose.TX_DEFAULT, None)
    assert profile.periods == (SchedulePeriod(start_s=0, limit_a=Decimal(20)),)
    assert site.replayed().everything() == site.state.everything()


def test_one_that_lost_its_floor_once_is_told_it_again_and_trusted() -> None:
    site, box = on_a_fuse()
    accept(box, say_later(box, site.tick(25 * SECOND), 32))
    assert site.evse().heed.unsafe
    assert not say_later(box, site.tick(25 * SECOND), 10)
    assert not site.evse().heed.unsafe
    assert not site.charger().refused_purposes
