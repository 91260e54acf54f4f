"""A configured site under Home Assistant, and the facts its charger may report."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ev_station.const import DOMAIN
from custom_components.ev_station.coordinator import EvStationCoordinator
from custom_components.ev_station.devices import text_of
from custom_components.ev_station.engine import Engine
from custom_components.ev_station.model.events import (
    ChargerBooted,
    ChargerConnected,
    ChargerDisconnected,
    ChargerEvent,
    MeterSampled,
    StatusReported,
    TokenPresented,
    TransactionStarted,
    TransactionStopped,
)
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.measurement import (
    Context,
    Measurement,
    Phase,
    Quantity,
    Sample,
)
from custom_components.ev_station.model.state import Evse, Key
from custom_components.ev_station.model.status import EvseStatus, Version

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CP1 = "CP1"
EVSE = EvseId(CP1, 1)


def charger_subentry(name: str, title: str, evses: int = 1) -> ConfigSubentryDataWithId:
    """Return an adopted charger."""
    return ConfigSubentryDataWithId(
        subentry_id=f"charger_{name.lower()}",
        subentry_type="charger",
        title=title,
        unique_id=name,
        data={
            "charger_id": name,
            "password_hash": None,
            "tariff": None,
            "evses": {
                str(number): {"max_current_a": 16, "phases": 3, "default_driver": None}
                for number in range(1, evses + 1)
            },
        },
    )


def driver_subentry(name: str, *tags: str, person: str | None = None) -> ConfigSubentryDataWithId:
    """Return a driver with tags."""
    return ConfigSubentryDataWithId(
        subentry_id=name.lower(),
        subentry_type="driver",
        title=name,
        unique_id=None,
        data={
            "active": True,
            "tags": [{"uid": tag} for tag in tags],
            "person": person,
            "tariff": None,
        },
    )


TARIFF = ConfigSubentryDataWithId(
    subentry_id="power",
    subentry_type="tariff",
    title="Power",
    unique_id=None,
    data={"kind": "fixed", "price": "0.30"},
)
SHEET = ConfigSubentryDataWithId(
    subentry_id="household",
    subentry_type="sheet",
    title="Household",
    unique_id=None,
    data={"kind": "household", "drivers": ["anna", "ben"]},
)
SUBENTRIES = (
    TARIFF,
    driver_subentry("Anna", "TAG-ANNA", person="person.anna"),
    driver_subentry("Ben", "TAG-BEN"),
    SHEET,
    charger_subentry(CP1, "Garage"),
)


def site_entry(*subentries: ConfigSubentryDataWithId, **options: Any) -> MockConfigEntry:
    """Return a site that listens on a free port of this machine."""
    return MockConfigEntry(
        domain=DOMAIN,
        entry_id="site",
        title="Home",
        data={"currency": "EUR", "secret": "5ec4e7", CONF_HOST: "127.0.0.1", CONF_PORT: 0},
        options={"default_tariff": "power", "sample_interval_s": 1, **options},
        subentries_data=subentries or SUBENTRIES,
    )


class Site:
    """A loaded site and its charger's voice."""

    def __init__(self, hass: HomeAssistant, entry: MockConfigEntry, now: datetime) -> None:
        """Speak at that time; every fact is a second later."""
        self.hass = hass
        self.entry = entry
        self.now = now
        self.connection = 0

    @property
    def engine(self) -> Engine:
        """Return the engine of the loaded entry."""
        engine: Engine = self.entry.runtime_data.engine
        return engine

    @property
    def coordinator(self) -> EvStationCoordinator:
        """Return the coordinator of the loaded entry."""
        coordinator: EvStationCoordinator = self.entry.runtime_data.coordinator
        return coordinator

    def evse(self, evse: EvseId = EVSE) -> Evse:
        """Return an EVSE as the engine knows it."""
        found = self.engine.state.get(Evse, evse)
        assert found is not None
        return found

    def known_status(self, evse: EvseId = EVSE) -> EvseStatus | None:
        """Return the status of an EVSE, if it is known."""
        found = self.engine.state.get(Evse, evse)
        return found.status if found else None

    async def shown(self, row: str) -> None:
        """Wait in real time until the first value of a row has its entity."""
        async with asyncio.timeout(10):
            while not any(found.unique_id.endswith(f"_{row}") for found in self.entities):
                await asyncio.sleep(0.05)

    @property
    def entities(self) -> list[er.RegistryEntry]:
        """Return the EVSE's entities."""
        prefix = f"site_{text_of((Evse, EVSE))}_"
        registry = er.async_get(self.hass)
        return [each for each in registry.entities.values() if each.unique_id.startswith(prefix)]

    async def tell(self, event: ChargerEvent) -> Any:
        """Have the charger report something; return what it is answered."""
        answer = await self.engine.submit(event, None)
        await self.hass.async_block_till_done()
        return answer

    def later(self, seconds: float = 1) -> datetime:
        """Let time pass for the charger."""
        self.now += timedelta(seconds=seconds)
        return self.now

    async def connect(self, name: str = CP1) -> None:
        """Dial in and boot."""
        self.connection += 1
        await self.tell(
            ChargerConnected(
                charger=name,
                connection=self.connection,
                version=Version.V16,
                address="127.0.0.1",
                received_at=self.later(),
            )
        )
        await self.tell(
            ChargerBooted(
                charger=name,
                vendor="Acme",
                model="Wall",
                serial="S1",
                firmware="1.2.3",
                received_at=self.later(),
            )
        )

    async def disconnect(self, name: str = CP1) -> None:
        """Lose the connection."""
        await self.tell(
            ChargerDisconnected(charger=name, connection=self.connection, received_at=self.later())
        )

    async def status(
        self, status: EvseStatus, evse: EvseId = EVSE, error: str | None = None
    ) -> None:
        """Report a status."""
        at = self.later()
        await self.tell(
            StatusReported(evse=evse, status=status, error_code=error, at=at, received_at=at)
        )

    async def tag(self, tag: str, name: str = CP1) -> None:
        """Present a tag."""
        await self.tell(TokenPresented(charger=name, token=tag, received_at=self.later()))

    async def start(self, tag: str = "TAG-ANNA", meter: int = 1000, evse: EvseId = EVSE) -> int:
        """Begin a transaction; return its id."""
        at = self.later()
        answer = await self.tell(
            TransactionStarted(
                evse=evse,
                token=tag,
                meter_start_wh=Decimal(meter),
                at=at,
                raw_at=at.isoformat(),
                received_at=at,
            )
        )
        await self.status(EvseStatus.CHARGING, evse)
        transaction: int = answer.transaction
        return transaction

    async def meter(
        self, register: int, transaction: int | None, power: int = 7200, evse: EvseId = EVSE
    ) -> None:
        """Send a sample."""
        at = self.later()
        values = (
            Measurement(Quantity.ENERGY_IMPORT_REGISTER, None, Decimal(register)),
            Measurement(Quantity.POWER_IMPORT, None, Decimal(power)),
            *(Measurement(Quantity.CURRENT_IMPORT, phase, Decimal("10.4")) for phase in PHASES),
            *(Measurement(Quantity.VOLTAGE, phase, Decimal(231)) for phase in PHASES),
            Measurement(Quantity.SOC, None, Decimal(55)),
            Measurement(Quantity.CURRENT_OFFERED, None, Decimal(16)),
            Measurement(Quantity.TEMPERATURE, None, Decimal(31)),
        )
        sample = Sample(at, Context.PERIODIC, values)
        await self.tell(
            MeterSampled(evse=evse, transaction=transaction, samples=(sample,), received_at=at)
        )

    async def stop(self, transaction: int, meter: int, name: str = CP1) -> None:
        """End a transaction."""
        at = self.later()
        await self.tell(
            TransactionStopped(
                charger=name,
                transaction=transaction,
                meter_stop_wh=Decimal(meter),
                reason="EVDisconnected",
                at=at,
                raw_at=at.isoformat(),
                received_at=at,
            )
        )
        await self.status(EvseStatus.AVAILABLE, EvseId(name, 1))

    async def charge(self, tag: str = "TAG-ANNA", meter: int = 1000, kwh: int = 10) -> None:
        """Charge for an hour."""
        transaction = await self.start(tag, meter)
        self.later(3600)
        await self.meter(meter + kwh * 1000, transaction)
        await self.stop(transaction, meter + kwh * 1000)


