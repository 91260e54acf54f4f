"""Identities: what every event, state and record is about."""

from typing import NamedTuple, override

type ChargerId = str
"""The identity a charger dials in with (OCPP 1.6 `chargePointIdentity`, 2.x `stationId`)."""
type CircuitId = str
type CommandId = int
type DriverId = str
"""Pseudonymous: a config subentry's id, never a name or a tag."""
type SessionId = str
type SheetId = str
type TariffId = str
type TokenUid = str
"""What a charger sends as idTag; compared after `normalize_uid`."""
type TransactionId = int
type VehicleId = str


class EvseId(NamedTuple):
    """One place to charge. An OCPP 1.6 connector is an EVSE with one connector; EVSE 0 is the charger itself."""

    charger: ChargerId
    evse: int

    @override
    def __str__(self) -> str:
        """Return the form people and the panel see: `CP1/1`."""
        return f"{self.charger}/{self.evse}"


class Fresh(NamedTuple):
    """Random ids offered to the reducer with an event, so that it stays deterministic; journalled with it."""

    session: SessionId
    transaction: TransactionId
    """31-bit, positive, never used before at this site."""


def normalize_uid(uid: str) -> TokenUid:
    """Return the comparable form of a tag: printable, without surrounding space, upper case, 20 characters.

    OCPP 1.6 §7.28 makes IdToken a case-insensitive string of at most 20 characters; some chargers append
    control bytes.
    """
    printable = "".join(character for character in uid if character.isprintable())
    return printable.strip().upper()[:20].rstrip()
