"""Commits that fail, wait or go wrong: what is answered is durable, and what is not durable never was."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from custom_components.ev_station.engine import Engine, Pace
from custom_components.ev_station.model.commands import CommandStatus
from custom_components.ev_station.model.errors import NotHandled, RequestRefused, StorageUnavailable
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.records import Entry, Frame
from custom_components.ev_station.model.session import Session
from custom_components.ev_station.model.state import Evse
from custom_components.ev_station.model.status import EvseStatus

from .inputs import everything, start, status, stopped
from .site import EVERYTHING, evse, ledger, running
from .storage import FragileStore

pytestmark = pytest.mark.usefixtures("socket_enabled")


def store_of(engine: Engine) -> FragileStore:
    """Return the engine's store."""
    store = engine._store
    assert isinstance(store, FragileStore)
    return store


def _fails(engine: Engine) -> bool:
    return engine.health.storage_failing_since is not None


async def at_the_gate(store: FragileStore) -> None:
    """Wait until a commit stands at the closed gate."""
    assert await asyncio.to_thread(store.waiting.wait, 10)


def close_gate(store: FragileStore) -> None:
    """Let the next commit wait."""
    store.gate.clear()
    store.waiting.clear()


async def test_f28_a_failed_commit_leaves_the_state_as_it_was(tmp_path: Path) -> None:
    """The retry is answered with the id that is on disk after a restart; later inputs go on."""
    async with running(tmp_path, open_store=FragileStore) as engine:
        before = everything(engine)
        store_of(engine).full = True
        with pytest.raises(StorageUnavailable):
            await start(engine)
        assert everything(engine) == before
        assert _fails(engine)
        store_of(engine).full = False
        transaction = await start(engine)
        assert not _fails(engine)
    async with running(tmp_path) as again:
        assert await start(again) == transaction
        await again.submit(stopped(transaction), None)
        (posting,) = await ledger(again)
        assert posting.energy_wh == 4000


async def test_what_was_reduced_upon_a_lost_input_is_lost_with_it(tmp_path: Path) -> None:
    """A whole row of inputs is undone, the last one first."""
    async with running(tmp_path, open_store=FragileStore) as engine:
        store, before = store_of(engine), everything(engine)
        close_gate(store)
        first = asyncio.create_task(start(engine))
        await at_the_gate(store)
        rest = [asyncio.create_task(start(engine, number)) for number in (1, 2, 3)]
        await asyncio.sleep(0)
        store.full = True
        store.gate.set()
        results = await asyncio.gather(first, *rest, return_exceptions=True)
        assert [type(each) for each in results] == [StorageUnavailable] * 4
        assert everything(engine) == before


async def test_a_repeat_is_answered_no_sooner_than_what_it_repeats(tmp_path: Path) -> None:
    """F1: the second of two equal starts must not get an id that a power cut would take back."""
    async with running(tmp_path, open_store=FragileStore) as engine:
        store = store_of(engine)
        close_gate(store)
        first = asyncio.create_task(start(engine))
        await at_the_gate(store)
        again = asyncio.create_task(start(engine))
        done, _ = await asyncio.wait({again}, timeout=0.05)
        assert not done
        store.gate.set()
        assert await first == await again


