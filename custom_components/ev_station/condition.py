"""Conditions: a car charges, waits or will be ready, a circuit has room for another load."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, Unpack, cast, override

from homeassistant.const import CONF_OPTIONS, CONF_TARGET
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.condition import (
    ATTR_BEHAVIOR,
    BEHAVIOR_ALL,
    BEHAVIOR_ANY,
    Condition,
    ConditionCheckParams,
    ConditionConfig,
)
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from .coordinator import EvStationCoordinator
from .model.allowance import Allowance
from .model.plan import EvsePlan, PlanState
from .model.state import Circuit, Evse, Key
from .model.status import EvseStatus
from .targets import coordinators, places
from .trigger import WAITING, WAITS_FOR

CURRENT: Final = "current"
_BEHAVIOR: Final = {
    vol.Required(ATTR_BEHAVIOR, default=BEHAVIOR_ANY): vol.In([BEHAVIOR_ANY, BEHAVIOR_ALL])
}


class TargetCondition(Condition):
    """Asks what is so at the targeted EVSEs or circuits; a target with none of them is never met."""

    options: dict[Any, Any] = {}
    kind: type[Any] = Evse

    @classmethod
    @override
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:
        """Validate target and options; what lies in the target is looked up when it is asked for."""
        schema = vol.Schema(
            {
                vol.Required(CONF_TARGET): cv.TARGET_FIELDS,
                vol.Optional(CONF_OPTIONS, default=dict): {**_BEHAVIOR, **cls.options},
            }
        )
        return cast(ConfigType, schema(config))

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Keep target and options."""
        super().__init__(hass, config)
        self._target: dict[str, Any] = config.target or {}
        self._options: dict[str, Any] = config.options or {}

    @override
    def _async_check(self, **kwargs: Unpack[ConditionCheckParams]) -> bool:
        met = [self.is_met(coordinator, key) for coordinator, key in self._found()]
        return bool(met) and (all if self._options[ATTR_BEHAVIOR] == BEHAVIOR_ALL else any)(met)

    def _found(self) -> Iterator[tuple[EvStationCoordinator, Key]]:
        loaded = coordinators(self._hass)
        for entry_id, key in places(self._hass, self._target):
            if key[0] is self.kind:
                yield loaded[entry_id], key

    def is_met(self, coordinator: EvStationCoordinator, key: Key) -> bool:
        """Return whether it is so there."""
        raise NotImplementedError


class IsChargingCondition(TargetCondition):
    """Energy flows into a car."""

    @override
    def is_met(self, coordinator: EvStationCoordinator, key: Key) -> bool:
        evse = coordinator.engine.state.get(Evse, key[1])
        return evse is not None and evse.status is EvseStatus.CHARGING


class IsWaitingCondition(TargetCondition):
    """A car waits for room, for the sun or for a better price."""

    options = WAITING

    @override
    def is_met(self, coordinator: EvStationCoordinator, key: Key) -> bool:
        allowance = coordinator.engine.state.get(Allowance, key[1])
        return allowance is not None and allowance.waits_for in self._options[WAITS_FOR]


class IsOnTrackCondition(TargetCondition):
    """A car is planned for and will be ready when it leaves."""

    @override
    def is_met(self, coordinator: EvStationCoordinator, key: Key) -> bool:
        plan = coordinator.engine.state.get(EvsePlan, key[1])
        return plan is not None and plan.standing is PlanState.ON_TRACK


class CircuitHasHeadroomCondition(TargetCondition):
    """A circuit could carry so much more on whichever phase."""

    kind = Circuit
    options = {vol.Required(CURRENT): vol.All(vol.Coerce(float), vol.Range(min=0))}

    @override
    def is_met(self, coordinator: EvStationCoordinator, key: Key) -> bool:
        seen = coordinator.engine.seen.circuits.get(str(key[1]))
        return seen is not None and seen.headroom_a >= Decimal(str(self._options[CURRENT]))


CONDITIONS: Final[dict[str, type[Condition]]] = {
    "is_charging": IsChargingCondition,
    "is_waiting": IsWaitingCondition,
    "is_on_track": IsOnTrackCondition,
    "circuit_has_headroom": CircuitHasHeadroomCondition,
}


async def async_get_conditions(_hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions."""
    return CONDITIONS