PHASES = (Phase.L1, Phase.L2, Phase.L3)


async def until(site: Site, condition: Callable[[], bool], within: float = 10) -> None:
    """Wait until a commit makes the condition true; raises TimeoutError."""
    changed = asyncio.Event()
    unsubscribe = site.engine.listen(lambda _publication: changed.set())
    try:
        async with asyncio.timeout(within):
            while not condition():
                await changed.wait()
                changed.clear()
    finally:
        unsubscribe()
    await site.hass.async_block_till_done()


async def comes(site: Site, condition: Callable[[], bool]) -> None:
    """Wait for what is shown within some seconds, for states are written with care."""
    async with asyncio.timeout(15):
        while not condition():
            await asyncio.sleep(0.05)
    await site.hass.async_block_till_done()


def id_of(site: Site, key: Key, row: str) -> str:
    """Return the entity id of a row of the tables."""
    unique_id = f"site_{text_of(key)}_{row}"
    registry = er.async_get(site.hass)
    found = [each for each in registry.entities.values() if each.unique_id == unique_id]
    assert len(found) == 1, unique_id
    return found[0].entity_id


def state_of(site: Site, row: str, key: Key = (Evse, EVSE)) -> State:
    """Return the state of a row of the tables."""
    state = site.hass.states.get(id_of(site, key, row))
    assert state is not None, row
    return state
