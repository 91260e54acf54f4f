"""Where EVSEs hang in the electrical tree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..model.allowance import Allowance
from ..model.ids import ChargerId, CircuitId
from ..model.session import Session
from ..model.settings import EvseSettings
from ..model.state import Charger, Circuit, Draft, Evse, SiteState


@dataclass(frozen=True, slots=True)
class Place:
    """An EVSE on a circuit."""

    circuit: CircuitId
    charger: Charger
    evse: Evse
    settings: EvseSettings
    allowance: Allowance | None
    session: Session | None
    """What goes on there."""


def circuit_of(circuits: Sequence[Circuit], charger: ChargerId) -> CircuitId | None:
    """Return the circuit a charger hangs on; one that was put on none hangs on the only one at the top."""
    for circuit in circuits:
        if charger in circuit.settings.chargers:
            return circuit.key
    known = {circuit.key for circuit in circuits}
    tops = [each.key for each in circuits if each.settings.parent not in known]
    return tops[0] if len(tops) == 1 else None


def places(view: SiteState | Draft) -> Iterator[Place]:
    """Yield every EVSE that hangs on a circuit."""
    circuits = list(view.all(Circuit))
    for charger in list(view.all(Charger)) if circuits else ():
        circuit = circuit_of(circuits, charger.key)
        if circuit is None:
            continue
        for number in charger.evses:
            evse = view.get(Evse, number)
            if evse is not None:
                yield _place(view, circuit, charger, evse)


def _place(view: SiteState | Draft, circuit: CircuitId, charger: Charger, evse: Evse) -> Place:
    return Place(
        circuit=circuit,
        charger=charger,
        evse=evse,
        settings=charger.settings.evse(evse.id.evse),
        allowance=view.get(Allowance, evse.id),
        session=None if evse.session is None else view.get(Session, evse.session),
    )
