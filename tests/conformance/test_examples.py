"""Hypothesis tries the same examples in every run, whatever else runs."""

import importlib
from pathlib import Path
import sys

from hypothesis import given, settings, strategies as st
import pytest


def examples() -> list[int]:
    """Return what a property is tried with."""
    tried = []

    @settings(max_examples=200, derandomize=True)
    @given(st.integers())
    def holds(number: int) -> None:
        tried.append(number)

    holds()
    return tried


def test_what_is_loaded_changes_no_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = examples()
    (tmp_path / "odd_constants.py").write_text(f"ODD = {list(range(70_001, 70_301))}")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("odd_constants")
    after = examples()
    del sys.modules["odd_constants"]
    assert after == before
