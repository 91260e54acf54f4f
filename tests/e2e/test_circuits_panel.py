"""The circuits in a real browser: what the meters say is what people see, and who waits says why."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from playwright.async_api import Browser, Locator, Page, expect
import pytest
import pytest_asyncio

from script.browser import chromium, chromium_path, open_page, signed_in
from script.flows import FlowPath, walk_flow
from script.home_assistant import HomeAssistant
from script.onboarding import log_in
from tests.simulator import Charger, Status, Vehicle

from .house import House
from .test_circuits import METERS, Meter
from .test_panel import DESKTOP, LOOKS, PATIENCE_MS, SCREENSHOTS, add_user, watched

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(chromium_path() is None, reason="Chromium is not installed"),
]
expect.set_options(timeout=PATIENCE_MS)
POWERS: Final = {"grid_power": 3000, "solar_power": 5000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A main fuse with meters, a garage below it, and a car that charges there."""

    hass: HomeAssistant
    house: House
    browser: Browser
    meter: Meter
    guest_token: str


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(hass: HomeAssistant, house: House) -> AsyncIterator[Scene]:
    """Let Bea charge in the garage while the meters speak."""
    async with chromium() as browser:
        async with panel_of(browser, hass, "circuits") as page:
            await expect(page.locator("ev-circuits-view")).to_contain_text("No circuit yet")
            await page.screenshot(path=SCREENSHOTS / "circuits-none.png", animations="disabled")
        guest_token = await asyncio.to_thread(furnish, hass, house)
        async with Meter(hass) as meter, Charger(house.url, "ONE") as one:
            await one.plug_in(1, Vehicle(capacity_kwh=200, max_amps=32))
            await one.present_tag(1, "TAG-BEA")
            await one.wait_for(1, Status.CHARGING)
            yield Scene(
                hass=hass, house=house, browser=browser, meter=meter, guest_token=guest_token
            )


def furnish(hass: HomeAssistant, house: House) -> str:
    """Add meters, the sun, a driver, chargers and circuits; returns a guest's token."""
    for name in ("Meter L1", "Meter L2", "Meter L3"):
        number(hass, name, "A", 4)
    for name, watts in POWERS.items():
        number(hass, name.replace("_", " "), "W", watts)
    add_user(house, "Guest")
    house.add("driver", name="Bea", tags=["TAG-BEA"])
    one = house.add("charger", charger_id="ONE", name="Garage left")
    two = house.add("charger", charger_id="TWO", name="Garage right")
    meters = {meter: f"input_number.meter_l{phase}" for phase, meter in enumerate(METERS, 1)}
    main = house.add("circuit", name="Main fuse", limit_a=36, assumed_load_a=20, **meters)
    house.add(
        "circuit", name="Garage", limit_a=16, assumed_load_a=2, chargers=[one, two], parent=main
    )
    sun = {power: f"input_number.{power}" for power in POWERS}
    walk_flow(house.api, FlowPath.OPTIONS, house.entry, sun)
    return log_in(house.api.url, "guest", "guest-drives")


def number(hass: HomeAssistant, name: str, unit: str, initial: float) -> None:
    """Add an entity one can turn by hand."""
    hass.api.call_ws(
        "input_number/create",
        name=name,
        min=-20000,
        max=20000,
        step=0.1,
        initial=initial,
        unit_of_measurement=unit,
    )


@asynccontextmanager
async def panel_of(
    browser: Browser, hass: HomeAssistant, view: str, token: str | None = None, **options: Any
) -> AsyncIterator[Page]:
    """Open a view of the panel."""
    asked = {"viewport": DESKTOP} | options
    async with watched(await signed_in(browser, hass, token or hass.token, **asked)) as context:
        page = await open_page(context, f"/ev-station/{view}")
        page.set_default_timeout(PATIENCE_MS)
        await expect(page.locator("ev-station-panel main > *").first).to_be_visible()
        yield page