async def test_an_input_that_cannot_be_written_costs_itself_only(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A group is taken apart: those before stay, the poison and those upon it are undone and answered."""

    def poison(entries: Sequence[Entry]) -> None:
        if any(entry.row is not None and b"987654321" in entry.row.event for entry in entries):
            raise OverflowError("too large")

    async with running(tmp_path, open_store=FragileStore) as engine:
        store = store_of(engine)
        close_gate(store)
        first = asyncio.create_task(engine.submit(status(1, EvseStatus.AVAILABLE), None))
        await at_the_gate(store)
        store.stumble = poison
        numbers = ((1, 1000), (2, 987654321), (3, 1000))
        tasks = [asyncio.create_task(start(engine, *each)) for each in numbers]
        await asyncio.sleep(0)
        store.gate.set()
        await first
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert isinstance(results[0], int)
        assert [type(each) for each in results[1:]] == [NotHandled, NotHandled]
        assert evse(engine, number=2).session is None
        assert engine.health.storage_failing_since is None
        assert await start(engine, 3)
    async with running(tmp_path) as again:
        assert evse(again, number=1).session
        assert again.state.get(Evse, EvseId("CP1", 2)) is None
        assert evse(again, number=3).session
        assert again.health.unreadable_rows == 0


async def test_storage_that_fails_while_a_group_is_taken_apart(tmp_path: Path) -> None:
    """Then it is the storage's failure after all."""
    async with running(tmp_path, open_store=FragileStore) as engine:

        def stumble(entries: Sequence[Entry]) -> None:
            store_of(engine).full = True
            raise RuntimeError

        before = everything(engine)
        store_of(engine).stumble = stumble
        with pytest.raises(StorageUnavailable):
            await start(engine)
        assert everything(engine) == before
        store_of(engine).full, store_of(engine).stumble = False, None


async def test_a_connection_that_ends_while_its_input_is_written(tmp_path: Path) -> None:
    """The input counts although nobody waits for the answer any more."""
    async with running(tmp_path, open_store=FragileStore) as engine:
        store = store_of(engine)
        close_gate(store)
        task = asyncio.create_task(start(engine))
        await at_the_gate(store)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        store.gate.set()
        transaction = await start(engine)
        assert [each.transactions[0] for each in engine.state.all(Session)] == [transaction]


async def test_f25_stopping_waits_for_the_commit_under_way(tmp_path: Path) -> None:
    """What was reduced before the stop is answered and on disk; what comes after is refused."""
    engine_task: asyncio.Task[int]
    async with running(tmp_path, open_store=FragileStore) as engine:
        store = store_of(engine)
        close_gate(store)
        engine_task = asyncio.create_task(start(engine))
        await at_the_gate(store)
        stop = asyncio.create_task(engine.stop())
        await asyncio.sleep(0)
        store.gate.set()
        await stop
        transaction = await engine_task
        with pytest.raises(StorageUnavailable):
            await start(engine, 2)
    async with running(tmp_path) as again:
        assert await start(again) == transaction


async def test_a_restart_finds_the_state_it_left(tmp_path: Path) -> None:
    """Checkpoints taken in the middle of traffic and the journal after them give the same state again."""
    pace = Pace(checkpoint_every=3)
    async with running(tmp_path, pace=pace, open_store=FragileStore) as engine:
        for number in range(1, 12):
            transactions = await asyncio.gather(
                *(start(engine, each, number) for each in (1, 2, 3))
            )
            await asyncio.gather(*(engine.submit(stopped(each), None) for each in transactions))
        await start(engine)
        left = everything(engine)
        # As a power cut would: no last checkpoint.
        store_of(engine).full = True
    async with running(tmp_path) as again:
        assert everything(again) == left
        assert again.health.unreadable_rows == 0


async def test_a_checkpoint_holds_nothing_that_is_still_on_its_way(tmp_path: Path) -> None:
    """Reduced inputs wait at the gate while a checkpoint is taken, and are lost: the restart knows neither."""

    def fail(_entries: Sequence[Entry]) -> None:
        raise StorageUnavailable

    async with running(tmp_path, open_store=FragileStore) as engine:
        store, before = store_of(engine), everything(engine)
        close_gate(store)
        task = asyncio.create_task(start(engine))
        await at_the_gate(store)
        checkpoint = asyncio.create_task(engine._checkpoint())
        await asyncio.sleep(0)
        store.stumble = fail
        store.gate.set()
        await asyncio.gather(task, return_exceptions=True)
        assert await checkpoint
        store.full = True
    async with running(tmp_path) as again:
        assert everything(again) == before


async def test_configuration_during_traffic(tmp_path: Path) -> None:
    """Settings and sessions share the same groups."""
    async with running(tmp_path) as engine:
        work = [start(engine, number) for number in range(1, 20)]
        await asyncio.gather(*work, *(engine.configure(*EVERYTHING) for _ in range(5)))
        left = everything(engine)
    async with running(tmp_path) as again:
        assert everything(again) == left


async def test_a_request_nobody_waits_for_any_more_is_carried_out_all_the_same(
    tmp_path: Path,
) -> None:
    """An automation that gave up changes neither what was decided nor what others are told."""
    async with running(tmp_path, open_store=FragileStore) as engine:
        store = store_of(engine)
        close_gate(store)
        limit = asyncio.create_task(engine.set_limit(EvseId("CP1", 1), 10))
        await at_the_gate(store)
        refused = asyncio.create_task(engine.start_session(EvseId("CP1", 1), "anna"))
        await asyncio.sleep(0)
        for request in (limit, refused):
            request.cancel()
        await asyncio.gather(limit, refused, return_exceptions=True)
        store.gate.set()
        with pytest.raises(RequestRefused):
            await engine.start_session(EvseId("CP1", 1), "anna")
        assert evse(engine).limit_a == 10


async def test_whoever_waits_for_a_commit_is_told_when_the_engine_stops(tmp_path: Path) -> None:
    """What was decided becomes durable all the same."""
    async with running(tmp_path, open_store=FragileStore) as engine:
        store = store_of(engine)
        close_gate(store)
        limit = asyncio.create_task(engine.set_limit(EvseId("CP1", 1), 10))
        await at_the_gate(store)
        stopping = asyncio.create_task(engine.stop())
        assert (await limit).status is CommandStatus.NOT_CONNECTED
        store.gate.set()
        await stopping
    async with running(tmp_path) as again:
        assert evse(again).limit_a == 10


@pytest.mark.parametrize("still_full", [False, True])
async def test_an_input_that_comes_while_owed_frames_are_written(
    tmp_path: Path, still_full: bool
) -> None:
    """It is written next, whether the frames of an earlier failure fit or not."""

    def refuse_frames(entries: Sequence[Entry]) -> None:
        if still_full and all(entry.row is None for entry in entries):
            raise StorageUnavailable

    async with running(tmp_path, open_store=FragileStore) as engine:
        store, said = store_of(engine), status(1, EvseStatus.AVAILABLE)
        frame = Frame(at=said.received_at, charger="CP1", outgoing=False, text="[2]")
        store.full = True
        with pytest.raises(StorageUnavailable):
            await engine.submit(said, frame)
        store.full, store.stumble = False, refuse_frames
        close_gate(store)
        owed = asyncio.create_task(engine._committer.flush())
        await at_the_gate(store)
        task = asyncio.create_task(start(engine))
        await asyncio.sleep(0)
        store.gate.set()
        assert await task
        await owed
        assert _fails(engine) is still_full
        assert store.frames("CP1", 10) == ([] if still_full else [frame])
