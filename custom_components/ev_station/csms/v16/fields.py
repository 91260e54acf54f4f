"""Single fields, read with patience: the value if it can be understood, None if not."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from ..quirks import printable

type Fields = Mapping[str, Any]

_MAGNITUDE: Final = 15
"""No meter counts beyond a million GWh, none resolves finer than a pico unit."""
_LONGEST_NUMBER: Final = 40


def text(fields: Fields, name: str, length: int) -> str | None:
    """Return a text clipped to its CiString length; None if absent, empty or the word `null`."""
    value = fields.get(name)
    if isinstance(value, (int, float)):
        value = str(value)
    if not isinstance(value, str):
        return None
    return printable(value, length).strip() or None if value != "null" else None


def integer(fields: Fields, name: str) -> int | None:
    """Return a whole number, also one written as text or with a fraction of zero."""
    value = fields.get(name)
    if type(value) is int:
        return value
    exact = number(value)
    return int(exact) if exact is not None and exact == exact.to_integral_value() else None


def number(value: Any) -> Decimal | None:
    """Return the exact value of a number or of a text that holds one; never NaN, infinite or absurd."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    written = str(value)
    if len(written) > _LONGEST_NUMBER:
        return None
    try:
        exact = Decimal(written.replace(",", "."))
    except InvalidOperation:
        return None
    return exact if exact.is_finite() and abs(exact.adjusted()) <= _MAGNITUDE else None
