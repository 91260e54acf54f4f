"""What a charge point says and hears: requests both ways, within the rules of registration."""

import asyncio
from collections.abc import Callable, Iterable
import contextlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from .judge import Judge
from .queue import Message, RetryPolicy, TransactionQueue
from .requests import REQUESTS
from .rpc import Answer, CallError, CallTimeout, Disconnected, Rpc
from .vocabulary import Payload, Registration

if TYPE_CHECKING:
    from .charge_point import ChargePoint

_NOTICE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Request:
    """A request of the central system and the true time of its receipt."""

    action: str
    payload: Payload
    at: datetime


class Messenger:
    """Owns the calls and the queue of one charge point."""

    def __init__(self, cp: ChargePoint, timeout: float) -> None:
        self._cp = cp
        self._quirks = cp.quirks
        self._afterwards: list[Callable[[], object]] = []
        self.requests: list[Request] = []
        self.rpc = Rpc(
            handler=self._handle,
            spawn=cp.spawn,
            drop=cp.transport.abort,
            judge=Judge(),
            ids=cp.quirks.message_ids,
            timeout=timeout,
            distort=self._distort,
        )
        self.queue = TransactionQueue(
            clock=cp.clock,
            order=cp.order,
            send=self._send_queued,
            policy=self._retry_policy,
            changed=cp.pulse.beat,
        )

    def then(self, act: Callable[[], object]) -> None:
        """Do something once the request under way is answered."""
        self._afterwards.append(act)

    async def request(self, action: str, payload: Payload, *, triggered: bool = False) -> Payload:
        """Send a request, if allowed: while not accepted only what was triggered, §4.2."""
        allowed = triggered and self._cp.registrar.state is Registration.PENDING
        if not self._cp.online and not allowed:
            raise Disconnected
        return await self.rpc.call(action, payload)

    def tell(self, action: str, payload: Payload, *, triggered: bool = False) -> None:
        """Send a request whose answer does not matter."""
        self._cp.spawn(self._tell([payload], action, triggered=triggered))

    def tell_all(self, action: str, *statuses: str) -> None:
        """Send a row of requests that carry a status."""
        self._cp.spawn(self._tell([{"status": s} for s in statuses], action, triggered=True))

    async def _tell(self, payloads: Iterable[Payload], action: str, *, triggered: bool) -> None:
        with contextlib.suppress(CallError, CallTimeout, Disconnected):
            for payload in payloads:
                await self.request(action, payload, triggered=triggered)

    async def ask_about(self, tag: str) -> Payload:
        """Send Authorize and return the idTagInfo."""
        answer = await self.request("Authorize", {"idTag": tag})
        info = answer.get("idTagInfo")
        return info if isinstance(info, dict) else {}

    async def _send_queued(self, message: Message) -> Payload:
        if not self._cp.online:
            raise Disconnected
        await self._earlier_statuses(message)
        if message.uid is None or not self._quirks.same_id_when_resent:
            message.uid = self.rpc.next_id()
        message.sendings += 1
        self._cp.pulse.beat()
        return await self.rpc.call(message.action, message.payload(), message.uid)

    async def _earlier_statuses(self, message: Message) -> None:
        """Let statuses that came before a transaction's message go before it."""
        await self._cp.pulse.until(
            lambda: not self._cp.online or not self._cp.notifier.waits_before(message.place),
            None,
            self._cp.story("statuses to go"),
        )
        if not self._cp.online:
            raise Disconnected

    def _retry_policy(self) -> RetryPolicy:
        return RetryPolicy(
            attempts=self._cp.configuration.number("TransactionMessageAttempts"),
            interval=self._cp.configuration.number("TransactionMessageRetryInterval"),
            never_gives_up=self._quirks.never_gives_up,
        )

    def _distort(self, text: str) -> str:
        """Break a frame the way this firmware does."""
        if self._quirks.leading_comma and '"MeterValues"' in text:
            return text.replace('"sampledValue":[', '"sampledValue":[,')
        if self._quirks.four_element_errors and text.startswith("[4,"):
            return text.removesuffix(",{}]") + "]"
        return text

    async def _handle(self, action: str, payload: Payload) -> Answer:
        """Answer a request of the central system."""
        self.requests.append(Request(action, payload, self._cp.clock.now()))
        self._cp.log(f"asked for {action}")
        if self._quirks.answer_delay:
            await asyncio.sleep(self._quirks.answer_delay)
        self.rpc.judge.boot_rules(action, self._cp.registrar.state)
        if self._cp.registrar.state is Registration.REJECTED or action in self._quirks.silent_to:
            return None, ()
        answer, afterwards = self._act_on(action, payload)
        if not self._quirks.acts_before_answering:
            return answer, afterwards
        for act in afterwards:
            act()
        await asyncio.sleep(_NOTICE_SECONDS)
        return answer, ()

    def _act_on(self, action: str, payload: Payload) -> tuple[Payload, list[Callable[[], object]]]:
        act = REQUESTS.get(action)
        if act is None or action in self._quirks.not_implemented:
            raise CallError("NotImplemented", action)
        self._afterwards = []
        answer = act(self._cp, payload)
        return answer, self._afterwards
