"""The site's electrical tree as the owner describes it, and what its meters say.

Currents are A per phase. A phase of the site is its place in `Amps`: 0 is L1.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from .ids import ChargerId, CircuitId

type Amps = tuple[Decimal, Decimal, Decimal]
"""On L1, L2 and L3 of the site."""

NOMINAL_V: Final = 230
"""Phase to neutral (IEC 60038); turns A into W and back."""
NO_AMPS: Final[Amps] = (Decimal(0), Decimal(0), Decimal(0))


def summed(one: Amps, other: Amps) -> Amps:
    """Return what flows if both do."""
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


class Rotation(StrEnum):
    """To which phases of the site an EVSE's L1, L2 and L3 are connected (OCPP 1.6 ConnectorPhaseRotation)."""

    RST = "rst"
    RTS = "rts"
    SRT = "srt"
    STR = "str"
    TRS = "trs"
    TSR = "tsr"

    @property
    def phases(self) -> tuple[int, int, int]:
        """Return the site's phase behind each of the EVSE's own."""
        return _PHASES[self]


_PHASES: Final = {
    Rotation.RST: (0, 1, 2),
    Rotation.RTS: (0, 2, 1),
    Rotation.SRT: (1, 0, 2),
    Rotation.STR: (1, 2, 0),
    Rotation.TRS: (2, 0, 1),
    Rotation.TSR: (2, 1, 0),
}


class Priority(StrEnum):
    """Who comes first where there is not enough for all, and who gets the larger share."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitSettings:
    """A fuse and what hangs on it: chargers, the circuits below, and everything that is not ours."""

    circuit: CircuitId
    name: str
    limit_a: Decimal
    """Per phase."""
    parent: CircuitId | None = None
    chargers: tuple[ChargerId, ...] = ()
    power_limit_w: int | None = None
    unbalanced_limit_a: Decimal | None = None
    """The most by which two phases may differ; None: they may differ."""
    metered: bool = False
    """Meters say what flows here; without them only our own EVSEs and `assumed_load_a` do."""
    assumed_load_a: Decimal = Decimal(0)
    """What everything else draws per phase at worst: where nothing measures it, or the meter is silent."""
    stale_after_s: int = 60
    """A meter that says nothing for this long is not believed."""

    @property
    def assumed_a(self) -> Amps:
        """Return what everything else draws at worst."""
        return self.assumed_load_a, self.assumed_load_a, self.assumed_load_a


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterReading:
    """What a circuit's meters and limit entities say; None: nothing that can be read."""

    circuit: CircuitId
    currents_a: Amps | None = None
    """Imported; negative on a phase that exports."""
    limit_a: Decimal | None = None
    power_limit_w: int | None = None
    at: datetime


class CircuitLoad(NamedTuple):
    """What a circuit has to carry besides our EVSEs, and what it may carry."""

    circuit: CircuitId
    load_a: Amps
    limit_a: Decimal
    power_limit_w: int | None = None
    blind: bool = False
    """It has meters but they are silent: `load_a` is what the owner assumes."""
    slack_a: Amps = NO_AMPS
    """By how much cars that charge may exceed the limit with their least for now."""
