"""What the owner has to know and can do something about: each issue comes with its cause and goes with it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol

from homeassistant.const import CONF_ENTITY_ID, CONF_PORT
from homeassistant.core import CALLBACK_TYPE, CoreState, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_time_interval

from . import const as c
from .calendar_inputs import calendars
from .configuration import subentries
from .engine import Engine, Publication
from .holiday_inputs import out_of_holidays
from .inputs import is_readable
from .listening import Obstacle
from .model.allowance import Allowance
from .model.forecast import ForecastKind
from .model.ids import ChargerId, EvseId, VehicleId
from .model.phases import PhaseSwitching
from .model.state import Charger, Circuit, Evse
from .vehicle_inputs import tellers

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

PORT_BUSY: Final = "port_busy"
_LEDGER: Final = {"restored": "ledger_restored", "lost": "ledger_lost"}
_CLOCK: Final = "charger_clock_wrong"
_STORAGE: Final = "storage_failing"
_BACKUP: Final = "backup_failing"
_BROKEN: Final = "ledger_broken"
_REFERENCE: Final = "missing_reference"
_PRICE: Final = "price_unreadable"
_BATTERY: Final = "battery_disobeys"
_METER: Final = "meter_silent"
_PHASES: Final = "phases_not_switched"
_CALENDAR: Final = "calendar_gone"
_TELLER: Final = "vehicle_sensor_gone"
_SOURCE: Final = "price_silent"
_HOLIDAYS: Final = "holidays_unknown"
_FORECASTS: Final = {
    ForecastKind.SOLAR: "solar_forecast_silent",
    ForecastKind.CO2: "co2_forecast_silent",
}
_IGNORED: Final = "limits_ignored"
_LOOK: Final = timedelta(seconds=30)


class _Named(Protocol):
    """What a vehicle names an entity for."""

    @property
    def entity(self) -> str: ...


class Issues:
    """The issues of one site."""

    def __init__(self, hass: HomeAssistant, entry: EvStationConfigEntry, engine: Engine) -> None:
        """Prepare; nothing is looked at before `async_start`."""
        self._hass = hass
        self._entry = entry
        self._engine = engine
        self._stops: list[CALLBACK_TYPE] = []
        self._wrong_clocks: dict[ChargerId, int] = {}
        self._references: set[str] = set()
        self._told: dict[str, set[str]] = {}
        self._blind: set[str] = set()
        self._unswitched: dict[EvseId, PhaseSwitching] = {}
        self._ignoring: dict[EvseId, dict[str, str]] = {}

    @callback
    def async_start(self) -> None:
        """Look now, at every commit, and every half minute at what happens without one."""
        self._stops = [
            self._engine.listen(self._published),
            async_track_time_interval(self._hass, self._look, _LOOK),
        ]
        if issue := _LEDGER.get(self._engine.health.opening):
            self._create(issue, fixable=True, persistent=True)
        self.async_check()

    @callback
    def async_stop(self) -> None:
        """Look no more; what is not known any longer is not claimed any longer."""
        while self._stops:
            self._stops.pop()()
        for charger in tuple(self._wrong_clocks):
            self._clock_right(charger)
        for issue in (_STORAGE, _BACKUP, _BROKEN, _REFERENCE):
            self._delete(issue)
        self._delete(_REFERENCE, "grid")
        self._check_references(set())
        for issue in (_PRICE, _CALENDAR, _TELLER, _SOURCE, _HOLIDAYS):
            self._check_each(issue, {})
        self._check_forecasts(set())
        self._check_meters(())
        for evse in tuple(self._ignoring):
            self._check_heed(evse, None)
        for evse in tuple(self._unswitched):
            self._check_phases(evse, None)

    @callback
    def async_check(self) -> None:
        """Look at everything."""
        for charger in self._engine.state.all(Charger):
            self._check_clock(charger.key, charger)
        for evse in self._engine.state.all(Evse):
            self._check_heed(evse.key, evse)
        for allowance in self._engine.state.all(Allowance):
            self._check_phases(allowance.key, allowance)
        self._check_references(set(_missing(self._entry)))
        self._check_tariffs()
        self._check_meters(self._engine.state.all(Circuit))
        self._look()

    @callback
    def async_port_busy(self, obstacle: Obstacle) -> None:
        """Say that somebody else holds the port."""
        self._create(
            PORT_BUSY,
            key=obstacle.key,
            fixable=True,
            words={"port": str(self._entry.data[CONF_PORT]), "owner": obstacle.owner},
        )

    @callback
    def async_port_free(self) -> None:
        """The port is ours."""
        self._delete(PORT_BUSY)

    @callback
    def async_battery_disobeys(self, entity: str) -> None:
        """Say that the home battery's entity does not stand where it was put."""
        self._create(_BATTERY, severity=ir.IssueSeverity.WARNING, words={"entity": entity})

    @callback
    def async_battery_obeys(self) -> None:
        """It does now, or nobody asks."""
        self._delete(_BATTERY)

    def _published(self, publication: Publication) -> None:
        for (kind, key), aggregate in publication.changes.items():
            if kind is Circuit:
                self._check_meters(self._engine.state.all(Circuit))
            if kind is Evse and isinstance(key, EvseId):
                self._check_heed(key, aggregate if isinstance(aggregate, Evse) else None)
            if kind is Allowance and isinstance(key, EvseId):
                self._check_phases(key, aggregate if isinstance(aggregate, Allowance) else None)
            if kind is Charger and isinstance(key, str):
                self._check_clock(key, aggregate if isinstance(aggregate, Charger) else None)

    @callback
    def _look(self, _now: datetime | None = None) -> None:
        self._check_health()
        # Before Home Assistant has started, an entity may only not be there yet.
        if self._hass.state is CoreState.running:
            unreadable = _unreadable(self._hass, self._entry)
            silent = self._entry.runtime_data.prices.silent() - unreadable.keys()
            self._check_each(_PRICE, unreadable)
            self._check_each(_CALENDAR, self._gone(calendars(self._entry)))
            self._check_each(_TELLER, self._gone(tellers(self._entry)))
            self._check_each(_SOURCE, _named(self._entry, silent))
            self._check_each(_HOLIDAYS, _named(self._entry, out_of_holidays(self._entry)))
            self._check_forecasts(self._entry.runtime_data.forecasts.silent())

    def _gone(self, named: Mapping[VehicleId, _Named]) -> dict[str, dict[str, str]]:
        """Return the vehicles that name an entity which does not exist, with the words to say so."""
        return {
            vehicle: {"name": self._entry.subentries[vehicle].title, "entity": each.entity}
            for vehicle, each in named.items()
            if self._hass.states.get(each.entity) is None
        }

    def _check_clock(self, key: ChargerId, charger: Charger | None) -> None:
        offset = charger.clock.offset if charger else timedelta(0)
        minutes = round(offset / timedelta(minutes=1))
        if charger is None or abs(offset) <= c.CLOCK_TOLERANCE:
            return self._clock_right(key)
        if self._wrong_clocks.get(key) != minutes:
            self._wrong_clocks[key] = minutes
            words = {"charger": charger.settings.name, "offset": _how_long(abs(minutes))}
            self._create(_CLOCK, about=key, severity=ir.IssueSeverity.WARNING, words=words)
        return None

    def _clock_right(self, key: ChargerId) -> None:
        if self._wrong_clocks.pop(key, None) is not None:
            self._delete(_CLOCK, key)

    def _check_health(self) -> None:
        health = self._engine.health
        if health.storage_failing_since is None:
            self._delete(_STORAGE)
        else:
            self._create(_STORAGE, severity=ir.IssueSeverity.CRITICAL)
        if health.ledger_break is None:
            self._delete(_BROKEN)
        else:
            self._create(_BROKEN, words={"line": str(health.ledger_break.sequence)})
        if health.backup_problem is None:
            self._delete(_BACKUP)
        else:
            words = {"problem": health.backup_problem}
            self._create(_BACKUP, severity=ir.IssueSeverity.WARNING, words=words)

    def _check_phases(self, key: EvseId, allowance: Allowance | None) -> None:
        """Say that phases cannot be switched although the owner said so."""
        phasing = None if allowance is None else allowance.phasing
        charger = self._engine.state.get(Charger, key.charger)
        if phasing is None or charger is None or phasing.failed_at is None:
            if self._unswitched.pop(key, None):
                self._delete(_PHASES, _about(key))
        elif self._unswitched.get(key) is not phasing.by:
            self._unswitched[key] = phasing.by
            words = {"charger": charger.settings.name, "connector": str(key.evse)}
            self._create(
                _PHASES,
                key=f"{_PHASES}_{phasing.by.value}",
                about=_about(key),
                severity=ir.IssueSeverity.WARNING,
                words=words,
            )

    def _check_references(self, missing: set[str]) -> None:
        for subentry_id in self._references - missing:
            self._delete(_REFERENCE, subentry_id)
        for subentry_id in missing - self._references:
            subentry = self._entry.subentries[subentry_id]
            self._create(
                _REFERENCE,
                key=f"{_REFERENCE}_{subentry.subentry_type}",
                about=subentry_id,
                severity=ir.IssueSeverity.WARNING,
                words={"name": subentry.title},
            )
        self._references = missing

    def _check_each(self, issue: str, wrong: dict[str, dict[str, str]]) -> None:
        """Tell of the subentries an issue is about now, with the words for each, and no longer of others."""
        for subentry_id in self._told.get(issue, set()) - wrong.keys():
            self._delete(issue, subentry_id)
        for subentry_id, words in wrong.items():
            self._create(issue, about=subentry_id, severity=ir.IssueSeverity.WARNING, words=words)
        self._told[issue] = set(wrong)

    def _check_forecasts(self, silent: set[ForecastKind]) -> None:
        for kind, issue in _FORECASTS.items():
            if kind in silent:
                self._create(issue, severity=ir.IssueSeverity.WARNING)
            else:
                self._delete(issue)

    def _check_meters(self, circuits: Iterable[Circuit]) -> None:
        silent = {circuit.key: circuit for circuit in circuits if circuit.blind}
        for key in self._blind - silent.keys():
            self._delete(_METER, key)
        for key, circuit in silent.items():
            words = {
                "circuit": circuit.settings.name,
                "assumed": f"{circuit.settings.assumed_load_a:f}",
            }
            self._create(_METER, about=key, severity=ir.IssueSeverity.WARNING, words=words)
        self._blind = set(silent)

    def _check_heed(self, key: EvseId, evse: Evse | None) -> None:
        """Tell of a charger that goes by more than it should, with the figures."""
        charger = self._engine.state.get(Charger, key.charger)
        if evse is None or charger is None or evse.heed.ignored_since is None:
            if self._ignoring.pop(key, None) is not None:
                self._delete(_IGNORED, _about(key))
            return
        words = {
            "charger": charger.settings.name,
            "connector": str(key.evse),
            "limit": f"{evse.heed.should_a or 0:.0f}",
            "really": f"{evse.heed.really_a or 0:.0f}",
        }
        if self._ignoring.get(key) != words:
            self._ignoring[key] = words
            self._create(
                _IGNORED, about=_about(key), severity=ir.IssueSeverity.WARNING, words=words
            )

    def _check_tariffs(self) -> None:
        """Tell of tariffs the rules of the site name and nobody has any more."""
        grid = (c.CONF_IMPORT_TARIFF, c.CONF_EXPORT_TARIFF)
        for about, named in (("", (c.CONF_DEFAULT_TARIFF,)), ("grid", grid)):
            gone = _any_gone(self._entry, *(self._entry.options.get(key) for key in named))
            if gone:
                key = f"{_REFERENCE}_{about or 'site'}"
                self._create(_REFERENCE, key=key, about=about, severity=ir.IssueSeverity.WARNING)
            else:
                self._delete(_REFERENCE, about)

    def _create(
        self,
        issue: str,
        *,
        key: str | None = None,
        about: str = "",
        fixable: bool = False,
        persistent: bool = False,
        severity: ir.IssueSeverity = ir.IssueSeverity.ERROR,
        words: dict[str, str] | None = None,
    ) -> None:
        ir.async_create_issue(
            self._hass,
            c.DOMAIN,
            self._id(issue, about),
            data={"entry_id": self._entry.entry_id, "issue": issue, **(words or {})},
            is_fixable=fixable,
            is_persistent=persistent,
            severity=severity,
            translation_key=key or issue,
            translation_placeholders={"site": self._entry.title} | (words or {}),
        )

    def _delete(self, issue: str, about: str = "") -> None:
        ir.async_delete_issue(self._hass, c.DOMAIN, self._id(issue, about))

    def _id(self, issue: str, about: str) -> str:
        return "_".join(filter(None, (issue, self._entry.entry_id, about)))


