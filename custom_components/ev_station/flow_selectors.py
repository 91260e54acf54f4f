"""What several forms ask for alike: choices among subentries, prices, sections, and how to read them back."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
from homeassistant.helpers.translation import async_get_translations
import voluptuous as vol

from .configuration import subentries
from .const import DOMAIN
from .sources.units import dearest

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

_MARKDOWN: Final = str.maketrans(
    {character: f"\\{character}" for character in r"\`*_{}[]<>()#!|~&"}
)


def plain(foreign: str) -> str:
    """Return text a charger or a person wrote so that a form's Markdown shows it as it is."""
    return foreign.translate(_MARKDOWN)


def choice(options: Iterable[str], translation_key: str) -> SelectSelector:
    """Return a dropdown of a closed vocabulary."""
    return SelectSelector(
        SelectSelectorConfig(
            options=list(options),
            translation_key=translation_key,
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


def subentry_choice(
    entry: EvStationConfigEntry,
    kind: str,
    *,
    multiple: bool = False,
    besides: ConfigSubentry | None = None,
) -> SelectSelector:
    """Return a choice among an entry's subentries of a kind."""
    options = [
        SelectOptionDict(value=each.subentry_id, label=each.title)
        for each in subentries(entry, kind)
        if each is not besides
    ]
    mode = SelectSelectorMode.LIST if multiple else SelectSelectorMode.DROPDOWN
    return SelectSelector(
        SelectSelectorConfig(options=options, multiple=multiple, mode=mode, sort=True)
    )


def still_there(entry: EvStationConfigEntry, subentry_id: str | None) -> str | None:
    """Return the id unless its subentry was removed since it was chosen."""
    return subentry_id if subentry_id in entry.subentries else None


def price(currency: str) -> NumberSelector:
    """Return a box for a price per kWh; some may be negative."""
    return NumberSelector(
        NumberSelectorConfig(
            mode=NumberSelectorMode.BOX, step="any", unit_of_measurement=f"{currency}/kWh"
        )
    )


def price_per_kw(currency: str) -> NumberSelector:
    """Return a box for a price of power, which nobody is paid for drawing."""
    config = NumberSelectorConfig(min=0, mode=NumberSelectorMode.BOX, step="any")
    config["unit_of_measurement"] = f"{currency}/kW"
    return NumberSelector(config)


def price_problem(value: float, currency: str) -> str | None:
    """Return what is wrong with a price that holds at all hours: it pays the driver, or is in cents."""
    if value < 0:
        return "price_negative"
    return cents_problem(value, currency)


def cents_problem(value: float, currency: str) -> str | None:
    """Return what is wrong with a price typed in cents."""
    limit = dearest(currency)
    return "price_in_cents" if limit is not None and value > limit else None


def factor() -> NumberSelector:
    """Return a box for what a price is multiplied with."""
    return NumberSelector(NumberSelectorConfig(mode=NumberSelectorMode.BOX, step="any"))


def percent() -> NumberSelector:
    """Return a box for a share of 100, such as a tax."""
    config = NumberSelectorConfig(min=0, max=100, step="any", mode=NumberSelectorMode.BOX)
    config["unit_of_measurement"] = "%"
    return NumberSelector(config)


def energy() -> NumberSelector:
    """Return a box for what a battery holds."""
    config = NumberSelectorConfig(min=0.1, mode=NumberSelectorMode.BOX, step="any")
    config["unit_of_measurement"] = "kWh"
    return NumberSelector(config)


def whole(minimum: int, maximum: int, unit: str | None = None) -> vol.All[Any]:
    """Return a box for a whole number."""
    config = NumberSelectorConfig(min=minimum, max=maximum, mode=NumberSelectorMode.BOX)
    if unit:
        config["unit_of_measurement"] = unit
    return vol.All(NumberSelector(config), vol.Coerce(int))


def numbers(*units: str) -> EntitySelector:
    """Return a choice among entities that say a number in one of these units."""
    domains = ["sensor", "number", "input_number"]
    return EntitySelector(
        EntitySelectorConfig(filter=[{"domain": domains, "unit_of_measurement": [*units]}])
    )


def collapsed(fields: Mapping[Any, Any]) -> section:
    """Return a section most people never open."""
    return section(vol.Schema(dict(fields)), {"collapsed": True})


def folded(fields: Mapping[Any, Any], proposed: Iterable[str]) -> section:
    """Return a section that is open where something is proposed in it: nothing is stored unseen."""
    is_open = any(str(field) in set(proposed) for field in fields)
    return section(vol.Schema(dict(fields)), {"collapsed": not is_open})


def optional(key: str, value: Any) -> vol.Optional:
    """Return an optional field that shows a value which can be emptied."""
    if value is None:
        return vol.Optional(key)
    return vol.Optional(key, description={"suggested_value": value})


def flat(user_input: Mapping[str, Any], *sections: str) -> dict[str, Any]:
    """Return a form's answers with those of its sections lifted to the top."""
    answers = {key: value for key, value in user_input.items() if key not in sections}
    for name in sections:
        answers |= user_input.get(name, {})
    return answers


def text(value: str | None) -> str | None:
    """Return what somebody typed without surrounding space; None for nothing."""
    return (value or "").strip() or None


def decimal_text(value: float | str) -> str:
    """Return a number from a form as the shortest exact decimal: 0.1 is `0.1`, not its binary neighbour."""
    number = Decimal(str(value))
    return f"{number.normalize():f}" if number else "0"


def name_problem(
    entry: EvStationConfigEntry, kind: str, name: str, besides: ConfigSubentry | None = None
) -> str | None:
    """Return what is wrong with a subentry's name: it says nothing, or another of the kind has it."""
    if (title := text(name)) is None:
        return "name_missing"
    others = (each for each in subentries(entry, kind) if each is not besides)
    same = any(each.title.casefold() == title.casefold() for each in others)
    return "name_taken" if same else None


async def async_words(hass: HomeAssistant, vocabulary: str) -> dict[str, str]:
    """Return a selector's words in the house's language, where the frontend does not look them up itself."""
    prefix = f"component.{DOMAIN}.selector.{vocabulary}.options."
    found = await async_get_translations(hass, hass.config.language, "selector", {DOMAIN})
    return {key.removeprefix(prefix): word for key, word in found.items() if key.startswith(prefix)}
