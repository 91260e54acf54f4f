"""Dispatch: which part of the reducer an event belongs to."""

from dataclasses import dataclass
from datetime import datetime

from ..model import events as e
from ..model.answers import DataTransferAnswer, HeartbeatAnswer
from ..model.effects import Effect, Notice
from ..model.ids import Fresh
from ..model.state import Changes, SiteState
from . import (
    chargers,
    commanded,
    configuration,
    control,
    meters,
    passing,
    phasing,
    plans,
    requests,
    transactions,
    vehicles,
)
from .context import Context


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an event leads to: aggregates as they are now, and what is to be done after the commit."""

    changes: Changes
    effects: tuple[Effect, ...]

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Return the moments automations want to hear of."""
        return tuple(effect for effect in self.effects if isinstance(effect, Notice))


def handle(state: SiteState, event: e.Event, now: datetime, fresh: Fresh) -> Outcome:
    """Return what an event leads to; the state itself is left as it was."""
    context = Context(state, now, fresh)
    _dispatch(context, event)
    return Outcome(context.draft.changes, tuple(context.effects))


def _dispatch(context: Context, event: e.Event) -> None:  # noqa: C901, PLR0912 - one line an event
    match event:
        case e.MeterSampled():
            meters.sampled(context, event)
        case e.HeartbeatReceived():
            context.reply(HeartbeatAnswer(current_time=context.now))
        case e.StatusReported():
            chargers.reported(context, event)
        case e.TokenPresented():
            transactions.presented(context, event)
        case e.TransactionStarted():
            transactions.started(context, event)
        case e.TransactionStopped():
            transactions.stopped(context, event)
        case e.ChargerBooted():
            chargers.booted(context, event)
        case e.ChargerConnected():
            chargers.connected(context, event)
        case e.ChargerDisconnected():
            chargers.disconnected(context, event)
        case e.ChargerPrepared():
            chargers.prepared(context, event)
        case e.DataTransferred():
            context.reply(DataTransferAnswer())
        case e.Notified():
            chargers.notified(context, event)
        case e.CommandAnswered():
            commanded.answered(context, event)
        case e.SiteObserved():
            control.observed(context, event)
        case e.PhasesRead():
            phasing.told(context, event)
        case e.PricesRead():
            configuration.prices_read(context, event)
        case e.ForecastRead():
            context.draft.put(event.forecast)
        case e.VehicleHeard():
            vehicles.heard(context, event)
        case e.CalendarRead():
            vehicles.calendar_read(context, event)
        case e.SitePlanned():
            plans.take_over(context, event)
        case e.TimePassed():
            passing.passed(context)
        case (
            e.StartRequested()
            | e.StopRequested()
            | e.LimitRequested()
            | e.ChargingEnabled()
            | e.ModeRequested()
            | e.BoostRequested()
            | e.VehicleChosen()
            | e.GoalRequested()
            | e.TripRequested()
            | e.GuestRequested()
            | e.SessionAssigned()
        ):
            requests.requested(context, event)
        case _:
            configuration.configured(context, event)
