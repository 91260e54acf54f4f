"""A tariff whose price another integration knows: what is recognised, what is shown, what is refused."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ev_station.model.state import TariffState
from custom_components.ev_station.model.tariff import DayOfWeek
from custom_components.ev_station.tariff import build

from .clocks import Clock
from .entries import SiteEntry
from .flows import CREATED, MENU, Subentries, suggested
from .sources import Source, loaded, rows

NOW = (datetime.now(UTC) + timedelta(days=2)).replace(hour=10, minute=20, second=0, microsecond=0)
"""To come, so that every timer set before is due."""
TEN = NOW.replace(minute=0)
ADDED: dict[str, Any] = {"factor": 1, "surcharge": 0, "formula": {}}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock(NOW)
    monkeypatch.setattr(dt_util, "utcnow", found)
    return found


@pytest.fixture
async def subentries(hass: HomeAssistant, site: SiteEntry, clock: Clock) -> Subentries:
    await hass.config.async_set_time_zone("UTC")
    return Subentries(hass, site)


def lists(hass: HomeAssistant, entity: str, state: str, *prices: float, unit: str | None) -> None:
    attributes = {"prices": rows(TEN, *prices), "unit_of_measurement": unit}
    hass.states.async_set(entity, state, attributes)


async def answer(subentries: Subentries, kind: str, given: dict[str, Any]) -> Any:
    menu = await subentries.add("tariff")
    assert menu["type"] is MENU
    flow = await subentries.choose(menu, kind)
    return await subentries.submit(flow, {"name": "Market", **ADDED, **given})


def on_one_device(hass: HomeAssistant, entry: MockConfigEntry, *entities: str) -> None:
    """Register entities of an integration that belong to the same device."""
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(entry.domain, "1")}
    )
    for domain, key in (each.split(".") for each in entities):
        er.async_get(hass).async_get_or_create(
            domain, entry.domain, key,
            suggested_object_id=key, config_entry=entry, device_id=device.id,
        )  # fmt: skip


def shown(flow: Any) -> dict[str, str]:
    assert flow["step_id"] == "preview_list", flow.get("errors")
    words: dict[str, str] = flow["description_placeholders"]
    return words


async def test_a_list_is_recognised_and_shown(subentries: Subentries) -> None:
    lists(subentries.hass, "sensor.spot", "20", 20, 25, -10, unit="ct/kWh")
    night = {"days": ["every_day"], "start": "11:00:00", "end": "12:00:00", "price": 0.1}
    given = {
        "entity_id": "sensor.spot",
        "surcharge": 0.02,
        "formula": {"vat_percent": 10, "bands": [night]},
    }
    flow = await answer(subentries, "price_entity", given)
    assert shown(flow) == {
        "entity": "spot (20 ct/kWh)",
        "source": "20 ct/kWh",
        "shape": "Strømligning",
        "count": "3",
        "until": f"{TEN:%Y-%m-%d} 13:00",
        "price": "0.242 EUR/kWh",
        "following": "11:00 0.385, 12:00 -0.088",
    }
    assert (await subentries.submit(flow))["type"] is CREATED
    key = subentries.titled("Market").subentry_id
    found = subentries.engine.state.get(TariffState, key)
    assert found is not None
    band = build.Band(
        days=tuple(DayOfWeek),
        start=datetime(2026, 1, 1, 11, tzinfo=UTC).time(),
        end=datetime(2026, 1, 1, 12, tzinfo=UTC).time(),
        price=Decimal("0.11"),
    )
    assert found.settings.tariff == build.dynamic(key, "EUR", Decimal("0.022"), [band])
    assert found.series is not None
    assert [each.price for each in found.series.intervals] == [
        Decimal("0.22"),
        Decimal("0.275"),
        Decimal("-0.11"),
    ]
    flow = await subentries.change(key)
    assert suggested(flow)["formula"] == {
        "vat_percent": 10,
        "holidays": False,
        "bands": [night | {"start": "11:00", "end": "12:00"}],
        "further_entities": [],
    }


async def test_plain_lists_are_named_in_words(subentries: Subentries) -> None:
    subentries.hass.states.async_set("sensor.spot", "1", {"mine": [
        {"start": each["start"], "rate": each["price"]} for each in rows(TEN, 1, 2)
    ]})  # fmt: skip
    flow = await answer(subentries, "price_entity", {"entity_id": "sensor.spot"})
    assert shown(flow)["shape"] == "a list of prices"


@pytest.mark.parametrize(
    ("prices", "error"),
    [
        ((250, 240), "prices_per_mwh"),
        ((25, 24), "prices_too_dear"),
        ((0.0002, 0.0001), "prices_too_cheap"),
    ],
)
async def test_prices_nobody_pays_are_asked_about(
    subentries: Subentries, prices: tuple[float, ...], error: str
) -> None:
    lists(subentries.hass, "sensor.spot", "1", *prices, unit="EUR/kWh")
    flow = await answer(subentries, "price_entity", {"entity_id": "sensor.spot"})
    assert flow["errors"] == {"entity_id": error}
    given = {"name": "Market", **ADDED, "entity_id": "sensor.spot"}
    flow = await subentries.submit(flow, {**given, "formula": {"counts_in": "mwh"}})
    assert shown(flow)["price"].endswith(" EUR/kWh")
    assert (await subentries.submit(flow))["type"] is CREATED
    assert subentries.titled("Market").data["counts_in"] == "mwh"


async def test_a_single_price_nobody_pays_is_asked_about(subentries: Subentries) -> None:
    subentries.hass.states.async_set("sensor.spot", "250")
    flow = await answer(subentries, "price_entity", {"entity_id": "sensor.spot"})
    assert flow["errors"] == {"entity_id": "prices_per_mwh"}


async def test_nothing_listed_yet(subentries: Subentries) -> None:
    subentries.hass.states.async_set("sensor.spot", "unknown", {"raw_today": None})
    flow = await answer(subentries, "price_entity", {"entity_id": "sensor.spot"})
    assert flow["step_id"] == "preview_later"
    assert (await subentries.submit(flow))["type"] is CREATED


async def test_the_list_of_the_same_device_is_found(subentries: Subentries) -> None:
    """ENTSO-e lists its prices on the entity of the average."""
    hass = subentries.hass
    entry = loaded(hass, "entsoe", "ENTSO-e")
    keys = ("current", "average", "excluding_tax", "name", "gas")
    on_one_device(hass, entry, *(f"sensor.{key}" for key in keys))
    hass.states.async_set("sensor.current", "0.2", {"unit_of_measurement": "EUR/kWh"})
    lists(hass, "sensor.average", "0.3", 0.2, 0.3, unit="EUR/kWh")
    lists(hass, "sensor.excluding_tax", "0.1", 0.1, 0.2, unit="EUR/kWh")
    hass.states.async_set("sensor.name", "Spot")
    flow = await answer(subentries, "price_entity", {"entity_id": "sensor.current"})
    assert shown(flow)["following"] == "11:00 0.3"
    await subentries.submit(flow)
    assert subentries.titled("Market").data["further_entities"] == ["sensor.average"]


async def test_octopus_lists_each_day_on_an_entity(subentries: Subentries) -> None:
    hass = subentries.hass
    entry = loaded(hass, "octopus_energy", "Octopus")
    on_one_device(hass, entry, "sensor.rate", "event.today", "event.tomorrow")
    hass.states.async_set("sensor.rate", "0.2", {"unit_of_measurement": "EUR/kWh"})
    for key, start in (("event.today", TEN), ("event.tomorrow", TEN + timedelta(hours=1))):
        (row,) = rows(start, 0.2)
        hass.states.async_set(key, NOW.isoformat(), {"rates": [row | {"value_inc_vat": 0.2}]})
    flow = await answer(subentries, "price_entity", {"entity_id": "sensor.rate"})
    assert shown(flow)["count"] == "2"
    await subentries.submit(flow)
    assert subentries.titled("Market").data["further_entities"] == ["event.today", "event.tomorrow"]


async def test_lists_beside_what_is_no_price_are_no_prices(subentries: Subentries) -> None:
    hass = subentries.hass
    entry = loaded(hass, "entsoe", "Meter")
    on_one_device(hass, entry, "sensor.energy", "sensor.average")
    hass.states.async_set("sensor.energy", "5", {"unit_of_measurement": "kWh"})
    lists(hass, "sensor.average", "0.3", 5, unit="EUR/kWh")
    flow = await answer(subentries, "price_entity", {"entity_id": "sensor.energy"})
    assert flow["errors"] == {"entity_id": "price_unit_unknown"}


async def test_an_entity_without_a_device_has_no_company(subentries: Subentries) -> None:
    subentries.hass.states.async_set("sensor.spot", "0.2", {"unit_of_measurement": "EUR/kWh"})
    flow = await answer(subentries, "price_entity", {"entity_id": "sensor.spot"})
    assert flow["step_id"] == "preview"


@pytest.mark.parametrize(
    ("formula", "error"),
    [
        ({"template": "dear"}, "template_says_no_number"),
        (
            {"bands": [{"days": [], "start": "00:00:00", "end": "01:00:00", "price": 0.1}]},
            "band_without_days",
        ),
    ],
)
async def test_what_comes_on_top_can_be_put_right(
    subentries: Subentries, formula: dict[str, Any], error: str
) -> None:
    lists(subentries.hass, "sensor.spot", "1", 0.2, unit="EUR/kWh")
    given = {"entity_id": "sensor.spot", "formula": formula}
    flow = await answer(subentries, "price_entity", given)
    assert flow["errors"] == {"base": error}


# Integrations that are asked


async def test_nobody_can_be_asked(subentries: Subentries) -> None:
    menu = await subentries.add("tariff")
    assert menu["menu_options"] == ["fixed", "time_of_use", "price_entity"]


async def test_an_integration_is_asked_and_its_area_chosen(subentries: Subentries) -> None:
    areas = {"SE3": rows(TEN, 250, 300), "SE4": rows(TEN, 350, 400)}
    source = Source(subentries.hass, "nordpool", "get_prices_for_date", lambda _: areas)
    flow = await answer(subentries, "price_integration", {"source": source.entry.entry_id})
    assert flow["step_id"] == "channel"
    assert suggested(flow) == {"channel": "SE3"}
    flow = await subentries.submit(flow, {"channel": "SE4"})
    words = shown(flow)
    assert (words["entity"], words["shape"], words["count"]) == ("Nordpool", "Nord Pool", "2")
    assert (words["price"], words["following"]) == ("0.35 EUR/kWh", "11:00 0.4")
    assert (await subentries.submit(flow))["type"] is CREATED
    await subentries.hass.async_block_till_done(wait_background_tasks=True)
    market = subentries.titled("Market")
    assert (market.data["source"], market.data["channel"]) == (source.entry.entry_id, "SE4")
    found = subentries.engine.state.get(TariffState, market.subentry_id)
    assert found is not None
    assert found.series is not None
    assert found.series.intervals[0].price == Decimal("0.35")
    flow = await subentries.change(market.subentry_id)
    assert suggested(flow)["source"] == source.entry.entry_id
    flow = await subentries.submit(
        flow, {"name": "Market", **ADDED, "source": source.entry.entry_id}
    )
    assert suggested(flow) == {"channel": "SE4"}


async def test_prices_in_another_currency_are_refused(subentries: Subentries) -> None:
    hass = subentries.hass
    source = Source(hass, "nordpool", "get_prices_for_date", lambda _: {"SE3": rows(TEN, 250)})
    hass.config_entries.async_update_entry(source.entry, data={"currency": "SEK"})
    flow = await answer(subentries, "price_integration", {"source": source.entry.entry_id})
    assert flow["errors"] == {"source": "source_currency"}
    assert flow["description_placeholders"]["unit"] == "SEK"
    hass.config_entries.async_update_entry(source.entry, data={"currency": "EUR"})
    given = {"name": "Market", **ADDED, "source": source.entry.entry_id}
    assert shown(await subentries.submit(flow, given))["following"] == "–"


async def test_one_area_need_not_be_chosen(subentries: Subentries) -> None:
    source = Source(
        subentries.hass, "nordpool", "get_prices_for_date", lambda _: {"SE3": rows(TEN, 250)}
    )
    flow = await answer(subentries, "price_integration", {"source": source.entry.entry_id})
    assert shown(flow)["price"] == "0.25 EUR/kWh"


async def test_a_kind_of_price_is_asked_for(subentries: Subentries) -> None:
    def said(data: Any) -> dict[str, Any]:
        if data["price_type"] == "market":
            raise HomeAssistantError("no such meter")
        return {"prices": [{"timestamp": str(TEN), "price": 0.2}]}

    source = Source(subentries.hass, "easyenergy", "get_energy_usage_prices", said)
    flow = await answer(subentries, "price_integration", {"source": source.entry.entry_id})
    assert flow["data_schema"].schema["channel"].config["options"] == [
        "invoice",
        "market",
        "return",
    ]
    flow = await subentries.submit(flow, {"channel": "market"})
    assert flow["errors"] == {"base": "source_silent"}
    assert flow["description_placeholders"]["reason"] == "no such meter"
    flow = await subentries.submit(flow, {"channel": "invoice"})
    assert shown(flow)["price"] == "0.2 EUR/kWh"


async def test_an_integration_without_prices_yet(subentries: Subentries) -> None:
    source = Source(subentries.hass, "nordpool", "get_prices_for_date", lambda _: {"SE3": []})
    flow = await answer(subentries, "price_integration", {"source": source.entry.entry_id})
    assert flow["step_id"] == "preview_later"
    assert (await subentries.submit(flow))["type"] is CREATED


async def test_an_integration_that_gives_no_prices_can_be_put_right(
    subentries: Subentries,
) -> None:
    source = Source(subentries.hass, "tibber", "get_prices", lambda _: {"weather": "fine"})
    source.entry.mock_state(subentries.hass, ConfigEntryState.SETUP_RETRY)
    flow = await answer(subentries, "price_integration", {"source": source.entry.entry_id})
    assert flow["errors"] == {"source": "source_not_loaded"}
    source.entry.mock_state(subentries.hass, ConfigEntryState.LOADED)
    given = {"name": "Market", **ADDED, "source": source.entry.entry_id}
    flow = await subentries.submit(flow, given)
    assert flow["errors"] == {"source": "source_unknown"}

    def refuse(_: Any) -> dict[str, Any]:
        raise TimeoutError

    source.answer = refuse
    flow = await subentries.submit(flow, given)
    assert flow["errors"] == {"source": "source_timeout"}
    dear = [{"start_time": TEN.isoformat(), "price": 250}]
    source.answer = lambda _: {"prices": {"Home": dear}}
    flow = await subentries.submit(flow, given)
    assert flow["errors"] == {"source": "prices_per_mwh"}
