"""Waits for what a process or a file shows in its own time."""

from collections.abc import Callable
import time


def comes_true(ask: Callable[[], bool], *, within: float) -> bool:
    """Ask again and again; tell whether the answer was yes within so many seconds."""
    deadline = time.monotonic() + within
    while not ask():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
