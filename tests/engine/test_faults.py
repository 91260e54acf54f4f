"""Faults between chargers and the engine, each test named after its number; F1-F5 and F24 also die in test_kills."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from decimal import Decimal
import os
from pathlib import Path
from random import Random
import shutil
import subprocess

import pytest

from custom_components.ev_station.engine import Engine, Pace
from custom_components.ev_station.model.effects import NoticeKind
from custom_components.ev_station.model.errors import StorageUnavailable
from custom_components.ev_station.model.events import ChargerConfigured
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.records import Frame
from custom_components.ev_station.model.session import Session, SessionState
from custom_components.ev_station.model.settings import ChargerSettings
from custom_components.ev_station.model.state import Charger as ChargerState
from custom_components.ev_station.model.status import EvseStatus, Flag
from custom_components.ev_station.store.recovery import Opening
from tests.simulator import Charger, ManualClock, MessageIds, Quirks, Redial, Status, Vehicle
from tests.simulator.transactions import sample
from tests.simulator.vocabulary import Context

from .inputs import status
from .site import Calendar, evse, ledger, running, until, url
from .storage import FragileStore

pytestmark = pytest.mark.usefixtures("socket_enabled")
BRISK = Pace(tick_s=0.02, probe_s=0.01, give_up_after_s=0)
STUBBORN = Quirks(never_gives_up=True, skips_authorize=True)
# Keeps its retry interval of 0, whatever the central system would like better.
IMPATIENT = Quirks(
    never_gives_up=True,
    skips_authorize=True,
    not_implemented=frozenset({"ChangeConfiguration"}),
)
ONE = EvseId("CP1", 1)


def box(at: str, quirks: Quirks = STUBBORN, log: Callable[[str], None] = lambda _: None) -> Charger:
    """Return a charger that does not give up and redials soon."""
    return Charger(
        at,
        "CP1",
        haste=100,
        tick=0.05,
        quirks=quirks,
        configuration={"TransactionMessageRetryInterval": "0"},
        redial=Redial(first=0.02, longest=0.1),
        log=log,
    )


async def begin(charger: Charger) -> None:
    """Charge until the meter has moved."""
    await charger.plug_in(1, Vehicle(capacity_kwh=200))
    await charger.present_tag(1, "TAG-ANNA")
    transaction = charger.truth[-1]
    await charger.wait_until(lambda: transaction.wh > 10)


async def end(charger: Charger) -> None:
    """Take the car away and wait until all is told."""
    await charger.unplug(1)
    await charger.drained(30)


async def assert_billed(engine: Engine, charger: Charger) -> None:
    """Every true session is one line with the Wh of its registers, in their order."""
    lines = [posting.energy_wh for posting in await ledger(engine)]
    assert lines == [Decimal(each.meter_stop or 0) - each.meter_start for each in charger.truth]
    assert charger.violations == []
    assert charger.queue.discarded == []


def texts(charger: Charger) -> str:
    """Return everything the charger received."""
    return "\n".join(frame.text for frame in charger.rpc.frames if not frame.sent)


async def known(engine: Engine) -> None:
    """Wait until the engine knows how the charger stands."""
    await until(engine, lambda: evse(engine).status is EvseStatus.AVAILABLE)


@pytest.mark.timeout(600)
async def test_f19_a_day_of_queued_messages(tmp_path: Path) -> None:
    """3000 samples on reconnect: all answered in order, the bill right, the present shown."""
    async with running(tmp_path) as engine, box(url(engine)) as charger:
        await begin(charger)
        await charger.go_offline()
        for _ in range(3000):
            sample(charger, charger.connectors[1], Context.PERIODIC)
        await charger.go_online()
        await charger.drained(400)
        await end(charger)
        await assert_billed(engine, charger)
        await until(engine, lambda: evse(engine).status is EvseStatus.AVAILABLE)


async def test_f2_f26_down_for_two_days_in_a_transaction(tmp_path: Path) -> None:
    """The session is there before the charger is; its queue ends it, and tells of another one."""
    calendar = Calendar()
    async with AsyncExitStack() as stack:
        async with running(tmp_path) as engine:
            charger = await stack.enter_async_context(box(url(engine)))
            await begin(charger)
            await charger.drained()
            port, session = engine.central.port, evse(engine).session
            await charger.go_offline()
        await charger.unplug(1)
        await begin(charger)
        await charger.unplug(1)
        calendar.ahead = timedelta(hours=48)
        async with running(tmp_path, port, clock=calendar) as again:
            assert evse(again).session == session
            await charger.go_online()
            await charger.drained(30)
            await assert_billed(again, charger)
            assert evse(again).session is None


async def test_f27_a_charger_that_never_comes_back(tmp_path: Path) -> None:
    """Its session falls silent at once and is billed provisionally after hours; its late stop corrects that."""
    calendar = Calendar()
    async with AsyncExitStack() as stack:
        async with running(tmp_path, clock=calendar) as engine:
            charger = await stack.enter_async_context(box(url(engine)))
            await begin(charger)
            await charger.drained()
            port = engine.central.port
            await charger.go_offline()
        async with running(tmp_path, port, clock=calendar) as again:
            (session,) = again.state.all(Session)
            assert session.state is SessionState.SILENT
            hours = again.state.get(ChargerState, "CP1")
            assert hours is not None
            assert hours.connection is None
            calendar.ahead = timedelta(days=3)
            await again._look_around()
            (posting,) = await ledger(again)
            (session,) = again.state.all(Session)
            assert session.state is SessionState.PROVISIONAL
            assert Flag.PROVISIONAL in session.flags
            await charger.go_online()
            await end(charger)
            total = sum(each.energy_wh for each in await ledger(again))
            truth = charger.truth[0]
            assert total == (truth.meter_stop or 0) - truth.meter_start
            assert posting.energy_wh <= total


async def test_f28_storage_fails_for_long(tmp_path: Path) -> None:
    """InternalError first, then closed sockets and 503; nothing is lost when storage returns."""
    refusals: list[str] = []
    async with running(tmp_path, pace=BRISK, open_store=FragileStore) as engine:
        store = engine._store
        assert isinstance(store, FragileStore)
        async with box(url(engine), IMPATIENT, log=refusals.append) as charger:
            await begin(charger)
            await charger.drained()
            store.full = True
            await charger.unplug(1)
            await charger.wait_until(lambda: "refused with HTTP 503" in refusals)
            assert '"InternalError"' in texts(charger)
            assert engine.health.storage_failing_since is not None
            assert await ledger(engine) == ()
            store.full = False
            await charger.drained(30)
            await assert_billed(engine, charger)
            assert engine.health.storage_failing_since is None


async def test_f28_a_little_room_is_not_enough(tmp_path: Path) -> None:
    """Checkpoints and heartbeats still fit, messages do not: that is a failure, and the sockets are closed."""
    refusals: list[str] = []
    async with running(tmp_path, pace=BRISK, open_store=FragileStore) as engine:
        store = engine._store
        assert isinstance(store, FragileStore)
        async with box(url(engine), IMPATIENT, log=refusals.append) as charger:
            await begin(charger)
            await charger.drained()
            store.room = 60
            await charger.unplug(1)
            await charger.wait_until(lambda: "refused with HTTP 503" in refusals)
            assert await engine._checkpoint()
            assert engine.health.storage_failing_since is not None
            store.room = None
            await charger.drained(30)
            await assert_billed(engine, charger)
            await until(engine, lambda: engine.health.storage_failing_since is None)


async def test_f28_raw_frames_of_failed_commits_are_written_later(tmp_path: Path) -> None:
    """What a charger said while storage failed stays evidence, and nothing was answered for it."""
    async with running(tmp_path, pace=BRISK, open_store=FragileStore) as engine:
        store = engine._store
        assert isinstance(store, FragileStore)
        store.full = True
        said = status(1, EvseStatus.AVAILABLE)
        with pytest.raises(StorageUnavailable):
            await engine.submit(
                said, Frame(at=said.received_at, charger="CP1", outgoing=False, text="A")
            )
        engine.keep(Frame(at=said.received_at, charger="CP1", outgoing=False, text="B"))
        await engine._committer.flush()
        assert store.frames("CP1", 10) == []
        store.full = False
        await engine._committer.flush()
        assert {frame.text for frame in store.frames("CP1", 10)} == {"A", "B"}
        assert engine.health.storage_failing_since is None
        assert evse(engine).status is EvseStatus.UNKNOWN


async def test_f28_a_charger_that_left_while_storage_failed(tmp_path: Path) -> None:
    """Its going could not be stored then; it is noted when storage works again."""
    async with running(tmp_path, pace=BRISK, open_store=FragileStore) as engine:
        store = engine._store
        assert isinstance(store, FragileStore)
        async with box(url(engine)) as charger:
            await known(engine)
            store.full = True
            await charger.plug_in(1, Vehicle())
            await charger.wait_until(lambda: not charger.online)
            await charger.go_offline()
        store.full = False
        await until(engine, lambda: _state(engine).connection is None)


def _state(engine: Engine) -> ChargerState:
    found = engine.state.get(ChargerState, "CP1")
    assert found is not None
    return found


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system of two megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("file systems cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


async def test_f28_a_disk_that_is_really_full(small_disk: Path) -> None:
    """The same with a real file system that takes no more."""
    refusals: list[str] = []
    async with (
        running(small_disk, pace=BRISK) as engine,
        box(url(engine), IMPATIENT, refusals.append) as charger,
    ):
        await begin(charger)
        await charger.drained()
        _fill(small_disk / "ballast")
        await charger.unplug(1)
        await charger.wait_until(lambda: "refused with HTTP 503" in refusals, 30)
        (small_disk / "ballast").unlink()
        await charger.drained(30)
        await assert_billed(engine, charger)


async def test_f28_space_that_comes_and_goes(small_disk: Path) -> None:
    """Whatever fits or does not, at whatever moment: every Wh is billed once and the ledger holds."""
    random, ballast = Random(20261124), small_disk / "ballast"
    async with running(small_disk, pace=BRISK) as engine, box(url(engine), IMPATIENT) as charger:
        for _ in range(4):
            await begin(charger)
            _fill(ballast)
            os.truncate(ballast, ballast.stat().st_size - 4096 * random.randrange(12))
            await charger.unplug(1)
            await charger.wait_until(lambda: _fails(engine) or not charger.queue.waiting, 90)
            ballast.unlink()
            await charger.drained(90)
        await assert_billed(engine, charger)
        assert engine._store.verify_chain() is None


def _fails(engine: Engine) -> bool:
    return engine.health.storage_failing_since is not None


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


async def test_f29_a_corrupt_file_at_the_start(tmp_path: Path) -> None:
    """The backup takes its place, health tells, and the session in progress is billed once."""
    async with AsyncExitStack() as stack:
        async with running(tmp_path) as engine:
            charger = await stack.enter_async_context(box(url(engine)))
            await begin(charger)
            await charger.drained()
            await engine._keep_house()
            port = engine.central.port
            await charger.go_offline()
        with (tmp_path / "ev_station.db").open("r+b") as file:
            file.write(bytes(4096))
        async with running(tmp_path, port) as again:
            assert again.health.opening is Opening.RESTORED
            await charger.go_online()
            await end(charger)
            await assert_billed(again, charger)
            assert again._store.verify_chain() is None


async def test_f30_what_was_answered_is_on_the_medium(tmp_path: Path) -> None:
    """The files as they are at any moment hold every start that was answered."""
    async with running(tmp_path) as engine, box(url(engine)) as charger:
        await begin(charger)
        await charger.drained()
        (tmp_path / "copy").mkdir()
        for file in tmp_path.glob("ev_station.db*"):
            shutil.copy(file, tmp_path / "copy")
        async with running(tmp_path / "copy") as copy:
            (session,) = copy.state.all(Session)
            assert session.transactions == (charger.truth[0].transaction_id,)


async def test_f32_fifty_chargers_come_back_at_once(tmp_path: Path) -> None:
    """All are accepted after the engine's restart, and every one is known to be there."""
    names = [f"BOX-{number}" for number in range(50)]
    adopted = [
        ChargerConfigured(settings=ChargerSettings(charger=name, name=name)) for name in names
    ]
    async with AsyncExitStack() as stack:
        async with running(tmp_path) as engine:
            await engine.configure(*adopted)
            port = engine.central.port
            chargers = [
                await stack.enter_async_context(
                    Charger(url(engine), name, redial=Redial(first=0.05, longest=0.2))
                )
                for name in names
            ]
        async with running(tmp_path, port) as again:
            async with asyncio.timeout(30):
                await asyncio.gather(*(each.wait_online(30) for each in chargers))
            assert len(again.central.connections) == 50
            states = {each.key: each.connection for each in again.state.all(ChargerState)}
            assert all(states[name] for name in names)
            assert all(each.violations == [] for each in chargers)


