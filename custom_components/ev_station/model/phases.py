"""On how many phases an EVSE charges whose phases can be switched, and how far a switch has got."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from .commands import ProfilePurpose

ALL_PHASES: Final = 3


class PhaseSwitching(StrEnum):
    """How an EVSE is brought from three phases to one and back."""

    NONE = "none"
    PROFILE = "profile"
    """By `numberPhases` in its charging profile (OCPP 1.6 §7.14)."""
    ENTITY = "entity"
    """By an entity of the house: a contactor, or the charger's own setting by another integration."""


class PhaseStep(StrEnum):
    """How far a switch has got."""

    STEADY = "steady"
    EMPTYING = "emptying"
    """Nothing is offered until nothing flows."""
    SWITCHING = "switching"
    """It was asked for and is not confirmed yet; nothing is offered."""
    RESTING = "resting"
    """It is confirmed; nothing is offered for a moment yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phasing:
    """An EVSE's phases and their switching."""

    by: PhaseSwitching
    phases: int = ALL_PHASES
    """In force, as far as is known."""
    target: int = ALL_PHASES
    """Where the switch under way leads."""
    step: PhaseStep = PhaseStep.STEADY
    step_at: datetime | None = None
    turned_at: datetime | None = None
    """Since when the other number of phases would be better."""
    switched: tuple[datetime, ...] = ()
    """Switches of the last hour."""
    doubted: ProfilePurpose | None = None
    """A profile of that kind was rejected; without the number of phases it is being tried again."""
    failed_at: datetime | None = None
    """When it was found that switching does not work."""
    car: tuple[int, ...] = ()
    """On which phases of the site the present car draws when it may on all; none: not seen yet."""
