"""Price entities become price series."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from homeassistant.core import HomeAssistant, State
from homeassistant.util import dt as dt_util
import pytest

from custom_components.ev_station.engine import Engine
from custom_components.ev_station.model.errors import StorageUnavailable
from custom_components.ev_station.model.state import TariffState
from custom_components.ev_station.model.tariff import PriceInterval
from custom_components.ev_station.price_reading import price_per_kwh
from custom_components.ev_station.sources.units import UnreadablePrice

from .clocks import Clock
from .entries import SiteEntry, async_load, site_entry, subentry
from .flows import Subentries

NOON = (datetime.now(UTC) + timedelta(days=2)).replace(hour=12, minute=7, second=30, microsecond=0)
"""To come, so that every timer set before is due."""
MARKET = "01TARIFFMARKET"


@pytest.mark.parametrize(
    ("value", "unit", "currency", "price"),
    [
        ("0.25", "EUR/kWh", "EUR", "0.25"),
        ("0.25", "€/kWh", "EUR", "0.25"),
        ("0.25", "€ / kWh", "EUR", "0.25"),
        ("0.25", None, "EUR", "0.25"),
        ("25", "ct/kWh", "EUR", "0.25"),
        ("25", "c€/kWh", "EUR", "0.25"),
        ("25", "Cent/kWh", "EUR", "0.25"),
        ("250", "EUR/MWh", "EUR", "0.25"),
        ("0.00025", "EUR/Wh", "EUR", "0.25"),
        ("25", "öre/kWh", "SEK", "0.25"),
        ("25", "øre/kWh", "NOK", "0.25"),
        ("2.5", "kr/kWh", "DKK", "2.5"),
        ("25", "p/kWh", "GBP", "0.25"),
        ("0.25", "£/kWh", "GBP", "0.25"),
        ("25", "Rp./kWh", "CHF", "0.25"),
        ("25", "¢/kWh", "USD", "0.25"),
        ("0.25", "$/kWh", "AUD", "0.25"),
        ("-3.1", "ct/kWh", "EUR", "-0.031"),
        ("0", "EUR/kWh", "EUR", "0"),
    ],
)
def test_units(value: str, unit: str | None, currency: str, price: str) -> None:
    state = State("sensor.price", value, {"unit_of_measurement": unit})
    assert price_per_kwh(state, currency) == Decimal(price)


@pytest.mark.parametrize("value", ["unknown", "unavailable", "", "nan", "inf", "1e30", None])
def test_no_price(value: str | None) -> None:
    state = None if value is None else State("sensor.price", value)
    assert price_per_kwh(state, "EUR") is None


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        ("cheap", None, None),
        ("1", "EUR", "EUR"),
        ("1", "kWh", "kWh"),
        ("1", "EUR/h", "EUR/h"),
        ("1", "SEK/kWh", "SEK/kWh"),
        ("1", "£/kWh", "£/kWh"),
        ("1", "p/kWh", "p/kWh"),
    ],
)
def test_what_is_no_price(value: str, unit: str | None, told: str | None) -> None:
    state = State("sensor.price", value, {"unit_of_measurement": unit})
    with pytest.raises(UnreadablePrice) as refusal:
        price_per_kwh(state, "EUR")
    assert refusal.value.unit == told


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock(NOON)
    monkeypatch.setattr(dt_util, "utcnow", found)
    return found


async def site_with_market(
    hass: HomeAssistant, port: int, factor: str = "1", entity: str = "sensor.price"
) -> SiteEntry:
    data = {"kind": "price_entity", "entity_id": entity, "factor": factor, "surcharge": "0"}
    entry = site_entry(port, subentries=[subentry("tariff", MARKET, "Market", data)])
    await async_load(hass, entry)
    return entry


def known(entry: SiteEntry) -> Sequence[PriceInterval]:
    found = entry.runtime_data.engine.state.get(TariffState, MARKET)
    assert found is not None
    return found.series.intervals if found.series else ()


def at(hour: int, minute: int, second: int = 0) -> datetime:
    return NOON.replace(hour=hour, minute=minute, second=second)


async def say(hass: HomeAssistant, value: str, entity: str = "sensor.price") -> None:
    hass.states.async_set(entity, value, {"unit_of_measurement": "ct/kWh"})
    await hass.async_block_till_done()


async def test_the_price_is_what_the_entity_says_at_each_moment(
    hass: HomeAssistant, port: int, clock: Clock
) -> None:
    await say(hass, "20")
    entry = await site_with_market(hass, port, factor="1.21")
    assert known(entry) == (PriceInterval(start=at(12, 0), end=at(12, 16), price=Decimal("0.242")),)
    clock.move_to(at(12, 10))
    await say(hass, "30")
    assert known(entry) == (
        PriceInterval(start=at(12, 0), end=at(12, 10), price=Decimal("0.242")),
        PriceInterval(start=at(12, 10), end=at(12, 16), price=Decimal("0.363")),
    )
    await clock.pass_until(hass, at(12, 15, 30))
    assert known(entry)[-1] == PriceInterval(
        start=at(12, 10), end=at(12, 31), price=Decimal("0.363")
    )
    await hass.config_entries.async_unload(entry.entry_id)


async def test_while_the_entity_is_silent_nothing_is_claimed(
    hass: HomeAssistant, port: int, clock: Clock
) -> None:
    await say(hass, "unavailable")
    entry = await site_with_market(hass, port)
    assert known(entry) == ()
    await say(hass, "cheap")
    assert known(entry) == ()
    await say(hass, "20")
    await say(hass, "unknown")
    await clock.pass_until(hass, at(12, 15, 30))
    assert known(entry)[-1].end == at(12, 16)
    await hass.config_entries.async_unload(entry.entry_id)


async def test_another_entity_is_followed_in_place(
    hass: HomeAssistant, port: int, clock: Clock
) -> None:
    await say(hass, "20")
    await say(hass, "40", "sensor.other")
    entry = await site_with_market(hass, port)
    subentries = Subentries(hass, entry)
    flow = await subentries.change(MARKET)
    given = {
        "name": "Market",
        "entity_id": "sensor.other",
        "factor": 1,
        "surcharge": 0,
        "formula": {},
    }
    await subentries.submit(await subentries.submit(flow, given))
    assert known(entry)[-1].price == Decimal("0.4")
    await say(hass, "50")
    assert known(entry)[-1].price == Decimal("0.4")
    await say(hass, "60", "sensor.other")
    assert known(entry)[-1].price == Decimal("0.6")
    await subentries.remove(MARKET)
    await say(hass, "70", "sensor.other")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_price_that_cannot_be_stored_is_read_again(
    hass: HomeAssistant,
    port: int,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = await site_with_market(hass, port)

    async def refuse(engine: Engine, *events: object) -> None:
        raise StorageUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(Engine, "configure", refuse)
        await say(hass, "20")
    assert known(entry) == ()
    await clock.pass_until(hass, at(12, 15, 30))
    assert known(entry)[-1].price == Decimal("0.2")
    await hass.config_entries.async_unload(entry.entry_id)
