"""A fresh, open store for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custom_components.ev_station.store import SqliteStore

from .builders import opened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    # A name with characters that mean something in a URI or a glob.
    folder = tmp_path / "con?fig #1 [x]"
    folder.mkdir()
    return folder / "ev_station.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with opened(path) as fresh:
        yield fresh
