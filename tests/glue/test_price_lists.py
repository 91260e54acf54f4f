"""Sources that know prices ahead: lists of entities, and integrations that are asked."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest

from custom_components.ev_station.model.state import TariffState
from custom_components.ev_station.model.tariff import PriceInterval

from .clocks import Clock
from .entries import SiteEntry, async_load, site_entry, subentry
from .sources import Source, rows

MIDNIGHT = (datetime.now(UTC) + timedelta(days=2)).replace(
    hour=0, minute=0, second=0, microsecond=0
)
"""To come, so that every timer set before is due."""
MARKET = "01TARIFFMARKET"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return MIDNIGHT + timedelta(hours=hour, minutes=minute, seconds=second)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock(at(12, 7, 30))
    monkeypatch.setattr(dt_util, "utcnow", found)
    return found


async def market(hass: HomeAssistant, port: int, **data: Any) -> SiteEntry:
    await hass.config.async_set_time_zone("UTC")
    fields = {"factor": "1", "surcharge": "0", **data}
    fields.setdefault("kind", "price_entity" if "entity_id" in data else "price_integration")
    entry = site_entry(port, subentries=[subentry("tariff", MARKET, "Market", fields)])
    await async_load(hass, entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


def known(entry: SiteEntry) -> list[tuple[float, float, str]]:
    """Return the known prices, in hours since midnight."""
    found = entry.runtime_data.engine.state.get(TariffState, MARKET)
    assert found is not None
    intervals: tuple[PriceInterval, ...] = found.series.intervals if found.series else ()
    return [
        (
            (each.start - MIDNIGHT) / HOUR,
            (each.end - MIDNIGHT) / HOUR,
            f"{each.price.normalize():f}",
        )
        for each in intervals
    ]


async def list_prices(
    hass: HomeAssistant,
    entity: str,
    state: str,
    *prices: float,
    start: datetime,
    unit: str = "EUR/kWh",
) -> None:
    attributes = {"unit_of_measurement": unit, "prices": rows(start, *prices)}
    hass.states.async_set(entity, state, attributes)
    await hass.async_block_till_done()


# Entities


async def test_an_entity_that_lists_prices_is_read_ahead(
    hass: HomeAssistant, port: int, clock: Clock
) -> None:
    await list_prices(hass, "sensor.price", "20", 20, 30, 40, start=at(12), unit="ct/kWh")
    entry = await market(hass, port, entity_id="sensor.price", factor="1.5", vat_percent="10")
    assert known(entry) == [(12, 13, "0.33"), (13, 14, "0.495"), (14, 15, "0.66")]
    tariff = entry.runtime_data.engine.state.get(TariffState, MARKET)
    assert tariff is not None
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_list_is_believed_rather_than_the_state_beside_it(
    hass: HomeAssistant, port: int, clock: Clock
) -> None:
    """The list of ENTSO-e is on the entity of the average price."""
    await list_prices(hass, "sensor.price", "0.9", 0.2, 0.3, start=at(12))
    entry = await market(hass, port, entity_id="sensor.price")
    assert known(entry) == [(12, 13, "0.2"), (13, 14, "0.3")]
    await clock.pass_until(hass, at(14, 0, 30))
    assert known(entry)[-1] == (14, pytest.approx(14 + 16 / 60), "0.9")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_tomorrow_is_on_a_second_entity(hass: HomeAssistant, port: int, clock: Clock) -> None:
    await list_prices(hass, "sensor.today", "2", 2, start=at(12), unit="öre/kWh")
    hass.states.async_set("binary_sensor.tomorrow", "off", {"prices": []})
    entry = await market(
        hass, port, entity_id="sensor.today", further_entities=["binary_sensor.tomorrow"],
        counts_in="hundredths",
    )  # fmt: skip
    assert known(entry) == [(12, 13, "0.02")]
    await list_prices(hass, "binary_sensor.tomorrow", "on", 5, start=at(24), unit="")
    assert known(entry) == [(12, 13, "0.02"), (24, 25, "0.05")]
    await hass.config_entries.async_unload(entry.entry_id)


async def test_the_state_says_what_holds_until_the_list_begins(
    hass: HomeAssistant, port: int, clock: Clock
) -> None:
    """Amber's forecast begins with the next interval; the present price is on an entity of its own."""
    hass.states.async_set("sensor.price", "0.4", {"unit_of_measurement": "EUR/kWh"})
    ahead = {"prices": rows(at(12, 10), 0.2, 0.3, minutes=5)}
    hass.states.async_set("sensor.ahead", "0.2", ahead)
    entry = await market(hass, port, entity_id="sensor.price", further_entities=["sensor.ahead"])
    five = 5 / 60
    assert known(entry) == [
        (12, pytest.approx(12 + 2 * five), "0.4"),
        (pytest.approx(12 + 2 * five), pytest.approx(12 + 3 * five), "0.2"),
        (pytest.approx(12 + 3 * five), pytest.approx(12 + 4 * five), "0.3"),
    ]
    await hass.config_entries.async_unload(entry.entry_id)


