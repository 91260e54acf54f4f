"""Repairs the text of frames that are no JSON but can be understood; only reached when parsing failed."""

from collections.abc import Iterator
import re
from typing import Final

from .quirks import Quirk, Report

# A string, a constant JSON does not know, a run of commas, or a colon with nothing after it. Strings match
# first, so nothing inside them is taken for structure.
_TOKEN: Final = re.compile(
    r'"(?:[^"\\]|\\.)*"?|-?(?:NaN|Infinity)\b|:(?=\s*[,}\]])|,(?=\s*[,}\]])|[\[{](?:\s*,)+',
    re.DOTALL,
)
_CONTROL: Final = re.compile(r"[\x00-\x1f]")
_BAD_ESCAPE: Final = re.compile(r"\\(?![\"\\/bfnrt]|u[0-9a-fA-F]{4})")
_PAIR_OR_HALF: Final = re.compile(
    r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)


def repair(text: str, report: Report) -> str:
    """Return the text with its known faults mended, reporting each kind of fault."""
    return "".join(_pieces(text.replace("\x00", ""), "\x00" in text, report))


def _pieces(text: str, had_nul: bool, report: Report) -> Iterator[str]:
    if had_nul:
        report(Quirk.CONTROL_CHARACTER, text)
    done = 0
    for match in _TOKEN.finditer(text):
        yield text[done : match.start()]
        yield _mended(match.group(), text, report)
        done = match.end()
    yield text[done:]


def _mended(token: str, text: str, report: Report) -> str:
    match token[0]:
        case '"':
            return _mended_string(token, report)
        case ":":
            report(Quirk.EMPTY_VALUE, text)
            return ":null"
        case ",":
            report(Quirk.STRAY_COMMA, text)
            return ""
        case "[" | "{":
            report(Quirk.STRAY_COMMA, text)
            return token[0]
        case _:
            report(Quirk.NOT_A_NUMBER, text)
            return "null"


def _mended_string(string: str, report: Report) -> str:
    if _CONTROL.search(string):
        report(Quirk.CONTROL_CHARACTER, string)
        string = _CONTROL.sub(" ", string)
    if "\\" not in string:
        return string
    whole = _without_halves(string, report)
    return _without_bad_escapes(whole, report)


def _without_halves(string: str, report: Report) -> str:
    def replace(match: re.Match[str]) -> str:
        if len(match.group()) != len("\\ud800"):
            return match.group()
        report(Quirk.LONE_SURROGATE, string)
        return "\\ufffd"

    return _PAIR_OR_HALF.sub(replace, string)


def _without_bad_escapes(string: str, report: Report) -> str:
    def replace(match: re.Match[str]) -> str:
        if match.group() == "\\\\":
            return match.group()
        report(Quirk.BAD_ESCAPE, string)
        return "\\\\"

    return re.sub(rf"\\\\|{_BAD_ESCAPE.pattern}", replace, string)
