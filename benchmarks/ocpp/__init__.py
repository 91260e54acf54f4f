"""How fast chargers are answered, in a real Home Assistant and beside it."""

import asyncio
import signal
from typing import Final

READY: Final = "ready"
"""What a server process prints once it listens."""


async def until_told() -> None:
    """Wait for SIGTERM."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()
