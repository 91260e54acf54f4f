"""Sessions to test with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.session import Payer, Session, Stamp, Stop
from custom_components.ev_station.model.status import AuthorizationStatus

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=s) for s in (1, 60, 3600, 86400))
EVSE = EvseId("CP1", 1)


def stamp(at: datetime = NOON, raw: str | None = "", received_at: datetime | None = None) -> Stamp:
    """Return a moment told by a charger; its words are the moment's unless given."""
    return Stamp(at, at.isoformat() if raw == "" else raw, received_at or at)


def session(number: int = 1, **changes: Any) -> Session:
    """Return an open session of Anna's that began at noon at 1000 Wh."""
    made = Session(
        id=f"session{number}",
        evse=EVSE,
        transactions=(1000 + number,),
        payer=Payer(status=AuthorizationStatus.ACCEPTED, driver="anna", token="ANNA"),
        tariff=None,
        start=stamp(),
        meter_start_wh=Decimal(1000),
        connection=1,
    )
    return replace(made, **changes)


def stop(
    at: datetime = NOON + HOUR,
    meter: int | None = 5000,
    *,
    token: str | None = None,
    raw: str | None = "",
    received_at: datetime | None = None,
) -> Stop:
    """Return the report of an end."""
    return Stop(
        stamp=stamp(at, raw, received_at),
        meter_wh=None if meter is None else Decimal(meter),
        token=token,
    )
