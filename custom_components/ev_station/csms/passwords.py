"""Charger passwords: stored as scrypt, checked beside the event loop, remembered while right."""

import asyncio
from base64 import b64decode, b64encode
from collections import OrderedDict
from hashlib import blake2b, scrypt
import hmac
from secrets import token_bytes
from typing import Final

_N, _R, _P = 2**14, 8, 1
_MEMORY: Final = 64 * 1024 * 1024
_SCHEME: Final = "scrypt"
_SALT_LENGTH: Final = 16
_KEY_LENGTH: Final = 32
_LONGEST_HASH: Final = 256
_REMEMBERED: Final = 512
_AT_ONCE: Final = 2
"""scrypt takes 16 MB and a core; more at once would starve the rest of the house."""


def hash_password(password: str | bytes, salt: bytes | None = None) -> str:
    """Return `scrypt$N$r$p$salt$key`; takes some 50 ms, so call it in an executor."""
    salt = salt or token_bytes(_SALT_LENGTH)
    key = scrypt(
        _canonical(password), salt=salt, n=_N, r=_R, p=_P, maxmem=_MEMORY, dklen=_KEY_LENGTH
    )
    return "$".join(
        (_SCHEME, str(_N), str(_R), str(_P), b64encode(salt).decode(), b64encode(key).decode())
    )


def verify_password(password: str | bytes, encoded: str) -> bool:
    """Check a password in constant time; takes as long as `hash_password`. A damaged hash fits none."""
    try:
        scheme, n, r, p, salt, key = encoded[:_LONGEST_HASH].split("$")
        expected = b64decode(key, validate=True)
        found = scrypt(
            _canonical(password),
            salt=b64decode(salt, validate=True),
            n=int(n),
            r=int(r),
            p=int(p),
            maxmem=_MEMORY,
            dklen=len(expected),
        )
    except ValueError, OverflowError, MemoryError:
        return False
    return scheme == _SCHEME and hmac.compare_digest(found, expected)


def _canonical(password: str | bytes) -> bytes:
    """Return one form for a password however it is sent.

    The security white paper has AuthorizationKey typed as hexadecimal digits but sent as the bytes they mean;
    chargers do either.
    """
    raw = password.encode() if isinstance(password, str) else password
    if not all(32 <= byte < 127 for byte in raw):
        return raw.hex().upper().encode()
    is_key = len(raw) >= 32 and all(byte in b"0123456789abcdefABCDEF" for byte in raw)
    return raw.upper() if is_key else raw


class Passwords:
    """Checks passwords. One that was right once is recognised without scrypt: fifty chargers may return at once."""

    def __init__(self) -> None:
        """Remember nothing; the digests are keyed afresh for each process."""
        self._key = token_bytes(32)
        self._right: OrderedDict[bytes, None] = OrderedDict()
        self._room = asyncio.Semaphore(_AT_ONCE)

    def recognises(self, password: bytes, encoded: str) -> bool:
        """Say at once whether this password was right for this hash before."""
        digest = self._digest(password, encoded)
        if digest not in self._right:
            return False
        self._right.move_to_end(digest)
        return True

    async def check(self, password: bytes, encoded: str) -> bool:
        """Say whether the password fits the hash."""
        if self.recognises(password, encoded):
            return True
        async with self._room:
            right = await asyncio.get_running_loop().run_in_executor(
                None, verify_password, password, encoded
            )
        if right:
            self._right[self._digest(password, encoded)] = None
            if len(self._right) > _REMEMBERED:
                self._right.popitem(last=False)
        return right

    def _digest(self, password: bytes, encoded: str) -> bytes:
        hashed = blake2b(encoded.encode(), key=self._key)
        hashed.update(b"\x00" + password)
        return hashed.digest()
