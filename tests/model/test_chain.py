"""The ledger's hash chain, byte for byte."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256

import pytest

from custom_components.ev_station.model.chain import (
    ChainBreak,
    body_hash,
    first_break,
    head_after,
    link,
    posting_body,
    sealed_posting,
)
from custom_components.ev_station.model.errors import UnreadableRecord
from custom_components.ev_station.model.records import GENESIS, ChainHead, Posting, PostingKind

DRAFT = Posting(
    sequence=0,
    kind=PostingKind.SESSION,
    cdr="A",
    session="A",
    cdr_hash="c" * 64,
    sheet=None,
    driver="d1",
    energy_wh=Decimal("7250.0"),
    amount=Decimal("2.18"),
    currency="EUR",
    day=date(2026, 11, 23),
    booked_at=datetime(2026, 11, 23, 13, tzinfo=UTC),
    previous_hash="",
    hash="",
)
BODY = (
    '{"amount":"2.18","booked_at":"2026-11-23T13:00:00Z","cdr":"A",'
    f'"cdr_hash":"{"c" * 64}","currency":"EUR",'
    '"day":"2026-11-23","driver":"d1","energy_wh":"7250.0","kind":"session",'
    f'"previous_hash":"{GENESIS}","refers_to":null,"sequence":1,"session":"A","sheet":null}}'
).encode()


def chain(length: int) -> list[Posting]:
    """Return a sound chain."""
    head, postings = ChainHead(), []
    for _ in range(length):
        postings.append(link(head, DRAFT))
        head = head_after(postings[-1])
    return postings


def sealed(postings: list[Posting]) -> list[tuple[bytes, str]]:
    """Return the stored form of postings."""
    return [(posting_body(posting), posting.hash) for posting in postings]


def test_the_hash_covers_the_canonical_body() -> None:
    first = link(ChainHead(), DRAFT)
    assert first.sequence == 1
    assert first.previous_hash == GENESIS
    assert posting_body(first) == BODY
    assert first.hash == sha256(BODY).hexdigest()


def test_every_posting_holds_the_one_before_it() -> None:
    first, second, third = chain(3)
    assert second.previous_hash == first.hash
    assert third.previous_hash == second.hash
    assert head_after(third) == ChainHead(sequence=3, hash=third.hash)


def test_a_stored_posting_comes_back() -> None:
    first = link(ChainHead(), DRAFT)
    assert sealed_posting(posting_body(first), first.hash) == first


@pytest.mark.parametrize("body", [b"{}", b"[]", b"{", b"5"])
def test_an_unreadable_body(body: bytes) -> None:
    with pytest.raises(UnreadableRecord, match="Posting"):
        sealed_posting(body, GENESIS)


def test_a_sound_chain_has_no_break() -> None:
    assert first_break([]) is None
    assert first_break(sealed(chain(3))) is None


def test_a_chain_of_an_older_version_holds_although_its_bodies_lack_a_field() -> None:
    older = BODY.replace(b'"refers_to":null,', b"")
    assert first_break([(older, body_hash(older))]) is None


def test_the_first_break_is_named() -> None:
    first, second, third = chain(3)
    dearer = replace(second, amount=Decimal("3.18"))
    assert first_break(sealed([first, dearer, third])) == ChainBreak(sequence=2, problem="changed")
    assert first_break(sealed([first, third])) == ChainBreak(sequence=2, problem="missing")
    assert first_break(sealed([second])) == ChainBreak(sequence=1, problem="missing")
    resealed = link(replace(head_after(first), hash="f" * 64), dearer)
    assert first_break(sealed([first, resealed])) == ChainBreak(sequence=2, problem="not linked")
