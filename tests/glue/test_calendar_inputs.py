"""Departures from calendars: when they are read, and what holds while they cannot be."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, override

from homeassistant.components.calendar import CalendarEntity, CalendarEvent
from homeassistant.components.calendar.const import DATA_COMPONENT
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest

from custom_components.ev_station.const import DOMAIN
from custom_components.ev_station.model.errors import StorageUnavailable
from custom_components.ev_station.model.state import Vehicle
from custom_components.ev_station.model.vehicle import Goal, GoalKind, Trip

from .clocks import Clock
from .entries import ANNA, SiteEntry
from .flows import ABORT, CREATED, Subentries, suggested
from .test_flow_vehicle import answers

CAR = "calendar.car"
OTHER = "calendar.other"
HOUR = timedelta(hours=1)
NOW = (datetime.now(UTC) + timedelta(days=2)).replace(hour=12, minute=5, second=0, microsecond=0)
FULL = Goal(GoalKind.PERCENT, Decimal(100))


class Calendar(CalendarEntity):
    """A calendar of somebody else's integration."""

    _attr_should_poll = False

    def __init__(self, entity_id: str, *events: CalendarEvent) -> None:
        """Hold these events."""
        self.entity_id = entity_id
        self.events = list(events)
        self.asked: list[tuple[datetime, datetime]] = []
        self.fails: Exception | None = None
        self.reachable = True

    @property
    @override
    def available(self) -> bool:
        return self.reachable

    @property
    @override
    def event(self) -> CalendarEvent | None:
        return self.events[0] if self.events else None

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        self.asked.append((start_date, end_date))
        if self.fails is not None:
            raise self.fails
        return self.events


def event(
    begins: timedelta, summary: str = "Trip", description: str | None = None
) -> CalendarEvent:
    """Return an event of an hour that begins so much later."""
    start = NOW + begins
    return CalendarEvent(start=start, end=start + HOUR, summary=summary, description=description)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock(NOW)
    monkeypatch.setattr(dt_util, "utcnow", found)
    return found


@pytest.fixture(autouse=True)
async def _leave_nothing(hass: HomeAssistant) -> AsyncGenerator[None]:
    """Take the calendars away in the end: they wait for their events."""
    yield
    component = hass.data[DATA_COMPONENT]
    for each in list(component.entities):
        await component.async_remove_entity(each.entity_id)


@pytest.fixture
def subentries(hass: HomeAssistant, site: SiteEntry) -> Subentries:
    return Subentries(hass, site)


async def show(hass: HomeAssistant, *calendars: Calendar) -> None:
    """Add calendars to Home Assistant."""
    await hass.data[DATA_COMPONENT].async_add_entities(calendars)
    await settle(hass)


async def settle(hass: HomeAssistant) -> None:
    await hass.async_block_till_done(wait_background_tasks=True)


async def changed(hass: HomeAssistant, calendar: Calendar, *events: CalendarEvent) -> None:
    """Have a calendar tell of other events."""
    calendar.events = list(events)
    calendar.async_write_ha_state()
    await settle(hass)


async def add(subentries: Subentries, entity: str | None = CAR, **given: Any) -> None:
    """Describe a car that names a calendar."""
    departures = {"calendar_entity": entity} if entity else {}
    flow = await subentries.add("vehicle")
    done = await subentries.submit(flow, answers(departures=departures | given))
    assert done["type"] is CREATED
    await settle(subentries.hass)


def booked(subentries: Subentries) -> tuple[Trip, ...]:
    """Return what is known of the calendar of the only car."""
    (vehicle,) = subentries.engine.state.all(Vehicle)
    return vehicle.booked


def issue(subentries: Subentries) -> ir.IssueEntry | None:
    key = f"calendar_gone_{subentries.entry.entry_id}_{subentries.titled('Zoe').subentry_id}"
    return ir.async_get(subentries.hass).async_get_issue(DOMAIN, key)


async def test_events_are_departures_before_their_begin(
    hass: HomeAssistant, subentries: Subentries
) -> None:
    calendar = Calendar(CAR, event(5 * HOUR, "Ghent 100 %"), event(30 * HOUR, "Dentist"))
    await show(hass, calendar)
    await add(subentries, calendar_margin_min=45)
    early = timedelta(minutes=45)
    assert booked(subentries) == (
        Trip(at=NOW + 5 * HOUR - early, goal=FULL),
        Trip(at=NOW + 5 * HOUR, goal=FULL),
        Trip(at=NOW + 30 * HOUR - early),
        Trip(at=NOW + 30 * HOUR),
    )
    (start, end) = calendar.asked[-1]
    assert end - start == 48 * HOUR + early
    # An event of whole days says no time.
    today = NOW.date()
    whole = CalendarEvent(start=today, end=today + timedelta(days=2), summary="Holidays 80 %")
    await changed(hass, calendar, whole, event(7 * HOUR, "Oma", "hin und zurück 120 km"))
    far = Goal(GoalKind.DISTANCE, Decimal(120))
    assert booked(subentries) == (
        Trip(at=NOW + 7 * HOUR - early, goal=far),
        Trip(at=NOW + 7 * HOUR, goal=far),
    )


async def test_a_later_event_is_found_within_a_quarter_of_an_hour(
    hass: HomeAssistant, subentries: Subentries, clock: Clock
) -> None:
    calendar = Calendar(CAR)
    await show(hass, calendar)
    await add(subentries)
    assert booked(subentries) == ()
    # Nothing is said: the entity is still off.
    calendar.events = [event(20 * HOUR)]
    await clock.pass_until(hass, NOW + timedelta(minutes=10, seconds=5))
    assert [each.at for each in booked(subentries)] == [NOW + 19.5 * HOUR, NOW + 20 * HOUR]


