"""What the central system needs from whoever runs it: the engine in the product, a stand-in in its tests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from ..model.answers import Answer
from ..model.events import ChargerEvent
from ..model.ids import ChargerId
from ..model.records import Frame
from ..model.settings import ChargerSettings, UnknownChargerPolicy


class Outcome(StrEnum):
    """What became of an attempt to connect."""

    ACCEPTED = "accepted"
    WAITING = "waiting"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why an attempt was not accepted at once."""

    UNKNOWN_CHARGER = "unknown_charger"
    BAD_CREDENTIALS = "bad_credentials"
    DUPLICATE = "duplicate"
    WAITING_ROOM_FULL = "waiting_room_full"
    BAD_PATH = "bad_path"
    RATE_LIMITED = "rate_limited"
    PROTOCOL = "protocol"
    STORAGE = "storage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A charger, or something else, dialled in."""

    at: datetime
    identity: str
    """Clipped and printable; foreign text."""
    address: str
    outcome: Outcome
    reason: Reason | None = None
    vendor: str | None = None
    model: str | None = None
    """Vendor and model once a waiting charger said them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """A charger departed from the specification and was understood all the same."""

    charger: ChargerId
    quirk: str
    """Name of the repair in quirks.py."""
    example: str
    """The odd text, clipped."""


class Backend(Protocol):
    """The engine, as the central system sees it. Every method is called in the event loop."""

    @property
    def chargers(self) -> Mapping[ChargerId, ChargerSettings]:
        """The adopted chargers, live."""

    @property
    def unknown_chargers(self) -> UnknownChargerPolicy:
        """What to do with the others on the own port."""

    async def submit(self, event: ChargerEvent, frame: Frame | None) -> Answer:
        """Reduce and commit the event with its raw frame, then return what to answer.

        Raises StorageUnavailable when it could not be made durable and NotHandled when a fault of ours
        stood in the way: the charger gets CALLERROR InternalError.
        """

    def keep(self, frame: Frame) -> None:
        """Store a raw frame that belongs to no event; nobody waits for it."""

    def attempted(self, attempt: Attempt) -> None:
        """Hear of a connection attempt; repeated with vendor and model when a waiting charger tells them."""

    def deviated(self, deviation: Deviation) -> None:
        """Hear of a repaired deviation, once per charger and quirk."""
