"""The panel in a real browser: what people see is what the charger's meter and the ledger say."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import csv
from dataclasses import dataclass
from decimal import Decimal
import io
from pathlib import Path
import re
from typing import Any, Final

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect
import pytest
import pytest_asyncio

from script.browser import chromium, chromium_path, open_page, signed_in
from script.home_assistant import HomeAssistant
from script.onboarding import log_in
from tests.simulator import Charger, Status, Vehicle

from .house import House, cents, until

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(chromium_path() is None, reason="Chromium is not installed"),
]

HASTE: Final = 60
SAMPLE_INTERVAL_S: Final = 300
"""So long that what is shown meanwhile was asked for."""
PRICES: Final = {"Anna": Decimal("0.31"), "Bea": Decimal("0.27")}
SCREENSHOTS: Final = Path(__file__).parent / "screenshots"
DESKTOP: Final = {"width": 1280, "height": 900}
PHONE: Final = {"width": 390, "height": 844}
LOOKS: Final = pytest.mark.parametrize(
    ("look", "options"),
    [
        ("light", {"color_scheme": "light"}),
        ("dark", {"color_scheme": "dark"}),
        ("phone", {"viewport": PHONE, "device_scale_factor": 2, "is_mobile": True}),
    ],
)
PATIENCE_MS: Final = 30_000
expect.set_options(timeout=PATIENCE_MS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A site with two ended sessions on the carport and one that goes on in the garage."""

    hass: HomeAssistant
    house: House
    browser: Browser
    garage: Charger
    carport: Charger
    bea_token: str


@pytest.fixture(scope="module")
def house(hass: HomeAssistant) -> House:
    """Return a site whose chargers report seldom by themselves."""
    return House(hass, sample_interval_s=SAMPLE_INTERVAL_S)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(hass: HomeAssistant, house: House) -> AsyncIterator[Scene]:
    """Let Bea and Anna charge in the carport, and Anna go on in the garage."""
    bea_token = await asyncio.to_thread(furnish, house)
    async with (
        chromium() as browser,
        Charger(house.url, "CARPORT-1", haste=HASTE, tick=0.1) as carport,
        Charger(house.url, "GARAGE-1", haste=HASTE, tick=0.1) as garage,
    ):
        for wh, driver in ((1500, "Bea"), (2500, "Anna")):
            await charge(carport, driver, wh)
        await until(lambda: len(house.billing()["lines"]) == 2)
        await begin(garage, "Anna")
        yield Scene(
            hass=hass,
            house=house,
            browser=browser,
            garage=garage,
            carport=carport,
            bea_token=bea_token,
        )
    assert not carport.violations
    assert not garage.violations


def furnish(house: House) -> str:
    """Add drivers, Bea with a login of her own, and chargers; returns Bea's token."""
    person = add_user(house, "Bea")
    for name, price in PRICES.items():
        tariff = house.add("tariff", user="fixed", name=f"{name}'s", price=float(price))
        own = {"person": person} if name == "Bea" else {}
        house.add("driver", name=name, tags=[tag_of(name)], tariff=tariff, **own)
    house.share_sheet()
    for charger, name in (("CARPORT-1", "Carport"), ("GARAGE-1", "Garage")):
        house.add("charger", charger_id=charger, name=name)
    return log_in(house.api.url, "bea", "bea-drives")


def add_user(house: House, name: str) -> str:
    """Add a user who is no administrator; returns their person's entity."""
    call = house.api.call_ws
    user = call("config/auth/create", name=name, group_ids=["system-users"])["user"]["id"]
    call(
        "config/auth_provider/homeassistant/create",
        user_id=user,
        username=name.lower(),
        password=f"{name.lower()}-drives",
    )
    call("person/create", name=name, user_id=user, device_trackers=[])
    return f"person.{name.lower()}"


def tag_of(driver: str) -> str:
    """Return what a driver holds to the reader."""
    return f"TAG-{driver.upper()}"


