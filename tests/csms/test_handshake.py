"""Paths, subprotocols, credentials and headers of a handshake."""

from base64 import b64encode

from aiohttp import WSServerHandshakeError
from aiohttp.test_utils import make_mocked_request
from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.csms.backend import Reason
from custom_components.ev_station.csms.handshake import (
    BadPath,
    add_connection_header,
    choose_version,
    known_identity,
    lacks_connection_header,
    read_identity,
    read_password,
)
from custom_components.ev_station.model.status import Version

from .harness import UPGRADE, House, Wire


@pytest.mark.parametrize(
    ("target", "identity"),
    [
        ("/CP1", "CP1"),
        ("/CP1/", "CP1"),
        ("//CP1", "CP1"),
        ("/ocpp/x/CP1", "CP1"),
        ("/ocpp//CP1//", "CP1"),
        ("ws://house.example:9000/ocpp/CP1", "CP1"),
        ("wss://house.example/CP1/", "CP1"),
        ("/CP1?token=/../evil", "CP1"),
        ("/CP1#part", "CP1"),
        ("/Garage%20left", "Garage left"),
        ("/%43P1", "CP1"),
        ("/DE*ABC*E1234", "DE*ABC*E1234"),
        ("/a:b+c|d@e=f", "a:b+c|d@e=f"),
        ("/Gar%C3%A4ge", "Garäge"),
        ("/" + "x" * 48, "x" * 48),
    ],
)
def test_identity(target: str, identity: str) -> None:
    """The trailing part of the path, decoded, names the charger."""
    assert read_identity(target) == identity


@pytest.mark.parametrize(
    "target",
    [
        "",
        "/",
        "//",
        "ws://house.example",
        "ws://house.example/",
        "/ocpp/../api",
        "/..",
        "/./CP1",
        "/%2e%2e",
        "/ocpp/%2E%2E/CP1",
        "/CP1%00",
        "/%00",
        "/CP%0A1",
        "/ocpp%2FCP1",
        "/CP1%5C..",
        "/%e2%80%aeCP1",
        "/%20CP1",
        "/CP1%ff",
        "/" + "x" * 49,
        "/" + "x" * 300,
        "?CP1",
    ],
)
def test_s17_path_tricks(target: str) -> None:
    """What no charger needs is refused."""
    with pytest.raises(BadPath):
        read_identity(target)


@given(st.text())
def test_any_path_is_an_identity_or_refused(target: str) -> None:
    """No path raises anything else, and no identity can leave its folder."""
    try:
        identity = read_identity(target)
    except BadPath:
        return
    assert 0 < len(identity) <= 48
    assert identity.isprintable()
    assert not {"/", "\\"} & set(identity)
    assert identity not in {".", ".."}


@pytest.mark.parametrize("target", ["/ocpp/../api", "/%2e%2e", "/CP1%00", "/" + "x" * 300, "/"])
async def test_s17_on_the_wire(home: House, target: str) -> None:
    """They are answered 400 before any upgrade."""
    wire = await Wire.open(home.central.port)
    assert await wire.request(target, UPGRADE) == 400
    assert await wire.ended()
    assert home.backend.reasons == [Reason.BAD_PATH]
    assert home.backend.events == []
    wire.close()


def test_case_does_not_matter_unless_it_has_to() -> None:
    """Known identities are matched without case, exact ones first."""
    assert known_identity("cp1", ["CP1"]) == "CP1"
    assert known_identity("cp1", ["CP1", "cp1"]) == "cp1"
    assert known_identity("CP2", ["CP1"]) is None


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ((), (Version.V16, None)),
        (("ocpp1.6",), (Version.V16, "ocpp1.6")),
        (("OCPP1.6",), (Version.V16, "OCPP1.6")),
        (("ocpp1.5", "ocpp1.6"), (Version.V16, "ocpp1.6")),
        (("ocpp1.6", "ocpp2.0.1"), (Version.V201, "ocpp2.0.1")),
        (("ocpp2.0",), None),
        (("chat", "superchat"), None),
    ],
)
def test_version(offered: tuple[str, ...], chosen: tuple[Version, str | None] | None) -> None:
    """The best version in common is confirmed as it was written."""
    assert choose_version(offered, [Version.V201, Version.V16]) == chosen


