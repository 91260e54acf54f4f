from .site import Site
from custom_components.ev_station.model.status import EvseStatus


async def test_smoke(hass, site: Site) -> None:
    await site.connect()
    await site.status(EvseStatus.AVAILABLE)
    await site.charge()
    for s in hass.states.async_all():
        print(s.entity_id, s.state, dict(s.attributes))
