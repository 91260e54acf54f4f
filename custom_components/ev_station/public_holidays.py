"""Public holidays, as the library knows them that Home Assistant's own integration Workday asks."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from homeassistant.core import HomeAssistant
from homeassistant.loader import IntegrationNotFound
from homeassistant.requirements import RequirementsNotFound, async_get_integration_with_requirements
from homeassistant.util import dt as dt_util

from .const import LOGGER

if TYPE_CHECKING:
    from holidays import HolidayBase

_WORKDAY: Final = "workday"
"""Brings the library, in the version this Home Assistant wants: a pin of our own would fight with it each month."""
_UNKNOWN: Final = (RequirementsNotFound, IntegrationNotFound, ImportError, NotImplementedError)
"""There is no library, or it does not know the country or the region."""


class Region(NamedTuple):
    """Whose public holidays are meant: ISO 3166 codes of a country and of a part of it."""

    country: str
    subdivision: str | None = None


def today() -> date:
    """Return the local day."""
    return dt_util.as_local(dt_util.utcnow()).date()


async def async_is_known(hass: HomeAssistant) -> bool:
    """Return whether holidays can be looked up at all."""
    return await _ask(hass, _is_there, otherwise=False)


async def async_subdivisions(hass: HomeAssistant, country: str) -> dict[str, str]:
    """Return the parts of a country that have holidays of their own: codes and what they are called."""
    return await _ask(hass, lambda: _subdivisions(country), otherwise={})


async def async_holidays(hass: HomeAssistant, region: Region) -> dict[date, str]:
    """Return the public holidays of this year and the next in order, named in the house's language if possible."""
    year, language = today().year, hass.config.language
    return await _ask(hass, lambda: _holidays(region, year, language), otherwise={})


async def _ask[T](hass: HomeAssistant, question: Callable[[], T], *, otherwise: T) -> T:
    """Ask the library, which reads files: where it may be installed, imported and asked without holding up the rest."""
    try:
        await async_get_integration_with_requirements(hass, _WORKDAY)
        return await hass.async_add_import_executor_job(question)
    except _UNKNOWN as error:
        LOGGER.debug("No public holidays: %r", error)
        return otherwise


def _is_there() -> bool:
    import holidays  # noqa: F401, PLC0415 - not everywhere

    return True


def _subdivisions(country: str) -> dict[str, str]:
    calendar = _calendar(Region(country))
    aliases = calendar.get_subdivision_aliases()
    return {code: ", ".join(aliases.get(code, ())) or code for code in calendar.subdivisions}


def _holidays(region: Region, year: int, language: str) -> dict[date, str]:
    spoken = language.partition("-")[0]
    offered = _calendar(region).supported_languages
    chosen = next((each for each in offered if each.partition("_")[0] == spoken), None)
    return dict(sorted(_calendar(region, (year, year + 1), chosen).items()))


def _calendar(
    region: Region, years: tuple[int, ...] = (), language: str | None = None
) -> HolidayBase:
    import holidays  # noqa: PLC0415 - not everywhere

    return holidays.country_holidays(
        region.country, subdiv=region.subdivision, years=years, language=language
    )
