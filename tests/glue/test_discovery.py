"""Chargers that dial in and wait."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.ev_station.const import DOMAIN
from custom_components.ev_station.csms.backend import Attempt, Outcome
from custom_components.ev_station.engine import Engine, Health
from custom_components.ev_station.model.state import Charger

from .dialling import dialled
from .entries import ANNA, SiteEntry, async_load, driver, site_entry
from .flows import ABORT, FORM, Subentries, suggested


def cards(hass: HomeAssistant) -> list[Any]:
    return list(hass.config_entries.flow.async_progress_by_handler(DOMAIN))


async def until(hass: HomeAssistant, condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.01)
            await hass.async_block_till_done()


def is_connected(engine: Engine, identity: str) -> bool:
    charger = engine.state.get(Charger, identity)
    return charger is not None and charger.connection is not None


def device(card: Any) -> str:
    found: str = card["context"]["title_placeholders"]["device"]
    return found


def identity(card: Any) -> str:
    found: str = card["context"]["title_placeholders"]["identity"]
    return found


async def test_a_waiting_charger_is_one_card_that_learns(
    hass: HomeAssistant, site: SiteEntry, port: int
) -> None:
    async with dialled(port, "NEW1") as charger:
        await until(hass, lambda: len(cards(hass)) == 1)
        assert cards(hass)[0]["context"]["title_placeholders"] == {
            "identity": "NEW1",
            "device": "?",
            "address": "127.0.0.1",
            "name": "NEW1",
        }
        assert await charger.boot("Acme", "One") == "Pending"
        await until(hass, lambda: device(cards(hass)[0]) == "Acme One")
        assert len(cards(hass)) == 1
    async with dialled(port, "NEW1") as charger:
        assert await charger.boot("Acme", "Two") == "Pending"
        await until(hass, lambda: device(cards(hass)[0]) == "Acme Two")
        assert len(cards(hass)) == 1


async def test_a_card_goes_when_its_charger_is_gone_for_good(
    hass: HomeAssistant, site: SiteEntry, port: int
) -> None:
    runtime, start = site.runtime_data, dt_util.utcnow()
    async with dialled(port, "Gone") as gone, dialled(port, "STAYS"):
        await until(hass, lambda: len(cards(hass)) == 2)
        await gone.socket.close()
        await until(hass, lambda: runtime.engine.central.waiting == ("STAYS",))
        runtime.discoveries.drop_gone(start + timedelta(minutes=29))
        assert len(cards(hass)) == 2
        runtime.discoveries.drop_gone(start + timedelta(minutes=31))
        assert [identity(card) for card in cards(hass)] == ["STAYS"]
        async with dialled(port, "Gone"):
            await until(hass, lambda: len(cards(hass)) == 2)


async def test_a_charger_that_dials_now_and_then_keeps_its_card(
    hass: HomeAssistant, site: SiteEntry, port: int
) -> None:
    runtime, start = site.runtime_data, dt_util.utcnow()
    shown = set()
    for minutes in (0, 25, 50, 75):
        async with dialled(port, "NEW1"):
            await until(hass, lambda: runtime.engine.central.waiting == ("NEW1",))
            await until(hass, lambda: len(cards(hass)) == 1)
            runtime.discoveries.drop_gone(start + timedelta(minutes=minutes))
        await until(hass, lambda: runtime.engine.central.waiting == ())
        runtime.discoveries.drop_gone(start + timedelta(minutes=minutes + 24))
        shown |= {card["flow_id"] for card in cards(hass)}
    assert len(shown) == 1


async def test_nobody_has_to_ask_for_a_stale_card_to_go(
    hass: HomeAssistant, site: SiteEntry, port: int, freezer: FrozenDateTimeFactory
) -> None:
    async with dialled(port, "NEW1"):
        await until(hass, lambda: len(cards(hass)) == 1)
    await until(hass, lambda: site.runtime_data.engine.central.waiting == ())
    freezer.tick(timedelta(minutes=31))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert cards(hass) == []


async def test_two_waiting_chargers_are_two_cards(
    hass: HomeAssistant, site: SiteEntry, port: int
) -> None:
    async with dialled(port, "NEW1"), dialled(port, "NEW2"):
        await until(hass, lambda: len(cards(hass)) == 2)


async def test_adopting_lets_the_charger_work_at_once(hass: HomeAssistant, port: int) -> None:
    entry = site_entry(port, subentries=[driver(ANNA, "Anna")])
    await async_load(hass, entry)
    engine = entry.runtime_data.engine
    async with dialled(port, "NEW1") as charger:
        assert await charger.boot("Acme", "[One](http://x)") == "Pending"
        await until(hass, lambda: len(cards(hass)) == 1 and "Acme" in device(cards(hass)[0]))
        flow: Any = await hass.config_entries.flow.async_configure(cards(hass)[0]["flow_id"])
        assert flow["type"] is FORM
        assert flow["description_placeholders"]["device"] == r"Acme \[One\]\(http://x\)"
        assert suggested(flow)["default_driver"] == ANNA
        result = await hass.config_entries.flow.async_configure(
            flow["flow_id"], {"name": "Driveway", "default_driver": ANNA}
        )
        assert result["type"] is ABORT
        assert result["reason"] == "charger_adopted"
        await hass.async_block_till_done()
        found = engine.state.get(Charger, "NEW1")
        assert found is not None
        assert found.settings.name == "Driveway"
        assert found.settings.evse(1).default_driver == ANNA
        assert entry.runtime_data.engine is engine
        assert cards(hass) == []
    async with dialled(port, "NEW1") as charger:
        assert await charger.boot() == "Accepted"
        assert cards(hass) == []
    await hass.config_entries.async_unload(entry.entry_id)


async def test_an_ignored_charger_stays_ignored(
    hass: HomeAssistant, site: SiteEntry, port: int
) -> None:
    async with dialled(port, "NEW1") as charger:
        await charger.boot()
        await until(hass, lambda: len(cards(hass)) == 1)
        await hass.config_entries.flow.async_init(
            DOMAIN,
            context={"source": SOURCE_IGNORE},
            data={
                "unique_id": cards(hass)[0]["context"]["unique_id"],
                "title": "NEW1",
            },
        )
        await hass.async_block_till_done()
        assert cards(hass) == []
    async with dialled(port, "NEW1") as charger:
        assert await charger.boot() == "Pending"
        await hass.async_block_till_done()
    assert cards(hass) == []
    assert site.state is ConfigEntryState.LOADED


async def test_adding_the_charger_by_hand_takes_the_card_away(
    hass: HomeAssistant, site: SiteEntry, port: int
) -> None:
    subentries = Subentries(hass, site)
    async with dialled(port, "NEW1"), dialled(port, "NEW2"):
        await until(hass, lambda: len(cards(hass)) == 2)
        flow = await subentries.add("charger")
        evse = {"max_current_a": 32, "phases": 3}
        await subentries.submit(flow, {"charger_id": "new1", "sockets": 1, "evse": evse})
        await until(hass, lambda: len(cards(hass)) == 1)
        assert identity(cards(hass)[0]) == "NEW2"


async def test_cards_go_with_their_site(hass: HomeAssistant, site: SiteEntry, port: int) -> None:
    async with dialled(port, "NEW1"):
        await until(hass, lambda: len(cards(hass)) == 1)
        await hass.config_entries.async_unload(site.entry_id)
        await hass.async_block_till_done()
    assert cards(hass) == []


async def test_a_charger_that_dialled_before_the_site_listened_is_shown(
    hass: HomeAssistant, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = Attempt(
        at=dt_util.utcnow(), identity="EARLY", address="192.0.2.9", outcome=Outcome.WAITING
    )
    refused = replace(attempt, identity="STRANGER", outcome=Outcome.REFUSED)
    entry = site_entry(port)
    with monkeypatch.context() as patch:
        patch.setattr(Engine, "health", Health(attempts=(attempt, refused)))
        await async_load(hass, entry)
    await until(hass, lambda: len(cards(hass)) == 1)
    assert identity(cards(hass)[0]) == "EARLY"
    await hass.config_entries.async_unload(entry.entry_id)


async def test_everyone_is_taken_in_where_everyone_is_welcome(
    hass: HomeAssistant, port: int
) -> None:
    options = {"unknown_chargers": "accept"}
    entry = site_entry(port, subentries=[driver(ANNA, "Anna")], options=options)
    await async_load(hass, entry)
    async with dialled(port, "NEW1") as charger:
        engine = entry.runtime_data.engine
        await until(hass, lambda: is_connected(engine, "NEW1"))
        assert await charger.boot() == "Accepted"
        found = engine.state.get(Charger, "NEW1")
        assert found is not None
        assert found.settings.evse(1).default_driver == ANNA
        assert cards(hass) == []
    await hass.config_entries.async_unload(entry.entry_id)
