"""A Home Assistant whose configuration lives in a folder of its own, and a free port for each test."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path
import socket

from homeassistant.core import HomeAssistant
import pytest

from . import entries
from .entries import LOCALHOST


@pytest.fixture(autouse=True)
def _integration(
    enable_custom_integrations: None, socket_enabled: None, hass: HomeAssistant, tmp_path: Path
) -> None:
    """Let Home Assistant find the integration, and keep its ledgers out of the harness's folder."""
    hass.config.config_dir = str(tmp_path)


@pytest.fixture
def port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOCALHOST, 0))
        found: int = probe.getsockname()[1]
    return found


@pytest.fixture
def busy_port() -> Generator[int]:
    """Return a port somebody listens on."""
    with socket.socket() as holder:
        holder.bind((LOCALHOST, 0))
        holder.listen()
        yield holder.getsockname()[1]


@pytest.fixture
async def site(hass: HomeAssistant, port: int) -> AsyncGenerator[entries.SiteEntry]:
    """Return a loaded site with two drivers, a tariff, a sheet and a charger."""
    entry = entries.site_entry(port)
    await entries.async_load(hass, entry)
    yield entry
    await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
