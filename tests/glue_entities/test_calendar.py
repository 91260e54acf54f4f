"""The calendar of what is planned."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.calendar.const import DATA_COMPONENT
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.plan import PlanPeriod, Why
from custom_components.ev_station.model.state import SITE, Site as SiteAggregate

from .site import SUBENTRIES, Site, site_entry, state_of
from .test_entities import pass_time
from .test_plans import PLAN, begin, hours, tell
from .test_vehicles import DAYS, car

HOME = (SiteAggregate, SITE)
CALENDAR = "calendar.home_planned_charging"
WHYS = (Why.WAITS, Why.CHEAPEST, Why.NEEDED, Why.WAITS, Why.CHEAPEST)
NIGHT = replace(
    PLAN,
    periods=tuple(each._replace(why=why) for each, why in zip(PLAN.periods, WHYS, strict=True)),
)
"""Noon in the plan is 13:00 at the site."""
SHOULD_HAVE_LEFT = hours(18)
LONGER = NIGHT.periods[-1]._replace(end=hours(15))
AGAIN = replace(
    NIGHT,
    made_at=hours(10.5),
    departure=hours(11.5),
    periods=(PlanPeriod(hours(10.5), hours(12), Decimal(16), 3, Why.NEEDED), *NIGHT.periods[3:]),
)
"""Made half an hour after the car began; it leaves earlier than the last slots end."""


@pytest.fixture
def entry() -> MockConfigEntry:
    """Return a site whose car leaves every morning."""
    daily = {f"leaves_{day}": "07:30:00" for day in DAYS}
    return site_entry(*SUBENTRIES, car("zoe", "Zoe", driver="anna", **daily))


async def events(hass: HomeAssistant, start: float, end: float) -> list[dict[str, Any]]:
    """Return the events between some hours after noon, as Home Assistant's action tells them."""
    span = {"start_date_time": hours(start), "end_date_time": hours(end)}
    found = await hass.services.async_call(
        "calendar",
        "get_events",
        {"entity_id": CALENDAR, **span},
        blocking=True,
        return_response=True,
    )
    assert found is not None
    told = found[CALENDAR]
    assert isinstance(told, dict)
    listed: Any = told["events"]
    return list(listed)


async def planned(site: Site, freezer: FrozenDateTimeFactory, **other: Any) -> None:
    """Have the car planned for, and let it be shown."""
    await begin(site)
    await tell(site, replace(NIGHT, **other))
    await pass_time(site.hass, freezer, 6)


async def test_what_is_planned(
    hass: HomeAssistant, site: Site, freezer: FrozenDateTimeFactory, snapshot: SnapshotAssertion
) -> None:
    assert state_of(site, "planned_charging", HOME).state == "off"
    assert "message" not in state_of(site, "planned_charging", HOME).attributes
    await planned(site, freezer)
    assert hass.states.get(CALENDAR) == snapshot(name="state")
    assert await events(hass, 0, 48) == snapshot(name="events")
    # 16 A and 10 A on three phases for an hour each, then 16 A for another.
    summaries = [each["summary"] for each in await events(hass, 0, 48)]
    assert summaries == ["Zoe: 17.9 kWh", "Zoe: 11.0 kWh"]


async def test_a_range_holds_what_reaches_into_it(
    hass: HomeAssistant, site: Site, freezer: FrozenDateTimeFactory
) -> None:
    await planned(site, freezer)
    spans = {(0, 10): 0, (0, 10.1): 1, (11.9, 13): 1, (12, 13): 0, (11, 14): 2, (14, 48): 0}
    assert {span: len(await events(hass, *span)) for span in spans} == spans


async def test_it_is_on_while_a_car_is_to_charge(
    hass: HomeAssistant, site: Site, freezer: FrozenDateTimeFactory
) -> None:
    await planned(site, freezer)
    shown = []
    # Two seconds after the begin and the end of what is planned.
    for hour in (10, 11, 12, 13, 14):
        freezer.move_to(hours(hour))
        await pass_time(hass, freezer, 2)
        state = state_of(site, "planned_charging", HOME)
        shown.append((state.state, state.attributes.get("start_time")))
    assert shown == [
        ("on", "2026-11-23 23:00:00"),
        ("on", "2026-11-23 23:00:00"),
        ("off", "2026-11-24 02:00:00"),
        ("on", "2026-11-24 02:00:00"),
        ("off", None),
    ]


