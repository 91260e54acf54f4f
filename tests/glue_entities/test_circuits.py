"""What a site with circuits shows."""

import asyncio
from decimal import Decimal
from itertools import pairwise
import json
from pathlib import Path
import re
from typing import Any

from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
from syrupy.assertion import SnapshotAssertion

from custom_components.ev_station.const import DOMAIN
from custom_components.ev_station.feed import circuit_json, evse_json
from custom_components.ev_station.model.allowance import Allowance, Reason, ReasonKind
from custom_components.ev_station.model.energy import ChargeMode
from custom_components.ev_station.model.state import Circuit, Evse
from custom_components.ev_station.model.status import EvseStatus
from custom_components.ev_station.people import OWNER
from custom_components.ev_station.reasons import VOCABULARY, async_sentence, word_of
from tests.simulator import Charger, Vehicle

from .site import EVSE, NOON, SUBENTRIES, Site, comes, id_of, site_entry, state_of

CIRCUIT_ID = "circuit_main"
LANGUAGES = ("en", "de", "nl", "fr")


def main(**data: Any) -> ConfigSubentryDataWithId:
    """Return the main fuse."""
    return ConfigSubentryDataWithId(
        subentry_id=CIRCUIT_ID,
        subentry_type="circuit",
        title="Main",
        unique_id=None,
        data={"limit_a": 12, "chargers": [], "assumed_load_a": 0, "stale_after_s": 60} | data,
    )


@pytest.fixture(params=[{"assumed_load_a": 2}])
def entry(request: pytest.FixtureRequest) -> MockConfigEntry:
    """Return a site whose charger hangs on a fuse."""
    return site_entry(*SUBENTRIES, main(**request.param))


@pytest.fixture(autouse=True)
def _meter(hass: HomeAssistant) -> None:
    hass.states.async_set("sensor.l1", "1.5", {"unit_of_measurement": "A"})


async def says(site: Site, sentence: str) -> None:
    """Wait until the reason reads so."""
    await site.shown("limit_reason")
    try:
        await comes(site, lambda: state_of(site, "limit_reason").state == sentence)
    except TimeoutError:
        assert state_of(site, "limit_reason").state == sentence


async def test_the_sentence_and_its_data(live_site: Site, charger: Charger) -> None:
    site = live_site
    await says(site, "10 A for the next car")
    await charger.plug_in(1, Vehicle(max_amps=32))
    await charger.present_tag(1, "TAG-ANNA")
    await says(site, "10 A: fair share of Main on L1; cars: 1")
    attributes = state_of(site, "limit_reason").attributes
    assert {key: attributes[key] for key in ("reason", "limit", "circuit", "phase", "cars")} == {
        "reason": "share",
        "limit": 10,
        "circuit": "Main",
        "phase": "L1",
        "cars": 1,
    }
    assert attributes["fallback_limit"] == 10
    shown = evse_json(site.coordinator, OWNER, EVSE)
    assert shown is not None
    assert shown["reason"] == {
        "word": "share",
        "limit_a": 10,
        "circuit": "Main",
        "phase": 1,
        "cars": 1,
        "until": None,
    }
    await site.engine.enable(EVSE, enabled=False)
    await says(site, "Paused: charging is turned off")
    site.hass.config_entries.async_remove_subentry(site.entry, CIRCUIT_ID)
    await comes(site, lambda: site.engine.state.get(Allowance, EVSE) is None)
    await says(site, "Paused: charging is turned off")
    await site.engine.enable(EVSE, enabled=True)
    await says(site, "16 A: nothing holds it back")
    await site.engine.set_limit(EVSE, 12)
    await says(site, "12 A: the maximum current that was set")
    attributes = state_of(site, "limit_reason").attributes
    assert (attributes["reason"], attributes["limit"], attributes["circuit"]) == (
        "limited",
        12,
        None,
    )


@pytest.mark.parametrize("entry", [{"meter_l1": "sensor.l1"}], indirect=True)
async def test_a_circuit_is_a_device(live_site: Site, hass: HomeAssistant) -> None:
    key = (Circuit, CIRCUIT_ID)
    assert state_of(live_site, "limit", key).state == "12.0"
    await comes(live_site, lambda: state_of(live_site, "meters", key).state == "off")
    hass.states.async_set("sensor.l1", "unavailable", {"unit_of_measurement": "A"})
    await comes(live_site, lambda: state_of(live_site, "meters", key).state == "on")
    registry = dr.async_get(hass)
    identifier = (DOMAIN, f"site_circuit_{CIRCUIT_ID}")
    device = registry.async_get_device_by_identifier(identifier, "site")
    assert device is not None
    assert device.name == "Main"
    hass.config_entries.async_remove_subentry(live_site.entry, CIRCUIT_ID)
    await hass.async_block_till_done()
    assert registry.async_get_device_by_identifier(identifier, "site") is None


