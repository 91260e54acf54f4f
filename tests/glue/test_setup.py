"""A site's life under Home Assistant: start, stop, failure, the way in by Home Assistant's own port."""

from base64 import b64encode
from pathlib import Path
import socket
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.ev_station import async_remove_config_entry_device, async_unload_entry
from custom_components.ev_station.const import DOMAIN
from custom_components.ev_station.csms.passwords import hash_password
from custom_components.ev_station.engine import Engine
from custom_components.ev_station.model.errors import StorageUnavailable
from custom_components.ev_station.model.events import ConfigurationEvent
from custom_components.ev_station.model.state import SITE, Charger, Site

from .dialling import Caller, dialled
from .entries import LOCALHOST, WALLBOX, SiteEntry, async_load, charger, site_entry
from .flows import Subentries

PASSWORD = "correct horse battery"


async def test_unloading_frees_the_port(hass: HomeAssistant, site: SiteEntry, port: int) -> None:
    assert await hass.config_entries.async_unload(site.entry_id)
    with socket.socket() as probe:
        probe.bind((LOCALHOST, port))


async def test_reloading_finds_everything_again(hass: HomeAssistant, site: SiteEntry) -> None:
    before = site.runtime_data.engine.health.journal_sequence
    await hass.config_entries.async_reload(site.entry_id)
    await hass.async_block_till_done()
    engine = site.runtime_data.engine
    assert engine.state.get(Charger, "CP1") is not None
    assert engine.health.journal_sequence == before, "nothing was configured anew"


@pytest.mark.parametrize("reload", [True, False])
async def test_a_changed_time_zone_holds_at_once_and_after_a_start(
    hass: HomeAssistant, site: SiteEntry, *, reload: bool
) -> None:
    if reload:
        await hass.config.async_set_time_zone("Europe/Paris")
        await hass.config_entries.async_reload(site.entry_id)
    else:
        await hass.config.async_update(time_zone="Europe/Paris")
    await hass.async_block_till_done()
    found = site.runtime_data.engine.state.get(Site, SITE)
    assert found is not None
    assert found.settings.time_zone == "Europe/Paris"


async def test_the_ledger_lies_in_the_configuration_folder(
    hass: HomeAssistant, site: SiteEntry, tmp_path: Path
) -> None:
    assert (tmp_path / "ev_station" / site.entry_id / "ev_station.db").exists()


async def test_a_busy_port_is_tried_again_and_can_be_repaired(
    hass: HomeAssistant, busy_port: int, port: int
) -> None:
    entry = site_entry(busy_port)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key in {"port_in_use", "port_used_by"}
    issue_id = f"port_busy_{entry.entry_id}"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is not None
    hass.config_entries.async_update_entry(entry, data={**entry.data, "port": port})
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None
    await hass.config_entries.async_unload(entry.entry_id)


