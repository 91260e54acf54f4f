"""What the owner configures: no socket is touched, and nothing measured is lost."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from custom_components.ev_station.model.events import (
    ChargerConfigured,
    ChargerRemoved,
    DriverConfigured,
    DriverRemoved,
    ForecastRead,
    PricesRead,
    SheetConfigured,
    SheetRemoved,
    SiteConfigured,
    TariffConfigured,
    TariffRemoved,
)
from custom_components.ev_station.model.forecast import Forecast, ForecastKind, Interval
from custom_components.ev_station.model.records import PostingKind
from custom_components.ev_station.model.session import Session
from custom_components.ev_station.model.settings import (
    ChargerSettings,
    DriverSettings,
    EvseSettings,
    SheetSettings,
    TariffSettings,
    TokenSettings,
    UnknownTokenPolicy,
)
from custom_components.ev_station.model.state import (
    Charger,
    Driver,
    Evse,
    Sheet,
    TariffState,
    Token,
)
from custom_components.ev_station.model.status import AuthorizationStatus, EvseStatus, Flag
from custom_components.ev_station.model.tariff import DayOfWeek, PriceInterval, PriceSeries
from custom_components.ev_station.tariff.build import Band, dynamic, fixed, time_of_use

from .site import (
    ANNA,
    DAY,
    FLAT,
    HOUR,
    NOON,
    SETTINGS,
    SHEET,
    Box,
    Site,
    adopted,
    at_home,
    home,
    snapshot,
)


def tariff(key: str, price: str) -> TariffConfigured:
    """Return a tariff of one price."""
    return TariffConfigured(
        settings=TariffSettings(tariff=fixed(key, "EUR", Decimal(price)), name=key)
    )


def test_the_same_again_changes_nothing() -> None:
    site, _ = at_home()
    before = snapshot(site.state)
    site.configure(SiteConfigured(settings=SETTINGS), FLAT, ANNA, SHEET, adopted("CP1"))
    assert snapshot(site.state) == before


def test_new_settings_of_the_site_keep_its_chain() -> None:
    site, box = at_home()
    for number in (1, 2):
        box.start()
        site.wait(HOUR)
        box.stop(1000 + number, 1000)
        site.configure(SiteConfigured(settings=replace(SETTINGS, name="Away")))
    assert [posting.sequence for posting in site.postings] == [1, 2]


def test_evses_the_owner_named_are_there_before_the_charger_is() -> None:
    evses = (EvseSettings(evse=2, name="Left"), EvseSettings(evse=1, name="Right"))
    settings = ChargerSettings(charger="CP1", name="Two", evses=evses)
    site = home(ChargerConfigured(settings=settings))
    box = Box(site)
    assert site.charger().evses == (box.evse(1), box.evse(2))
    assert settings.evse(2).name == "Left"
    assert settings.evse(3) == EvseSettings(evse=3)


def test_a_removed_charger_leaves_its_open_sessions_in_the_ledger() -> None:
    site, box = at_home()
    site.configure(adopted("CP2"))
    other = Box(site, "CP2").ready().evse()
    box.prepared(evses=2)
    box.start(evse=0)
    box.start("BEN", 100, evse=1)
    site.wait(HOUR)
    box.stop(1002, 400)
    box.sample(3000, transaction=1001, evse=0)
    site.feed(ChargerRemoved(charger="CP1"))
    assert site.billed() == {
        "session1": (Decimal(2000), Decimal("0.60")),
        "session2": (Decimal(300), Decimal("0.09")),
    }
    assert Flag.PROVISIONAL in site.standing()["session1"].flags
    assert [found.key for found in site.state.all(Charger)] == ["CP2"]
    assert [found.key for found in site.state.all(Evse)] == [other]
    assert not list(site.state.all(Session))
    before = snapshot(site.state)
    site.feed(ChargerRemoved(charger="CP1"))
    assert snapshot(site.state) == before


def test_a_removed_charger_comes_back_as_a_new_one() -> None:
    site, box = at_home()
    box.start()
    site.feed(ChargerRemoved(charger="CP1"))
    site.configure(adopted("CP1"))
    box.ready()
    assert box.start().transaction == 1002
    site.wait(HOUR)
    box.stop(1001, 1500)
    assert site.session(2).is_open


def test_a_drivers_tags_are_these_and_only_these() -> None:
    site, box = at_home()
    site.configure(driver("anna", "ONE", "TWO"), driver("anna", "TWO", "three"))
    assert [box.authorize(tag).status for tag in ("ANNA", "ONE", "two", "THREE")] == [
        AuthorizationStatus.INVALID,
        AuthorizationStatus.INVALID,
        AuthorizationStatus.ACCEPTED,
        AuthorizationStatus.ACCEPTED,
    ]


def driver(
    key: str, *tags: str, active: bool = True, tariff: str | None = None
) -> DriverConfigured:
    """Return a driver with tags."""
    tokens = tuple(TokenSettings(uid=tag) for tag in tags)
    return DriverConfigured(
        settings=DriverSettings(
            driver=key, name=key.title(), tokens=tokens, active=active, tariff=tariff
        )
    )


def test_a_tag_is_the_last_drivers_who_claimed_it() -> None:
    site, box = at_home()
    site.configure(driver("ben", "ANNA"))
    site.feed(DriverRemoved(driver="anna"))
    box.start("ANNA")
    assert site.session(1).payer.driver == "ben"


def test_a_removed_driver_pays_what_was_begun() -> None:
    site, box = at_home()
    box.start()
    site.feed(DriverRemoved(driver="anna"))
    site.wait(HOUR)
    box.stop(1001, 2000)
    assert site.postings[0].driver == "anna"
    assert site.state.get(Driver, "anna") is None
    assert not [token for token in site.state.all(Token) if token.driver == "anna"]
    assert box.authorize("ANNA").status is AuthorizationStatus.INVALID


def test_an_inactive_driver_is_blocked() -> None:
    site, box = at_home()
    site.configure(driver("anna", "ANNA", active=False))
    assert box.authorize("ANNA").status is AuthorizationStatus.BLOCKED


def test_strangers_may_charge_where_the_owner_says_so() -> None:
    site, box = at_home()
    policy = replace(SETTINGS, unknown_tokens=UnknownTokenPolicy.UNASSIGNED)
    site.configure(SiteConfigured(settings=policy))
    assert box.start("STRANGER").status is AuthorizationStatus.ACCEPTED
    assert box.authorize("").status is AuthorizationStatus.INVALID
    site.wait(HOUR)
    box.stop(1001, 2000)
    (cdr,) = site.cdrs
    assert (cdr.driver, cdr.sheet, cdr.payer_reason, cdr.flags) == (None, None, "unknown_token", ())


def test_the_drivers_tariff_goes_before_the_chargers_before_the_sites() -> None:
    site = home(
        tariff("drivers", "0.10"),
        tariff("chargers", "0.20"),
        driver("anna", "ANNA", tariff="drivers"),
        ChargerConfigured(settings=ChargerSettings(charger="CP1", name="Box", tariff="chargers")),
        adopted("CP2"),
    )
    prices = []
    for number, (name, tag) in enumerate(
        (("CP1", "ANNA"), ("CP1", "BEN"), ("CP2", "BEN"), ("CP2", "ANNA")), 1
    ):
        box = Box(site, name).ready()
        box.start(tag, 0)
        site.wait(HOUR)
        box.stop(1000 + number, 10_000)
        prices.append(site.cdrs[-1].amount)
    assert prices == [Decimal("1.00"), Decimal("2.00"), Decimal("3.00"), Decimal("1.00")]


def test_no_tariff_is_no_price() -> None:
    site, box = at_home()
    site.feed(TariffRemoved(tariff="flat"))
    site.feed(TariffRemoved(tariff="unheard"))
    box.start()
    site.wait(HOUR)
    box.stop(1001, 2000)
    (cdr,) = site.cdrs
    assert (cdr.tariff, cdr.amount, cdr.flags) == (None, Decimal("0.00"), (Flag.UNPRICED,))


def test_a_session_keeps_the_version_it_began_under() -> None:
    site, box = at_home()
    box.start()
    site.wait(HOUR)
    site.configure(tariff("flat", "0.50"))
    box.stop(1001, 2000)
    box.start("ANNA", 2000)
    site.wait(HOUR)
    box.stop(1002, 3000)
    assert [cdr.amount for cdr in site.cdrs] == [Decimal("0.30"), Decimal("0.50")]


def festive(*holidays: date) -> TariffConfigured:
    """Return a tariff of 0.40 on workdays, 0.10 on Sundays and these holidays."""
    workdays = Band(days=tuple(DayOfWeek)[:6], start=time(0), end=time(0), price=Decimal("0.40"))
    built = time_of_use("flat", "EUR", Decimal("0.10"), [workdays], holidays)
    return TariffConfigured(settings=TariffSettings(tariff=built, name="flat"))


def test_what_is_learnt_of_holidays_later_changes_no_bill() -> None:
    """At 10 kW from Christmas Eve 23:00 in Berlin to Christmas 01:00: 10 kWh x 0.40 and 10 kWh x 0.10."""
    site = home(festive(date(2026, 12, 25)))
    box = Box(site).ready()
    site.now = datetime(2026, 12, 24, 22, tzinfo=UTC)
    box.start("ANNA", 0)
    site.wait(HOUR)
    box.sample(10_000, transaction=1001)
    site.wait(HOUR / 2)
    site.configure(festive())
    site.wait(HOUR / 2)
    box.stop(1001, 20_000)
    assert site.cdrs[-1].amount == Decimal("5.00")
    assert site.cdrs[-1].tariff == festive(date(2026, 12, 25)).settings.tariff
    # A session that is reported late is rated by what was known in its time, one that begins now by what is.
    box.start("BEN", 20_000, at=datetime(2026, 12, 24, 23, tzinfo=UTC))
    box.stop(1002, 30_000, at=datetime(2026, 12, 24, 23, 30, tzinfo=UTC))
    box.start("ANNA", 30_000)
    site.wait(HOUR)
    box.stop(1003, 40_000)
    assert [cdr.amount for cdr in site.cdrs[-2:]] == [Decimal("1.00"), Decimal("4.00")]
    assert snapshot(site.replayed()) == snapshot(site.state)


def test_a_late_session_is_rated_by_the_version_of_its_own_time() -> None:
    site, box = at_home()
    site.wait(DAY)
    site.configure(tariff("flat", "0.50"))
    site.wait(DAY)
    for number, at in enumerate((NOON - DAY, NOON + HOUR, NOON + DAY), 1):
        box.start("ANNA", 1000 * number, at=at)
        box.stop(1000 + number, 1000 * number + 1000, at=at + HOUR)
    assert [cdr.amount for cdr in site.cdrs] == [Decimal("0.30"), Decimal("0.30"), Decimal("0.50")]


def test_a_tariff_that_comes_back_is_valid_again() -> None:
    site, box = at_home()
    site.feed(TariffRemoved(tariff="flat"))
    site.configure(FLAT)
    found = site.state.get(TariffState, "flat")
    assert found is not None
    assert (found.removed, len(found.versions)) == (False, 1)
    box.start()
    assert site.session(1).tariff is not None


def test_the_sheet_is_the_one_the_driver_is_on_at_the_end() -> None:
    site, box = at_home()
    box.start()
    other = SheetSettings(sheet="other", name="Other", drivers=("anna",))
    site.configure(SheetRemoved(sheet="house"), SheetConfigured(settings=other))
    site.wait(HOUR)
    box.stop(1001, 2000)
    assert site.postings[0].sheet == "other"
    assert site.state.get(Sheet, "house") is None


def test_a_credit_goes_to_the_sheet_that_was_billed() -> None:
    site, box = at_home()
    box.status(EvseStatus.AVAILABLE)
    box.start()
    site.wait(HOUR)
    box.sample(2000, transaction=1001)
    box.status(EvseStatus.AVAILABLE)
    site.tick(HOUR)
    site.feed(SheetRemoved(sheet="house"))
    box.stop(1001, 2000)
    assert [(posting.kind, posting.sheet) for posting in site.postings] == [
        (PostingKind.SESSION, "house"),
        (PostingKind.CREDIT, "house"),
        (PostingKind.ADJUSTMENT, None),
    ]


def hourly(first: int, *prices: str) -> PricesRead:
    """Return hourly prices, the first `first` hours after noon."""
    return PricesRead(
        series=PriceSeries(
            tariff="spot",
            intervals=tuple(
                PriceInterval(
                    start=NOON + timedelta(hours=first + number),
                    end=NOON + timedelta(hours=first + number + 1),
                    price=Decimal(price),
                )
                for number, price in enumerate(prices)
            ),
        )
    )


def spot_site() -> tuple[Site, Box]:
    """Return a site whose only tariff follows a price source, plus 5 ct."""
    settings = TariffSettings(tariff=dynamic("spot", "EUR", Decimal("0.05")), name="Spot")
    site = home(
        TariffConfigured(settings=settings),
        SiteConfigured(settings=replace(SETTINGS, default_tariff="spot")),
    )
    return site, Box(site).ready()


def test_prices_read_while_charging_rate_the_session() -> None:
    site, box = spot_site()
    site.feed(hourly(0, "0.10", "0.20"))
    box.start("ANNA", 0)
    for number in range(1, 4):
        site.wait(HOUR)
        box.sample(1000 * number, transaction=1001)
        site.feed(hourly(2, "-0.15"))
    box.stop(1001, 3000)
    # 0.15 + 0.25 - 0.10
    assert site.cdrs[0].amount == Decimal("0.30")
    assert [period.price_per_kwh for period in site.cdrs[0].periods] == [
        Decimal("0.15"),
        Decimal("0.25"),
        Decimal("-0.10"),
    ]


def sunny(watts: str) -> ForecastRead:
    """Return what the sun is to give in the hour after noon."""
    interval = Interval(start=NOON, end=NOON + HOUR, value=Decimal(watts))
    return ForecastRead(forecast=Forecast(kind=ForecastKind.SOLAR, intervals=(interval,)))


def test_what_is_expected_is_what_was_said_last() -> None:
    site = home()
    site.feed(sunny("1000"))
    site.feed(ForecastRead(forecast=Forecast(kind=ForecastKind.CO2)))
    site.feed(sunny("1200"))
    found = {each.key: each for each in site.state.all(Forecast)}
    assert found.keys() == {ForecastKind.SOLAR, ForecastKind.CO2}
    assert found[ForecastKind.SOLAR] == sunny("1200").forecast


def test_a_price_in_force_stays_what_it_was() -> None:
    site, box = spot_site()
    site.feed(hourly(0, "0.10"))
    box.start("ANNA", 0)
    site.wait(HOUR)
    site.feed(hourly(0, "9.99"))
    box.stop(1001, 1000)
    assert site.cdrs[0].amount == Decimal("0.15")


def test_prices_of_an_unknown_tariff_are_dropped() -> None:
    site, _ = at_home()
    before = snapshot(site.state)
    site.feed(hourly(0, "0.10"))
    assert snapshot(site.state) == before
