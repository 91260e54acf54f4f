"""A sample of the campaign of kills: real processes, SIGKILL, real sockets (F1, F2, F7, F24, F25, F30, F36)."""

from pathlib import Path

import pytest

from tests.campaigns.kills.run import run
from tests.campaigns.kills.victims import EngineVictim

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.mark.timeout(600)
async def test_every_session_is_billed_once_whenever_the_engine_dies(tmp_path: Path) -> None:
    """Whatever a charger saw acknowledged is on disk, and the bill is what the registers say."""
    result = await run("engine", EngineVictim(tmp_path), kills=8, seed=42)
    assert result.problems == []
    assert result.sessions > 0
