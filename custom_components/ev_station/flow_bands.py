"""The bands of a time-of-use tariff as the form shows them, as they are stored, and what is wrong with them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import time
from itertools import pairwise
from typing import Any, Final

from homeassistant.helpers.selector import (
    ObjectSelector,
    ObjectSelectorConfig,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TimeSelector,
)

from . import const as c
from .flow_selectors import cents_problem, decimal_text, price
from .model.tariff import DayOfWeek

WEEK: Final = tuple(day.value.lower() for day in DayOfWeek)
GROUPS: Final = {"every_day": WEEK, "workdays": WEEK[:5], "weekend": WEEK[5:]}
"""What most bands say of days, offered above the single weekdays."""
MAX_BANDS: Final = 24
_DAY_MINUTES: Final = 24 * 60
_WEEK_MINUTES: Final = 7 * _DAY_MINUTES

type Shown = Mapping[str, Any]


def bands_selector(currency: str, words: Mapping[str, str]) -> ObjectSelector:
    """Return an editable list of bands.

    The frontend translates the fields of such a list but not the options within them: `words` are those.
    """
    options = [SelectOptionDict(value=day, label=words.get(day, day)) for day in (*GROUPS, *WEEK)]
    days = SelectSelector(
        SelectSelectorConfig(options=options, multiple=True, mode=SelectSelectorMode.DROPDOWN)
    )
    return ObjectSelector(
        ObjectSelectorConfig(
            multiple=True,
            translation_key=c.CONF_BANDS,
            label_field=c.CONF_DAYS,
            description_field=c.CONF_PRICE,
            fields={
                c.CONF_DAYS: {"required": True, "selector": days},
                c.CONF_START: {"required": True, "selector": TimeSelector()},
                c.CONF_END: {"required": True, "selector": TimeSelector()},
                c.CONF_PRICE: {"required": True, "selector": price(currency)},
            },
        )
    )


def shown_bands(stored: Iterable[Shown]) -> list[dict[str, Any]]:
    """Return stored bands as the form edits them."""
    return [
        {**band, c.CONF_DAYS: _grouped(band[c.CONF_DAYS]), c.CONF_PRICE: float(band[c.CONF_PRICE])}
        for band in stored
    ]


def read_bands(
    shown: Sequence[Shown], currency: str, *, may_be_none: bool = False
) -> tuple[list[dict[str, Any]], str | None]:
    """Return the bands to store, and the error key if they make no sense together."""
    if not shown:
        return [], None if may_be_none else "no_bands"
    if len(shown) > MAX_BANDS:
        return [], "too_many_bands"
    bands = [
        {
            c.CONF_DAYS: _single_days(band[c.CONF_DAYS]),
            c.CONF_START: _minute(band[c.CONF_START]),
            c.CONF_END: _minute(band[c.CONF_END]),
            c.CONF_PRICE: decimal_text(band[c.CONF_PRICE]),
        }
        for band in shown
    ]
    if not all(band[c.CONF_DAYS] for band in bands):
        return [], "band_without_days"
    if any(cents_problem(band[c.CONF_PRICE], currency) for band in shown):
        return [], "price_in_cents"
    return bands, "bands_overlap" if _overlap(bands) else None


def _single_days(chosen: Iterable[str]) -> list[str]:
    days = {day for each in chosen for day in GROUPS.get(each, (each,))}
    return [day for day in WEEK if day in days]


def _grouped(days: Sequence[str]) -> list[str]:
    return next(([name] for name, group in GROUPS.items() if list(group) == list(days)), list(days))


def _minute(text: str) -> str:
    return time.fromisoformat(text).isoformat(timespec="minutes")


def _overlap(bands: Iterable[Shown]) -> bool:
    spans = sorted(span for band in bands for span in _spans(band))
    return any(after[0] < before[1] for before, after in pairwise(spans))


def _spans(band: Shown) -> Iterator[tuple[int, int]]:
    """Yield when a band holds, in minutes of the week; one past Sunday midnight goes on on Monday."""
    start, end = (_minutes(band[key]) for key in (c.CONF_START, c.CONF_END))
    length = end - start if end > start else end - start + _DAY_MINUTES
    for day in band[c.CONF_DAYS]:
        begin = WEEK.index(day) * _DAY_MINUTES + start
        yield begin, min(begin + length, _WEEK_MINUTES)
        if begin + length > _WEEK_MINUTES:
            yield 0, begin + length - _WEEK_MINUTES


def _minutes(text: str) -> int:
    moment = time.fromisoformat(text)
    return moment.hour * 60 + moment.minute
