"""Postings: one per record, chained, dated by the session's end at the site."""

from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
import json

import pytest

from custom_components.ev_station.billing.cdr import credit, reassigned
from custom_components.ev_station.billing.ledger import post
from custom_components.ev_station.model.chain import first_break, head_after, posting_body
from custom_components.ev_station.model.codec import encode
from custom_components.ev_station.model.records import GENESIS, Cdr, ChainHead, Posting, PostingKind

from .test_cdr import NOON, sealed


def posted(*cdrs: Cdr) -> list[Posting]:
    """Return the postings of records in order, from the first of a chain."""
    head, postings = ChainHead(), []
    for cdr in cdrs:
        posting = post(cdr, head, NOON)
        postings.append(posting)
        head = head_after(posting)
    return postings


def history() -> list[Cdr]:
    """Return a record, its credit, what replaced it, and so once more."""
    first = sealed()
    second = reassigned(first, "ben", "other", NOON)
    third = reassigned(second, None, None, NOON)
    return [first, credit(first, NOON), second, credit(second, NOON), third]


def test_each_record_is_one_line_that_says_what_it_is() -> None:
    lines = [
        (each.kind, each.cdr, each.refers_to, each.driver, each.sheet, str(each.amount))
        for each in posted(*history())
    ]
    assert lines == [
        (PostingKind.SESSION, "abc", None, "anna", "house", "3.70"),
        (PostingKind.CREDIT, "abc-C", "abc", "anna", "house", "-3.70"),
        (PostingKind.ADJUSTMENT, "abc-1", "abc", "ben", "other", "3.70"),
        (PostingKind.CREDIT, "abc-1-C", "abc-1", "ben", "other", "-3.70"),
        (PostingKind.ADJUSTMENT, "abc-2", "abc-1", None, None, "3.70"),
    ]


def test_lines_are_numbered_and_chained() -> None:
    postings = posted(*history())
    assert [each.sequence for each in postings] == [1, 2, 3, 4, 5]
    assert [each.previous_hash for each in postings] == [GENESIS] + [
        each.hash for each in postings[:-1]
    ]
    assert len({each.hash for each in postings}) == 5


def test_the_chain_covers_the_whole_record() -> None:
    (line,) = posted(sealed())
    body = json.dumps(json.loads(encode(sealed())), sort_keys=True, separators=(",", ":"))
    assert line.cdr_hash == sha256(body.encode()).hexdigest()
    (other,) = posted(replace(sealed(), charger_name="Garden"))
    assert other.cdr_hash != line.cdr_hash
    assert other.hash != line.hash


def broken(postings: list[Posting]) -> str | None:
    """Return what is wrong with a chain."""
    found = first_break((posting_body(each), each.hash) for each in postings)
    return None if found is None else f"{found.sequence} {found.problem}"


def test_a_chain_verifies_until_somebody_touches_it() -> None:
    postings = posted(*history())
    assert broken(postings) is None
    cheaper = [*postings[:2], replace(postings[2], amount=postings[2].amount - 1), *postings[3:]]
    assert broken(cheaper) == "3 changed"
    assert broken([*postings[:2], *postings[3:]]) == "3 missing"
    other = posted(credit(sealed(), NOON), *history()[1:])
    assert broken([*postings[:2], *other[2:]]) == "3 not linked"


@pytest.mark.parametrize(
    ("ended_at", "zone", "day"),
    [
        (datetime(2026, 11, 30, 22, 59, tzinfo=UTC), "Europe/Berlin", date(2026, 11, 30)),
        (datetime(2026, 11, 30, 23, 0, tzinfo=UTC), "Europe/Berlin", date(2026, 12, 1)),
        (datetime(2026, 12, 1, 4, 59, tzinfo=UTC), "America/New_York", date(2026, 11, 30)),
    ],
)
def test_the_local_day_of_the_end_decides_the_month(
    ended_at: datetime, zone: str, day: date
) -> None:
    cdr = replace(sealed(), ended_at=ended_at, time_zone=zone)
    assert post(cdr, ChainHead(), NOON).day == day
