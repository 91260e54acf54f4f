"""Tags outside the driver's form."""

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.access.fingerprint import fingerprint, mask, remote_token
from custom_components.ev_station.model.ids import normalize_uid

TAGS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("tag", "masked"),
    [
        ("", "••"),
        ("A", "••"),
        ("ABCD", "••"),
        ("ABCDE", "•••DE"),
        ("04a224b27c5e80", "••••••••••••80"),
        ("ABCDE\x10\x0e", "•••DE"),
    ],
)
def test_a_masked_tag(tag: str, masked: str) -> None:
    assert mask(tag) == masked


@given(TAGS, TAGS)
def test_a_fingerprint_tells_tags_apart_and_hides_them(one: str, other: str) -> None:
    same = normalize_uid(one) == normalize_uid(other)
    assert (fingerprint(one, "secret") == fingerprint(other, "secret")) == same
    assert fingerprint(one, "secret") != fingerprint(one, "another")
    assert len(fingerprint(one, "secret")) == 16


def test_a_fingerprint_is_the_normal_tags() -> None:
    assert fingerprint(" abc\x00", "s") == fingerprint("ABC", "s")
    assert fingerprint("ß" * 20, "s") == fingerprint(normalize_uid("ß" * 20), "s")


@pytest.mark.parametrize("driver", ["anna", None, "ben"])
def test_a_minted_tag_is_hexadecimal_and_as_long_as_a_cards(driver: str | None) -> None:
    token = remote_token(driver, "secret" * 50)
    assert len(token) == 14
    assert set(token) <= set("0123456789ABCDEF")
    assert token == normalize_uid(token) == remote_token(driver, "secret" * 50)


def test_minted_tags_differ_by_driver_and_site() -> None:
    minted = {remote_token(d, s) for d in ("anna", "ben", None) for s in ("one", "two")}
    assert len(minted) == 6
