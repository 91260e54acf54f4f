"""Deviations from the specification that are understood all the same, each named after what it repairs.

The reader is tolerant by design: one odd field never costs a message. What was odd is reported once per
charger, so that its owner and its maker can know. `tests/csms/data/quirks_ocpp16.json` holds the frames.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Final, Protocol

from ..model.ids import ChargerId
from .backend import Backend, Deviation

EXAMPLE_LENGTH: Final = 80


class Quirk(StrEnum):
    """Names of the repairs; the comment says who needs each."""

    # How it dials in
    NO_SUBPROTOCOL = "no_subprotocol"  # Grizzl-E: taken as OCPP 1.6
    NO_CONNECTION_HEADER = "no_connection_header"  # `Connection: Upgrade` left out
    NO_PONG = "no_pong"  # EN+: never answers a WebSocket ping
    # The text of a frame
    STRAY_COMMA = "stray_comma"  # ZJ Beny: `[,{...}]`
    EMPTY_VALUE = "empty_value"  # AEFA: `"transactionId":,`
    NOT_A_NUMBER = "not_a_number"  # NaN, Infinity
    CONTROL_CHARACTER = "control_character"  # Wallbe: NUL bytes
    BAD_ESCAPE = "bad_escape"  # a lone backslash
    LONE_SURROGATE = "lone_surrogate"  # half of a UTF-16 pair
    BAD_UTF8 = "bad_utf8"  # Latin-1 text
    # The frame
    NUMERIC_MESSAGE_ID = "numeric_message_id"
    MISSING_PAYLOAD = "missing_payload"  # null, or three elements only
    SHORT_CALL_ERROR = "short_call_error"  # Grizzl-E: four elements
    UNEXPECTED_ANSWER = "unexpected_answer"  # Phihong, Mennekes: late or for nobody
    TRUNCATED_ANSWER = "truncated_answer"  # Grizzl-E: JSON cut short
    # Fields
    UNKNOWN_FIELD = "unknown_field"
    MISSING_FIELD = "missing_field"
    LONG_TEXT = "long_text"  # Schneider: serials of 26 characters
    UNKNOWN_WORD = "unknown_word"  # Legrand: errorCode `Error`
    WRONG_TYPE = "wrong_type"  # numbers for strings
    EMPTY_LIST = "empty_list"
    OTHER_SCHEMA_VIOLATION = "other_schema_violation"
    BOOT_OF_2_0_1 = "boot_of_2_0_1"  # FoxESS: the 2.0.1 body over 1.6
    STATUS_OF_2_0_1 = "status_of_2_0_1"
    NO_TRANSACTION_ID = "no_transaction_id"  # Alfen: 2^63-1 for none
    NO_EVSE = "no_evse"  # a connectorId missing or senseless
    METER_VALUES_OF_1_5 = "meter_values_of_1_5"  # charger-simulator: `values` in `values`
    # Time stamps
    LOCAL_TIME = "local_time"  # Growatt: no zone
    UNREADABLE_TIME = "unreadable_time"  # ABB: 29 February 2022
    CLOCK_NOT_SET = "clock_not_set"  # MicroOcpp: 1970
    # Measurements
    UNREADABLE_MEASUREMENT = "unreadable_measurement"  # `""` is no value
    FOREIGN_UNIT = "foreign_unit"  # Teison: Wh on power
    CHARGING_AS_EXPORT = "charging_as_export"  # Grizzl-E: Current.Export
    REGISTER_PER_PHASE = "register_per_phase"  # energy on L1 only
    # Behaviour
    AUTHORIZE_FLOOD = "authorize_flood"
    REBOOT_AFTER_WRITE = "reboot_after_write"  # ABB Terra: boot loop from writing configuration
    REBOOT_AFTER_QUESTION = (
        "reboot_after_question"  # Wallbox: boots while asked for its configuration
    )
    SHORT_MEASURAND_LIST = "short_measurand_list"  # refused the list until it was shortened


type Report = Callable[[Quirk, object], None]
"""Called by a reader with what it repaired and the odd text."""


class SchemaError(Protocol):
    """What is used of a validator's error."""

    @property
    def instance_path(self) -> list[str | int]:
        """Where in the payload."""

    @property
    def message(self) -> str:
        """What is wrong."""

    @property
    def schema_path(self) -> list[str | int]:
        """Where in the schema; its last element is the keyword."""


_OF_KEYWORD: Final = {
    "additionalProperties": Quirk.UNKNOWN_FIELD,
    "required": Quirk.MISSING_FIELD,
    "maxLength": Quirk.LONG_TEXT,
    "enum": Quirk.UNKNOWN_WORD,
    "type": Quirk.WRONG_TYPE,
    "minItems": Quirk.EMPTY_LIST,
}


def report_violations(action: str, errors: Iterable[SchemaError], report: Report) -> None:
    """Report what a schema objects to, by the keyword that objects."""
    for error in errors:
        keyword = str(error.schema_path[-1]) if error.schema_path else ""
        where = ".".join(str(step) for step in (action, *error.instance_path))
        report(_OF_KEYWORD.get(keyword, Quirk.OTHER_SCHEMA_VIOLATION), f"{where}: {error.message}")


def printable(text: str, length: int) -> str:
    """Return foreign text without control and formatting characters, clipped."""
    if not text.isprintable():
        text = "".join(character for character in text if character.isprintable())
    return text[:length]


class Deviations:
    """Tells the backend of each deviation once per charger and quirk."""

    def __init__(self, backend: Backend) -> None:
        """Remember nothing yet."""
        self._backend = backend
        self._told: set[tuple[ChargerId, Quirk]] = set()

    def reporter(self, charger: ChargerId) -> Report:
        """Return what the readers of one charger's frames call; one not yet adopted is not reported."""

        def report(quirk: Quirk, example: object) -> None:
            if (charger, quirk) not in self._told and charger in self._backend.chargers:
                self._told.add((charger, quirk))
                self._backend.deviated(
                    Deviation(
                        charger=charger,
                        quirk=quirk.value,
                        example=printable(str(example), EXAMPLE_LENGTH),
                    )
                )

        return report


def ignore(_quirk: Quirk, _example: object) -> None:
    """Report to nobody."""
