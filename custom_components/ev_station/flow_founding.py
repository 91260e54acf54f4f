"""What a fresh site starts with: a driver, a tariff and a sheet, so that the first session is billed."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.const import CONF_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.util.ulid import ulid_now

from . import const as c
from .flow_proposal import async_find_owner
from .flow_selectors import async_words, decimal_text, text
from .model.settings import SheetKind
from .price_reading import companions


async def async_found(
    hass: HomeAssistant, answers: Mapping[str, Any]
) -> tuple[list[ConfigSubentryDataWithId], dict[str, Any]]:
    """Return the first subentries and the options that refer to them."""
    words = await async_words(hass, "first")
    founded: list[ConfigSubentryDataWithId] = []
    options: dict[str, Any] = {}
    if tariff := _tariff(hass, answers):
        founded.append(_subentry(c.SUBENTRY_TARIFF, words.get("tariff", "Electricity"), tariff))
        options[c.CONF_DEFAULT_TARIFF] = founded[-1]["subentry_id"]
    if name := text(answers.get(c.CONF_DRIVER)):
        driver = _subentry(c.SUBENTRY_DRIVER, name, await _driver(hass, name))
        founded.append(driver)
        sheet = {c.CONF_KIND: SheetKind.HOUSEHOLD.value, c.CONF_DRIVERS: [driver["subentry_id"]]}
        founded.append(_subentry(c.SUBENTRY_SHEET, words.get("sheet", "Household"), sheet))
    return founded, options


def _tariff(hass: HomeAssistant, answers: Mapping[str, Any]) -> dict[str, Any] | None:
    if entity := answers.get(c.CONF_PRICE_ENTITY):
        return {
            c.CONF_KIND: c.TariffKind.PRICE_ENTITY.value,
            CONF_ENTITY_ID: entity,
            c.CONF_FURTHER_ENTITIES: companions(hass, entity, answers[c.CONF_CURRENCY]),
            c.CONF_SURCHARGE: "0",
            c.CONF_FACTOR: "1",
        }
    if (price := answers.get(c.CONF_PRICE)) is None:
        return None
    return {c.CONF_KIND: c.TariffKind.FIXED.value, c.CONF_PRICE: decimal_text(price)}


async def _driver(hass: HomeAssistant, name: str) -> dict[str, Any]:
    owner, person = await async_find_owner(hass)
    return {
        c.CONF_PERSON: person if owner == name else None,
        c.CONF_TAGS: [],
        c.CONF_TARIFF: None,
        c.CONF_ACTIVE: True,
    }


def _subentry(kind: str, title: str, data: dict[str, Any]) -> ConfigSubentryDataWithId:
    return ConfigSubentryDataWithId(
        data=data, subentry_type=kind, title=title, unique_id=None, subentry_id=ulid_now()
    )
