"""How a fuse fared: whether its breaker tripped, and whether its limit was exceeded for longer than promised."""

from dataclasses import dataclass, field
from typing import Final

from .breaker import Breaker

REACTION_S: Final = 15.0
"""Meter's lag 2 s and interval 2 s, a look 5 s, the charger 3 s, the car and the next meter value 3 s."""
BORNE: Final = ((0.13, 60 + 180.0), (0.30, 5 + 10.0), (0.60, 2 + 5.0))
"""What docs/circuits.md promises: until cars draw less, then until cars stop; of a fuse, not of an operator's limit."""
_CARS_A: Final = 0.5
"""With less of it the excess is not the cars'."""


@dataclass(slots=True)
class Strain:
    """One phase of a circuit."""

    breaker: Breaker = field(default_factory=Breaker)
    longest_over_s: float = 0.0
    worst_share: float = 0.0
    violations: int = 0
    """How often its limit was exceeded for longer than the time it is borne and the reaction to it."""
    over_s: float = 0.0
    used: float = 0.0
    """How much of that time is used up."""

    def feel(self, amps: float, cars: float, limit: float, rated: float, seconds: float) -> None:
        """Let current pass, some of it cars'; `limit` is the operator's if lower than the breaker's."""
        self.breaker.carry(amps / rated if rated else 0.0, seconds)
        share = amps / limit if limit else (9.0 if cars > _CARS_A else 0.0)
        self.worst_share = max(self.worst_share, share)
        # A tenth of an ampere is the grain of limits, another the noise of meters.
        if amps <= limit + 0.2 or cars <= _CARS_A:
            self.over_s, self.used = 0.0, 0.0
            return
        self.over_s += seconds
        self.longest_over_s = max(self.longest_over_s, self.over_s)
        before = self.used
        self.used += seconds / _allowed(share - 1, told=limit < rated)
        self.violations += before <= 1 < self.used


def _allowed(over: float, *, told: bool) -> float:
    if told:
        return REACTION_S
    # To draw less is one reaction, to stop another.
    return 2 * REACTION_S + next((lasts for share, lasts in BORNE if over <= share), 0.0)
