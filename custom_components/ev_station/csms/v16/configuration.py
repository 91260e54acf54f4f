"""Configuration keys of a 1.6 charger (OCPP 1.6 §9): read whole or key by key, each alone optional."""

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from typing import Any, Final, NamedTuple

from ...model.errors import CallRefused, CallTimedOut
from .fields import text

type Payload = dict[str, Any]
type Ask = Callable[[str, Payload], Awaitable[Payload]]
"""Sends a request and returns the payload of its answer.

Raises CallRefused, CallTimedOut, ChargerNotConnected.
"""

_PATIENCE: Final = 2
"""So many silences in a row and the charger is left alone."""


class Setting(NamedTuple):
    """A key's value as the charger told it."""

    value: str | None
    read_only: bool


type Configuration = Mapping[str, Setting]
"""By key in lower case."""


async def read_configuration(
    ask: Ask, essential: Collection[str], others: Collection[str]
) -> dict[str, Setting] | None:
    """Return what the charger tells of its configuration; None if it refuses or is silent on principle.

    Key by key is asked only what matters: the essential keys missing from a whole answer, all keys if there was
    none worth the name (Growatt, Grizzl-E).
    """
    try:
        found = dict(_settings(await ask("GetConfiguration", {})))
    except CallTimedOut:
        return None
    except CallRefused as refusal:
        if refusal.code in ("NotImplemented", "NotSupported"):
            return None
        found = {}
    keys = essential if found else [*essential, *others]
    await _read_single_keys(ask, [key for key in keys if key.lower() not in found], found)
    return found


async def _read_single_keys(ask: Ask, keys: list[str], found: dict[str, Setting]) -> None:
    silences = refusals = 0
    for key in keys:
        try:
            found |= _settings(await ask("GetConfiguration", {"key": [key]}))
        except CallTimedOut:
            silences += 1
        except CallRefused:
            refusals += 1
        if silences >= _PATIENCE or refusals >= _PATIENCE:
            return


def _settings(answer: Payload) -> Iterator[tuple[str, Setting]]:
    entries = answer.get("configurationKey")
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and (key := text(entry, "key", 50)) is not None:
            yield key.lower(), Setting(_value(entry.get("value")), _truth(entry.get("readonly")))


def _value(value: Any) -> str | None:
    match value:
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return str(value)
        case _:
            return None


def _truth(value: Any) -> bool:
    """Return a flag however it is written; Scame writes the word, others 0 and 1."""
    return value is True or str(value).strip().lower() in ("true", "1")