async def test_the_panel_sees_what_flows(live_site: Site, charger: Charger) -> None:
    await charger.plug_in(1, Vehicle(max_amps=7))
    await charger.present_tag(1, "TAG-ANNA")
    key = (Circuit, CIRCUIT_ID)
    await comes(live_site, lambda: state_of(live_site, "headroom", key).state == "3.0")
    assert circuit_json(live_site.coordinator, CIRCUIT_ID) == {
        "id": CIRCUIT_ID,
        "name": "Main",
        "device_id": live_site.coordinator.devices.id_of(key),
        "parent": None,
        "limit_a": 12,
        "fuse_a": 12,
        "power_limit_w": None,
        "unbalanced_limit_a": None,
        "metered": False,
        "measured": False,
        "overloaded": False,
        "house_a": [2, 2, 2],
        "evses": ["CP1/1"],
        "queue": [],
    }
    shown = evse_json(live_site.coordinator, OWNER, EVSE)
    assert shown is not None
    assert shown["site_a"] == [7, 7, 7]
    assert circuit_json(live_site.coordinator, "gone") is None


async def test_a_stream_tells_of_a_circuit_only_what_is_new(
    live_site: Site, hass: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": "ev_station/subscribe"})
    assert (await client.receive_json())["success"]
    first = (await client.receive_json())["event"]
    assert first["circuits"][CIRCUIT_ID]["limit_a"] == 12
    subentry = live_site.entry.subentries[CIRCUIT_ID]
    hass.config_entries.async_update_subentry(
        live_site.entry, subentry, data={**subentry.data, "limit_a": 20}
    )
    told: list[dict[str, Any]] = []
    async with asyncio.timeout(15):
        while not told or told[-1]["limit_a"] != 20:
            told += (await client.receive_json())["event"].get("circuits", {}).values()
    assert all(one != other for one, other in pairwise(told))


async def test_a_stream_tells_what_a_car_draws_once_it_was_looked_at(
    live_site: Site, charger: Charger, hass: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": "ev_station/subscribe"})
    assert (await client.receive_json())["success"]
    await charger.plug_in(1, Vehicle(max_amps=7))
    await charger.present_tag(1, "TAG-ANNA")
    async with asyncio.timeout(15):
        told: Any = None
        while told != [7, 7, 7]:
            evses = (await client.receive_json())["event"].get("evses", {})
            told = evses.get("CP1/1", {}).get("site_a")


@pytest.mark.parametrize("entry", [{"meter_l1": "sensor.l1"}], indirect=True)
async def test_its_entities(
    live_site: Site,
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    key = (Circuit, CIRCUIT_ID)
    await comes(live_site, lambda: state_of(live_site, "headroom", key).state == "10.5")
    ours = [each for each in entity_registry.entities.values() if CIRCUIT_ID in each.unique_id]
    for entity in sorted(ours, key=lambda each: each.entity_id):
        assert entity == snapshot(name=f"{entity.entity_id}-entry")
        assert hass.states.get(entity.entity_id) == snapshot(name=f"{entity.entity_id}-state")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_its_sentence(language: str) -> None:
    path = Path(f"custom_components/ev_station/translations/{language}.json")
    words = json.loads(path.read_text())["selector"][VOCABULARY]["options"]
    kinds = {kind.value for kind in ReasonKind}
    assert words.keys() == kinds | {"share_power", "waiting_power", "peak_share", "delayed_end"}
    assert set(re.findall(r"{(\w+)}", " ".join(words.values()))) == {
        "limit",
        "circuit",
        "phase",
        "cars",
        "until",
    }


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        (Reason(ReasonKind.SHARE, "main", 0, 2), "share"),
        (Reason(ReasonKind.SHARE, "main", None, 2), "share_power"),
        (Reason(ReasonKind.WAITING, "main", None, 2), "waiting_power"),
        (Reason(ReasonKind.MAXIMUM), "maximum"),
    ],
)
def test_power_has_words_of_its_own(reason: Reason, word: str) -> None:
    assert word_of(Allowance(id=EVSE, since=NOON, reason=reason)) == word


async def test_a_circuit_nobody_knows_any_more(hass: HomeAssistant, live_site: Site) -> None:
    allowance = Allowance(
        id=EVSE, since=NOON, limit_a=Decimal("10.0"), reason=Reason(ReasonKind.SHARE, "x", None, 1)
    )
    sentence = async_sentence(hass, allowance, None)
    assert sentence == "10 A: fair share of the power of ?; cars: 1"
    assert len(async_sentence(hass, allowance, "x" * 300)) < 120


async def test_a_mode_is_chosen(live_site: Site, hass: HomeAssistant) -> None:
    await live_site.connect()
    await live_site.status(EvseStatus.AVAILABLE)
    assert state_of(live_site, "charge_mode").state == "fast"
    entity = id_of(live_site, (Evse, EVSE), "charge_mode")
    await hass.services.async_call(
        "select", "select_option", {"entity_id": entity, "option": "solar"}, blocking=True
    )
    await comes(live_site, lambda: state_of(live_site, "charge_mode").state == "solar")
    assert live_site.evse().mode is ChargeMode.SOLAR
