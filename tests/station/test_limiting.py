"""Keeping a charger's profiles what they should be."""

from decimal import Decimal

import pytest

from custom_components.ev_station.model.commands import (
    ChargingProfile,
    CommandStatus,
    ProfilePurpose,
    RemoteStop,
    SetProfile,
)
from custom_components.ev_station.model.effects import Send
from custom_components.ev_station.model.events import (
    ChargerConfigured,
    ChargingEnabled,
    LimitRequested,
)
from custom_components.ev_station.model.settings import ChargerSettings, EvseSettings

from .site import MINUTE, SECOND, Box, Site, at_home, commands, sends


def limit(site: Site, box: Box, amps: int) -> list[Send]:
    """Ask for a limit and return what is sent."""
    return sends(
        site.feed(LimitRequested(evse=box.evse(), limit_a=Decimal(amps), command=100 + amps))
    )


def held(site: Site) -> dict[ProfilePurpose, Decimal]:
    """Return what the charger accepted, A by purpose."""
    return {each.purpose: each.periods[0].limit_a for each in site.evse().applied}


def profiles(effects: list[Send]) -> list[ChargingProfile]:
    """Return the profiles sent."""
    return [send.command.profile for send in effects if isinstance(send.command, SetProfile)]


def test_nothing_is_written_before_somebody_limits() -> None:
    _, box = at_home()
    event = box.start_event()
    assert not commands(box.site.feed(event), SetProfile)
    assert not commands(box.prepared(), SetProfile)


def test_a_start_under_a_limit_gets_its_own_profile() -> None:
    site, box = at_home()
    (floor,) = limit(site, box, 10)
    box.answered(floor)
    (live,) = profiles(sends(site.feed(box.start_event())))
    assert (live.purpose, live.stack_level, live.transaction) == (ProfilePurpose.TX, 2, 1001)


def test_the_next_session_needs_its_own() -> None:
    site, box = at_home()
    for send in limit(site, box, 10):
        box.answered(send)
    for number in (1, 2):
        sent = sends(site.feed(box.start_event(meter=1000 * number)))
        assert [profile.transaction for profile in profiles(sent)] == [1000 + number]
        for send in sent:
            box.answered(send)
        site.wait(MINUTE)
        box.stop(1000 + number, 1000 * number)


def test_lifting_a_limit_writes_the_maximum() -> None:
    site, box = at_home()
    for amps in (10, 32):
        for send in limit(site, box, amps):
            box.answered(send)
    assert held(site) == {ProfilePurpose.TX_DEFAULT: Decimal(32)}


def test_a_limit_taken_back_before_it_was_answered_is_sent_again() -> None:
    site, box = at_home()
    first = limit(site, box, 10)
    second = limit(site, box, 16)
    third = limit(site, box, 10)
    assert [len(first), len(second), len(third)] == [1, 1, 1]
    for send in (*first, *second, *third):
        box.answered(send)
    assert held(site) == {ProfilePurpose.TX_DEFAULT: Decimal(10)}
    assert site.evse().asked == ()


def test_what_is_under_way_is_not_sent_twice() -> None:
    site, box = at_home()
    assert limit(site, box, 10)
    assert not limit(site, box, 10)


def test_silence_proves_nothing_and_the_next_occasion_tries_again() -> None:
    site, box = at_home()
    (send,) = limit(site, box, 10)
    box.answered(send, CommandStatus.TIMED_OUT)
    assert held(site) == {}
    assert site.charger().refused_purposes == frozenset()
    assert limit(site, box, 10)


def test_what_held_before_silence_is_sent_again_where_it_is_wanted_again() -> None:
    site, box = at_home()
    (first,) = limit(site, box, 10)
    box.answered(first)
    (silent,) = limit(site, box, 22)
    box.answered(silent, CommandStatus.TIMED_OUT)
    (again,) = limit(site, box, 10)
    assert [profile.periods[0].limit_a for profile in profiles([again])] == [Decimal(10)]
    box.answered(again)
    assert held(site) == {ProfilePurpose.TX_DEFAULT: Decimal(10)}
    assert not limit(site, box, 10)


