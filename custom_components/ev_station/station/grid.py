"""What the grid's operator and the law ask: taken over from a look, and turned into bounds."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from ..balancing.dimming import GUARANTEED_W, others_w, pooled_w
from ..balancing.draws import drawn_w
from ..balancing.orders import Orders
from ..balancing.peak import followed
from ..balancing.ripple import WHOLE_PERCENT, left_w
from ..model.allowance import Allowance
from ..model.circuit import NOMINAL_V
from ..model.effects import NoticeKind
from ..model.events import SiteObserved
from ..model.grid import Dimming, DimmingKind, GridReading, GridSettings
from ..model.ids import EvseId
from ..model.state import SITE, Grid
from .context import Context
from .places import Place
from .sealing import local_month

KEPT_FOR: Final = timedelta(days=3 * 366)
"""Evidence of dimming; an operator may ask what came of an order long after it."""
_OBEYED_PERCENT: Final = 105
"""A charger's own metering may be that far off."""
_WORTH_W: Final = 10
"""A smaller rise of the power is not written down."""

type Allowances = Mapping[EvseId, Allowance]
type Watts = Mapping[EvseId, Decimal]


def hear_grid(
    context: Context, event: SiteObserved, found: Sequence[Place], before: Allowances
) -> None:
    """Note the month's peak, what the receiver leaves, and orders to dim with how they are obeyed."""
    settings = context.settings.grid
    known = context.draft.get(Grid, SITE)
    grid = known or Grid()
    if settings.counts_peak and event.tally is not None:
        last = event.tally.last
        month = local_month(context.now, context.zone)
        last_month = month if last is None else local_month(last.start, context.zone)
        grid = followed(grid, event.tally, month, last_month, event.grid.peak_w)
    percent = grid.percent if event.grid.percent is None else event.grid.percent
    grid = replace(grid, percent=percent if settings.ripple else WHOLE_PERCENT)
    grid = replace(grid, dimming=_dimmed(context, event, grid.dimming, found, before))
    if known is not None or grid != Grid():
        context.draft.put(grid)


def _dimmed(
    context: Context,
    event: SiteObserved,
    key: datetime | None,
    found: Sequence[Place],
    before: Allowances,
) -> datetime | None:
    """Return the key of the order that holds after a look."""
    settings = context.settings.grid
    known = None if key is None else context.draft.get(Dimming, key)
    limit = _limit_w(settings, event.grid, len(found))
    if known is not None and not _holds_on(known, settings, event.grid, limit):
        _end(context, known)
        known = None
    if known is None and settings.dimming is not None and event.grid.dimmed:
        known = _begin(context, settings.dimming, limit, _measured_w(found))
    if known is None:
        return None
    _watch(context, known, _Watched(context, event, found, before))
    return known.key


def _limit_w(settings: GridSettings, reading: GridReading, evses: int) -> int:
    """Return to what is dimmed: what the operator says, else what the rules leave."""
    if reading.limit_w is not None:
        return max(reading.limit_w, 0)
    if settings.dimming is DimmingKind.DIRECT:
        return GUARANTEED_W
    return pooled_w(evses + settings.other_devices, settings.large_heating_w)


def _holds_on(known: Dimming, settings: GridSettings, reading: GridReading, limit: int) -> bool:
    """Return whether an order still holds: until it is taken back, also while nobody can be heard."""
    same = known.kind is settings.dimming
    if reading.dimmed is None:
        return same
    return same and reading.dimmed and known.limit_w == limit


def _begin(context: Context, kind: DimmingKind, limit_w: int, before_w: int) -> Dimming:
    for old in context.draft.all(Dimming):
        if old.ended_at is not None and context.now - old.ended_at > KEPT_FOR:
            context.draft.remove(Dimming, old.key)
    dimming = Dimming(ordered_at=context.now, kind=kind, limit_w=limit_w, before_w=before_w)
    context.draft.put(dimming)
    _tell(context, NoticeKind.DIMMING_STARTED, dimming)
    return dimming


