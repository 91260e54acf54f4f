"""Money at the edge."""

from fractions import Fraction

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.tariff.money import exact, exponent, round_amount


@pytest.mark.parametrize(
    ("currency", "digits"), [("EUR", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4), ("XYZ", 2)]
)
def test_the_decimals_of_a_currency(currency: str, digits: int) -> None:
    assert exponent(currency) == digits


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("0.005", "EUR", "0.01"),
        ("0.0049999999", "EUR", "0.00"),
        ("1.005", "EUR", "1.01"),
        ("2.675", "EUR", "2.68"),
        ("-0.005", "EUR", "-0.01"),
        ("-0.004", "EUR", "0.00"),
        ("-1.234", "EUR", "-1.23"),
        ("0.5", "JPY", "1"),
        ("1234.49", "JPY", "1234"),
        ("-0.5", "JPY", "-1"),
        ("0.0005", "KWD", "0.001"),
        ("1.23449", "KWD", "1.234"),
        ("1/3", "EUR", "0.33"),
        ("2/3", "EUR", "0.67"),
        ("0", "EUR", "0.00"),
        ("12345678901234567890.125", "EUR", "12345678901234567890.13"),
    ],
)
def test_half_up_away_from_zero(amount: str, currency: str, rounded: str) -> None:
    assert str(round_amount(Fraction(amount), currency)) == rounded


@given(st.fractions(-(10**18), 10**18), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_rounding_is_the_nearest_and_the_same_for_debit_and_credit(
    amount: Fraction, currency: str
) -> None:
    rounded = round_amount(amount, currency)
    unit = Fraction(1, 10 ** {"EUR": 2, "JPY": 0, "KWD": 3}[currency])
    assert abs(Fraction(rounded) - amount) <= unit / 2
    assert round_amount(-amount, currency) == -rounded
    assert Fraction(rounded) % unit == 0


@given(st.fractions())
def test_the_exact_form_comes_back(amount: Fraction) -> None:
    assert Fraction(exact(amount)) == amount
