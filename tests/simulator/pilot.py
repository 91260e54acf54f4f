"""The current a connector offers its car, which follows the limit with a delay."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from .stacking import Limit

NOTHING = Limit(amps=0.0)


@dataclass(slots=True)
class Pilot:
    """What the control pilot says now, and what it will say when the electronics have reacted."""

    limit: Limit = NOTHING
    _wanted: Limit = NOTHING
    _due: datetime | None = None

    def switch(self, limit: Limit) -> None:
        """Offer this at once, as when the contactor opens or closes."""
        self.limit = self._wanted = limit
        self._due = None

    def follow(self, limit: Limit, now: datetime, reaction: float) -> None:
        """Head for a limit; it is reached `reaction` seconds after it was first wanted."""
        if limit != self._wanted:
            self._wanted, self._due = limit, now + timedelta(seconds=reaction)
        if self._due is not None and now >= self._due:
            self.switch(self._wanted)
