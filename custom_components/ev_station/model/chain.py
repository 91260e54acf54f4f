"""The hash chain of the ledger: every posting seals itself and, through its hash, all before it.

A hash covers the posting's body: the canonical JSON of every field except the hash. The store keeps that body, so
a posting stays verifiable when later versions add fields.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from hashlib import sha256

from .codec import canonical, decode
from .records import ChainHead, Posting

_SEALED: tuple[str, ...] = tuple(field.name for field in fields(Posting) if field.name != "hash")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainBreak:
    """The first place where the ledger is not what was written."""

    sequence: int
    problem: str


def posting_body(posting: Posting) -> bytes:
    """Return the bytes the posting's hash covers."""
    return canonical({name: getattr(posting, name) for name in _SEALED})


def body_hash(body: bytes) -> str:
    """Return the SHA-256 of a body, 64 hex digits."""
    return sha256(body).hexdigest()


def link(head: ChainHead, posting: Posting) -> Posting:
    """Return the posting as the next one after `head`: its sequence, previous hash and hash are set here."""
    unsealed = replace(posting, sequence=head.sequence + 1, previous_hash=head.hash)
    return replace(unsealed, hash=body_hash(posting_body(unsealed)))


def head_after(posting: Posting) -> ChainHead:
    """Return where the ledger stands once the posting is in it."""
    return ChainHead(sequence=posting.sequence, hash=posting.hash)


def sealed_posting(body: bytes, hash_: str) -> Posting:
    """Return the posting of a stored body and hash, believing both; raises UnreadableRecord."""
    return decode(Posting, body, hash=hash_)


def first_break(sealed: Iterable[tuple[bytes, str]]) -> ChainBreak | None:
    """Return where stored bodies and hashes, in order from the first posting, stop being a chain; None: nowhere."""
    head = ChainHead()
    for body, hash_ in sealed:
        expected = head.sequence + 1
        if body_hash(body) != hash_:
            return ChainBreak(sequence=expected, problem="changed")
        posting = sealed_posting(body, hash_)
        if posting.sequence != expected:
            return ChainBreak(sequence=expected, problem="missing")
        if posting.previous_hash != head.hash:
            return ChainBreak(sequence=expected, problem="not linked")
        head = head_after(posting)
    return None
