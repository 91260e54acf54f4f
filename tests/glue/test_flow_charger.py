"""Adding a charger by hand and changing one."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.ev_station.csms.passwords import verify_password
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.state import Charger

from .entries import ANNA, BEN, POWER, WALLBOX, SiteEntry
from .flows import ABORT, CREATED, FORM, Subentries, suggested

PASSWORD = "correct horse battery"
EVSE: dict[str, Any] = {"max_current_a": 32, "phases": 3}


@pytest.fixture
def subentries(hass: HomeAssistant, site: SiteEntry) -> Subentries:
    return Subentries(hass, site)


def settings(subentries: Subentries, charger: str) -> Any:
    found = subentries.engine.state.get(Charger, charger)
    return found.settings if found else None


async def test_a_charger_with_one_socket_is_one_screen(subentries: Subentries) -> None:
    flow = await subentries.add("charger")
    assert flow["step_id"] == "user"
    evse = {"name": "Left", "default_driver": BEN, "max_current_a": 16, "phases": 1}
    result = await subentries.submit(
        flow,
        {
            "charger_id": " CP2 ",
            "name": "Garage",
            "tariff": POWER,
            "sockets": 1,
            "evse": evse,
            "password": PASSWORD,
        },
    )

    assert result["type"] is CREATED
    assert subentries.titled("Garage").unique_id == "cp2"
    charger = settings(subentries, "CP2")
    assert charger.name == "Garage"
    assert charger.tariff == POWER
    assert verify_password(PASSWORD, charger.password_hash)
    assert charger.evse(1).name == "Left"
    assert charger.evse(1).default_driver == BEN
    assert charger.evse(1).max_current_a == Decimal(16)
    assert charger.evse(1).phases == 1


async def test_the_only_driver_is_proposed(subentries: Subentries) -> None:
    assert "default_driver" not in suggested(await subentries.add("charger"))["evse"]
    await subentries.remove(BEN)
    assert suggested(await subentries.add("charger"))["evse"]["default_driver"] == ANNA


async def test_each_further_socket_is_asked_for(subentries: Subentries) -> None:
    flow = await subentries.add("charger")
    flow = await subentries.submit(flow, {"charger_id": "CP2", "sockets": 3, "evse": EVSE})
    assert flow["step_id"] == "evse"
    assert flow["description_placeholders"] == {"evse": "2", "charger": "CP2"}
    assert not flow["last_step"]
    flow = await subentries.submit(flow, EVSE | {"default_driver": ANNA})
    assert flow["description_placeholders"]["evse"] == "3"
    assert flow["last_step"]
    result = await subentries.submit(flow, EVSE | {"phases": 1})

    assert result["type"] is CREATED
    charger = settings(subentries, "CP2")
    assert charger.name == "CP2"
    assert charger.password_hash is None
    assert [evse.evse for evse in charger.evses] == [1, 2, 3]
    assert charger.evse(2).default_driver == ANNA
    assert charger.evse(3).phases == 1


@pytest.mark.parametrize(
    ("wrong", "errors"),
    [
        ({"charger_id": ""}, {"charger_id": "invalid_charger_id"}),
        ({"charger_id": "a b"}, {"charger_id": "invalid_charger_id"}),
        ({"charger_id": "a/b"}, {"charger_id": "invalid_charger_id"}),
        ({"charger_id": "x" * 49}, {"charger_id": "invalid_charger_id"}),
        ({"charger_id": "CP\x07"}, {"charger_id": "invalid_charger_id"}),
        ({"charger_id": "cp1"}, {"charger_id": "charger_exists"}),
        ({"password": "short"}, {"password": "password_length"}),
        ({"password": "x" * 41}, {"password": "password_length"}),
    ],
)
async def test_wrong_answers_can_be_put_right(
    subentries: Subentries, wrong: dict[str, Any], errors: dict[str, str]
) -> None:
    right = {"charger_id": "CP2", "sockets": 1, "evse": EVSE}
    flow = await subentries.add("charger")
    flow = await subentries.submit(flow, right | wrong)
    assert flow["type"] is FORM
    assert flow["errors"] == errors
    assert (await subentries.submit(flow, right))["type"] is CREATED


async def test_changing_a_charger_changes_it_in_place(subentries: Subentries) -> None:
    flow = await subentries.change(WALLBOX)
    assert flow["description_placeholders"] == {"charger": "Wallbox", "identity": "CP1"}
    shown = suggested(flow)
    assert shown == {
        "name": "Wallbox",
        "sockets": 1,
        "evse": {
            "default_driver": ANNA,
            "max_current_a": 32,
            "phases": 3,
            "rotation": "rst",
            "min_current_a": 6,
            "priority": "normal",
        },
    }
    result = await subentries.submit(
        flow, {"name": "Carport", "sockets": 1, "evse": EVSE | {"phases": 1}, "password": PASSWORD}
    )

    assert result["type"] is ABORT
    assert result["reason"] == "reconfigure_successful"
    charger = settings(subentries, "CP1")
    assert charger.name == "Carport"
    assert charger.evse(1).default_driver is None
    assert charger.evse(1).phases == 1
    assert verify_password(PASSWORD, charger.password_hash)


async def test_a_charger_without_a_name_is_called_by_its_identity(subentries: Subentries) -> None:
    flow = await subentries.change(WALLBOX)
    await subentries.submit(flow, {"sockets": 1, "evse": EVSE})
    assert settings(subentries, "CP1").name == "CP1"


async def test_a_password_stays_until_it_is_removed(subentries: Subentries) -> None:
    answers = {"name": "Wallbox", "sockets": 1, "evse": EVSE}
    await subentries.submit(await subentries.change(WALLBOX), answers | {"password": PASSWORD})
    await subentries.submit(await subentries.change(WALLBOX), answers | {"remove_password": False})
    assert verify_password(PASSWORD, settings(subentries, "CP1").password_hash)
    await subentries.submit(await subentries.change(WALLBOX), answers | {"remove_password": True})
    assert settings(subentries, "CP1").password_hash is None


async def test_a_wrong_password_of_a_known_charger_can_be_put_right(
    subentries: Subentries,
) -> None:
    answers = {"name": "Wallbox", "sockets": 1, "evse": EVSE}
    flow = await subentries.submit(
        await subentries.change(WALLBOX), answers | {"password": "short"}
    )
    assert flow["errors"] == {"password": "password_length"}
    assert (await subentries.submit(flow, answers))["reason"] == "reconfigure_successful"


async def test_sockets_the_charger_showed_are_asked_for(subentries: Subentries) -> None:
    charger = subentries.engine.state.get(Charger, "CP1")
    assert charger is not None
    seen = replace(charger, evses=(EvseId("CP1", 0), EvseId("CP1", 1), EvseId("CP1", 2)))
    subentries.engine.state.apply({(Charger, "CP1"): seen})
    assert suggested(await subentries.change(WALLBOX))["sockets"] == 2


async def test_a_socket_that_was_taken_away_is_forgotten(subentries: Subentries) -> None:
    answers = {"name": "Wallbox", "sockets": 2, "evse": EVSE}
    flow = await subentries.submit(await subentries.change(WALLBOX), answers)
    await subentries.submit(flow, EVSE)
    assert len(settings(subentries, "CP1").evses) == 2
    await subentries.submit(await subentries.change(WALLBOX), answers | {"sockets": 1})
    assert len(settings(subentries, "CP1").evses) == 1


async def test_removing_a_charger_takes_it_out_in_place(subentries: Subentries) -> None:
    await subentries.remove(WALLBOX)
    assert settings(subentries, "CP1") is None
