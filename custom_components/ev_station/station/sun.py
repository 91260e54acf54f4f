"""The sun's part in a look at the site: for whom it is enough, and what it leaves to those who live on it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from ..balancing.claims import Allotted, Asking, Supply, rank_of
from ..balancing.draws import drawn_w, phases_used
from ..balancing.orders import bound_of, weights_of
from ..balancing.phases import is_able
from ..balancing.surplus import Bather, forgotten, reached, weathered
from ..circuit.bounds import WATTS_PER_STEP, Bound, BoundKind, Tap, steps_above
from ..model.allowance import Allowance, Feed, ReasonKind
from ..model.energy import ChargeMode
from ..model.events import SiteObserved
from ..model.ids import EvseId
from .battery import boost_w, over_w
from .context import Context
from .places import Place

_WITHOUT_SUN: Final = frozenset({ReasonKind.CLOUD, ReasonKind.NO_PAUSE})

type Allowances = Mapping[EvseId, Allowance]


def least_w(context: Context, place: Place, allowance: Allowance) -> int:
    """Return the least an EVSE can charge with: on one phase, if the sun may have it switched."""
    phasing = allowance.phasing
    if phasing is not None and is_able(place.evse, phasing, place.settings, context.now):
        return watts(place, 1)
    used = phases_used(place.evse, allowance, place.settings, context.now)
    return watts(place, len(used))


def watts(place: Place, phases: int) -> int:
    """Return the least an EVSE can charge with on a number of phases."""
    return steps_above(place.settings.min_current_a) * WATTS_PER_STEP * phases


def basks(allowance: Allowance, allotted: Allotted | None) -> bool:
    """Return whether an EVSE has its least of the sun for sure."""
    return allotted is not None and (allotted.guaranteed or (allotted.of_sun and allowance.sunny))


def left_w(
    context: Context, event: SiteObserved, asking: Iterable[Place], before: Allowances
) -> int:
    """Return what is over for cars that follow the sun, but for what those of them take that need none now."""
    over = over_w(context, event) - context.settings.surplus.reserve_w
    return over - sum(_from_grid_w(context, place, before[place.evse.id]) for place in asking)


def _from_grid_w(context: Context, place: Place, allowance: Allowance) -> int:
    """Return what a car draws that could live on the sun, but need not: in cheap hours, or as planned."""
    evse = place.evse
    charges = allowance.feed is Feed.GRID and allowance.session == evse.session
    if not charges or not evse.mode.follows_sun:
        return 0
    return int(drawn_w(evse, allowance, place.settings, context.now).expected)


def under_sun(
    context: Context, asking: Sequence[Place], before: Allowances, event: SiteObserved
) -> Allowances:
    """Return the allowances of those who ask, with the weather of this moment in them.

    A boost waits for no weather and leaves the sun to the others.
    """
    known = {place.evse.id: _remembered(place, before[place.evse.id]) for place in asking}
    following = [place for place in asking if place.evse.mode.follows_sun and not place.evse.boosts]
    guaranteed = [place for place in following if place.evse.mode is ChargeMode.SOLAR_MIN]
    left = left_w(context, event, asking, known)
    left -= sum(least_w(context, place, known[place.evse.id]) for place in guaranteed)
    hopeful = [place for place in following if place.evse.mode is not ChargeMode.SOLAR_MIN]
    sunny = _sunny(context, hopeful, known, left)
    settings = context.settings.surplus
    return known | {
        place.evse.id: weathered(
            known[place.evse.id], settings, context.now, reached=place.evse.id in sunny
        )
        for place in following
    }


def _remembered(place: Place, allowance: Allowance) -> Allowance:
    """Return an allowance with the weather it knows; that of another session or mode tells nothing."""
    lasts = allowance.session == place.evse.session and place.evse.mode.follows_sun
    return allowance if lasts else forgotten(allowance)


def _sunny(
    context: Context, hopeful: Sequence[Place], before: Allowances, left: int
) -> frozenset[EvseId]:
    """Return for whom the sun is enough; who charges from the grid would have what it draws, and takes none."""
    bathers, others = [], set()
    for place in hopeful:
        allowance = before[place.evse.id]
        own = _from_grid_w(context, place, allowance)
        if not own:
            bathers.append(_bather(context, place, allowance))
        elif least_w(context, place, allowance) <= left + own:
            others.add(place.evse.id)
    return reached(bathers, left) | others


def _bather(context: Context, place: Place, allowance: Allowance) -> Bather:
    return Bather(
        evse=place.evse.id,
        least_w=least_w(context, place, allowance),
        running=allowance.sunny,
        rank=rank_of(place.evse, allowance, place.settings, context.now),
    )


def sun_bounds(
    context: Context,
    asking: Sequence[Place],
    before: Allowances,
    askings: Mapping[EvseId, Asking],
    taps: Sequence[Tap],
    event: SiteObserved,
) -> tuple[Bound, ...]:
    """Return what the sun leaves as bounds: for all, and without a boost for those who have none."""
    weighed = weights_of(taps)
    least = {evse: each * askings[evse].claim.least for evse, each in weighed.items()}
    weights = {evse: each for evse, each in weighed.items() if askings[evse].allotted.of_sun}
    others = {evse: each for evse, each in weights.items() if not context.evse(evse).boosts}
    sure = {
        evse: least[evse]
        for evse in weights
        if evse in others and basks(before[evse], askings[evse].allotted)
    }
    left = left_w(context, event, asking, before)
    left -= sum(least[evse] for evse, each in askings.items() if _is_clouded(each))
    boosted = left + (boost_w(context, event) if len(others) < len(weights) else 0)
    return tuple(
        _bound(each, room, sure) for each, room in ((weights, boosted), (others, left)) if each
    )


def _is_clouded(asking: Asking) -> bool:
    """Return whether a car goes on with its least although the sun is not enough for it."""
    allotted = asking.allotted
    least = allotted.supply is Supply.LEAST and allotted.reason in _WITHOUT_SUN
    return least and asking.claim.charges


def _bound(weights: Mapping[EvseId, int], left: int, sure: Mapping[EvseId, int]) -> Bound:
    """Return the bound of those who live on what is over; by what they have for sure it may be exceeded."""
    room = max(left, sum(sure[evse] for evse in weights if evse in sure))
    return bound_of(BoundKind.SURPLUS, room, weights)
