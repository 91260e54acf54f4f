"""The load generator: its frames, and a short run against the permissive central system."""

import json

import pytest

from .judge import Judge
from .load import Template, measure, parser
from .permissive import Permissive
from .wire import TEXT, Reader, frame


def test_frames_are_cut_wherever_the_stream_breaks() -> None:
    payloads = [b"x" * size for size in (3, 125, 126, 70_000)]
    stream = b"".join(_server_frame(payload) for payload in payloads)
    reader = Reader()
    chunks = (stream[begin : begin + 97] for begin in range(0, len(stream), 97))
    found = [item for chunk in chunks for item in reader.feed(chunk)]
    assert found == [(TEXT, payload) for payload in payloads]


def _server_frame(payload: bytes) -> bytes:
    """Take mask bit and mask from a client's frame."""
    masked = frame(payload)
    cut = len(masked) - len(payload) - 4
    return bytes([masked[0], masked[1] & 0x7F]) + masked[2:cut] + payload


def test_a_patched_template_is_a_valid_message_of_eight_values() -> None:
    filled = Template(4711).fill(42, b"2026-05-01T10:00:00.000Z", 123)
    *_, (opcode, text) = Reader().feed(_server_frame(filled[filled.index(b"[2") :]))
    _, uid, action, payload = json.loads(text)
    judge = Judge()
    judge.request(action, payload)
    assert judge.violations == []
    assert (opcode, uid, payload["transactionId"]) == (TEXT, "000000042", 4711)
    [bucket] = payload["meterValue"]
    assert bucket["timestamp"] == "2026-05-01T10:00:00.000Z"
    assert (len(bucket["sampledValue"]), bucket["sampledValue"][0]["value"]) == (8, "0000000123")


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("rate", [[], ["--rate", "40"]])
async def test_counts_what_the_central_system_received(rate: list[str]) -> None:
    async with Permissive() as server:
        words = ["--url", server.url, "--chargers", "3", "--seconds", "0.3", *rate]
        figures = await measure(parser().parse_args(words))
        assert figures["messages"] == len(server.sent("MeterValues")) > 0
        assert (figures["errors"], figures["lost"], server.violations) == (0, 0, [])
        if rate:
            assert figures["messages"] <= 15
