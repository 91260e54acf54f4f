"""Every entity and device, when they appear, when they are unavailable and how often they are written."""

from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from syrupy.assertion import SnapshotAssertion
from syrupy.filters import props

from custom_components.ev_station.model.events import DriverRemoved
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.state import (
    SITE,
    Charger as ChargerAggregate,
    Driver,
    Evse,
    Site as SiteAggregate,
)
from custom_components.ev_station.model.status import EvseStatus
from tests.simulator import Charger, Vehicle

from .site import CP1, EVSE, SUBENTRIES, Site, charger_subentry, id_of, site_entry, state_of, until

GARAGE = (ChargerAggregate, CP1)
ANNA = (Driver, "anna")
HOME = (SiteAggregate, SITE)
ALWAYS = {
    "status",
    "session_energy",
    "session_cost",
    "session_duration",
    "driver",
    "plugged",
    "charging",
}
"""What every EVSE shows from the beginning, among others."""


async def pass_time(hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float) -> None:
    """Let Home Assistant's clock run on."""
    freezer.tick(timedelta(seconds=seconds))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()


async def test_every_entity(
    hass: HomeAssistant,
    site: Site,
    freezer: FrozenDateTimeFactory,
    snapshot: SnapshotAssertion,
) -> None:
    """A charger that tells everything, in the middle of a session."""
    await site.connect()
    await site.meter(1000, await site.start())
    await pass_time(hass, freezer, 6)
    await site.tag("TAG-BEN")
    entries = er.async_entries_for_config_entry(er.async_get(hass), site.entry.entry_id)
    for entry in sorted(entries, key=lambda entry: entry.entity_id):
        assert entry == snapshot(name=f"{entry.entity_id}-entry")
        if not entry.disabled:
            state = hass.states.get(entry.entity_id)
            assert state == snapshot(name=f"{entry.entity_id}-state", exclude=props("session"))


async def test_every_device(hass: HomeAssistant, site: Site, snapshot: SnapshotAssertion) -> None:
    await site.connect()
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), site.entry.entry_id)
    for device in sorted(devices, key=lambda device: str(device.identifiers)):
        assert device == snapshot(name=str(device.identifiers))


async def test_an_only_evse_is_its_charger(hass: HomeAssistant, site: Site) -> None:
    """Its entities are the charger's own: nobody who has one socket wants to hear of connectors."""
    device = site.coordinator.devices.id_of(GARAGE)
    assert site.coordinator.devices.id_of((Evse, EVSE)) == device
    assert not dr.async_get(hass).async_get(device or "", include_main_devices=False)
    assert id_of(site, (Evse, EVSE), "status") == "sensor.garage_status"
    assert state_of(site, "status").name == "Garage Status"


async def test_a_second_connector_gives_each_its_own_device(
    hass: HomeAssistant, site: Site
) -> None:
    """The entities of the first one move, and keep their ids and with them their history."""
    await site.connect()
    await site.status(EvseStatus.AVAILABLE)
    status, connected = id_of(site, (Evse, EVSE), "status"), id_of(site, GARAGE, "connected")
    await site.status(EvseStatus.CHARGING, EvseId(CP1, 2))
    devices, registry = dr.async_get(hass), er.async_get(hass)
    parent = site.coordinator.devices.id_of(GARAGE)
    for number in (1, 2):
        child = devices.async_get(site.coordinator.devices.id_of((Evse, EvseId(CP1, number))) or "")
        assert isinstance(child, dr.ChildDeviceEntry)
        assert child.parent_device_id == parent
        assert child.config_subentry_id == "charger_cp1"
        assert child.name == f"Connector {number}"
        owned = er.async_entries_for_device(registry, child.id, include_disabled_entities=True)
        assert {each.unique_id.split("_")[2] for each in owned} == {f"CP1/{number}"}
        assert len(owned) >= len(ALWAYS)
    assert id_of(site, (Evse, EVSE), "status") == status
    kept = registry.async_get(connected)
    assert kept is not None
    assert kept.device_id == parent
    await site.status(EvseStatus.CHARGING)
    assert hass.states.get(status) is not None
    assert state_of(site, "status").state == "charging"
    assert id_of(site, (Evse, EvseId(CP1, 2)), "status") == "sensor.garage_connector_2_status"


