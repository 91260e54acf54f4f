"""Reference policies: what a site does without us."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from custom_components.ev_station.model.commands import (
    ChargingProfile,
    ProfilePurpose,
    SchedulePeriod,
)
from tests.simulator.premises import Fuse, Point, Premises

LEAST_A: Final = 6
REVISITED_EVERY_S: Final = 30
"""evcc looks at one charger after the other, so each is revisited after this time at best."""

type Policy = Callable[[Premises, int], None]
"""Called every second with the seconds since the start."""


def uncontrolled(_house: Premises, _second: int) -> None:
    """Let every charger offer its maximum."""


def ours(_house: Premises, _second: int) -> None:
    """Nothing but the look at the site itself."""


def static_split(house: Premises, second: int) -> None:
    """Give each charger its part of every fuse in front of it for good: as many as can get 6 A, less the load assumed."""
    if second == 1:
        for point in house.points:
            offer(house, point, min(_part(house, fuse, point) for fuse in house.fuses))


def _part(house: Premises, fuse: Fuse, point: Point) -> int:
    sharers = below(house, fuse)
    if point not in sharers:
        return int(point.settings.max_current_a)
    left = fuse.settings.limit_a - fuse.settings.assumed_load_a
    served = min(len(sharers), int(left // LEAST_A))
    return int(left // served) if sharers.index(point) < served else 0


def first_come(house: Premises, second: int) -> None:
    """Give the first as much as it can take, the next what is left, by the highest phase (evcc's circuits)."""
    if second % REVISITED_EVERY_S:
        return
    flows = {fuse.settings.circuit: max(house.flow(fuse)) for fuse in house.fuses}
    for point in house.points:
        if point.transaction is None:
            continue
        headroom = min(
            float(fuse.settings.limit_a) - flows[fuse.settings.circuit]
            for fuse in house.fuses
            if point in below(house, fuse)
        )
        before = max(point.amps)
        wanted = min(before + headroom, float(point.settings.max_current_a))
        granted = int(wanted) if wanted >= LEAST_A else 0
        offer(house, point, granted)
        for fuse in house.fuses:
            if point in below(house, fuse):
                flows[fuse.settings.circuit] += granted - before


def below(house: Premises, fuse: Fuse) -> list[Point]:
    """Return the chargers behind a fuse, also behind those it feeds."""
    found = [point for point in house.points if point.name in fuse.settings.chargers]
    for other in house.fuses:
        if other.settings.parent == fuse.settings.circuit:
            found += below(house, other)
    return found


def offer(house: Premises, point: Point, amps: int) -> None:
    """Set a charger's limit for good."""
    if point.floor == amps:
        return
    house.messages += 1
    periods = (SchedulePeriod(start_s=0, limit_a=Decimal(amps)),)
    point.hold(ChargingProfile(purpose=ProfilePurpose.TX_DEFAULT, stack_level=0, periods=periods))


POLICIES: Final[dict[str, Policy]] = {
    "no control": uncontrolled,
    "static split": static_split,
    "first come": first_come,
    "ev_station": ours,
}
