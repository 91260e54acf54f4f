"""The JSON schemas of an OCPP version, compiled once; call it in an executor, never in the event loop."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol

import jsonschema_rs
import orjson

from ..model.errors import InvalidCall
from ..model.status import Version
from .quirks import Quirk, Report, SchemaError, report_violations

_FOLDERS: Final = {Version.V16: "v16", Version.V201: "v201", Version.V21: "v21"}
_RESPONSE: Final = "Response"


class _Validator(Protocol):
    def is_valid(self, instance: Any) -> bool: ...

    def iter_errors(self, instance: Any) -> Any: ...


class Schemas:
    """Validators by action: what a charger may send, what we may send."""

    def __init__(
        self, requests: Mapping[str, _Validator], responses: Mapping[str, _Validator]
    ) -> None:
        """Keep compiled validators."""
        self._requests = requests
        self._responses = responses

    def report(self, action: str, payload: Mapping[str, Any], report: Report) -> None:
        """Report in what a request departs from its schema; a valid one costs microseconds."""
        validator = self._requests[action]
        try:
            if not validator.is_valid(payload):
                report_violations(action, validator.iter_errors(payload), report)
        except ValueError as error:
            # Nested too deeply to be judged; the readers look at the outermost levels only.
            report(Quirk.OTHER_SCHEMA_VIOLATION, error)

    def check(self, action: str, payload: Mapping[str, Any]) -> None:
        """Raise InvalidCall unless the request is one of this version's and its payload is valid."""
        validator = self._requests.get(action)
        problem = _first_problem(validator, payload) if validator is not None else "unknown action"
        if problem is not None:
            raise InvalidCall(action, problem)

    def answer_problem(self, action: str, payload: Mapping[str, Any]) -> str | None:
        """Return what an answer's schema objects to first."""
        return _first_problem(self._responses[action], payload)


def _first_problem(validator: _Validator, payload: Mapping[str, Any]) -> str | None:
    error: SchemaError
    try:
        for error in validator.iter_errors(payload):
            return error.message
    except ValueError as unjudged:
        return str(unjudged)
    return None


def load(version: Version) -> Schemas:
    """Compile the schemas that the `ocpp` package ships for a version (1.6: with the security extension).

    Formats are left alone: time stamps are read by a reader more patient than the schema.
    """
    compiled = {
        path.stem: jsonschema_rs.validator_for(
            orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf")), validate_formats=False
        )
        for path in _folder(version).glob("*.json")
    }
    return Schemas(
        {
            name.removesuffix("Request"): found
            for name, found in compiled.items()
            if not name.endswith(_RESPONSE)
        },
        {
            name.removesuffix(_RESPONSE): found
            for name, found in compiled.items()
            if name.endswith(_RESPONSE)
        },
    )


def _folder(version: Version) -> Path:
    # Importing `ocpp` proper costs half a second; its data files need no import.
    spec = find_spec("ocpp")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("ocpp", name="ocpp")
    return Path(spec.submodule_search_locations[0]) / _FOLDERS[version] / "schemas"
