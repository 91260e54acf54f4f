"""The work of a day is done once a day, however the clock is set."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from custom_components.ev_station.engine import Pace
from custom_components.ev_station.engine.housekeeping import Housekeeping
from custom_components.ev_station.model.errors import StorageUnavailable
from custom_components.ev_station.model.records import ChainHead, Entry, Frame
from custom_components.ev_station.store import SqliteStore
from custom_components.ev_station.store.backups import rolling_backups

from .site import ANNA, GARAGE, running

pytestmark = pytest.mark.usefixtures("socket_enabled")
DAY = timedelta(days=1)
ZONE = ZoneInfo("Europe/Amsterdam")


@dataclass
class Time:
    """What really passes, and how far the clock is wrong."""

    true: datetime = datetime(2026, 11, 23, 12, tzinfo=UTC)
    wrong: timedelta = timedelta(0)

    def clock(self) -> datetime:
        return self.true + self.wrong

    def elapsed(self) -> float:
        return self.true.timestamp()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ev_station.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(path)
    opened.open()
    yield opened
    opened.close()


async def nothing() -> None:
    """Stand for a checkpoint."""


@pytest.fixture
def housekeeping(store: SqliteStore, time: Time) -> Iterator[Housekeeping]:
    with ThreadPoolExecutor(1) as writer:
        yield Housekeeping(store, writer, time.clock, 3 * DAY, ChainHead, nothing, time.elapsed)


def keep(store: SqliteStore, time: Time) -> None:
    """Store a frame that tells the true day."""
    text = f"{time.true:%d}"
    store.commit(
        [Entry(row=None, frame=Frame(at=time.clock(), charger="A", outgoing=False, text=text))]
    )


def kept(store: SqliteStore) -> set[str]:
    """Return the days of the frames that are left."""
    return {frame.text for frame in store.frames("A", 100)}


async def test_each_local_day_a_backup_and_old_frames_are_forgotten(
    housekeeping: Housekeeping, store: SqliteStore, time: Time, path: Path
) -> None:
    for backups in (1, 2, 3, 3, 3):
        await housekeeping.look(ZONE)
        keep(store, time)
        time.true += timedelta(hours=10)
        await housekeeping.look(ZONE)
        assert len(rolling_backups(path)) == backups
        time.true += timedelta(hours=14)
    assert kept(store) == {"24", "25", "26", "27"}


@pytest.mark.parametrize("days", [365, -365])
async def test_a_clock_that_is_wrong_for_a_while_costs_nothing(
    housekeeping: Housekeeping, store: SqliteStore, time: Time, path: Path, days: int
) -> None:
    for _ in range(4):
        await housekeeping.look(ZONE)
        keep(store, time)
        time.true += DAY
    newest = rolling_backups(path)[0].stat().st_ino
    time.wrong = timedelta(days=days)
    time.true -= timedelta(hours=12)
    for _ in range(3):
        await housekeeping.look(ZONE)
        keep(store, time)
        time.true += timedelta(hours=1)
    assert rolling_backups(path)[0].stat().st_ino == newest
    assert kept(store) == {"23", "24", "25", "26", "27"}
    time.wrong = timedelta(0)
    for _ in range(5):
        time.true += DAY
        await housekeeping.look(ZONE)
        keep(store, time)
    assert kept(store) == {f"{time.true - back * DAY:%d}" for back in range(4)}


async def test_a_restart_on_the_same_day_writes_no_other_backup(tmp_path: Path) -> None:
    path = tmp_path / "ev_station.db"
    for _ in range(2):
        async with running(tmp_path) as engine:
            await engine._keep_house()
            assert len(rolling_backups(path)) == 1
            assert engine.health.backup_problem is None


async def test_a_folder_that_cannot_be_read_stops_nothing(
    housekeeping: Housekeeping, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the last backup was written cannot be told: then one is written."""

    def fail(_store: SqliteStore) -> datetime:
        raise StorageUnavailable("no such folder")

    monkeypatch.setattr(SqliteStore, "backed_up_at", fail)
    await housekeeping.look(ZONE)
    monkeypatch.undo()
    assert store.backed_up_at() is not None
    assert housekeeping.problem is None


@pytest.mark.parametrize(("hold_s", "folded"), [(-1.0, True), (3600.0, False)])
async def test_files_held_for_a_backup_that_never_ended_are_let_go(
    tmp_path: Path, hold_s: float, folded: bool
) -> None:
    async with running(tmp_path, pace=Pace(hold_s=hold_s)) as engine:
        await engine.archive.hold_files()
        await engine.configure(GARAGE, ANNA)
        await engine.archive.end_long_hold()
        log = tmp_path / "ev_station.db-wal"
        assert (log.stat().st_size == 0) is folded
