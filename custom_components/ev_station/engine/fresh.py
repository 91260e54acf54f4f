"""Fresh ids: random, journalled with the input they were offered to, transaction ids never used twice."""

from collections.abc import Iterable
import secrets
from typing import Final

from ..model.ids import Fresh

NOTHING_FRESH: Final = Fresh("", 0)
"""For events that open no session."""
_LARGEST: Final = 2**31 - 1


class FreshIds:
    """Draws ids at random, so that nobody guesses another charger's (CVE-2026-28230)."""

    def __init__(self, used: Iterable[int] = ()) -> None:
        """`used` are all transaction ids this site ever gave."""
        self._used = set(used)

    def draw(self) -> Fresh:
        """Return ids for one event."""
        transaction = 0
        while transaction == 0 or transaction in self._used:
            transaction = secrets.randbelow(_LARGEST)
        self._used.add(transaction)
        return Fresh(secrets.token_hex(10), transaction)
