"""Every time stamp teaches something about its charger's clock."""

from dataclasses import replace
from datetime import datetime

from ..model.state import Charger
from ..session.clock import learn
from .context import Context


def heard(
    context: Context, charger: Charger, at: datetime | None, received_at: datetime
) -> Charger:
    """Return the charger with what a message's time stamp says of its clock."""
    clock = learn(charger.clock, at, received_at)
    if clock is charger.clock or clock == charger.clock:
        return charger
    charger = replace(charger, clock=clock)
    context.draft.put(charger)
    return charger
