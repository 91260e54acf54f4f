"""A token bucket: a burst is free, more than that only at a steady rate."""


class Throttle:
    """Allows `burst` at once and `per_s` a second in the long run."""

    def __init__(self, *, burst: int, per_s: float) -> None:
        """Begin with a full bucket."""
        self._burst = burst
        self._per_s = per_s
        self._tokens = float(burst)
        self._at: float | None = None

    def allows(self, now: float) -> bool:
        """Take one, if there is one; `now` in seconds on any clock."""
        if self._at is not None:
            gained = max(0.0, now - self._at) * self._per_s
            self._tokens = min(float(self._burst), self._tokens + gained)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