async def test_f36_message_ids_that_begin_again(tmp_path: Path) -> None:
    """Two sessions under the same ids of two connections are two lines."""
    quirks = Quirks(never_gives_up=True, skips_authorize=True, message_ids=MessageIds.COUNTER)
    async with running(tmp_path) as engine, box(url(engine), quirks) as charger:
        for _ in range(2):
            await begin(charger)
            charger.lose_answer("StopTransaction")
            await end(charger)
            await charger.drop()
            await charger.wait_online()
        await assert_billed(engine, charger)


async def test_f38_a_charger_without_profiles_is_not_asked_again_and_again(tmp_path: Path) -> None:
    """One refusal a purpose is enough until it boots anew."""
    quirks = Quirks(not_implemented=frozenset({"SetChargingProfile"}))
    async with running(tmp_path) as engine, box(url(engine), quirks) as charger:
        await charger.wait_online()
        await known(engine)
        await until(engine, lambda: _state(engine).prepared is not None)
        for amps in (10, 11, 12):
            await engine.set_limit(ONE, amps)
        await until(engine, lambda: bool(_state(engine).refused_purposes))
        assert len(charger.received_requests("SetChargingProfile")) <= 6
        assert charger.violations == []


async def test_f39_one_request_at_a_time(tmp_path: Path) -> None:
    """Requests wait their turn; the charger never has two to answer."""
    quirks = Quirks(answer_delay=0.02)
    async with running(tmp_path) as engine, box(url(engine), quirks) as charger:
        await charger.wait_online()
        asked = [engine.call("CP1", "GetConfiguration", {}) for _ in range(5)]
        answers = await asyncio.gather(*asked)
        assert all(each["configurationKey"] for each in answers)
        assert charger.violations == []


