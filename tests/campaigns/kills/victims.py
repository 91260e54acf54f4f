"""Who dies: an engine of its own, or a whole Home Assistant."""

import asyncio
from asyncio.subprocess import PIPE, Process
from pathlib import Path
import sys
from typing import Protocol, override

from script.ev_station import configure_ev_station, wait_until_loaded
from script.flows import FlowPath, walk_flow
from script.home_assistant import REPOSITORY, HomeAssistant
from script.ports import LOCALHOST, free_port

from .day import IDENTITIES, TAG
from .engine_process import READY


class Victim(Protocol):
    """A central system that can be killed."""

    port: int

    @property
    def database(self) -> Path:
        """Where its ledger lies."""

    @property
    def url(self) -> str:
        """Where chargers dial."""
        return f"ws://{LOCALHOST}:{self.port}/"

    async def start(self) -> None:
        """Start and wait until chargers may dial."""

    async def kill(self) -> None:
        """End it as a power cut would."""

    async def stop(self) -> None:
        """End it in good order."""


class EngineVictim(Victim):
    """The engine alone."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._process: Process | None = None

    @property
    @override
    def database(self) -> Path:
        return self._folder / "ev_station.db"

    @override
    async def start(self) -> None:
        module = "tests.campaigns.kills.engine_process"
        command = (sys.executable, "-m", module, str(self._folder), str(self.port))
        self._process = await asyncio.create_subprocess_exec(*command, cwd=REPOSITORY, stdout=PIPE)
        assert self._process.stdout
        async with asyncio.timeout(60):
            line = await self._process.stdout.readline()
        if line.decode().strip() != READY:
            raise RuntimeError("the engine did not start")

    @override
    async def kill(self) -> None:
        assert self._process
        self._process.kill()
        await self._process.wait()

    @override
    async def stop(self) -> None:
        assert self._process
        self._process.terminate()
        await self._process.wait()


class HassVictim(Victim):
    """A whole Home Assistant."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._hass = HomeAssistant(folder)
        self._entry = ""

    @property
    @override
    def database(self) -> Path:
        return self._hass.config_dir / "ev_station" / self._entry / "ev_station.db"

    @override
    async def start(self) -> None:
        await asyncio.to_thread(self._start)

    def _start(self) -> None:
        self._hass.start()
        if self._entry:
            wait_until_loaded(self._hass.api)
            return
        self._entry = configure_ev_station(self._hass.api, self.port)
        for identity in IDENTITIES:
            self._add("charger", charger_id=identity, name=identity)
        self._add("driver", name="Anna", tags=[TAG])
        # Home Assistant writes what was configured in good order only.
        self._hass.restart()
        wait_until_loaded(self._hass.api)

    def _add(self, kind: str, **answers: object) -> None:
        walk_flow(self._hass.api, FlowPath.SUBENTRY, [self._entry, kind], answers)

    @override
    async def kill(self) -> None:
        await asyncio.to_thread(self._hass.kill)

    @override
    async def stop(self) -> None:
        await asyncio.to_thread(self._hass.stop)
