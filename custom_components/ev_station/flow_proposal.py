"""What the house already knows, proposed as a fresh site's defaults."""

from homeassistant.const import ATTR_FRIENDLY_NAME
from homeassistant.core import HomeAssistant

from .const import DEFAULT_PRICE
from .flow_energy import async_grid_price, async_propose_sources
from .flow_schemas import Proposal


async def async_propose(hass: HomeAssistant) -> Proposal:
    """Return the location's name and currency, the owner, and the price the Energy dashboard uses."""
    price, entity = await async_grid_price(hass)
    return Proposal(
        name=hass.config.location_name,
        currency=hass.config.currency,
        driver=(await async_find_owner(hass))[0],
        price=None if entity else (price or float(DEFAULT_PRICE)),
        price_entity=entity,
        sources=await async_propose_sources(hass, {}),
    )


async def async_find_owner(hass: HomeAssistant) -> tuple[str | None, str | None]:
    """Return the name of the house's owner and their person entity."""
    owner = await hass.auth.async_get_owner()
    if owner is None:
        return None, None
    for person in hass.states.async_all("person"):
        if person.attributes.get("user_id") == owner.id:
            return person.attributes.get(ATTR_FRIENDLY_NAME), person.entity_id
    return owner.name, None
