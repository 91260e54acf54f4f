"""A charger at the end of a wire: only as much OCPP 1.6 as the configuration can see."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import json
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse


class Caller:
    """Sends calls and returns their answers."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket
        self._sent = 0

    async def call(self, action: str, **payload: Any) -> dict[str, Any]:
        self._sent += 1
        await self.socket.send_str(json.dumps([2, str(self._sent), action, payload]))
        while True:
            frame = json.loads(await self.socket.receive_str(timeout=5))
            if frame[:2] == [3, str(self._sent)]:
                answer: dict[str, Any] = frame[2]
                return answer
            await self._answer(frame)

    async def _answer(self, frame: list[Any]) -> None:
        """Refuse whatever the central system asks for."""
        if frame[0] == 2:
            await self.socket.send_str(json.dumps([4, frame[1], "NotSupported", "", {}]))

    async def boot(self, vendor: str = "Acme", model: str = "One") -> str:
        answer = await self.call(
            "BootNotification", chargePointVendor=vendor, chargePointModel=model
        )
        status: str = answer["status"]
        return status


@asynccontextmanager
async def dialled(port: int, identity: str) -> AsyncGenerator[Caller]:
    """Yield a charger that has dialled in."""
    async with (
        ClientSession() as session,
        session.ws_connect(
            f"ws://127.0.0.1:{port}/{identity}",
            protocols=("ocpp1.6",),
        ) as socket,
    ):
        yield Caller(socket)
