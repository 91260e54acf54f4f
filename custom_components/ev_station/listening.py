"""The address chargers dial: whether it is free, who holds it if not, and how to write it on a charger."""

import asyncio
from dataclasses import dataclass
import errno
from pathlib import Path
from typing import TYPE_CHECKING, Final

from homeassistant.components import network
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.util.network import is_ip_address

from .const import CONF_ADVERTISED_HOST, DEFAULT_PORT, DOMAIN

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

_OTHER_CENTRAL_SYSTEM: Final = "ocpp"
_NAMES: Final = {DOMAIN: "EV Station", _OTHER_CENTRAL_SYSTEM: "OCPP"}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why an address cannot be listened on: an error key of the flows, and who is in the way."""

    key: str
    owner: str = ""

    @property
    def about_host(self) -> bool:
        """Tell whether another address, and not another port, would help."""
        return self.key == "address_unavailable"


async def async_find_obstacle(
    hass: HomeAssistant, host: str | None, port: int, entry: EvStationConfigEntry | None = None
) -> Obstacle | None:
    """Prove that the address can be bound; `entry` is the site that asks and is not in its own way.

    Port 0 proves the address alone.
    """
    if port and (other := _other_site(hass, port, entry)):
        return _used_by(other)
    if host and not is_ip_address(host):
        return Obstacle("address_unavailable")
    try:
        server = await asyncio.get_running_loop().create_server(asyncio.Protocol, host, port)
    except PermissionError:
        return Obstacle("port_forbidden")
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            return Obstacle("address_unavailable")
        return await async_name_owner(hass, port, entry)
    server.close()
    await server.wait_closed()
    return None


async def async_name_owner(
    hass: HomeAssistant, port: int, entry: EvStationConfigEntry | None = None
) -> Obstacle:
    """Return who most likely holds a busy port."""
    if other := _other_site(hass, port, entry):
        return _used_by(other)
    for candidate in hass.config_entries.async_loaded_entries(_OTHER_CENTRAL_SYSTEM):
        if candidate.data.get(CONF_PORT, DEFAULT_PORT) == port:
            return _used_by(candidate)
    if process := await hass.async_add_executor_job(_listening_process, port):
        return Obstacle("port_used_by", process)
    return Obstacle("port_in_use")


def _used_by(entry: EvStationConfigEntry) -> Obstacle:
    return Obstacle("port_used_by", f"{_NAMES[entry.domain]} ({entry.title})")


def _other_site(
    hass: HomeAssistant, port: int, entry: EvStationConfigEntry | None
) -> EvStationConfigEntry | None:
    sites = hass.config_entries.async_entries(DOMAIN, include_ignore=False)
    return next(
        (site for site in sites if site is not entry and site.data[CONF_PORT] == port), None
    )


def _listening_process(port: int, proc: Path = Path("/proc")) -> str | None:
    """Return the name of the process that listens on a TCP port, as far as Linux tells us."""
    inodes = _listening_inodes(port, proc)
    sockets = {f"socket:[{inode}]" for inode in inodes}
    for process in proc.glob("[0-9]*") if sockets else ():
        try:
            if any(str(handle.readlink()) in sockets for handle in (process / "fd").iterdir()):
                return (process / "comm").read_text().strip()
        except OSError:  # gone meanwhile, or another user's
            continue
    return None


def _listening_inodes(port: int, proc: Path) -> set[str]:
    listening = "0A"  # TCP_LISTEN in include/net/tcp_states.h
    inodes = set()
    for table in ("net/tcp", "net/tcp6"):
        try:
            rows = (proc / table).read_text().splitlines()[1:]
        except OSError:
            continue
        for fields in map(str.split, rows):
            if fields[3] == listening and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(fields[9])
    return inodes


async def async_charger_url(hass: HomeAssistant, entry: EvStationConfigEntry) -> str:
    """Return what to type into a charger as the address of its central system."""
    return await async_url(
        hass,
        entry.data[CONF_HOST],
        entry.data[CONF_PORT],
        entry.options.get(CONF_ADVERTISED_HOST),
    )


async def async_url(
    hass: HomeAssistant, host: str | None, port: int, advertised: str | None
) -> str:
    """Return the WebSocket address chargers use; they append their identity."""
    name = advertised or host or await network.async_get_source_ip(hass) or "homeassistant.local"
    return f"ws://[{name}]:{port}/" if ":" in name else f"ws://{name}:{port}/"
