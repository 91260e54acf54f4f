"""The owner's decisions: sites, chargers, drivers, tariffs and sheets come, change and go without touching a socket."""

from dataclasses import replace
from typing import assert_never

from ..access.fingerprint import remote_token
from ..model import events as e
from ..model.allowance import Allowance
from ..model.circuit import CircuitSettings
from ..model.ids import DriverId, EvseId, normalize_uid
from ..model.session import Session
from ..model.settings import DriverSettings
from ..model.state import (
    SITE,
    Charger,
    Circuit,
    Driver,
    Evse,
    HomeBattery,
    Sheet,
    Site,
    TariffState,
    TariffVersion,
    Token,
    Vehicle,
)
from ..tariff.prices import merge
from .chargers import prepare, sample_interval_s
from .context import Context
from .limiting import apply_limits
from .transactions import end_silently
from .vehicles import remove_vehicle


def configured(context: Context, event: e.ConfigurationEvent) -> None:  # noqa: C901, PLR0912 - one line an event
    """Take over what the owner configured."""
    match event:
        case e.SiteConfigured(settings=settings):
            context.draft.put(Site(settings=settings))
            if settings.battery is None and context.draft.get(HomeBattery, SITE):
                context.draft.remove(HomeBattery, SITE)
        case e.ChargerConfigured():
            _charger(context, event)
        case e.ChargerRemoved(charger=charger):
            _remove_charger(context, charger)
        case e.DriverConfigured(settings=settings):
            _driver(context, settings)
        case e.DriverRemoved(driver=driver):
            _claim_tokens(context, driver, {})
            context.draft.remove(Driver, driver)
        case e.TariffConfigured():
            _tariff(context, event)
        case e.TariffRemoved(tariff=tariff):
            known = context.draft.get(TariffState, tariff)
            if known is not None:
                context.draft.put(replace(known, removed=True))
        case e.SheetConfigured(settings=settings):
            context.draft.put(Sheet(settings=settings))
        case e.SheetRemoved(sheet=sheet):
            context.draft.remove(Sheet, sheet)
        case e.CircuitConfigured(settings=settings):
            sampled_every = sample_interval_s(context)
            _circuit(context, settings)
            if sample_interval_s(context) != sampled_every:
                _prepare_all(context)
        case e.CircuitRemoved(circuit=circuit):
            context.draft.remove(Circuit, circuit)
        case e.VehicleConfigured(settings=settings):
            vehicle = context.draft.get(Vehicle, settings.vehicle) or Vehicle(settings=settings)
            context.draft.put(replace(vehicle, settings=settings))
        case e.VehicleRemoved():
            remove_vehicle(context, event.vehicle)
        case _:
            assert_never(event)


def _charger(context: Context, event: e.ChargerConfigured) -> None:
    known = context.charger(event.settings.charger)
    context.draft.put(
        Charger(settings=event.settings)
        if known is None
        else replace(known, settings=event.settings)
    )
    for settings in event.settings.evses:
        context.evse(EvseId(event.settings.charger, settings.evse))
    if known is not None:
        for evse in known.evses:
            apply_limits(context, evse)


def _remove_charger(context: Context, charger_id: str) -> None:
    """Forget a charger; what its open sessions measured so far is billed, for nobody will report their end."""
    charger = context.charger(charger_id)
    if charger is None:
        return
    for session in context.sessions_of(charger):
        if session.is_open:
            end_silently(context, session)
        context.draft.remove(Session, session.id)
    for evse in context.draft.all(Evse):
        if evse.id.charger == charger_id:
            context.draft.remove(Evse, evse.id)
            context.draft.remove(Allowance, evse.id)
    context.draft.remove(Charger, charger_id)


def _circuit(context: Context, settings: CircuitSettings) -> None:
    """Take a circuit over; a changed limit holds at once, what its meters say comes with the next look."""
    known = context.draft.get(Circuit, settings.circuit)
    if known is None or known.settings.limit_a != settings.limit_a:
        known = Circuit(settings=settings, limit_a=settings.limit_a)
    context.draft.put(replace(known, settings=settings, power_limit_w=settings.power_limit_w))


def _prepare_all(context: Context) -> None:
    """Tell chargers that are there how often to report from now on; the others learn it when they come."""
    for charger in context.draft.all(Charger):
        if charger.connection is not None and charger.prepared_on == charger.connection:
            prepare(context, charger)


def _driver(context: Context, settings: DriverSettings) -> None:
    context.draft.put(Driver(settings=settings))
    tokens = {
        normalize_uid(token.uid): Token(
            uid=normalize_uid(token.uid),
            driver=settings.driver,
            blocked=token.blocked,
            expires_at=token.expires_at,
        )
        for token in settings.tokens
    }
    minted = remote_token(settings.driver, context.settings.secret)
    tokens[minted] = Token(uid=minted, driver=settings.driver)
    _claim_tokens(context, settings.driver, tokens)


def _claim_tokens(context: Context, driver: DriverId, tokens: dict[str, Token]) -> None:
    """Make these and only these tags the driver's."""
    for token in context.draft.all(Token):
        if token.driver == driver and token.uid not in tokens:
            context.draft.remove(Token, token.uid)
    for token in tokens.values():
        context.draft.put(token)


def _tariff(context: Context, event: e.TariffConfigured) -> None:
    tariff = event.settings.tariff
    known = context.draft.get(TariffState, tariff.id)
    version = TariffVersion(context.now, tariff)
    if known is None:
        context.draft.put(TariffState(settings=event.settings, versions=(version,)))
        return
    changed = known.settings.tariff != tariff
    versions = (*known.versions, version) if changed else known.versions
    context.draft.put(replace(known, settings=event.settings, versions=versions, removed=False))


def prices_read(context: Context, event: e.PricesRead) -> None:
    """Lay what a price source said over what it said before."""
    known = context.draft.get(TariffState, event.series.tariff)
    if known is not None:
        series = merge(known.series, event.series, context.now)
        context.draft.put(replace(known, series=series))
