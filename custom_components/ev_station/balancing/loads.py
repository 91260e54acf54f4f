"""What flows in a circuit beside our EVSEs, from meters that lag and chargers that follow with a delay.

A meter sees house and cars together. What a car draws is known for sure only some time after its limit last
changed; in between it lies somewhere between its last sample and what it was offered. The house's part is kept
as it was while that can be true, so that a car which ramps up is not taken for an oven.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from ..model.grid import Tally

type Tolerances = tuple[tuple[Decimal, timedelta], ...]

RESTORED_AFTER: Final = timedelta(seconds=60)
"""A load that went away is believed gone after this time."""
SMALL: Final = Decimal("0.13")
"""By this share a breaker bears an overload for good."""
TOLERANCES: Final[Tolerances] = (
    (SMALL, timedelta(seconds=60)),
    (Decimal("0.30"), timedelta(seconds=5)),
    (Decimal("0.60"), timedelta(seconds=2)),
)
"""How long a circuit may be over its limit by up to this share before cars draw less: below the trip curve of a
breaker that is hot already (IEC 60898-1, table 7: 1.13 times the rated current for an hour from cold)."""
LAST_TOLERANCES: Final[Tolerances] = (
    (SMALL, timedelta(seconds=180)),
    (Decimal("0.30"), timedelta(seconds=10)),
    (Decimal("0.60"), timedelta(seconds=5)),
)
"""How long it may be over its limit with every car at its least before cars stop."""
_COOLS_IN: Final = timedelta(seconds=60)
_TICK: Final = timedelta(milliseconds=1)
GUESSED_FOR: Final = timedelta(minutes=5)
"""For so long after the first look it is waited for chargers to say what their cars draw."""
_METER_LAG: Final = timedelta(seconds=5)
"""A sample made this long after the meter jumped is of the time after the jump."""
_ALIKE_A: Final = Decimal("0.5")
_LONGEST_LOOK: Final = timedelta(seconds=30)
"""Two looks further apart than this say nothing of the time between."""


class Drawn(NamedTuple):
    """What EVSEs draw on one phase, A."""

    least: Decimal
    most: Decimal
    likely: Decimal | None = None
    """As last measured; None while one of them is on its way to its limit."""
    measured_at: datetime | None = None
    """When the oldest of these measurements was made; None: none was needed."""
    pared: Decimal = Decimal(0)
    """What they would draw with every car at its least."""

    @property
    def is_known(self) -> bool:
        """Whether it is measured, or can be nothing else."""
        return self.likely is not None or self.least == self.most

    @property
    def expected(self) -> Decimal:
        """What is to be reckoned with: as last measured, else the most."""
        return self.most if self.likely is None else self.likely

    def with_another(self, other: Drawn) -> Drawn:
        """Return what both draw together."""
        likely = None
        if self.likely is not None and other.likely is not None:
            likely = self.likely + other.likely
        return Drawn(
            self.least + other.least,
            self.most + other.most,
            likely,
            _older(self.measured_at, other.measured_at),
            self.pared + other.pared,
        )


def _older(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return min(one, other)


NOTHING_DRAWN: Final = Drawn(Decimal(0), Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseMemory:
    """What is remembered of one phase of one circuit."""

    load_a: Decimal
    """The best guess at what flows beside our EVSEs."""
    recent: tuple[tuple[datetime, Decimal], ...] = ()
    """Loads that count: those of the last `RESTORED_AFTER` that nothing later exceeds."""
    heat: Fraction = Fraction(0)
    """How much of the tolerated overload is used up; 1 is all of it, so cars draw less."""
    last_heat: Fraction = Fraction(0)
    """The same of what is tolerated with every car at its least; 1 is all of it, so cars stop. Then it begins anew."""
    slack_a: Decimal | None = None
    """By how much cars at their least may exceed the limit for now; None: by any current."""
    doubted_since: datetime | None = None
    """Since when meter and chargers contradict the guess: the next to speak will tell."""
    guessed_at: datetime | None = None
    """When the first look was, while no charger has said yet how much of it is its car's; None: they have."""
    looked_at: datetime

    @property
    def held_a(self) -> Decimal:
        """Return the load to reckon with."""
        return max(load for _, load in self.recent) if self.recent else self.load_a


