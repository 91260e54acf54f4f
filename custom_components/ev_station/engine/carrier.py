"""Carrying effects out: commands to chargers, their answers back, results to whoever asked."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
import logging
import secrets

from ..csms.server import CentralSystem
from ..model.commands import ClearProfiles, Command, CommandResult, CommandStatus, ScheduleResult
from ..model.effects import Effect, Refuse, Send, Settle
from ..model.errors import RequestRefused
from ..model.events import ChargerEvent, ChargerPrepared, CommandAnswered
from ..model.ids import ChargerId, CommandId

_LOGGER = logging.getLogger(__name__)
_DONE = CommandResult(status=CommandStatus.ACCEPTED)


class Carrier:
    """Runs what the reducer asked for, after the commit."""

    def __init__(
        self,
        central: CentralSystem,
        submit: Callable[[ChargerEvent], Awaitable[None]],
        clock: Callable[[], datetime],
    ) -> None:
        """`submit` feeds answers back into the reducer."""
        self._central = central
        self._submit = submit
        self._clock = clock
        self._waiting: dict[CommandId, asyncio.Future[CommandResult]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def expect(self) -> tuple[CommandId, asyncio.Future[CommandResult]]:
        """Return a new command id and what will come of it."""
        command = secrets.randbits(53) + 1
        future: asyncio.Future[CommandResult] = asyncio.get_running_loop().create_future()
        self._waiting[command] = future
        return command, future

    def forget(self, command: CommandId) -> None:
        """Nobody waits for this command any more."""
        gone = self._waiting.pop(command, None)
        for key in [key for key, future in self._waiting.items() if future is gone]:
            del self._waiting[key]

    def carry_out(self, effects: Sequence[Effect]) -> None:
        """Do what an event led to; seals are durable by now and replies already given."""
        for effect in effects:
            match effect:
                case Settle():
                    self._settle(effect)
                case Refuse(id=command, reason=reason):
                    future = self._waiting.get(command)
                    if future is not None and not future.done():
                        future.set_exception(RequestRefused(reason))
        for effect in effects:
            if isinstance(effect, Send):
                self._spawn(self._send(effect))

    def _settle(self, effect: Settle) -> None:
        future = self._waiting.get(effect.id)
        if future is None:
            return
        if effect.by is not None:
            self._waiting[effect.by] = future
        elif not future.done():
            future.set_result(_DONE)

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, effect: Send) -> None:
        if isinstance(effect.command, ClearProfiles):
            _LOGGER.warning(
                "%s goes by another limit than it accepted: all its charging profiles are removed and ours sent again",
                effect.charger,
            )
        result = await self._outcome(effect)
        if result is None or effect.id is None:
            return
        future = self._waiting.get(effect.id)
        if future is not None and not future.done():
            future.set_result(result)
        await self._submit(
            CommandAnswered(
                charger=effect.charger,
                evse=effect.evse,
                command=effect.id,
                status=result.status,
                detail=result.detail,
                schedule=result if isinstance(result, ScheduleResult) else None,
                received_at=self._clock(),
            )
        )

    async def _outcome(self, effect: Send) -> CommandResult | None:
        """Return what came of a command; what a prepared charger told is an event of its own."""
        try:
            answer = await self._central.execute(effect.charger, effect.command)
        except Exception as error:
            _LOGGER.exception("%s: %s failed", effect.charger, type(effect.command).__name__)
            return CommandResult(status=CommandStatus.FAILED, detail=type(error).__name__)
        if isinstance(answer, ChargerPrepared):
            await self._submit(answer)
            return None
        return answer

    async def execute(self, charger: ChargerId, command: Command) -> CommandResult:
        """Send a command for somebody who waits for its answer."""
        answer = await self._central.execute(charger, command)
        return answer if isinstance(answer, CommandResult) else _DONE

    async def stop(self) -> None:
        """Give up on everything that is still under way, and tell whoever waits for it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for future in self._waiting.values():
            if not future.done():
                future.set_result(CommandResult(status=CommandStatus.NOT_CONNECTED))