async def test_what_was_never_sent_does_not_exist(
    hass: HomeAssistant, site: Site, freezer: FrozenDateTimeFactory
) -> None:
    registry = er.async_get(hass)

    def keys() -> set[str]:
        entries = er.async_entries_for_config_entry(registry, site.entry.entry_id)
        prefix = f"site_evse_{EVSE}_"
        return {each.unique_id.removeprefix(prefix) for each in entries}

    measured = {
        "power",
        "energy",
        "state_of_charge",
        "offered_current",
        "temperature",
        *(f"{name}_l{phase}" for name in ("current", "voltage") for phase in (1, 2, 3)),
    }
    await site.connect()
    await site.status(EvseStatus.AVAILABLE)
    assert not keys() & measured
    transaction = await site.start()
    await site.meter(1000, transaction)
    await pass_time(hass, freezer, 6)
    assert measured <= keys()


async def test_a_restart_brings_back_what_was_once_sent(
    hass: HomeAssistant, live_site: Site, charger: Charger
) -> None:
    """Entities of measurements are there again before the charger is."""
    assert await charger.present_tag(1, "TAG-ANNA")
    await charger.plug_in(1, Vehicle())
    await until(live_site, lambda: live_site.evse().live.register_wh is not None)
    await live_site.shown("energy")
    register = live_site.evse().live.register_wh
    await charger.go_offline()
    assert await hass.config_entries.async_reload(live_site.entry.entry_id)
    await hass.async_block_till_done()
    assert state_of(live_site, "power").state == STATE_UNAVAILABLE
    assert Decimal(state_of(live_site, "energy").state) * 1000 == register


async def test_a_lost_connection_hides_the_present_and_keeps_the_sums(site: Site) -> None:
    await site.connect()
    transaction = await site.start()
    await site.meter(3500, transaction)
    await site.disconnect()
    for row in ("status", "power", "current_l1", "plugged", "charging", "start", "stop", "unlock"):
        assert state_of(site, row).state == STATE_UNAVAILABLE, row
    assert state_of(site, "energy").state == "3.5"
    assert state_of(site, "session_energy").state == "2.5"
    assert state_of(site, "session_cost").state == "0.75"
    assert state_of(site, "charge_control").state == STATE_ON
    assert state_of(site, "maximum_current").state == "16.0"
    assert state_of(site, "connected", GARAGE).state == STATE_OFF
    problem = state_of(site, "problem", GARAGE)
    assert (problem.state, problem.attributes["problem"]) == (STATE_ON, "offline")
    await site.connect()
    assert state_of(site, "status").state == "charging"
    assert state_of(site, "problem", GARAGE).state == STATE_OFF


async def test_the_register_is_never_a_false_zero(
    hass: HomeAssistant, site: Site, freezer: FrozenDateTimeFactory
) -> None:
    await site.connect()
    transaction = await site.start()
    await site.meter(3500, transaction)
    await pass_time(hass, freezer, 6)
    await site.meter(0, transaction)
    await pass_time(hass, freezer, 6)
    assert state_of(site, "energy").state == "3.5"


async def test_no_power_is_shown_after_the_last_sample(
    hass: HomeAssistant, site: Site, freezer: FrozenDateTimeFactory
) -> None:
    """The last sample of a charge is taken while it still runs."""
    await site.connect()
    transaction = await site.start()
    await site.meter(3500, transaction, power=7200)
    await pass_time(hass, freezer, 6)
    assert state_of(site, "power").state == "7200.0"
    await site.status(EvseStatus.FINISHING)
    assert state_of(site, "power").state == "0.0"
    assert state_of(site, "current_l1").state == "0.0"
    await pass_time(hass, freezer, 6)
    assert state_of(site, "total_power", HOME).state == "0.0"


