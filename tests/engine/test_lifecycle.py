"""Starting, stopping, faults of ours, and the daily housekeeping."""

import asyncio
from contextlib import closing
import logging
from pathlib import Path
import sqlite3
from typing import Any

import pytest

from custom_components.ev_station.engine import (
    Engine,
    Listener,
    Pace,
    Publication,
    engine as module,
)
from custom_components.ev_station.engine.subscribers import Subscribers
from custom_components.ev_station.model.commands import CommandStatus
from custom_components.ev_station.model.errors import NotHandled, StorageUnavailable
from custom_components.ev_station.model.events import HeartbeatReceived, TimePassed
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.records import Frame
from custom_components.ev_station.model.status import EvseStatus
from custom_components.ev_station.station import handle as reduce
from custom_components.ev_station.store.backups import rolling_backups
from tests.simulator import Charger, Quirks

from .inputs import everything, start, status
from .site import SITE, evse, running, until, url, utcnow
from .storage import FragileStore

pytestmark = pytest.mark.usefixtures("socket_enabled")


def engine_in(folder: Path, port: int = 0) -> Engine:
    """Return an engine that has not started."""
    return Engine(folder=folder, listener=Listener(host="127.0.0.1", port=port), clock=utcnow)


async def test_stopping_twice_and_before_the_start(tmp_path: Path) -> None:
    """Once is enough, and a stopped engine does not start."""
    engine = engine_in(tmp_path)
    await asyncio.gather(engine.stop(), engine.stop())
    with pytest.raises(StorageUnavailable):
        await engine.start()
    await engine.listen_on(None)


async def test_stopping_while_starting(tmp_path: Path) -> None:
    """The stop waits for the start and then undoes it."""
    engine = engine_in(tmp_path)
    starting = asyncio.create_task(engine.start())
    await asyncio.sleep(0)
    await engine.stop()
    await starting
    with pytest.raises(StorageUnavailable):
        await start(engine)


async def test_a_checkpoint_that_stumbles_keeps_nothing_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The engine comes to rest, says why, and finds everything in the journal."""

    def stumble(*_: object) -> None:
        raise TypeError("no such form")

    async with running(tmp_path) as engine:
        await start(engine)
        left = everything(engine)
        monkeypatch.setattr(module, "save_state", stumble)
    assert "No checkpoint could be made" in caplog.text
    assert not (tmp_path / "ev_station.db-wal").exists()
    monkeypatch.undo()
    async with running(tmp_path) as again:
        assert everything(again) == left


async def test_a_taken_port_leaves_nothing_behind(tmp_path: Path) -> None:
    """The store is closed again, and its state is what it was."""
    (tmp_path / "mine").mkdir()
    async with running(tmp_path) as other:
        async with running(tmp_path / "mine") as engine:
            await start(engine)
            left = everything(engine)
        second = engine_in(tmp_path / "mine", other.central.port)
        with pytest.raises(OSError):
            await second.start()
        await second.stop()
        assert not (tmp_path / "mine" / "ev_station.db-wal").exists()
    async with running(tmp_path / "mine") as again:
        assert everything(again) == left


async def test_a_start_that_fails_in_the_middle_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a replay must never become a checkpoint."""
    async with running(tmp_path) as engine:
        await start(engine)
        left = everything(engine)
    with monkeypatch.context() as patch:
        patch.setattr(FragileStore, "used_transactions", _unavailable)
        broken = Engine(folder=tmp_path, listener=None, clock=utcnow, open_store=FragileStore)
        with pytest.raises(StorageUnavailable):
            await broken.start()
        await broken.stop()
    async with running(tmp_path) as again:
        assert everything(again) == left


def _unavailable(_store: FragileStore) -> None:
    raise StorageUnavailable


async def test_listening_elsewhere(tmp_path: Path) -> None:
    """Chargers are let go, sessions stay, and the new port takes them in again."""
    async with running(tmp_path) as engine:
        async with Charger(url(engine), "CP1") as charger:
            await charger.wait_online()
            await until(engine, lambda: "CP1" in engine.central.connections)
            await engine.listen_on(Listener(host="127.0.0.1", port=0))
            assert engine.central.connections == {}
        async with Charger(url(engine), "CP1") as charger:
            await charger.wait_online()
        await engine.listen_on(None)


