"""The look at the site, with real sockets: from a meter's word to a charger's profile."""

from dataclasses import replace
from decimal import Decimal
import logging
from pathlib import Path

import pytest

from custom_components.ev_station.engine import Engine, Pace, control as control_module
from custom_components.ev_station.model.allowance import Allowance, ReasonKind
from custom_components.ev_station.model.circuit import Amps, CircuitSettings, MeterReading
from custom_components.ev_station.model.errors import StorageUnavailable
from custom_components.ev_station.model.events import CircuitConfigured, CircuitRemoved
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.state import Circuit
from custom_components.ev_station.station import observe
from tests.simulator import Charger, Status, Vehicle

from .inputs import everything
from .site import comes, running, until, url, utcnow

pytestmark = pytest.mark.usefixtures("socket_enabled")
ONE = EvseId("CP1", 1)
MAIN = CircuitConfigured(
    settings=CircuitSettings(
        circuit="main",
        name="Main",
        limit_a=Decimal(25),
        metered=True,
        assumed_load_a=Decimal(15),
    )
)
QUICK = Pace(control_s=0.5, control_apart_s=0.05)


def read(engine: Engine, *amps: int) -> None:
    """Let the main fuse's meters speak."""
    first, second, third = (Decimal(each) for each in amps)
    currents: Amps = (first, second, third)
    engine.read_meter(MeterReading(circuit="main", currents_a=currents, at=utcnow()))


def allowance(engine: Engine) -> Allowance | None:
    """Return what the EVSE may draw."""
    return engine.state.get(Allowance, ONE)


def allows(engine: Engine, kind: ReasonKind, limit: int) -> bool:
    """Return whether the EVSE may draw that much, and for that reason."""
    found = allowance(engine)
    return found is not None and (found.reason.kind, found.limit_a) == (kind, limit)


async def test_an_overload_reaches_the_car(tmp_path: Path) -> None:
    """The charger's own limit follows the meter, and comes back when the meter falls silent."""
    async with running(tmp_path, pace=QUICK) as engine, Charger(url(engine), "CP1") as charger:
        await engine.configure(MAIN)
        read(engine, 5, 5, 5)
        await until(engine, lambda: allows(engine, ReasonKind.READY, 10))
        await charger.plug_in(1, Vehicle(max_amps=32))
        assert await charger.present_tag(1, "TAG-ANNA")
        await charger.wait_for(1, Status.CHARGING)
        connector = charger.connectors[1]
        read(engine, 5, 5, 5)
        await charger.wait_until(lambda: connector.pilot.limit.amps == 20, 10.0)
        # What flows now cannot all be the car's.
        read(engine, 60, 25, 25)
        await charger.wait_until(lambda: connector.pilot.limit.amps == 0, 10.0)
        found = allowance(engine)
        assert found is not None
        assert found.reason[:3] == (ReasonKind.WAITING, "main", 0)


async def test_without_circuits_nobody_looks(tmp_path: Path) -> None:
    """A site without circuits costs nothing, and one that lost them is let go."""
    async with running(tmp_path, pace=QUICK) as engine:
        async with Charger(url(engine), "CP1"):
            assert allowance(engine) is None
            await engine.configure(MAIN)
            await until(engine, lambda: allowance(engine) is not None)
            await engine.configure(CircuitRemoved(circuit="main"))
            await until(engine, lambda: allowance(engine) is None)
        await until(engine, lambda: not engine.central.connections)
    left = everything(engine)
    async with running(tmp_path) as again:
        assert everything(again) == left


async def test_a_silent_meter_is_noticed_without_any_message(tmp_path: Path) -> None:
    """Looks come by themselves."""
    async with running(tmp_path, pace=QUICK) as engine, Charger(url(engine), "CP1"):
        await engine.configure(CircuitConfigured(settings=replace(MAIN.settings, stale_after_s=1)))
        read(engine, 0, 0, 0)
        await until(engine, lambda: not blind(engine))
        await until(engine, lambda: blind(engine))


def blind(engine: Engine) -> bool:
    """Return whether the main fuse's meters are not believed."""
    (circuit,) = engine.state.all(Circuit)
    return circuit.blind


async def test_a_fault_of_ours_costs_one_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The log tells of it once, and looking goes on."""
    looks = 0

    def broken(*_: object) -> None:
        nonlocal looks
        looks += 1
        raise ZeroDivisionError

    monkeypatch.setattr(control_module, "observe", broken)
    async with running(tmp_path, pace=QUICK) as engine, Charger(url(engine), "CP1"):
        await engine.configure(MAIN)
        await comes(lambda: looks > 2)
        assert allowance(engine) is None
        monkeypatch.setattr(control_module, "observe", observe)
        await until(engine, lambda: allowance(engine) is not None)
    told = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert len(told) == 1


async def test_a_look_that_cannot_be_stored_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Storage that fails for a moment loses nothing."""
    async with running(tmp_path, pace=QUICK) as engine, Charger(url(engine), "CP1"):
        await engine.configure(MAIN)
        await until(engine, lambda: blind(engine))
        # The state is ahead of the disk.
        await comes(lambda: not engine._committer.pending)
        commit, fails = engine._store.commit, 0

        def failing(_entries: object) -> None:
            nonlocal fails
            fails += 1
            raise StorageUnavailable("the disk is full")

        monkeypatch.setattr(engine._store, "commit", failing)
        read(engine, 12, 12, 12)
        await comes(lambda: fails > 1)
        # Until the next attempt is undone too.
        await comes(lambda: blind(engine))
        monkeypatch.setattr(engine._store, "commit", commit)
        await until(engine, lambda: not blind(engine))
