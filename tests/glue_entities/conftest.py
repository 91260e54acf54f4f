"""A loaded site."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from freezegun import api
from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from syrupy.assertion import SnapshotAssertion

from custom_components.ev_station.engine import Engine, Pace
from custom_components.ev_station.model.status import EvseStatus
from tests.simulator import Charger

from .site import CP1, NOON, Site, site_entry, until


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Give every test a ledger of its own."""
    return hass_tmp_config_dir


@pytest.fixture(autouse=True)
def _real(enable_custom_integrations: None, socket_enabled: None) -> None:
    """Use our integration and this machine's sockets."""


@pytest.fixture
def spoken_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the engine at frozen time, for tests that speak for the charger without a socket.

    The journal's encoder knows no other class of time than the true one, and the engine's tick would end
    connections it sees no socket of. Nothing is planned: tests tell what is.
    """

    def clock() -> datetime:
        return api.real_datetime.fromtimestamp(dt_util.utcnow().timestamp(), UTC)

    def engine(**arguments: Any) -> Engine:
        return Engine(**{**arguments, "clock": clock, "pace": Pace(tick_s=1e9, plan_after_s=1e9)})

    monkeypatch.setattr("custom_components.ev_station.Engine", engine)


@pytest.fixture
def entry() -> MockConfigEntry:
    """Return the site that is set up; modules override it."""
    return site_entry()


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Write registry entries and states as Home Assistant's own tests do."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture
async def live_site(hass: HomeAssistant, entry: MockConfigEntry) -> AsyncIterator[Site]:
    """Set up a site in real time, for chargers that dial in over a socket."""
    await load(hass, entry)
    yield Site(hass, entry, dt_util.utcnow())
    await unload(hass, entry)


@pytest.fixture
async def charger(live_site: Site) -> AsyncIterator[Charger]:
    """Dial in with the garage's charger."""
    url = f"ws://127.0.0.1:{live_site.engine.central.port}/"
    async with Charger(url, CP1) as dialled:
        await dialled.wait_online()
        await until(live_site, lambda: live_site.known_status() is EvseStatus.AVAILABLE)
        yield dialled


@pytest.fixture
async def site(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory, spoken_for: None
) -> AsyncIterator[Site]:
    """Set up a site at noon."""
    freezer.move_to(NOON)
    await load(hass, entry)
    yield Site(hass, entry, NOON)
    await unload(hass, entry)


async def load(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Set an entry up."""
    await hass.config.async_set_time_zone("Europe/Amsterdam")
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()


async def unload(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Put an entry to rest if it still works."""
    if entry.state is ConfigEntryState.LOADED:
        await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
