"""Time-outs: what has not happened although it should have."""

from decimal import Decimal

import pytest

from custom_components.ev_station.model.commands import RemoteStart
from custom_components.ev_station.model.events import (
    ChargerConfigured,
    ChargingEnabled,
    DriverRemoved,
)
from custom_components.ev_station.model.session import SessionState
from custom_components.ev_station.model.settings import ChargerSettings, EvseSettings
from custom_components.ev_station.model.status import AuthorizationStatus, EvseStatus

from .site import DAY, HOUR, MINUTE, SECOND, Box, Site, at_home, commands, home
from .test_configuration import driver


def free() -> tuple[Site, Box]:
    """Return a charger whose EVSE 1 bills to Anna when nobody presents a tag."""
    evse = EvseSettings(evse=1, default_driver="anna")
    settings = ChargerSettings(charger="CP1", name="Box", evses=(evse,))
    site = home(ChargerConfigured(settings=settings))
    return site, Box(site).ready()


def test_a_car_that_waits_is_started_for_the_default_driver_once() -> None:
    site, box = free()
    box.status(EvseStatus.PREPARING)
    assert not commands(site.tick(9 * SECOND), RemoteStart)
    (request,) = commands(site.tick(SECOND), RemoteStart)
    assert not commands(site.tick(SECOND), RemoteStart)
    assert not commands(site.tick(HOUR), RemoteStart)
    box.start(request.token)
    assert site.session(1).payer.driver == "anna"
    box.stop(1001, 1000)
    box.status(EvseStatus.AVAILABLE)
    site.wait(SECOND)
    box.status(EvseStatus.PREPARING)
    assert commands(site.tick(10 * SECOND), RemoteStart)


@pytest.mark.parametrize(
    "obstacle", ["paused", "away", "removed", "inactive", "started", "other status", "tapped"]
)
def test_unless(obstacle: str) -> None:
    site, box = free()
    box.status(EvseStatus.PREPARING)
    match obstacle:
        case "paused":
            site.feed(ChargingEnabled(evse=box.evse(), enabled=False, command=7))
        case "away":
            box.disconnect()
        case "removed":
            site.feed(DriverRemoved(driver="anna"))
        case "inactive":
            site.configure(driver("anna", "ANNA", active=False))
        case "started":
            box.start("BEN")
        case "other status":
            site.wait(SECOND)
            box.status(EvseStatus.FINISHING)
        case "tapped":
            box.start("BEN")
            box.stop(1001, 1000)
            box.status(EvseStatus.AVAILABLE)
    assert not commands(site.tick(MINUTE), RemoteStart)


def test_unknown_tags_and_none_are_the_default_drivers() -> None:
    site, box = free()
    assert box.authorize("STRANGER").status is AuthorizationStatus.ACCEPTED
    assert box.authorize("LOST").status is AuthorizationStatus.BLOCKED
    assert box.start("").status is AuthorizationStatus.ACCEPTED
    payer = site.session(1).payer
    assert (payer.driver, payer.reason) == ("anna", "default_driver")


def test_but_not_an_inactive_default_drivers() -> None:
    site, box = free()
    site.configure(driver("anna", "ANNA", active=False))
    assert box.start("STRANGER").status is AuthorizationStatus.INVALID


def test_a_session_ends_when_the_evse_has_said_available_long_enough() -> None:
    site, box = at_home()
    box.start()
    site.wait(HOUR)
    box.sample(3000, transaction=1001)
    box.status(EvseStatus.AVAILABLE)
    site.tick(10 * MINUTE)
    assert site.session(1).is_open
    site.tick(SECOND)
    assert site.session(1).state is SessionState.PROVISIONAL
    assert site.billed()["session1"] == (Decimal(2000), Decimal("0.60"))


def test_but_its_stop_may_still_be_queued_right_after_a_reconnect() -> None:
    site, box = at_home()
    box.start()
    site.wait(HOUR)
    box.status(EvseStatus.AVAILABLE)
    box.disconnect()
    site.tick(HOUR)
    assert site.session(1).is_open
    box.connect()
    site.tick(10 * MINUTE)
    assert site.session(1).is_open
    site.tick(SECOND)
    assert site.session(1).state is SessionState.PROVISIONAL


def test_the_month_begins_anew_in_the_sites_zone() -> None:
    site, box = at_home()
    box.start()
    site.wait(HOUR)
    box.stop(1001, 2000)
    # Noon of November 23 UTC; December begins at 23:00 of November 30 UTC in Berlin.
    site.tick(7 * DAY + 9 * HOUR)
    assert site.account() == ("2026-11", Decimal(1000), Decimal("0.30"))
    site.tick(HOUR + SECOND)
    assert site.account() == ("", Decimal(0), Decimal(0))


def test_a_late_session_of_last_month_is_not_this_months() -> None:
    site, box = at_home()
    at = site.now
    site.wait(10 * DAY)
    box.start("ANNA", 1000, at=at)
    box.stop(1001, 2000, at=at + HOUR)
    assert site.postings[0].day.isoformat() == "2026-11-23"
    assert site.account() == ("", Decimal(0), Decimal(0))
    box.start("ANNA", 2000)
    site.wait(HOUR)
    box.stop(1002, 3000)
    assert site.account() == ("2026-12", Decimal(1000), Decimal("0.30"))


def test_a_quiet_tick_changes_nothing() -> None:
    site, box = at_home()
    box.start()
    before = site.state.everything()
    assert site.tick(MINUTE) == ()
    assert site.state.everything() == before