@pytest.fixture
def broken_heartbeats(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the reducer stumble over heartbeats and the passing of time."""

    def handle(state: Any, event: Any, *rest: Any) -> Any:
        if isinstance(event, HeartbeatReceived | TimePassed):
            raise ZeroDivisionError
        return reduce(state, event, *rest)

    monkeypatch.setattr(module, "handle", handle)


@pytest.mark.usefixtures("broken_heartbeats")
async def test_a_fault_of_ours_is_answered_and_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The charger gets InternalError, its frame is kept, the state is untouched, everything goes on."""
    async with running(tmp_path, pace=Pace(tick_s=0.01)) as engine:
        before = everything(engine)
        now = utcnow()
        heartbeat = HeartbeatReceived(charger="CP1", received_at=now)
        frame = Frame(at=now, charger="CP1", outgoing=False, text="[2]")
        for _ in range(3):
            with pytest.raises(NotHandled):
                await engine.submit(heartbeat, frame)
        assert everything(engine) == before
        async with Charger(url(engine), "CP1") as charger:
            await charger.heartbeat()
            await until(engine, lambda: evse(engine).status is EvseStatus.AVAILABLE)
            answers = [each.text for each in charger.rpc.frames if not each.sent]
            assert any('"InternalError"' in each for each in answers)
        assert await start(engine)
    logged = [each for each in caplog.records if each.levelno >= logging.ERROR]
    assert sorted(each.getMessage().split()[0] for each in logged) == [
        "HeartbeatReceived",
        "TimePassed",
    ]


async def test_an_input_that_cannot_be_replayed_costs_itself_only(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A site starts with what can be read, and health tells of the rest."""
    async with running(tmp_path, open_store=FragileStore) as engine:
        await start(engine)
        left = everything(engine)
        await engine.submit(status(1, EvseStatus.FAULTED), None)
        store = engine._store
        assert isinstance(store, FragileStore)
        store.full = True
    with closing(sqlite3.connect(tmp_path / "ev_station.db")) as connection:
        connection.execute(
            "UPDATE journal SET event = ? WHERE kind = 'StatusReported'", (b'{"evse": 5}',)
        )
        connection.commit()
    async with running(tmp_path) as again:
        assert everything(again) == left
        assert again.health.unreadable_rows == 1


async def test_an_unreadable_checkpoint_has_a_predecessor(tmp_path: Path) -> None:
    """The older one and the journal after it do as well."""
    for number in (1, 2):
        async with running(tmp_path) as engine:
            await start(engine, number)
            left = everything(engine)
    with closing(sqlite3.connect(tmp_path / "ev_station.db")) as connection:
        newest = "(SELECT max(sequence) FROM checkpoints)"
        connection.execute(f"UPDATE checkpoints SET state = x'00' WHERE sequence = {newest}")
        connection.commit()
    async with running(tmp_path) as again:
        assert everything(again) == left
        assert again.health.unreadable_rows == 1


async def test_whoever_waits_for_a_command_is_told_when_the_engine_stops(tmp_path: Path) -> None:
    """The charger never answered; the caller must not wait for ever."""
    quirks = Quirks(silent_to=frozenset({"RemoteStartTransaction"}))
    async with running(tmp_path) as engine, Charger(url(engine), "CP1", quirks=quirks) as charger:
        await charger.wait_online()
        await until(engine, lambda: evse(engine).status is EvseStatus.AVAILABLE)
        request = asyncio.create_task(engine.start_session(EvseId("CP1", 1), "anna"))
        await charger.wait_request("RemoteStartTransaction")
        await engine.stop()
        result = await request
        assert result.status in {CommandStatus.NOT_CONNECTED, CommandStatus.TIMED_OUT}


async def test_a_command_that_stumbles_has_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault in carrying a command out is an answer to whoever asked for it."""
    async with running(tmp_path) as engine, Charger(url(engine), "CP1") as charger:
        await charger.wait_online()
        await until(engine, lambda: evse(engine).status is EvseStatus.AVAILABLE)

        async def stumble(*_: Any) -> None:
            raise KeyError("odd")

        monkeypatch.setattr(engine.central, "execute", stumble)
        result = await engine.start_session(EvseId("CP1", 1), "anna")
        assert (result.status, result.detail) == (CommandStatus.FAILED, "KeyError")


async def test_a_listener_that_fails_keeps_nobody_from_hearing(tmp_path: Path) -> None:
    """Neither the other listeners nor the charger that waits for its answer."""
    heard: list[Publication] = []

    def fail(_publication: Publication) -> None:
        raise RuntimeError

    async with running(tmp_path) as engine:
        engine.listen(fail)
        forget = engine.listen(heard.append)
        await start(engine)
        assert heard
        forget()


def test_subscribers_forget() -> None:
    """Who left hears nothing."""
    heard: list[int] = []
    subscribers = Subscribers[int]()
    subscribers.add(heard.append)()
    subscribers.tell(1)
    assert heard == []


async def test_what_cannot_be_carried_out_is_durable_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The charger is answered whatever happens behind the commit, and the next group is written."""

    def stumble(_effects: object) -> None:
        raise RuntimeError

    async with running(tmp_path) as engine:
        monkeypatch.setattr(engine._carrier, "carry_out", stumble)
        assert await start(engine)
        assert await start(engine, 2)


async def test_a_backup_that_fails_is_told_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chargers come first; tomorrow is another day."""

    def fail(*_: object) -> int:
        raise StorageUnavailable("damaged")

    async with running(tmp_path) as engine:
        monkeypatch.setattr(engine._store, "rotate_backups", fail)
        monkeypatch.setattr(engine._store, "prune", fail)
        await engine._keep_house()
        assert engine.health.backup_problem == "damaged"
        assert await start(engine)


async def test_raw_frames_nobody_waits_for_are_written_by_the_tick(tmp_path: Path) -> None:
    """Heartbeats change nothing; their frames must not gather in memory."""
    async with running(tmp_path) as engine:
        now = utcnow()
        engine.keep(Frame(at=now, charger="CP1", outgoing=False, text="[2]"))
        await engine._look_around()
        await engine._committer.flush()
        assert len(engine._store.frames("CP1", 10)) == 1


async def test_a_site_without_settings_has_no_house_to_keep(tmp_path: Path) -> None:
    """Before the first configuration there is no time zone and nothing to back up."""
    engine = Engine(folder=tmp_path, listener=None, clock=utcnow)
    await engine.start()
    await engine._keep_house()
    assert rolling_backups(tmp_path / "ev_station.db") == []
    await engine.configure(SITE)
    await engine.stop()
