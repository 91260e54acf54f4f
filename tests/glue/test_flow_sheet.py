"""Billing sheets: who is on them."""

from homeassistant.core import HomeAssistant
import pytest

from custom_components.ev_station.model.settings import SheetKind
from custom_components.ev_station.model.state import Sheet

from .entries import ANNA, BEN, HOUSE, SiteEntry
from .flows import ABORT, CREATED, FORM, Subentries, suggested


@pytest.fixture
def subentries(hass: HomeAssistant, site: SiteEntry) -> Subentries:
    return Subentries(hass, site)


async def test_a_sheet_is_added_in_place(subentries: Subentries) -> None:
    flow = await subentries.add("sheet")
    given = {"name": "Company", "kind": "fleet", "drivers": [BEN]}
    assert (await subentries.submit(flow, given))["type"] is CREATED
    sheet = subentries.engine.state.get(Sheet, subentries.titled("Company").subentry_id)
    assert sheet is not None
    assert sheet.settings.kind is SheetKind.FLEET
    assert sheet.settings.drivers == (BEN,)


async def test_a_driver_is_on_one_sheet(subentries: Subentries) -> None:
    flow = await subentries.add("sheet")
    given = {"name": "Company", "kind": "fleet", "drivers": [BEN, ANNA]}
    flow = await subentries.submit(flow, given)
    assert flow["type"] is FORM
    assert flow["errors"] == {"drivers": "driver_on_other_sheet"}
    assert flow["description_placeholders"] == {"driver": "Anna", "sheet": "Household"}
    assert (await subentries.submit(flow, given | {"drivers": [BEN]}))["type"] is CREATED


@pytest.mark.parametrize(
    ("name", "error"), [("household", "name_taken"), ("", "name_missing"), ("  ", "name_missing")]
)
async def test_names_tell_sheets_apart(subentries: Subentries, name: str, error: str) -> None:
    flow = await subentries.submit(
        await subentries.add("sheet"), {"name": name, "kind": "household"}
    )
    assert flow["errors"] == {"name": error}
    flow = await subentries.submit(flow, {"name": "Guests", "kind": "household"})
    assert flow["type"] is CREATED


async def test_a_sheet_is_changed_in_place(subentries: Subentries) -> None:
    flow = await subentries.change(HOUSE)
    assert suggested(flow) == {"name": "Household", "kind": "household", "drivers": [ANNA]}
    given = {"name": "Household", "kind": "household", "drivers": [ANNA, BEN]}
    result = await subentries.submit(flow, given)
    assert result["type"] is ABORT
    assert result["reason"] == "reconfigure_successful"
    sheet = subentries.engine.state.get(Sheet, HOUSE)
    assert sheet is not None
    assert sheet.settings.drivers == (ANNA, BEN)


async def test_a_changed_sheet_must_make_sense_too(subentries: Subentries) -> None:
    await subentries.submit(
        await subentries.add("sheet"), {"name": "Company", "kind": "fleet", "drivers": [BEN]}
    )
    given = {"name": "Household", "kind": "household", "drivers": [ANNA, BEN]}
    flow = await subentries.submit(await subentries.change(HOUSE), given)
    assert flow["errors"] == {"drivers": "driver_on_other_sheet"}
    flow = await subentries.submit(flow, given | {"drivers": [ANNA]})
    assert flow["reason"] == "reconfigure_successful"


async def test_a_removed_driver_leaves_the_sheet(subentries: Subentries) -> None:
    await subentries.remove(ANNA)
    sheet = subentries.engine.state.get(Sheet, HOUSE)
    assert sheet is not None
    assert sheet.settings.drivers == ()
    assert suggested(await subentries.change(HOUSE))["drivers"] == []


async def test_a_removed_sheet_is_gone(subentries: Subentries) -> None:
    await subentries.remove(HOUSE)
    assert subentries.engine.state.get(Sheet, HOUSE) is None
