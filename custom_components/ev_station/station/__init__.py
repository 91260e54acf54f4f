"""The one reducer: an event and the state it meets become changes and effects. Wires the pure rooms, holds no rule of theirs."""

from .horizon import Horizon, horizon, prices_ahead
from .limiting import why_no_plan_held
from .observing import Heard, Observed, Readings, observe
from .plans import planned
from .reducer import Outcome, handle
from .seeing import CircuitSeen, Seen, see

__all__ = [
    "CircuitSeen",
    "Heard",
    "Horizon",
    "Observed",
    "Outcome",
    "Readings",
    "Seen",
    "handle",
    "horizon",
    "observe",
    "planned",
    "prices_ahead",
    "see",
    "why_no_plan_held",
]
