"""What is to be planned: slots, circuits, cars, batteries, and what counts; docs/planning.md states the terms.

Power in W, energy in Wh, currents in A per phase, prices per kWh. Numbers are floats: a plan is an intention, never
a bill.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

from ..model.circuit import NOMINAL_V
from ..model.ids import CircuitId

type EvId = str
"""An EVSE with its car, a booking, or whatever is to be charged."""
type RoomA = tuple[float, float, float]
"""What is left for charging on L1, L2 and L3 of the site."""

STEP: Final = timedelta(minutes=15)
"""The settlement period of European electricity markets."""
LONGEST: Final = timedelta(hours=48)
LEAST_OVERLAP: Final = timedelta(minutes=1)
"""A slot that a car shares for less time is not its slot."""
PEAK: Final[CircuitId] = "peak"
"""The circuit above all that is no fuse: what the month's peak leaves. Unlike a fuse it may count on the sun."""
ALL_PHASES: Final = frozenset({0, 1, 2})


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A stretch of time with one price and one forecast."""

    start: datetime
    end: datetime
    import_price: float
    export_price: float = 0.0
    load_w: float = 0.0
    """What the site draws beside cars and batteries."""
    pv_w: float = 0.0
    co2_g: float = 0.0
    """Of a kWh imported."""
    whim: float = 0.0
    """On top of the import price for the choice alone: what sets this site apart from others."""
    kept_w: float = 0.0
    """Of what would be exported, what a battery that nobody steers takes first."""
    kept_price: float = 0.0
    """What a kWh of that is worth there."""
    given_w: float = 0.0
    """What such a battery gives and the load lacks already; while a car draws it is held, which counts for peaks."""

    @property
    def hours(self) -> float:
        """Return how long it lasts."""
        return (self.end - self.start) / timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """A fuse, and what it leaves for cars and batteries in each slot: the sun is not counted on."""

    circuit: CircuitId
    parent: CircuitId | None = None
    room_a: Sequence[RoomA]
    room_w: Sequence[float] | None = None
    """None: no limit of power."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """A way a car can draw: on these phases of the site, nothing or from `min_a` to `max_a` on each."""

    phases: frozenset[int] = ALL_PHASES
    min_a: float = 6.0
    max_a: float = 16.0
    surely: int | None = None
    """On so many of them it draws for sure: room is kept on all, energy counts on these; None: on all."""

    @property
    def watts_per_amp(self) -> float:
        """Return the power of one ampere on each phase that it draws on for sure."""
        return float(NOMINAL_V * (self.surely or len(self.phases)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ev:
    """A car that is here or expected, and what it needs, measured in its battery."""

    ev: EvId
    circuit: CircuitId | None = None
    modes: tuple[Mode, ...] = (Mode(),)
    """One, or also one on a single phase where the EVSE can switch."""
    arrival: datetime
    departure: datetime
    goal_wh: float
    minimum_wh: float = 0.0
    """Of the goal: as early as can be, whatever it costs."""
    extra_wh: float = 0.0
    """Beyond the goal, where a kWh drawn costs at most `extra_price`."""
    extra_price: float = 0.0
    efficiency: float = 0.9
    """From the EVSE into the battery."""
    weight: float = 1.0
    """What an unmet Wh of it counts beside those of others."""
    running: int | None = None
    """The mode in which it draws now."""
    gone: tuple[float, ...] = ()
    """Per slot, how likely it will have left; empty: as stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """A home battery, which plans steer if it is part of a problem; it draws on all three phases alike."""

    circuit: CircuitId | None = None
    capacity_wh: float
    level_wh: float
    reserve_wh: float = 0.0
    max_charge_w: float
    max_discharge_w: float
    charge_efficiency: float = 0.95
    discharge_efficiency: float = 0.95
    wear_price: float = 1e-4
    """Of a kWh taken: more than nothing, so that nothing goes round in circles."""
    end_price: float | None = None
    """What a kWh in it is worth in the end; None: a little less than the cheapest import that it can replace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """A charge for the highest quarter hour of the month."""

    peak_w: float
    """The highest so far."""
    price_per_kw: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Taste:
    """What is worth a little money."""

    start_cost: float = 0.03
    """Of each time a car begins to draw or changes its mode."""
    break_cost: float = 0.05
    """Of each of these times of a car that runs at this moment: it broke off in between, now or later."""
    change_gain: float = 0.05
    """Less than this is no reason for another plan than the one in force."""
    early_price: float = 2e-5
    """Of a kWh for each hour it waits: of equal slots the earlier one."""
    risk_price: float = 0.05
    """Of a kWh planned for when the car will surely have left."""
    co2_price: float = 0.0
    """Of a kg of CO2 that the site causes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A site from now on."""

    slots: tuple[Slot, ...]
    """Without gaps; the first may be shortened."""
    evs: tuple[Ev, ...]
    circuits: tuple[Circuit, ...] = ()
    batteries: tuple[Battery, ...] = ()
    capacity: Capacity | None = None
    taste: Taste = field(default_factory=Taste)


class Charge(NamedTuple):
    """What a car draws in a slot, in one of its modes."""

    amps: float
    mode: int = 0


type Charges = tuple[Charge | None, ...]
"""Of one car, slot by slot."""
type Powers = tuple[float, ...]
"""Of one battery, slot by slot: what it takes at its terminals, negative while it gives."""


def grid(now: datetime, until: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """Return the quarter hours from now on, the first one shortened, for at most 48 hours."""
    bounds, last = [now.astimezone(UTC)], min(until, now + LONGEST)
    midnight = bounds[0].replace(hour=0, minute=0, second=0, microsecond=0)
    while bounds[-1] < last:
        passed = (bounds[-1] - midnight) // STEP
        bounds.append(midnight + STEP * (passed + 1))
    return tuple(pairwise(bounds))


def end_price(problem: Problem, battery: Battery) -> float:
    """Return what a kWh in a battery is worth in the end."""
    if battery.end_price is not None:
        return battery.end_price
    cheapest = min(slot.import_price for slot in problem.slots)
    return max(0.0, cheapest) * battery.discharge_efficiency * 0.99
