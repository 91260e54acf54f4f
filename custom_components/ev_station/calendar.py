"""Calendars: when which car is to charge."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final, override

from homeassistant.components.calendar import (
    CalendarEntity,
    CalendarEntityDescription,
    CalendarEvent,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .entity import Description, EvStationEntity, Table, async_setup_tables
from .lookup import SITE_KIND, SiteView, evse_name
from .model.plan import EvsePlan, PlanPeriod
from .model.state import Charger, Vehicle
from .reasons import async_word

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

PARALLEL_UPDATES = 0
_VOCABULARY: Final = "planned_charge"
_KWH: Final = Decimal(1000)


@dataclass(frozen=True, kw_only=True)
class CalendarDescription(Description[SiteView], CalendarEntityDescription):
    """A calendar of the site."""


class PlannedCharging(EvStationEntity[SiteView], CalendarEntity):
    """What all plans mean to draw, an event for each stretch a car charges in one go."""

    entity_description: CalendarDescription

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """Return what charges now, else what does next."""
        now = dt_util.utcnow()
        coming = (each for each in self._events() if each.end_datetime_local > now)
        return min(coming, key=_order, default=None)

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """Return what is planned within a range; what was drawn before is no plan any more."""
        within = (
            each
            for each in self._events()
            if each.start_datetime_local < end_date and start_date < each.end_datetime_local
        )
        return sorted(within, key=_order)

    @override
    def shown(self) -> object:
        """Return all events: who shows the calendar is told of each of them."""
        return list(self._events())

    def _events(self) -> Iterator[CalendarEvent]:
        for plan in self.view.plans if self.view else ():
            for stretch in plan.stretches():
                begin, end = plan.begin_of(stretch), min(stretch[-1].end, plan.departure)
                if begin < end:
                    yield CalendarEvent(
                        start=dt_util.as_local(begin),
                        end=dt_util.as_local(end),
                        summary=f"{self._who(plan)}: {_kwh(_energy_wh(stretch, end))} kWh",
                        description="\n".join(self._words(plan, stretch)),
                        location=self._place(plan),
                    )

    def _who(self, plan: EvsePlan) -> str:
        """Return the car's name; where drivers are private, only where it stands."""
        if self.coordinator.private_drivers:
            return self._place(plan)
        vehicle = self.coordinator.engine.state.get(Vehicle, plan.vehicle)
        return vehicle.settings.name if vehicle else self._place(plan)

    def _place(self, plan: EvsePlan) -> str:
        charger = self.coordinator.engine.state.get(Charger, plan.id.charger)
        return evse_name(charger, plan.id) if charger else str(plan.id)

    def _words(self, plan: EvsePlan, stretch: tuple[PlanPeriod, ...]) -> Iterator[str]:
        """Yield why it charges then, and what comes of the whole plan; of a private car only the first."""
        for why in dict.fromkeys(each.why for each in stretch if each.why):
            word = async_word(self.hass, _VOCABULARY, why.value)
            yield f"{word[:1].upper()}{word[1:]}."
        if self.coordinator.private_drivers:
            return
        currency = self.view.site.currency if self.view else ""
        # What a guest's car lacks that is to be full nobody knows.
        lacks = "short" if plan.unmet_wh else None
        sentences = (
            "late" if plan.overdue else lacks if plan.ready_at is None else "ready",
            "saves" if plan.saved > 0 else "costs",
        )
        for sentence in filter(None, sentences):
            yield async_word(self.hass, _VOCABULARY, sentence).format(
                ready=_clock(plan.ready_at or plan.departure),
                departure=_clock(plan.leaves_at),
                missing=_kwh(plan.unmet_wh),
                energy=_kwh(plan.energy_wh),
                cost=f"{plan.cost:.2f} {currency}",
                saved=f"{plan.saved:.2f} {currency}",
            )


def _order(event: CalendarEvent) -> tuple[datetime, datetime, str]:
    return event.start_datetime_local, event.end_datetime_local, event.summary


def _energy_wh(stretch: tuple[PlanPeriod, ...], end: datetime) -> Decimal:
    """Return what is still to be drawn until the end of a stretch."""
    drawn = (each._replace(end=min(each.end, end)) for each in stretch if each.start < end)
    return sum((each.energy_wh for each in drawn), Decimal(0))


def _kwh(energy_wh: Decimal) -> str:
    return f"{energy_wh / _KWH:.1f}"


def _clock(moment: datetime) -> str:
    return f"{dt_util.as_local(moment):%H:%M}"


SITE_CALENDARS: Final = (
    CalendarDescription(
        key="planned_charging",
        translation_key="planned_charging",
        exists_fn=lambda view: view.has_vehicles or bool(view.plans),
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: EvStationConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the calendar."""
    async_setup_tables(entry, async_add_entities, Table(SITE_KIND, PlannedCharging, SITE_CALENDARS))
