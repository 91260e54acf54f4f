"""Tags as they are compared, and places as people see them."""

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.model.ids import EvseId, normalize_uid


@pytest.mark.parametrize(
    ("received", "uid"),
    [
        ("abc", "ABC"),
        ("  AbC \n", "ABC"),
        ("BA86I250X5G6MOD5DLKD\x10\x0e", "BA86I250X5G6MOD5DLKD"),
        ("123456789012345678901", "12345678901234567890"),
        ("1234567890123456789 01", "1234567890123456789"),
        ("A\x00B", "AB"),
        ("ß", "SS"),
        ("", ""),
        ("\x01\x02", ""),
        ("04 A2", "04 A2"),
    ],
)
def test_a_tag_is_compared_by(received: str, uid: str) -> None:
    assert normalize_uid(received) == uid


@given(st.text())
def test_what_is_normal_stays(received: str) -> None:
    once = normalize_uid(received)
    assert normalize_uid(once) == once
    assert len(once) <= 20
    assert once == once.strip()


@given(st.text())
def test_case_and_space_around_never_matter(received: str) -> None:
    assert normalize_uid(f" {received.upper()}\t") == normalize_uid(received)


def test_an_evse_is_shown_with_its_charger() -> None:
    assert str(EvseId("CP1", 2)) == "CP1/2"
