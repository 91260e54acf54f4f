"""What a charger really goes by, with real sockets: a profile of another central system, and deaf ears."""

from datetime import timedelta
from pathlib import Path

import pytest

from custom_components.ev_station.engine import Engine
from custom_components.ev_station.model.commands import ProfilePurpose
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.state import Charger as ChargerState, Evse, Heed
from tests.simulator import Charger, Quirks, Status, Vehicle
from tests.simulator.profiles import parse_profile
from tests.simulator.vocabulary import Purpose

from .site import Calendar, running, until, url
from .test_control import MAIN

pytestmark = pytest.mark.usefixtures("socket_enabled")
ONE = EvseId("CP1", 1)
LEFT_BEHIND = {
    "chargingProfileId": 4711,
    "stackLevel": 1,
    "chargingProfilePurpose": "ChargePointMaxProfile",
    "chargingProfileKind": "Absolute",
    "chargingSchedule": {
        "startSchedule": "2020-01-01T00:00:00Z",
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 8.0}],
    },
}


def evse(engine: Engine) -> Evse:
    """Return the one EVSE."""
    found = engine.state.get(Evse, ONE)
    assert found is not None
    return found


def refuses(engine: Engine) -> frozenset[ProfilePurpose]:
    """Return which profiles the charger is not sent."""
    found = engine.state.get(ChargerState, "CP1")
    return frozenset() if found is None else found.refused_purposes


async def charge(engine: Engine, charger: Charger, amps: int) -> None:
    """Charge under a limit that was accepted."""
    await charger.plug_in(1, Vehicle(max_amps=32))
    assert await charger.present_tag(1, "TAG-ANNA")
    await charger.wait_for(1, Status.CHARGING)
    await engine.set_limit(ONE, amps)
    await until(engine, lambda: len(evse(engine).applied) == 2)


async def look(engine: Engine, calendar: Calendar, tries: int) -> Heed:
    """Let half a minute pass until so much was tried, and the charger holds its profiles again."""
    calendar.ahead += timedelta(seconds=30)
    await engine._look_around()
    await until(engine, lambda: evse(engine).heed.tries == tries and not evse(engine).asked)
    return evse(engine).heed


async def test_what_another_central_system_left_behind_is_removed(tmp_path: Path) -> None:
    """Its limit for the whole charger holds the car back until the schedule that applies is read back."""
    calendar = Calendar()
    async with (
        running(tmp_path, clock=calendar) as engine,
        Charger(url(engine), "CP1") as charger,
    ):
        charger.profiles.install(parse_profile(0, LEFT_BEHIND))
        await charge(engine, charger, 16)
        limit = charger.connectors[1].pilot
        await charger.wait_until(lambda: limit.limit.amps == 8, 10.0)
        heed = await look(engine, calendar, 1)
        assert (heed.should_a, heed.really_a) == (16, 8)
        await look(engine, calendar, 2)
        await charger.wait_until(lambda: limit.limit.amps == 16, 10.0)
        assert len(charger.received_requests("ClearChargingProfile")) == 1
        heed = await look(engine, calendar, 0)
        assert (heed.should_a, heed.really_a) == (16, 16)
        assert charger.violations == []


async def test_a_charger_that_accepts_and_ignores_is_found_out(tmp_path: Path) -> None:
    """Grizzl-E: Accepted, and then nothing."""
    calendar = Calendar()
    async with (
        running(tmp_path, clock=calendar) as engine,
        Charger(url(engine), "CP1", quirks=Quirks(ignores_profiles=True)) as charger,
    ):
        await charge(engine, charger, 10)
        for tries in (1, 2, 3):
            heed = await look(engine, calendar, tries)
        assert (heed.should_a, heed.really_a) == (10, 32)
        assert heed.ignored_since is not None
        assert charger.violations == []


async def test_who_knows_no_schedule_is_asked_once(tmp_path: Path) -> None:
    """GetCompositeSchedule is not implemented everywhere."""
    calendar = Calendar()
    quirks = Quirks(not_implemented=frozenset({"GetCompositeSchedule"}))
    async with (
        running(tmp_path, clock=calendar) as engine,
        Charger(url(engine), "CP1", quirks=quirks) as charger,
    ):
        await charge(engine, charger, 10)

        def knows_none() -> bool:
            found = engine.state.get(ChargerState, "CP1")
            return found is not None and not found.tells_schedule

        await look(engine, calendar, 0)
        await until(engine, knows_none)
        calendar.ahead += timedelta(minutes=16)
        await engine._look_around()
        assert len(charger.received_requests("GetCompositeSchedule")) == 1


async def test_a_charger_that_keeps_one_profile_is_safe_without_us(tmp_path: Path) -> None:
    """Each new profile replaces all others: without its floor it would offer all it can when the live limit ends."""
    calendar = Calendar()
    async with (
        running(tmp_path, clock=calendar) as engine,
        Charger(url(engine), "CP1", quirks=Quirks(one_profile_only=True)) as charger,
    ):
        await engine.configure(MAIN)
        await charger.plug_in(1, Vehicle(max_amps=32))
        assert await charger.present_tag(1, "TAG-ANNA")
        await charger.wait_for(1, Status.CHARGING)
        await until(engine, lambda: len(evse(engine).applied) == 2)
        calendar.ahead += timedelta(seconds=30)
        await engine._look_around()
        await until(engine, lambda: evse(engine).heed.unsafe and len(evse(engine).applied) == 2)
        calendar.ahead += timedelta(seconds=30)
        await engine._look_around()
        await until(engine, lambda: refuses(engine) == {ProfilePurpose.TX})
        await until(engine, lambda: not evse(engine).asked)
        (held,) = charger.profiles.installed
        assert (held.purpose, held.periods[0].limit) == (Purpose.TX_DEFAULT, 10)