async def test_what_was_listed_stays_while_the_entity_is_away(
    hass: HomeAssistant, port: int, clock: Clock
) -> None:
    await list_prices(hass, "sensor.price", "0.2", 0.2, 0.3, start=at(12))
    entry = await market(hass, port, entity_id="sensor.price")
    hass.states.async_set("sensor.price", "unavailable")
    await clock.pass_until(hass, at(13, 0, 30))
    assert known(entry) == [(12, 13, "0.2"), (13, 14, "0.3")]
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_template_prices_each_interval_by_its_start(
    hass: HomeAssistant, port: int, clock: Clock
) -> None:
    await list_prices(hass, "sensor.price", "0.2", 0.2, 0.3, start=at(12))
    template = "{{ price * 2 + (0.1 if start.hour >= 13 else 0) }}"
    entry = await market(hass, port, entity_id="sensor.price", template=template)
    assert known(entry) == [(12, 13, "0.4"), (13, 14, "0.7")]
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize("template", ["{{ price / 0 }}", "dear", "{{ no_such(price) }}"])
async def test_a_template_that_says_no_number_prices_nothing(
    hass: HomeAssistant, port: int, clock: Clock, template: str
) -> None:
    hass.states.async_set("sensor.price", "0.2", {"unit_of_measurement": "EUR/kWh"})
    entry = await market(hass, port, entity_id="sensor.price", template=template)
    assert known(entry) == []
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_list_in_another_currency_is_not_read(
    hass: HomeAssistant, port: int, clock: Clock
) -> None:
    await list_prices(hass, "sensor.price", "2", 2, start=at(12), unit="SEK/kWh")
    entry = await market(hass, port, entity_id="sensor.price")
    assert known(entry) == []
    await hass.config_entries.async_unload(entry.entry_id)


# Integrations


def published(until: datetime, per_kwh: float = 0.2) -> Mapping[str, Any]:
    """Return Nord Pool's answer of hourly prices from noon on."""
    hours = (until - at(12)) // HOUR
    return {"SE3": rows(at(12), *[per_kwh * 1000] * hours)}


async def test_an_integration_is_asked_for_today_and_tomorrow(
    hass: HomeAssistant, port: int, clock: Clock
) -> None:
    source = Source(hass, "nordpool", "get_prices_for_date", lambda _: {"SE3": [], "SE4": []})
    days = [(MIDNIGHT + DAY * number).date().isoformat() for number in (0, 1)]
    answers = {days[0]: {"SE3": rows(at(0), *[1] * 24), "SE4": rows(at(0), *[50] * 24)}}
    source.answer = lambda data: answers.get(data["date"], {"SE3": [], "SE4": []})
    entry = await market(hass, port, source=source.entry.entry_id, channel="SE4")
    asked = {"config_entry": source.entry.entry_id}
    assert source.asked == [{**asked, "date": day} for day in days]
    assert known(entry) == [(0, 24, "0.05")]
    # Nothing is missing before 13:00.
    await clock.pass_until(hass, at(12, 59))
    assert len(source.asked) == 2
    # From then on tomorrow is: soon, then less often.
    await clock.pass_until(hass, at(13, 6))
    assert len(source.asked) == 4
    await clock.pass_until(hass, at(13, 16, 30))
    assert len(source.asked) == 6
    answers[days[1]] = {"SE4": rows(at(24), *[60] * 24)}
    await clock.pass_until(hass, at(13, 37))
    assert known(entry) == [(0, 24, "0.05"), (24, 48, "0.06")]
    await clock.pass_until(hass, at(23))
    assert len(source.asked) == 8
    await hass.config_entries.async_unload(entry.entry_id)
    await clock.pass_until(hass, at(40))
    assert len(source.asked) == 8


async def test_a_day_that_is_refused_costs_only_itself(
    hass: HomeAssistant, port: int, clock: Clock
) -> None:
    def answer(data: Mapping[str, Any]) -> dict[str, Any]:
        if data["start"] != MIDNIGHT.date().isoformat():
            raise ServiceValidationError("not published")
        return {"prices": [
            {"timestamp": str(at(hour)), "start": str(at(hour)), "end": str(at(hour + 1)), "price": 0.2}
            for hour in range(24)
        ]}  # fmt: skip

    source = Source(hass, "energyzero", "get_energy_prices", answer)
    entry = await market(hass, port, source=source.entry.entry_id, channel="all_in")
    assert [each["price_type"] for each in source.asked] == ["all_in", "all_in"]
    assert known(entry) == [(0, 24, "0.2")]
    assert entry.runtime_data.prices.report()[MARKET]["problem"] is None
    await hass.config_entries.async_unload(entry.entry_id)


