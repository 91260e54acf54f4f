"""A loaded site."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from freezegun import api
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ev_station.engine import Engine

from .site import NOON, Site, site_entry


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Give every test a ledger of its own."""
    return hass_tmp_config_dir


@pytest.fixture(autouse=True)
def _real(enable_custom_integrations: None, socket_enabled: None) -> None:
    """Use our integration and this machine's sockets."""


@pytest.fixture(autouse=True)
def _genuine_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the engine frozen times of the true class: the journal's encoder knows no other."""

    def clock() -> datetime:
        return api.real_datetime.fromtimestamp(dt_util.utcnow().timestamp(), UTC)

    def engine(**arguments: Any) -> Engine:
        return Engine(**{**arguments, "clock": clock})

    monkeypatch.setattr("custom_components.ev_station.Engine", engine)


@pytest.fixture
def entry() -> MockConfigEntry:
    """Return the site that is set up; modules override it."""
    return site_entry()


@pytest.fixture
async def site(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> AsyncIterator[Site]:
    """Set up a site at noon."""
    freezer.move_to(NOON)
    await hass.config.async_set_time_zone("Europe/Amsterdam")
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    yield Site(hass, entry, NOON)
    if entry.state.recoverable:
        await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
