"""Numbers out of bounds, told in the reader's language: Home Assistant's own words for them are English.

A form is shown with fields that take any number; what the real fields make of it is then said by its flow.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, override

from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import NumberSelector
import voluptuous as vol

_WORDS: Final = ("value", "least", "most")
"""What the error's text names."""

type Fields = Mapping[Any, Any]
type Words = dict[str, str]


class _AnyNumber(NumberSelector):
    """Shows its bounds and takes what is beyond them."""

    @override
    def __call__(self, data: Any) -> float:
        number: float = vol.Coerce(float)(data)
        return number


def unbounded(fields: Fields, answers: Mapping[str, Any] | None = None) -> vol.Schema:
    """Return a form that looks the same and takes any number; a section in which one is out of bounds is open."""
    given = answers or {}
    return vol.Schema(
        {key: _unbounded(field, given.get(str(key))) for key, field in fields.items()}
    )


def _unbounded(field: Any, answer: Any) -> Any:
    if isinstance(field, section):
        inside = field.schema.schema
        wrong = any(_outside(inside, answer or {}))
        return section(unbounded(inside), {"collapsed": False} if wrong else field.options)
    if _bounds(field) is None:
        return field
    if isinstance(field, vol.All):
        first, *rest = field.validators
        return vol.All(_AnyNumber(first.config), *rest)
    return _AnyNumber(field.config)


def bounds_errors(fields: Fields, answers: Mapping[str, Any] | None) -> tuple[Words, Words]:
    """Return the error of the first number out of bounds by its field, `base` in a section, and the words to say so; none of either if there is none."""
    found = next(_outside(fields, answers or {}), None)
    if found is None:
        return {}, {}
    field, numbers = found
    return {field: "out_of_bounds"}, {
        word: f"{number:g}" for word, number in zip(_WORDS, numbers, strict=True)
    }


def _outside(
    fields: Fields, answers: Mapping[str, Any]
) -> Iterator[tuple[str, tuple[float, float, float]]]:
    for key, field in fields.items():
        value = answers.get(str(key))
        if isinstance(field, section):
            yield from (("base", each) for _, each in _outside(field.schema.schema, value or {}))
        elif value is not None and (bounds := _bounds(field)):
            least, most = bounds
            if not least <= value <= most:
                yield str(key), (value, least, most)


def _bounds(field: Any) -> tuple[float, float] | None:
    selector = field.validators[0] if isinstance(field, vol.All) else field
    if not isinstance(selector, NumberSelector) or not {"min", "max"} <= selector.config.keys():
        return None
    return selector.config["min"], selector.config["max"]
