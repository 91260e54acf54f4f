"""Coming back: the last checkpoint, the journal after it, and the facts that are never recomputed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from ..model.codec import STATE_SCHEMA, decode_event, decode_state, encode_state
from ..model.errors import UnreadableRecord
from ..model.events import ChargerDisconnected
from ..model.ids import Fresh
from ..model.records import Checkpoint
from ..model.state import SITE, Aggregate, Charger, Driver, Site, SiteState
from ..station import handle
from ..station.sealing import local_month
from ..store.recovery import Opening
from ..store.sqlite import SqliteStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What was found on disk."""

    sequence: int = 0
    used_transactions: frozenset[int] = field(default_factory=frozenset)
    opening: Opening = Opening.OPENED
    unreadable: int = 0

    def disconnections(self, state: SiteState, now: datetime) -> Iterator[ChargerDisconnected]:
        """Yield the end of every connection that ended with the last run."""
        for charger in tuple(state.all(Charger)):
            if charger.connection is not None:
                yield ChargerDisconnected(
                    charger=charger.key, connection=charger.connection, received_at=now
                )


def load(store: SqliteStore, state: SiteState, now: datetime) -> Loaded:
    """Open the store and bring the state to where the journal ends; effects stay off."""
    report = store.open()
    sequence = _restore_checkpoint(store, state)
    unreadable = 0
    for row in store.journal_after(sequence):
        sequence = row.sequence
        try:
            event = decode_event(row.kind, row.event)
        except UnreadableRecord:
            unreadable += 1
            continue
        fresh = Fresh(row.fresh_session or "", row.fresh_transaction or 0)
        state.apply(handle(state, event, row.at, fresh).changes)
    _take_over_facts(store, state, now)
    return Loaded(
        sequence=sequence,
        used_transactions=frozenset(store.used_transactions()),
        opening=report.opening,
        unreadable=unreadable,
    )


def _restore_checkpoint(store: SqliteStore, state: SiteState) -> int:
    checkpoint = store.latest_checkpoint()
    if checkpoint is None:
        return 0
    aggregates = decode_state(checkpoint.schema, checkpoint.state)
    state.apply({(type(each), each.key): each for each in aggregates})
    return checkpoint.sequence


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
