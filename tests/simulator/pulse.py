"""Waiting for something to become true, without sleeping."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

PATIENCE_S: Final = 30.0
"""How long a test waits for what is to come; a busy machine takes its time."""


@dataclass(slots=True)
class Pulse:
    """Beats at every change; conditions are looked at again on each beat."""

    _beat: asyncio.Event = field(default_factory=asyncio.Event)

    def beat(self) -> None:
        """Let everybody who waits look again."""
        self._beat.set()
        self._beat = asyncio.Event()

    async def until(
        self, condition: Callable[[], bool], seconds: float | None, hopes: Callable[[], str]
    ) -> None:
        """Wait for a condition, in real seconds; TimeoutError says what was hoped for."""
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    await self._beat.wait()
        except TimeoutError:
            raise TimeoutError(hopes()) from None
