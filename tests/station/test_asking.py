"""Asking a charger for what it would not tell in time."""

from datetime import timedelta
from decimal import Decimal

import pytest

from custom_components.ev_station.model.commands import CommandStatus, Trigger, TriggerKind
from custom_components.ev_station.model.effects import Effect, Send
from custom_components.ev_station.model.status import EvseStatus

from .site import MINUTE, SECOND, Box, Site, at_home, commands, home, sends

METER_VALUES = Trigger(kind=TriggerKind.METER_VALUES, evse=1)


def asked(effects: tuple[Effect, ...]) -> list[Send]:
    """Return the requests for meter values among effects."""
    return [send for send in sends(effects) if send.command == METER_VALUES]


def begin(site: Site, box: Box) -> tuple[Effect, ...]:
    """Start a session and let its car draw; returns what that led to."""
    box.start()
    site.wait(SECOND)
    return box.status(EvseStatus.CHARGING)


def test_a_session_that_begins_to_charge_is_measured_at_once() -> None:
    site, box = at_home()
    box.status(EvseStatus.PREPARING)
    assert not commands(site.feed(box.start_event()), Trigger)
    site.wait(SECOND)
    (send,) = asked(box.status(EvseStatus.CHARGING))
    assert (send.charger, send.evse) == ("CP1", box.evse())
    box.sample(1002, 7200)
    assert site.evse().live.power_w == Decimal(7200)


@pytest.mark.parametrize("before", [EvseStatus.CHARGING, EvseStatus.UNKNOWN])
def test_a_session_that_may_charge_already_is_measured_at_its_start(before: EvseStatus) -> None:
    site, box = at_home()
    box.status(before)
    assert len(asked(site.feed(box.start_event()))) == 1


def test_charging_without_a_session_is_not_asked_about() -> None:
    _, box = at_home()
    assert not asked(box.status(EvseStatus.CHARGING))


def test_a_repeated_start_or_status_asks_no_more() -> None:
    site, box = at_home()
    start = box.start_event()
    site.feed(start)
    site.wait(MINUTE)
    assert not asked(site.feed(start))
    assert len(asked(box.status(EvseStatus.CHARGING))) == 1
    site.wait(MINUTE)
    assert not asked(box.status(EvseStatus.CHARGING))


@pytest.mark.parametrize(
    ("pause", "expected"), [(timedelta(seconds=9), 0), (timedelta(seconds=10), 1)]
)
def test_a_car_that_goes_on_and_off_is_asked_about_every_10_s_at_most(
    pause: timedelta, expected: int
) -> None:
    site, box = at_home()
    box.status(EvseStatus.PREPARING)
    assert len(asked(begin(site, box))) == 1
    box.status(EvseStatus.SUSPENDED_EV)
    site.wait(pause)
    assert len(asked(box.status(EvseStatus.CHARGING))) == expected


def test_nothing_is_asked_of_a_charger_that_is_away() -> None:
    _, box = at_home()
    box.status(EvseStatus.PREPARING)
    box.start()
    box.disconnect()
    assert not asked(box.status(EvseStatus.CHARGING))


def test_nothing_is_asked_before_the_charger_is_prepared_on_this_connection() -> None:
    site = home()
    box = Box(site)
    box.connect()
    box.boot()
    assert not asked(site.feed(box.start_event()))
    assert len(asked(box.prepared())) == 1
    box.stop(1001, 1500)
    box.connect()
    assert not asked(begin(site, box))


def test_a_session_that_ended_before_it_began_is_not_asked_about() -> None:
    site, box = at_home()
    box.stop(-1, 2000, "ANNA", at=site.now + SECOND)
    assert not asked(site.feed(box.start_event()))
    assert not site.session(1).is_open


def test_a_charger_without_remote_triggers_is_not_asked() -> None:
    site, box = at_home()
    box.prepared(trigger=False)
    assert not asked(site.feed(box.start_event()))
    assert not asked(box.status(EvseStatus.CHARGING))


def test_a_charger_that_does_not_tell_whether_it_takes_triggers_is_asked() -> None:
    site, box = at_home()
    box.prepared(trigger=None)
    assert len(asked(site.feed(box.start_event()))) == 1


@pytest.mark.parametrize(
    ("status", "again"),
    [
        (CommandStatus.NOT_SUPPORTED, 0),
        (CommandStatus.REJECTED, 1),
        (CommandStatus.TIMED_OUT, 1),
        (CommandStatus.ACCEPTED, 1),
    ],
)
def test_a_charger_that_does_not_know_the_request_is_asked_no_more(
    status: CommandStatus, again: int
) -> None:
    site, box = at_home()
    (send,) = asked(site.feed(box.start_event()))
    box.answered(send, status)
    site.wait(MINUTE)
    assert len(asked(box.status(EvseStatus.CHARGING))) == again


def test_an_old_refusal_of_something_else_keeps_nobody_from_asking() -> None:
    site, box = at_home()
    (send,) = asked(site.feed(box.start_event()))
    assert send.id is not None
    other = Send(charger=send.charger, evse=send.evse, command=send.command, id=send.id - 1)
    box.answered(other, CommandStatus.NOT_SUPPORTED)
    site.wait(MINUTE)
    assert len(asked(box.status(EvseStatus.CHARGING))) == 1
