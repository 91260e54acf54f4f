"""When a change may be shown: states at once, measurements at a steady pace."""

from collections.abc import Hashable, Iterator

from .model.session import Session
from .model.state import Aggregate, Charger, Evse


def is_measurement(old: Aggregate | None, new: Aggregate | None) -> bool:
    """Return whether nothing differs but measured values and what only the reducer looks at."""
    return old is not None and new is not None and _standing(old) == _standing(new)


def _standing(aggregate: Aggregate) -> object:
    """Return what people call the state of an aggregate, without its measured values."""
    match aggregate:
        case Evse() as evse:
            told = (evse.status, evse.error_code, evse.info, evse.session, evse.last_session)
            return (*told, evse.limit_a, evse.enabled, evse.mode, evse.vehicle, evse.guest)
        case Session() as session:
            return (session.state, session.payer, session.stop, session.flags)
        case Charger() as charger:
            faults = (charger.error_code, charger.error_info)
            return (*faults, charger.settings, charger.connection, charger.boot, charger.evses)
        case _:
            return aggregate


class Pacer[K: Hashable]:
    """Lets each key through once per interval, and all of them within a budget per second.

    Keys wait in the order of their first change, so that none starves. Times are seconds of one clock.
    """

    def __init__(self, interval_s: float, budget_per_s: float = float("inf")) -> None:
        """Start with a full budget of one second."""
        self._interval_s = interval_s
        self._budget_per_s = budget_per_s
        self._budget = budget_per_s
        self._refilled_at: float | None = None
        self._waiting: dict[K, None] = {}
        self._shown_at: dict[K, float] = {}

    def mark(self, key: K) -> None:
        """Note that a key changed."""
        self._waiting.setdefault(key)

    def shown(self, key: K, now: float) -> None:
        """Note that a key was let through by another way, such as a change of state."""
        self._waiting.pop(key, None)
        self._shown_at[key] = now

    def forget(self, key: K) -> None:
        """Drop a key that is gone."""
        self._waiting.pop(key, None)
        self._shown_at.pop(key, None)

    def spend(self, writes: int) -> None:
        """Take what was written out of the budget."""
        self._budget -= writes

    def due(self, now: float) -> Iterator[K]:
        """Yield the keys that may be shown now, until the budget is spent."""
        self._refill(now)
        for key in list(self._waiting):
            if self._budget <= 0:
                return
            if self._earliest(key) <= now:
                self.shown(key, now)
                yield key

    @property
    def waits(self) -> bool:
        """Return whether a key is still to be let through."""
        return bool(self._waiting)

    def _earliest(self, key: K) -> float:
        shown_at = self._shown_at.get(key)
        return float("-inf") if shown_at is None else shown_at + self._interval_s

    def _refill(self, now: float) -> None:
        elapsed = 0.0 if self._refilled_at is None else now - self._refilled_at
        self._refilled_at = now
        self._budget = min(self._budget_per_s, self._budget + elapsed * self._budget_per_s)
