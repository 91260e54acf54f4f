"""Moments of the site's control that automations want to hear of: who begins to wait, which circuit is overloaded."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.util.signal_type import SignalType

from .const import DOMAIN
from .lookup import circuit_name, driver_name, evse_name, evse_view, open_session
from .model.allowance import Allowance, Wait
from .model.ids import CircuitId, EvseId
from .model.plan import EvsePlan, PlanState
from .model.state import Charger, Circuit, Evse, Key
from .moments import without_people
from .reasons import async_sentence

if TYPE_CHECKING:
    from .coordinator import EvStationCoordinator
    from .station import Seen


class MomentKind(StrEnum):
    """What begins or ends."""

    WAITING_STARTED = "waiting_started"
    WAITING_ENDED = "waiting_ended"
    CIRCUIT_OVERLOADED = "circuit_overloaded"
    CIRCUIT_RELIEVED = "circuit_relieved"
    METER_SILENT = "meter_silent"
    PLAN_AT_RISK = "plan_at_risk"


class Moment(NamedTuple):
    """Something that just became so."""

    kind: MomentKind
    key: Key
    data: Mapping[str, Any]


SIGNAL_MOMENT: Final = SignalType["EvStationCoordinator", Moment](f"{DOMAIN}_moment")


class Fact(NamedTuple):
    """Something that is so for a while."""

    key: Key
    begins: MomentKind
    ends: MomentKind | None = None
    waits_for: Wait | None = None


class ControlMoments:
    """Compares each look at the site with the one before."""

    def __init__(self, hass: HomeAssistant, coordinator: EvStationCoordinator) -> None:
        """Prepare; nothing is told before `async_start`."""
        self._hass = hass
        self._coordinator = coordinator
        self._facts: set[Fact] | None = None
        self._spoke: set[CircuitId] = set()
        """Circuits whose meters said something: others cannot fall silent."""

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Follow every look; what was so before the first one is no news."""
        return self._coordinator.engine.listen_looks(self.saw)

    @callback
    def saw(self, seen: Seen) -> None:
        """Tell what differs from the look before."""
        self._spoke |= {key for key, found in seen.circuits.items() if found.measured}
        now, before = set(self._facts_of(seen)), self._facts
        self._facts = now
        if before is None:
            return
        for fact in sorted(before - now, key=str):
            if fact.ends is not None:
                self._tell(fact.ends, fact)
        for fact in sorted(now - before, key=str):
            self._tell(fact.begins, fact)

    def _facts_of(self, seen: Seen) -> Iterator[Fact]:
        state = self._coordinator.engine.state
        for allowance in state.all(Allowance):
            if waits_for := allowance.waits_for:
                yield Fact(
                    (Evse, allowance.id),
                    MomentKind.WAITING_STARTED,
                    MomentKind.WAITING_ENDED,
                    waits_for,
                )
        for circuit, found in seen.circuits.items():
            if found.overloaded:
                yield Fact(
                    (Circuit, circuit), MomentKind.CIRCUIT_OVERLOADED, MomentKind.CIRCUIT_RELIEVED
                )
        for each in state.all(Circuit):
            if each.blind and each.key in self._spoke:
                yield Fact((Circuit, each.key), MomentKind.METER_SILENT)
        for plan in state.all(EvsePlan):
            if plan.standing is not PlanState.ON_TRACK:
                yield Fact((Evse, plan.id), MomentKind.PLAN_AT_RISK)

    def _tell(self, kind: MomentKind, fact: Fact) -> None:
        coordinator = self._coordinator
        match fact.key[1]:
            case EvseId() as evse if kind is MomentKind.PLAN_AT_RISK:
                told = self._of_plan(evse)
            case EvseId() as evse:
                told = self._of_evse(evse, fact)
            case name:
                told = self._of_circuit(str(name))
        data = {"device_id": coordinator.devices.id_of(fact.key), **told}
        hidden = without_people(data) if coordinator.private_drivers else data
        async_dispatcher_send(
            self._hass, SIGNAL_MOMENT, coordinator, Moment(kind, fact.key, hidden)
        )

    def _of_evse(self, key: EvseId, fact: Fact) -> dict[str, Any]:
        """Return who waits for what; of a car that waits no longer, what it has now."""
        engine = self._coordinator.engine
        charger, evse = engine.state.get(Charger, key.charger), engine.state.get(Evse, key)
        allowance = engine.state.get(Allowance, key)
        session = open_session(engine, evse) if evse else None
        circuit = circuit_name(engine, allowance)
        return {
            "place": evse_name(charger, key) if charger else str(key),
            "waits_for": fact.waits_for.value if fact.waits_for else None,
            "reason": async_sentence(self._hass, allowance, circuit) if allowance else None,
            "limit": float(allowance.limit_a) if allowance else None,
            "circuit": circuit,
            "driver": session.payer.driver if session else None,
            "driver_name": driver_name(engine, session.payer.driver) if session else None,
        }

    def _of_plan(self, key: EvseId) -> dict[str, Any]:
        """Return what a car will lack when it leaves, and why."""
        engine = self._coordinator.engine
        view, plan = evse_view(engine, key), engine.state.get(EvsePlan, key)
        if view is None or plan is None:
            return {"place": str(key)}
        session = open_session(engine, view.evse)
        return {
            "place": evse_name(view.charger, key),
            "reason": plan.standing.value,
            "missing_kwh": round(float(plan.unmet_wh) / 1000, 1),
            "missing_percent": view.missing_percent,
            "departure": plan.leaves_at.isoformat(),
            "late_until": plan.late_until.isoformat() if plan.late_until else None,
            "vehicle": view.vehicle.settings.name if view.vehicle else None,
            "driver": session.payer.driver if session else None,
            "driver_name": driver_name(engine, session.payer.driver) if session else None,
        }

    def _of_circuit(self, key: CircuitId) -> dict[str, Any]:
        """Return how full a circuit is."""
        engine = self._coordinator.engine
        circuit, seen = engine.state.get(Circuit, key), engine.seen.circuits.get(key)
        return {
            "place": circuit.settings.name if circuit else key,
            "limit": float(circuit.limit_a) if circuit else None,
            "load": float(max(seen.total_a)) if seen else None,
            "headroom": float(seen.headroom_a) if seen else None,
        }
