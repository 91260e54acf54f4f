"""Tariffs: one price, prices by the clock, a price another integration knows."""

from datetime import time
from decimal import Decimal
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.ev_station.model.state import SITE, Site, TariffState
from custom_components.ev_station.model.tariff import DayOfWeek, Tariff
from custom_components.ev_station.tariff import build

from .entries import POWER, SiteEntry
from .flows import ABORT, CREATED, FORM, MENU, Subentries, suggested

NIGHT: dict[str, Any] = {
    "days": ["workdays"],
    "start": "22:00:00",
    "end": "06:00:00",
    "price": 0.19,
}
WEEKEND: dict[str, Any] = {
    "days": ["saturday", "sunday"],
    "start": "06:00:00",
    "end": "00:00:00",
    "price": -0.01,
}


@pytest.fixture
def subentries(hass: HomeAssistant, site: SiteEntry) -> Subentries:
    return Subentries(hass, site)


def tariff(subentries: Subentries, title: str) -> Tariff:
    found = subentries.engine.state.get(TariffState, subentries.titled(title).subentry_id)
    assert found is not None
    assert found.settings.name == title
    return found.settings.tariff


async def step(subentries: Subentries, kind: str) -> Any:
    menu = await subentries.add("tariff")
    assert menu["type"] is MENU
    return await subentries.choose(menu, kind)


async def test_one_price(subentries: Subentries) -> None:
    flow = await step(subentries, "fixed")
    result = await subentries.submit(flow, {"name": "Guests", "price": 0.1})
    assert result["type"] is CREATED
    found = tariff(subentries, "Guests")
    assert found == build.fixed(found.id, "EUR", Decimal("0.1"))


async def test_names_tell_tariffs_apart(subentries: Subentries) -> None:
    flow = await step(subentries, "fixed")
    flow = await subentries.submit(flow, {"name": "electricity", "price": 0.1})
    assert flow["errors"] == {"name": "name_taken"}
    flow = await subentries.submit(flow, {"name": " ", "price": 0.1})
    assert flow["errors"] == {"name": "name_missing"}
    assert (await subentries.submit(flow, {"name": "Other", "price": 0}))["type"] is CREATED
    assert subentries.titled("Other").data["price"] == "0"


async def test_one_price_is_changed_in_place(subentries: Subentries) -> None:
    flow = await subentries.change(POWER)
    assert flow["step_id"] == "fixed"
    assert suggested(flow) == {"name": "Electricity", "price": 0.3}
    result = await subentries.submit(flow, {"name": "Electricity", "price": 0.35})
    assert result["type"] is ABORT
    assert result["reason"] == "reconfigure_successful"
    assert tariff(subentries, "Electricity") == build.fixed(POWER, "EUR", Decimal("0.35"))


@pytest.mark.parametrize(("price", "error"), [(-0.01, "price_negative"), (5.01, "price_in_cents")])
async def test_one_price_is_not_one_nobody_means(
    subentries: Subentries, price: float, error: str
) -> None:
    flow = await step(subentries, "fixed")
    flow = await subentries.submit(flow, {"name": "Guests", "price": price})
    assert flow["errors"] == {"price": error}
    assert (await subentries.submit(flow, {"name": "Guests", "price": 5}))["type"] is CREATED
    assert subentries.titled("Guests").data["price"] == "5"


async def test_a_changed_price_is_not_one_nobody_means(subentries: Subentries) -> None:
    flow = await subentries.change(POWER)
    flow = await subentries.submit(flow, {"name": "Electricity", "price": -0.3})
    assert flow["errors"] == {"price": "price_negative"}
    assert tariff(subentries, "Electricity") == build.fixed(POWER, "EUR", Decimal("0.3"))


async def test_a_clock_pays_but_does_not_count_in_cents(subentries: Subentries) -> None:
    flow = await step(subentries, "time_of_use")
    given = {"name": "Clock", "price": 30, "bands": [NIGHT]}
    flow = await subentries.submit(flow, given)
    assert flow["errors"] == {"price": "price_in_cents"}
    flow = await subentries.submit(flow, given | {"price": -0.3, "bands": [NIGHT | {"price": 19}]})
    assert flow["errors"] == {"bands": "price_in_cents"}
    assert (await subentries.submit(flow, given | {"price": -0.3}))["type"] is CREATED


async def test_prices_by_the_clock(subentries: Subentries) -> None:
    flow = await step(subentries, "time_of_use")
    given = {"name": "Clock", "price": 0.3, "bands": [NIGHT, WEEKEND]}
    assert (await subentries.submit(flow, given))["type"] is CREATED
    found = tariff(subentries, "Clock")
    days = tuple(DayOfWeek)
    bands = (
        build.Band(days=days[:5], start=time(22), end=time(6), price=Decimal("0.19")),
        build.Band(days=days[5:], start=time(6), end=time(0), price=Decimal("-0.01")),
    )
    assert found == build.time_of_use(found.id, "EUR", Decimal("0.3"), bands)


async def test_bands_are_shown_as_they_were_given(subentries: Subentries) -> None:
    flow = await step(subentries, "time_of_use")
    await subentries.submit(flow, {"name": "Clock", "price": 0.3, "bands": [NIGHT, WEEKEND]})
    clock = subentries.titled("Clock").subentry_id
    flow = await subentries.change(clock)
    shown = suggested(flow)["bands"]
    assert shown == [
        NIGHT | {"start": "22:00", "end": "06:00"},
        WEEKEND | {"days": ["weekend"], "start": "06:00", "end": "00:00"},
    ]
    result = await subentries.submit(flow, {"name": "Clock", "price": 0.4, "bands": shown[:1]})
    assert result["reason"] == "reconfigure_successful"
    assert len(subentries.titled("Clock").data["bands"]) == 1


