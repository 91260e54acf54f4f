"""The panel's protocol: snapshot, deltas, billing, and who sees what."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    CLIENT_ID,
    MockUser,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import MockHAClientWebSocket, WebSocketGenerator

from custom_components.ev_station.csms.backend import Attempt, Outcome, Reason
from custom_components.ev_station.model.state import Charger, Evse
from custom_components.ev_station.model.status import EvseStatus

from .site import CP1, EVSE, NOON, Site


@pytest.fixture
def anna(hass: HomeAssistant) -> User:
    """Return a user who is no administrator and whose person is the driver Anna's."""
    user: User = MockUser(id="anna-user", name="Anna", is_owner=False).add_to_hass(hass)
    hass.states.async_set("person.anna", "home", {"user_id": user.id})
    return user


@pytest.fixture
async def owner_client(
    hass: HomeAssistant, site: Site, hass_ws_client: WebSocketGenerator
) -> MockHAClientWebSocket:
    """Return the owner's connection."""
    return await hass_ws_client(hass)


@pytest.fixture
async def anna_client(
    hass: HomeAssistant, site: Site, anna: User, hass_ws_client: WebSocketGenerator
) -> MockHAClientWebSocket:
    """Return Anna's connection."""
    token = await hass.auth.async_create_refresh_token(anna, CLIENT_ID)
    return await hass_ws_client(hass, hass.auth.async_create_access_token(token))


async def ask(client: MockHAClientWebSocket, command: str, **data: Any) -> dict[str, Any]:
    """Send a command and return its answer."""
    await client.send_json_auto_id({"type": f"ev_station/{command}", **data})
    answer: dict[str, Any] = await client.receive_json()
    return answer


async def told(client: MockHAClientWebSocket) -> dict[str, Any]:
    """Return the next event."""
    message = await client.receive_json()
    assert message["type"] == "event"
    event: dict[str, Any] = message["event"]
    return event


async def subscribe(client: MockHAClientWebSocket) -> dict[str, Any]:
    """Subscribe and return the snapshot."""
    assert (await ask(client, "subscribe"))["success"]
    return await told(client)


async def evse_told(client: MockHAClientWebSocket) -> dict[str, Any]:
    """Return the next EVSE that is told of."""
    while not (evses := (await told(client)).get("evses")):
        pass
    found: dict[str, Any] = evses["CP1/1"]
    return found


async def test_the_snapshot(
    hass: HomeAssistant,
    site: Site,
    owner_client: MockHAClientWebSocket,
    freezer: FrozenDateTimeFactory,
) -> None:
    await site.connect()
    transaction = await site.start()
    await site.meter(3000, transaction)
    freezer.tick(timedelta(seconds=1))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    snapshot = await subscribe(owner_client)
    port = site.entry.data["port"]
    assert snapshot == {
        "kind": "snapshot",
        "site": {
            "entry_id": "site",
            "name": "Home",
            "currency": "EUR",
            "time_zone": "Europe/Amsterdam",
            "power_w": 7200,
            "energy": None,
            "ocpp_urls": [f"ws://127.0.0.1:{port}/"],
            "is_admin": True,
            "driver_id": None,
            "drivers": [{"id": "anna", "name": "Anna"}, {"id": "ben", "name": "Ben"}],
        },
        "chargers": {
            "CP1": {
                "id": "CP1",
                "name": "Garage",
                "device_id": site.coordinator.devices.id_of((Charger, CP1)),
                "connected": True,
                "vendor": "Acme",
                "model": "Wall",
                "firmware": "1.2.3",
                "problem": None,
                "last_seen": "2026-11-23T12:00:05+00:00",
            }
        },
        "evses": {
            "CP1/1": {
                "id": "CP1/1",
                "charger_id": "CP1",
                "name": "Garage",
                "device_id": site.coordinator.devices.id_of((Evse, EVSE)),
                "status": "charging",
                "error": None,
                "plugged": True,
                "charging": True,
                "power_w": 7200,
                "currents_a": [10.4, 10.4, 10.4],
                "voltages_v": [231, 231, 231],
                "site_a": None,
                "soc_percent": 55,
                "offered_a": 16,
                "limit_a": None,
                "enabled": True,
                "mode": "fast",
                "mode_entity": "select.garage_mode",
                "reason": None,
                "waits_for": None,
                "driver": {"id": "anna", "name": "Anna"},
                "session": {
                    "id": site.evse().session,
                    "started_at": "2026-11-23T12:00:03+00:00",
                    "energy_wh": "2000",
                    "cost": "0.60",
                    "currency": "EUR",
                    "duration_s": 0,
                    "driver": {"id": "anna", "name": "Anna"},
                    "estimated": False,
                },
                "history": [["2026-11-23T12:00:00+00:00", 7200]],
                "can": {"start": False, "stop": True, "unlock": True},
            }
        },
        "circuits": {},
        "plan": {
            "prices": [["2026-11-23T00:00:00+00:00", "2026-11-25T13:00:00+00:00", "0.30"]],
            "known_until": "2026-11-25T13:00:00+00:00",
            "solar": [],
            "plans": {},
            "vehicles": [],
        },
        "attempts": [],
    }


