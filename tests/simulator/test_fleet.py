"""The demonstration fleet: it comes to life, finishes sessions, and leaves in order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import signal
import sys
import time

import pytest

from .fleet import Plan, run
from .permissive import Permissive

pytestmark = pytest.mark.usefixtures("socket_enabled")


@asynccontextmanager
async def living(plan: Plan) -> AsyncIterator[None]:
    """Let a fleet live for a while."""
    fleet = asyncio.create_task(run(plan))
    try:
        yield
    finally:
        fleet.cancel()
        await asyncio.gather(fleet, return_exceptions=True)


async def test_three_chargers_play_three_roles() -> None:
    async with Permissive() as server:
        async with living(Plan(url=server.url, chargers=3, speed=3600, shortest=0.1)):
            await server.until(lambda: len(server.sent("StartTransaction")) >= 4)
        starts, stops = server.sent("StartTransaction"), server.sent("StopTransaction")
        boots = server.sent("BootNotification")
    assert len(starts) == len(stops), "no session stays open"
    assert {start["idTag"] for start in starts} <= {"DEMO-ANNA", "DEMO-BEN", "DEMO-GUEST"}
    assert {call.identity for call in server.calls} == {"SIM-1", "SIM-2", "SIM-3"}
    assert len({boot["chargePointModel"] for boot in boots}) == 3
    assert server.violations == []


async def test_energy_flows_faster_at_realistic_power() -> None:
    async with Permissive() as server:

        async def read() -> tuple[float, float]:
            """Ask for a sample; return its energy and power."""
            heard = len(server.sent("MeterValues"))
            await server.call("SIM-1", "TriggerMessage", {"requestedMessage": "MeterValues"})
            await server.until(lambda: len(server.sent("MeterValues")) > heard)
            values = server.sent("MeterValues")[-1]["meterValue"][0]["sampledValue"]
            named = {value["measurand"]: float(value["value"]) for value in values}
            return named["Energy.Active.Import.Register"], named["Power.Active.Import"]

        async with living(Plan(url=server.url, chargers=1, speed=3600)):
            await server.until(lambda: bool(server.sent("StartTransaction")))
            began, (first, power) = time.monotonic(), await read()
            energy = first
            while energy < first + 1000:
                energy, _ = await read()
            seconds = time.monotonic() - began
    assert 0 < power <= 11040
    assert seconds < 60, "at this power a kilowatt-hour takes five minutes"


async def test_the_program_ends_at_sigterm() -> None:
    async with Permissive() as server:
        program = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.simulator",
            "--url",
            server.url,
            "--chargers",
            "1",
            stderr=asyncio.subprocess.PIPE,
        )
        await server.until(lambda: bool(server.sent("StartTransaction")))
        program.send_signal(signal.SIGTERM)
        _, log = await program.communicate()
        assert program.returncode == 0
        assert b"SIM-1    connector 1 is Charging" in log
        assert len(server.sent("StopTransaction")) == 1
