"""Websocket frames of RFC 6455 by hand, as cheap as they can be for a load generator."""

from base64 import b64encode
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, urlsplit

TEXT: Final = 0x1
CLOSE: Final = 0x8
PING: Final = 0x9
PONG: Final = 0xA
_FINAL: Final = 0x80
_MASKED: Final = 0x80
_ZERO_MASK: Final = bytes(4)
"""Clients must mask; a mask of zeros is valid and costs neither side the arithmetic."""


def header(size: int, opcode: int = TEXT) -> bytes:
    """Return the head of a client's frame of that many bytes."""
    if size < 126:
        length = bytes([_MASKED | size])
    elif size < 1 << 16:
        length = bytes([_MASKED | 126]) + size.to_bytes(2)
    else:
        length = bytes([_MASKED | 127]) + size.to_bytes(8)
    return bytes([_FINAL | opcode]) + length + _ZERO_MASK


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """Return a client's frame."""
    return header(len(payload), opcode) + payload


class Reader:
    """Cuts a server's stream into frames; fragments do not occur with messages this small."""

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield the opcode and payload of every frame that is complete."""
        buffer = self._buffer + data if self._buffer else data
        begin = 0
        while (bounds := _bounds(buffer, begin)) is not None:
            start, end = bounds
            yield buffer[begin] & 0xF, buffer[start:end]
            begin = end
        self._buffer = buffer[begin:]


def _bounds(buffer: bytes, begin: int) -> tuple[int, int] | None:
    """Return where the payload of the frame at `begin` starts and ends, if it is all there."""
    if len(buffer) < begin + 2:
        return None
    size, start = buffer[begin + 1] & 0x7F, begin + 2
    if size >= 126:
        width = 2 if size == 126 else 8
        if len(buffer) < start + width:
            return None
        size, start = int.from_bytes(buffer[start : start + width]), start + width
    return (start, start + size) if len(buffer) >= start + size else None


def upgrade(url: str, identity: str, password: str | None) -> bytes:
    """Return the HTTP request that opens a charger's websocket."""
    parts = urlsplit(url)
    lines = [
        f"GET {parts.path.rstrip('/')}/{quote(identity, safe='')} HTTP/1.1",
        f"Host: {parts.netloc}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol: ocpp1.6",
    ]
    if password is not None:
        pair = b64encode(f"{identity}:{password}".encode()).decode()
        lines.append(f"Authorization: Basic {pair}")
    return "\r\n".join([*lines, "", ""]).encode()
