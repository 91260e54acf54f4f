"""What people and automations ask for: start, stop, limit, pause, assign."""

from dataclasses import replace
from typing import assert_never

from ..access.fingerprint import remote_token
from ..billing.cdr import credit, reassigned
from ..model import events as e
from ..model.commands import RemoteStart, RemoteStop
from ..model.effects import Refuse, Send, Settle
from ..model.ids import CommandId, DriverId, EvseId
from ..model.session import Session
from ..model.state import Charger, ExpectedStart, ExpectedStop
from .context import Context
from .limiting import apply_limits
from .sealing import book, sheet_of
from .vehicles import guest_wished, wished


def requested(context: Context, event: e.RequestEvent) -> None:
    """Carry out a request or turn it down with a reason."""
    match event:
        case e.StartRequested():
            _start(context, event)
        case e.StopRequested():
            _stop(context, event)
        case e.LimitRequested() | e.ChargingEnabled():
            _limit(context, event)
        case e.ModeRequested():
            _mode(context, event)
        case e.BoostRequested():
            _boost(context, event)
        case e.VehicleChosen() | e.GoalRequested() | e.TripRequested():
            wished(context, event)
        case e.GuestRequested():
            guest_wished(context, event)
        case e.SessionAssigned():
            _assign(context, event)
        case _:
            assert_never(event)


def _limit(context: Context, event: e.LimitRequested | e.ChargingEnabled) -> None:
    """Send the new limit at once; an absent charger gets it when it is back."""
    if context.charger(event.evse.charger) is None:
        context.effects.append(Refuse(id=event.command, reason="charger_not_connected"))
        return
    evse = replace(context.evse(event.evse), ever_limited=True)
    wanted = (
        replace(evse, limit_a=event.limit_a)
        if isinstance(event, e.LimitRequested)
        else replace(evse, enabled=event.enabled)
    )
    context.draft.put(wanted)
    apply_limits(context, event.evse)
    sends = [effect for effect in context.effects if isinstance(effect, Send)]
    by = sends[-1].id if sends else None
    context.effects.append(Settle(id=event.command, by=by))


def _mode(context: Context, event: e.ModeRequested) -> None:
    """Note the mode; what follows from it comes with the next look at the site."""
    if context.charger(event.evse.charger) is None:
        context.effects.append(Refuse(id=event.command, reason="charger_not_connected"))
        return
    context.draft.put(replace(context.evse(event.evse), mode=event.mode))
    context.effects.append(Settle(id=event.command))


def _boost(context: Context, event: e.BoostRequested) -> None:
    """Note that the home battery is to be drained into a car; how far, the looks at the site watch."""
    refusal = _boost_refusal(context, event) if event.on else None
    if refusal is not None:
        context.effects.append(Refuse(id=event.command, reason=refusal))
        return
    if context.charger(event.evse.charger) is not None:
        context.draft.put(replace(context.evse(event.evse), boosts=event.on))
    context.effects.append(Settle(id=event.command))


def _boost_refusal(context: Context, event: e.BoostRequested) -> str | None:
    battery = context.settings.battery
    if battery is None or not battery.measured:
        return "no_home_battery"
    return "no_session" if context.session_at(event.evse) is None else None


def _connected(context: Context, evse: EvseId, command: CommandId) -> Charger | None:
    charger = context.charger(evse.charger)
    if charger is None or charger.connection is None:
        context.effects.append(Refuse(id=command, reason="charger_not_connected"))
        return None
    return charger


def _start(context: Context, event: e.StartRequested) -> None:
    charger = _connected(context, event.evse, event.command)
    if charger is None:
        return
    if context.session_at(event.evse) is not None:
        context.effects.append(Refuse(id=event.command, reason="already_charging"))
        return
    driver = event.driver or context.evse_settings(event.evse).default_driver
    start_for(context, charger, event.evse, driver, event.command)


def start_for(
    context: Context,
    charger: Charger,
    evse_id: EvseId,
    driver: DriverId | None,
    command: CommandId,
) -> None:
    """Ask a charger to start for a driver and expect it to (F40)."""
    token = remote_token(driver, context.settings.secret)
    expected = ExpectedStart(driver=driver, token=token, asked_at=context.now, command=command)
    context.draft.put(replace(context.evse(evse_id), expected_start=expected))
    request = RemoteStart(evse=evse_id, token=token)
    context.effects.append(Send(charger=charger.key, evse=evse_id, command=request, id=command))


def _stop(context: Context, event: e.StopRequested) -> None:
    charger = _connected(context, event.evse, event.command)
    session = context.session_at(event.evse)
    if charger is None:
        return
    if session is None:
        context.effects.append(Refuse(id=event.command, reason="no_session"))
        return
    stop_session(context, charger, session, event.command, attempts=1)


def stop_session(
    context: Context, charger: Charger, session: Session, command: CommandId, *, attempts: int
) -> None:
    """Ask a charger to end a session and expect it to (F41)."""
    expected = ExpectedStop(
        session=session.id, asked_at=context.now, attempts=attempts, command=command
    )
    context.draft.put(replace(context.evse(session.evse), expected_stop=expected))
    request = RemoteStop(transaction=session.transactions[0])
    context.effects.append(
        Send(charger=charger.key, evse=session.evse, command=request, id=command)
    )


def _assign(context: Context, event: e.SessionAssigned) -> None:
    """Move an ended session to another driver: a credit, then the same energy and price anew."""
    session, now = context.draft.get(Session, event.cdr.session), context.now
    # The owner may have looked at a record that was replaced meanwhile.
    cdr = event.cdr if session is None else session.cdr or event.cdr
    book(context, credit(cdr, now))
    moved = reassigned(cdr, event.driver, sheet_of(context, event.driver), now)
    book(context, moved)
    if session is not None:
        payer = replace(session.payer, driver=event.driver, reason="assigned")
        context.draft.put(replace(session, payer=payer, cdr=moved))
