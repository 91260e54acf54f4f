"""Public holidays: asked for in a tariff's flow, stored with it, kept known, and priced everywhere."""

from datetime import UTC, date, datetime
from decimal import Decimal
import sys
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant import requirements
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.requirements import RequirementsNotFound
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ev_station import public_holidays
from custom_components.ev_station.const import DOMAIN
from custom_components.ev_station.model.settings import TariffSettings
from custom_components.ev_station.model.state import TariffState
from custom_components.ev_station.model.tariff import Tariff
from custom_components.ev_station.public_holidays import Region, async_holidays, async_subdivisions
from custom_components.ev_station.station import prices_ahead
from custom_components.ev_station.tariff.rating import energy_price

from .clocks import Clock
from .entries import SiteEntry, async_load, site_entry, subentry, usual
from .flows import CREATED, FORM, Subentries, suggested

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
KINGS_DAY = date(2026, 4, 27)
CHRISTMAS = date(2026, 12, 25)
WORKDAYS: dict[str, Any] = {
    "days": ["workdays"],
    "start": "07:00:00",
    "end": "23:00:00",
    "price": 0.3,
}
GIVEN = {"name": "Clock", "price": 0.2, "bands": [WORKDAYS], "holidays": True}
CLOCK = "01TARIFFCLOCK"


