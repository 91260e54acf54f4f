"""Circuits: their fuse, what hangs on them, and what measures them."""

from decimal import Decimal
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.ev_station.model.circuit import CircuitSettings
from custom_components.ev_station.model.state import Circuit

from .entries import GARAGE, MAIN, WALLBOX, SiteEntry, async_load, circuit, site_entry, usual
from .flows import ABORT, CREATED, FORM, Subentries, suggested

METERS = {"assumed_load_a": 10, "stale_after_s": 60}
METER = ("sensor.l1", "sensor.l2", "sensor.l3")


@pytest.fixture
def subentries(hass: HomeAssistant, site: SiteEntry) -> Subentries:
    return Subentries(hass, site)


@pytest.fixture(autouse=True)
def _meters(hass: HomeAssistant) -> None:
    for entity in METER:
        hass.states.async_set(entity, "4.5", {"unit_of_measurement": "A"})
    hass.states.async_set("sensor.water", "4.5", {"unit_of_measurement": "m³"})


def answers(**given: Any) -> dict[str, Any]:
    meters = METERS | given.pop("meters", {})
    limits = given.pop("limits", {})
    return {"name": "Main fuse", "limit_a": 25, "meters": meters, "limits": limits} | given


def known(subentries: Subentries, title: str) -> CircuitSettings:
    found = subentries.engine.state.get(Circuit, subentries.titled(title).subentry_id)
    assert found is not None
    return found.settings


async def test_a_circuit_is_added_in_place(subentries: Subentries) -> None:
    flow = await subentries.add("circuit")
    assert suggested(flow) == {
        "limit_a": 25,
        "chargers": [],
        "meters": {"assumed_load_a": 10, "stale_after_s": 60},
        "limits": {},
    }
    meters = {"meter_l1": METER[0], "meter_l2": METER[1], "meter_l3": METER[2]}
    limits = {"power_limit_w": 17000, "unbalanced_limit_a": 20}
    given = answers(chargers=[WALLBOX], meters=meters, limits=limits)
    assert (await subentries.submit(flow, given))["type"] is CREATED
    assert known(subentries, "Main fuse") == CircuitSettings(
        circuit=subentries.titled("Main fuse").subentry_id,
        name="Main fuse",
        limit_a=Decimal(25),
        chargers=("CP1",),
        power_limit_w=17000,
        unbalanced_limit_a=Decimal(20),
        metered=True,
        assumed_load_a=Decimal(10),
    )


async def test_a_circuit_is_changed_in_place(subentries: Subentries) -> None:
    await subentries.submit(await subentries.add("circuit"), answers(chargers=[WALLBOX]))
    flow = await subentries.change(subentries.titled("Main fuse").subentry_id)
    shown = suggested(flow)
    assert (shown["name"], shown["chargers"]) == ("Main fuse", [WALLBOX])
    result = await subentries.submit(flow, answers(name="House", limit_a=35))
    assert (result["type"], result["reason"]) == (ABORT, "reconfigure_successful")
    settings = known(subentries, "House")
    assert (settings.limit_a, settings.chargers, settings.metered) == (35, (), False)


async def test_circuits_feed_each_other_but_not_themselves(subentries: Subentries) -> None:
    flow = await subentries.add("circuit")
    assert "parent" not in flow["data_schema"].schema
    await subentries.submit(flow, answers())
    main = subentries.titled("Main fuse").subentry_id
    flow = await subentries.add("circuit")
    await subentries.submit(flow, answers(name="Garage", parent=main))
    garage = subentries.titled("Garage").subentry_id
    assert known(subentries, "Garage").parent == main
    flow = await subentries.change(main)
    offered = flow["data_schema"].schema["parent"].config["options"]
    assert [each["value"] for each in offered] == [garage]
    flow = await subentries.submit(flow, answers(parent=garage))
    assert flow["type"] is FORM
    assert flow["errors"] == {"parent": "circuit_ring"}
    await subentries.remove(main)
    assert known(subentries, "Garage").parent is None
    assert suggested(await subentries.change(garage))["name"] == "Garage"


