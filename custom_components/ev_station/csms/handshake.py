"""What a charger says before it speaks OCPP: its identity in the path, its version, its password."""

from base64 import b64decode
import binascii
from collections.abc import Collection, Iterable
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote_to_bytes

from aiohttp import hdrs, web

from ..model.ids import ChargerId
from ..model.status import Version
from .quirks import printable

LONGEST_IDENTITY: Final = 48
"""OCPP 2.0.1 identifierString[48]; 1.6 gives no length to the last part of the URL."""
_BASIC: Final = "basic "


class BadPath(Exception):
    """The request's path names no charger in a way that can be accepted (S17)."""


def read_identity(target: str) -> ChargerId:
    """Return the identity in a request target: its last non-empty part, percent-decoded, case kept.

    `/id`, `//id`, `/id/`, `/ocpp/x/id` and `ws://host/id` all name `id`. Dot segments, encoded slashes and control
    characters are refused wherever they are: no charger needs them.
    """
    parts = [_decoded(part) for part in _path(target).split("/") if part]
    if not parts or any(part in (".", "..") for part in parts):
        raise BadPath(target)
    identity = parts[-1]
    if len(identity) > LONGEST_IDENTITY or identity != identity.strip():
        raise BadPath(target)
    return identity


def _path(target: str) -> str:
    path = target.partition("#")[0].partition("?")[0]
    scheme, separator, rest = path.partition("://")
    if separator and "/" not in scheme:
        return rest.partition("/")[2]
    return path


def _decoded(part: str) -> str:
    try:
        text = unquote_to_bytes(part).decode()
    except UnicodeDecodeError:
        raise BadPath(part) from None
    if not text.isprintable() or "/" in text or "\\" in text:
        raise BadPath(part)
    return text


def known_identity(identity: ChargerId, known: Collection[ChargerId]) -> ChargerId | None:
    """Return the adopted charger that is meant, whatever the case it is written in."""
    if identity in known:
        return identity
    folded = identity.casefold()
    return next((charger for charger in known if charger.casefold() == folded), None)


def shown_identity(target: str) -> str:
    """Return a refused target in a form fit for showing."""
    return printable(target, LONGEST_IDENTITY)


def offered_versions(request: web.BaseRequest) -> tuple[str, ...]:
    """Return the subprotocols a charger offers, as it writes them."""
    header = request.headers.get(hdrs.SEC_WEBSOCKET_PROTOCOL, "")
    return tuple(word for part in header.split(",") if (word := part.strip()))


def choose_version(
    offered: tuple[str, ...], spoken: Iterable[Version]
) -> tuple[Version, str | None] | None:
    """Return the best common version and the subprotocol to confirm; None if there is none in common.

    A charger that offers nothing speaks 1.6 and gets no header (Grizzl-E).
    """
    if not offered:
        return Version.V16, None
    words = {word.lower(): word for word in offered}
    common = [version for version in Version if version in spoken and version.value in words]
    return (common[-1], words[common[-1].value]) if common else None


def is_upgrade(request: web.BaseRequest) -> bool:
    """Say whether the request wants a WebSocket."""
    return request.headers.get(hdrs.UPGRADE, "").strip().lower() == "websocket"


def lacks_connection_header(request: web.BaseRequest) -> bool:
    """Say whether a WebSocket request forgot `Connection: Upgrade`."""
    return is_upgrade(request) and not request._message.upgrade  # noqa: SLF001 (see add_connection_header)


def add_connection_header(request: web.BaseRequest) -> None:
    """Let aiohttp upgrade a request that forgot `Connection: Upgrade`, which it would answer with 400.

    aiohttp decides by a private field, for which it has no option; tests/csms/test_handshake.py watches it.
    """
    request._message = request._message._replace(upgrade=True)  # noqa: SLF001


def read_password(request: web.BaseRequest, identity: ChargerId) -> bytes | None:
    """Return the password of HTTP Basic credentials whose user name is the identity; None if they are not.

    The user name may contain colons and the password any bytes (security white paper §A00).
    """
    header = request.headers.get(hdrs.AUTHORIZATION, "")
    if header[: len(_BASIC)].lower() != _BASIC:
        return None
    try:
        credentials = b64decode(header[len(_BASIC) :].strip(), validate=True)
    except binascii.Error, ValueError:
        return None
    user = identity.encode() + b":"
    if credentials[: len(user)].lower() != user.lower():
        return None
    return credentials[len(user) :]


def refusal(status: HTTPStatus, retry_after_s: int | None = None) -> web.Response:
    """Return the answer to a handshake that is not accepted; it says no more than its status."""
    response = web.Response(status=status, text=f"{status.value} {status.phrase}\n")
    if status is HTTPStatus.UNAUTHORIZED:
        response.headers[hdrs.WWW_AUTHENTICATE] = 'Basic realm="OCPP", charset="UTF-8"'
    if retry_after_s is not None:
        response.headers[hdrs.RETRY_AFTER] = str(retry_after_s)
    response.force_close()
    return response
