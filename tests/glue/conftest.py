"""A Home Assistant whose configuration lives in a folder of its own, and a free port for each test."""

from collections.abc import AsyncGenerator, Generator
from itertools import count
import os
from pathlib import Path
import socket
from typing import Final

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


# Below the ports the system gives out by itself, which another test may get at any moment; each process
# begins elsewhere, so that neither workers nor two runs at once meet soon.
_PORTS: Final = count(10_000 + os.getpid() * 199 % 18_000)


@pytest.fixture
def port() -> int:
    """Return a port nobody listens on, and nobody else is told of."""
    return next(number for number in _PORTS if _is_free(number))


@pytest.fixture
def other_port() -> int:
    """Return another one."""
    return next(number for number in _PORTS if _is_free(number))


def _is_free(number: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((LOCALHOST, number))
        except OSError:
            return False
    return True


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