async def test_a_charger_is_on_one_circuit(subentries: Subentries) -> None:
    await subentries.submit(await subentries.add("circuit"), answers(chargers=[WALLBOX]))
    flow = await subentries.add("circuit")
    flow = await subentries.submit(flow, answers(name="Garage", chargers=[WALLBOX]))
    assert flow["errors"] == {"chargers": "charger_on_other_circuit"}
    assert flow["description_placeholders"] == {
        "charger": "Wallbox",
        "circuit": "Main fuse",
        "entity": "",
    }
    assert (await subentries.submit(flow, answers(name="Garage")))["type"] is CREATED


@pytest.mark.parametrize(
    ("given", "field", "problem"),
    [
        ({"name": " "}, "name", "name_missing"),
        ({"meters": {"meter_l2": METER[0]}}, "base", "meter_gap"),
        ({"meters": {"meter_l1": METER[0], "meter_l3": METER[1]}}, "base", "meter_gap"),
        (
            {"meters": {"meter_l1": METER[0], "meter_l2": METER[1], "meter_l3": METER[1]}},
            "base",
            "meter_twice",
        ),
        ({"meters": {"meter_l1": "sensor.water"}}, "base", "meter_unit"),
        ({"meters": {"meter_l1": "sensor.gone"}}, "base", "meter_unit"),
        ({"limits": {"limit_entity": "sensor.water"}}, "base", "meter_unit"),
        ({"limits": {"power_limit_entity": METER[0]}}, "base", "power_unit"),
        ({"limit_a": -5}, "limit_a", "out_of_bounds"),
        ({"meters": {"stale_after_s": 4}}, "base", "out_of_bounds"),
    ],
)
async def test_what_makes_no_sense(
    subentries: Subentries, given: dict[str, Any], field: str, problem: str
) -> None:
    flow = await subentries.submit(await subentries.add("circuit"), answers(**given))
    assert flow["errors"] == {field: problem}
    assert (await subentries.submit(flow, answers()))["type"] is CREATED


async def test_a_fuse_out_of_bounds_is_told_with_its_bounds_and_nothing_is_lost(
    subentries: Subentries,
) -> None:
    flow = await subentries.submit(
        await subentries.add("circuit"), answers(name="Garage", limit_a=-5, chargers=[WALLBOX])
    )
    assert (
        flow["description_placeholders"] | {"value": "-5", "least": "1", "most": "2000"}
        == (flow["description_placeholders"])
    )
    assert {key: suggested(flow)[key] for key in ("name", "limit_a", "chargers")} == {
        "name": "Garage",
        "limit_a": -5,
        "chargers": [WALLBOX],
    }


async def test_names_tell_circuits_apart(subentries: Subentries) -> None:
    await subentries.submit(await subentries.add("circuit"), answers())
    flow = await subentries.submit(await subentries.add("circuit"), answers(name="MAIN FUSE"))
    assert flow["errors"] == {"name": "name_taken"}


async def test_a_removed_charger_leaves_its_circuit(subentries: Subentries) -> None:
    await subentries.submit(await subentries.add("circuit"), answers(chargers=[WALLBOX]))
    await subentries.remove(WALLBOX)
    assert known(subentries, "Main fuse").chargers == ()
    main = subentries.titled("Main fuse").subentry_id
    assert suggested(await subentries.change(main))["chargers"] == []
    await subentries.remove(main)
    assert subentries.engine.state.get(Circuit, main) is None


async def test_circuits_are_there_at_the_start(hass: HomeAssistant, port: int) -> None:
    stored = [*usual(), circuit(MAIN, "Main", 25), circuit(GARAGE, "Garage", 16, parent=MAIN)]
    entry = site_entry(port, subentries=stored)
    await async_load(hass, entry)
    found = {each.key: each for each in entry.runtime_data.engine.state.all(Circuit)}
    assert {key: each.settings.parent for key, each in found.items()} == {MAIN: None, GARAGE: MAIN}