def _end(context: Context, dimming: Dimming) -> None:
    ended = replace(dimming, ended_at=context.now)
    context.draft.put(ended)
    _tell(context, NoticeKind.DIMMING_ENDED, ended)


def _tell(context: Context, kind: NoticeKind, dimming: Dimming) -> None:
    context.notice(
        kind,
        None,
        ordered_at=dimming.ordered_at.isoformat(),
        limit_w=dimming.limit_w,
        power_w=dimming.power_w,
    )


def _measured_w(found: Sequence[Place]) -> int:
    """Return what cars are measured to draw together."""
    powers = (place.evse.live.power_w for place in found if place.session is not None)
    return int(sum((power for power in powers if power is not None), Decimal(0)))


class _Watched:
    """What cars draw while they are dimmed."""

    def __init__(
        self, context: Context, event: SiteObserved, found: Sequence[Place], before: Allowances
    ) -> None:
        settings = context.settings.grid
        charging = [place for place in found if place.session is not None]
        self.most = [
            drawn_w(place.evse, before[place.evse.id], place.settings, context.now).most
            for place in charging
        ]
        pooled = settings.dimming is DimmingKind.POOLED
        self.sun_w = _sun_w(context, event) if pooled else 0
        self.others_w = others_w(settings, event.grid.others_w) if pooled else 0
        self.measured_w = max(_measured_w(found) - self.sun_w, 0)

    def obey(self, dimming: Dimming) -> bool:
        """Return whether no car can draw more than it may."""
        if dimming.kind is DimmingKind.DIRECT:
            return all(_within(each, dimming.limit_w) for each in self.most)
        room = max(dimming.limit_w - self.others_w, 0) + self.sun_w
        return _within(sum(self.most, Decimal(0)), room)


def _within(drawn: Decimal, limit: int) -> bool:
    return drawn * 100 <= limit * _OBEYED_PERCENT


def _watch(context: Context, dimming: Dimming, watched: _Watched) -> None:
    """Note when an order was first obeyed, and the most that was drawn since."""
    if dimming.in_force_at is None:
        if watched.obey(dimming):
            obeyed = replace(dimming, in_force_at=context.now, power_w=watched.measured_w)
            context.draft.put(obeyed)
            _tell(context, NoticeKind.DIMMING_IN_FORCE, obeyed)
    elif watched.measured_w - (dimming.power_w or 0) >= _WORTH_W:
        context.draft.put(replace(dimming, power_w=watched.measured_w))


def _sun_w(context: Context, event: SiteObserved) -> int:
    """Return what the own sun gives to cars: it does not come from the grid."""
    over = -(event.net_w or 0) - context.settings.surplus.reserve_w
    return max(over, 0)


def orders_of(
    context: Context, event: SiteObserved, found: Sequence[Place], fixed: Watts
) -> Orders:
    """Return what must hold at any rate; `fixed` is what EVSEs draw that are not ours to decide."""
    grid = context.draft.get(Grid, SITE) or Grid()
    key = grid.dimming
    dimming = None if key is None else context.draft.get(Dimming, key)
    taken = int(sum(fixed.values(), Decimal(0)))
    ripple = left_w(_nominal_w(found), grid.percent)
    return Orders(
        each_w=dimming.limit_w if dimming and dimming.kind is DimmingKind.DIRECT else None,
        pool_w=_pool_w(context, event, dimming, taken),
        ripple_w=None if ripple is None else ripple - taken,
    )


def _pool_w(
    context: Context, event: SiteObserved, dimming: Dimming | None, taken: int
) -> int | None:
    if dimming is None or dimming.kind is not DimmingKind.POOLED:
        return None
    left = dimming.limit_w - others_w(context.settings.grid, event.grid.others_w)
    return max(left, 0) + _sun_w(context, event) - taken


def _nominal_w(found: Sequence[Place]) -> int:
    powers = (place.settings.max_current_a * place.settings.phases for place in found)
    return int(sum(powers, Decimal(0)) * NOMINAL_V)
