"""Fixtures of the central system's tests."""

from collections.abc import AsyncGenerator

import pytest

from .harness import House, house


@pytest.fixture
async def home(socket_enabled: None) -> AsyncGenerator[House]:
    """A central system with one adopted charger, CP1."""
    async with house() as found:
        yield found