@callback
def async_forget(hass: HomeAssistant, entry: EvStationConfigEntry) -> None:
    """Withdraw every issue of a site that is removed."""
    for domain, issue_id in list(ir.async_get(hass).issues):
        if domain == c.DOMAIN and entry.entry_id in issue_id:
            ir.async_delete_issue(hass, domain, issue_id)


def _about(evse: EvseId) -> str:
    return f"{evse.charger}_{evse.evse}"


def _how_long(minutes: int) -> str:
    """Return a duration in units that every language writes alike."""
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return f"{hours // 24} d"
    return f"{hours} h {rest} min" if hours else f"{rest} min"


def _missing(entry: EvStationConfigEntry) -> Iterator[str]:
    """Yield the subentries that refer to one which was removed."""
    for charger in subentries(entry, c.SUBENTRY_CHARGER):
        drivers = (evse[c.CONF_DEFAULT_DRIVER] for evse in charger.data[c.CONF_EVSES].values())
        if _any_gone(entry, charger.data[c.CONF_TARIFF], *drivers):
            yield charger.subentry_id
    for driver in subentries(entry, c.SUBENTRY_DRIVER):
        if _any_gone(entry, driver.data[c.CONF_TARIFF]):
            yield driver.subentry_id


def _unreadable(hass: HomeAssistant, entry: EvStationConfigEntry) -> dict[str, dict[str, str]]:
    """Return the tariffs whose price entity gives no price, with the words to say so."""
    currency = entry.data[c.CONF_CURRENCY]
    return {
        tariff.subentry_id: {"name": tariff.title, "entity": entity, "currency": currency}
        for tariff in subentries(entry, c.SUBENTRY_TARIFF)
        if (entity := tariff.data.get(CONF_ENTITY_ID))
        and not is_readable(hass, tariff.data, currency)
    }


def _named(entry: EvStationConfigEntry, subentry_ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return these subentries with the words to name them."""
    return {each: {"name": entry.subentries[each].title} for each in subentry_ids}


def _any_gone(entry: EvStationConfigEntry, *references: str | None) -> bool:
    return any(reference and reference not in entry.subentries for reference in references)
