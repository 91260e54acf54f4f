"""What an EVSE may draw now, and why."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from .ids import CircuitId, EvseId, SessionId
from .phases import Phasing
from .plan import PlanPeriod
from .waking import Waking


class ReasonKind(StrEnum):
    """Why an EVSE has its present limit."""

    MAXIMUM = "maximum"
    """Nothing holds it: it may draw what the EVSE can."""
    LIMITED = "limited"
    """Somebody set its maximum current."""
    PAUSED = "paused"
    """Somebody turned charging off."""
    CAR = "car"
    """The car draws no more; the rest is others'."""
    IDLE = "idle"
    """The car draws nothing; it may begin again with the least."""
    SHARE = "share"
    """A circuit's room is shared."""
    WAITING = "waiting"
    """A circuit has no room for another car's least."""
    READY = "ready"
    """Nobody charges; the next car begins with the floor."""
    AWAY = "away"
    """The charger is not connected; it goes by what it was told, then by its floor."""
    UNCONTROLLED = "uncontrolled"
    """The charger takes no limits; the others make room for it."""
    SUN = "sun"
    """It follows the surplus."""
    CLOUD = "cloud"
    """The surplus is too small for the least just now; it may be back soon."""
    NO_SUN = "no_sun"
    """It waits for enough surplus."""
    CHEAP = "cheap"
    """It charges because power is cheap."""
    DEAR = "dear"
    """It waits for cheaper hours or enough surplus."""
    PLANNED = "planned"
    """It charges because it was planned so."""
    PLAN_WAITS = "plan_waits"
    """It waits because it is to charge later."""
    GOAL_MET = "goal_met"
    """It has what is wanted; more comes from the sun only."""
    BOOST = "boost"
    """The home battery is drained into the car."""
    OFF = "off"
    """Its mode is off."""
    SWITCHING = "switching"
    """Its phases are being switched, which is done without current."""
    ONE_PHASE = "one_phase"
    """It follows the surplus on one of its phases."""
    WAKING = "waking"
    """It is offered nothing for a moment, to wake the car."""
    UNRESPONSIVE = "unresponsive"
    """The car drew before it was paused and does not wake."""
    NO_PAUSE = "no_pause"
    """The charger turns a limit of 0 down, so it goes on with the least."""
    PEAK = "peak"
    """More would raise the month's peak at the grid."""
    DIMMED = "dimmed"
    """The grid's operator ordered to draw less."""
    RIPPLE = "ripple"
    """The ripple control receiver leaves a share only."""
    DELAYED = "delayed"
    """What was to begin or end by itself does so after a random delay."""
    STARTING = "starting"
    """The meters have not spoken since the start, so nothing is raised."""


class Wait(StrEnum):
    """What a car that gets nothing waits for."""

    ROOM = "room"
    SUN = "sun"
    PRICE = "price"


_WAITS: Final = {
    ReasonKind.WAITING: Wait.ROOM,
    ReasonKind.NO_SUN: Wait.SUN,
    ReasonKind.DEAR: Wait.PRICE,
    ReasonKind.PLAN_WAITS: Wait.PRICE,
}


WANT_OF_ROOM: Final = frozenset(
    {ReasonKind.WAITING, ReasonKind.PEAK, ReasonKind.DIMMED, ReasonKind.RIPPLE}
)
"""Why a car stops although it would go on: it begins again with patience."""


class Reason(NamedTuple):
    """Why, in data; people read it in their own words."""

    kind: ReasonKind
    circuit: CircuitId | None = None
    phase: int | None = None
    """Of the site, 0 is L1; None: the circuit's power, or no circuit at all."""
    cars: int = 0
    """How many share the circuit."""
    until: datetime | None = None
    """Of a delay."""


class Feed(StrEnum):
    """Where the power comes from that a mode lets an EVSE have."""

    NONE = "none"
    SUN = "sun"
    GRID = "grid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What an EVSE on a circuit may draw, A per phase."""

    id: EvseId
    limit_a: Decimal = Decimal(0)
    before_a: Decimal = Decimal(0)
    """What it was before that: a charger takes some seconds to follow."""
    floor_a: Decimal = Decimal(0)
    """What it may draw if we are gone: fits all circuits whatever else is on."""
    ahead: tuple[PlanPeriod, ...] = ()
    """What it may draw if we are gone before that: as planned, where that fits without us."""
    since: datetime
    """When `limit_a` was decided."""
    session: SessionId | None = None
    """For which it was decided; None: nobody charges, so the floor holds."""
    on_since: datetime | None = None
    """When it last began to be more than nothing."""
    off_since: datetime | None = None
    """When a circuit last left it nothing."""
    room_since: datetime | None = None
    """Since when there would be room again; None: there is none, or it does not wait."""
    sunny: bool = False
    """The surplus was enough for long enough."""
    sun_turned_at: datetime | None = None
    """Since when it is no longer so; None: nothing has changed."""
    feed: Feed = Feed.NONE
    """What its mode lets it charge with, random delays included."""
    turns_at: datetime | None = None
    """When that changes, after a random delay."""
    phases: tuple[int, ...] = ()
    """On which phases of the site the car was last seen to draw; none: not seen yet."""
    waking: Waking = field(default_factory=Waking)
    phasing: Phasing | None = None
    """None: its phases cannot be switched."""
    reason: Reason = field(default=Reason(ReasonKind.STARTING))

    def with_limit(self, limit_a: Decimal, now: datetime) -> Allowance:
        """Return the allowance with a limit decided now; the same limit stays decided when it was."""
        if limit_a == self.limit_a:
            return self
        return replace(self, limit_a=limit_a, before_a=self.limit_a, since=now)

    def with_fallback(self, floor_a: Decimal, ahead: tuple[PlanPeriod, ...]) -> Allowance:
        """Return the allowance with what holds if we are gone."""
        if (floor_a, ahead) == (self.floor_a, self.ahead):
            return self
        return replace(self, floor_a=floor_a, ahead=ahead)

    @property
    def waits_for(self) -> Wait | None:
        """Return what a car waits for; None: it gets something, or nobody makes it wait."""
        waits = self.session is not None and not self.limit_a
        return _WAITS.get(self.reason.kind) if waits else None

    @property
    def key(self) -> EvseId:
        """Return the EVSE's id."""
        return self.id