@pytest.mark.parametrize(
    ("bands", "error"),
    [
        ([], "no_bands"),
        ([NIGHT | {"days": []}], "band_without_days"),
        ([NIGHT, NIGHT], "bands_overlap"),
        ([NIGHT, WEEKEND | {"start": "05:59:00"}], "bands_overlap"),
        ([NIGHT, NIGHT | {"days": ["sunday"]}, WEEKEND | {"days": ["monday"], "start": "05:00:00"}],
         "bands_overlap"),
        ([NIGHT | {"days": ["every_day"], "start": "08:00:00", "end": "08:00:00"}, WEEKEND],
         "bands_overlap"),
        ([WEEKEND | {"days": ["sunday"], "start": f"00:{minute:02}:00", "end": f"00:{minute + 1:02}:00"}
          for minute in range(25)], "too_many_bands"),
    ],
)  # fmt: skip
async def test_bands_that_make_no_sense_can_be_put_right(
    subentries: Subentries, bands: list[dict[str, Any]], error: str
) -> None:
    flow = await step(subentries, "time_of_use")
    flow = await subentries.submit(flow, {"name": "Clock", "price": 0.3, "bands": bands})
    assert flow["type"] is FORM
    assert flow["errors"] == {"bands": error}
    assert suggested(flow)["bands"] == bands
    result = await subentries.submit(flow, {"name": "Clock", "price": 0.3, "bands": [NIGHT]})
    assert result["type"] is CREATED


async def test_bands_may_touch(subentries: Subentries) -> None:
    bands = [
        NIGHT | {"days": ["every_day"]},
        NIGHT | {"days": ["every_day"], "start": "06:00:00", "end": "22:00:00"},
    ]
    flow = await step(subentries, "time_of_use")
    result = await subentries.submit(flow, {"name": "Clock", "price": 0.3, "bands": bands})
    assert result["type"] is CREATED


NOTHING_MORE = {"vat_percent": 0.0, "bands": [], "holidays": False, "further_entities": []}
ENTITY = {"entity_id": "sensor.price", "factor": 1.21, "surcharge": 0.1, "formula": {}}


async def test_a_price_of_another_integration_is_previewed(subentries: Subentries) -> None:
    subentries.hass.states.async_set(
        "sensor.price", "20", {"unit_of_measurement": "ct/kWh", "friendly_name": "Spot"}
    )
    flow = await step(subentries, "price_entity")
    assert suggested(flow) == {"factor": 1.0, "surcharge": 0.0, "formula": NOTHING_MORE}
    flow = await subentries.submit(flow, {"name": "Market", **ENTITY})
    assert flow["step_id"] == "preview"
    assert flow["description_placeholders"] == {
        "entity": "Spot",
        "source": "20 ct/kWh",
        "price": "0.342 EUR/kWh",
    }
    assert (await subentries.submit(flow))["type"] is CREATED
    found = tariff(subentries, "Market")
    assert found == build.dynamic(found.id, "EUR", Decimal("0.1"))
    series = subentries.engine.state.get(TariffState, found.id)
    assert series is not None
    assert series.series is not None
    assert series.series.intervals[0].price == Decimal("0.242")


@pytest.mark.parametrize("state", ["unavailable", "unknown", None])
async def test_a_price_may_be_missing_at_the_moment(
    subentries: Subentries, state: str | None
) -> None:
    if state:
        subentries.hass.states.async_set("sensor.price", state)
    flow = await step(subentries, "price_entity")
    flow = await subentries.submit(flow, {"name": "Market", **ENTITY})
    assert flow["step_id"] == "preview_later"
    assert (await subentries.submit(flow))["type"] is CREATED
    found = subentries.engine.state.get(TariffState, tariff(subentries, "Market").id)
    assert found is not None
    assert found.series is None


@pytest.mark.parametrize(
    ("state", "unit", "error"),
    [
        ("cheap", None, "price_not_a_number"),
        ("3", "kWh", "price_unit_unknown"),
        ("3", "SEK/kWh", "price_unit_unknown"),
    ],
)
async def test_an_entity_that_knows_no_price_can_be_put_right(
    subentries: Subentries, state: str, unit: str | None, error: str
) -> None:
    subentries.hass.states.async_set("sensor.price", state, {"unit_of_measurement": unit})
    flow = await step(subentries, "price_entity")
    flow = await subentries.submit(flow, {"name": "Market", **ENTITY})
    assert flow["errors"] == {"entity_id": error}
    subentries.hass.states.async_set("sensor.price", "0.2", {"unit_of_measurement": "EUR/kWh"})
    flow = await subentries.submit(flow, {"name": "Market", **ENTITY})
    assert (await subentries.submit(flow))["type"] is CREATED


async def test_a_price_of_another_integration_is_changed_in_place(subentries: Subentries) -> None:
    flow = await subentries.submit(
        await step(subentries, "price_entity"), {"name": "Market", **ENTITY}
    )
    await subentries.submit(flow)
    market = subentries.titled("Market").subentry_id
    flow = await subentries.change(market)
    assert suggested(flow) == {"name": "Market", **ENTITY, "formula": NOTHING_MORE}
    flow = await subentries.submit(flow, {"name": "Market", **ENTITY, "surcharge": 0.2})
    assert (await subentries.submit(flow))["reason"] == "reconfigure_successful"
    assert tariff(subentries, "Market") == build.dynamic(market, "EUR", Decimal("0.2"))


async def test_a_removed_tariff_holds_nowhere(subentries: Subentries) -> None:
    await subentries.remove(POWER)
    found = subentries.engine.state.get(TariffState, POWER)
    assert found is not None
    assert found.removed
    site = subentries.engine.state.get(Site, SITE)
    assert site is not None
    assert site.settings.default_tariff is None
