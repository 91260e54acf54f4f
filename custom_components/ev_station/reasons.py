"""Why an EVSE has its present limit, in the house's language."""

from decimal import Decimal
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.translation import async_get_cached_translations
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .model.allowance import Allowance, ReasonKind

VOCABULARY: Final = "limit_reason"
_OF_POWER: Final = {ReasonKind.SHARE: "share_power", ReasonKind.WAITING: "waiting_power"}
"""Words where no phase is to blame but a circuit's whole power."""
_GRANTED: Final = {ReasonKind.PEAK: "peak_share", ReasonKind.DELAYED: "delayed_end"}
"""Words where what else is a reason to wait leaves something."""
_LONGEST_NAME: Final = 60
_LONGEST_STATE: Final = 255


def word_of(allowance: Allowance) -> str:
    """Return the key of the sentence that says why."""
    reason = allowance.reason
    if reason.kind in _GRANTED and allowance.limit_a:
        return _GRANTED[reason.kind]
    if reason.phase is None:
        return _OF_POWER.get(reason.kind, reason.kind.value)
    return reason.kind.value


@callback
def async_word(hass: HomeAssistant, vocabulary: str, word: str, otherwise: str = "") -> str:
    """Return a word or sentence of a vocabulary in the house's language."""
    words = async_get_cached_translations(hass, hass.config.language, "selector", DOMAIN)
    return words.get(f"component.{DOMAIN}.selector.{vocabulary}.options.{word}", otherwise)


@callback
def async_sentence(hass: HomeAssistant, allowance: Allowance, circuit: str | None) -> str:
    """Return why an EVSE has its limit; `circuit` is the name of the one that holds it."""
    reason = allowance.reason
    sentence = async_word(hass, VOCABULARY, word_of(allowance), reason.kind.value).format(
        limit=_short(allowance.limit_a),
        circuit=(circuit or "?")[:_LONGEST_NAME],
        phase="?" if reason.phase is None else f"L{reason.phase + 1}",
        cars=reason.cars,
        until="?" if reason.until is None else f"{dt_util.as_local(reason.until):%H:%M}",
    )
    return sentence[:_LONGEST_STATE]


def _short(amps: Decimal) -> str:
    return f"{amps.normalize():f}" if amps else "0"