async def test_a_state_is_told_at_once(site: Site, owner_client: MockHAClientWebSocket) -> None:
    await site.connect()
    await site.status(EvseStatus.AVAILABLE)
    snapshot = await subscribe(owner_client)
    assert snapshot["evses"]["CP1/1"]["can"] == {"start": True, "stop": False, "unlock": True}
    await site.status(EvseStatus.FAULTED, error="GroundFailure")
    evse = await evse_told(owner_client)
    assert (evse["status"], evse["error"]) == ("faulted", "GroundFailure")
    assert evse["can"]["start"] is False


async def test_a_lost_charger_is_told(site: Site, owner_client: MockHAClientWebSocket) -> None:
    await site.connect()
    await subscribe(owner_client)
    await site.disconnect()
    delta = await told(owner_client)
    assert delta["kind"] == "delta"
    assert delta["chargers"]["CP1"]["problem"] == "offline"
    assert delta["chargers"]["CP1"]["connected"] is False
    assert delta["chargers"]["CP1"]["last_seen"] == site.now.isoformat()


async def test_measurements_are_told_once_a_second(
    hass: HomeAssistant,
    site: Site,
    owner_client: MockHAClientWebSocket,
    freezer: FrozenDateTimeFactory,
) -> None:
    await site.connect()
    transaction = await site.start()
    await subscribe(owner_client)
    for power in range(1000, 11000, 1000):
        await site.meter(1000, transaction, power=power)
        freezer.tick(timedelta(seconds=0.3))
        async_fire_time_changed(hass)
        await hass.async_block_till_done()
    freezer.tick(timedelta(seconds=2))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    powers: list[float] = []
    while not powers or powers[-1] != 10000:
        powers.append((await evse_told(owner_client))["power_w"])
    assert len(powers) <= 5


async def test_what_is_gone_is_null(site: Site, owner_client: MockHAClientWebSocket) -> None:
    await subscribe(owner_client)
    site.hass.config_entries.async_remove_subentry(site.entry, "charger_cp1")
    await site.hass.async_block_till_done()
    gone: dict[str, Any] = {}
    while not {"chargers", "evses"} <= gone.keys():
        gone |= await told(owner_client)
    assert gone["chargers"] == {"CP1": None}
    assert gone["evses"] == {"CP1/1": None}


async def test_attempts_to_connect_are_the_owners(
    site: Site, owner_client: MockHAClientWebSocket, anna_client: MockHAClientWebSocket
) -> None:
    await subscribe(owner_client)
    assert (await subscribe(anna_client))["attempts"] == []
    site.engine.attempted(
        Attempt(
            at=NOON,
            identity="CP9",
            address="192.0.2.9",
            outcome=Outcome.REFUSED,
            reason=Reason.BAD_CREDENTIALS,
        )
    )
    assert await told(owner_client) == {
        "kind": "delta",
        "attempts": [
            {
                "at": NOON.isoformat(),
                "identity": "CP9",
                "address": "192.0.2.9",
                "outcome": "refused",
                "reason": "bad_credentials",
                "vendor": None,
                "model": None,
            }
        ],
    }
    await site.connect()
    assert "attempts" not in await told(anna_client)


