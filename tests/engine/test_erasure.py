"""What becomes of the name and the tags of a driver who leaves."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from custom_components.ev_station.engine import Engine, Pace
from custom_components.ev_station.model.answers import StartAnswer
from custom_components.ev_station.model.events import (
    DriverConfigured,
    DriverRemoved,
    TransactionStarted,
)
from custom_components.ev_station.model.ids import EvseId, TransactionId
from custom_components.ev_station.model.records import Frame
from custom_components.ev_station.model.settings import DriverSettings, TokenSettings

from .inputs import stopped
from .site import ledger, running

pytestmark = pytest.mark.usefixtures("socket_enabled")
TRACES = (b"LOVELACE", b"04AABBCC")
ADA = DriverConfigured(
    settings=DriverSettings(
        driver="d1", name="Ada Lovelace", tokens=(TokenSettings(uid="04AABBCC"),)
    )
)
KEPT, BACKUPS = 4, 3


class Clock:
    """Stands where it is put."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def elapsed(self) -> float:
        return self.now.timestamp()


async def begin(engine: Engine, at: datetime) -> TransactionId:
    """Let a session begin with Ada's tag; return the transaction id that was answered."""
    started = TransactionStarted(
        evse=EvseId("CP1", 1),
        token="04aabbcc",
        meter_start_wh=None,
        at=at,
        raw_at=at.isoformat(),
        received_at=at,
    )
    answer = await engine.submit(started, frame(at, "StartTransaction 04AABBCC"))
    assert isinstance(answer, StartAnswer)
    return answer.transaction


def frame(at: datetime, text: str) -> Frame:
    """Return a raw frame."""
    return Frame(at=at, charger="CP1", outgoing=False, text=text)


def files_with_traces(folder: Path) -> set[str]:
    """Return the files that hold a name or a tag anywhere in their bytes."""
    contents = {file.name: file.read_bytes().upper() for file in folder.iterdir()}
    return {name for name, content in contents.items() if any(trace in content for trace in TRACES)}


@pytest.mark.parametrize("busy", [True, False])
async def test_whoever_is_forgotten_is_in_no_byte_of_any_file_after_a_while(
    tmp_path: Path, busy: bool
) -> None:
    """Once they are forgotten, and also where nothing ever happens again; bills go on telling of an id."""
    clock, pace = Clock(), Pace(keep_frames=timedelta(days=KEPT))
    async with running(tmp_path, clock=clock, pace=pace) as engine:
        engine._housekeeping._elapsed = clock.elapsed
        await engine.configure(ADA)
        began = clock.now
        transaction = await begin(engine, began)
        await engine._keep_house()
        await engine.submit(
            stopped(transaction, token="04aabbcc"), frame(began, "StopTransaction 04AABBCC")
        )
        await engine.configure(DriverRemoved(driver="d1"))
        assert await engine.archive.former_drivers() == {"d1": "Ada Lovelace"}
        await engine.archive.forget("d1")
        assert not await engine.archive.former_drivers()
        assert files_with_traces(tmp_path) >= {"ev_station.db"}
        for day in range(1, 1 + KEPT + BACKUPS + 1):
            clock.now = began + timedelta(days=day)
            if busy:
                other = DriverSettings(driver="d2", name=f"Visitor {day}")
                await engine.configure(DriverConfigured(settings=other))
                engine.keep(frame(clock.now, "Heartbeat"))
                await engine._look_around()
            await engine._keep_house()
        assert files_with_traces(tmp_path) == set()
        assert [posting.driver for posting in await ledger(engine)] == ["d1"]
        # A charger that says it all again is still recognised.
        assert await begin(engine, began) == transaction
