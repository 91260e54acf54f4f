"""A car that leaves in the morning, in a real Home Assistant: it waits for the cheap hours, and its charger knows the plan."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from playwright.async_api import expect
import pytest

from script.browser import chromium, chromium_path
from script.flows import FlowPath, walk_flow
from script.home_assistant import HomeAssistant
from tests.simulator import Charger, Status, Vehicle
from tests.simulator.profiles import Profile

from .house import House, until
from .test_circuits_panel import panel_of
from .test_panel import SCREENSHOTS
from .test_prices import rows

HOUR: Final = timedelta(hours=1)
CHEAP_IN: Final = 3
"""Hours from the present one."""


def cheap_later(hass: HomeAssistant, house: House) -> None:
    """Add a market price that falls in some hours."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    prices = [0.40] * CHEAP_IN + [0.10] * 4 + [0.35] * 20
    attributes = {"unit_of_measurement": "EUR/kWh", "raw_today": rows(now, *prices)}
    hass.api.post("/api/states/sensor.market", {"state": "0.40", "attributes": attributes})
    market = house.add("tariff", user="price_entity", name="Market", entity_id="sensor.market")
    walk_flow(hass.api, FlowPath.OPTIONS, house.entry, {"import_tariff": market})


def cheap_hour() -> datetime:
    """Return when it falls, in UTC."""
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + CHEAP_IN * HOUR


def furnish(hass: HomeAssistant, house: House) -> str:
    """Add that price, and a driver with a car; returns the charger."""
    cheap_later(hass, house)
    driver = house.add("driver", name="Bea", tags=["TAG-BEA"])
    house.add("vehicle", name="Zoe", driver=driver, battery_kwh=50, goal_percent=60, phases="3")
    return house.add("charger", charger_id="ONE", name="ONE")


def act(hass: HomeAssistant, domain: str, action: str, **data: object) -> None:
    """Call an action of Home Assistant."""
    hass.api.call_service(domain, action, **data)


def planned(charger: Charger) -> list[Profile]:
    """Return the plan its charger holds."""
    return [each for each in charger.profiles.installed if each.stack_level == 1]


def draws(charger: Charger) -> list[datetime]:
    """Return from when on its car may draw, by the plan that a charger holds."""
    (profile,) = planned(charger)
    begin = profile.start_schedule
    assert begin is not None
    return [begin + timedelta(seconds=each.start) for each in profile.periods if each.limit >= 6]


async def consider(hass: HomeAssistant, house: House) -> None:
    """Raise the goal in the panel, read what that means, and apply it."""
    async with chromium() as browser, panel_of(browser, hass, "plan", locale="en-GB") as page:
        car = page.locator("ev-plan-car").filter(has_text="Zoe")
        await car.get_by_label("Goal of Zoe").fill("75")
        told = car.locator("ev-plan-preview [role=status]")
        await expect(told).to_contain_text("with 75%")
        await expect(told).to_contain_text("more than now")
        await expect(car.locator("ev-plan-preview li")).to_have_count(2)
        await expect(car.locator("ev-plan-preview")).to_contain_text("Charged at once: ready")
        assert house.states()["number.zoe_charge_to"] == "60"
        await page.screenshot(path=SCREENSHOTS / "plan-preview.png", animations="disabled")
        await car.get_by_role("button", name="Apply").click()
        await expect(car.locator("ev-plan-preview")).to_have_count(0)
    await until(lambda: house.states()["number.zoe_charge_to"] == "75")


@pytest.mark.timeout(240)
async def test_a_car_waits_for_the_cheap_hours(house: House, hass: HomeAssistant) -> None:
    """The reason says until when, the sensors say what comes of it, and the charger holds the whole plan."""
    one = await asyncio.to_thread(furnish, hass, house)
    zone = ZoneInfo(hass.api.get("/api/config")["time_zone"])
    leaves = datetime.now(zone) + 14 * HOUR
    await until(lambda: "time.zoe_departure" in house.states())
    act(hass, "time", "set_value", entity_id="time.zoe_departure", time=f"{leaves:%H:%M:%S}")
    async with Charger(house.url, "ONE") as charger:
        await charger.plug_in(1, Vehicle(capacity_kwh=50, max_amps=16))
        await charger.present_tag(1, "TAG-BEA")
        await charger.wait_for(1, Status.CHARGING)
        act(hass, "select", "select_option", entity_id="select.one_mode", option="smart")
        reason = await until(lambda: house.entity("limit_reason", one))
        cheap = cheap_hour()
        words = f"Waiting until {cheap.astimezone(zone):%H:%M}, as planned"
        await until(lambda: house.states()[reason] == words, within=60)
        await charger.wait_for(1, Status.SUSPENDED_EVSE, within=30)
        await charger.wait_until(lambda: bool(planned(charger)), 60)
        assert abs(draws(charger)[0] - cheap) < timedelta(minutes=1)
        if chromium_path() is not None:
            await consider(hass, house)
        act(hass, "number", "set_value", entity_id="number.zoe_charge_to", value=1)
        await until(lambda: "it has what was wanted" in house.states()[reason], within=60)
    assert charger.violations == []
