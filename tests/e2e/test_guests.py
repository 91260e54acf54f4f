"""A stranger's car, in a real Home Assistant: somebody says what it is to have and by when, and its charger gets the plan."""

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from script.home_assistant import HomeAssistant
from tests.simulator import Charger, Status, Vehicle

from .house import House, until
from .test_planning import HOUR, act, cheap_hour, cheap_later, draws, planned


def furnish(hass: HomeAssistant, house: House) -> str:
    """Add a price that falls in some hours, and a driver who has no car here; returns the charger."""
    cheap_later(hass, house)
    house.add("driver", name="Bea", tags=["TAG-BEA"])
    return house.add("charger", charger_id="ONE", name="ONE")


def device_of(hass: HomeAssistant, entity: str) -> str:
    """Return the device of an entity."""
    listed = hass.api.call_ws("config/entity_registry/list")
    return str(next(each["device_id"] for each in listed if each["entity_id"] == entity))


@pytest.mark.timeout(240)
async def test_a_guest_gets_what_somebody_says_by_then(house: House, hass: HomeAssistant) -> None:
    """The charger holds the plan, the sensors tell it, and both are over with the visit."""
    one = await asyncio.to_thread(furnish, hass, house)
    leaves = datetime.now(ZoneInfo(hass.api.get("/api/config")["time_zone"])) + 14 * HOUR
    async with Charger(house.url, "ONE") as charger:
        await charger.plug_in(1, Vehicle(capacity_kwh=50, max_amps=16))
        await charger.present_tag(1, "TAG-BEA")
        await charger.wait_for(1, Status.CHARGING)
        act(hass, "select", "select_option", entity_id="select.one_mode", option="smart")
        device = await asyncio.to_thread(device_of, hass, "select.one_mode")
        given = {"device_id": device, "at": leaves.isoformat(), "energy": 12}
        act(hass, "ev_station", "set_departure", **given)
        state = await until(lambda: house.entity("plan_state", one))
        await until(lambda: house.states()[state] == "on_track", within=60)
        energy = await until(lambda: house.entity("planned_energy", one))
        # What it drew since it was plugged in is no longer missing.
        assert 10 < float(house.states()[energy]) < 12.1
        # It may draw at once for a moment, to show its phases.
        soon = timedelta(minutes=30)

        def waits() -> bool:
            later = [at for at in draws(charger) if at - datetime.now(at.tzinfo) > soon]
            return bool(later) and abs(later[0] - cheap_hour()) < timedelta(minutes=1)

        await charger.wait_until(lambda: bool(planned(charger)) and waits(), 60)
        await charger.unplug(1)
        await until(lambda: house.states()[state] == "unknown")
    assert charger.violations == []
