"""Asking a charger for what it would not tell in time (OCPP 1.6 §5.17)."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from ..model.commands import CommandStatus, Trigger, TriggerKind
from ..model.events import CommandAnswered
from ..model.ids import EvseId
from ..model.state import AskedMeterValues, Charger, Evse
from .context import Context

ASKED_EVERY: Final = timedelta(seconds=10)
"""A car that goes on and off is not asked about more often."""


def ask_state(context: Context, charger: Charger) -> None:
    """Ask for statuses and, where a session runs, for meter values: after a reconnect nobody sends them unasked."""
    if not _takes_triggers(charger):
        return
    context.send(charger, None, Trigger(kind=TriggerKind.STATUS))
    for evse in charger.evses:
        if context.session_at(evse) is not None:
            _ask_meter_values(context, charger, evse)


def ask_power(context: Context, evse_id: EvseId) -> None:
    """Ask what a session draws that begins to: its next sample may be a minute away."""
    charger, asked = context.charger(evse_id.charger), context.evse(evse_id).asked_meter_values
    if charger is None or context.session_at(evse_id) is None or not _takes_triggers(charger):
        return
    if asked is None or context.now - asked.at >= ASKED_EVERY:
        _ask_meter_values(context, charger, evse_id)


def _takes_triggers(charger: Charger) -> bool:
    """Return whether the charger may be asked; one that is not prepared yet is asked when it is."""
    ready = charger.connection is not None and charger.prepared_on == charger.connection
    return ready and charger.prepared is not None and charger.prepared.remote_trigger is not False


def _ask_meter_values(context: Context, charger: Charger, evse: EvseId) -> None:
    command = context.send(charger, evse, Trigger(kind=TriggerKind.METER_VALUES, evse=evse.evse))
    asked = AskedMeterValues(command=command, at=context.now)
    context.draft.put(replace(context.evse(evse), asked_meter_values=asked))


def trigger_answered(context: Context, evse: Evse, event: CommandAnswered) -> None:
    """Ask a charger no more that does not know the request (F38)."""
    asked, charger = evse.asked_meter_values, context.charger(event.charger)
    if asked is None or asked.command != event.command or charger is None:
        return
    if event.status is CommandStatus.NOT_SUPPORTED and charger.prepared is not None:
        prepared = replace(charger.prepared, remote_trigger=False)
        context.draft.put(replace(charger, prepared=prepared))
