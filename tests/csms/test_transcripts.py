"""Recorded sessions of four open station programs (2026-11-23): every frame they sent is answered acceptably."""

from collections.abc import Iterator
import json
from typing import Any

import pytest

from custom_components.ev_station.csms.schemas import load
from custom_components.ev_station.model.events import MeterSampled, TransactionStopped
from custom_components.ev_station.model.status import Version

from .harness import DATA, House, settings

RECORDINGS = sorted(path.stem for path in DATA.glob("*.jsonl"))
SCHEMAS = load(Version.V16)


def sessions(recording: str) -> Iterator[tuple[str, list[Any]]]:
    """Return each connection's charger and the frames it sent."""
    rows = [json.loads(line) for line in (DATA / f"{recording}.jsonl").read_text().splitlines()]
    sent: dict[str, list[Any]] = {}
    for row in rows:
        match row["dir"]:
            case "handshake":
                sent[row["cp"]] = []
            case "rx":
                sent[row["cp"]].append(row["frame"])
            case "closed":
                yield row["cp"], sent.pop(row["cp"])
    yield from sent.items()


@pytest.mark.parametrize("recording", RECORDINGS)
async def test_replay(home: House, recording: str) -> None:
    """Requests get a result that is valid by its schema; stray answers are ignored; the socket lives."""
    for charger, frames in sessions(recording):
        home.backend.chargers[charger] = settings(charger)
        station = await home.dial(f"/{charger}")
        for frame in frames:
            station.received.clear()
            if frame[0] == 2:
                answer = await station.ask(json.dumps(frame), frame[1])
                assert answer[0] == 3, (frame, answer)
                assert SCHEMAS.answer_problem(frame[2], answer[2]) is None
            else:
                await station.send(json.dumps(frame))
        assert (await station.call("Heartbeat", {}))[0] == 3
        await station.close()
    assert home.backend.of(TransactionStopped)


@pytest.mark.parametrize("recording", RECORDINGS)
async def test_nothing_of_a_recording_is_lost(home: House, recording: str) -> None:
    """Each request is one event of its charger, with its time and values read."""
    requests = 0
    for charger, frames in sessions(recording):
        home.backend.chargers[charger] = settings(charger)
        station = await home.dial(f"/{charger}")
        for frame in (found for found in frames if found[0] == 2):
            await station.ask(json.dumps(frame), frame[1])
            requests += 1
        await station.close()
    assert len(home.backend.frames) == requests
    for event in home.backend.of(MeterSampled):
        assert all(sample.at is not None and sample.measurements for sample in event.samples)
    assert not home.backend.quirks - {"no_subprotocol"} - ODDITIES.get(recording, set())


ODDITIES = {
    "charger_simulator": {"missing_field", "no_evse", "unknown_field", "meter_values_of_1_5"}
}
"""What is known to be odd about each of them."""
