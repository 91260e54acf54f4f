"""A site at work without Home Assistant: the real engine, store and central system on a free port."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import highspy  # noqa: F401 - read from the disk before any test's clock runs

from custom_components.ev_station.engine import Engine, Listener, Pace
from custom_components.ev_station.model.events import (
    ChargerConfigured,
    DriverConfigured,
    SheetConfigured,
    SiteConfigured,
    TariffConfigured,
)
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.records import Posting
from custom_components.ev_station.model.settings import (
    ChargerSettings,
    DriverSettings,
    SheetSettings,
    SiteSettings,
    TariffSettings,
    TokenSettings,
)
from custom_components.ev_station.model.state import Evse
from custom_components.ev_station.store.sqlite import SqliteStore
from custom_components.ev_station.tariff.build import fixed
from tests.simulator.pulse import PATIENCE_S

SITE = SiteConfigured(
    settings=SiteSettings(
        name="Home",
        currency="EUR",
        time_zone="Europe/Amsterdam",
        secret="5ec4e7",
        default_tariff="tariff",
        sample_interval_s=1,
    )
)
PRICE = TariffConfigured(
    settings=TariffSettings(tariff=fixed("tariff", "EUR", Decimal("0.30")), name="Power")
)
ANNA = DriverConfigured(
    settings=DriverSettings(driver="anna", name="Anna", tokens=(TokenSettings(uid="TAG-ANNA"),))
)
SHEET = SheetConfigured(
    settings=SheetSettings(sheet="household", name="Household", drivers=("anna",))
)
GARAGE = ChargerConfigured(settings=ChargerSettings(charger="CP1", name="Garage"))
EVERYTHING = (SITE, PRICE, ANNA, SHEET, GARAGE)


def utcnow() -> datetime:
    """Return the true time."""
    return datetime.now(UTC)


class Calendar:
    """The true time and what a test adds to it."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@asynccontextmanager
async def running(
    folder: Path,
    port: int = 0,
    clock: Callable[[], datetime] = utcnow,
    *,
    pace: Pace = Pace(),
    open_store: Callable[[Path], SqliteStore] = SqliteStore,
) -> AsyncIterator[Engine]:
    """Run an engine that is configured with `EVERYTHING`; stopped in good order at the end."""
    engine = Engine(
        folder=folder,
        listener=Listener(host="127.0.0.1", port=port),
        clock=clock,
        pace=pace,
        open_store=open_store,
    )
    await engine.start()
    try:
        await engine.configure(*EVERYTHING)
        yield engine
    finally:
        await engine.stop()


def url(engine: Engine) -> str:
    """Return where chargers dial in."""
    return f"ws://127.0.0.1:{engine.central.port}/"


async def ledger(engine: Engine) -> tuple[Posting, ...]:
    """Return every posting."""
    return await engine.archive.postings(date(2000, 1, 1), date(2100, 1, 1))


async def until(engine: Engine, condition: Callable[[], bool], within: float = PATIENCE_S) -> None:
    """Wait until a commit makes the condition true; TimeoutError tells the state instead."""
    changed = asyncio.Event()
    unsubscribe = engine.listen(lambda _: changed.set())
    try:
        async with asyncio.timeout(within):
            while not condition():
                await changed.wait()
                changed.clear()
    except TimeoutError:
        raise TimeoutError("\n".join(map(repr, engine.state.everything()))) from None
    finally:
        unsubscribe()


async def comes(condition: Callable[[], bool]) -> None:
    """Wait for something that no commit tells of."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.01)


def evse(engine: Engine, charger: str = "CP1", number: int = 1) -> Evse:
    """Return an EVSE as the engine knows it; a blank one before it was heard of."""
    evse_id = EvseId(charger, number)
    return engine.state.get(Evse, evse_id) or Evse(id=evse_id)
