"""Actions: the right target, every wrong one, every refusal."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.helpers import area_registry as ar, device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.ev_station.const import DOMAIN
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.records import PostingKind
from custom_components.ev_station.model.session import Session
from custom_components.ev_station.model.state import (
    SITE,
    Charger as ChargerAggregate,
    Driver,
    Evse,
    Site as SiteAggregate,
)
from custom_components.ev_station.model.status import EvseStatus
from tests.simulator import Charger, Vehicle

from .site import CP1, EVSE, SUBENTRIES, Site, charger_subentry, id_of, site_entry, state_of, until

TARGETED: list[tuple[str, dict[str, Any]]] = [
    ("start_session", {}),
    ("stop_session", {}),
    ("set_limit", {"current": 10}),
    ("reset", {}),
    ("unlock", {}),
    ("trigger", {"message": "status"}),
]


async def act(
    site: Site, action: str, context: Context | None = None, /, **data: Any
) -> dict[str, Any] | None:
    """Perform an action."""
    answers = action in {"call", "export_sessions"}
    return await site.hass.services.async_call(
        DOMAIN, action, data, blocking=True, context=context, return_response=answers
    )


async def refusal(site: Site, action: str, /, **data: Any) -> tuple[type[Exception], str | None]:
    """Perform an action that fails; return the error's kind and translation key."""
    with pytest.raises(HomeAssistantError) as caught:
        await act(site, action, **data)
    assert caught.value.translation_domain == DOMAIN
    return type(caught.value), caught.value.translation_key


def evse_device(site: Site, evse: EvseId = EVSE) -> str:
    """Return the device of an EVSE."""
    found = site.coordinator.devices.id_of((Evse, evse))
    assert found is not None
    return found


def charger_device(site: Site, name: str = CP1) -> str:
    """Return the device of a charger."""
    found = site.coordinator.devices.id_of((ChargerAggregate, name))
    assert found is not None
    return found


def _device(site: Site) -> dict[str, str]:
    return {"device_id": evse_device(site)}


def _charger(site: Site) -> dict[str, str]:
    return {"device_id": charger_device(site)}


def _entity(site: Site) -> dict[str, str]:
    return {"entity_id": id_of(site, (Evse, EVSE), "status")}


def _area(site: Site) -> dict[str, str]:
    area = ar.async_get(site.hass).async_create("Garage")
    dr.async_get(site.hass).async_update_device(charger_device(site), area_id=area.id)
    return {"area_id": area.id}


TARGETS: list[Callable[[Site], dict[str, str]]] = [_device, _charger, _entity, _area]


@pytest.mark.parametrize("target", TARGETS)
async def test_a_session_from_start_to_stop(
    live_site: Site, charger: Charger, target: Callable[[Site], dict[str, str]]
) -> None:
    site, where = live_site, target(live_site)
    await charger.plug_in(1, Vehicle())
    await until(site, lambda: site.known_status() is EvseStatus.PREPARING)
    await act(site, "start_session", driver="anna", **where)
    await until(site, lambda: site.evse().session is not None)
    session = site.engine.state.get(Session, site.evse().session)
    assert session is not None
    assert session.payer.driver == "anna"
    assert await refusal(site, "start_session", **where) == (
        ServiceValidationError,
        "already_charging",
    )
    await act(site, "stop_session", **where)
    await until(site, lambda: site.evse().session is None)
    assert await refusal(site, "stop_session", **where) == (ServiceValidationError, "no_session")