async def test_while_a_calendar_is_away_or_fails_what_it_said_is_known(
    hass: HomeAssistant, subentries: Subentries
) -> None:
    calendar = Calendar(CAR, event(5 * HOUR))
    await show(hass, calendar)
    await add(subentries)
    known = booked(subentries)
    assert len(known) == 2
    for fails in (HomeAssistantError("gone"), KeyError("events"), TimeoutError()):
        calendar.fails = fails
        await changed(hass, calendar, event(9 * HOUR))
        await changed(hass, calendar, event(10 * HOUR))
        assert booked(subentries) == known
    asked = len(calendar.asked)
    calendar.reachable = False
    await changed(hass, calendar)
    assert (booked(subentries), len(calendar.asked)) == (known, asked)
    calendar.reachable, calendar.fails = True, None
    await changed(hass, calendar)
    assert booked(subentries) == ()


async def test_what_it_said_is_known_after_a_restart(
    hass: HomeAssistant, subentries: Subentries
) -> None:
    calendar = Calendar(CAR, event(5 * HOUR))
    await show(hass, calendar)
    await add(subentries)
    known = booked(subentries)
    calendar.fails = HomeAssistantError("not yet")
    await hass.config_entries.async_reload(subentries.entry.entry_id)
    await settle(hass)
    (vehicle,) = subentries.entry.runtime_data.engine.state.all(Vehicle)
    assert (len(known), vehicle.booked) == (2, known)


async def test_a_calendar_that_is_gone_is_told_of_until_it_is_back(
    hass: HomeAssistant, subentries: Subentries, clock: Clock
) -> None:
    async def told() -> ir.IssueEntry | None:
        await clock.pass_until(hass, clock.now + timedelta(seconds=31))
        return issue(subentries)

    await show(hass, Calendar(CAR, event(5 * HOUR)))
    await add(subentries)
    known = booked(subentries)
    assert await told() is None
    await hass.data[DATA_COMPONENT].async_remove_entity(CAR)
    found = await told()
    assert found is not None
    assert found.translation_placeholders == {"site": "Home", "name": "Zoe", "entity": CAR}
    assert (len(known), booked(subentries)) == (2, known)
    # Back, and read as soon as it is.
    await show(hass, Calendar(CAR))
    assert booked(subentries) == ()
    assert await told() is None


async def test_another_calendar_or_none_forgets_what_the_first_one_said(
    hass: HomeAssistant, subentries: Subentries
) -> None:
    other = Calendar(OTHER, event(8 * HOUR))
    await show(hass, Calendar(CAR, event(5 * HOUR)), other)
    await add(subentries)
    other.fails = HomeAssistantError("gone")
    zoe = subentries.titled("Zoe").subentry_id
    flow = await subentries.change(zoe)
    assert suggested(flow)["departures"] == {"calendar_entity": CAR, "calendar_margin_min": 30}
    given = answers(departures={"calendar_entity": OTHER, "calendar_margin_min": 0})
    assert (await subentries.submit(flow, given))["type"] is ABORT
    await settle(hass)
    assert booked(subentries) == ()
    other.fails = None
    await changed(hass, other, event(7 * HOUR))
    assert booked(subentries) == (Trip(at=NOW + 7 * HOUR),)
    await subentries.submit(await subentries.change(zoe), answers())
    await settle(hass)
    assert booked(subentries) == ()
    # Nobody listens any more.
    asked = len(other.asked)
    await changed(hass, other, event(9 * HOUR))
    assert (booked(subentries), len(other.asked)) == ((), asked)


async def test_two_cars_share_a_calendar_each_with_its_margin(
    hass: HomeAssistant, subentries: Subentries
) -> None:
    calendar = Calendar(CAR, event(5 * HOUR))
    await show(hass, calendar)
    await add(subentries, calendar_margin_min=0)
    flow = await subentries.add("vehicle")
    departures = {"calendar_entity": CAR, "calendar_margin_min": 120}
    await subentries.submit(flow, answers(name="Bulli", driver=ANNA, departures=departures))
    await settle(hass)
    found = {each.settings.name: each.booked for each in subentries.engine.state.all(Vehicle)}
    assert found == {
        "Zoe": (Trip(at=NOW + 5 * HOUR),),
        "Bulli": (Trip(at=NOW + 3 * HOUR), Trip(at=NOW + 5 * HOUR)),
    }


async def test_our_own_calendar_is_not_offered(hass: HomeAssistant, subentries: Subentries) -> None:
    own = f"{subentries.entry.entry_id}_site_planned_charging"
    ours = er.async_get(hass).async_get_or_create("calendar", DOMAIN, own).entity_id
    flow = await subentries.add("vehicle")
    fields = flow["data_schema"].schema["departures"].schema.schema
    assert ours in fields["calendar_entity"].config["exclude_entities"]


async def test_what_could_not_be_stored_is_read_again(
    hass: HomeAssistant, subentries: Subentries, monkeypatch: pytest.MonkeyPatch
) -> None:
    calendar = Calendar(CAR)
    await show(hass, calendar)
    await add(subentries)

    async def fail(*_events: object) -> None:
        raise StorageUnavailable

    with monkeypatch.context() as broken:
        broken.setattr(subentries.engine, "configure", fail)
        await changed(hass, calendar, event(5 * HOUR))
        assert booked(subentries) == ()
    await changed(hass, calendar, event(6 * HOUR))
    assert len(booked(subentries)) == 2
