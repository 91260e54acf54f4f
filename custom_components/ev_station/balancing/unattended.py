"""What is planned, as far as it fits without us: together with everybody else's floor, at the worst load."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import groupby, pairwise
from typing import NamedTuple

from ..circuit.bounds import Bound, Branch, Tap, amps, bounds, steps
from ..model.ids import EvseId
from ..model.plan import PlanPeriod
from .allocation import Claim, Rank, allocate
from .floors import Seat
from .limits import EPOCH
from .orders import NO_ORDERS, Orders


class Berth(NamedTuple):
    """An EVSE without us."""

    seat: Seat
    floor: int
    """In steps."""
    phases: tuple[int, ...]
    """The site's phase behind each of its own."""
    periods: tuple[PlanPeriod, ...] = ()
    """Planned, and held by its charger; none: the floor holds."""

    def at(self, moment: datetime) -> PlanPeriod | None:
        """Return what is planned for a moment; None: the floor holds."""
        return next((each for each in self.periods if each.start <= moment < each.end), None)

    def phases_at(self, moment: datetime) -> tuple[int, ...]:
        """Return on which of the site's phases the car draws; by its floor on all it may."""
        period = self.at(moment)
        return self.phases if period is None else self.phases[: period.phases]


@lru_cache(maxsize=4)
def unattended(
    branches: tuple[Branch, ...], berths: tuple[Berth, ...], orders: Orders = NO_ORDERS
) -> Mapping[EvseId, tuple[PlanPeriod, ...]]:
    """Return what each EVSE with a plan may draw until the last plan is over; from then on floors hold.

    Floors of those without a plan come first: they cannot change without us. Then comes what is planned, then
    the floors of those whose plan is over. Asked at every look, this changes with the plans.
    """
    planned = [berth for berth in berths if berth.periods]
    found: dict[EvseId, list[PlanPeriod]] = {berth.seat.evse: [] for berth in planned}
    for start, end in pairwise(_turns(planned)):
        granted = _granted(branches, berths, orders, start)
        for berth in planned:
            evse, phases = berth.seat.evse, len(berth.phases_at(start))
            found[evse].append(PlanPeriod(start, end, amps(granted[evse]), phases))
    return {evse: joined(periods) for evse, periods in found.items()}


def joined(periods: Sequence[PlanPeriod]) -> tuple[PlanPeriod, ...]:
    """Return periods without gaps, neighbours that say the same as one."""
    return tuple(
        first._replace(end=[first, *rest][-1].end)
        for _, (first, *rest) in groupby(periods, key=lambda each: each[2:])
    )


def _turns(planned: Sequence[Berth]) -> list[datetime]:
    """Return the moments at which what is planned for anybody changes."""
    return sorted({edge for berth in planned for each in berth.periods for edge in each[:2]})


def _granted(
    branches: tuple[Branch, ...], berths: Sequence[Berth], orders: Orders, moment: datetime
) -> Mapping[EvseId, int]:
    taps = [
        Tap(
            evse=each.seat.evse, circuit=each.seat.circuit, phases=frozenset(each.phases_at(moment))
        )
        for each in berths
    ]
    limits = (*bounds(branches, taps), *orders.bounds(taps))
    granted = {each.seat.evse: each.floor for each in berths if not each.periods}
    planned = [(each.seat, period) for each in berths if (period := each.at(moment)) is not None]
    _grant(granted, limits, [_claim(seat, steps(each.limit_a)) for seat, each in planned])
    over = [each for each in berths if each.seat.evse not in granted]
    _grant(granted, limits, [_claim(each.seat, each.floor) for each in over])
    return granted


def _claim(seat: Seat, wanted: int) -> Claim:
    return Claim(
        evse=seat.evse,
        least=seat.least,
        most=min(wanted, seat.most),
        weight=seat.weight,
        rank=Rank(seat.priority, 0, EPOCH),
    )


def _grant(granted: dict[EvseId, int], limits: Sequence[Bound], claims: Sequence[Claim]) -> None:
    """Let more EVSEs have what the ones before them leave."""
    left = [limit.less(granted) for limit in limits]
    granted |= {evse: grant.steps for evse, grant in allocate(claims, left).items()}