async def test_entities_do_the_same(live_site: Site, charger: Charger) -> None:
    site, hass = live_site, live_site.hass

    async def use(domain: str, service: str, row: str, **data: Any) -> None:
        key = (ChargerAggregate, CP1) if row in {"reset", "refresh"} else (Evse, EVSE)
        target = {"entity_id": id_of(site, key, row)}
        await hass.services.async_call(domain, service, {**target, **data}, blocking=True)

    await charger.plug_in(1, Vehicle())
    await use("button", "press", "start")
    await until(site, lambda: site.evse().session is not None)
    await use("number", "set_value", "maximum_current", value=10)
    assert site.evse().limit_a == 10
    assert state_of(site, "maximum_current").state == "10.0"
    await charger.wait_request("SetChargingProfile")
    await use("switch", "turn_off", "charge_control")
    assert site.evse().enabled is False
    assert state_of(site, "charge_control").state == "off"
    await use("switch", "turn_on", "charge_control")
    assert state_of(site, "charge_control").state == "on"
    await use("button", "press", "stop")
    await until(site, lambda: site.evse().session is None)
    await use("button", "press", "unlock")
    await charger.wait_request("UnlockConnector")
    asked = len(charger.received_requests("TriggerMessage"))
    await use("button", "press", "refresh")
    assert len(charger.received_requests("TriggerMessage")) == asked + 2
    await use("button", "press", "reset")
    assert (await charger.wait_request("Reset"))["type"] == "Soft"


async def test_the_charger_hears_what_is_asked(live_site: Site, charger: Charger) -> None:
    site, where = live_site, _device(live_site)
    await act(site, "set_limit", current=9, **where)
    assert site.evse().limit_a == 9
    await act(site, "unlock", **where)
    assert (await charger.wait_request("UnlockConnector"))["connectorId"] == 1
    asked = len(charger.received_requests("TriggerMessage"))
    await act(site, "trigger", message="heartbeat", **where)
    request = await charger.wait_request("TriggerMessage", asked + 1)
    assert request["requestedMessage"] == "Heartbeat"
    await act(site, "reset", type="hard", **where)
    assert (await charger.wait_request("Reset"))["type"] == "Hard"


async def test_any_request_and_its_answer(live_site: Site, charger: Charger) -> None:
    answer = await act(
        live_site,
        "call",
        action="GetConfiguration",
        payload={"key": ["HeartbeatInterval"]},
        **_charger(live_site),
    )
    assert answer is not None
    assert answer["configurationKey"][0]["key"] == "HeartbeatInterval"


@pytest.mark.parametrize(
    ("action", "payload", "expected"),
    [
        ("GetConfiguration", {"key": "no list"}, (ServiceValidationError, "invalid_call")),
        ("NoSuchRequest", {}, (ServiceValidationError, "invalid_call")),
        ("Reset", {}, (ServiceValidationError, "invalid_call")),
    ],
)
async def test_an_impossible_request_is_not_sent(
    live_site: Site,
    charger: Charger,
    action: str,
    payload: dict[str, Any],
    expected: tuple[type[Exception], str],
) -> None:
    where = _charger(live_site)
    assert await refusal(live_site, "call", action=action, payload=payload, **where) == expected


async def test_calls_are_for_administrators(hass: HomeAssistant, live_site: Site) -> None:
    user = MockUser(is_owner=False).add_to_hass(hass)
    context = Context(user_id=user.id)
    for action, data in (
        ("call", {"action": "Reset", **_charger(live_site)}),
        ("assign_session", {"session": "s1"}),
        ("forget_driver", {"driver": "anna"}),
    ):
        with pytest.raises(Unauthorized):
            await act(live_site, action, context, **data)


async def test_who_may_only_look_may_not_act(hass: HomeAssistant, site: Site) -> None:
    guest = MockUser(is_owner=False).add_to_hass(hass)
    guest.mock_policy({"entities": {"all": {"read": True}}})
    for action, data in TARGETED:
        with pytest.raises(Unauthorized):
            await act(site, action, Context(user_id=guest.id), **data, **_device(site))


async def test_nothing_is_asked_of_an_absent_charger(site: Site) -> None:
    where = _device(site)
    for action, data in TARGETED:
        if action == "set_limit":
            continue
        kind, key = await refusal(site, action, **data, **where)
        assert (kind, key) == (HomeAssistantError, "command_not_connected"), action
    assert await refusal(site, "call", action="Reset", payload={"type": "Soft"}, **where) == (
        HomeAssistantError,
        "charger_not_connected",
    )
    await act(site, "set_limit", current=8, **where)
    assert site.evse().limit_a == 8


