"""Who wants to hear of what."""

from collections import defaultdict
from collections.abc import Hashable

from homeassistant.core import CALLBACK_TYPE


class Listeners[K: Hashable, F]:
    """Callbacks by what they are about."""

    def __init__(self) -> None:
        """Begin with none."""
        self._table: defaultdict[K, dict[object, F]] = defaultdict(dict)

    def add(self, key: K, callback: F) -> CALLBACK_TYPE:
        """Enter a callback; return how to leave."""
        token = object()
        self._table[key][token] = callback

        def leave() -> None:
            self._table[key].pop(token, None)
            if not self._table[key]:
                del self._table[key]

        return leave

    def of(self, key: K) -> list[F]:
        """Return the callbacks for a key, in the order they came; they may leave while being called."""
        return list(self._table[key].values()) if key in self._table else []
