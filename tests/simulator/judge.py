"""Judges every frame of the other side by the schemas of OCPP 1.6 and the rules of OCPP-J."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
import json

import jsonschema_rs

from .vocabulary import Registration

ERROR_CODES = frozenset(
    {
        "NotImplemented",
        "NotSupported",
        "InternalError",
        "ProtocolError",
        "SecurityError",
        "FormationViolation",
        "PropertyConstraintViolation",
        "OccurenceConstraintViolation",
        "TypeConstraintViolation",
        "GenericError",
    }
)
_MAX_ID = 36


@dataclass(frozen=True, slots=True)
class Violation:
    """What was wrong, and the frame or the payload that was."""

    reason: str
    evidence: str


@cache
def schema_names() -> frozenset[str]:
    """Return the names of all messages OCPP 1.6 and its security extension know."""
    return frozenset(
        entry.name.removesuffix(".json")
        for entry in files("ocpp").joinpath("v16/schemas").iterdir()
        if entry.name.endswith(".json")
    )


@cache
def _validator(name: str) -> jsonschema_rs.Validator:
    text = files("ocpp").joinpath("v16/schemas", f"{name}.json").read_text("utf-8-sig")
    return jsonschema_rs.validator_for(json.loads(text), validate_formats=True)


@dataclass(slots=True)
class Judge:
    """Collects violations; it never stops a message."""

    violations: list[Violation] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def new_connection(self) -> None:
        """Forget the message ids: they are unique within a connection only."""
        self._seen.clear()

    def blame(self, reason: str, evidence: object) -> None:
        """Record a violation."""
        self.violations.append(Violation(reason, str(evidence)))

    def call_id(self, uid: object) -> None:
        """A message id is a string of at most 36 characters, used once (OCPP-J 1.6 §4.1.4)."""
        if not isinstance(uid, str) or not 0 < len(uid) <= _MAX_ID:
            self.blame("message id is not a string of 1 to 36 characters", uid)
        elif uid in self._seen:
            self.blame("message id used twice on one connection", uid)
        self._seen.add(str(uid))

    def request(self, action: str, payload: object) -> None:
        """Judge a CALL's payload."""
        self._payload(action, payload)

    def response(self, action: str, payload: object) -> None:
        """Judge a CALLRESULT's payload against the request it answers."""
        self._payload(f"{action}Response", payload)

    def error(self, frame: Sequence[object]) -> None:
        """Judge a CALLERROR: five elements, a code of OCPP-J 1.6 §4.2.3, an object last."""
        sound = len(frame) == 5 and isinstance(frame[3], str) and isinstance(frame[4], dict)
        if not sound or frame[2] not in ERROR_CODES:
            self.blame("malformed CALLERROR", frame)

    def boot_rules(self, action: str, registration: Registration) -> None:
        """§4.2: nothing is sent while Rejected, no remote start or stop while Pending."""
        remote = action in {"RemoteStartTransaction", "RemoteStopTransaction"}
        pending = registration is Registration.PENDING
        if registration is Registration.REJECTED or (pending and remote):
            self.blame(f"{action} while the boot is {registration}", action)

    def _payload(self, name: str, payload: object) -> None:
        if name not in schema_names():
            return
        for error in _validator(name).iter_errors(payload):
            self.blame(f"{name}: {error.message}", payload)
