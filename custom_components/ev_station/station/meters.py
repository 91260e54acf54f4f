"""Meter values: what an EVSE does now, and what its session has drawn. The hot path of the reducer."""

from dataclasses import replace

from ..model.answers import Acknowledged
from ..model.events import MeterSampled
from ..model.ids import EvseId
from ..model.session import Session
from ..model.state import Charger, Live
from ..session.clock import learn
from ..session.life import readings_of, with_readings
from ..session.live import update
from ..session.matching import match_transaction
from .context import Context

_ACKNOWLEDGED = Acknowledged()


def sampled(context: Context, event: MeterSampled) -> None:
    """Take over samples: always acknowledged, billed only to the session they belong to."""
    context.reply(_ACKNOWLEDGED)
    charger = context.charger(event.evse.charger)
    if charger is None or not event.samples:
        return
    clock = learn(charger.clock, event.samples[-1].at, event.received_at)
    if clock != charger.clock:
        charger = replace(charger, clock=clock)
        context.draft.put(charger)
    session = _session(context, charger, event)
    if session is not None and session.is_open:
        readings = readings_of(event.samples, clock, event.received_at)
        context.draft.put(with_readings(session, readings))
    _live(context, charger, event, session)


def _session(context: Context, charger: Charger, event: MeterSampled) -> Session | None:
    """Return the session the samples belong to (F15-F17): by id, else what goes on at the EVSE."""
    present = context.session_at(event.evse)
    if present is not None and event.transaction in present.transactions:
        return present
    named = match_transaction(event.transaction, context.sessions_of(charger))
    if named is not None:
        return named
    return None if _is_foreign(event.transaction) else present


def _is_foreign(transaction: int | None) -> bool:
    """Return whether an id names a transaction we do not know: one of long ago, or of another system (EN+)."""
    return transaction is not None and 0 < transaction < 2**31


def _live(context: Context, charger: Charger, event: MeterSampled, session: Session | None) -> None:
    where = _where(charger, event.evse, session)
    if where is None:
        return
    evse = context.evse(where)
    live: Live = update(evse.live, event.samples, charger.clock, event.received_at)
    if live is not evse.live:
        context.draft.put(replace(evse, live=live))


def _where(charger: Charger, evse: EvseId, session: Session | None) -> EvseId | None:
    """Return the EVSE the values are of; connector 0 is the charger's main meter unless it has one EVSE only."""
    if session is not None:
        return session.evse
    if evse.evse:
        return evse
    return charger.evses[0] if len(charger.evses) == 1 else None
