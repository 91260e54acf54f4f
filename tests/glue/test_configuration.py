"""From what is stored to what the engine is told."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from custom_components.ev_station.configuration import Configured, difference, read
from custom_components.ev_station.model.events import (
    ChargerConfigured,
    ChargerRemoved,
    ConfigurationEvent,
    DriverConfigured,
    DriverRemoved,
    SheetConfigured,
    SheetRemoved,
    SiteConfigured,
    TariffConfigured,
    TariffRemoved,
)
from custom_components.ev_station.model.settings import (
    ChargerSettings,
    DriverSettings,
    EvseSettings,
    SheetSettings,
    SiteSettings,
    TariffSettings,
    TokenSettings,
)
from custom_components.ev_station.model.state import (
    Aggregate,
    Charger,
    Driver,
    Sheet,
    Site,
    SiteState,
    TariffState,
)
from custom_components.ev_station.tariff import build

from .entries import (
    ANNA,
    BEN,
    HOUSE,
    POWER,
    SECRET,
    WALLBOX,
    charger,
    driver,
    evse,
    fixed,
    sheet,
    site_entry,
    tag,
)

SITE_SETTINGS = SiteSettings(name="Home", currency="EUR", time_zone="Europe/Paris", secret=SECRET)
TARIFF = TariffSettings(tariff=build.fixed(POWER, "EUR", Decimal("0.30")), name="Electricity")


def driver_settings(driver_id: str, *tags: str) -> DriverSettings:
    tokens = tuple(TokenSettings(uid=uid) for uid in tags)
    return DriverSettings(driver=driver_id, name=driver_id, tokens=tokens)


def sheet_settings(sheet_id: str, *drivers: str) -> SheetSettings:
    return SheetSettings(sheet=sheet_id, name=sheet_id, drivers=drivers)


def state_of(*aggregates: Aggregate) -> SiteState:
    state = SiteState()
    state.apply({(type(each), each.key): each for each in aggregates})
    return state


def test_everything_stored_is_read() -> None:
    expires = "2026-12-31T23:00:00+00:00"
    entry = site_entry(
        9000,
        subentries=[
            fixed(POWER, "Electricity", "0.30"),
            driver(
                ANNA,
                "Anna",
                tags=[tag("ab", label="Fob", blocked=True, expires=expires)],
                tariff=POWER,
                active=False,
            ),
            charger(
                WALLBOX,
                "Wallbox",
                "CP1",
                password_hash="scrypt$",
                tariff=POWER,
                evses={"2": evse(name="Left", default_driver=ANNA, max_current_a=16, phases=1)},
            ),
            sheet(HOUSE, "Household", ANNA),
        ],
        options={},
    )
    token = TokenSettings(
        uid="AB",
        label="Fob",
        blocked=True,
        expires_at=datetime(2026, 12, 31, 23, tzinfo=UTC),
    )
    left = EvseSettings(
        evse=2, name="Left", default_driver=ANNA, max_current_a=Decimal(16), phases=1
    )
    assert read(entry, "Europe/Paris") == Configured(
        site=SITE_SETTINGS,
        tariffs=(TARIFF,),
        drivers=(
            DriverSettings(driver=ANNA, name="Anna", tokens=(token,), tariff=POWER, active=False),
        ),
        chargers=(
            ChargerSettings(
                charger="CP1",
                name="Wallbox",
                password_hash="scrypt$",
                tariff=POWER,
                evses=(left,),
            ),
        ),
        sheets=(SheetSettings(sheet=HOUSE, name="Household", drivers=(ANNA,)),),
    )


def test_what_refers_to_something_removed_refers_to_nothing() -> None:
    entry = site_entry(
        9000,
        subentries=[
            driver(BEN, "Ben", tariff=POWER),
            charger(
                WALLBOX, "Wallbox", "CP1", tariff=POWER, evses={"1": evse(default_driver=ANNA)}
            ),
            sheet(HOUSE, "Household", ANNA, BEN),
        ],
        options={"default_tariff": POWER},
    )
    found = read(entry, "Europe/Paris")
    assert found.site.default_tariff is None
    assert found.drivers[0].tariff is None
    assert found.chargers[0].tariff is None
    assert found.chargers[0].evses[0].default_driver is None
    assert found.sheets[0].drivers == (BEN,)


def kinds(events: Sequence[ConfigurationEvent]) -> list[type[ConfigurationEvent]]:
    return [type(event) for event in events]


def test_a_fresh_engine_is_told_everything_and_what_others_refer_to_first() -> None:
    wanted = read(site_entry(9000), "Europe/Paris")
    assert kinds(difference(SiteState(), wanted)) == [
        SiteConfigured,
        TariffConfigured,
        DriverConfigured,
        DriverConfigured,
        ChargerConfigured,
        SheetConfigured,
    ]


def test_an_engine_that_knows_everything_is_told_nothing() -> None:
    wanted = read(site_entry(9000), "Europe/Paris")
    state = state_of(
        Site(settings=wanted.site),
        *(TariffState(settings=each) for each in wanted.tariffs),
        *(Driver(settings=each) for each in wanted.drivers),
        *(Charger(settings=each) for each in wanted.chargers),
        *(Sheet(settings=each) for each in wanted.sheets),
    )
    assert difference(state, wanted) == ()


def test_what_others_refer_to_is_removed_last() -> None:
    state = state_of(
        Site(settings=SITE_SETTINGS),
        TariffState(settings=TARIFF),
        Driver(settings=driver_settings(ANNA)),
        Charger(settings=ChargerSettings(charger="CP1", name="CP1")),
        Sheet(settings=sheet_settings(HOUSE)),
    )
    assert difference(state, Configured(site=SITE_SETTINGS)) == (
        SheetRemoved(sheet=HOUSE),
        ChargerRemoved(charger="CP1"),
        DriverRemoved(driver=ANNA),
        TariffRemoved(tariff=POWER),
    )


def test_a_removed_tariff_is_removed_once() -> None:
    state = state_of(Site(settings=SITE_SETTINGS), TariffState(settings=TARIFF, removed=True))
    assert difference(state, Configured(site=SITE_SETTINGS)) == ()
    assert difference(state, Configured(site=SITE_SETTINGS, tariffs=(TARIFF,))) == (
        TariffConfigured(settings=TARIFF),
    )


def test_a_tag_leaves_its_old_driver_before_the_new_one_gets_it() -> None:
    state = state_of(
        Site(settings=SITE_SETTINGS),
        Driver(settings=driver_settings(ANNA)),
        Driver(settings=driver_settings(BEN, "01")),
    )
    wanted = Configured(
        site=SITE_SETTINGS, drivers=(driver_settings(ANNA, "01"), driver_settings(BEN))
    )
    assert difference(state, wanted) == (
        DriverConfigured(settings=driver_settings(BEN)),
        DriverConfigured(settings=driver_settings(ANNA, "01")),
    )


def test_a_driver_leaves_the_old_sheet_before_joining_the_new_one() -> None:
    state = state_of(
        Site(settings=SITE_SETTINGS),
        Sheet(settings=sheet_settings("A")),
        Sheet(settings=sheet_settings("B", ANNA)),
    )
    wanted = Configured(site=SITE_SETTINGS, sheets=(sheet_settings("A", ANNA), sheet_settings("B")))
    assert difference(state, wanted) == (
        SheetConfigured(settings=sheet_settings("B")),
        SheetConfigured(settings=sheet_settings("A", ANNA)),
    )