def seen(
    memory: PhaseMemory | None,
    measured_a: Decimal,
    drawn: Drawn,
    limit_a: Decimal,
    now: datetime,
    *,
    strict: bool = False,
) -> PhaseMemory:
    """Return what is known of a phase after a look at its meter.

    A load that grows counts at once while the phase is within its limit, and in an overload once that lasted
    as long as it is tolerated; `strict`: not at all. A load that shrinks counts when it has been gone for a while.
    """
    if memory is None:
        return _first(measured_a, drawn, now)
    if memory.guessed_at is not None:
        memory = _tested(memory, memory.guessed_at, measured_a, drawn, now)
    load, doubted = guess(
        memory.load_a, memory.doubted_since, measured_a, drawn, now=now, alike=_ALIKE_A
    )
    elapsed, over = _elapsed(memory, now), _over(load + drawn.pared, limit_a)
    last_heat = _heat(memory.last_heat % 1, LAST_TOLERANCES, over, elapsed)
    after = replace(
        memory,
        load_a=load,
        heat=_heat(memory.heat, TOLERANCES, _over(measured_a, limit_a), elapsed),
        last_heat=last_heat,
        slack_a=None if last_heat < 1 else limit_a * SMALL if over > SMALL else Decimal(0),
        doubted_since=doubted,
        looked_at=now,
    )
    if load > memory.held_a and measured_a > limit_a and after.heat < 1 and not strict:
        return after
    recent = tuple(
        (at, each) for at, each in memory.recent if each > load and now - at < RESTORED_AFTER
    )
    return replace(after, recent=(*recent, (now, load)))


def _tested(
    memory: PhaseMemory, guessed_at: datetime, measured_a: Decimal, drawn: Drawn, now: datetime
) -> PhaseMemory:
    """Return a memory whose first guess gives way to what chargers say, or to the worst case if it did not last."""
    if drawn.is_known:
        return replace(memory, load_a=measured_a - drawn.expected, guessed_at=None)
    if memory.heat >= 1 or now - guessed_at >= GUESSED_FOR:
        return replace(memory, load_a=measured_a - drawn.least, guessed_at=None)
    return memory


def _first(measured_a: Decimal, drawn: Drawn, now: datetime) -> PhaseMemory:
    """Return what a first look tells: what is not known to be the house's is the cars', as far as they can.

    Cars that charge when we begin are not to stop for what they draw themselves. While that is a guess, nobody
    is offered more than before.
    """
    known = drawn.expected if drawn.is_known else min(max(measured_a, drawn.least), drawn.most)
    load = measured_a - known
    guessed_at = None if drawn.is_known else now
    return PhaseMemory(load_a=load, recent=((now, load),), guessed_at=guessed_at, looked_at=now)


def guess(
    before: Decimal,
    doubted_since: datetime | None,
    measured: Decimal,
    drawn: Drawn,
    *,
    now: datetime,
    alike: Decimal,
) -> tuple[Decimal, datetime | None]:
    """Return what flows beside our EVSEs, and since when there is a better guess that nobody confirmed yet.

    A jump of the meter may be a car that went on or off by itself: its charger tells with its next sample.
    """
    kept = min(max(before, measured - drawn.most), measured - drawn.least)
    if drawn.likely is None:
        return kept, None
    exact = measured - drawn.likely
    doubted = doubted_since or now
    confirmed = drawn.measured_at is None or drawn.measured_at - doubted >= _METER_LAG
    if confirmed or abs(exact - kept) <= alike:
        return exact, None
    return kept, doubted


def _over(measured_a: Decimal, limit_a: Decimal) -> Decimal:
    """Return by which share a current is over its limit; of a limit of nothing, by as many A."""
    return (measured_a - limit_a) / (limit_a or Decimal(1))


def _elapsed(memory: PhaseMemory, now: datetime) -> timedelta:
    return min(max(now - memory.looked_at, timedelta(0)), _LONGEST_LOOK)


def _heat(heat: Fraction, tolerances: Tolerances, over: Decimal, elapsed: timedelta) -> Fraction:
    """Return how near an overload is to the end of its tolerance."""
    if over <= 0:
        return max(heat - _share(elapsed, _COOLS_IN), Fraction(0))
    lasts = next((lasts for share, lasts in tolerances if over <= share), None)
    return Fraction(1) if lasts is None else min(heat + _share(elapsed, lasts), Fraction(1))


def _share(elapsed: timedelta, whole: timedelta) -> Fraction:
    return Fraction(elapsed // _TICK, whole // _TICK)


@dataclass(frozen=True, slots=True)
class SurplusMemory:
    """What is remembered of the surplus."""

    house_w: Decimal
    """What the site takes besides cars that follow the sun; negative: what is over."""
    doubted_since: datetime | None
    followed_w: Decimal
    """What cars are told is over: without every passing change."""
    followed_at: datetime


@dataclass(frozen=True, slots=True)
class BatteryMemory:
    """What is remembered of how much the home battery really gives."""

    short_since: datetime | None = None
    """Since when the site imports, whatever the battery gives."""
    most_w: int | None = None
    """What it gave then; None: it was not seen at its end."""
    learnt_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of the meters; lost with a restart."""

    phases: Mapping[str, tuple[PhaseMemory, PhaseMemory, PhaseMemory]] = field(default_factory=dict)
    """Of every metered circuit."""
    surplus: SurplusMemory | None = None
    battery: BatteryMemory = BatteryMemory()
    net: SurplusMemory | None = None
    """Of what the grid gives to everything but our EVSEs."""
    tally: Tally | None = None
