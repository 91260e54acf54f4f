"""Fresh ids: not to be guessed across chargers, never given twice (S10)."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
import secrets

import pytest

from custom_components.ev_station.engine.fresh import FreshIds

from .inputs import start
from .site import running


def test_s10_ids_are_31_bits_without_zero_and_unlike_their_neighbours() -> None:
    drawn = [FreshIds().draw() for _ in range(50)]
    numbers = [fresh.transaction for fresh in drawn]
    assert all(0 < number < 2**31 for number in numbers)
    # 50 counters that begin alike would agree; of 50 in 2^31 no two are neighbours but once in a million runs.
    assert len(set(numbers)) == 50
    assert all(abs(one - other) > 1 for one, other in pairwise(sorted(numbers)))
    assert len({fresh.session for fresh in drawn}) == 50


def offer(monkeypatch: pytest.MonkeyPatch, *numbers: int) -> Iterator[int]:
    """Let chance bring these numbers."""
    chance = iter(numbers)
    monkeypatch.setattr(secrets, "randbelow", lambda _: next(chance))
    return chance


def test_s10_a_used_id_and_zero_are_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, 0, 7, 5, 5, 8)
    fresh = FreshIds({7})
    assert [fresh.draw().transaction for _ in range(2)] == [5, 8]


@pytest.mark.usefixtures("socket_enabled")
async def test_s10_no_id_is_given_again_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(monkeypatch, 4711, 4711, 4712)
    async with running(tmp_path) as engine:
        assert await start(engine, 1) == 4711
    async with running(tmp_path) as again:
        assert await start(again, 2) == 4712