async def test_a_sample_that_comes_after_the_end_shows_no_power(
    hass: HomeAssistant, site: Site, freezer: FrozenDateTimeFactory
) -> None:
    await site.connect()
    transaction = await site.start()
    await site.meter(3500, transaction, power=7200)
    await site.stop(transaction, 3600)
    await site.meter(3600, transaction, power=7200)
    await pass_time(hass, freezer, 6)
    assert state_of(site, "power").state == "0.0"
    assert state_of(site, "current_l1").state == "0.0"
    assert state_of(site, "total_power", HOME).state == "0.0"
    assert state_of(site, "energy").state == "3.6"


async def test_no_battery_is_shown_without_a_car(
    hass: HomeAssistant, site: Site, freezer: FrozenDateTimeFactory
) -> None:
    await site.connect()
    transaction = await site.start()
    await site.meter(3500, transaction)
    await pass_time(hass, freezer, 6)
    assert state_of(site, "state_of_charge").state == "55.0"
    await site.stop(transaction, 3500)
    assert state_of(site, "state_of_charge").state == STATE_UNKNOWN


@pytest.mark.parametrize(
    ("status", "plugged", "charging"),
    [
        (EvseStatus.AVAILABLE, STATE_OFF, STATE_OFF),
        (EvseStatus.PREPARING, STATE_ON, STATE_OFF),
        (EvseStatus.CHARGING, STATE_ON, STATE_ON),
        (EvseStatus.SUSPENDED_EV, STATE_ON, STATE_OFF),
        (EvseStatus.SUSPENDED_EVSE, STATE_ON, STATE_OFF),
        (EvseStatus.FINISHING, STATE_ON, STATE_OFF),
        (EvseStatus.UNAVAILABLE, STATE_UNKNOWN, STATE_OFF),
        (EvseStatus.FAULTED, STATE_UNKNOWN, STATE_OFF),
    ],
)
async def test_what_a_status_means(
    site: Site, status: EvseStatus, plugged: str, charging: str
) -> None:
    await site.connect()
    await site.status(status)
    assert state_of(site, "status").state == status.value
    assert state_of(site, "plugged").state == plugged
    assert state_of(site, "charging").state == charging


async def test_a_fault_is_a_problem_with_its_error(site: Site) -> None:
    await site.connect()
    await site.status(EvseStatus.FAULTED, error="GroundFailure")
    problem = state_of(site, "problem", GARAGE)
    assert problem.state == STATE_ON
    assert problem.attributes["problem"] == "faulted"
    assert problem.attributes["error"] == "GroundFailure"
    assert state_of(site, "fault").attributes["error_code"] == "GroundFailure"


async def test_a_fault_of_the_charger_is_one_of_its_evses(site: Site) -> None:
    await site.connect()
    await site.status(EvseStatus.AVAILABLE)
    await site.status(EvseStatus.FAULTED, EvseId(CP1, 0), error="InternalError")
    assert state_of(site, "fault").attributes["error_code"] == "InternalError"


async def test_sessions_and_tags_are_events(site: Site) -> None:
    await site.connect()
    transaction = await site.start("TAG-ANNA")
    started = state_of(site, "session")
    assert started.attributes["event_type"] == "session_started"
    assert started.attributes["driver_name"] == "Anna"
    site.later(3600)
    await site.stop(transaction, 11000)
    ended = state_of(site, "session")
    assert ended.attributes["event_type"] == "session_ended"
    assert ended.attributes["energy_kwh"] == 10
    assert ended.attributes["cost"] == 3
    await site.tag("TAG-ANNA")
    accepted = state_of(site, "tag", GARAGE)
    assert accepted.attributes["event_type"] == "accepted"
    assert "TAG-ANNA" not in str(accepted.as_dict())
    await site.tag("STRANGER")
    refused = state_of(site, "tag", GARAGE)
    assert refused.attributes["event_type"] == "refused"
    assert "STRANGER" not in str(refused.as_dict())


