"""What the central system allows; the defaults suit a house and a small fleet."""

from dataclasses import dataclass, field

from .connection import Patience
from .conversation import Manners
from .waiting import PLACES


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Times in seconds, counts, and the manners of each conversation."""

    manners: Manners = field(default_factory=Manners)
    patience: Patience = field(default_factory=Patience)
    probe_s: float = 2.0
    """How long an old connection has to answer when its charger dials again."""
    places: int = PLACES
    """How many unknown chargers wait for adoption."""
    introduction_s: float = 60.0
    """How long one of them may stay without saying what it is."""
    handshake_s: float = 20.0
    """How long a socket may take to become a charger's."""
    strangers_per_address: int = 128
    """Sockets of one address that have not; a proxy may bring a whole fleet at once."""
