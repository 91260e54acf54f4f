"""Actions."""
from homeassistant.core import HomeAssistant, callback

@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
