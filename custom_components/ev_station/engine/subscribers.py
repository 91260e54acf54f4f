"""Whoever wants to hear of something."""

from collections.abc import Callable
import logging

_LOGGER = logging.getLogger(__name__)


class Subscribers[T]:
    """A list of callbacks; one that fails keeps nobody else from hearing."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._callbacks: list[Callable[[T], None]] = []

    def add(self, callback: Callable[[T], None]) -> Callable[[], None]:
        """Add a callback; returns how to remove it."""
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    def tell(self, news: T) -> None:
        """Call everybody, in the order they came."""
        for callback in tuple(self._callbacks):
            try:
                callback(news)
            except Exception:
                _LOGGER.exception("A listener failed")