@pytest.fixture(autouse=True)
async def spring(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let it be April 2026 in the Netherlands."""
    clock = Clock(datetime(2026, 4, 20, 12, tzinfo=UTC))
    monkeypatch.setattr(dt_util, "utcnow", clock)
    hass.config.country = "NL"
    await hass.config.async_set_time_zone("Europe/Amsterdam")
    return clock


@pytest.fixture
def subentries(hass: HomeAssistant, site: SiteEntry) -> Subentries:
    return Subentries(hass, site)


@pytest.fixture
def no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a Home Assistant that cannot install anything."""

    async def fail(_hass: HomeAssistant, domain: str) -> None:
        raise RequirementsNotFound(domain, ["holidays"])

    monkeypatch.setattr(public_holidays, "async_get_integration_with_requirements", fail)


async def begin(subentries: Subentries, **given: Any) -> Any:
    menu = await subentries.add("tariff")
    flow = await subentries.choose(menu, "time_of_use")
    return await subentries.submit(flow, GIVEN | given)


def tariff(subentries: Subentries, title: str = "Clock") -> Tariff:
    found = subentries.engine.state.get(TariffState, subentries.titled(title).subentry_id)
    assert found is not None
    return found.settings.tariff


def price(found: Tariff, day: date, hour: int = 12) -> Decimal:
    moment = datetime(day.year, day.month, day.day, hour, tzinfo=AMSTERDAM).astimezone(UTC)
    priced = energy_price(found, None, AMSTERDAM, moment)
    assert priced is not None
    return priced.per_kwh


async def test_holidays_of_home_assistants_country_are_proposed(subentries: Subentries) -> None:
    flow = await begin(subentries)
    assert flow["step_id"] == "holidays"
    assert suggested(flow) == {"country": "NL"}
    words = flow["description_placeholders"]
    assert (words["holiday"], words["weekday"]) == ("King's Day", "Monday")
    assert words["date"] == "2026-04-27"
    assert (await subentries.submit(flow, {"country": "NL"}))["type"] is CREATED
    found = tariff(subentries)
    assert KINGS_DAY in found.holidays
    assert CHRISTMAS in found.holidays
    assert (found.holidays[0], found.holidays[-1]) == (date(2026, 1, 1), date(2027, 12, 26))
    # Monday and the Monday after; Christmas is on a Friday.
    assert (price(found, KINGS_DAY), price(found, date(2026, 5, 4))) == (
        Decimal("0.2"),
        Decimal("0.3"),
    )
    assert (price(found, CHRISTMAS), price(found, date(2026, 12, 18))) == (
        Decimal("0.2"),
        Decimal("0.3"),
    )


async def test_the_planner_and_the_panel_foresee_what_is_billed(subentries: Subentries) -> None:
    """Workdays from 07:00 to 23:00 cost 0.3; from Friday 23:00 to Tuesday 07:00 no hour does."""
    await subentries.submit(await begin(subentries), {"country": "NL"})
    clock, state = subentries.titled("Clock").subentry_id, subentries.engine.state
    start, end = datetime(2026, 4, 24, 12, tzinfo=UTC), datetime(2026, 4, 28, 12, tzinfo=UTC)
    assert [
        (f"{each.start.astimezone(AMSTERDAM):%a %H:%M}", str(each.value))
        for each in prices_ahead(state, clock, AMSTERDAM, start, end)
    ] == [("Fri 14:00", "0.3"), ("Fri 23:00", "0.2"), ("Tue 07:00", "0.3")]


async def test_without_holidays_nothing_is_asked(subentries: Subentries) -> None:
    assert (await begin(subentries, holidays=False))["type"] is CREATED
    assert tariff(subentries).holidays == ()
    assert "holidays" not in subentries.titled("Clock").data


async def test_another_country_and_region_are_shown_before_they_are_believed(
    subentries: Subentries,
) -> None:
    flow = await begin(subentries)
    flow = await subentries.submit(flow, {"country": "DE"})
    assert flow["step_id"] == "holidays"
    assert suggested(flow) == {"country": "DE"}
    assert flow["description_placeholders"]["date"] == "2026-05-01"
    flow = await subentries.submit(flow, {"country": "DE", "subdivision": "BY"})
    assert suggested(flow) == {"country": "DE", "subdivision": "BY"}
    result = await subentries.submit(flow, {"country": "DE", "subdivision": "BY"})
    assert result["type"] is CREATED
    # Epiphany is a holiday in Bavaria, King's Day is not.
    assert date(2027, 1, 6) in tariff(subentries).holidays
    assert KINGS_DAY not in tariff(subentries).holidays


async def test_a_region_is_none_of_another_country(subentries: Subentries) -> None:
    flow = await subentries.submit(await begin(subentries), {"country": "DE"})
    flow = await subentries.submit(flow, {"country": "AT", "subdivision": "BY"})
    assert suggested(flow) == {"country": "AT"}


async def test_a_region_that_home_assistants_own_holidays_name_is_proposed(
    hass: HomeAssistant, subentries: Subentries
) -> None:
    hass.config.country = "DE"
    named = {"country": "DE", "province": "BY"}
    MockConfigEntry(domain="workday", options={"country": "NL"}).add_to_hass(hass)
    MockConfigEntry(domain="holiday", data=named).add_to_hass(hass)
    assert suggested(await begin(subentries)) == {"country": "DE", "subdivision": "BY"}


async def test_where_no_country_is_known_it_is_asked_for(
    hass: HomeAssistant, subentries: Subentries
) -> None:
    hass.config.country = None
    flow = await begin(subentries)
    assert flow["step_id"] == "holiday_country"
    assert suggested(flow) == {}
    # Nobody lives on Bouvet Island.
    flow = await subentries.submit(flow, {"country": "BV"})
    assert (flow["step_id"], flow["errors"]) == ("holiday_country", {"country": "no_holidays"})
    flow = await subentries.submit(flow, {"country": "NL"})
    assert flow["step_id"] == "holidays"
    assert (await subentries.submit(flow, {"country": "NL"}))["type"] is CREATED


async def test_holidays_are_changed_and_left_out_again(subentries: Subentries) -> None:
    flow = await begin(subentries)
    await subentries.submit(flow, {"country": "NL"})
    clock = subentries.titled("Clock").subentry_id
    flow = await subentries.change(clock)
    assert suggested(flow)["holidays"] is True
    flow = await subentries.submit(flow, GIVEN | {"price": 0.1})
    assert suggested(flow) == {"country": "NL"}
    result = await subentries.submit(flow, {"country": "NL"})
    assert result["reason"] == "reconfigure_successful"
    assert price(tariff(subentries), KINGS_DAY) == Decimal("0.1")
    flow = await subentries.change(clock)
    result = await subentries.submit(flow, GIVEN | {"holidays": False})
    assert result["reason"] == "reconfigure_successful"
    assert tariff(subentries).holidays == ()


async def test_fees_by_the_clock_know_holidays_too(subentries: Subentries) -> None:
    subentries.hass.states.async_set("sensor.price", "0.1", {"unit_of_measurement": "EUR/kWh"})
    flow = await subentries.choose(await subentries.add("tariff"), "price_entity")
    formula = {"bands": [WORKDAYS], "holidays": True}
    given = {"name": "Market", "entity_id": "sensor.price", "surcharge": 0.2, "formula": formula}
    flow = await subentries.submit(flow, given)
    assert flow["step_id"] == "holidays"
    flow = await subentries.submit(flow, {"country": "NL"})
    assert flow["step_id"] == "preview"
    assert (await subentries.submit(flow))["type"] is CREATED
    assert KINGS_DAY in tariff(subentries, "Market").holidays


@pytest.mark.usefixtures("no_library")
async def test_without_the_library_it_is_said_and_the_tariff_made_all_the_same(
    subentries: Subentries,
) -> None:
    flow = await begin(subentries)
    assert flow["type"] is FORM
    assert flow["errors"] == {"holidays": "holidays_unavailable"}
    result = await subentries.submit(flow, GIVEN | {"holidays": False})
    assert result["type"] is CREATED
    flow = await subentries.choose(await subentries.add("tariff"), "price_entity")
    given = {"name": "Market", "entity_id": "sensor.price", "formula": {"holidays": True}}
    flow = await subentries.submit(flow, given)
    assert flow["errors"] == {"base": "holidays_unavailable"}


def known(*days: str) -> dict[str, Any]:
    return {"country": "NL", "subdivision": None, "dates": list(days)}


async def clock_site(hass: HomeAssistant, port: int, *days: str) -> SiteEntry:
    """Load a site whose tariff knows these holidays."""
    data = {"kind": "time_of_use", "price": "0.2", "bands": [], "holidays": known(*days)}
    entry = site_entry(port, subentries=[*usual(), subentry("tariff", CLOCK, "Clock", data)])
    await async_load(hass, entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


def holidays(entry: SiteEntry) -> tuple[date, ...]:
    found = entry.runtime_data.engine.state.get(TariffState, CLOCK)
    assert found is not None
    settings: TariffSettings = found.settings
    return settings.tariff.holidays


@pytest.mark.usefixtures("no_library")
async def test_what_was_looked_up_once_needs_no_library(hass: HomeAssistant, port: int) -> None:
    entry = await clock_site(hass, port, "2026-04-27")
    subentries = Subentries(hass, entry)
    assert holidays(entry) == (KINGS_DAY,)
    flow = await subentries.change(CLOCK)
    result = await subentries.submit(flow, GIVEN)
    assert result["reason"] == "reconfigure_successful"
    assert holidays(entry) == (KINGS_DAY,)
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue(entry)) is None
    await hass.config_entries.async_unload(entry.entry_id)


def issue(entry: SiteEntry) -> str:
    return f"holidays_unknown_{entry.entry_id}_{CLOCK}"


@pytest.mark.usefixtures("no_library")
async def test_a_tariff_that_knows_no_holiday_to_come_is_told_of(
    hass: HomeAssistant, port: int
) -> None:
    entry = await clock_site(hass, port, "2024-12-25", "2026-04-20")
    found = ir.async_get(hass).async_get_issue(DOMAIN, issue(entry))
    assert found is not None
    assert found.translation_placeholders == {"site": "Home", "name": "Clock"}
    hass.config_entries.async_remove_subentry(entry, CLOCK)
    await hass.async_block_till_done()
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue(entry)) is None
    await hass.config_entries.async_unload(entry.entry_id)


