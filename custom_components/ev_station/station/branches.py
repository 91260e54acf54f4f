"""The electrical tree of a moment: each circuit with what it carries beside our EVSEs."""

from collections.abc import Mapping
from dataclasses import replace

from ..circuit.bounds import Branch
from ..model.circuit import Amps, CircuitLoad
from ..model.ids import CircuitId
from ..model.state import Circuit
from .context import Context

type Branches = Mapping[CircuitId, Branch]


def observed_branches(context: Context, loads: Mapping[CircuitId, CircuitLoad]) -> Branches:
    """Return the tree as observed; a circuit nobody looked at yet carries what is assumed."""
    branches = dict(assumed_branches(context))
    for circuit in context.draft.all(Circuit):
        load = loads.get(circuit.key)
        if load is not None:
            branch = _branch(circuit, load.load_a)
            branches[circuit.key] = replace(branch, slack_a=load.slack_a)
    return branches


def assumed_branches(context: Context) -> Branches:
    """Return the tree at the worst that is assumed, as nobody looks."""
    circuits = context.draft.all(Circuit)
    return {each.key: _branch(each, each.settings.assumed_a) for each in circuits}


def _branch(circuit: Circuit, load_a: Amps) -> Branch:
    return Branch(
        circuit=circuit.key,
        parent=circuit.settings.parent,
        limit_a=circuit.limit_a,
        load_a=load_a,
        power_limit_w=circuit.power_limit_w,
        unbalanced_limit_a=circuit.settings.unbalanced_limit_a,
    )