async def test_f40_a_remote_start_that_leads_to_nothing(tmp_path: Path) -> None:
    """What was expected is given up and told."""
    calendar = Calendar()
    quirks = Quirks(remote_start_does_nothing=True)
    async with running(tmp_path, clock=calendar) as engine, box(url(engine), quirks) as charger:
        await charger.wait_online()
        await known(engine)
        await engine.start_session(ONE, "anna")
        assert evse(engine).expected_start is not None
        notices = _notices(engine)
        calendar.ahead = timedelta(minutes=3)
        await engine._look_around()
        assert evse(engine).expected_start is None
        assert NoticeKind.START_TIMED_OUT in notices


async def test_f41_a_remote_stop_that_leads_to_nothing(tmp_path: Path) -> None:
    """Asked three times, then told."""
    calendar = Calendar()
    quirks = Quirks(remote_stop_does_nothing=True, skips_authorize=True, clock_disobeys=True)
    async with running(tmp_path, clock=calendar) as engine, box(url(engine), quirks) as charger:
        await begin(charger)
        await charger.drained()
        await engine.stop_session(ONE)
        notices = _notices(engine)
        for minutes in range(1, 4):
            await charger.wait_request("RemoteStopTransaction", minutes)
            calendar.ahead += timedelta(minutes=1, seconds=5)
            await engine._look_around()
        assert NoticeKind.STOP_TIMED_OUT in notices
        assert evse(engine).expected_stop is None
        await end(charger)


