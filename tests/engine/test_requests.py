"""What people and automations ask of a running engine."""

from decimal import Decimal
from pathlib import Path

import pytest

from custom_components.ev_station.engine import Engine
from custom_components.ev_station.model.commands import CommandStatus, Reset
from custom_components.ev_station.model.errors import ChargerNotConnected, RequestRefused
from custom_components.ev_station.model.events import ChargerRemoved, SiteConfigured
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.session import Session
from custom_components.ev_station.model.settings import SiteSettings, UnknownChargerPolicy
from custom_components.ev_station.model.status import EvseStatus
from tests.simulator import Charger, Status, Vehicle

from .inputs import everything, start, stopped
from .site import SITE, evse, ledger, running, until, url

pytestmark = pytest.mark.usefixtures("socket_enabled")
ONE = EvseId("CP1", 1)


async def known(engine: Engine) -> None:
    """Wait until the engine knows the charger's connector."""
    await until(engine, lambda: evse(engine).status is EvseStatus.AVAILABLE)


async def test_start_pause_and_stop(tmp_path: Path) -> None:
    """Each request returns the charger's own answer."""
    async with running(tmp_path) as engine, Charger(url(engine), "CP1") as charger:
        await known(engine)
        await charger.plug_in(1, Vehicle())
        assert (await engine.start_session(ONE, "anna")).status is CommandStatus.ACCEPTED
        await charger.wait_for(1, Status.CHARGING)
        await until(engine, lambda: evse(engine).session is not None)
        assert (await engine.enable(ONE, enabled=False)).status is CommandStatus.ACCEPTED
        with pytest.raises(RequestRefused):
            await engine.start_session(ONE, "anna")
        session = evse(engine).session
        assert session is not None
        assert engine.cost(session) is not None
        assert (await engine.stop_session(ONE)).status is CommandStatus.ACCEPTED
        await until(engine, lambda: evse(engine).session is None)


async def test_an_absent_charger(tmp_path: Path) -> None:
    """A limit is kept for when it comes; what must happen now is refused."""
    async with running(tmp_path) as engine:
        assert (await engine.set_limit(ONE, 10)).status is CommandStatus.ACCEPTED
        assert evse(engine).limit_a == 10
        with pytest.raises(RequestRefused):
            await engine.start_session(ONE, "anna")
        with pytest.raises(ChargerNotConnected):
            await engine.call("CP1", "GetConfiguration", {})
        result = await engine.command("CP1", Reset())
        assert result.status is CommandStatus.NOT_CONNECTED


async def test_an_ended_session_is_given_to_another_driver(tmp_path: Path) -> None:
    """A credit and the same energy anew, which a restart agrees with."""
    async with running(tmp_path) as engine:
        await engine.submit(stopped(await start(engine)), None)
        (first,) = await ledger(engine)
        await engine.assign(first.session, None)
        lines = await ledger(engine)
        assert [each.energy_wh for each in lines] == [4000, -4000, 4000]
        assert [each.driver for each in lines] == ["anna", "anna", None]
        assert len(await engine.archive.cdrs(each.cdr for each in lines)) == 3
        with pytest.raises(KeyError):
            await engine.assign("unheard of", None)
        left = everything(engine)
    async with running(tmp_path) as again:
        assert everything(again) == left


async def test_a_charger_removed_while_it_charges(tmp_path: Path) -> None:
    """What was measured so far is billed: nobody else will end that session."""
    async with running(tmp_path) as engine:
        async with Charger(url(engine), "CP1", haste=100, tick=0.1) as charger:
            await known(engine)
            await charger.plug_in(1, Vehicle())
            await charger.present_tag(1, "TAG-ANNA")
            await until(engine, lambda: any(each.energy_wh for each in engine.state.all(Session)))
            await engine.configure(ChargerRemoved(charger="CP1"))
            assert engine.central.connections == {}
            await charger.go_offline()
        (posting,) = await ledger(engine)
        # Meters show whole Wh: the difference of two readings may be one too many.
        assert 0 < posting.energy_wh < Decimal(charger.truth[0].wh) + 1
        assert list(engine.state.all(Session)) == []
        left = everything(engine)
    assert posting.driver == "anna"
    assert left


async def test_strangers_and_listeners(tmp_path: Path) -> None:
    """Under the policy "accept" a stranger is adopted as it comes; attempts and raw tags are told."""
    attempts: list[str] = []
    tags: list[tuple[str, str]] = []
    open_house = SiteConfigured(
        settings=SiteSettings(
            name="Home",
            currency="EUR",
            time_zone=SITE.settings.time_zone,
            secret=SITE.settings.secret,
            unknown_chargers=UnknownChargerPolicy.ACCEPT,
        )
    )
    async with running(tmp_path) as engine:
        await engine.configure(open_house)
        engine.listen_attempts(lambda attempt: attempts.append(attempt.identity))
        engine.listen_tokens(lambda charger, tag: tags.append((charger, tag)))
        async with Charger(url(engine), "STRANGER") as charger:
            await charger.wait_online()
            await charger.present_tag(1, "TAG-ANNA")
        assert attempts == ["STRANGER"]
        assert tags == [("STRANGER", "TAG-ANNA")]
        assert "STRANGER" in engine.chargers
        assert engine.health.attempts
