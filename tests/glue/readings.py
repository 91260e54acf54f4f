"""What the engine is told of the world, noted as it is told."""

from collections.abc import Callable

import pytest

from custom_components.ev_station.engine import Engine


def noted[T](monkeypatch: pytest.MonkeyPatch, tell: Callable[[Engine, T], None]) -> list[T]:
    """Return the readings that go through a method of the engine, which still gets them."""
    told: list[T] = []

    def note(engine: Engine, reading: T) -> None:
        told.append(reading)
        tell(engine, reading)

    monkeypatch.setattr(Engine, tell.__name__, note)
    return told
