"""Stands before the HTTP server: strangers are few per address, and do not linger (S12)."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final, override

MOST_PER_ADDRESS: Final = 128
"""Sockets of one address that have not become a charger's; a proxy may bring a whole fleet at once."""
PATIENCE_S: Final = 20.0

type Factory = Callable[[], asyncio.Protocol]


class Doorman:
    """Counts sockets until they are released, and cuts those that take too long."""

    def __init__(self, *, most: int = MOST_PER_ADDRESS, patience_s: float = PATIENCE_S) -> None:
        """Let `most` strangers per address wait `patience_s` seconds each."""
        self._most = most
        self._patience_s = patience_s
        self._strangers: defaultdict[str, dict[asyncio.Transport, asyncio.TimerHandle]] = (
            defaultdict(dict)
        )

    def guard(self, factory: Factory) -> Factory:
        """Return a protocol factory whose sockets pass the doorman first."""
        return lambda: _Entrance(self, factory)

    def admit(self, transport: asyncio.Transport) -> bool:
        """Count a new socket; False if its address has too many."""
        address = _address(transport)
        self._forget_closed(address)
        strangers = self._strangers[address]
        if len(strangers) >= self._most:
            return False
        loop = asyncio.get_running_loop()
        strangers[transport] = loop.call_later(self._patience_s, self._cut, transport)
        return True

    def release(self, transport: asyncio.Transport) -> None:
        """Count a socket no more: it is a charger's."""
        address = _address(transport)
        timer = self._strangers[address].pop(transport, None)
        if timer is not None:
            timer.cancel()
        self._forget_closed(address)

    def close(self) -> None:
        """Cut every stranger: nobody listens any more."""
        for strangers in list(self._strangers.values()):
            for transport in list(strangers):
                self._cut(transport)

    def _cut(self, transport: asyncio.Transport) -> None:
        self.release(transport)
        transport.abort()

    def _forget_closed(self, address: str) -> None:
        strangers = self._strangers[address]
        for transport in [found for found in strangers if found.is_closing()]:
            strangers.pop(transport).cancel()
        if not strangers:
            del self._strangers[address]


class _Entrance(asyncio.Protocol):
    """Is the protocol of a socket only until it is connected."""

    def __init__(self, doorman: Doorman, factory: Factory) -> None:
        self._doorman = doorman
        self._factory = factory

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport) or not self._doorman.admit(transport):
            _abort(transport)
            return
        protocol = self._factory()
        transport.set_protocol(protocol)
        protocol.connection_made(transport)


def _abort(transport: Any) -> None:
    transport.abort()


def _address(transport: asyncio.Transport) -> str:
    peer = transport.get_extra_info("peername")
    return str(peer[0]) if peer else ""
