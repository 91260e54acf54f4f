"""Coming back: the last checkpoint, the journal after it, and the facts that are never recomputed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
import logging
from zoneinfo import ZoneInfo

from ..model.codec import STATE_SCHEMA, decode_event, decode_state, encode_state
from ..model.errors import UnreadableRecord
from ..model.events import ChargerDisconnected
from ..model.ids import ChargerId, DriverId, Fresh
from ..model.records import ChainHead, Checkpoint, JournalRow
from ..model.session import Session
from ..model.state import SITE, Account, Aggregate, Charger, Ledger, Site, SiteState
from ..station import handle
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
    head: ChainHead = field(default_factory=ChainHead)
    """Where the ledger stands; it ends before that if its end was cut off."""


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
    remembered = state.get(Ledger, SITE) or Ledger()
    for row in store.journal_after(sequence):
        sequence = row.sequence
        unreadable += not _replayed(state, row)
    head = _take_over_facts(store, state, remembered.head, now)
    return Loaded(
        sequence=max(sequence, store.last_sequence),
        used_transactions=frozenset(store.used_transactions()),
        opening=report.opening,
        unreadable=unreadable,
        head=head,
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


def _take_over_facts(
    store: SqliteStore, state: SiteState, remembered: ChainHead, now: datetime
) -> ChainHead:
    """Let the ledger, not the replay, say where the chain stands, which is returned, and what the month adds up to.

    A ledger that ends before what was remembered lost postings: what follows is chained to the lost ones, so
    that the gap can never close unnoticed.
    """
    head = max(remembered, store.chain_head(), key=lambda head: head.sequence)
    state.apply({(Ledger, SITE): Ledger(head=head)})
    state.apply({(Account, account.key): None for account in tuple(state.all(Account))})
    site = state.get(Site, SITE)
    zone = UTC if site is None else ZoneInfo(site.settings.time_zone)
    accounts = _accounts(store, now.astimezone(zone).date().replace(day=1))
    state.apply({(Account, account.key): account for account in accounts})
    return head


def _accounts(store: SqliteStore, first: date) -> Iterable[Account]:
    """Return what a month's postings add up to per driver."""
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    accounts: dict[DriverId, Account] = {}
    for total in store.month_totals(first, last):
        if total.driver is not None:
            fresh = Account(driver=total.driver, month=first.strftime("%Y-%m"))
            accounts[total.driver] = accounts.get(total.driver, fresh).with_posted(
                total.energy_wh, total.amount, total.currency
            )
    return accounts.values()


def save_state(
    store: SqliteStore, sequence: int, aggregates: Sequence[Aggregate], now: datetime
) -> None:
    """Write a checkpoint of the state after `sequence`."""
    body = encode_state(aggregates)
    store.save_checkpoint(Checkpoint(sequence=sequence, at=now, schema=STATE_SCHEMA, state=body))