async def test_the_stream_outlives_a_reload(
    hass: HomeAssistant, live_site: Site, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(hass)
    await subscribe(client)
    assert await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    while (await told(client))["kind"] != "snapshot":
        pass
    await live_site.connect()
    assert (await told(client))["kind"] == "delta"


async def test_unsubscribing_ends_it(site: Site, owner_client: MockHAClientWebSocket) -> None:
    await owner_client.send_json_auto_id({"type": "ev_station/subscribe"})
    answer = await owner_client.receive_json()
    await owner_client.receive_json()
    await owner_client.send_json_auto_id(
        {"type": "unsubscribe_events", "subscription": answer["id"]}
    )
    assert (await owner_client.receive_json())["success"]
    await site.connect()
    await owner_client.send_json_auto_id({"type": "ping"})
    assert (await owner_client.receive_json())["type"] == "pong"


async def test_somebody_elses_session_is_blank(
    site: Site, anna_client: MockHAClientWebSocket
) -> None:
    await site.connect()
    transaction = await site.start("TAG-BEN")
    await site.meter(3000, transaction)
    snapshot = await subscribe(anna_client)
    assert snapshot["site"]["is_admin"] is False
    assert snapshot["site"]["driver_id"] == "anna"
    assert snapshot["site"]["drivers"] == [{"id": "anna", "name": "Anna"}]
    assert snapshot["site"]["ocpp_urls"] == []
    evse = snapshot["evses"]["CP1/1"]
    assert (evse["driver"], evse["session"]) == (None, None)
    assert (evse["status"], evse["power_w"]) == ("charging", 7200)
    assert evse["can"] == {"start": False, "stop": False, "unlock": True}
    assert "Ben" not in str(snapshot)


async def test_ones_own_session_is_not_blank(
    site: Site, anna_client: MockHAClientWebSocket
) -> None:
    await site.connect()
    await site.start("TAG-ANNA")
    evse = (await subscribe(anna_client))["evses"]["CP1/1"]
    assert evse["driver"] == {"id": "anna", "name": "Anna"}
    assert evse["can"]["stop"] is True


async def test_without_a_site_there_are_words(
    hass: HomeAssistant, site: Site, owner_client: MockHAClientWebSocket
) -> None:
    await hass.config_entries.async_unload("site")
    for command in ("subscribe", "billing"):
        error = (await ask(owner_client, command))["error"]
        assert error["code"] == error["translation_key"] == "not_loaded"
        assert error["translation_domain"] == "ev_station"
        assert error["message"].startswith("EV Station is not running")


async def charged(site: Site) -> None:
    """Have Anna charge twice, Ben once."""
    await site.connect()
    await site.charge("TAG-ANNA", 1000, 10)
    await site.charge("TAG-BEN", 11000, 5)
    await site.charge("TAG-ANNA", 16000, 1)


async def test_a_months_bill(site: Site, owner_client: MockHAClientWebSocket) -> None:
    await charged(site)
    bill = (await ask(owner_client, "billing"))["result"]
    lines = bill.pop("lines")
    assert bill == {
        "sheets": [{"id": "household", "name": "Household", "kind": "household"}],
        "sheet_id": "household",
        "month": "2026-11",
        "previous_month": None,
        "next_month": None,
        "drivers": [
            {
                "driver_id": "anna",
                "name": "Anna",
                "energy_wh": "11000",
                "sessions": 2,
                "amounts": {"EUR": "3.30"},
            },
            {
                "driver_id": "ben",
                "name": "Ben",
                "energy_wh": "5000",
                "sessions": 1,
                "amounts": {"EUR": "1.50"},
            },
        ],
        "total": {"energy_wh": "16000", "sessions": 3, "amounts": {"EUR": "4.80"}},
        "csv_path": (
            "/api/ev_station/sessions.csv"
            "?entry_id=site&month=2026-11&decimals=point&sheet=household"
        ),
    }
    assert [line["amount"] for line in lines] == ["3.00", "1.50", "0.30"]
    posting, *_ = await site.engine.archive.postings(NOON.date(), NOON.date())
    assert lines[0] == {
        "id": posting.cdr,
        "driver_id": "anna",
        "evse_name": "Garage",
        "started_at": "2026-11-23T12:00:03+00:00",
        "ended_at": "2026-11-23T13:00:06+00:00",
        "energy_wh": "10000",
        "amount": "3.00",
        "currency": "EUR",
        "kind": "session",
        "flags": [],
        "periods": [
            {
                "start": "2026-11-23T12:00:03+00:00",
                "end": "2026-11-23T13:00:06+00:00",
                "energy_wh": "10000",
                "price_per_kwh": "0.30",
                "amount": "3",
            }
        ],
        "meter_start_wh": "1000",
        "meter_stop_wh": "11000",
        "seal": posting.hash,
        "review": False,
    }


async def test_a_driver_sees_their_own_bill(site: Site, anna_client: MockHAClientWebSocket) -> None:
    await charged(site)
    bill = (await ask(anna_client, "billing"))["result"]
    assert [row["driver_id"] for row in bill["drivers"]] == ["anna"]
    assert {line["driver_id"] for line in bill["lines"]} == {"anna"}
    assert bill["total"] == {"energy_wh": "11000", "sessions": 2, "amounts": {"EUR": "3.30"}}
    assert "Ben" not in str(bill)


async def test_other_months(site: Site, owner_client: MockHAClientWebSocket) -> None:
    await charged(site)
    bill = (await ask(owner_client, "billing", month="2026-10"))["result"]
    assert (bill["month"], bill["next_month"], bill["lines"]) == ("2026-10", "2026-11", [])
    assert bill["total"] == {"energy_wh": "0", "sessions": 0, "amounts": {"EUR": "0"}}
    december = (await ask(owner_client, "billing", month="2026-12"))["result"]
    assert (december["previous_month"], december["next_month"]) == ("2026-11", None)


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "november", "2026-11-01"])
async def test_no_such_month(site: Site, owner_client: MockHAClientWebSocket, month: str) -> None:
    assert (await ask(owner_client, "billing", month=month))["error"]["code"] == "invalid_format"


async def test_no_such_sheet(site: Site, owner_client: MockHAClientWebSocket) -> None:
    error = (await ask(owner_client, "billing", sheet_id="nope"))["error"]
    assert error["code"] == "sheet_unknown"
    assert "nope" in error["message"]
