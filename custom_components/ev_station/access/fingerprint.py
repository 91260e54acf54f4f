"""Tags outside the driver's form: masked for people, hashed for machines, minted for remote starts."""

from hashlib import blake2b
from typing import Final

from ..model.ids import DriverId, TokenUid, normalize_uid

_SHOWN: Final = 2
_REMOTE_DIGITS: Final = 14
"""Hexadecimal, as long as a 7-byte card's uid: some chargers take nothing else (Alfen)."""


def fingerprint(uid: str, secret: str) -> str:
    """Return a stable hash of a tag that cannot be turned back without the site's secret."""
    return _digest(f"token:{normalize_uid(uid)}", secret, 16)


def mask(uid: str) -> str:
    """Return a tag as people may see it: its last two characters."""
    normalized = normalize_uid(uid)
    hidden = max(len(normalized) - _SHOWN, _SHOWN)
    return "•" * hidden + (normalized[-_SHOWN:] if len(normalized) > 2 * _SHOWN else "")


def remote_token(driver: DriverId | None, secret: str) -> TokenUid:
    """Return the tag under which we start charging for a driver (None: for nobody in particular)."""
    return _digest(f"remote:{driver or ''}", secret, _REMOTE_DIGITS).upper()


def _digest(text: str, secret: str, digits: int) -> str:
    key = secret.encode()[:64]
    return blake2b(text.encode(), key=key, digest_size=16).hexdigest()[:digits]