async def test_drivers_add_up_by_month(
    hass: HomeAssistant, site: Site, freezer: FrozenDateTimeFactory
) -> None:
    await site.connect()
    await site.charge("TAG-ANNA", kwh=10)
    await site.charge("TAG-ANNA", meter=11000, kwh=5)
    assert state_of(site, "month_energy", ANNA).state == "15.0"
    assert state_of(site, "month_cost", ANNA).state == "4.5"
    assert state_of(site, "month_energy", (Driver, "ben")).state == "0.0"
    freezer.move_to("2026-11-30T22:59:00+00:00")
    await pass_time(hass, freezer, 30)
    assert state_of(site, "month_energy", ANNA).state == "15.0"
    freezer.move_to("2026-11-30T23:00:30+00:00")
    async_fire_time_changed(hass)
    await pass_time(hass, freezer, 60)
    assert state_of(site, "month_energy", ANNA).state == "0.0"
    assert state_of(site, "month_energy", ANNA).attributes["last_reset"].startswith("2026-12-01")


async def test_measurements_are_paced_and_states_are_not(
    hass: HomeAssistant, site: Site, freezer: FrozenDateTimeFactory
) -> None:
    await site.connect()
    transaction = await site.start()
    await site.meter(1000, transaction, power=1000)
    await pass_time(hass, freezer, 6)
    written: list[str] = []

    @callback
    def count(event: Event[EventStateChangedData]) -> None:
        new = event.data["new_state"]
        written.append(new.state if new else "")

    async_track_state_change_event(hass, id_of(site, (Evse, EVSE), "power"), count)
    await pass_time(hass, freezer, 6)
    written.clear()
    for power in (2000, 3000, 4000):
        await site.meter(1000, transaction, power=power)
        await pass_time(hass, freezer, 0.6)
    assert len(written) <= 1
    await pass_time(hass, freezer, 6)
    assert written[-1] == "4000.0"
    assert len(written) <= 2
    written.clear()
    await site.meter(1000, transaction, power=4000)
    await pass_time(hass, freezer, 6)
    assert written == []
    await site.meter(1000, transaction, power=0)
    await site.status(EvseStatus.SUSPENDED_EV)
    assert written == ["0.0"]


async def test_differences_below_the_precision_are_not_written(
    hass: HomeAssistant, site: Site, freezer: FrozenDateTimeFactory
) -> None:
    await site.connect()
    transaction = await site.start()
    await site.meter(1000, transaction)
    await pass_time(hass, freezer, 6)
    before = state_of(site, "energy")
    await site.meter(1004, transaction)
    await pass_time(hass, freezer, 6)
    assert state_of(site, "energy").state == before.state
    await site.meter(1012, transaction)
    await pass_time(hass, freezer, 6)
    assert state_of(site, "energy").state == "1.012"


class TestTwoConnectors:
    @pytest.fixture
    def entry(self) -> MockConfigEntry:
        return site_entry(*SUBENTRIES[:-1], charger_subentry(CP1, "Garage", evses=2))

    async def test_each_hears_only_its_own(self, hass: HomeAssistant, site: Site) -> None:
        second = EvseId(CP1, 2)
        await site.connect()
        await site.status(EvseStatus.AVAILABLE, second)
        await site.status(EvseStatus.CHARGING)
        heard: list[str] = []

        def listen(evse: EvseId) -> None:
            def hear(_at_all_costs: bool) -> bool:
                heard.append(str(evse))
                return False

            site.coordinator.listen((Evse, evse), hear)

        listen(EVSE)
        listen(second)
        await site.status(EvseStatus.FAULTED, second)
        assert set(heard) == {"CP1/2"}
        assert state_of(site, "status").state == "charging"
        assert state_of(site, "status", (Evse, second)).state == "faulted"


