"""The append-only ledger: each posting is chained to the one before it by hash."""

from datetime import datetime
from zoneinfo import ZoneInfo

from ..model.chain import body_hash, link
from ..model.codec import canonical
from ..model.records import Cdr, ChainHead, Posting, PostingKind
from .cdr import replaced_id


def post(cdr: Cdr, head: ChainHead, now: datetime) -> Posting:
    """Return the next posting of a chain: one per charge detail record, rounded with it."""
    return link(head, _unlinked(cdr, now))


def _unlinked(cdr: Cdr, now: datetime) -> Posting:
    return Posting(
        sequence=0,
        kind=_kind(cdr),
        cdr=cdr.id,
        session=cdr.session,
        refers_to=cdr.credits or replaced_id(cdr),
        cdr_hash=body_hash(canonical(cdr)),
        sheet=cdr.sheet,
        driver=cdr.driver,
        energy_wh=cdr.energy_wh,
        amount=cdr.amount,
        currency=cdr.currency,
        day=cdr.ended_at.astimezone(ZoneInfo(cdr.time_zone)).date(),
        booked_at=now,
        previous_hash="",
        hash="",
    )


def _kind(cdr: Cdr) -> PostingKind:
    if cdr.credits is not None:
        return PostingKind.CREDIT
    return PostingKind.SESSION if cdr.id == cdr.session else PostingKind.ADJUSTMENT
