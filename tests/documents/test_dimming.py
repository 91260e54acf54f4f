"""Evidence of dimming as CSV."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from custom_components.ev_station.documents.dimming import reaction_s, render
from custom_components.ev_station.model.grid import Dimming, DimmingKind

ORDERED = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_the_reaction_is_told_to_a_tenth_of_a_second_once_it_was_measured() -> None:
    waits = Dimming(ordered_at=ORDERED, kind=DimmingKind.DIRECT, limit_w=4200, before_w=11_040)
    assert reaction_s(waits) is None
    obeyed = replace(waits, in_force_at=ORDERED + timedelta(seconds=12, milliseconds=340))
    assert reaction_s(obeyed) == Decimal("12.3")
    (_, line) = render([obeyed], ZoneInfo("Europe/Berlin")).strip().splitlines()
    assert line.split(",") == [
        "2026-11-23 13:00:00.000+01:00",
        "2026-11-23 13:00:12.340+01:00",
        "",
        "12.3",
        "direct",
        "4200",
        "11040",
        "",
    ]