async def test_an_integration_that_is_not_there_yet_is_asked_again(
    hass: HomeAssistant, port: int, clock: Clock
) -> None:
    source = Source(hass, "tibber", "get_prices", lambda _: {
        "prices": {"Home": [{"start_time": at(hour).isoformat(), "price": 0.3} for hour in range(24)]}
    })  # fmt: skip
    source.entry.mock_state(hass, ConfigEntryState.SETUP_RETRY)
    entry = await market(hass, port, source=source.entry.entry_id)
    report = entry.runtime_data.prices.report()[MARKET]
    assert (report["problem"], report["recognised"]) == ("not_loaded", None)
    source.entry.mock_state(hass, ConfigEntryState.LOADED)
    await clock.pass_until(hass, at(12, 17, 31))
    assert known(entry) == [(0, 24, "0.3")]
    report = entry.runtime_data.prices.report()[MARKET]
    assert (report["problem"], report["recognised"], report["listed"]) == (None, "tibber", 24)
    assert source.asked == [{"start": at(0).isoformat(), "end": at(48).isoformat()}]
    await hass.config_entries.async_unload(entry.entry_id)


async def test_prices_that_change_all_day_are_asked_for_all_day(
    hass: HomeAssistant, port: int, clock: Clock
) -> None:
    price = 0.2

    def answer(_data: Mapping[str, Any]) -> dict[str, Any]:
        start = clock.now.replace(minute=clock.now.minute // 5 * 5, second=1)
        row = {"start_time": start.isoformat(), "per_kwh": price}
        return {"forecasts": [{**row, "end_time": (start + timedelta(minutes=5)).isoformat()}]}

    source = Source(hass, "amberelectric", "get_forecasts", answer)
    entry = await market(hass, port, source=source.entry.entry_id, channel="general")
    assert source.asked == [{"config_entry_id": source.entry.entry_id, "channel_type": "general"}]
    price = 0.5
    await clock.pass_until(hass, at(12, 12, 31))
    assert [each[2] for each in known(entry)] == ["0.2", "0.5"]
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize(
    ("domain", "action", "channel", "asked"),
    [
        ("easyenergy", "get_energy_usage_prices", "invoice", {"incl_vat": True, "price_type": "invoice"}),
        ("easyenergy", "get_energy_return_prices", "return", {}),
        ("omie", "get_prices_for_date", "pt", {"countries": ["pt"]}),
        ("green_planet_energy", "get_prices", None, {"hours": 24}),
    ],
)  # fmt: skip
async def test_what_others_are_asked(
    hass: HomeAssistant,
    port: int,
    clock: Clock,
    domain: str,
    action: str,
    channel: str | None,
    asked: dict[str, Any],
) -> None:
    source = Source(hass, domain, action, lambda _: {})
    entry = await market(hass, port, source=source.entry.entry_id, channel=channel)
    assert asked.items() <= source.asked[0].items()
    assert known(entry) == []
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize("reason", [None, "gone"])
async def test_an_answer_nobody_waits_for_any_more_is_not_taken(
    hass: HomeAssistant, port: int, clock: Clock, reason: str | None
) -> None:
    entry = site_entry(port, subentries=[])

    def answer(_data: Mapping[str, Any]) -> dict[str, Any]:
        entry.runtime_data.prices.async_stop()
        if reason:
            raise ServiceValidationError(reason)
        return {"SE3": rows(at(12), 200)}

    source = Source(hass, "nordpool", "get_prices_for_date", answer)
    data = {"kind": "price_integration", "source": source.entry.entry_id, "channel": None,
            "factor": "1", "surcharge": "0"}  # fmt: skip
    entry = site_entry(port, subentries=[subentry("tariff", MARKET, "Market", data)])
    await async_load(hass, entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert known(entry) == []
    assert source.asked
    asked = len(source.asked)
    await clock.pass_until(hass, at(20))
    assert len(source.asked) == asked
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_source_that_is_silent_for_a_day_is_told_of(
    hass: HomeAssistant, port: int, clock: Clock
) -> None:
    entry = await market(hass, port, source="gone")
    assert entry.runtime_data.prices.silent() == set()
    clock.move_to(at(12, 7, 31) + DAY)
    assert entry.runtime_data.prices.silent() == {MARKET}
    await hass.config_entries.async_unload(entry.entry_id)


async def test_what_is_foreseen_is_billed(hass: HomeAssistant, port: int, clock: Clock) -> None:
    """What an entity listed beforehand and what it says when the hour has come are one price."""
    await list_prices(hass, "sensor.price", "0.2", 0.2, 0.3, start=at(12))
    entry = await market(hass, port, entity_id="sensor.price", factor="1.21")
    foreseen = known(entry)
    clock.move_to(at(13, 0, 5))
    await list_prices(hass, "sensor.price", "0.3", 0.3, start=at(13))
    await clock.pass_until(hass, at(13, 15, 30))
    assert known(entry) == foreseen
    assert Decimal(foreseen[1][2]) == Decimal("0.363")
    await hass.config_entries.async_unload(entry.entry_id)
