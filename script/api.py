"""Home Assistant's REST and WebSocket API, callable from synchronous and asynchronous code alike."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from aiohttp import ClientSession, ClientTimeout, ClientWebSocketResponse


class ApiError(Exception):
    """Home Assistant answered with an error."""

    def __init__(self, what: str, status: int | str, answer: object) -> None:
        """Keep what was asked and what came back."""
        super().__init__(f"{what}: {status} {answer}")
        self.status = status
        self.answer = answer


class Socket:
    """One authenticated WebSocket connection."""

    def __init__(self, connection: ClientWebSocketResponse) -> None:
        """Wrap a connection whose authentication is done."""
        self._connection = connection
        self._ids = count(1)

    async def send(self, kind: str, **fields: Any) -> int:
        """Send a command and return its id, which its answer and its events carry."""
        number = next(self._ids)
        await self._connection.send_json({"id": number, "type": kind, **fields})
        return number

    async def receive(self) -> dict[str, Any]:
        """Return the next message of any kind."""
        message: dict[str, Any] = await self._connection.receive_json()
        return message

    async def call(self, kind: str, **fields: Any) -> Any:
        """Send a command and return its result; messages of other commands are dropped."""
        number = await self.send(kind, **fields)
        while True:
            message = await self.receive()
            if message["id"] == number and message["type"] == "result":
                break
        if not message["success"]:
            raise ApiError(kind, message["error"]["code"], message["error"]["message"])
        return message["result"]


class HassApi:
    """A client for one Home Assistant."""

    def __init__(self, url: str, token: str | None = None) -> None:
        """Remember the address and, once there is one, the access token."""
        self.url = url.rstrip("/")
        self.token = token

    def get(self, path: str) -> Any:
        """Return what a GET of the path answers."""
        return run(self.request("GET", path))

    def post(self, path: str, payload: Mapping[str, Any] | None = None) -> Any:
        """Return what a POST of the payload, as JSON, answers."""
        return run(self.request("POST", path, json=payload or {}))

    def post_form(self, path: str, form: Mapping[str, str]) -> Any:
        """Return what a POST of the form answers."""
        return run(self.request("POST", path, data=form))

    def delete(self, path: str) -> Any:
        """Return what a DELETE of the path answers."""
        return run(self.request("DELETE", path))

    def state(self, entity_id: str) -> dict[str, Any]:
        """Return an entity's state object."""
        state: dict[str, Any] = self.get(f"/api/states/{entity_id}")
        return state

    def call_service(self, domain: str, service: str, **data: Any) -> Any:
        """Call an action and return the states it changed."""
        return self.post(f"/api/services/{domain}/{service}", data)

    def call_ws(self, kind: str, **fields: Any) -> Any:
        """Return the result of one WebSocket command."""
        return run(self._call_ws(kind, fields))

    async def request(self, method: str, path: str, **content: Any) -> Any:
        """Send one request; return the decoded JSON, or the text of anything else."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with (
            ClientSession(timeout=ClientTimeout(total=30)) as session,
            session.request(method, self.url + path, headers=headers, **content) as response,
        ):
            is_json = response.content_type == "application/json"
            answer = await (response.json() if is_json else response.text())
            if response.status >= 400:
                raise ApiError(f"{method} {path}", response.status, answer)
            return answer

    @asynccontextmanager
    async def socket(self) -> AsyncIterator[Socket]:
        """Open an authenticated WebSocket connection."""
        async with (
            ClientSession() as session,
            session.ws_connect(f"{self.url}/api/websocket") as ws,
        ):
            await ws.receive_json()
            await ws.send_json({"type": "auth", "access_token": self.token})
            answer = await ws.receive_json()
            if answer["type"] != "auth_ok":
                raise ApiError("websocket", answer["type"], answer)
            yield Socket(ws)

    async def _call_ws(self, kind: str, fields: Mapping[str, Any]) -> Any:
        async with self.socket() as socket:
            return await socket.call(kind, **fields)


def run[T](work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, from any thread, even one whose event loop is running."""
    with ThreadPoolExecutor(max_workers=1) as executor:
        return executor.submit(asyncio.run, work).result()