def _notices(engine: Engine) -> list[NoticeKind]:
    heard: list[NoticeKind] = []
    engine.listen(lambda publication: heard.extend(each.kind for each in publication.notices))
    return heard


async def test_f43_a_charger_that_forgets_its_profiles(tmp_path: Path) -> None:
    """They are sent again after its reboot."""
    quirks = Quirks(forgets_profiles_on_reboot=True)
    async with running(tmp_path) as engine, box(url(engine), quirks) as charger:
        await charger.wait_online()
        await until(engine, lambda: bool(evse(engine).status and _state(engine).prepared))
        await engine.set_limit(ONE, 10)
        before = len(charger.received_requests("SetChargingProfile"))
        assert before
        await charger.power_cycle()
        await charger.wait_online()
        await charger.wait_request("SetChargingProfile", before + 1)
        assert charger.violations == []


async def test_f52_a_dead_clock_and_two_visits_that_look_the_same(tmp_path: Path) -> None:
    """The first one's stop was acknowledged on this connection, so the second is a visit of its own."""
    quirks = Quirks(clock_unset=True, clock_disobeys=True, skips_authorize=True)
    async with running(tmp_path) as engine:
        clock = ManualClock(datetime(1970, 1, 1, tzinfo=UTC))
        async with Charger(url(engine), "CP1", clock=clock, quirks=quirks) as charger:
            for _ in range(2):
                await charger.plug_in(1, Vehicle())
                await charger.present_tag(1, "TAG-ANNA")
                await charger.wait_for(1, Status.CHARGING)
                await end(charger)
        assert len(await ledger(engine)) == 2
        assert len({each.transaction_id for each in charger.truth}) == 2


async def test_f52_connections_are_numbered_on_over_a_restart(tmp_path: Path) -> None:
    """Else the stop of an earlier run would seem acknowledged on the present connection."""
    async with AsyncExitStack() as stack:
        async with running(tmp_path) as engine:
            charger = await stack.enter_async_context(box(url(engine)))
            await begin(charger)
            await end(charger)
            before, port = engine.central.connections["CP1"].number, engine.central.port
        async with running(tmp_path, port) as again:
            await until(again, lambda: "CP1" in again.central.connections)
            assert again.central.connections["CP1"].number > before
