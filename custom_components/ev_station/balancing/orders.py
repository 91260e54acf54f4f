"""Orders of the grid's operator as bounds: how much power is left to EVSEs, whatever else is on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..circuit.bounds import WATTS_PER_STEP, Bound, BoundKind, Tap
from ..model.ids import EvseId


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """How much is left, W; None: nothing holds it."""

    each_w: int | None = None
    """To every EVSE, dimmed by itself."""
    pool_w: int | None = None
    """To all together, dimmed as a pool."""
    ripple_w: int | None = None

    def bounds(self, taps: Sequence[Tap]) -> Iterator[Bound]:
        """Yield what is left as bounds."""
        weights = weights_of(taps)
        if self.each_w is not None:
            for evse, weight in weights.items():
                yield bound_of(BoundKind.DIMMED, self.each_w, {evse: weight})
        for kind, left in ((BoundKind.DIMMED, self.pool_w), (BoundKind.RIPPLE, self.ripple_w)):
            if left is not None and weights:
                yield bound_of(kind, left, weights)

    def beyond(self, fixed: Mapping[EvseId, Decimal]) -> frozenset[EvseId]:
        """Return which of the EVSEs that go by no limit of ours draw too much; what they draw is taken off already."""
        lefts = [left for left in (self.pool_w, self.ripple_w) if left is not None]
        if min(lefts, default=0) < 0:
            return frozenset(fixed)
        each = self.each_w
        return frozenset(evse for evse, drawn in fixed.items() if each is not None and drawn > each)


NO_ORDERS = Orders()


def weights_of(taps: Sequence[Tap]) -> dict[EvseId, int]:
    """Return what a step of each EVSE draws, W."""
    return {tap.evse: WATTS_PER_STEP * len(tap.phases) for tap in taps}


def bound_of(kind: BoundKind, room: int, weights: Mapping[EvseId, int]) -> Bound:
    """Return a bound of the site's power."""
    return Bound(circuit=None, kind=kind, phase=None, room=room, weights=weights)
