"""The waiting room: chargers nobody has adopted are told Pending, and nothing of theirs is recorded."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, override

from ..model.answers import Answer, BootAnswer, HeartbeatAnswer
from ..model.events import ChargerBooted, ChargerEvent, HeartbeatReceived
from ..model.records import Frame
from ..model.status import RegistrationStatus
from .conversation import Desk
from .rpc import ErrorCode, Unreadable

PLACES: Final = 8
RETRY_S: Final = 30
"""When a waiting charger shall boot again (OCPP 1.6 §4.2)."""


class WaitingDesk(Desk):
    """Answers a charger that waits; everything but its introduction is refused, so that it keeps it."""

    def __init__(
        self, clock: Callable[[], datetime], introduced: Callable[[ChargerBooted], None]
    ) -> None:
        """Pass its BootNotification to `introduced`."""
        self._clock = clock
        self._introduced = introduced

    @override
    async def submit(self, event: ChargerEvent, frame: Frame) -> Answer:
        match event:
            case ChargerBooted():
                self._introduced(event)
                return BootAnswer(
                    status=RegistrationStatus.PENDING,
                    current_time=self._clock(),
                    interval_s=RETRY_S,
                )
            case HeartbeatReceived():
                return HeartbeatAnswer(current_time=self._clock())
            case _:
                raise Unreadable(ErrorCode.SECURITY_ERROR, "this charger has not been adopted yet")

    @override
    def keep(self, frame: Frame) -> None:
        """Keep nothing."""
