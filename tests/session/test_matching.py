"""Which session a charger means: every branch."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from custom_components.ev_station.model.ids import EvseId, normalize_uid
from custom_components.ev_station.model.session import Session, SessionState, Stop
from custom_components.ev_station.session.life import settled
from custom_components.ev_station.session.matching import (
    Match,
    StartFacts,
    StartMatch,
    could_be_ours,
    match_start,
    match_stop,
    match_transaction,
)
from tests.store.builders import cdr

from .making import DAY, EVSE, HOUR, MINUTE, NOON, SECOND, session, stamp, stop

OPEN = session()
ENDED = session(state=SessionState.ENDED, stop=stop(), stop_connection=1)
SETTLED = settled(replace(ENDED, cdr=cdr("session1", token_fingerprint="hash of ANNA")))
NEW = Match(StartMatch.NEW)


def facts(
    at: datetime = NOON,
    meter: int | None = 1000,
    *,
    token: str = "ANNA",
    raw: str | None = "",
    evse: EvseId = EVSE,
    connection: int = 1,
    trusted: bool = True,
) -> StartFacts:
    """Return a StartTransaction that repeats `session()` unless told otherwise."""
    return StartFacts(
        evse=evse,
        token=token,
        fingerprint=f"hash of {normalize_uid(token)}",
        stamp=stamp(at, raw),
        meter_wh=None if meter is None else Decimal(meter),
        connection=connection,
        trusted=trusted,
    )


@pytest.mark.parametrize(
    "told", [facts(), facts(token=" anna\x10"), facts(NOON + DAY, raw=NOON.isoformat())]
)
@pytest.mark.parametrize("known", [OPEN, ENDED, SETTLED])
def test_the_same_words_are_the_same_start(told: StartFacts, known: Session) -> None:
    current = known if known.is_open else None
    assert match_start(told, current, [known], idle_seen=True) == Match(StartMatch.REPEAT, known)


@pytest.mark.parametrize(
    "told",
    [
        facts(evse=EvseId("CP1", 2)),
        facts(token="BEN"),
        facts(NOON + SECOND),
        facts(meter=1001),
        facts(meter=None),
    ],
)
def test_anything_else_is_a_new_one(told: StartFacts) -> None:
    assert match_start(told, None, [ENDED, SETTLED], idle_seen=False) == NEW
    assert match_start(told, None, [], idle_seen=False) == NEW


@pytest.mark.parametrize(
    ("after", "kind"), [(10 * MINUTE, StartMatch.REPEAT), (10 * MINUTE + SECOND, StartMatch.NEW)]
)
def test_without_a_time_stamp_it_is_repeated_for_some_minutes(
    after: timedelta, kind: StartMatch
) -> None:
    known = session(start=stamp(raw=None), stop=stop(raw=None), stop_connection=1)
    told = facts(NOON + after, raw=None, connection=2, trusted=False)
    assert match_start(told, None, [known], idle_seen=False).kind is kind


@pytest.mark.parametrize(
    ("connection", "trusted", "kind"),
    [
        (1, False, StartMatch.NEW),
        (2, False, StartMatch.REPEAT),
        (1, True, StartMatch.REPEAT),
        (2, True, StartMatch.REPEAT),
    ],
)
def test_under_a_dead_clock_the_same_words_may_be_another_visit(
    connection: int, trusted: bool, kind: StartMatch
) -> None:
    told = facts(connection=connection, trusted=trusted)
    assert match_start(told, None, [ENDED], idle_seen=False).kind is kind
    assert match_start(told, OPEN, [OPEN], idle_seen=False).kind is StartMatch.REPEAT


RUNNING = session(energy_wh=Decimal(500))
SECOND_START, REPLACED = Match(StartMatch.SECOND, RUNNING), Match(StartMatch.REPLACES, RUNNING)


@pytest.mark.parametrize(
    ("told", "idle_seen", "match"),
    [
        (facts(NOON + MINUTE), False, SECOND_START),
        (facts(NOON + MINUTE, 1500), False, SECOND_START),
        (facts(NOON + MINUTE, None), False, SECOND_START),
        (facts(NOON + MINUTE), True, REPLACED),
        (facts(NOON + MINUTE, 999), False, REPLACED),
        (facts(NOON + MINUTE, 1501), False, REPLACED),
        (facts(NOON + MINUTE, token="BEN"), False, REPLACED),
    ],
)
def test_a_start_where_a_session_goes_on(told: StartFacts, idle_seen: bool, match: Match) -> None:
    assert match_start(told, RUNNING, [RUNNING], idle_seen=idle_seen) == match


def test_a_session_without_a_begin_takes_any_second_start() -> None:
    known = session(meter_start_wh=None)
    told = facts(NOON + MINUTE)
    assert match_start(told, known, [known], idle_seen=False).kind is StartMatch.SECOND


def test_of_two_equal_starts_the_later_is_repeated() -> None:
    known = [ENDED, session(2, state=SessionState.ENDED, stop=stop(), stop_connection=1)]
    assert match_start(facts(), None, known, idle_seen=False).session is known[1]


@pytest.mark.parametrize(
    ("transaction", "ours"),
    [(1, True), (2**31 - 1, True), (0, False), (-1, False), (2**31, False), (2**63 - 1, False)],
)
def test_ids_of_the_form_we_give(transaction: int, ours: bool) -> None:
    assert could_be_ours(transaction) == ours


def test_a_transaction_is_known_by_any_of_its_ids() -> None:
    known = [session(1), session(2, transactions=(1002, 77))]
    assert match_transaction(77, known) is known[1]
    assert match_transaction(1001, known) is known[0]
    assert match_transaction(5, known) is None
    assert match_transaction(None, known) is None


def test_a_stop_with_a_known_id_ends_that_session() -> None:
    known = [session(1), session(2, evse=EvseId("CP1", 2))]
    assert match_stop(1002, stop(token="ANYBODY"), known) is known[1]


def test_an_unknown_id_that_could_be_ours_ends_nothing() -> None:
    assert match_stop(5, stop(token="ANNA"), [OPEN]) is None


@pytest.mark.parametrize("transaction", [0, -1, 2**63 - 1])
@pytest.mark.parametrize(
    ("known", "told", "fits"),
    [
        ([OPEN], stop(token="anna"), True),
        ([OPEN], stop(token=None), True),
        ([OPEN], stop(token=""), True),
        ([OPEN], stop(token="BEN"), False),
        ([OPEN], stop(NOON - SECOND), False),
        ([ENDED], stop(NOON + 2 * HOUR), False),
        ([session(state=SessionState.SILENT)], stop(), True),
        ([OPEN, session(2, evse=EvseId("CP1", 2))], stop(token="ANNA"), False),
        ([], stop(), False),
    ],
)
def test_without_a_usable_id_it_is_the_one_that_fits(
    transaction: int, known: list[Session], told: Stop, fits: bool
) -> None:
    assert match_stop(transaction, told, known) is (known[0] if fits else None)


@pytest.mark.parametrize(
    ("told", "repeated"),
    [
        (stop(), True),
        (stop(NOON + DAY, raw=(NOON + HOUR).isoformat()), True),
        (stop(meter=5001), False),
        (stop(NOON + 2 * HOUR), False),
        (stop(raw=None), False),
    ],
)
def test_without_a_usable_id_it_may_be_a_repeat(told: Stop, repeated: bool) -> None:
    following = session(2, start=stamp(NOON + HOUR))
    expected = ENDED if repeated else following
    assert match_stop(-1, told, [ENDED, following]) is expected


FOLLOWING = session(2, start=stamp(NOON + 2 * HOUR), meter_start_wh=Decimal(5000))


@pytest.mark.parametrize(
    ("told", "following", "means_it"),
    [
        (stop(NOON + 3 * HOUR, 6000), FOLLOWING, True),
        (stop(NOON + 3 * HOUR, 6000), session(2, start=FOLLOWING.start, meter_start_wh=None), True),
        # The old one's own report, again or otherwise
        (stop(NOON + 3 * HOUR, 5000), FOLLOWING, False),
        (stop(NOON + HOUR, 6000), FOLLOWING, False),
        (stop(NOON + 3 * HOUR, 4900), FOLLOWING, False),
        (stop(NOON + 3 * HOUR, None), FOLLOWING, False),
        (stop(NOON + 3 * HOUR, 6000, token="BEN"), FOLLOWING, False),
        (
            stop(NOON + 3 * HOUR, 6000),
            session(2, start=FOLLOWING.start, evse=EvseId("CP1", 2)),
            False,
        ),
    ],
)
def test_the_id_of_an_older_session_may_mean_the_next(
    told: Stop, following: Session, means_it: bool
) -> None:
    expected = following if means_it else ENDED
    assert match_stop(1001, told, [ENDED, following]) is expected
