"""The worked cases of OCPI, as far as energy is what costs."""

from datetime import datetime, time
from decimal import Decimal
from fractions import Fraction
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.ev_station.model.curve import Curve, CurvePoint
from custom_components.ev_station.model.tariff import (
    Dimension,
    PriceComponent,
    Restrictions,
    Tariff,
    TariffElement,
)
from custom_components.ev_station.tariff.rating import rate

CASES = json.loads((Path(__file__).parent / "data" / "ocpi_energy_cases.json").read_text())["cases"]


def restrictions(raw: dict[str, Any]) -> Restrictions:
    """Return OCPI restrictions from their JSON."""
    return Restrictions(
        start_time=time.fromisoformat(raw["start_time"]) if "start_time" in raw else None,
        end_time=time.fromisoformat(raw["end_time"]) if "end_time" in raw else None,
    )


def element(raw: dict[str, Any]) -> TariffElement:
    """Return an OCPI tariff element from its JSON."""
    components = tuple(
        PriceComponent(type=Dimension(each["type"]), price=Decimal(each["price"]))
        for each in raw["price_components"]
    )
    return TariffElement(
        price_components=components, restrictions=restrictions(raw.get("restrictions", {}))
    )


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_total_is_what_ocpi_says(case: dict[str, Any]) -> None:
    tariff = Tariff(
        id="case",
        currency=case["tariff"]["currency"],
        elements=tuple(map(element, case["tariff"]["elements"])),
    )
    energy, points = Decimal(0), []
    for period in case["session"]["periods"]:
        points.append(CurvePoint(datetime.fromisoformat(period["start"]), energy))
        energy += Decimal(period["kwh"]) * 1000
        points.append(CurvePoint(datetime.fromisoformat(period["end"]), energy))
    rating = rate(Curve(tuple(points)), tariff, None, ZoneInfo(case["time_zone"]))
    assert rating.amount == Fraction(case["expect"]["total_excl"])
    assert sum(period.energy_wh for period in rating.periods) == energy
