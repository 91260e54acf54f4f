"""The ledger outlives everything the state knows of it, and what was cut off from it stays missed."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
import sqlite3

import pytest

from custom_components.ev_station.engine import Engine
from custom_components.ev_station.model.answers import StartAnswer
from custom_components.ev_station.model.chain import ChainBreak
from custom_components.ev_station.model.events import DriverRemoved, SiteConfigured
from custom_components.ev_station.model.state import Account
from custom_components.ev_station.store.backups import rolling_backups
from custom_components.ev_station.tariff.build import fixed

from .inputs import everything, started, stopped
from .site import ANNA, PRICE, SITE, ledger, running

pytestmark = pytest.mark.usefixtures("socket_enabled")
FRANCS = (
    SiteConfigured(settings=replace(SITE.settings, currency="CHF")),
    replace(
        PRICE,
        settings=replace(PRICE.settings, tariff=fixed("tariff", "CHF", Decimal("0.50"))),
    ),
)


class Clock:
    """Stands still unless somebody charges; begins in the middle of a month."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 16, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


async def charge(engine: Engine, wh: int) -> None:
    """Let Anna charge."""
    await end(engine, await begin(engine, wh), wh)


async def begin(engine: Engine, wh: int) -> int:
    """Let Anna begin now; return the transaction id."""
    now = engine._clock()
    event = replace(started(meter_wh=wh), at=now, raw_at=now.isoformat(), received_at=now)
    answer = await engine.submit(event, None)
    assert isinstance(answer, StartAnswer)
    return answer.transaction


async def end(engine: Engine, transaction: int, wh: int) -> None:
    """Let her end an hour later, after as many Wh as the meter began with."""
    assert isinstance(engine._clock, Clock)
    engine._clock.now += timedelta(hours=1)
    now = engine._clock()
    event = replace(stopped(transaction, 2 * wh), at=now, raw_at=now.isoformat())
    await engine.submit(replace(event, received_at=now), None)


def account(engine: Engine) -> tuple[Decimal, Decimal, Decimal]:
    """Return what Anna's month adds up to: Wh, EUR, CHF."""
    found = engine.state.get(Account, "anna")
    assert found is not None
    return found.energy_wh, found.amount("EUR"), found.amount("CHF")


def tamper(folder: Path, *statements: str) -> None:
    """Change the database of an engine that rests."""
    with closing(sqlite3.connect(folder / "ev_station.db")) as database, database:
        for statement in statements:
            database.execute(statement)


async def test_a_site_set_up_anew_goes_on_in_the_ledger_it_finds(tmp_path: Path) -> None:
    """Neither the chain nor the month begins again when nothing but the ledger is left."""
    async with running(tmp_path, clock=Clock()) as engine:
        await charge(engine, 1000)
        await charge(engine, 3000)
    tamper(tmp_path, "DELETE FROM checkpoints", "DELETE FROM journal")
    async with running(tmp_path, clock=Clock()) as again:
        assert account(again) == (4000, Decimal("1.20"), 0)
        await charge(again, 5000)
        assert [each.sequence for each in await ledger(again)] == [1, 2, 3]
        assert account(again) == (9000, Decimal("2.70"), 0)
        assert again._store.verify_chain() is None


async def test_a_month_in_two_currencies(tmp_path: Path) -> None:
    """Each adds up by itself, the energy together, and a restart finds the same."""
    async with running(tmp_path, clock=Clock()) as engine:
        await charge(engine, 1000)
        await engine.configure(*FRANCS)
        await charge(engine, 2000)
        in_francs = await begin(engine, 1000)
        await engine.configure(SITE, PRICE)
        await end(engine, in_francs, 1000)
        await charge(engine, 4000)
        # 5 kWh at 0.30 EUR and 3 kWh that began at 0.50 CHF
        assert account(engine) == (8000, Decimal("1.50"), Decimal("1.50"))
        left = everything(engine)
    async with running(tmp_path, clock=Clock()) as again:
        assert everything(again) == left


async def test_a_driver_who_comes_back_finds_the_month(tmp_path: Path) -> None:
    """What was posted to an id is posted, whoever has settings."""
    async with running(tmp_path, clock=Clock()) as engine:
        await charge(engine, 1000)
        await engine.configure(DriverRemoved(driver="anna"))
        await engine.configure(ANNA)
        assert account(engine) == (1000, Decimal("0.30"), 0)


async def test_an_end_cut_off_is_missed_for_ever(tmp_path: Path) -> None:
    """The next line is chained to the lost one: its place stays empty."""
    async with running(tmp_path, clock=Clock()) as engine:
        for wh in (1000, 2000, 3000):
            await charge(engine, wh)
        await engine._keep_house()
        assert engine.health.ledger_break is None
    tamper(
        tmp_path,
        "DELETE FROM cdrs WHERE id = (SELECT cdr FROM postings WHERE sequence = 3)",
        "DELETE FROM postings WHERE sequence = 3",
    )
    async with running(tmp_path, clock=Clock()) as again:
        await again._keep_house()
        assert again.health.ledger_break == ChainBreak(sequence=3, problem="missing")
        await charge(again, 4000)
        assert [each.sequence for each in await ledger(again)] == [1, 2, 4]
    async with running(tmp_path, clock=Clock()) as later:
        await later._keep_house()
        assert later.health.ledger_break == ChainBreak(sequence=3, problem="missing")
        # The copy from before holds the lost line: it is not replaced.
        (copy,) = rolling_backups(tmp_path / "ev_station.db")
        with closing(sqlite3.connect(copy)) as database:
            assert database.execute("SELECT count(*) FROM postings").fetchone() == (3,)
