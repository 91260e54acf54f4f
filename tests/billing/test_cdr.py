"""Charge detail records: everything a bill rests on, taken back whole, given to another."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.billing.cdr import (
    Circumstances,
    credit,
    next_id,
    reassigned,
    replaced_id,
    seal,
)
from custom_components.ev_station.model.curve import Curve, CurvePoint
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.records import Cdr
from custom_components.ev_station.model.session import Payer, Session, SessionState, Stamp, Stop
from custom_components.ev_station.model.status import AuthorizationStatus, Flag
from custom_components.ev_station.model.tariff import PriceInterval, PriceSeries, Tariff
from custom_components.ev_station.tariff.build import dynamic, fixed

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
STOP = Stop(
    stamp=Stamp(NOON + HOUR, "2026-11-23T13:00:00Z", NOON + HOUR),
    meter_wh=Decimal("13345.6"),
    reason="Remote",
)
SESSION = Session(
    id="abc",
    evse=EvseId("CP1", 1),
    transactions=(7,),
    payer=Payer(status=AuthorizationStatus.ACCEPTED, driver="anna", token="TAG"),
    tariff=fixed("t", "EUR", Decimal("0.30")),
    start=Stamp(NOON, "2026-11-23T12:00:00Z", NOON),
    meter_start_wh=Decimal(1000),
    connection=1,
    state=SessionState.ENDED,
    stop=STOP,
    flags=frozenset({Flag.LATE, Flag.CONFLICT}),
)
LINE = Curve((CurvePoint(NOON, Decimal(0)), CurvePoint(NOON + HOUR, Decimal("12345.6"))))


def site(tariff: Tariff | None = SESSION.tariff, currency: str = "EUR") -> Circumstances:
    """Return what holds at the site."""
    return Circumstances(
        charger_name="Garage",
        meter_serial="M1",
        currency=currency,
        time_zone="Europe/Berlin",
        tariff=tariff,
        series=None,
        sheet="house",
        token_fingerprint="f00d",
    )


def sealed(session: Session = SESSION, *, currency: str = "EUR") -> Cdr:
    """Return the session's record."""
    return seal(session, LINE, site(currency=currency), NOON + 2 * HOUR)


def test_a_record_holds_everything_its_bill_rests_on() -> None:
    cdr = sealed()
    (period,) = cdr.periods
    assert (period.energy_wh, period.price_per_kwh, period.amount) == (
        Decimal("12345.6"),
        Decimal("0.30"),
        "11574/3125",
    )
    assert cdr == Cdr(
        id="abc",
        session="abc",
        evse=EvseId("CP1", 1),
        charger_name="Garage",
        meter_serial="M1",
        transactions=(7,),
        token_fingerprint="f00d",
        driver="anna",
        sheet="house",
        payer_reason="token",
        started_at=NOON,
        ended_at=NOON + HOUR,
        raw_started_at="2026-11-23T12:00:00Z",
        raw_ended_at="2026-11-23T13:00:00Z",
        time_zone="Europe/Berlin",
        meter_start_wh=Decimal(1000),
        meter_stop_wh=Decimal("13345.6"),
        stop_reason="Remote",
        energy_wh=Decimal("12345.6"),
        currency="EUR",
        tariff=SESSION.tariff,
        periods=(period,),
        # 12.3456 kWh at 0.30
        exact_amount="11574/3125",
        amount=Decimal("3.70"),
        flags=(Flag.CONFLICT, Flag.LATE),
        sealed_at=NOON + 2 * HOUR,
    )


@pytest.mark.parametrize(("currency", "amount"), [("EUR", "3.70"), ("JPY", "4"), ("KWD", "3.704")])
def test_the_amount_is_rounded_once_to_its_currency(currency: str, amount: str) -> None:
    assert str(sealed(currency=currency).amount) == amount


def test_an_unpriced_record_says_so() -> None:
    cdr = seal(SESSION, LINE, site(dynamic("d", "EUR", Decimal(0))), NOON)
    assert Flag.UNPRICED in cdr.flags
    assert cdr.amount == 0


def test_a_record_at_an_estimated_price_says_so() -> None:
    yesterday = PriceInterval(
        start=NOON - timedelta(days=1), end=NOON - timedelta(hours=23), price=Decimal("0.10")
    )
    circumstances = replace(
        site(dynamic("d", "EUR", Decimal(0))),
        series=PriceSeries(tariff="d", intervals=(yesterday,)),
    )
    cdr = seal(SESSION, LINE, circumstances, NOON + HOUR)
    # 12.3456 kWh at yesterday's 0.10
    assert cdr.amount == Decimal("1.23")
    assert cdr.flags == (Flag.CONFLICT, Flag.ESTIMATED, Flag.LATE)


def test_a_session_without_a_stop_can_be_sealed() -> None:
    cdr = seal(replace(SESSION, stop=None), LINE, site(None), NOON)
    assert (cdr.meter_stop_wh, cdr.raw_ended_at, cdr.stop_reason) == (None, None, None)


def test_a_second_record_of_a_session_replaces_the_first() -> None:
    first = sealed()
    second = sealed(replace(SESSION, cdr=first))
    third = sealed(replace(SESSION, cdr=second))
    assert [each.id for each in (first, second, third)] == ["abc", "abc-1", "abc-2"]
    assert [replaced_id(each) for each in (first, second, third)] == [None, "abc", "abc-1"]
    assert next_id(third) == "abc-3"


def test_a_credit_takes_a_record_back_whole() -> None:
    cdr = sealed()
    back = credit(cdr, NOON + 3 * HOUR)
    assert back == replace(
        cdr,
        id="abc-C",
        credits="abc",
        energy_wh=Decimal("-12345.6"),
        exact_amount="-11574/3125",
        amount=Decimal("-3.70"),
        periods=(),
        sealed_at=NOON + 3 * HOUR,
    )


def test_nothing_taken_back_is_not_minus_nothing() -> None:
    free = seal(SESSION, LINE, site(fixed("t", "EUR", Decimal(0))), NOON)
    assert str(credit(free, NOON).amount) == "0.00"


@given(st.decimals(0, 10**9, places=3), st.decimals(-5, 5, places=5))
def test_a_record_and_its_credit_are_nothing(energy: Decimal, price: Decimal) -> None:
    line = Curve((CurvePoint(NOON, Decimal(0)), CurvePoint(NOON + HOUR, energy)))
    cdr = seal(SESSION, line, site(fixed("t", "EUR", price)), NOON)
    back = credit(cdr, NOON)
    assert cdr.energy_wh + back.energy_wh == 0
    assert cdr.amount + back.amount == 0
    assert Fraction(cdr.exact_amount) + Fraction(back.exact_amount) == 0
    assert abs(Fraction(cdr.amount) - Fraction(cdr.exact_amount)) <= Fraction(1, 200)


def test_given_to_another_energy_and_price_stay() -> None:
    cdr = sealed()
    moved = reassigned(cdr, "ben", None, NOON + HOUR)
    assert moved == replace(
        cdr, id="abc-1", driver="ben", sheet=None, payer_reason="assigned", sealed_at=NOON + HOUR
    )
