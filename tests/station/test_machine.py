"""Any order of what chargers do to us: no energy is lost or billed twice, and the journal alone tells the same story."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Final, override
from zoneinfo import ZoneInfo

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from custom_components.ev_station.model.answers import StartAnswer
from custom_components.ev_station.model.events import (
    MeterSampled,
    TransactionStarted,
    TransactionStopped,
)
from custom_components.ev_station.model.session import Session
from custom_components.ev_station.model.state import Account, Evse
from custom_components.ev_station.model.status import EvseStatus

from .site import HOUR, MINUTE, SECOND, answer, assert_chained, at_home, sample, snapshot

BERLIN: Final = ZoneInfo("Europe/Berlin")
EVSES = st.sampled_from((1, 2))
type Message = MeterSampled | TransactionStarted | TransactionStopped

NOT_YET = -1
"""What a charger knows for a transaction whose start was never answered."""


@dataclass
class Visit:
    """A visit as it truly was."""

    evse: int
    token: str
    begin: int
    end: int | None = None
    transaction: int = NOT_YET


@dataclass
class Meters:
    """A charger with two connectors whose registers never lie."""

    registers: dict[int, int] = field(default_factory=lambda: {1: 1000, 2: 50_000})
    visits: list[Visit] = field(default_factory=list)

    def present(self, evse: int) -> Visit | None:
        """Return the visit that goes on."""
        return next((each for each in self.visits if each.evse == evse and each.end is None), None)


class ChargerLife(RuleBasedStateMachine):
    """A charger that queues while it is offline, loses answers, repeats itself and reboots (OCPP 1.6 §3.7)."""

    @initialize()
    def begin(self) -> None:
        self.site, self.box = at_home()
        self.box.prepared(evses=2)
        self.truth = Meters()
        self.online = True
        self.queue: list[Callable[[], Message]] = []
        self.sent: list[Message] = []

    # What the charger says

    def tell(self, make: Callable[[], Message]) -> None:
        """Say something now, or once the charger is online again."""
        self.queue.append(make)
        if self.online:
            self.drain()

    def drain(self) -> None:
        while self.queue:
            event = self.queue.pop(0)()
            self.deliver(event)
            self.sent = [*self.sent, event][-6:]

    def deliver(self, event: Message) -> None:
        effects = self.site.feed(replace(event, received_at=self.site.now))
        if isinstance(event, TransactionStarted):
            reply = answer(effects)
            assert isinstance(reply, StartAnswer)
            visit = self.visit_of(event)
            assert visit.transaction in {NOT_YET, reply.transaction}, "a repeat got another id"
            visit.transaction = reply.transaction

    def visit_of(self, event: TransactionStarted) -> Visit:
        (found,) = (
            visit
            for visit in self.truth.visits
            if (visit.evse, visit.begin) == (event.evse.evse, event.meter_start_wh)
        )
        return found

    def status(self, evse: int) -> None:
        busy = self.truth.present(evse) is not None
        self.box.status(EvseStatus.CHARGING if busy else EvseStatus.AVAILABLE, evse=evse)

    # What happens

    @rule(evse=EVSES, token=st.sampled_from(("ANNA", "BEN")))
    def plug_in(self, evse: int, token: str) -> None:
        if self.truth.present(evse) is not None:
            return
        self.site.wait(SECOND)
        # A wh between two visits tells their starts apart; the charger itself takes it.
        self.truth.registers[evse] += 1
        begin = self.truth.registers[evse]
        self.truth.visits.append(Visit(evse, token, begin))
        event = self.box.start_event(token, begin, evse)
        self.tell(lambda: event)
        if self.online:
            self.status(evse)

    @rule(evse=EVSES, energy=st.integers(0, 20_000), minutes=st.integers(10, 600))
    def charge(self, evse: int, energy: int, minutes: int) -> None:
        self.site.wait(minutes * MINUTE)
        visit = self.truth.present(evse)
        if visit is None:
            return
        self.truth.registers[evse] += energy
        taken = sample(self.box.at(), self.truth.registers[evse])
        self.tell(lambda: self.box.samples_event(taken, transaction=visit.transaction, evse=evse))

    @rule(evse=EVSES)
    def unplug(self, evse: int) -> None:
        visit = self.truth.present(evse)
        if visit is None:
            return
        self.site.wait(SECOND)
        visit.end = self.truth.registers[evse]
        at = self.box.at()
        self.tell(lambda: self.box.stop_event(visit.transaction, visit.end, at=at))
        if self.online:
            self.status(evse)

    @rule(evse=EVSES, token=st.sampled_from(("ANNA", "BEN")), energy=st.integers(0, 20_000))
    def visit(self, evse: int, token: str, energy: int) -> None:
        self.plug_in(evse, token)
        self.charge(evse, energy, 60)
        self.unplug(evse)

    @precondition(lambda self: self.online)
    @rule(hours=st.sampled_from((0, 1, 50)))
    def go_offline(self, hours: int) -> None:
        self.site.wait(SECOND)
        self.box.disconnect()
        self.online = False
        self.site.tick(hours * HOUR)

    @precondition(lambda self: not self.online)
    @rule(boots=st.booleans(), repeats=st.booleans(), statuses_first=st.booleans())
    def come_back(self, boots: bool, repeats: bool, statuses_first: bool) -> None:
        self.site.wait(SECOND)
        self.online = True
        self.box.connect()
        if boots:
            self.box.boot()
        if statuses_first:
            self.statuses()
        if repeats:
            # It never got our last answers.
            self.repeat(self.sent)
        self.drain()
        self.statuses()

    def statuses(self) -> None:
        for evse in (1, 2):
            self.status(evse)

    @precondition(lambda self: self.online)
    @rule()
    def say_it_again(self) -> None:
        """Repeat what was not answered: with one request at a time, that is the last."""
        self.repeat(self.sent[-1:])

    def repeat(self, messages: list[Message]) -> None:
        booked = len(self.site.postings)
        for message in messages:
            self.deliver(message)
        assert len(self.site.postings) == booked, "a repeat was booked"

    @precondition(lambda self: self.online)
    @rule(evse=EVSES)
    def begin_twice(self, evse: int) -> None:
        """Start what goes on once more, as after a remote start sent twice (finding 2)."""
        visit, session = self.truth.present(evse), self.site.open_session(evse)
        if visit is None or session is None:
            return
        self.site.wait(SECOND)
        again = self.box.start_event(visit.token, self.truth.registers[evse], evse)
        reply = answer(self.site.feed(again))
        assert isinstance(reply, StartAnswer)
        assert reply.transaction == visit.transaction

    @precondition(lambda self: not self.queue)
    @rule(hours=st.sampled_from((-2, 3, 24 * 365)))
    def jump(self, hours: int) -> None:
        """Set the charger's clock wrong or right; it says so with its next heartbeats."""
        self.box.ahead = timedelta(hours=hours) if not self.box.ahead else timedelta(0)

    @rule(minutes=st.sampled_from((1, 15)))
    def look_around(self, minutes: int) -> None:
        self.site.tick(minutes * MINUTE)

    @rule()
    def restart(self) -> None:
        """We come back from the journal, which tells the same."""
        again = self.site.replayed()
        assert snapshot(again) == snapshot(self.site.state)
        self.site.state = again

    @override
    def teardown(self) -> None:
        if hasattr(self, "site"):
            self.restart()

    # What must always hold

    @invariant()
    def one_session_per_evse(self) -> None:
        going = [each for each in self.site.state.all(Session) if each.is_open]
        assert len({each.evse for each in going}) == len(going)
        listed = {each.session for each in self.site.state.all(Evse) if each.session}
        assert listed == {each.id for each in going}

    @invariant()
    def the_ledger_adds_up(self) -> None:
        assert_chained(self.site.postings)
        standing = {key: (cdr.energy_wh, cdr.amount) for key, cdr in self.site.standing().items()}
        assert self.site.billed() == standing
        month = f"{self.site.now.astimezone(BERLIN):%Y-%m}"
        # One of a month that is over is nobody's any more; the next tick removes it.
        for account in (each for each in self.site.state.all(Account) if each.month == month):
            months = (
                posting.energy_wh
                for posting in self.site.postings
                if posting.driver == account.driver and f"{posting.day:%Y-%m}" == account.month
            )
            assert account.energy_wh == sum(months, Decimal(0))

    @invariant()
    def every_finished_visit_is_billed_exactly(self) -> None:
        if self.queue:
            return
        billed = self.site.billed()
        sessions = {
            transaction: cdr.session for cdr in self.site.cdrs for transaction in cdr.transactions
        }
        for visit in self.truth.visits:
            if visit.end is not None:
                energy, _ = billed[sessions[visit.transaction]]
                assert energy == visit.end - visit.begin
        known = {sessions.get(visit.transaction) for visit in self.truth.visits}
        assert billed.keys() <= known, "a session nobody had is billed"


TestChargerLife = ChargerLife.TestCase
TestChargerLife.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
