"""Whether a car draws again after it was paused, and what was done about it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Car(StrEnum):
    """What is known of a car's will to charge."""

    RESTS = "rests"
    """It takes nothing of its own accord, or was not seen to draw yet."""
    DRAWS = "draws"
    OWES = "owes"
    """It drew until it was paused, so it should when it may again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waking:
    """How far waking a car has got."""

    car: Car = Car.RESTS
    tries: int = 0
    """Pulses since it was last paused, or drew."""
    pulse_at: datetime | None = None
    """Since when it is offered nothing to wake it; None: no pulse is under way."""
