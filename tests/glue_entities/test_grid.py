"""What a site shows of its grid: dimming with its evidence, and the month's peak."""

import csv
from datetime import datetime
from decimal import Decimal
from http import HTTPStatus
from io import StringIO
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.ev_station.dimming_export import DIMMING_URL
from custom_components.ev_station.model.allowance import Allowance, Reason, ReasonKind
from custom_components.ev_station.model.state import SITE, Site as SiteAggregate
from custom_components.ev_station.reasons import async_sentence, word_of
from tests.simulator import Charger, Vehicle

from .site import EVSE, NOON, SUBENTRIES, Site, comes, site_entry, state_of
from .test_circuits import says

KEY = (SiteAggregate, SITE)
BOX = "input_boolean.box"
DIMMING = {"dimming": "direct", "dimming_entity": BOX}
PEAK = {"follow_peak": True, "grid_power": "sensor.grid"}
WATTS = {"unit_of_measurement": "W"}


@pytest.fixture(params=[DIMMING])
def entry(request: pytest.FixtureRequest) -> MockConfigEntry:
    """Return a site without circuits that obeys its grid."""
    return site_entry(*SUBENTRIES, **request.param)


@pytest.fixture(autouse=True)
def _operator(hass: HomeAssistant) -> None:
    hass.states.async_set(BOX, "off")
    hass.states.async_set("sensor.grid", "1000", WATTS)


async def export(hass: HomeAssistant) -> dict[str, Any]:
    """Perform the action."""
    answer = await hass.services.async_call(
        "ev_station",
        "export_dimming",
        {"from": "2020-01-01", "to": "2099-12-31"},
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    return dict(answer)


async def test_an_order_is_obeyed_shown_and_evidence(
    hass: HomeAssistant,
    live_site: Site,
    charger: Charger,
    hass_client: ClientSessionGenerator,
) -> None:
    site = live_site
    await charger.plug_in(1, Vehicle(max_amps=16))
    await charger.present_tag(1, "TAG-ANNA")
    await says(site, "16 A: nothing holds it back")
    assert state_of(site, "dimmed", KEY).state == "off"
    hass.states.async_set(BOX, "on")
    # 4.2 kW on three phases.
    await says(site, "6 A: the grid's operator ordered to draw less; cars: 1")
    await comes(site, lambda: state_of(site, "dimmed", KEY).state == "on")
    shown = state_of(site, "dimmed", KEY).attributes
    assert shown["limit"] == 4200
    assert datetime.fromisoformat(shown["ordered_at"]).tzinfo is not None
    assert state_of(site, "dimming", KEY).attributes["event_type"] == "dimming_started"
    hass.states.async_set(BOX, "off")
    await comes(site, lambda: state_of(site, "dimmed", KEY).state == "off")
    event = state_of(site, "dimming", KEY).attributes
    assert (event["event_type"], event["limit_w"], event["place"]) == (
        "dimming_ended",
        4200,
        "Home",
    )
    found = await export(hass)
    (dimming,) = found["dimmings"]
    assert (dimming["kind"], dimming["limit_w"]) == ("direct", 4200)
    assert dimming["ordered_at"] == shown["ordered_at"]
    assert dimming["ended_at"] > dimming["ordered_at"]
    client = await hass_client()
    response = await client.get(found["csv_path"])
    assert response.status == HTTPStatus.OK
    text = (await response.text()).removeprefix("\ufeff")
    (row,) = csv.DictReader(StringIO(text, newline=""))
    assert (row["kind"], row["limit_w"]) == ("direct", "4200")
    began = datetime.fromisoformat(row["ordered_at"])
    assert abs((began - datetime.fromisoformat(shown["ordered_at"])).total_seconds()) < 0.001


async def test_a_download_of_nonsense_is_refused(
    hass: HomeAssistant, live_site: Site, hass_client: ClientSessionGenerator
) -> None:
    client = await hass_client()
    for query, status in (
        ("entry_id=site", HTTPStatus.OK),
        ("entry_id=other", HTTPStatus.NOT_FOUND),
        ("entry_id=site&month=soon", HTTPStatus.BAD_REQUEST),
        ("entry_id=site&from=2026-11-02&to=2026-11-01", HTTPStatus.BAD_REQUEST),
        ("", HTTPStatus.BAD_REQUEST),
    ):
        response = await client.get(f"{DIMMING_URL}?{query}")
        assert response.status == status, query


@pytest.mark.parametrize("entry", [PEAK], indirect=True)
async def test_the_months_peak_is_shown(hass: HomeAssistant, live_site: Site) -> None:
    await comes(live_site, lambda: state_of(live_site, "quarter_mean", KEY).state == "1000")
    assert state_of(live_site, "month_peak", KEY).state == "0"
    registered = {each.entity_id for each in hass.states.async_all()}
    assert not any("dimm" in entity for entity in registered)


async def test_a_charger_says_why_it_waits_for_the_grid(
    hass: HomeAssistant, live_site: Site
) -> None:
    def allowance(kind: ReasonKind, limit: int) -> Allowance:
        reason = Reason(kind, cars=1, until=NOON)
        return Allowance(id=EVSE, since=NOON, limit_a=Decimal(limit), reason=reason)

    assert word_of(allowance(ReasonKind.PEAK, 0)) == "peak"
    assert word_of(allowance(ReasonKind.PEAK, 6)) == "peak_share"
    await hass.config.async_set_time_zone("Europe/London")
    waiting = allowance(ReasonKind.DELAYED, 0)
    assert async_sentence(hass, waiting, None) == "Waiting until 12:00: random delay"
