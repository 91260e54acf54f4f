"""Inputs as the central system makes them of a charger's frames, and the state to compare."""

from datetime import UTC, datetime
from decimal import Decimal

from custom_components.ev_station.engine import Engine
from custom_components.ev_station.model.answers import StartAnswer
from custom_components.ev_station.model.events import (
    StatusReported,
    TransactionStarted,
    TransactionStopped,
)
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.state import Aggregate, Key
from custom_components.ev_station.model.status import EvseStatus


def started(number: int = 1, meter_wh: int = 1000) -> TransactionStarted:
    """Return the start of a session at CP1; the same arguments make the same request."""
    at = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return TransactionStarted(
        evse=EvseId("CP1", number),
        token="TAG-ANNA",
        meter_start_wh=Decimal(meter_wh),
        at=at,
        raw_at=at.isoformat(),
        received_at=datetime.now(UTC),
    )


def stopped(transaction: int, meter_wh: int = 5000, token: str | None = None) -> TransactionStopped:
    """Return a session's end."""
    at = datetime.now(UTC)
    return TransactionStopped(
        charger="CP1",
        transaction=transaction,
        token=token,
        meter_stop_wh=Decimal(meter_wh),
        at=at,
        raw_at=at.isoformat(),
        received_at=at,
    )


def status(number: int, value: EvseStatus) -> StatusReported:
    """Return what a connector says of itself."""
    at = datetime.now(UTC)
    return StatusReported(evse=EvseId("CP1", number), status=value, at=at, received_at=at)


async def start(engine: Engine, number: int = 1, meter_wh: int = 1000) -> int:
    """Start a session; return the transaction id that was answered."""
    answer = await engine.submit(started(number, meter_wh), None)
    assert isinstance(answer, StartAnswer)
    return answer.transaction


def everything(engine: Engine) -> dict[Key, Aggregate]:
    """Return the whole state, comparable."""
    return {(type(each), each.key): each for each in engine.state.everything()}