def rejected(site: Site, box: Box, asked: list[Send]) -> list[Send]:
    """Let everything asked be rejected at once; return what is sent for it."""
    return [send for each in asked for send in sends(box.answered(each, CommandStatus.REJECTED))]


def test_a_rejection_may_mean_not_now_the_third_in_a_row_means_never() -> None:
    site, box = at_home()
    asked = limit(site, box, 10)
    for pause in (10, 30):
        assert not rejected(site, box, asked)
        assert site.charger().refused_purposes == frozenset()
        assert not sends(site.tick((pause - 1) * SECOND))
        asked = sends(site.tick(SECOND))
        assert len(asked) == 1
    assert not rejected(site, box, asked)
    assert site.charger().refused_purposes == {ProfilePurpose.TX_DEFAULT}
    assert not sends(site.tick(10 * MINUTE))


@pytest.mark.parametrize("status", [CommandStatus.REJECTED, CommandStatus.FAILED])
def test_an_acceptance_between_begins_the_count_anew(status: CommandStatus) -> None:
    site, box = at_home()
    for amps in (10, 11, 12):
        (send,) = limit(site, box, amps)
        box.answered(send, status)
        (again,) = sends(site.tick(10 * SECOND))
        box.answered(again)
        site.wait(MINUTE)
    assert site.charger().refused_purposes == frozenset()
    assert site.charger().rejections == ()
    assert held(site) == {ProfilePurpose.TX_DEFAULT: Decimal(12)}


def test_several_rejected_in_one_breath_count_once() -> None:
    site, box = at_home()
    asked = [send for amps in (10, 11, 12) for send in limit(site, box, amps)]
    assert not rejected(site, box, asked)
    (rejection,) = site.charger().rejections
    assert (rejection.purpose, rejection.times) == (ProfilePurpose.TX_DEFAULT, 1)


def test_each_kind_is_counted_for_itself_and_gives_way_to_the_other() -> None:
    site, box = at_home()
    box.start()
    floor, live = limit(site, box, 10)
    box.answered(floor)
    for pause in (10, 30):
        assert not rejected(site, box, [live])
        (live,) = sends(site.tick(pause * SECOND))
    assert not rejected(site, box, [live])
    assert site.charger().refused_purposes == {ProfilePurpose.TX}
    assert profiles(limit(site, box, 8))[0].purpose is ProfilePurpose.TX_DEFAULT
    box.boot()
    assert (site.charger().refused_purposes, site.charger().rejections) == (frozenset(), ())


def test_a_profile_for_a_transaction_that_ended_meanwhile_is_rightly_rejected() -> None:
    site, box = at_home()
    box.start()
    _, live = limit(site, box, 10)
    box.stop(1001, 1000)
    assert not rejected(site, box, [live])
    assert site.charger().rejections == ()


def test_an_answer_that_comes_twice_counts_once() -> None:
    site, box = at_home()
    (send,) = limit(site, box, 10)
    box.answered(send)
    before = site.state.everything()
    box.answered(send, CommandStatus.REJECTED)
    assert site.state.everything() == before


def test_a_smaller_maximum_of_the_owner_is_written_at_once() -> None:
    site, box = at_home()
    for send in limit(site, box, 20):
        box.answered(send)
    evse = EvseSettings(evse=1, max_current_a=Decimal(16))
    settings = ChargerSettings(charger="CP1", name="Box", evses=(evse,))
    (floor,) = profiles(sends(site.feed(ChargerConfigured(settings=settings))))
    assert floor.periods[0].limit_a == 16


def test_less_than_a_car_can_take_is_a_pause_by_stopping_where_profiles_are_refused() -> None:
    site, box = at_home()
    box.prepared(smart=False)
    box.start()
    assert commands(tuple(limit(site, box, 5)), RemoteStop) == [RemoteStop(transaction=1001)]
    assert not limit(site, box, 10)


def test_connector_0_has_no_limit_of_its_own() -> None:
    site, box = at_home()
    event = ChargingEnabled(evse=box.evse(0), enabled=False, command=7)
    assert not sends(site.feed(event))
    assert box.evse(0) not in site.charger().evses