async def test_a_new_charger_comes_and_goes_without_reload(hass: HomeAssistant, site: Site) -> None:
    await site.connect()
    new = charger_subentry("CP2", "Carport")
    subentry = ConfigSubentry(
        data=MappingProxyType(dict(new["data"])),
        subentry_type="charger",
        subentry_id="charger_cp2",
        title="Carport",
        unique_id="CP2",
    )
    hass.config_entries.async_add_subentry(site.entry, subentry)
    await hass.async_block_till_done(wait_background_tasks=True)
    carport = (ChargerAggregate, "CP2")
    assert state_of(site, "connected", carport).state == STATE_OFF
    await site.connect("CP2")
    assert state_of(site, "connected", carport).state == STATE_ON
    assert state_of(site, "chargers_connected", HOME).state == "2"
    device = site.coordinator.devices.id_of(carport)
    hass.config_entries.async_remove_subentry(site.entry, "charger_cp2")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dr.async_get(hass).async_get(device or "") is None
    assert site.coordinator.devices.id_of(carport) is None
    assert not [each for each in hass.states.async_entity_ids() if "carport" in each]
    hass.config_entries.async_add_subentry(site.entry, subentry)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(site, "connected", carport).state == STATE_OFF


async def test_a_renamed_charger_renames_its_device(hass: HomeAssistant, site: Site) -> None:
    subentry = site.entry.subentries["charger_cp1"]
    hass.config_entries.async_update_subentry(site.entry, subentry, title="Barn")
    await hass.async_block_till_done(wait_background_tasks=True)
    device = site.coordinator.devices.entry_of(GARAGE)
    assert device is not None
    assert device.name == "Barn"


async def test_a_removed_driver_takes_their_entities_along(hass: HomeAssistant, site: Site) -> None:
    energy = id_of(site, ANNA, "month_energy")
    await site.engine.configure(DriverRemoved(driver="anna"))
    await hass.async_block_till_done()
    assert hass.states.get(energy) is None


class TestPrivateDrivers:
    @pytest.fixture
    def entry(self) -> MockConfigEntry:
        return site_entry(private_drivers=True)

    async def test_nobody_reads_of_them(self, hass: HomeAssistant, site: Site) -> None:
        await site.connect()
        await site.meter(1000, await site.start())
        await site.tag("TAG-BEN")
        written = [state.as_dict() for state in hass.states.async_all()]
        assert "Anna" not in str(written)
        assert "anna" not in str(written)
        assert "ben" not in str(written).replace("benefit", "")
        assert site.coordinator.devices.id_of(ANNA) is None

    async def test_the_option_works_both_ways(self, hass: HomeAssistant, site: Site) -> None:
        options = dict(site.entry.options)
        hass.config_entries.async_update_entry(
            site.entry, options=options | {"private_drivers": False}
        )
        await hass.async_block_till_done(wait_background_tasks=True)
        assert state_of(site, "month_energy", ANNA).state == "0.0"
        hass.config_entries.async_update_entry(
            site.entry, options=options | {"private_drivers": True}
        )
        await hass.async_block_till_done(wait_background_tasks=True)
        assert site.coordinator.devices.id_of(ANNA) is None
        assert not [each for each in hass.states.async_entity_ids() if "anna" in each]


async def test_foreign_text_is_clipped(site: Site) -> None:
    await site.connect()
    await site.status(EvseStatus.FAULTED, error="x" * 500)
    assert len(state_of(site, "fault").attributes["error_code"]) == 200


async def test_the_limit_has_the_evses_top(site: Site) -> None:
    await site.connect()
    state = state_of(site, "maximum_current")
    assert (state.attributes["min"], state.attributes["max"], state.attributes["step"]) == (
        6,
        16,
        1,
    )
    assert Decimal(state.state) == 16


async def test_the_log_says_once_that_a_charger_is_away(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "custom_components.ev_station.coordinator")
    await site.connect()
    await site.status(EvseStatus.AVAILABLE)
    await site.connect()
    await site.disconnect()
    await site.connect()
    ours = [each.message for each in caplog.records if each.name.endswith("coordinator")]
    assert ours == [
        "Garage is connected",
        "Garage is not connected any more",
        "Garage is connected",
    ]
