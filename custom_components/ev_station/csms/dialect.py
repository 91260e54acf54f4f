"""What a conversation needs of an OCPP version; each version is a folder that offers this."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol

from ..model.answers import Answer
from ..model.commands import Command, CommandResult
from ..model.events import ChargerEvent, ChargerPrepared
from ..model.ids import ChargerId
from ..model.status import Version
from .quirks import Report
from .rpc import Call
from .schemas import Schemas

type Payload = dict[str, Any]
type Ask = Callable[[str, Payload], Awaitable[Payload]]


class Dialect(Protocol):
    """One OCPP version's words for the model's facts, answers and commands."""

    @property
    def version(self) -> Version:
        """The version spoken."""

    @property
    def schemas(self) -> Schemas:
        """Its compiled schemas."""

    @property
    def trigger_boot(self) -> tuple[str, Payload]:
        """The request that asks for a BootNotification."""

    def read(self, call: Call, charger: ChargerId, at: datetime, report: Report) -> ChargerEvent:
        """Return the event a request is; raises Unreadable."""

    def word(self, action: str, answer: Answer) -> Payload:
        """Return the payload that answers a request."""

    def booted(self, charger: ChargerId, report: Report) -> None:
        """Hear that a charger booted."""

    def forget(self, charger: ChargerId) -> None:
        """Forget a charger that was removed."""

    async def execute(
        self, command: Command, charger: ChargerId, ask: Ask, report: Report
    ) -> CommandResult | ChargerPrepared:
        """Carry a command out; raises ChargerNotConnected, CallTimedOut."""

    def redacted(self, action: str, payload: Payload) -> Payload:
        """Return a payload without the secrets it holds."""
