"""Drivers and their tags."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util import dt as dt_util
import pytest

from custom_components.ev_station.model.settings import DriverSettings, TokenSettings
from custom_components.ev_station.model.state import Driver, Sheet, Token

from .dialling import dialled
from .entries import ANNA, BEN, HOUSE, POWER, SiteEntry, async_load, driver, site_entry, tag
from .flows import ABORT, CREATED, FORM, MENU, Subentries, suggested

PROGRESS = FlowResultType.SHOW_PROGRESS


@pytest.fixture
def subentries(hass: HomeAssistant, site: SiteEntry) -> Subentries:
    return Subentries(hass, site)


def settings(subentries: Subentries, title: str) -> DriverSettings:
    found = subentries.engine.state.get(Driver, subentries.titled(title).subentry_id)
    assert found is not None
    return found.settings


def on_sheet(subentries: Subentries) -> tuple[str, ...]:
    sheet = subentries.engine.state.get(Sheet, HOUSE)
    assert sheet is not None
    return sheet.settings.drivers


async def test_a_driver_is_added_in_place_and_put_on_the_sheet(subentries: Subentries) -> None:
    flow = await subentries.add("driver")
    assert suggested(flow)["sheet"] == HOUSE
    result = await subentries.submit(
        flow,
        {
            "name": "Cleo",
            "person": "person.cleo",
            "tags": ["04 ", "04", "", "\x07abcd"],
            "tariff": POWER,
            "sheet": HOUSE,
            "active": True,
        },
    )
    assert result["type"] is CREATED
    cleo = settings(subentries, "Cleo")
    assert [token.uid for token in cleo.tokens] == ["04", "ABCD"]
    assert cleo.tariff == POWER
    assert subentries.titled("Cleo").data["person"] == "person.cleo"
    assert on_sheet(subentries) == (ANNA, cleo.driver)


async def test_a_driver_needs_no_sheet(subentries: Subentries) -> None:
    result = await subentries.submit(
        await subentries.add("driver"), {"name": "Guest", "active": False}
    )
    assert result["type"] is CREATED
    assert not settings(subentries, "Guest").active
    assert on_sheet(subentries) == (ANNA,)


@pytest.mark.parametrize(
    ("wrong", "errors"),
    [
        ({"name": "ANNA"}, {"name": "name_taken"}),
        ({"name": " "}, {"name": "name_missing"}),
        ({"tags": ["04a1b2c3"]}, {"tags": "tag_taken"}),
    ],
)
async def test_wrong_answers_can_be_put_right(
    subentries: Subentries, wrong: dict[str, Any], errors: dict[str, str]
) -> None:
    right = {"name": "Cleo", "active": True}
    flow = await subentries.submit(await subentries.add("driver"), right | wrong)
    assert flow["type"] is FORM
    assert flow["errors"] == errors
    if "tags" in errors:
        assert flow["description_placeholders"] == {"tag": "04A1B2C3", "driver": "Anna"}
    assert (await subentries.submit(flow, right))["type"] is CREATED


async def details(subentries: Subentries, subentry_id: str) -> Any:
    menu = await subentries.change(subentry_id)
    assert menu["type"] is MENU
    return await subentries.choose(menu, "details")


async def test_a_driver_is_changed_in_place(subentries: Subentries) -> None:
    flow = await details(subentries, ANNA)
    assert suggested(flow) == {
        "name": "Anna",
        "tags": ["04A1B2C3"],
        "sheet": HOUSE,
        "active": True,
    }
    result = await subentries.submit(
        flow, {"name": "Anna B.", "tags": ["04A1B2C3", "99"], "active": True}
    )
    assert result["type"] is ABORT
    assert result["reason"] == "reconfigure_successful"
    assert settings(subentries, "Anna B.").tokens == (
        TokenSettings(uid="04A1B2C3"),
        TokenSettings(uid="99"),
    )
    assert on_sheet(subentries) == ()


async def test_a_driver_moves_from_sheet_to_sheet(subentries: Subentries) -> None:
    await subentries.submit(await subentries.add("sheet"), {"name": "Company", "kind": "fleet"})
    company = subentries.titled("Company").subentry_id
    await subentries.submit(
        await details(subentries, ANNA), {"name": "Anna", "active": True, "sheet": company}
    )
    assert on_sheet(subentries) == ()
    sheet = subentries.engine.state.get(Sheet, company)
    assert sheet is not None
    assert sheet.settings.drivers == (ANNA,)


async def test_a_tag_moves_from_driver_to_driver(subentries: Subentries) -> None:
    await subentries.submit(await details(subentries, ANNA), {"name": "Anna", "active": True})
    await subentries.submit(
        await details(subentries, BEN), {"name": "Ben", "active": True, "tags": ["04A1B2C3"]}
    )
    token = subentries.engine.state.get(Token, "04A1B2C3")
    assert token is not None
    assert token.driver == BEN


async def test_an_only_tag_is_named_blocked_and_expires(subentries: Subentries) -> None:
    flow = await subentries.choose(await subentries.change(ANNA), "tag")
    assert flow["step_id"] == "tag_details"
    result = await subentries.submit(
        flow, {"label": "Blue", "blocked": True, "expires": "2026-12-31"}
    )
    assert result["reason"] == "reconfigure_successful"
    end = datetime(2027, 1, 1, tzinfo=dt_util.get_default_time_zone()).astimezone(UTC)
    assert settings(subentries, "Anna").tokens == (
        TokenSettings(uid="04A1B2C3", label="Blue", blocked=True, expires_at=end),
    )
    flow = await subentries.choose(await subentries.change(ANNA), "tag")
    assert suggested(flow) == {"label": "Blue", "blocked": True, "expires": "2026-12-31"}
    await subentries.submit(flow, {"blocked": False})
    assert settings(subentries, "Anna").tokens == (TokenSettings(uid="04A1B2C3"),)


async def test_one_of_several_tags_is_chosen(hass: HomeAssistant, port: int) -> None:
    tags = [tag("01"), tag("02", label="Two")]
    entry = site_entry(port, subentries=[driver(ANNA, "Anna", tags=tags)])
    await async_load(hass, entry)
    subentries = Subentries(hass, entry)
    flow = await subentries.choose(await subentries.change(ANNA), "tag")
    assert flow["step_id"] == "tag"
    flow = await subentries.submit(flow, {"tag": "02"})
    assert suggested(flow) == {"label": "Two", "blocked": False}
    await subentries.submit(flow, {"blocked": True})
    assert settings(subentries, "Anna").tokens == (
        TokenSettings(uid="01"),
        TokenSettings(uid="02", blocked=True),
    )
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_driver_without_tags_has_none_to_change(subentries: Subentries) -> None:
    assert "tag" not in (await subentries.change(BEN))["menu_options"]


async def test_a_tag_is_learned_by_holding_it_to_a_charger(
    subentries: Subentries, port: int
) -> None:
    flow = await subentries.add("driver")
    flow = await subentries.flows.async_configure(
        flow["flow_id"], {"name": "Cleo", "active": True, "learn": True, "tags": ["01"]}
    )
    assert flow["type"] is PROGRESS
    assert flow["progress_action"] == "hold_tag"
    async with dialled(port, "CP1") as charger:
        await charger.boot()
        await charger.call("Authorize", idTag="beef")
    await subentries.hass.async_block_till_done()
    flow = await subentries.flows.async_configure(flow["flow_id"])
    assert flow["step_id"] == "learned"
    assert flow["description_placeholders"] == {"tag": "BEEF", "charger": "CP1"}
    assert (await subentries.submit(flow, {"label": "Fob"}))["type"] is CREATED
    assert settings(subentries, "Cleo").tokens == (
        TokenSettings(uid="01"),
        TokenSettings(uid="BEEF", label="Fob"),
    )


async def learning(subentries: Subentries, subentry_id: str) -> Any:
    menu = await subentries.change(subentry_id)
    flow = await subentries.flows.async_configure(menu["flow_id"], {"next_step_id": "learn"})
    assert flow["type"] is PROGRESS
    return flow


async def test_a_tag_of_somebody_else_is_not_learned(subentries: Subentries, port: int) -> None:
    flow = await learning(subentries, BEN)
    async with dialled(port, "CP1") as charger:
        await charger.call("Authorize", idTag="04A1B2C3")
    await subentries.hass.async_block_till_done()
    flow = await subentries.flows.async_configure(flow["flow_id"])
    assert flow["step_id"] == "other_driver"
    assert flow["description_placeholders"] == {"tag": "04A1B2C3", "driver": "Anna"}
    flow = await subentries.flows.async_configure(flow["flow_id"], {"next_step_id": "learn"})
    assert flow["type"] is PROGRESS
    async with dialled(port, "CP1") as charger:
        await charger.call("Authorize", idTag="02")
    await subentries.hass.async_block_till_done()
    flow = await subentries.flows.async_configure(flow["flow_id"])
    assert (await subentries.submit(flow))["reason"] == "reconfigure_successful"
    assert settings(subentries, "Ben").tokens == (TokenSettings(uid="02"),)


async def test_nobody_holds_a_tag(subentries: Subentries, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "custom_components.ev_station.const.LEARN_TIMEOUT", timedelta(milliseconds=1)
    )
    flow = await learning(subentries, BEN)
    await subentries.hass.async_block_till_done()
    flow = await subentries.flows.async_configure(flow["flow_id"])
    assert flow["step_id"] == "nothing_learned"
    result = await subentries.choose(flow, "without_tag")
    assert result["reason"] == "reconfigure_successful"
    assert settings(subentries, "Ben").tokens == ()


async def test_a_flow_that_is_closed_waits_no_longer(subentries: Subentries) -> None:
    flow = await learning(subentries, BEN)
    subentries.flows.async_abort(flow["flow_id"])
    await asyncio.wait_for(subentries.hass.async_block_till_done(), 5)


async def test_no_tag_is_learned_while_the_site_rests(
    hass: HomeAssistant, subentries: Subentries
) -> None:
    menu = await subentries.change(BEN)
    await hass.config_entries.async_unload(subentries.entry.entry_id)
    result = await subentries.flows.async_configure(menu["flow_id"], {"next_step_id": "learn"})
    assert result["reason"] == "not_loaded"


async def test_a_removed_driver_is_gone(subentries: Subentries) -> None:
    await subentries.remove(BEN)
    assert subentries.engine.state.get(Driver, BEN) is None
