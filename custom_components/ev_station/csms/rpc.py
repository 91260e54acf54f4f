"""OCPP-J framing (OCPP 1.6-J §4.2): text to messages and back. Nothing here waits or remembers."""

from enum import StrEnum
import re
from typing import Any, Final, NamedTuple

import orjson

from .quirks import Quirk, Report, printable
from .repair import repair

type MessageId = str | int | float
"""A string by the specification; numbers are echoed as they came."""
type Payload = dict[str, Any]

UNREADABLE_ID: Final = "-1"
"""Stands for an id that could not be read (OCPP 2.0.1-J §4.2.3; 1.6-J names none)."""


class ErrorCode(StrEnum):
    """CALLERROR codes (OCPP 1.6-J §4.2.3), in the specification's own spelling."""

    NOT_IMPLEMENTED = "NotImplemented"
    NOT_SUPPORTED = "NotSupported"
    INTERNAL_ERROR = "InternalError"
    PROTOCOL_ERROR = "ProtocolError"
    SECURITY_ERROR = "SecurityError"
    FORMATION_VIOLATION = "FormationViolation"
    PROPERTY_CONSTRAINT = "PropertyConstraintViolation"
    OCCURRENCE_CONSTRAINT = "OccurenceConstraintViolation"
    TYPE_CONSTRAINT = "TypeConstraintViolation"
    GENERIC_ERROR = "GenericError"


class MessageType(StrEnum):
    """The first element of a frame, as written."""

    CALL = "2"
    CALL_RESULT = "3"
    CALL_ERROR = "4"


class Call(NamedTuple):
    """A request."""

    id: MessageId
    action: str
    payload: Payload


class CallResult(NamedTuple):
    """The answer to a request of ours."""

    id: MessageId
    payload: Payload


class CallError(NamedTuple):
    """The refusal of a request of ours."""

    id: MessageId
    code: str
    description: str


class Malformed(NamedTuple):
    """Something that is no message; `kind` is what it seemed to become."""

    id: MessageId | None
    kind: MessageType | None
    code: ErrorCode
    problem: str


class Ignored(NamedTuple):
    """A message type of another version: OCPP 1.6-J §4.1.3 wants it ignored."""

    kind: str


type Message = Call | CallResult | CallError | Malformed | Ignored


class Unreadable(Exception):
    """A request that cannot be understood even with good will."""

    def __init__(self, code: ErrorCode, description: str) -> None:
        """Keep what the charger shall be told."""
        super().__init__(code, description)
        self.code = code
        self.description = description


def parse(data: bytes, report: Report) -> Message:
    """Read one frame. Never raises: what is no message comes back as `Malformed`."""
    try:
        frame = orjson.loads(data)
    except orjson.JSONDecodeError:
        frame = _repaired(data, report)
    match frame:
        case [2, str() as uid, str() as action, dict() as payload]:
            return Call(uid, action, payload)
        case [3, str() as uid, dict() as payload]:
            return CallResult(uid, payload)
        case Malformed():
            return frame
        case _:
            return _odd(frame, report)


def encode_call(uid: str, action: str, payload: Payload) -> bytes:
    """Return the text of a CALL."""
    return orjson.dumps((2, uid, action, payload))


def encode_result(uid: MessageId, payload: Payload) -> bytes:
    """Return the text of a CALLRESULT."""
    return orjson.dumps((3, uid, payload))


def encode_error(uid: MessageId, code: ErrorCode, description: str) -> bytes:
    """Return the text of a CALLERROR; the description is at most 255 characters."""
    return orjson.dumps((4, uid, code.value, printable(description, 255), {}))


def _repaired(data: bytes, report: Report) -> Any:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode(errors="replace")
        report(Quirk.BAD_UTF8, text)
    try:
        return orjson.loads(repair(text, report))
    except orjson.JSONDecodeError as error:
        return _salvage(text, error.msg)


# How a frame begins: its type, its id, and an action if it is a CALL.
_BEGINNING: Final = re.compile(
    r'\s*\[\s*"?([234])"?\s*,\s*(?:"((?:[^"\\]|\\.){1,255})"|(-?\d{1,18}))'
)


def _salvage(text: str, problem: str) -> Malformed:
    """Find the id of a broken frame, so that its sender is answered and need not wait."""
    match = _BEGINNING.match(text)
    if match is None:
        return Malformed(None, None, ErrorCode.FORMATION_VIOLATION, problem)
    kind, quoted, number = match.groups()
    uid = _unquoted(quoted) if quoted is not None else int(number)
    return Malformed(uid, MessageType(kind), ErrorCode.FORMATION_VIOLATION, problem)


def _unquoted(quoted: str) -> MessageId | None:
    try:
        uid: str = orjson.loads(f'"{quoted}"')
    except orjson.JSONDecodeError:
        return None
    return uid


def _odd(frame: Any, report: Report) -> Message:
    """Read what the specification would not call a message but field chargers send."""
    if not isinstance(frame, list) or len(frame) < 2:
        return Malformed(None, None, ErrorCode.FORMATION_VIOLATION, "not an OCPP-J message")
    kind, uid = str(frame[0]), frame[1]
    if kind not in set(MessageType):
        return Ignored(printable(kind, 20))
    if isinstance(uid, bool) or not isinstance(uid, (str, int, float)):
        return Malformed(
            None, MessageType(kind), ErrorCode.FORMATION_VIOLATION, "unusable message id"
        )
    if not isinstance(uid, str):
        report(Quirk.NUMERIC_MESSAGE_ID, uid)
    match MessageType(kind):
        case MessageType.CALL:
            return _odd_call(uid, frame[2:], report)
        case MessageType.CALL_RESULT:
            return CallResult(uid, _payload(frame[2:], report) or {})
        case MessageType.CALL_ERROR:
            return _call_error(uid, frame[2:], report)


def _odd_call(uid: MessageId, rest: list[Any], report: Report) -> Message:
    if not rest or not isinstance(rest[0], str):
        return Malformed(uid, MessageType.CALL, ErrorCode.FORMATION_VIOLATION, "no action")
    payload = _payload(rest[1:], report)
    if payload is None:
        return Malformed(
            uid, MessageType.CALL, ErrorCode.FORMATION_VIOLATION, "the payload is not an object"
        )
    return Call(uid, rest[0], payload)


def _payload(rest: list[Any], report: Report) -> Payload | None:
    """Return the payload, {} for a missing or null one, None for what is no object."""
    if not rest or rest[0] is None:
        report(Quirk.MISSING_PAYLOAD, rest)
        return {}
    return rest[0] if isinstance(rest[0], dict) else None


def _call_error(uid: MessageId, rest: list[Any], report: Report) -> CallError:
    code, description, *_ = *rest, None, None
    if len(rest) < 3:
        report(Quirk.SHORT_CALL_ERROR, rest)
    return CallError(
        uid,
        printable(code, 50) if isinstance(code, str) and code else ErrorCode.GENERIC_ERROR.value,
        printable(description, 255) if isinstance(description, str) else "",
    )