@pytest.mark.parametrize(("action", "data"), TARGETED)
async def test_a_wrong_target_is_an_error(
    hass: HomeAssistant, site: Site, action: str, data: dict[str, Any]
) -> None:
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    lamp = dr.async_get(hass).async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("other", "lamp")}, name="Lamp"
    )
    hass.states.async_set("light.lamp", "on")
    empty = ar.async_get(hass).async_create("Attic")
    driver_device = site.coordinator.devices.id_of((Driver, "anna"))
    site_device = site.coordinator.devices.id_of((SiteAggregate, SITE))
    for target in (
        {"device_id": lamp.id},
        {"device_id": "gone"},
        {"device_id": driver_device},
        {"device_id": site_device},
        {"device_id": [evse_device(site), lamp.id]},
        {"entity_id": "light.lamp"},
        {"entity_id": id_of(site, (Driver, "anna"), "month_cost")},
    ):
        assert await refusal(site, action, **data, **target) == (
            ServiceValidationError,
            "not_ours",
        ), target
    assert await refusal(site, action, **data, area_id=empty.id) == (
        ServiceValidationError,
        "no_target",
    )


async def test_a_site_at_rest_is_an_error(hass: HomeAssistant, site: Site) -> None:
    where = _device(site)
    await hass.config_entries.async_unload(site.entry.entry_id)
    assert await refusal(site, "unlock", **where) == (ServiceValidationError, "not_ours")
    with pytest.raises(ServiceValidationError) as caught:
        await act(site, "export_sessions")
    assert caught.value.translation_key == "service_config_entry_not_loaded"


class TestTwoConnectors:
    @pytest.fixture
    def entry(self) -> MockConfigEntry:
        return site_entry(*SUBENTRIES[:-1], charger_subentry(CP1, "Garage", evses=2))

    async def test_the_charger_alone_does_not_say_which(self, site: Site) -> None:
        for action in ("start_session", "stop_session", "unlock"):
            with pytest.raises(ServiceValidationError) as caught:
                await act(site, action, **_charger(site))
            assert caught.value.translation_key == "evse_ambiguous"
            assert caught.value.translation_placeholders == {
                "charger": "Garage",
                "evses": "Garage 1, Garage 2",
            }

    async def test_a_limit_goes_to_the_one_that_is_named(self, site: Site) -> None:
        second = EvseId(CP1, 2)
        await act(site, "set_limit", current=7, device_id=evse_device(site, second))
        assert site.evse(second).limit_a == 7
        assert site.evse().limit_a is None

    async def test_an_area_means_all_of_them(self, site: Site) -> None:
        await act(site, "set_limit", current=7, **_area(site))
        assert {site.evse(EvseId(CP1, number)).limit_a for number in (1, 2)} == {Decimal(7)}


class TestTwoChargers:
    @pytest.fixture
    def entry(self) -> MockConfigEntry:
        return site_entry(*SUBENTRIES, charger_subentry("CP2", "Attic"))

    async def test_one_that_cannot_keeps_no_other_from_it(
        self, live_site: Site, charger: Charger
    ) -> None:
        keys = [(Evse, EvseId("CP2", 1)), (Evse, EVSE)]
        both = {"entity_id": [id_of(live_site, key, "status") for key in keys]}
        await charger.plug_in(1, Vehicle())
        assert await refusal(live_site, "start_session", **both) == (
            HomeAssistantError,
            "command_not_connected",
        )
        await until(live_site, lambda: live_site.evse().session is not None)
        await act(live_site, "stop_session", **both)
        await until(live_site, lambda: live_site.evse().session is None)
        assert await refusal(live_site, "stop_session", **both) == (
            HomeAssistantError,
            "command_not_connected",
        )


@pytest.mark.parametrize("current", [5, 0, -1])
async def test_no_limit_below_six_amps(site: Site, current: float) -> None:
    with pytest.raises(ServiceValidationError, match="6 A or nothing"):
        await act(site, "set_limit", current=current, **_device(site))
    assert site.evse().limit_a is None


async def test_no_limit_above_the_evses(site: Site) -> None:
    with pytest.raises(ServiceValidationError) as caught:
        await act(site, "set_limit", current=20, **_device(site))
    assert caught.value.translation_key == "limit_too_high"
    assert caught.value.translation_placeholders == {"maximum": "16"}
    assert site.evse().limit_a is None