def circuit(page: Page, name: str) -> Locator:
    """Return a circuit's card."""
    return page.locator("ev-circuits-view article").filter(has=page.locator("h2", has_text=name))


async def test_every_circuit_says_what_flows_and_what_is_free(scene: Scene) -> None:
    async with panel_of(scene.browser, scene.hass, "circuits") as page:
        garage = circuit(page, "Garage")
        await expect(garage.locator(".phases li").first).to_contain_text("16 of 16 A")
        await expect(garage.locator(".phases .free").first).to_have_text("0 A free")
        await expect(garage.locator(".notes")).to_contain_text("No meter: 2 A are assumed")
        await expect(garage.locator(".places")).to_contain_text("Bea · Garage left")
        await expect(garage.locator(".places")).to_contain_text("14 A: fair share of Garage on L1")
        main = circuit(page, "Main fuse")
        await expect(main.locator(".legend")).to_contain_text("Bea · Garage left")
        await expect(main.locator(".phases li")).to_have_count(3)


async def test_the_strip_says_where_power_comes_from(scene: Scene) -> None:
    async with panel_of(scene.browser, scene.hass, "now") as page:
        strip = page.locator("ev-now-view .strip")
        await expect(strip).to_contain_text("Comes from")
        await expect(strip).to_contain_text("Solar 5.0kW")
        await strip.locator(".tight").click()
        await expect(page.locator("ev-circuits-view")).to_be_visible()
        assert page.url.endswith("/ev-station/circuits")


async def test_who_has_to_wait_says_why_and_whose_turn_is_next(scene: Scene) -> None:
    async with panel_of(scene.browser, scene.hass, "circuits") as page:
        scene.meter.amps[0] = 95
        main, garage = circuit(page, "Main fuse"), circuit(page, "Garage")
        await expect(main.locator(".phases .over")).to_contain_text("too much")
        await expect(main.locator(".notes")).to_contain_text("More flows than the limit allows")
        await expect(garage.locator(".places")).to_contain_text("Waiting: no room in Main fuse")
        await expect(main.locator(".turn")).to_have_text("Next in turn")
        await page.screenshot(
            path=SCREENSHOTS / "circuits-overload.png", full_page=True, animations="disabled"
        )
        scene.meter.amps[0] = 4
        await expect(main.locator(".phases .over")).to_have_count(0)


async def test_who_is_no_administrator_sees_amperes_but_no_names(scene: Scene) -> None:
    async with panel_of(scene.browser, scene.hass, "circuits", scene.guest_token) as page:
        await expect(circuit(page, "Garage").locator(".phases li")).to_have_count(3)
        await expect(page.locator("ev-circuits-view")).not_to_contain_text("Bea")
        await expect(page.locator("ev-circuits-view a")).to_have_count(0)


@pytest.mark.parametrize("view", ["now", "circuits"])
@LOOKS
async def test_nothing_overflows(
    scene: Scene, view: str, look: str, options: dict[str, Any]
) -> None:
    async with panel_of(scene.browser, scene.hass, view, **options) as page:
        await expect(page.locator("ev-station-panel main")).to_contain_text("Garage left")
        await page.screenshot(
            path=SCREENSHOTS / f"site-{view}-{look}.png", full_page=True, animations="disabled"
        )
        content, window = await page.evaluate(
            "[document.documentElement.scrollWidth, window.innerWidth]"
        )
        assert content <= window


async def test_the_owner_is_led_to_the_circuits_settings(scene: Scene) -> None:
    async with panel_of(scene.browser, scene.hass, "circuits") as page:
        await circuit(page, "Garage").get_by_role("link", name="Settings of Garage").click()
        await page.wait_for_url("**/config/integrations/integration/ev_station*")
        await expect(page.get_by_text("Add circuit").first).to_be_visible()
        await page.screenshot(path=SCREENSHOTS / "circuits-settings.png", full_page=True)
