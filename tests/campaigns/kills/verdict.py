"""What must be true of the ledger, after each death and at the end of the day."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path
import sqlite3

from custom_components.ev_station.model.records import Cdr
from custom_components.ev_station.store.sqlite import SqliteStore
from tests.simulator import Charger, TrueSession


def broken_promises(database: Path, chargers: Sequence[Charger]) -> Iterator[str]:
    """Yield what a charger saw acknowledged and the disk does not know."""
    given, sealed = _on_disk(database)
    for charger in chargers:
        owed = {
            message.payload()["transactionId"]
            for message in charger.queue.waiting
            if message.action == "StopTransaction"
        }
        for true in charger.truth:
            if true.transaction_id is None:
                continue
            if true.transaction_id not in given:
                yield f"{charger.identity}: start {true.transaction_id} was answered, then forgotten"
            if true.end and true.transaction_id not in owed and true.transaction_id not in sealed:
                yield f"{charger.identity}: stop {true.transaction_id} was answered, then forgotten"


def _on_disk(database: Path) -> tuple[set[int], set[int]]:
    """Return the transaction ids that were given and those of sealed records."""
    with closing(sqlite3.connect(database)) as connection:
        given = {row[0] for row in connection.execute("SELECT id FROM transactions")}
        bodies = "SELECT value FROM cdrs, json_each(cast(cdrs.body AS TEXT), '$.transactions')"
        return given, {row[0] for row in connection.execute(bodies)}


def chain_breaks(database: Path) -> Iterator[str]:
    """Yield where the ledger's chain does not hold."""
    store = SqliteStore(database)
    if (found := store.verify_chain()) is not None:
        yield f"the chain breaks: {found}"
    store.close()


def wrong_bills(database: Path, chargers: Sequence[Charger]) -> Iterator[str]:
    """Yield every true session that is not billed exactly once and to the Wh, and every bill without one."""
    store = SqliteStore(database)
    postings = store.postings()
    records = store.cdrs([posting.cdr for posting in postings])
    store.close()
    billed: defaultdict[str, Decimal] = defaultdict(Decimal)
    for posting in postings:
        billed[posting.session] += posting.energy_wh
    by_transaction = _by_transaction(records.values())
    known = Counter[str]()
    for charger in chargers:
        for true in charger.truth:
            sessions = by_transaction.get(true.transaction_id or 0, set())
            known.update(sessions)
            yield from _judged(charger, true, {each: billed[each] for each in sessions})
    yield from (f"session {each} is nobody's" for each in billed if each not in known)
    yield from (
        f"session {each} is {number} true ones" for each, number in known.items() if number > 1
    )


def _by_transaction(records: Iterable[Cdr]) -> dict[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for record in records:
        for transaction in record.transactions:
            found[transaction].add(record.session)
    return found


def _judged(charger: Charger, true: TrueSession, billed: dict[str, Decimal]) -> Iterator[str]:
    what = f"{charger.identity}: {true.transaction_id} of {true.start:%H:%M:%S}"
    if len(billed) != 1:
        yield f"{what} is billed {len(billed)} times"
        return
    (energy_wh,) = billed.values()
    counted = (true.meter_stop or 0) - true.meter_start
    if energy_wh != counted:
        yield f"{what} is billed {energy_wh} Wh, its registers say {counted}"


def idleness(chargers: Sequence[Charger]) -> Iterator[str]:
    """Yield who never charged: then nothing was proved."""
    yield from (f"{charger.identity} never charged" for charger in chargers if not charger.truth)


def misconduct(chargers: Sequence[Charger]) -> Iterator[str]:
    """Yield what chargers complain of, and what they gave up."""
    for charger in chargers:
        yield from (f"{charger.identity}: {each.reason}" for each in charger.violations)
        yield from (
            f"{charger.identity}: gave up {each.action}" for each in charger.queue.discarded
        )
