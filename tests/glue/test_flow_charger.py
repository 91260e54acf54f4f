"""Adding a charger by hand and changing one."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.ev_station.csms.passwords import verify_password
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.phases import PhaseSwitching
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
        "phase_switching": {"phase_switching": "none", "phase_switches_per_hour": 4},
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


CONTACTOR = "switch.contactor"
BY_CONTACTOR = {"phase_switching": "entity", "phase_entity": CONTACTOR}


async def test_phases_are_switched_by_an_entity_with_a_state_for_each(
    hass: HomeAssistant, subentries: Subentries
) -> None:
    hass.states.async_set(CONTACTOR, "on")
    hass.states.async_set("select.phases", "auto", {"options": ["auto", "one", "three"]})
    answers = {"name": "Wallbox", "sockets": 2, "evse": EVSE}
    flow = await subentries.change(WALLBOX)
    flow = await subentries.submit(flow, answers | {"phase_switching": BY_CONTACTOR})
    assert flow["step_id"] == "evse"
    by_select = {"phase_switching": "entity", "phase_entity": "select.phases"}
    flow = await subentries.submit(flow, EVSE | {"phase_switching": by_select})
    assert flow["errors"] == {"base": "phase_lever_position"}
    values = {"one_phase_value": " one ", "all_phases_value": "three", "phase_switches_per_hour": 2}
    result = await subentries.submit(flow, EVSE | {"phase_switching": by_select | values})

    assert result["type"] is ABORT
    first, second = (settings(subentries, "CP1").evse(number) for number in (1, 2))
    assert (first.phase_switching, first.phase_switches_per_hour) == (PhaseSwitching.ENTITY, 4)
    assert (second.phase_switching, second.phase_switches_per_hour) == (PhaseSwitching.ENTITY, 2)
    shown = suggested(await subentries.change(WALLBOX))["phase_switching"]
    assert shown == BY_CONTACTOR | {"phase_switches_per_hour": 4}


@pytest.mark.parametrize(
    ("phases", "error"),
    [
        ({"phase_switching": "entity"}, "phase_entity_missing"),
        (BY_CONTACTOR | {"phase_entity": "switch.gone"}, "phase_lever_position"),
        (BY_CONTACTOR | {"one_phase_value": "1"}, "phase_lever_position"),
        (BY_CONTACTOR | {"one_phase_value": "on"}, "phase_lever_same"),
    ],
)
async def test_an_entity_that_cannot_switch_phases_is_refused(
    hass: HomeAssistant, subentries: Subentries, phases: dict[str, Any], error: str
) -> None:
    hass.states.async_set(CONTACTOR, "on")
    answers = {"charger_id": "CP2", "sockets": 1, "evse": EVSE}
    flow = await subentries.add("charger")
    flow = await subentries.submit(flow, answers | {"phase_switching": phases})
    assert (flow["type"], flow["errors"]) == (FORM, {"base": error})
    by_profile = {"phase_switching": "profile"}
    result = await subentries.submit(flow, answers | {"phase_switching": by_profile})
    assert result["type"] is CREATED
    assert settings(subentries, "CP2").evse(1).phase_switching is PhaseSwitching.PROFILE


async def test_a_minimum_above_the_maximum_is_refused_at_each_socket(
    subentries: Subentries,
) -> None:
    wrong, problem = EVSE | {"max_current_a": 10, "min_current_a": 16}, {"base": "min_above_max"}
    answers = {"charger_id": "CP2", "sockets": 2}
    flow = await subentries.submit(await subentries.add("charger"), answers | {"evse": wrong})
    assert (flow["type"], flow["errors"]) == (FORM, problem)
    assert suggested(flow)["evse"]["min_current_a"] == 16
    flow = await subentries.submit(flow, answers | {"evse": EVSE})
    flow = await subentries.submit(flow, wrong)
    assert (flow["type"], flow["errors"]) == (FORM, problem)
    assert (await subentries.submit(flow, EVSE))["type"] is CREATED


async def test_a_current_out_of_bounds_is_told_at_each_socket(subentries: Subentries) -> None:
    wrong = EVSE | {"max_current_a": -3}
    numbers = {"value": "-3", "least": "6", "most": "400"}
    answers = {"charger_id": "CP2", "sockets": 2}
    flow = await subentries.submit(await subentries.add("charger"), answers | {"evse": wrong})
    assert flow["errors"] == {"base": "out_of_bounds"}
    assert flow["description_placeholders"] == {"charger": "", "identity": ""} | numbers
    sections = flow["data_schema"].schema
    assert not sections["evse"].options["collapsed"]
    assert sections["phase_switching"].options["collapsed"]
    flow = await subentries.submit(flow, answers | {"evse": EVSE})
    flow = await subentries.submit(flow, wrong)
    assert flow["errors"] == {"max_current_a": "out_of_bounds"}
    assert flow["description_placeholders"] == {"evse": "2", "charger": "CP2"} | numbers
    assert (await subentries.submit(flow, EVSE))["type"] is CREATED
    flow = await subentries.submit(await subentries.change(WALLBOX), {"evse": wrong})
    assert flow["errors"] == {"base": "out_of_bounds"}
    assert flow["description_placeholders"] == {"charger": "Wallbox", "identity": "CP1"} | numbers
