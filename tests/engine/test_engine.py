"""One charger's day through the real central system, reducer and store."""

from contextlib import AsyncExitStack
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from custom_components.ev_station.engine import Engine
from custom_components.ev_station.model.records import Posting, PostingKind
from custom_components.ev_station.model.session import Session
from custom_components.ev_station.model.state import Account, Charger as ChargerState
from tests.simulator import Charger, TrueSession, Vehicle

from .site import evse, ledger, running, until, url

pytestmark = pytest.mark.usefixtures("socket_enabled")
HASTE = 300


async def start(engine: Engine, charger: Charger) -> None:
    """Plug a car in, show the tag, and wait until the engine sees energy flow."""
    await charger.plug_in(1, Vehicle())
    await charger.present_tag(1, "TAG-ANNA")
    await until(engine, lambda: bool(evse(engine).session))
    await until(engine, lambda: session(engine).energy_wh > 0)


def session(engine: Engine) -> Session:
    """Return the session that goes on."""
    found = engine.state.get(Session, evse(engine).session)
    assert found is not None
    return found


async def end(engine: Engine, charger: Charger) -> None:
    """Take the car away and wait until the engine knows."""
    await charger.unplug(1)
    await until(engine, lambda: evse(engine).session is None)


def assert_billed(posting: Posting, truth: TrueSession) -> None:
    """The posting is the meter's own difference at 0.30 EUR/kWh, rounded half up."""
    energy_wh = Decimal(truth.meter_stop or 0) - truth.meter_start
    cents = (energy_wh * Decimal("0.30") / 1000).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert (posting.energy_wh, posting.amount) == (energy_wh, cents)
    assert (posting.driver, posting.sheet) == ("anna", "household")


async def test_a_session_becomes_a_line(tmp_path: Path) -> None:
    """What the meter says between start and stop is billed to the tag's driver, to the cent."""
    async with running(tmp_path) as engine:
        async with Charger(url(engine), "CP1", haste=HASTE, tick=0.1) as charger:
            await start(engine, charger)
            await end(engine, charger)
        (posting,) = await ledger(engine)
        assert posting.kind is PostingKind.SESSION
        assert_billed(posting, charger.truth[0])
        account = engine.state.get(Account, "anna")
        assert account is not None
        assert account.energy_wh == posting.energy_wh
        assert account.amount("EUR") == posting.amount
        assert charger.violations == []


async def test_a_restart_in_the_middle_loses_nothing(tmp_path: Path) -> None:
    """The same transaction goes on after the engine was stopped and started; one line in the end."""
    async with AsyncExitStack() as stack:
        async with running(tmp_path) as engine:
            charger = Charger(url(engine), "CP1", haste=HASTE, tick=0.1)
            await stack.enter_async_context(charger)
            await start(engine, charger)
            before, port = session(engine), engine.central.port
        async with running(tmp_path, port) as again:
            await until(again, lambda: bool(charger_state(again).connection))
            assert session(again).transactions == before.transactions
            await until(again, lambda: session(again).energy_wh > before.energy_wh)
            await end(again, charger)
            (posting,) = await ledger(again)
            assert_billed(posting, charger.truth[0])


def charger_state(engine: Engine) -> ChargerState:
    """Return the charger as the engine knows it."""
    found = engine.state.get(ChargerState, "CP1")
    assert found is not None
    return found