async def test_it_changes_with_the_plan_and_goes_with_it(
    hass: HomeAssistant, site: Site, freezer: FrozenDateTimeFactory
) -> None:
    await planned(site, freezer)
    later = tuple(each._replace(why=Why.SOLAR) for each in NIGHT.periods[-1:])
    await tell(
        site, replace(NIGHT, periods=later, saved=Decimal(0), ready_at=None, unmet_wh=Decimal(2500))
    )
    await pass_time(hass, freezer, 6)
    state = state_of(site, "planned_charging", HOME)
    assert state.attributes["start_time"] == "2026-11-24 02:00:00"
    assert state.attributes["description"] == (
        "From the sun.\n"
        "Leaves at 08:00; 2.5 kWh will be missing.\n"
        "Still planned in all: 29.0 kWh for 4.06 EUR."
    )  # fmt: skip
    await tell(site)
    await pass_time(hass, freezer, 6)
    assert "message" not in state_of(site, "planned_charging", HOME).attributes
    assert await events(hass, 0, 48) == []


async def test_a_car_that_should_have_left_is_told_so(
    hass: HomeAssistant, site: Site, freezer: FrozenDateTimeFactory
) -> None:
    await planned(site, freezer, overdue=SHOULD_HAVE_LEFT)
    words = state_of(site, "planned_charging", HOME).attributes["description"].split("\n")
    # By local time; ready at half past two.
    assert "Was to leave at 07:00; charged until 02:30." in words


async def test_a_dashboard_is_told_of_what_changes_later_too(
    hass: HomeAssistant, site: Site, freezer: FrozenDateTimeFactory
) -> None:
    await planned(site, freezer)
    entity = hass.data[DATA_COMPONENT].get_entity(CALENDAR)
    assert entity is not None
    shown: list[Any] = []
    stop = entity.async_subscribe_events(hours(0), hours(48), shown.append)
    await tell(site, replace(NIGHT, periods=(*NIGHT.periods[:-1], LONGER)))
    await pass_time(hass, freezer, 6)
    assert [[each["summary"] for each in events] for events in shown] == [
        ["Zoe: 17.9 kWh", "Zoe: 22.1 kWh"]
    ]
    stop()


async def test_what_goes_on_keeps_its_begin_and_nothing_goes_on_after_it_left(
    hass: HomeAssistant, site: Site, freezer: FrozenDateTimeFactory
) -> None:
    await planned(site, freezer)
    await tell(site, AGAIN)
    await pass_time(hass, freezer, 6)
    (found,) = await events(hass, 0, 48)
    assert (found["start"], found["end"], found["summary"]) == (
        "2026-11-23T23:00:00+01:00",
        "2026-11-24T00:30:00+01:00",
        "Zoe: 11.0 kWh",
    )


async def test_a_place_that_is_gone_is_told_by_its_id(
    hass: HomeAssistant, site: Site, freezer: FrozenDateTimeFactory
) -> None:
    await planned(site, freezer, id=EvseId("CP9", 1), vehicle="gone")
    found, _ = await events(hass, 0, 48)
    assert (found["summary"], found["location"]) == ("CP9/1: 17.9 kWh", "CP9/1")


async def test_private_drivers_are_told_by_their_place(
    hass: HomeAssistant, site: Site, freezer: FrozenDateTimeFactory
) -> None:
    await planned(site, freezer)
    options = {**site.entry.options, "private_drivers": True}
    hass.config_entries.async_update_entry(site.entry, options=options)
    await hass.async_block_till_done()
    attributes = state_of(site, "planned_charging", HOME).attributes
    assert attributes["message"] == "Garage: 17.9 kWh"
    assert attributes["description"] == ("Power costs least then.\nNeeded to be ready on time.")
    for each in await events(hass, 0, 48):
        assert "Zoe" not in str(each)
        assert "EUR" not in str(each)


class TestWithoutCars:
    """A site nobody described a car of."""

    @pytest.fixture
    def entry(self) -> MockConfigEntry:
        """Return a site without vehicles."""
        return site_entry()

    async def test_there_is_no_calendar(self, hass: HomeAssistant, site: Site) -> None:
        await begin(site)
        assert hass.states.get(CALENDAR) is None
