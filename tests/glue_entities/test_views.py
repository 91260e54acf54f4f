"""Downloads and the export action: who gets which rows."""

import csv
from datetime import timedelta
from http import HTTPStatus
from io import StringIO
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import User
from homeassistant.components.http.auth import async_sign_path
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import CLIENT_ID, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from .site import Site

URL = "/api/ev_station/sessions.csv"
NOVEMBER = f"{URL}?entry_id=site&month=2026-11"


@pytest.fixture
async def charged(site: Site) -> Site:
    """Have Anna and Ben charge."""
    await site.connect()
    await site.charge("TAG-ANNA", 1000, 10)
    await site.charge("TAG-BEN", 11000, 5)
    return site


@pytest.fixture
def anna(hass: HomeAssistant) -> User:
    """Return a user who is no administrator and whose person is the driver Anna's."""
    user: User = MockUser(id="anna-user", name="Anna", is_owner=False).add_to_hass(hass)
    hass.states.async_set("person.anna", "home", {"user_id": user.id})
    return user


def rows(text: str) -> list[dict[str, str]]:
    """Return a file's rows by column."""
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))


async def export(site: Site, user: User | None = None, /, **data: Any) -> dict[str, Any]:
    """Perform the export action."""
    answer = await site.hass.services.async_call(
        "ev_station",
        "export_sessions",
        data,
        blocking=True,
        context=Context(user_id=user.id) if user else None,
        return_response=True,
    )
    assert answer is not None
    return dict(answer)


async def test_the_owner_gets_everything(
    charged: Site, hass_client: ClientSessionGenerator
) -> None:
    client = await hass_client()
    response = await client.get(NOVEMBER)
    assert response.status == HTTPStatus.OK
    assert response.content_type == "text/csv"
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="ev-station-2026-11-01-2026-11-30.csv"'
    )
    assert (await response.read()).startswith(b"\xef\xbb\xbf")
    found = rows(await response.text())
    assert [(row["driver"], row["kwh"], row["amount"]) for row in found] == [
        ("Anna", "10", "3.00"),
        ("Ben", "5", "1.50"),
    ]


async def test_a_driver_gets_their_own(
    hass: HomeAssistant, charged: Site, anna: User, hass_client: ClientSessionGenerator
) -> None:
    token = await hass.auth.async_create_refresh_token(anna, CLIENT_ID)
    client = await hass_client(hass.auth.async_create_access_token(token))
    for path in (NOVEMBER, f"{NOVEMBER}&driver=ben", f"{NOVEMBER}&ticket=forged"):
        response = await client.get(path)
        assert {row["driver"] for row in rows(await response.text())} <= {"Anna"}


async def test_nobody_gets_nothing(
    charged: Site, hass_client_no_auth: ClientSessionGenerator
) -> None:
    client = await hass_client_no_auth()
    assert (await client.get(NOVEMBER)).status == HTTPStatus.UNAUTHORIZED