async def test_storage_that_cannot_be_opened_is_tried_again(
    hass: HomeAssistant, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(engine: Engine) -> None:
        raise StorageUnavailable

    monkeypatch.setattr(Engine, "start", refuse)
    entry = site_entry(port)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "storage_unavailable"


async def test_a_site_that_cannot_start_holds_no_port(
    hass: HomeAssistant, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(engine: Engine, *events: object) -> None:
        raise StorageUnavailable

    entry = site_entry(port)
    entry.add_to_hass(hass)
    with monkeypatch.context() as patch:
        patch.setattr(Engine, "configure", refuse)
        assert not await hass.config_entries.async_setup(entry.entry_id)
    with socket.socket() as probe:
        probe.bind((LOCALHOST, port))


async def test_platforms_that_do_not_go_keep_the_site_at_work(
    hass: HomeAssistant, site: SiteEntry, port: int
) -> None:
    unload = "homeassistant.config_entries.ConfigEntries.async_unload_platforms"
    with patch(unload, return_value=False):
        assert not await async_unload_entry(hass, site)
    async with dialled(port, "CP1") as wallbox:
        assert await wallbox.boot() == "Accepted"


async def test_home_assistant_stops_the_engine_with_itself(hass: HomeAssistant, port: int) -> None:
    await async_load(hass, site_entry(port))
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await hass.async_block_till_done()
    with socket.socket() as probe:
        probe.bind((LOCALHOST, port))


async def test_home_assistant_may_stop_while_a_site_starts(
    hass: HomeAssistant, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure = Engine.configure

    async def stop_meanwhile(engine: Engine, *events: ConfigurationEvent) -> None:
        await configure(engine, *events)
        hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)

    monkeypatch.setattr(Engine, "configure", stop_meanwhile)
    await async_load(hass, site_entry(port))
    with socket.socket() as probe:
        probe.bind((LOCALHOST, port))


async def test_a_change_that_cannot_be_stored_comes_with_the_next_start(
    hass: HomeAssistant, site: SiteEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(engine: Engine, *events: object) -> None:
        raise StorageUnavailable

    with monkeypatch.context() as patched:
        patched.setattr(Engine, "configure", refuse)
        hass.config_entries.async_update_entry(site, title="Cabin")
        await hass.async_block_till_done()
    await hass.config_entries.async_reload(site.entry_id)
    found = site.runtime_data.engine.state.get(Site, SITE)
    assert found is not None
    assert found.settings.name == "Cabin"


async def test_removing_a_site_withdraws_what_was_claimed_and_keeps_the_ledger(
    hass: HomeAssistant, busy_port: int, tmp_path: Path
) -> None:
    entry = site_entry(busy_port)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert ir.async_get(hass).issues
    await hass.config_entries.async_remove(entry.entry_id)
    assert not ir.async_get(hass).issues
    assert (tmp_path / "ev_station" / entry.entry_id / "ev_station.db").exists()


@pytest.mark.parametrize(
    ("version", "minor", "state"),
    [(2, 1, ConfigEntryState.MIGRATION_ERROR), (1, 2, ConfigEntryState.LOADED)],
)
async def test_an_entry_of_a_future_version(
    hass: HomeAssistant, port: int, version: int, minor: int, state: ConfigEntryState
) -> None:
    entry = site_entry(port)
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, version=version, minor_version=minor)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is state
    if state.recoverable:
        await hass.config_entries.async_unload(entry.entry_id)


async def test_a_device_can_be_deleted_when_nothing_stands_behind_it(
    hass: HomeAssistant, site: SiteEntry
) -> None:
    registry = dr.async_get(hass)
    live = dr.async_entries_for_config_entry(registry, site.entry_id)
    assert live
    assert not [each for each in live if await async_remove_config_entry_device(hass, site, each)]
    stale = registry.async_get_or_create(
        config_entry_id=site.entry_id, identifiers={(DOMAIN, "stale")}
    )
    assert await async_remove_config_entry_device(hass, site, stale)


async def test_no_device_is_deleted_while_its_site_is_at_rest(
    hass: HomeAssistant, site: SiteEntry
) -> None:
    await hass.config_entries.async_unload(site.entry_id)
    device = dr.async_entries_for_config_entry(dr.async_get(hass), site.entry_id)[0]
    assert not await async_remove_config_entry_device(hass, site, device)


async def test_a_removed_charger_takes_its_devices_along(
    hass: HomeAssistant, site: SiteEntry
) -> None:
    registry = dr.async_get(hass)
    before = dr.async_entries_for_config_entry(registry, site.entry_id)
    assert any(each.config_subentry_id == WALLBOX for each in before)
    await Subentries(hass, site).remove(WALLBOX)
    after = dr.async_entries_for_config_entry(registry, site.entry_id)
    assert not any(each.config_subentry_id == WALLBOX for each in after)


@pytest.mark.parametrize(
    ("options", "password", "status"),
    [
        ({}, PASSWORD, 404),
        ({"http_path": True}, None, 401),
        ({"http_path": True}, "wrong horse battery", 401),
    ],
)
async def test_the_common_path_shows_nothing_to_strangers(
    hass: HomeAssistant,
    port: int,
    hass_client_no_auth: ClientSessionGenerator,
    options: dict[str, bool],
    password: str | None,
    status: int,
) -> None:
    await async_setup_component(hass, DOMAIN, {})
    client = await hass_client_no_auth()
    assert (await client.get("/api/ev_station/ocpp/CP1")).status == 404
    entry = await with_password(hass, port, options)
    headers = {"Connection": "Upgrade", "Upgrade": "websocket", **credentials("CP1", password)}
    headers |= {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13"}
    headers |= {"Sec-WebSocket-Protocol": "ocpp1.6"}
    assert (await client.get("/api/ev_station/ocpp/CP1", headers=headers)).status == status
    assert (await client.get("/api/ev_station/ocpp/CP9", headers=headers)).status == 404
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_charger_with_its_password_comes_in_on_the_common_path(
    hass: HomeAssistant, port: int, hass_client_no_auth: ClientSessionGenerator
) -> None:
    await async_setup_component(hass, DOMAIN, {})
    client = await hass_client_no_auth()
    entry = await with_password(hass, port, {"http_path": True})
    async with client.ws_connect(
        "/api/ev_station/ocpp/some/where/CP1",
        protocols=("ocpp1.6",),
        headers=credentials("CP1", PASSWORD),
    ) as ws:
        assert await Caller(ws).boot() == "Accepted"
    await hass.config_entries.async_unload(entry.entry_id)


async def with_password(hass: HomeAssistant, port: int, options: dict[str, bool]) -> SiteEntry:
    wallbox = charger(WALLBOX, "Wallbox", "CP1", password_hash=hash_password(PASSWORD))
    entry = site_entry(port, subentries=[wallbox], options=options)
    await async_load(hass, entry)
    return entry


def credentials(user: str, password: str | None) -> dict[str, str]:
    if password is None:
        return {}
    return {"Authorization": "Basic " + b64encode(f"{user}:{password}".encode()).decode()}


async def test_every_change_of_the_configuration_keeps_the_socket(
    hass: HomeAssistant, site: SiteEntry, port: int
) -> None:
    subentries = Subentries(hass, site)
    async with dialled(port, "CP1") as wallbox:
        await wallbox.boot()
        for subentry_id in [each for each in site.subentries if each != WALLBOX]:
            await subentries.remove(subentry_id)
            assert "currentTime" in await wallbox.call("Heartbeat")
        hass.config_entries.async_update_entry(site, title="Elsewhere")
        await hass.async_block_till_done()
        assert "currentTime" in await wallbox.call("Heartbeat")
