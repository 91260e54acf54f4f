"""The one reducer: an event and the state it meets become changes and effects. Wires the pure rooms, holds no rule of theirs."""

from .observing import Heard, Observed, Readings, observe
from .reducer import Outcome, handle

__all__ = ["Heard", "Observed", "Outcome", "Readings", "handle", "observe"]