async def test_a_signed_path_serves_as_its_signer(
    hass: HomeAssistant,
    charged: Site,
    anna: User,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    token = await hass.auth.async_create_refresh_token(anna, CLIENT_ID)
    path = async_sign_path(hass, NOVEMBER, timedelta(minutes=1), refresh_token_id=token.id)
    client = await hass_client_no_auth()
    response = await client.get(path)
    assert [row["driver"] for row in rows(await response.text())] == ["Anna"]
    tampered = path.replace("2026-11", "2026-10")
    assert (await client.get(tampered)).status == HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize(
    "query",
    [
        "",
        "entry_id=site&month=2026-13",
        "entry_id=site&month=9999-12",
        "entry_id=site&from=2026-11-01",
        "entry_id=site&from=2026-11-02&to=2026-11-01",
        "entry_id=site&month=2026-11&from=2026-11-01&to=2026-11-02",
        "entry_id=site&month=2026-11&detail=atoms",
        "entry_id=site&month=2026-11&spam=1",
    ],
)
async def test_nonsense_is_refused(
    site: Site, hass_client: ClientSessionGenerator, query: str
) -> None:
    client = await hass_client()
    assert (await client.get(f"{URL}?{query}")).status == HTTPStatus.BAD_REQUEST


async def test_a_site_that_is_not_there(site: Site, hass_client: ClientSessionGenerator) -> None:
    client = await hass_client()
    response = await client.get(f"{URL}?entry_id=other&month=2026-11")
    assert response.status == HTTPStatus.NOT_FOUND


async def test_selections(charged: Site, hass_client: ClientSessionGenerator) -> None:
    client = await hass_client()

    async def drivers(query: str) -> list[str]:
        response = await client.get(f"{URL}?entry_id=site&{query}")
        return [row["driver"] for row in rows(await response.text())]

    assert await drivers("from=2026-11-23&to=2026-11-23") == ["Anna", "Ben"]
    assert await drivers("from=2026-11-24&to=2026-11-30") == []
    assert await drivers("month=2026-11&driver=ben") == ["Ben"]
    assert await drivers("month=2026-11&sheet=household") == ["Anna", "Ben"]
    assert await drivers("month=2026-11&detail=periods") == ["Anna", "Ben"]
    assert await drivers("") == ["Anna", "Ben"]


async def test_who_left_is_named_until_they_are_to_be_forgotten(
    hass: HomeAssistant, charged: Site, hass_client: ClientSessionGenerator
) -> None:
    client = await hass_client()

    async def named() -> list[str]:
        return [row["driver"] for row in rows(await (await client.get(NOVEMBER)).text())]

    async def forget(driver: str) -> None:
        data = {"driver": driver}
        await hass.services.async_call("ev_station", "forget_driver", data, blocking=True)

    async def refusal(driver: str) -> str | None:
        with pytest.raises(ServiceValidationError) as caught:
            await forget(driver)
        return caught.value.translation_key

    for present in ("Anna", "anna"):
        assert await refusal(present) == "driver_present"
    hass.config_entries.async_remove_subentry(charged.entry, "anna")
    await hass.async_block_till_done()
    assert await named() == ["Anna", "Ben"]
    assert await refusal("Zoe") == "driver_unknown"
    await forget("Anna")
    assert await named() == ["anna", "Ben"]
    assert await refusal("Anna") == "driver_unknown"


async def test_the_language_decides_over_the_comma(
    hass: HomeAssistant, charged: Site, hass_client: ClientSessionGenerator
) -> None:
    hass.config.language = "de-CH"
    path = (await export(charged))["csv_path"]
    client = await hass_client()
    text = await (await client.get(path)).text()
    assert ";10;" in text
    assert ";3,00;EUR;" in text


async def test_the_export_action(
    charged: Site, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """An automation acts for the owner, and so does the link it may send."""
    answer = await export(charged, month="2026-11")
    assert [row["driver_id"] for row in answer["sessions"]] == ["anna", "ben"]
    assert {row["currency"] for row in answer["sessions"]} == {"EUR"}
    assert answer["total"] == {"energy_wh": "15000", "sessions": 2, "amounts": {"EUR": "4.50"}}
    client = await hass_client_no_auth()
    text = await (await client.get(answer["csv_path"])).text()
    assert [row["driver"] for row in rows(text)] == ["Anna", "Ben"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"driver": "Ben"}, ["ben"]),
        ({"sheet": "Household"}, ["anna", "ben"]),
        ({"from": "2026-11-24", "to": "2026-11-25"}, []),
        ({}, ["anna", "ben"]),
    ],
)
async def test_export_selections(
    charged: Site,
    hass_client_no_auth: ClientSessionGenerator,
    asked: dict[str, str],
    expected: list[str],
) -> None:
    answer = await export(charged, **asked)
    assert [row["driver_id"] for row in answer["sessions"]] == expected
    client = await hass_client_no_auth()
    text = await (await client.get(answer["csv_path"])).text()
    assert [row["driver"].lower() for row in rows(text)] == expected


async def test_a_driver_exports_their_own(
    charged: Site, anna: User, hass_client_no_auth: ClientSessionGenerator
) -> None:
    answer = await export(charged, anna)
    assert [row["driver_id"] for row in answer["sessions"]] == ["anna"]
    client = await hass_client_no_auth()
    text = await (await client.get(answer["csv_path"])).text()
    assert [row["driver"] for row in rows(text)] == ["Anna"]


async def test_the_link_ends(
    charged: Site, hass_client_no_auth: ClientSessionGenerator, freezer: FrozenDateTimeFactory
) -> None:
    path = (await export(charged))["csv_path"]
    freezer.tick(timedelta(hours=1, seconds=1))
    client = await hass_client_no_auth()
    assert (await client.get(path)).status == HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ({"driver": "Zoe"}, "driver_unknown"),
        ({"sheet": "Zoo"}, "sheet_unknown"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "days_reversed"),
        ({"month": "2026-11", "from": "2026-11-01", "to": "2026-11-02"}, "month_or_days"),
    ],
)
async def test_exports_of_what_there_is_not(site: Site, asked: dict[str, str], key: str) -> None:
    with pytest.raises(ServiceValidationError) as caught:
        await export(site, **asked)
    assert caught.value.translation_key == key