async def test_best_of_several_subprotocols(home: House) -> None:
    """A charger that offers more than we speak gets 1.6."""
    station = await home.dial(protocols=("ocpp2.0.1", "ocpp1.6"))
    assert station.websocket.protocol == "ocpp1.6"


async def test_no_subprotocol_gets_none(home: House) -> None:
    """Grizzl-E offers none and is taken as 1.6."""
    station = await home.booted(protocols=())
    assert station.websocket.protocol is None
    assert home.central.connections["CP1"].version is Version.V16
    assert "no_subprotocol" in home.backend.quirks


async def test_nothing_in_common_is_closed(home: House) -> None:
    """OCPP 1.6-J §3.1.2: complete the handshake without the header, then close."""
    station = await home.dial(protocols=("ocpp2.0",))
    assert station.websocket.protocol is None
    assert await station.closed() == 1002
    assert home.backend.reasons == [Reason.PROTOCOL]
    assert home.backend.events == []


async def test_missing_connection_header(home: House) -> None:
    """The private field of aiohttp that says `upgrade` is still there and still decides."""
    headers = {name: value for name, value in UPGRADE.items() if name != "Connection"}
    wire = await Wire.open(home.central.port)
    assert await wire.request("/CP1", headers) == 101
    assert "no_connection_header" in home.backend.quirks
    wire.close()


def test_the_connection_header_is_repaired_in_place() -> None:
    """Only a WebSocket request lacks it."""
    request = make_mocked_request("GET", "/CP1", {"Upgrade": "WebSocket"})
    assert lacks_connection_header(request)
    add_connection_header(request)
    assert not lacks_connection_header(request)
    assert not lacks_connection_header(make_mocked_request("GET", "/CP1"))


@pytest.mark.parametrize(
    "change",
    [{"Sec-WebSocket-Version": "99"}, {"Sec-WebSocket-Key": "short"}, {"Sec-WebSocket-Key": ""}],
)
async def test_unfit_handshakes_displace_nobody(home: House, change: dict[str, str]) -> None:
    """A handshake that cannot be completed leaves the old connection alone."""
    station = await home.booted()
    wire = await Wire.open(home.central.port)
    assert await wire.request("/CP1", UPGRADE | change) == 400
    assert (await station.call("Heartbeat", {}))[0] == 3
    wire.close()


async def test_a_browser_is_told_to_upgrade(home: House) -> None:
    """The own port serves nothing but chargers."""
    async with home.session.get(home.url("/").replace("ws:", "http:")) as response:
        assert response.status == 426
    assert home.backend.attempts == []


def basic(credentials: bytes, scheme: str = "Basic") -> dict[str, str]:
    """Return an Authorization header."""
    return {"Authorization": f"{scheme} {b64encode(credentials).decode()}"}


@pytest.mark.parametrize(
    ("headers", "password"),
    [
        (basic(b"CP1:secret"), b"secret"),
        (basic(b"cp1:secret"), b"secret"),
        (basic(b"CP1:secret", "basic"), b"secret"),
        (basic(b"CP1:se:cret"), b"se:cret"),
        (basic(b"CP1:"), b""),
        (basic(b"CP1:\x00\xff\x10"), b"\x00\xff\x10"),
        (basic(b"CP2:secret"), None),
        (basic(b"CP1secret"), None),
        (basic(b"CP1:secret", "Bearer"), None),
        ({"Authorization": "Basic !!"}, None),
        ({"Authorization": "Basic"}, None),
        ({}, None),
    ],
)
def test_password(headers: dict[str, str], password: bytes | None) -> None:
    """The user name is the identity; the password may be any bytes."""
    assert read_password(make_mocked_request("GET", "/CP1", headers), "CP1") == password


def test_an_identity_with_a_colon_is_no_separator() -> None:
    """The user name ends where the identity does."""
    request = make_mocked_request("GET", "/", basic(b"A:B:secret"))
    assert read_password(request, "A:B") == b"secret"


async def test_unasked_credentials_are_ignored(home: House) -> None:
    """Wallbox sends them to a central system that wants none."""
    station = await home.booted(password="anything", user="somebody")
    assert not home.central.connections["CP1"].verified
    assert station.is_open


async def test_a_dialect_is_needed(home: House) -> None:
    """An upgrade that is refused is an HTTP error, not a hung socket."""
    with pytest.raises(WSServerHandshakeError) as error:
        await home.dial("/..%2f")
    assert error.value.status == 400
