"""What an allowance says of its car."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from custom_components.ev_station.model.allowance import Allowance, Reason, ReasonKind, Wait
from custom_components.ev_station.model.ids import EvseId

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "limit", "session", "waits"),
    [
        (ReasonKind.WAITING, 0, "s", Wait.ROOM),
        (ReasonKind.NO_SUN, 0, "s", Wait.SUN),
        (ReasonKind.DEAR, 0, "s", Wait.PRICE),
        (ReasonKind.PAUSED, 0, "s", None),
        (ReasonKind.WAITING, 6, "s", None),
        (ReasonKind.WAITING, 0, None, None),
    ],
)
def test_what_a_car_waits_for(
    kind: ReasonKind, limit: int, session: str | None, waits: Wait | None
) -> None:
    allowance = Allowance(
        id=EvseId("A", 1), since=NOON, limit_a=Decimal(limit), session=session, reason=Reason(kind)
    )
    assert allowance.waits_for is waits
