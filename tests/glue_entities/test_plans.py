"""What a site with plans shows."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ev_station.control_moments import SIGNAL_MOMENT, ControlMoments, Moment
from custom_components.ev_station.coordinator import EvStationCoordinator
from custom_components.ev_station.diagnostics import async_get_config_entry_diagnostics
from custom_components.ev_station.model.energy import ChargeMode
from custom_components.ev_station.model.events import SitePlanned
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.plan import EvsePlan, PlanPeriod, PlanState
from custom_components.ev_station.planning.plan import Accelerator
from custom_components.ev_station.station import Seen
from tests.simulator import Charger

from .site import EVSE, SUBENTRIES, Site, comes, site_entry, state_of
from .test_blueprints import use
from .test_control_automations import at, documented, fields, listen, met, plugged, told
from .test_entities import pass_time
from .test_vehicles import DAYS, car

SHOWN = {
    "next_start",
    "ready_at",
    "planned_energy",
    "planned_cost",
    "planned_saving",
    "planned_co2",
    "plan_state",
}


def hours(number: float) -> datetime:
    """Return so many hours after noon, as the journal knows times."""
    return datetime(2026, 11, 23, 12, tzinfo=UTC) + timedelta(hours=number)


PLAN = EvsePlan(
    id=EVSE,
    session="s1",
    vehicle="zoe",
    made_at=hours(0),
    departure=hours(19),
    periods=(
        PlanPeriod(hours(0), hours(10), Decimal(0), 3),
        PlanPeriod(hours(10), hours(11), Decimal(16), 3),
        PlanPeriod(hours(11), hours(12), Decimal(10), 3),
        PlanPeriod(hours(12), hours(13), Decimal(0), 3),
        PlanPeriod(hours(13), hours(14), Decimal(16), 3),
    ),
    ready_at=hours(13.5),
    energy_wh=Decimal(28980),
    cost=Decimal("4.06"),
    saved=Decimal("1.84"),
    co2_kg=Decimal("9.27"),
)


@pytest.fixture
def entry() -> MockConfigEntry:
    """Return a site whose car leaves every morning."""
    daily = {f"leaves_{day}": "07:30:00" for day in DAYS}
    return site_entry(*SUBENTRIES, car("zoe", "Zoe", driver="anna", **daily))


async def tell(site: Site, *plans: EvsePlan) -> None:
    """Have the site planned."""
    await site.engine._submit_look(SitePlanned(plans=plans))
    await site.hass.async_block_till_done()


async def begin(site: Site) -> None:
    """Plug Anna's car in."""
    await site.connect()
    await site.start()


def rows_of(site: Site) -> set[str]:
    """Return which entities the connector has."""
    return {each.unique_id.removeprefix("site_evse_CP1/1_") for each in site.entities}


def shown(site: Site) -> Mapping[str, str]:
    """Return what is shown of the plan."""
    return {row: state_of(site, row).state for row in SHOWN}


async def test_what_a_plan_means(
    hass: HomeAssistant, site: Site, freezer: FrozenDateTimeFactory
) -> None:
    await begin(site)
    assert not rows_of(site) & SHOWN
    await tell(site, PLAN)
    await pass_time(hass, freezer, 6)
    assert shown(site) == {
        "next_start": "2026-11-23T22:00:00+00:00",
        "ready_at": "2026-11-24T01:30:00+00:00",
        "planned_energy": "28.98",
        "planned_cost": "4.06",
        "planned_saving": "1.84",
        "planned_co2": "9.27",
        "plan_state": "on_track",
    }
    assert state_of(site, "planned_cost").attributes["unit_of_measurement"] == "EUR"
    # While it draws, the start after its pause is the next.
    await pass_time(hass, freezer, 10.5 * 3600)
    await pass_time(hass, freezer, 6)
    assert shown(site)["next_start"] == "2026-11-24T01:00:00+00:00"
    await tell(site)
    await pass_time(hass, freezer, 6)
    assert set(shown(site).values()) == {"unknown"}


async def test_a_plan_that_comes_too_late_says_what_is_missing(
    hass: HomeAssistant, site: Site, freezer: FrozenDateTimeFactory
) -> None:
    await begin(site)
    short = replace(PLAN, ready_at=None, unmet_wh=Decimal(6000), state=PlanState.LATE)
    lacking: list[Any] = []
    for plan in (short, replace(short, unmet_wh=Decimal(9000))):
        await tell(site, plan)
        await pass_time(hass, freezer, 6)
        assert shown(site)["plan_state"] == "late"
        assert shown(site)["ready_at"] == "unknown"
        lacking.append(state_of(site, "plan_state").attributes)
    assert lacking[0]["departure"] == "2026-11-24T07:00:00+00:00"
    # Of 50 kWh.
    assert [(each["missing_energy"], each["missing_percent"]) for each in lacking] == [
        (6.0, 12),
        (9.0, 18),
    ]


