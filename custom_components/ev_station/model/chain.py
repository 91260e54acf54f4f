"""The hash chain of the ledger: every posting seals itself and, through its hash, all before it.

A hash covers the posting's body: the canonical JSON of every field except the hash. The store keeps that body, so
a posting stays verifiable when later versions add fields.
"""

from dataclasses import fields, replace
from hashlib import sha256

from .codec import canonical
from .records import ChainHead, Posting

_SEALED: tuple[str, ...] = tuple(field.name for field in fields(Posting) if field.name != "hash")


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
