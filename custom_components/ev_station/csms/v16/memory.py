"""What is remembered of a 1.6 charger while we run, over its connections."""

from asyncio import Lock
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from ..quirks import Quirk, Report
from .outgoing import Style

_CAUSED_BY_US: Final = timedelta(seconds=120)
"""A boot this soon after a write or a question is taken as its consequence."""
_STRIKES: Final = 2
_ROUNDS: Final = 3
"""A profile can also be rejected for want of a transaction, so one round of refusals proves little."""

AMPERES: Final = Style(watts=False, whole=False)
WHOLE_AMPERES: Final = Style(watts=False, whole=True)
WATTS: Final = Style(watts=True, whole=True)
DATED: Final = Style(watts=False, whole=False, dated=True)
_STYLES: Final = (AMPERES, WHOLE_AMPERES, WATTS, DATED)


@dataclass(slots=True)
class Memory:
    """Writes and questions that did not go well, and the style of profile that did."""

    style: Style = AMPERES
    style_known: bool = False
    """Some style was accepted, or all were rejected too often: no more trying."""
    refused: set[str] = field(default_factory=set)
    """Configuration keys not to be written again."""
    written: dict[str, str] = field(default_factory=dict)
    """What was written and accepted."""
    preparing: Lock = field(default_factory=Lock)
    _last_write: tuple[str, datetime] | None = None
    _asking_since: datetime | None = None
    _strikes: int = 0
    _rejections: int = 0

    def styles(self) -> tuple[Style, ...]:
        """Return the styles of profile worth trying, best first."""
        return (self.style,) if self.style_known else _STYLES

    def accepted(self, style: Style) -> None:
        """Remember the style of a profile the charger took."""
        self.style, self.style_known = style, True

    def all_rejected(self) -> None:
        """Give up looking for a style after some rounds."""
        self._rejections += 1
        self.style_known = self._rejections >= _ROUNDS

    def wrote(self, key: str, now: datetime) -> None:
        """Remember a write, in case the charger reboots on it."""
        self._last_write = key, now

    def asking(self, now: datetime) -> None:
        """Remember that the charger is being prepared, in case it reboots on that."""
        self._asking_since = now

    def prepared(self) -> None:
        """Remember that it bore the preparation."""
        self._asking_since = None
        self._strikes = 0

    def resetting(self) -> None:
        """Forget what would blame a boot on a write: we asked for it."""
        self._last_write = None
        self._asking_since = None

    @property
    def bears_no_questions(self) -> bool:
        """Say whether the charger rebooted each time it was asked for its configuration."""
        return self._strikes >= _STRIKES

    def booted(self, now: datetime, report: Report) -> None:
        """Draw the lesson of a boot that follows what we did (ABB Terra's boot loop)."""
        if self.style == AMPERES:
            self.style_known, self._rejections = False, 0
        if self._last_write is not None and now - self._last_write[1] < _CAUSED_BY_US:
            self.refused.add(self._last_write[0])
            report(Quirk.REBOOT_AFTER_WRITE, self._last_write[0])
        if self._asking_since is not None and now - self._asking_since < _CAUSED_BY_US:
            self._strikes += 1
            report(Quirk.REBOOT_AFTER_QUESTION, self._strikes)
        self._last_write = None
