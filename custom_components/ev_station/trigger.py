"""Triggers: sessions, tags and faults of chargers; cars that wait or will not be ready, and circuits that carry too much."""

from datetime import datetime
from typing import Any, Final, cast, override

from homeassistant.const import CONF_FOR, CONF_OPTIONS, CONF_TARGET
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.trigger import (
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from .control_moments import SIGNAL_MOMENT, Moment, MomentKind
from .coordinator import SIGNAL_NOTICE, EvStationCoordinator
from .lookup import about
from .model.allowance import Wait
from .model.effects import Notice, NoticeKind
from .moments import place, told
from .targets import places

WAITS_FOR: Final = "waits_for"
_WAITS: Final = [each.value for each in Wait]
WAITING: Final = {
    vol.Optional(WAITS_FOR, default=_WAITS): vol.All(cv.ensure_list, [vol.In(_WAITS)])
}
"""What it is that cars wait for: any of it, unless chosen."""
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
    key = about(coordinator.engine, notice)[-1 if notice.evse else 0]
    data = told(coordinator.engine, notice, private=coordinator.private_drivers)
    return {"device_id": coordinator.devices.id_of(key), **data}


def describe(coordinator: EvStationCoordinator, notice: Notice) -> str:
    """Return the moment in words for the trace."""
    return f"{notice.kind.value.replace('_', ' ')}: {place(coordinator.engine, notice)}"


class MomentTrigger(Trigger):
    """Fires at the moments of one kind at the targeted EVSEs and circuits."""

    kind: MomentKind
    undone_by: MomentKind | None = None
    options: dict[Any, Any] = {}

    @classmethod
    @override
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:
        """Validate target and options."""
        schema = SCHEMA.extend({vol.Optional(CONF_OPTIONS, default=dict): cls.options})
        return cast(ConfigType, schema(config))

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Keep target and options."""
        super().__init__(hass, config)
        self._target: dict[str, Any] = config.target or {}
        self._options: dict[str, Any] = config.options or {}

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Listen at every site, whether it is loaded now or later; what ends before its time is nothing."""
        due: dict[tuple[Any, ...], CALLBACK_TYPE] = {}

        @callback
        def hear(coordinator: EvStationCoordinator, moment: Moment) -> None:
            fact = (coordinator.entry.entry_id, moment.key, moment.data.get(WAITS_FOR))
            if moment.kind is self.undone_by and fact in due:
                due.pop(fact)()
            if moment.kind is not self.kind or not self._meant(coordinator, moment):
                return

            @callback
            def run(_now: datetime | None = None) -> None:
                due.pop(fact, None)
                words = f"{moment.kind.value.replace('_', ' ')}: {moment.data['place']}"
                run_action(dict(moment.data), words)

            if lasts := self._options.get(CONF_FOR):
                due[fact] = async_call_later(self._hass, lasts, run)
            else:
                run()

        stop = async_dispatcher_connect(self._hass, SIGNAL_MOMENT, hear)

        @callback
        def detach() -> None:
            stop()
            while due:
                due.popitem()[1]()

        return detach

    def _meant(self, coordinator: EvStationCoordinator, moment: Moment) -> bool:
        meant = places(self._hass, self._target)
        wanted = self._options.get(WAITS_FOR)
        told = wanted is None or moment.data[WAITS_FOR] in wanted
        return told and (coordinator.entry.entry_id, moment.key) in meant


class WaitingTrigger(MomentTrigger):
    """A car begins or ceases to wait for one of the chosen things."""

    options = WAITING


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


class WaitingStartedTrigger(WaitingTrigger):
    """A car gets nothing and waits."""

    kind = MomentKind.WAITING_STARTED
    undone_by = MomentKind.WAITING_ENDED
    options = {**WAITING, vol.Optional(CONF_FOR): cv.positive_time_period}


class WaitingEndedTrigger(WaitingTrigger):
    """A car waits no longer: it may charge, or it left."""

    kind = MomentKind.WAITING_ENDED


class CircuitOverloadedTrigger(MomentTrigger):
    """A circuit carries too much for longer than is tolerated."""

    kind = MomentKind.CIRCUIT_OVERLOADED


class CircuitRelievedTrigger(MomentTrigger):
    """An overload is over and has cooled down."""

    kind = MomentKind.CIRCUIT_RELIEVED


class MeterSilentTrigger(MomentTrigger):
    """A circuit's meters fell silent, so the worst is assumed."""

    kind = MomentKind.METER_SILENT


class PlanAtRiskTrigger(MomentTrigger):
    """A car will not be ready when it leaves."""

    kind = MomentKind.PLAN_AT_RISK


TRIGGERS: Final[dict[str, type[Trigger]]] = {
    "session_started": SessionStartedTrigger,
    "session_ended": SessionEndedTrigger,
    "tag_presented": TagPresentedTrigger,
    "charger_fault": ChargerFaultTrigger,
    "waiting_started": WaitingStartedTrigger,
    "waiting_ended": WaitingEndedTrigger,
    "circuit_overloaded": CircuitOverloadedTrigger,
    "circuit_relieved": CircuitRelievedTrigger,
    "meter_silent": MeterSilentTrigger,
    "plan_at_risk": PlanAtRiskTrigger,
}


async def async_get_triggers(_hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers."""
    return TRIGGERS