async def begin(charger: Charger, driver: str) -> None:
    """Start a session."""
    await charger.plug_in(1, Vehicle(capacity_kwh=400))
    await charger.present_tag(1, tag_of(driver))
    await charger.wait_for(1, Status.CHARGING)


async def charge(charger: Charger, driver: str, wh: int) -> None:
    """Charge at least that much and drive away."""
    await begin(charger, driver)
    truth = charger.truth[-1]
    await charger.wait_until(lambda: truth.wh >= wh, within=60)
    await charger.unplug(1)
    await charger.wait_for(1, Status.AVAILABLE)


@asynccontextmanager
async def watched(context: BrowserContext) -> AsyncIterator[BrowserContext]:
    """Close the context in the end; nothing may have failed in it."""
    failures: list[str] = []
    context.on(
        "console",
        lambda message: failures.append(message.text) if message.type == "error" else None,
    )
    context.on("weberror", lambda error: failures.append(str(error.error)))
    context.on(
        "requestfailed", lambda request: failures.append(f"{request.url}: {request.failure}")
    )
    context.on(
        "response",
        lambda answer: failures.append(f"{answer.url}: {answer.status}") if not answer.ok else None,
    )
    yield context
    await context.close()
    assert failures == []


@asynccontextmanager
async def panel(
    scene: Scene, view: str = "now", *, token: str | None = None, **options: Any
) -> AsyncIterator[Page]:
    """Open a view of the panel, as the owner unless told otherwise."""
    asked = {"viewport": DESKTOP} | options
    context = await signed_in(scene.browser, scene.hass, token or scene.hass.token, **asked)
    async with watched(context):
        page = await open_page(context, f"/ev-station/{view}")
        page.set_default_timeout(PATIENCE_MS)
        await expect(page.locator("ev-station-panel main > *").first).to_be_visible()
        yield page


def card(page: Page, name: str) -> Locator:
    """Return an EVSE's card."""
    return page.locator("ev-evse-card").filter(has=page.locator("h2", has_text=name))


def row(page: Page, name: str) -> Locator:
    """Return a driver's row, or the total's."""
    return page.locator("ev-billing-view tr").filter(has=page.locator("th", has_text=name))


async def figures(cells: Locator) -> list[Decimal]:
    """Return the number in each cell."""
    texts = await cells.all_inner_texts()
    return [Decimal(re.sub(r"[^\d.-]", "", text)) for text in texts]


def by_hand(scene: Scene, *drivers: str) -> list[tuple[Decimal, Decimal]]:
    """Return kWh and amount of what drivers charged in the carport, by the charger's own meter."""
    counted = [
        (name, Decimal((truth.meter_stop or 0) - truth.meter_start) / 1000)
        for truth in scene.carport.truth
        for name in drivers
        if truth.tag == tag_of(name)
    ]
    return [(kwh, cents(kwh * PRICES[name])) for name, kwh in counted]


async def test_now_shows_who_charges_how_fast_and_at_what_cost(scene: Scene) -> None:
    """The power is there although the charger would not report for minutes."""
    async with panel(scene) as page:
        garage = card(page, "Garage")
        kilowatts = scene.garage.connectors[1].watts / 1000
        await expect(garage.locator(".display")).to_have_text(f"{kilowatts:.1f}kW")
        await expect(garage.locator(".title p")).to_have_text("Anna")
        await expect(garage.locator(".state")).to_contain_text("Charging, 16 A on three phases")
        least = scene.garage.truth[0].wh
        before = await figures(garage.locator(".so-far dd").first)
        await ask_for_meter_values(scene)
        await expect(garage.locator(".so-far dd").first).not_to_have_text(f"{before[0]:.2f}kWh")
        energy, cost = await figures(garage.locator(".so-far div:nth-child(-n + 2) dd"))
        most = scene.garage.truth[0].wh
        assert least - 10 <= energy * 1000 <= most + 10
        # Shown to 10 Wh and a cent.
        assert abs(cost - energy * PRICES["Anna"]) <= Decimal("0.007")
        total = page.locator("ev-now-view .strip .display")
        await expect(total).to_have_text(f"{kilowatts:.1f}kW")
        await expect(card(page, "Carport").locator(".display")).to_have_text("0.0kW")


