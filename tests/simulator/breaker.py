"""A miniature circuit breaker that judges the product: a bimetal that warms with the square of the current, and a coil.

It is the quickest that makers sell within IEC 60898-1, table 7: warm, it bears no more than 1.13 times its rated
current for good; cold, it trips at 2.55 times after ten seconds, and its coil acts just above three times (type B).
"""

from dataclasses import dataclass
import math
from typing import Final

TRIPS_AT: Final = 1.13**2
"""The bimetal's temperature; 1 is what the rated current warms it to."""
_WARMS_IN_S: Final = 45.0
_COIL_AT: Final = 3.0


@dataclass(slots=True)
class Breaker:
    """One pole."""

    warmth: float = 0.0
    warmest: float = 0.0
    """How near it came to its trip, which is 1."""

    @property
    def tripped(self) -> bool:
        """Return whether it would have switched off."""
        return self.warmest > 1

    def carry(self, share: float, seconds: float) -> None:
        """Let a current pass, as a share of the rated one."""
        goal = share * share
        self.warmth = goal + (self.warmth - goal) * math.exp(-seconds / _WARMS_IN_S)
        at_coil = math.inf if abs(share) > _COIL_AT else 0.0
        # Good for good at exactly 1.13, whatever floating point makes of it.
        self.warmest = max(self.warmest, self.warmth / (TRIPS_AT * (1 + 1e-9)), at_coil)