async def test_a_car_that_should_have_left_keeps_its_departure_and_says_until_when_it_goes_on(
    hass: HomeAssistant, site: Site, freezer: FrozenDateTimeFactory
) -> None:
    await begin(site)
    await tell(site, PLAN)
    await pass_time(hass, freezer, 6)
    assert state_of(site, "plan_state").attributes["late_until"] is None
    await tell(site, replace(PLAN, overdue=PLAN.departure - timedelta(hours=1)))
    await pass_time(hass, freezer, 6)
    found = state_of(site, "plan_state")
    assert found.state == "late"
    assert found.attributes["departure"] == "2026-11-24T06:00:00+00:00"
    assert found.attributes["late_until"] == "2026-11-24T07:00:00+00:00"


async def test_a_car_that_charges_smartly_is_planned_for(
    hass: HomeAssistant, live_site: Site, charger: Charger
) -> None:
    await live_site.engine.set_mode(EVSE, ChargeMode.SMART)
    await plugged(charger)
    await comes(live_site, lambda: "plan_state" in rows_of(live_site))
    assert state_of(live_site, "plan_state").state in {each.value for each in PlanState}
    found = await async_get_config_entry_diagnostics(hass, live_site.entry)
    assert found["plan"]["accelerator"] in {each.value for each in Accelerator}
    assert (found["plan"]["cars"], len(found["plans"])) == (1, 1)


async def test_without_a_plan_diagnostics_tell_of_none(hass: HomeAssistant, site: Site) -> None:
    found = await async_get_config_entry_diagnostics(hass, site.entry)
    assert (found["plan"], found["plans"]) == (None, [])


SHORT = replace(PLAN, ready_at=None, unmet_wh=Decimal(6000), state=PlanState.IMPOSSIBLE)


async def looked_at(site: Site, *rounds: EvsePlan) -> None:
    """Look at the site as it was, then with each of the plans."""
    moments = ControlMoments(site.hass, site.coordinator)
    moments.saw(Seen())
    for plan in rounds:
        await tell(site, plan)
        moments.saw(Seen())
    await site.hass.async_block_till_done()


@contextmanager
def moments_of(hass: HomeAssistant) -> Iterator[list[Moment]]:
    """Collect the moments that are told."""
    found: list[Moment] = []

    @callback
    def hear(_coordinator: EvStationCoordinator, moment: Moment) -> None:
        found.append(moment)

    stop = async_dispatcher_connect(hass, SIGNAL_MOMENT, hear)
    yield found
    stop()


async def test_a_plan_at_risk_is_told_once(hass: HomeAssistant, site: Site) -> None:
    await begin(site)
    calls = await listen(hass, "plan_at_risk", at(site))
    await looked_at(site, PLAN, SHORT, replace(SHORT, unmet_wh=Decimal(7000)))
    found = told(calls)
    assert fields(found) == documented("plan_at_risk")
    expected = {
        "place": "Garage",
        "reason": "impossible",
        "missing_kwh": 6.0,
        "missing_percent": 12,
        "departure": "2026-11-24T07:00:00+00:00",
        "vehicle": "Zoe",
        "driver": "anna",
        "driver_name": "Anna",
        **at(site),
    }
    assert {key: found[key] for key in expected} == expected


async def test_a_plan_of_a_charger_that_is_gone_is_told_by_its_id(
    hass: HomeAssistant, site: Site
) -> None:
    await begin(site)
    gone = replace(SHORT, id=EvseId("CP9", 1))
    with moments_of(hass) as moments:
        await looked_at(site, gone)
    assert [moment.data for moment in moments] == [{"device_id": None, "place": "CP9/1"}]


async def test_the_blueprint_sends_a_message(hass: HomeAssistant, site: Site) -> None:
    await begin(site)
    calls = await use(hass, "car_not_ready", {"chargers": at(site)})
    await looked_at(site, SHORT)
    assert [call.data["message"] for call in calls] == ["Zoe will lack 6.0 kWh (12 %) at 08:00."]


async def test_of_a_car_that_should_have_left_it_says_until_when_it_goes_on(
    hass: HomeAssistant, site: Site
) -> None:
    await begin(site)
    calls = await use(hass, "car_not_ready", {"chargers": at(site)})
    await looked_at(site, replace(PLAN, overdue=PLAN.departure - timedelta(hours=1)))
    assert [call.data["message"] for call in calls] == [
        "Zoe is not ready yet; it is charged until 08:00."
    ]


class TestWithPrivateDrivers:
    """Every user of Home Assistant can read what a trigger brings: it names neither driver nor car."""

    @pytest.fixture
    def entry(self) -> MockConfigEntry:
        return site_entry(*SUBENTRIES, car("zoe", "Zoe", driver="anna"), private_drivers=True)

    async def test_the_blueprint_names_the_place(
        self, hass: HomeAssistant, site: Site, caplog: pytest.LogCaptureFixture
    ) -> None:
        await begin(site)
        calls = await use(hass, "car_not_ready", {"chargers": at(site)})
        await looked_at(site, SHORT)
        assert [call.data["message"] for call in calls] == [
            "Garage will lack 6.0 kWh (12 %) at 08:00."
        ]
        assert "Template variable" not in caplog.text


async def test_a_car_is_known_to_be_on_track(hass: HomeAssistant, site: Site) -> None:
    await begin(site)
    assert not await met(hass, "is_on_track", at(site))
    await tell(site, PLAN)
    assert await met(hass, "is_on_track", at(site))
    await tell(site, SHORT)
    assert not await met(hass, "is_on_track", at(site))
