"""Triggers: a session began or ended, a tag was presented, a charger reports a fault."""

from typing import Any, Final, cast, override

from homeassistant.const import CONF_TARGET
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.trigger import (
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from .coordinator import SIGNAL_NOTICE, EvStationCoordinator
from .lookup import about
from .model.effects import Notice, NoticeKind
from .model.state import Charger, Evse, Key
from .moments import place, told
from .targets import places

SCHEMA: Final = vol.Schema({vol.Required(CONF_TARGET): cv.TARGET_FIELDS})


class NoticeTrigger(Trigger):
    """Fires on the notices of one kind about the targeted chargers and EVSEs."""

    kind: NoticeKind

    @classmethod
    @override
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:
        """Validate the target; what lies in it is looked up when something happens."""
        return cast(ConfigType, SCHEMA(config))

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Keep the target."""
        super().__init__(hass, config)
        self._target: dict[str, Any] = config.target or {}

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Listen at every site, whether it is loaded now or later."""

        @callback
        def hear(coordinator: EvStationCoordinator, notice: Notice) -> None:
            if notice.kind is self.kind and self._meant(coordinator, notice):
                run_action(payload(coordinator, notice), describe(coordinator, notice))

        return async_dispatcher_connect(self._hass, SIGNAL_NOTICE, hear)

    def _meant(self, coordinator: EvStationCoordinator, notice: Notice) -> bool:
        entry_id = coordinator.entry.entry_id
        meant = places(self._hass, self._target)
        return any((entry_id, key) in meant for key in about(coordinator.engine, notice))


def payload(coordinator: EvStationCoordinator, notice: Notice) -> dict[str, Any]:
    """Return what the automation reads as `trigger`."""
    key: Key = (Evse, notice.evse) if notice.evse else (Charger, notice.charger)
    data = told(coordinator.engine, notice, private=coordinator.private_drivers)
    return {"device_id": coordinator.devices.id_of(key), **data}


def describe(coordinator: EvStationCoordinator, notice: Notice) -> str:
    """Return the moment in words for the trace."""
    return f"{notice.kind.value.replace('_', ' ')}: {place(coordinator.engine, notice)}"


class SessionStartedTrigger(NoticeTrigger):
    """A session began."""

    kind = NoticeKind.SESSION_STARTED


class SessionEndedTrigger(NoticeTrigger):
    """A session ended and was sealed."""

    kind = NoticeKind.SESSION_ENDED


class TagPresentedTrigger(NoticeTrigger):
    """A tag was held to a charger."""

    kind = NoticeKind.TAG_PRESENTED


class ChargerFaultTrigger(NoticeTrigger):
    """A charger or an EVSE reports a fault."""

    kind = NoticeKind.CHARGER_FAULT


TRIGGERS: Final[dict[str, type[Trigger]]] = {
    "session_started": SessionStartedTrigger,
    "session_ended": SessionEndedTrigger,
    "tag_presented": TagPresentedTrigger,
    "charger_fault": ChargerFaultTrigger,
}


async def async_get_triggers(_hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers."""
    return TRIGGERS