class TestWhoPays:
    @pytest.fixture
    def anna(self, hass: HomeAssistant) -> User:
        """Return a user who is no administrator and whose person is the driver Anna's."""
        may_control = MockUser(id="anna-user", name="Anna", is_owner=False)
        may_control.mock_policy({"entities": True})
        user: User = may_control.add_to_hass(hass)
        hass.states.async_set("person.anna", "home", {"user_id": user.id})
        return user

    async def started_for(self, site: Site) -> str | None:
        await until(site, lambda: site.evse().session is not None)
        session = site.engine.state.get(Session, site.evse().session)
        assert session is not None
        return session.payer.driver

    @pytest.mark.parametrize("name", ["ben", "Ben", " bEN "])
    async def test_a_driver_by_name_or_id(
        self, live_site: Site, charger: Charger, name: str
    ) -> None:
        await charger.plug_in(1, Vehicle())
        await act(live_site, "start_session", driver=name, **_device(live_site))
        assert await self.started_for(live_site) == "ben"

    async def test_a_driver_by_device(self, live_site: Site, charger: Charger) -> None:
        await charger.plug_in(1, Vehicle())
        device = live_site.coordinator.devices.id_of((Driver, "ben"))
        await act(live_site, "start_session", driver=device, **_device(live_site))
        assert await self.started_for(live_site) == "ben"

    async def test_an_unknown_driver(self, site: Site) -> None:
        expected = (ServiceValidationError, "driver_unknown")
        assert await refusal(site, "start_session", driver="Zoe", **_device(site)) == expected

    async def test_a_driver_starts_for_themselves(
        self, live_site: Site, charger: Charger, anna: User
    ) -> None:
        await charger.plug_in(1, Vehicle())
        await act(live_site, "start_session", Context(user_id=anna.id), **_device(live_site))
        assert await self.started_for(live_site) == "anna"

    async def test_who_is_no_driver_starts_as_charging_without_a_tag_does(
        self, live_site: Site, charger: Charger
    ) -> None:
        tablet = MockUser(id="tablet", name="Tablet", is_owner=False)
        tablet.mock_policy({"entities": True})
        tablet.add_to_hass(live_site.hass)
        await charger.plug_in(1, Vehicle())
        await act(live_site, "start_session", Context(user_id=tablet.id), **_device(live_site))
        assert await self.started_for(live_site) is None

    async def test_a_driver_starts_on_nobody_elses_bill(
        self, live_site: Site, charger: Charger, anna: User
    ) -> None:
        context = Context(user_id=anna.id)
        with pytest.raises(ServiceValidationError) as caught:
            await act(live_site, "start_session", context, driver="ben", **_device(live_site))
        assert caught.value.translation_key == "not_your_driver"
        assert not charger.received_requests("RemoteStartTransaction")


async def test_a_session_changes_hands(live_site: Site) -> None:
    site = live_site
    site.later(-4 * 3600)
    days = (site.now.date() - timedelta(days=1), site.now.date() + timedelta(days=1))
    await site.connect()
    await site.charge("TAG-ANNA", kwh=10)
    first, *_ = await site.engine.archive.postings(*days)
    await act(site, "assign_session", session=first.session, driver="Ben")
    postings = await site.engine.archive.postings(*days)
    assert [(posting.kind, posting.driver, posting.amount) for posting in postings] == [
        (PostingKind.SESSION, "anna", Decimal("3.00")),
        (PostingKind.CREDIT, "anna", Decimal("-3.00")),
        (PostingKind.ADJUSTMENT, "ben", Decimal("3.00")),
    ]
    assert state_of(site, "month_cost", (Driver, "anna")).state == "0.0"
    assert state_of(site, "month_cost", (Driver, "ben")).state == "3.0"
    await act(site, "assign_session", session=first.session)
    assert state_of(site, "month_cost", (Driver, "ben")).state == "0.0"


async def test_assigning_what_there_is_not(site: Site) -> None:
    expected = (ServiceValidationError, "session_unknown")
    assert await refusal(site, "assign_session", session="nope", driver="ben") == expected
    expected = (ServiceValidationError, "driver_unknown")
    assert await refusal(site, "assign_session", session="nope", driver="Zoe") == expected