async def test_holidays_of_the_next_year_are_learnt_when_the_year_begins(
    hass: HomeAssistant, port: int, spring: Clock
) -> None:
    """A tariff of last year is brought up to date at the start, and again in the first minute of each year."""
    entry = await clock_site(hass, port, "2025-04-26")
    assert (holidays(entry)[0], holidays(entry)[-1]) == (date(2026, 1, 1), date(2027, 12, 26))
    versions = entry.runtime_data.engine.state.get(TariffState, CLOCK).versions
    await spring.pass_until(hass, datetime(2026, 12, 30, 23, 0, 30, tzinfo=UTC))
    assert holidays(entry)[-1] == date(2027, 12, 26)
    assert entry.runtime_data.engine.state.get(TariffState, CLOCK).versions == versions
    await spring.pass_until(hass, datetime(2026, 12, 31, 23, 0, 30, tzinfo=UTC))
    assert (holidays(entry)[0], holidays(entry)[-1]) == (date(2027, 1, 1), date(2028, 12, 26))
    await hass.config_entries.async_unload(entry.entry_id)


async def test_names_come_in_the_language_of_the_house(hass: HomeAssistant) -> None:
    hass.config.language = "de-CH"
    assert (await async_holidays(hass, Region("CH")))[CHRISTMAS] == "Weihnachten"
    hass.config.language = "en-GB"
    assert (await async_holidays(hass, Region("NL")))[CHRISTMAS] == "Christmas Day"
    # In a language it does not know, the library says it in the country's own.
    hass.config.language = "fi"
    assert (await async_holidays(hass, Region("NL")))[CHRISTMAS] == "Eerste kerstdag"


async def test_parts_of_a_country_are_called_by_their_names(hass: HomeAssistant) -> None:
    parts = await async_subdivisions(hass, "DE")
    assert parts["BY"] == "Bayern"
    # A town with a holiday of its own has no code.
    assert parts["Augsburg"] == "Augsburg"
    assert await async_subdivisions(hass, "NL") == {}


async def test_what_the_library_does_not_know_is_no_holiday(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await async_holidays(hass, Region("XX")) == {}
    assert await async_holidays(hass, Region("NL", "BY")) == {}
    monkeypatch.setitem(sys.modules, "holidays", None)
    assert await async_holidays(hass, Region("NL")) == {}


async def test_the_library_is_the_one_home_assistant_wants(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Home Assistant pins another version each month; its own pin is what is asked for."""
    asked: list[list[str]] = []

    async def install(_self: object, name: str, wanted: list[str], _built_in: bool) -> None:
        asked.append([name, *(each.partition("==")[0] for each in wanted)])

    hass.config.skip_pip = False
    manager = requirements.RequirementsManager
    monkeypatch.setattr(manager, "async_process_requirements", install)
    assert await public_holidays.async_is_known(hass)
    assert asked == [["workday", "holidays"]]
