"""Meter values: what an EVSE does now, and what its session has drawn. The hot path of the reducer."""

from collections.abc import Sequence
from dataclasses import replace

from ..model.answers import Acknowledged
from ..model.events import MeterSampled
from ..model.ids import EvseId, TransactionId
from ..model.replacing import replaced
from ..model.session import Reading, Session, SessionState, Stop
from ..model.state import Charger, Live
from ..session.life import not_before_start, readings_of, reopened, with_readings
from ..session.live import update
from ..session.matching import could_be_ours, match_transaction
from .clocks import heard
from .context import Context
from .limiting import apply_limits
from .transactions import is_idle

_ACKNOWLEDGED = Acknowledged()


def sampled(context: Context, event: MeterSampled) -> None:
    """Take over samples: always acknowledged, billed only to the session they belong to."""
    context.reply(_ACKNOWLEDGED)
    charger = context.charger(event.evse.charger)
    if charger is None or not event.samples:
        return
    charger = heard(context, charger, event.samples[-1].at, event.received_at)
    session = _session(context, charger, event)
    if session is not None and session.state is not SessionState.ENDED:
        _add(context, charger, event, session)
    _live(context, charger, event, session)


def _session(context: Context, charger: Charger, event: MeterSampled) -> Session | None:
    """Return the session the samples belong to (F15-F17): by id, else what goes on at the EVSE."""
    present = context.session_at(event.evse)
    if present is not None and event.transaction in present.transactions:
        return present
    named = match_transaction(event.transaction, context.sessions_of(charger))
    if named is not None and (named.is_open or present is None):
        return named
    return None if named is None and _is_foreign(event.transaction) else present


def _is_foreign(transaction: TransactionId | None) -> bool:
    """Return whether an id names a transaction we do not know: one of long ago, or of another system (EN+)."""
    return transaction is not None and could_be_ours(transaction)


def _add(context: Context, charger: Charger, event: MeterSampled, session: Session) -> None:
    """Add the register's values to a session; without its id only those taken since it began."""
    readings = readings_of(event.samples, charger.clock, event.received_at)
    if event.transaction not in session.transactions:
        readings = tuple(each for each in readings if each.at >= session.start.at)
    else:
        readings = not_before_start(session, readings, event.received_at)
        if session.stop is not None and _goes_on(context, session, session.stop, readings):
            session = _reopen(context, session)
    context.draft.put(with_readings(session, readings))


def _goes_on(context: Context, session: Session, stop: Stop, readings: Sequence[Reading]) -> bool:
    """Return whether a session we gave up is measured on: its charger comes back after days (F26)."""
    evse = context.evse(session.evse)
    later = any(reading.at > stop.stamp.at for reading in readings)
    return later and evse.session is None and not is_idle(evse)


def _reopen(context: Context, session: Session) -> Session:
    again = reopened(session)
    context.draft.put(again)
    context.draft.put(replace(context.evse(session.evse), session=session.id))
    apply_limits(context, session.evse)
    return again


def _live(context: Context, charger: Charger, event: MeterSampled, session: Session | None) -> None:
    where = _where(charger, event.evse, session)
    if where is None:
        return
    evse = context.evse(where)
    live: Live = update(evse.live, event.samples, charger.clock, event.received_at)
    if live is not evse.live:
        context.draft.put(replaced(evse, live=live))


def _where(charger: Charger, evse: EvseId, session: Session | None) -> EvseId | None:
    """Return the EVSE the values are of; connector 0 is the charger's main meter unless it has one EVSE only."""
    if session is not None:
        return session.evse
    if evse.evse:
        return evse
    return charger.evses[0] if len(charger.evses) == 1 else None
