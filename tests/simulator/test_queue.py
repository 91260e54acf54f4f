"""The queue of transaction messages: order, attempts, and what a lost connection does."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

import pytest

from .clock import ManualClock
from .queue import Message, RetryPolicy, TransactionQueue
from .rpc import CallError, CallTimeout, Disconnected
from .vocabulary import Payload

type Outcome = Callable[[], Payload]


def fails(error: Exception) -> Payload:
    """Answer with an error."""
    raise error


REFUSED: Outcome = partial(fails, CallError("InternalError"))
UNANSWERED: Outcome = partial(fails, CallTimeout())
CUT: Outcome = partial(fails, Disconnected())


@dataclass
class Side:
    """A central system that answers as planned, then with an empty object."""

    clock: ManualClock
    plan: list[Outcome]
    heard: list[tuple[float, str, Payload]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.began = self.clock.now()

    async def send(self, message: Message) -> Payload:
        """Hear a message."""
        seconds = (self.clock.now() - self.began).total_seconds()
        self.heard.append((seconds, message.action, message.payload()))
        return self.plan.pop(0)() if self.plan else {}

    @property
    def actions(self) -> list[str]:
        """What was heard."""
        return [action for _, action, _ in self.heard]

    @property
    def times(self) -> list[float]:
        """When."""
        return [seconds for seconds, _, _ in self.heard]


@asynccontextmanager
async def delivering(
    *plan: Outcome, policy: RetryPolicy | None = None
) -> AsyncIterator[tuple[TransactionQueue, Side, ManualClock]]:
    """Run a queue that is online."""
    clock = ManualClock()
    side = Side(clock, list(plan))
    queue = TransactionQueue(clock=clock, send=side.send, policy=lambda: policy or RetryPolicy())
    queue.ready.set()
    running = asyncio.create_task(queue.run())
    try:
        yield queue, side, clock
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def message(action: str) -> Message:
    """Make a message without content."""
    return Message(action=action, payload=dict)


async def test_keeps_messages_in_order_while_offline() -> None:
    async with delivering() as (queue, side, clock):
        queue.ready.clear()
        for action in "ABC":
            queue.put(message(action))
        await clock.advance(3600)
        assert not side.heard
        queue.ready.set()
        await clock.advance(0)
        assert side.actions == ["A", "B", "C"]
        assert not queue.waiting


@pytest.mark.parametrize("outcome", [REFUSED, UNANSWERED])
async def test_retries_after_once_and_twice_the_interval_and_then_discards(
    outcome: Outcome,
) -> None:
    async with delivering(outcome, outcome, outcome) as (queue, side, clock):
        queue.put(message("Stop"))
        queue.put(message("Start"))
        await clock.advance(3600)
        assert side.actions == ["Stop", "Stop", "Stop", "Start"]
        assert side.times == [0, 60, 180, 180]
        assert [lost.action for lost in queue.discarded] == ["Stop"]


async def test_nothing_overtakes_a_message_that_waits_for_its_retry() -> None:
    async with delivering(REFUSED) as (queue, side, clock):
        queue.put(message("A"))
        queue.put(message("B"))
        await clock.advance(59)
        assert side.actions == ["A"]
        await clock.advance(1)
        assert side.actions == ["A", "A", "B"]


async def test_a_lost_connection_is_no_attempt() -> None:
    cuts = [CUT] * 10
    async with delivering(*cuts, policy=RetryPolicy(attempts=1)) as (queue, side, clock):
        queue.put(message("Start"))
        for _ in range(12):
            queue.ready.set()
            await clock.advance(1)
        assert side.actions == ["Start"] * 11
        assert not queue.waiting
        assert not queue.discarded


async def test_may_never_give_up() -> None:
    policy = RetryPolicy(attempts=3, interval=10, never_gives_up=True)
    async with delivering(*[REFUSED] * 6, policy=policy) as (queue, side, clock):
        queue.put(message("Stop"))
        await clock.advance(10_000)
        assert side.times == [0, 10, 30, 60, 100, 150, 210]
        assert not queue.waiting


async def test_ids_learnt_meanwhile_go_into_later_messages() -> None:
    learnt: Payload = {}
    async with delivering(lambda: {"transactionId": 7}) as (queue, side, clock):
        queue.put(Message(action="Start", payload=dict, answered=learnt.update))
        queue.put(Message(action="Stop", payload=lambda: dict(learnt)))
        await clock.advance(0)
        assert side.heard[-1] == (0, "Stop", {"transactionId": 7})