async def ask_for_meter_values(scene: Scene) -> None:
    """Press the charger's button that asks it for news."""
    house = scene.house
    (charger,) = [key for key, title in house.subentries("charger").items() if title == "Garage"]
    entity = house.entity("refresh", charger)
    await asyncio.to_thread(house.api.call_service, "button", "press", entity_id=entity)


async def test_billing_shows_what_the_meter_counted(scene: Scene) -> None:
    async with panel(scene, "billing") as page:
        await expect(page.locator("ev-billing-view tr.driver")).to_have_count(2)
        every = by_hand(scene, "Anna", "Bea")
        assert len(every) == 2
        for name in PRICES:
            ((kwh, amount),) = by_hand(scene, name)
            assert await figures(row(page, name).locator("td")) == [kwh, 1, amount]
        kwh, amount = (sum(column, Decimal(0)) for column in zip(*every, strict=True))
        assert await figures(row(page, "Total").locator("td")) == [kwh, 2, amount]
        told = (await asyncio.to_thread(scene.house.billing))["total"]
        assert (Decimal(told["energy_wh"]), Decimal(told["amounts"]["EUR"])) == (kwh * 1000, amount)
        await page.get_by_role("button", name="Bea").click()
        line = page.locator("ev-billing-view tr.line")
        ((kwh, amount),) = by_hand(scene, "Bea")
        assert await figures(line.locator("td.number")) == [kwh, amount]


async def test_the_csv_is_saved_and_agrees(scene: Scene) -> None:
    async with panel(scene, "billing") as page:
        rows = await saved_csv(page)
    expected = {name: by_hand(scene, name)[0] for name in PRICES}
    assert {
        each["driver"]: (Decimal(each["kwh"]), Decimal(each["amount"])) for each in rows
    } == expected


async def saved_csv(page: Page) -> list[dict[str, str]]:
    """Press CSV and read what the browser saved."""
    async with page.expect_download() as download:
        await page.get_by_role("button", name="CSV").click()
    file = await download.value
    assert file.suggested_filename.endswith(".csv")
    text = Path(await file.path()).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


async def test_the_sheet_prints_alone_on_one_page(scene: Scene) -> None:
    async with panel(scene, "billing") as page:
        await row(page, "Total").wait_for()
        paper = await page.pdf(format="A4", path=SCREENSHOTS / "sheet.pdf", print_background=True)
        assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
        await page.emulate_media(media="print")
        await page.set_viewport_size({"width": 794, "height": 1123})
        await page.screenshot(path=SCREENSHOTS / "print.png")
        await expect(page.locator("ev-station-panel header")).to_be_hidden()
        await expect(page.get_by_role("button", name="CSV")).to_be_hidden()
        await expect(row(page, "Total")).to_be_visible()
        await expect(page.locator("ev-billing-view .toolbar")).to_contain_text("Household")


async def test_a_driver_sees_only_what_is_theirs(scene: Scene) -> None:
    async with panel(scene, token=scene.bea_token) as page:
        garage = card(page, "Garage")
        await expect(garage.locator(".state")).to_contain_text("Charging")
        await expect(page.locator("ev-now-view")).not_to_contain_text("Anna")
        await expect(garage.locator(".so-far")).to_have_count(0)
        await expect(garage.get_by_role("button", name="Stop")).to_have_count(0)
        await expect(page.get_by_role("button", name="Connect another charger")).to_have_count(0)
    async with panel(scene, "billing", token=scene.bea_token) as page:
        await expect(page.locator("ev-billing-view tr.driver")).to_have_count(1)
        ((kwh, amount),) = by_hand(scene, "Bea")
        assert await figures(row(page, "Total").locator("td")) == [kwh, 1, amount]
        await expect(page.locator("ev-billing-view")).not_to_contain_text("Anna")
        assert [each["driver"] for each in await saved_csv(page)] == ["Bea"]


