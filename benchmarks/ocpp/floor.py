"""The bare floor: what any central system in Python costs that keeps every message before it answers.

aiohttp, orjson, the compiled schema, and a row in SQLite (WAL, synchronous=FULL, group commit): no model, no billing,
no Home Assistant. `python -m benchmarks.ocpp.floor FOLDER PORT [--fsync-ms 20]`.
"""

import argparse
import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
import sqlite3
import time
from typing import Any, Final

from aiohttp import WSMsgType, web
import jsonschema_rs
import orjson

from script.ports import LOCALHOST

from . import READY, until_told

_SCHEMAS: Final = ("BootNotification", "MeterValues", "StartTransaction", "StatusNotification")


class Journal:
    """Rows that wait for one commit together."""

    def __init__(self, path: Path, fsync_s: float) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for statement in (
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "CREATE TABLE journal (at REAL, charger TEXT, body BLOB)",
        ):
            self._connection.execute(statement)
        self._thread = ThreadPoolExecutor(1)
        self._fsync_s = fsync_s
        self._rows: list[tuple[float, str, bytes]] = []
        self._written = asyncio.get_running_loop().create_future()
        self._task: asyncio.Task[None] | None = None

    async def keep(self, row: tuple[float, str, bytes]) -> None:
        """Return when the row is on the medium."""
        self._rows.append(row)
        written = self._written
        if self._task is None:
            self._task = asyncio.create_task(self._write())
        await written

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while self._rows:
            rows, self._rows = self._rows, []
            written, self._written = self._written, loop.create_future()
            await loop.run_in_executor(self._thread, self._commit, rows)
            written.set_result(None)
        self._task = None

    def _commit(self, rows: list[tuple[float, str, bytes]]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT INTO journal VALUES (?, ?, ?)", rows)
        self._connection.execute("COMMIT")
        time.sleep(self._fsync_s)


def _schemas() -> dict[str, Any]:
    import ocpp  # noqa: PLC0415 - half a second, which only this process needs to wait

    folder = Path(ocpp.__file__).parent / "v16" / "schemas"
    return {
        name: jsonschema_rs.validator_for(orjson.loads((folder / f"{name}.json").read_bytes()))
        for name in _SCHEMAS
    }


class Floor:
    """The server."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._schemas = _schemas()
        self._transactions = count(1)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Serve one charger."""
        socket = web.WebSocketResponse(protocols=("ocpp1.6",), decode_text=False)
        await socket.prepare(request)
        charger = request.path.rpartition("/")[2]
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await socket.send_frame(await self._answer(charger, message.data), WSMsgType.TEXT)
        return socket

    async def _answer(self, charger: str, data: bytes) -> bytes:
        _, uid, action, payload = orjson.loads(data)
        assert self._schemas[action].is_valid(payload), payload
        await self._journal.keep((time.time(), charger, data))
        return orjson.dumps((3, uid, self._payload(action)))

    def _payload(self, action: str) -> dict[str, Any]:
        match action:
            case "BootNotification":
                now = datetime.now(UTC).isoformat()
                return {"status": "Accepted", "interval": 300, "currentTime": now}
            case "StartTransaction":
                status = {"status": "Accepted"}
                return {"transactionId": next(self._transactions), "idTagInfo": status}
            case _:
                return {}


async def serve(options: argparse.Namespace) -> None:
    """Run until SIGTERM."""
    journal = Journal(options.folder / "floor.db", options.fsync_ms / 1e3)
    server = web.Server(Floor(journal).handle, access_log=None)
    listener = await asyncio.get_running_loop().create_server(server, LOCALHOST, options.port)
    with closing(listener):
        print(READY, flush=True)
        await until_told()
    await server.shutdown(1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("port", type=int)
    parser.add_argument("--fsync-ms", type=float, default=0.0)
    asyncio.run(serve(parser.parse_args()))
