"""Diagnostics, system health and backups."""

from contextlib import closing
import json
from pathlib import Path
import shutil
import sqlite3

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import get_system_health_info
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
    get_diagnostics_for_device,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.ev_station.backup import async_post_backup, async_pre_backup
from custom_components.ev_station.const import DOMAIN
from custom_components.ev_station.csms.passwords import hash_password
from custom_components.ev_station.engine.archive import Archive
from custom_components.ev_station.model.errors import StorageUnavailable
from custom_components.ev_station.model.events import ChargerConfigured
from custom_components.ev_station.model.settings import ChargerSettings

from .dialling import dialled
from .entries import (
    ANNA,
    POWER,
    SECRET,
    WALLBOX,
    SiteEntry,
    async_load,
    charger,
    driver,
    evse,
    fixed,
    site_entry,
    tag,
    vehicle,
)

NAMES = ("Zacharias", "Maisonette", "Driveway", "Lampenfieber", "Zitrone")


@pytest.fixture
async def private(hass: HomeAssistant, port: int) -> SiteEntry:
    """Return a site full of what is nobody else's business, with a session that runs."""
    wallbox = charger(
        WALLBOX,
        "Driveway",
        "CP1",
        password_hash=hash_password("correct horse battery"),
        evses={"1": evse(name="Driveway", default_driver=ANNA)},
    )
    person = driver(
        ANNA, "Zacharias", person="person.zacharias", tags=[tag("04FACEB00C", label="Lampenfieber")]
    )
    entry = site_entry(
        port, title="Maisonette", subentries=[fixed(POWER, "Power", "0.30"), person, wallbox]
    )
    await async_load(hass, entry)
    return entry


async def charge(port: int) -> None:
    async with dialled(port, "CP1") as wallbox:
        await wallbox.call(
            "BootNotification",
            chargePointVendor="Acme",
            chargePointModel="One",
            chargePointSerialNumber="SERIAL4711",
        )
        await wallbox.call("Authorize", idTag="04FACEB00C")
        await wallbox.call(
            "StartTransaction",
            connectorId=1,
            idTag="04FACEB00C",
            meterStart=100,
            timestamp="2026-11-23T12:00:00Z",
        )


def assert_private(text: str) -> None:
    for secret in (*NAMES, "zacharias", "04FACEB00C", "SERIAL4711", "scrypt$", SECRET, "127.0.0.1"):
        assert secret not in text


async def test_diagnostics_show_much_and_tell_nothing(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, port: int
) -> None:
    entry = site_entry(
        port,
        title="Maisonette",
        subentries=[
            fixed(POWER, "Power", "0.30"),
            driver(
                ANNA,
                "Zacharias",
                person="person.zacharias",
                tags=[tag("04FACEB00C", label="Lampenfieber")],
            ),
            charger(
                WALLBOX,
                "Driveway",
                "CP1",
                evses={"1": evse(name="Driveway", default_driver=ANNA)},
            ),
            vehicle("car", "Zitrone", own_tags=["04FACEB00C"], soc_entity="sensor.car"),
        ],
    )
    hass.states.async_set("sensor.car", "54", {"unit_of_measurement": "%"})
    await async_load(hass, entry)
    await charge(port)
    await async_setup_component(hass, "diagnostics", {})
    found = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert_private(json.dumps(found))
    assert found["health"]["journal_sequence"] > 0
    shown = found["chargers"][0]
    assert shown["charger"]["boot"]["vendor"] == "Acme"
    assert shown["charger"]["timing"] == "absolute"
    assert shown["evses"][0]["id"] == "CP1/1"
    assert shown["evses"][0]["no_plan_held"] == "not_planned"
    assert shown["sessions"][0]["state"] in {"open", "silent"}
    assert shown["sessions"][0]["readings"] >= 0
    (car,) = found["vehicles"]
    assert (car["id"], car["percent"], car["silent_since"], car["left_at"], car["stays"]) == (
        "car", "54", None, None, 0,
    )  # fmt: skip
    assert car["percent_at"] is not None
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    for device in devices:
        one = await get_diagnostics_for_device(hass, hass_client, entry, device)
        assert_private(json.dumps(one))
    await hass.config_entries.async_unload(entry.entry_id)


async def test_diagnostics_of_a_site_that_cannot_start(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, busy_port: int
) -> None:
    entry = site_entry(busy_port)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await async_setup_component(hass, "diagnostics", {})
    found = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert found["entry"]["data"]["port"] == busy_port
    assert found["entry"]["state"] == "setup_retry"
    assert "chargers" not in found


async def test_a_password_is_not_shown(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, private: SiteEntry
) -> None:
    await async_setup_component(hass, "diagnostics", {})
    assert_private(json.dumps(await get_diagnostics_for_config_entry(hass, hass_client, private)))
    await hass.config_entries.async_unload(private.entry_id)


async def test_system_health(hass: HomeAssistant, site: SiteEntry, port: int) -> None:
    await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    async with dialled(port, "CP1") as wallbox:
        await wallbox.boot()
        info = await get_system_health_info(hass, DOMAIN)
        assert info == {
            "sites": 1,
            "addresses": f"ws://127.0.0.1:{port}/",
            "chargers_connected": "1/1",
            "storage_works": True,
            "journal_rows": site.runtime_data.engine.health.journal_sequence,
        }


async def test_a_backup_finds_a_whole_ledger(
    hass: HomeAssistant, site: SiteEntry, tmp_path: Path
) -> None:
    engine, folder = site.runtime_data.engine, tmp_path / "ev_station" / site.entry_id
    await async_pre_backup(hass)
    sequence = engine.health.journal_sequence
    shutil.copy(folder / "ev_station.db", tmp_path / "copy.db")
    await engine.configure(ChargerConfigured(settings=ChargerSettings(charger="NEW", name="New")))
    shutil.copy(folder / "ev_station.db-wal", tmp_path / "copy.db-wal")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT max(sequence) FROM journal").fetchone() == (sequence + 1,)
    await async_post_backup(hass)
    assert (folder / "ev_station.db-wal").stat().st_size == 0


async def test_a_backup_without_the_ledger_is_no_backup(
    hass: HomeAssistant, site: SiteEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(archive: Archive) -> None:
        raise StorageUnavailable

    monkeypatch.setattr(Archive, "hold_files", refuse)
    with pytest.raises(HomeAssistantError) as refusal:
        await async_pre_backup(hass)
    assert refusal.value.translation_key == "backup_failed"


async def test_a_ledger_that_cannot_be_let_go_of_is_told_and_keeps_no_other_waiting(
    hass: HomeAssistant,
    site: SiteEntry,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def refuse(archive: Archive) -> None:
        raise StorageUnavailable("medium gone")

    await async_pre_backup(hass)
    with monkeypatch.context() as broken:
        broken.setattr(Archive, "release_files", refuse)
        await async_post_backup(hass)
    assert f"The ledger of {site.title} stays unfolded after the backup: medium gone" in caplog.text
    await async_post_backup(hass)