async def test_another_language_is_fetched_and_spoken(scene: Scene) -> None:
    async with panel(scene, "billing", locale="de-DE") as page:
        await expect(page.locator("ev-station-panel nav a")).to_have_text(
            ["Jetzt", "Plan", "Stromkreise", "Abrechnung"]
        )
        await page.get_by_role("button", name="Anna").click()
        await page.locator("ev-billing-view tr.line").click()
        await expect(page.locator("ev-billing-view")).to_contain_text("Zähler")
        await page.screenshot(path=SCREENSHOTS / "billing-german.png", animations="disabled")


async def opened_connect_guide(page: Page) -> None:
    """Ask how to connect another charger."""
    await page.get_by_role("button", name="Connect another charger").click()
    await expect(page.locator("ev-connect-guide")).to_contain_text("ws://127.0.0.1")


async def opened_line(page: Page) -> None:
    """Open a driver and the evidence of a session."""
    await page.get_by_role("button", name="Anna").click()
    await page.locator("ev-billing-view tr.line").click()
    await expect(page.locator("ev-billing-view code")).to_be_visible()


OPENED: Final = {"now": opened_connect_guide, "billing": opened_line}
"""How to see the most of each view."""


@pytest.mark.parametrize("view", OPENED)
@LOOKS
async def test_nothing_overflows(
    scene: Scene, view: str, look: str, options: dict[str, Any]
) -> None:
    async with panel(scene, view, **options) as page:
        await OPENED[view](page)
        await page.evaluate("scrollTo(0, 0)")
        await page.screenshot(
            path=SCREENSHOTS / f"{view}-{look}.png", full_page=True, animations="disabled"
        )
        content, window = await page.evaluate(
            "[document.documentElement.scrollWidth, window.innerWidth]"
        )
        assert content <= window


async def test_a_reload_of_the_site_leaves_the_page_live(scene: Scene) -> None:
    async with panel(scene) as page:
        shown = card(page, "Garage").locator(".so-far dd").first
        before = await shown.inner_text()
        await page.evaluate("window.same = true")
        await asyncio.to_thread(
            scene.house.api.call_service,
            "homeassistant",
            "reload_config_entry",
            entry_id=scene.house.entry,
        )
        await scene.garage.wait_online()
        await expect(shown).not_to_have_text(before)
        assert await page.evaluate("window.same")
        assert page.url.endswith("/ev-station/now")


async def test_a_restart_of_home_assistant_leaves_the_page_live(scene: Scene) -> None:
    """Nobody reloads the tablet in the hall."""
    context = await signed_in(scene.browser, scene.hass, scene.hass.token, viewport=DESKTOP)
    page = await open_page(context, "/ev-station/now")
    shown = card(page, "Garage").locator(".so-far dd").first
    before = await shown.inner_text(timeout=PATIENCE_MS)
    await page.evaluate("window.same = true")
    await asyncio.to_thread(scene.hass.restart)
    await scene.garage.wait_online(within=60)
    await expect(shown).not_to_have_text(before, timeout=2 * PATIENCE_MS)
    assert await page.evaluate("window.same")
    await context.close()


async def test_a_charger_that_became_free_shows_no_power(scene: Scene) -> None:
    async with panel(scene) as page:
        garage = card(page, "Garage")
        await expect(garage.locator(".display")).not_to_have_text("0.0kW")
        await scene.garage.unplug(1)
        await expect(garage.locator(".state")).to_have_text("Available")
        await expect(garage.locator(".display")).to_have_text("0.0kW")
        await expect(page.locator("ev-now-view .strip .display")).to_have_text("0.0kW")
