"""What a notice tells people: with the names of driver and EVSE, or without the driver's."""

from collections.abc import Mapping
from typing import Any, Final

from .engine import Engine
from .lookup import driver_name, evse_name, site_settings
from .model.effects import Notice
from .model.state import Charger

PERSONAL: Final = frozenset({"driver", "driver_name", "fingerprint", "tag", "vehicle"})
MAX_LENGTH: Final = 200


def place(engine: Engine, notice: Notice) -> str:
    """Return the name of the EVSE, charger or site a notice is about."""
    if notice.charger is None:
        site = site_settings(engine)
        return site.name if site else ""
    charger = engine.state.get(Charger, notice.charger)
    if charger is None:
        return notice.charger
    return evse_name(charger, notice.evse) if notice.evse else charger.settings.name


def told(engine: Engine, notice: Notice, *, private: bool) -> Mapping[str, Any]:
    """Return a notice's data for states and automations; foreign text is clipped."""
    data = {**notice.data, "place": place(engine, notice)}
    if "driver" in data:
        driver = data["driver"]
        data["driver_name"] = driver_name(engine, driver if isinstance(driver, str) else None)
    clipped = {key: _clip(value) for key, value in data.items()}
    return without_people(clipped) if private else clipped


def without_people(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what may be told where drivers are private."""
    return {key: value for key, value in data.items() if key not in PERSONAL}


def _clip(value: Any) -> Any:
    return value[:MAX_LENGTH] if isinstance(value, str) else value
