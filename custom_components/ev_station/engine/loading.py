"""Coming back: the last checkpoint, the journal after it, and the facts that are never recomputed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
import logging
from zoneinfo import ZoneInfo

from ..model.codec import STATE_SCHEMA, decode_event, decode_state, encode_state
from ..model.errors import UnreadableRecord
from ..model.events import ChargerDisconnected
from ..model.ids import ChargerId, Fresh
from ..model.records import Checkpoint, JournalRow
from ..model.session import Session
from ..model.state import SITE, Aggregate, Charger, Driver, Site, SiteState
from ..station import handle
from ..station.sealing import local_month
from ..store.recovery import Opening
from ..store.sqlite import SqliteStore

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What was found on disk."""

    sequence: int = 0
    used_transactions: frozenset[int] = field(default_factory=frozenset)
    opening: Opening = Opening.OPENED
    unreadable: int = 0


def ended_connections(
    state: SiteState, live: Mapping[ChargerId, int], now: datetime
) -> Iterator[ChargerDisconnected]:
    """Yield the end of every connection the state takes for open; `live` are those that are."""
    for charger in tuple(state.all(Charger)):
        if charger.connection is not None and live.get(charger.key) != charger.connection:
            yield ChargerDisconnected(
                charger=charger.key, connection=charger.connection, received_at=now
            )


def last_connection(state: SiteState) -> int:
    """Return the highest connection number the state remembers; the next run must not give it again (F52)."""
    numbers = [charger.connection or 0 for charger in state.all(Charger)]
    numbers += [session.connection for session in state.all(Session)]
    numbers += [session.stop_connection or 0 for session in state.all(Session)]
    return max(numbers, default=0)


def load(store: SqliteStore, state: SiteState, now: datetime) -> Loaded:
    """Open the store and bring the state to where the journal ends; effects stay off."""
    report = store.open()
    sequence, unreadable = _restore_checkpoint(store, state)
    for row in store.journal_after(sequence):
        sequence = row.sequence
        unreadable += not _replayed(state, row)
    _take_over_facts(store, state, now)
    return Loaded(
        sequence=max(sequence, store.last_sequence),
        used_transactions=frozenset(store.used_transactions()),
        opening=report.opening,
        unreadable=unreadable,
    )


def _restore_checkpoint(store: SqliteStore, state: SiteState) -> tuple[int, int]:
    """Return the sequence of the newest readable checkpoint, and how many newer ones are not."""
    unreadable = 0
    for checkpoint in store.checkpoints():
        try:
            aggregates = decode_state(checkpoint.schema, checkpoint.state)
        except UnreadableRecord:
            unreadable += 1
            continue
        state.apply({(type(each), each.key): each for each in aggregates})
        return checkpoint.sequence, unreadable
    return 0, unreadable


def _replayed(state: SiteState, row: JournalRow) -> bool:
    """Reduce an input again; one that cannot be any more costs itself, not the start of the whole site."""
    try:
        event = decode_event(row.kind, row.event)
        fresh = Fresh(row.fresh_session or "", row.fresh_transaction or 0)
        state.apply(handle(state, event, row.at, fresh).changes)
    except Exception:
        _LOGGER.exception("Journal row %d, %s, could not be replayed", row.sequence, row.kind)
        return False
    return True


def _take_over_facts(store: SqliteStore, state: SiteState, now: datetime) -> None:
    """Let the ledger, not the replay, say where the chain stands and what the month adds up to."""
    site = state.get(Site, SITE)
    if site is None:
        return
    state.apply({(Site, SITE): replace(site, chain=store.chain_head())})
    zone = ZoneInfo(site.settings.time_zone)
    today = now.astimezone(zone).date()
    totals = {total.driver: total for total in store.month_totals(today.replace(day=1), today)}
    for driver in tuple(state.all(Driver)):
        total = totals.get(driver.key)
        fresh = Driver(settings=driver.settings, month=local_month(now, zone))
        if total is not None:
            fresh = replace(fresh, energy_wh=total.energy_wh, amount=total.amount)
        state.apply({(Driver, driver.key): fresh})


def save_state(
    store: SqliteStore, sequence: int, aggregates: Sequence[Aggregate], now: datetime
) -> None:
    """Write a checkpoint of the state after `sequence`."""
    body = encode_state(aggregates)
    store.save_checkpoint(Checkpoint(sequence=sequence, at=now, schema=STATE_SCHEMA, state=body))
