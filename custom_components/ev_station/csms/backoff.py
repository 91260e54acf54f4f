"""Slows down those who guess: too many failures from one address, and it is not listened to for a while (S3)."""

from collections import OrderedDict, deque
from typing import Final

_WINDOW_S: Final = 60.0
_FAILURES: Final = 10
_ADDRESSES: Final = 1024


class Backoff:
    """Remembers the failures of the last minute by address."""

    def __init__(self, *, failures: int = _FAILURES, window_s: float = _WINDOW_S) -> None:
        """Turn an address away after `failures` within `window_s` seconds."""
        self._most = failures
        self._window_s = window_s
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()
        self._told: dict[str, float] = {}

    def failed(self, address: str, now: float) -> None:
        """Count a failure; the addresses longest unheard of are forgotten."""
        times = self._failures.setdefault(address, deque(maxlen=self._most))
        times.append(now)
        self._failures.move_to_end(address)
        if len(self._failures) > _ADDRESSES:
            forgotten, _ = self._failures.popitem(last=False)
            self._told.pop(forgotten, None)

    def wait_s(self, address: str, now: float) -> int:
        """Return how many seconds an address has to wait; 0 if it is welcome."""
        times = self._failures.get(address)
        if times is None or len(times) < self._most:
            return 0
        remaining = times[0] + self._window_s - now
        # A clock that was set back must not lock anybody out for as long.
        return max(0, int(remaining + 0.999)) if remaining <= self._window_s else 0

    def is_new(self, address: str, now: float) -> bool:
        """Say, once a window, that an address is turned away."""
        if now - self._told.get(address, -self._window_s) < self._window_s:
            return False
        self._told[address] = now
        return True
