"""The small guards: passwords, back-off, throttle, the door."""

import asyncio
import threading

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.csms.backoff import Backoff
from custom_components.ev_station.csms.passwords import Passwords, hash_password, verify_password
from custom_components.ev_station.csms.schemas import load
from custom_components.ev_station.csms.throttle import Throttle
from custom_components.ev_station.model.status import Version

SALT = b"0123456789abcdef"
KEY = "00112233445566778899AABBCCDDEEFF00112233"
HASHED = hash_password("secret", SALT)


def test_the_format_of_a_hash() -> None:
    """Scheme, cost, salt and key; two hashes of one password differ by their salt."""
    scheme, n, r, p, salt, key = HASHED.split("$")
    assert (scheme, n, r, p) == ("scrypt", "16384", "8", "1")
    assert "secret" not in HASHED
    assert salt and key
    assert hash_password("secret") != hash_password("secret")


@pytest.mark.parametrize(
    ("password", "right"),
    [("secret", True), (b"secret", True), ("Secret", False), ("", False), (b"\xff", False)],
)
def test_verify(password: str | bytes, right: bool) -> None:
    """Only the password fits."""
    assert verify_password(password, HASHED) is right


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "scrypt",
        "a$b$c$d$e$f",
        "scrypt$3$8$1$AAAA$AAAA",
        "bcrypt" + HASHED[6:],
        HASHED[:-4] + "!!!!",
        "scrypt$99999999999999999999$8$1$AAAA$AAAA",
    ],
)
def test_a_damaged_hash_fits_nothing(damaged: str) -> None:
    """And raises nothing."""
    assert verify_password("secret", damaged) is False


@pytest.mark.parametrize("sent", [KEY, KEY.lower(), bytes.fromhex(KEY)])
def test_a_key_fits_as_digits_and_as_bytes(sent: str | bytes) -> None:
    """The white paper types AuthorizationKey in hexadecimal and sends its bytes; chargers do either."""
    assert verify_password(sent, hash_password(KEY.lower(), SALT))


async def test_a_right_password_is_checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the loop, and then recognised without scrypt; a wrong one never is."""
    threads: list[str] = []

    def counted(password: bytes, encoded: str) -> bool:
        threads.append(threading.current_thread().name)
        return verify_password(password, encoded)

    monkeypatch.setattr("custom_components.ev_station.csms.passwords.verify_password", counted)
    passwords = Passwords()
    assert [await passwords.check(b"secret", HASHED) for _ in range(3)] == [True] * 3
    assert [await passwords.check(b"wrong", HASHED) for _ in range(2)] == [False] * 2
    assert len(threads) == 3
    assert threading.current_thread().name not in threads
    assert not passwords.recognises(b"secret", hash_password("secret"))


async def test_few_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one longest unused is forgotten."""
    monkeypatch.setattr("custom_components.ev_station.csms.passwords._REMEMBERED", 2)
    monkeypatch.setattr(
        "custom_components.ev_station.csms.passwords.verify_password", lambda *_: True
    )
    passwords = Passwords()
    for password in (b"a", b"b", b"a", b"c"):
        await passwords.check(password, HASHED)
    assert [passwords.recognises(found, HASHED) for found in (b"a", b"b", b"c")] == [
        True,
        False,
        True,
    ]


async def test_checks_do_not_crowd() -> None:
    """However many come at once, they all get their answer."""
    passwords = Passwords()
    answers = await asyncio.gather(*(passwords.check(b"secret", HASHED) for _ in range(5)))
    assert answers == [True] * 5


def test_schemas_need_their_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing requirement is said as such."""
    monkeypatch.setattr("custom_components.ev_station.csms.schemas.find_spec", lambda _: None)
    with pytest.raises(ModuleNotFoundError, match="ocpp"):
        load(Version.V16)


def test_backoff() -> None:
    """Ten failures a minute; the oldest of them decides when the address is welcome again."""
    backoff = Backoff()
    for second in range(10):
        assert backoff.wait_s("a", second) == 0
        backoff.failed("a", second)
    assert backoff.wait_s("a", 9) == 51
    assert backoff.wait_s("b", 9) == 0
    assert backoff.wait_s("a", 59.9) == 1
    assert backoff.wait_s("a", 60) == 0
    assert backoff.wait_s("a", -3600) == 0
    assert [backoff.is_new("a", now) for now in (9, 10, 68, 69, 70)] == [
        True,
        False,
        False,
        True,
        False,
    ]


def test_backoff_forgets_the_oldest_address() -> None:
    """Memory stays bounded."""
    backoff = Backoff(failures=1)
    for number in range(1100):
        backoff.failed(f"a{number}", 0)
        backoff.is_new(f"a{number}", 0)
    assert backoff.wait_s("a0", 1) == 0
    assert backoff.wait_s("a1099", 1) > 0
    assert len(backoff._told) == 1024


@given(st.lists(st.floats(0, 100), min_size=1, max_size=60))
def test_throttle_never_exceeds_its_rate(steps: list[float]) -> None:
    """In any span no more than the burst and what the rate gains."""
    throttle = Throttle(burst=5, per_s=0.5)
    now, allowed = 0.0, 0
    for step in steps:
        now += step
        allowed += throttle.allows(now)
    assert allowed <= 5 + (now - steps[0]) * 0.5 + 1e-6


def test_throttle_survives_a_clock_set_back() -> None:
    """Nothing is gained and nothing lost by it."""
    throttle = Throttle(burst=1, per_s=1)
    assert throttle.allows(100)
    assert not throttle.allows(50)
    assert throttle.allows(51)
