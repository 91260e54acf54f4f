"""Preparing a charger: write only what differs, lose only the key that is odd, never write into a boot loop."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custom_components.ev_station.csms.quirks import Quirk, ignore
from custom_components.ev_station.csms.v16.memory import WATTS, Memory
from custom_components.ev_station.csms.v16.provisioning import MEASURANDS, Provisioning
from custom_components.ev_station.model.commands import Prepare
from custom_components.ev_station.model.events import ChargerPrepared

from .box import Box
from .harness import House

PREPARE = Prepare(heartbeat_s=300, sample_interval_s=30)
ALL = ",".join(MEASURANDS)
GOOD = {
    "MeterValuesSampledData": ALL,
    "MeterValuesAlignedData": "Energy.Active.Import.Register",
    "MeterValueSampleInterval": "30",
    "ClockAlignedDataInterval": "900",
    "HeartbeatInterval": "300",
    "TransactionMessageAttempts": "10",
    "TransactionMessageRetryInterval": "60",
    "WebSocketPingInterval": "60",
}
"""A charger that needs nothing."""
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


async def prepare(
    box: Box, memory: Memory | None = None, command: Prepare = PREPARE
) -> ChargerPrepared:
    """Prepare a box."""
    return await Provisioning("CP1", box.ask, memory or Memory(), ignore).run(command, lambda: NOW)


async def test_nothing_to_do() -> None:
    """A charger that is as it should be is asked once and never written to."""
    core = {"NumberOfConnectors": "1", "SupportedFeatureProfiles": "Core"}
    box = Box(GOOD | core)
    assert await prepare(box) == ChargerPrepared(
        charger="CP1",
        evse_count=1,
        smart_charging=False,
        remote_trigger=False,
        received_at=NOW,
    )
    assert box.log == [("GetConfiguration", {})]


async def test_only_what_differs_is_written() -> None:
    """Values as good as ours are left alone."""
    box = Box(
        GOOD
        | {
            "MeterValueSampleInterval": "60",
            "TransactionMessageAttempts": "99",
            "TransactionMessageRetryInterval": "30",
            "WebSocketPingInterval": "0",
        }
    )
    await prepare(box)
    assert box.writes == [("MeterValueSampleInterval", "30"), ("WebSocketPingInterval", "60")]


async def test_read_only_keys_are_not_written() -> None:
    """Whatever their values."""
    box = Box(dict.fromkeys(GOOD, "7"), read_only=set(GOOD))
    assert (await prepare(box)).refused_keys == ()
    assert box.writes == []


async def test_what_the_charger_does_not_have_is_not_written() -> None:
    """Unknown keys are no faults."""
    box = Box({"NumberOfConnectors": "2"})
    assert (await prepare(box)).evse_count == 2
    assert box.writes == []


async def test_a_wider_list_is_enough() -> None:
    """More measurands than ours, another order, or one per phase: nothing is written."""
    wider = "SoC,Temperature," + ALL.replace(
        "Current.Import", "Current.Import.L1,Current.Import.L2"
    )
    box = Box(GOOD | {"MeterValuesSampledData": wider})
    await prepare(box)
    assert box.writes == []


async def test_the_list_is_shortened_until_it_is_taken() -> None:
    """And not tried again, neither now nor after a restart of ours."""
    box = Box(
        GOOD | {"MeterValuesSampledData": "Energy.Active.Import.Register"},
        takes=lambda _, value: "Rejected" if "SoC" in value or "Offered" in value else "Accepted",
    )
    told: list[Quirk] = []
    memory = Memory()
    run = Provisioning("CP1", box.ask, memory, lambda quirk, _: told.append(quirk))
    prepared = await run.run(PREPARE, lambda: NOW)
    taken = "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage"
    assert [value for _, value in box.writes] == [
        ALL,
        ALL.removesuffix(",SoC"),
        taken,
    ]
    assert box.keys["MeterValuesSampledData"] == taken
    assert prepared.refused_keys == ("MeterValuesSampledData",)
    assert set(told) == {Quirk.SHORT_MEASURAND_LIST}
    box.log.clear()
    await prepare(box, memory)
    await prepare(
        box,
        Memory(),
        Prepare(heartbeat_s=300, sample_interval_s=30, refused_keys=prepared.refused_keys),
    )
    assert box.writes == []


async def test_shortening_ends_at_what_it_has() -> None:
    """No write that gains nothing."""
    box = Box(
        GOOD | {"MeterValuesSampledData": "Energy.Active.Import.Register,Power.Active.Import"},
        takes=lambda *_: "Rejected",
    )
    await prepare(box)
    assert [value.count(",") for _, value in box.writes] == [5, 4, 3, 2]


async def test_the_length_of_the_list_is_respected() -> None:
    """§9.1 MeterValuesSampledDataMaxLength."""
    box = Box(GOOD | {"MeterValuesSampledData": "", "MeterValuesSampledDataMaxLength": "2"})
    await prepare(box)
    assert box.writes == [
        ("MeterValuesSampledData", "Energy.Active.Import.Register,Power.Active.Import")
    ]


@pytest.mark.parametrize("status", ["Rejected", "NotSupported", "Nonsense"])
async def test_a_refused_write_is_not_repeated(status: str) -> None:
    """One refused key does not stop the others, and is remembered."""
    box = Box(
        GOOD | {"HeartbeatInterval": "60", "WebSocketPingInterval": "0"},
        takes=lambda key, _: status if key == "HeartbeatInterval" else "Accepted",
    )
    memory = Memory()
    assert (await prepare(box, memory)).refused_keys == ("HeartbeatInterval",)
    await prepare(box, memory)
    assert box.writes == [("HeartbeatInterval", "300"), ("WebSocketPingInterval", "60")]


async def test_a_write_in_vain_is_not_repeated() -> None:
    """Grizzl-E 3.9 accepts and ignores."""
    box = Box(GOOD | {"HeartbeatInterval": "60"}, forgets=True)
    memory = Memory()
    assert (await prepare(box, memory)).refused_keys == ()
    assert (await prepare(box, memory)).refused_keys == ("HeartbeatInterval",)
    await prepare(box, memory)
    assert box.writes == [("HeartbeatInterval", "300")]


async def test_reboot_required_is_taken() -> None:
    """The value is there after the next boot."""
    box = Box(GOOD | {"HeartbeatInterval": "60"}, takes=lambda *_: "RebootRequired")
    memory = Memory()
    assert (await prepare(box, memory)).refused_keys == ()
    box.keys["HeartbeatInterval"] = "300"
    assert (await prepare(box, memory)).refused_keys == ()
    assert len(box.writes) == 1


async def test_not_implemented_ends_the_writing() -> None:
    """F38: the Wattpilot refuses every write; one is enough to know."""
    box = Box(dict.fromkeys(GOOD, "7"), refuses={"ChangeConfiguration": "NotImplemented"})
    prepared = await prepare(box)
    assert len(box.writes) == 1
    assert prepared.refused_keys == ("MeterValuesSampledData",)


async def test_silence_to_a_write_loses_that_key() -> None:
    """The others are written."""
    box = Box(dict.fromkeys(GOOD, "7"), silent={"ChangeConfiguration"})
    assert len((await prepare(box)).refused_keys) == len(GOOD)


@pytest.mark.parametrize("code", ["FormationViolation", "InternalError", "GenericError"])
async def test_a_refused_question_is_carried_on_with_defaults(code: str) -> None:
    """Grizzl-E: two more questions by key, then the one write worth making blind, once."""
    box = Box(refuses={"GetConfiguration": code})
    memory = Memory()
    await prepare(box, memory)
    assert box.questions == 3
    await prepare(box, memory)
    assert box.writes == [("MeterValueSampleInterval", "30")]


async def test_questions_not_implemented_are_not_repeated_by_key() -> None:
    """And nothing is written to a charger that cannot be configured."""
    box = Box(refuses={"GetConfiguration": "NotImplemented"})
    await prepare(box)
    assert len(box.log) == 1


async def test_silence_is_not_asked_again() -> None:
    """30 seconds of silence are enough; other traffic waits in the queue."""
    box = Box(silent={"GetConfiguration"})
    await prepare(box)
    assert len(box.log) == 1


async def test_two_silences_in_a_row_end_the_questions() -> None:
    """Each costs half a minute."""
    box = Box(whole=False, keys=dict(GOOD))

    async def ask(action: str, payload: dict[str, Any]) -> dict[str, Any]:
        box.silent = {"GetConfiguration"} if "key" in payload else set()
        return await box.ask(action, payload)

    await Provisioning("CP1", ask, Memory(), ignore).run(PREPARE, lambda: NOW)
    assert box.questions == 3


async def test_essential_keys_missing_from_the_whole_are_asked_alone() -> None:
    """A charger may tell only part of its configuration at once; what is optional is not worth a question."""
    box = Box({"HeartbeatInterval": "300"})

    async def ask(action: str, payload: dict[str, Any]) -> dict[str, Any]:
        answer = await box.ask(action, payload)
        box.keys["NumberOfConnectors"] = "2"
        return answer

    run = Provisioning("CP1", ask, Memory(), ignore)
    assert (await run.run(PREPARE, lambda: NOW)).evse_count == 2
    assert [payload.get("key") for action, payload in box.log] == [
        None,
        ["NumberOfConnectors"],
        ["SupportedFeatureProfiles"],
        ["MeterValuesSampledData"],
        ["MeterValueSampleInterval"],
    ]


async def test_key_by_key() -> None:
    """Growatt: both lists empty when asked for all, each key answered when asked alone."""
    box = Box(GOOD | {"HeartbeatInterval": "60", "NumberOfConnectors": "2"}, whole=False)
    prepared = await prepare(box)
    assert prepared.evse_count == 2
    assert box.writes == [("HeartbeatInterval", "300")]


@pytest.mark.parametrize(
    "entries",
    [
        None,
        "none",
        [None, 5, "x", {}],
        [{"key": 5}],
        [{"key": "HeartbeatInterval", "readonly": "true", "value": 60}],
        [{"key": "HeartbeatInterval", "readonly": 1, "value": {"x": 1}}],
        [{"key": "HeartbeatInterval", "readonly": True}],
    ],
)
async def test_odd_entries_cost_only_themselves(entries: Any) -> None:
    """Numbers, words and nothing for value and readonly (Scame, Grizzl-E)."""

    async def ask(action: str, payload: dict[str, Any]) -> dict[str, Any]:
        assert action == "GetConfiguration" or payload["key"] == "MeterValueSampleInterval"
        return {"configurationKey": entries, "status": "Rejected"}

    run = Provisioning("CP1", ask, Memory(), ignore)
    assert (await run.run(PREPARE, lambda: NOW)).evse_count is None


async def test_what_is_learnt() -> None:
    """§9: connectors, profiles, units, stack, remote starts, phases."""
    box = Box(
        GOOD
        | {
            "NumberOfConnectors": 2,
            "SupportedFeatureProfiles": "Core, SmartCharging ,RemoteTrigger",
            "ChargingScheduleAllowedChargingRateUnit": "Current,Power",
            "ChargeProfileMaxStackLevel": "8",
            "MaxChargingProfilesInstalled": "10",
            "ChargingScheduleMaxPeriods": "24",
            "AuthorizeRemoteTxRequests": "False",
            "ConnectorSwitch3to1PhaseSupported": True,
        }
    )
    assert await prepare(box) == ChargerPrepared(
        charger="CP1",
        evse_count=2,
        smart_charging=True,
        remote_trigger=True,
        power_profiles_only=False,
        max_stack_level=8,
        max_profiles=10,
        max_periods=24,
        authorizes_remote_starts=False,
        phase_switching=True,
        received_at=NOW,
    )


async def test_core_only_and_watts_only() -> None:
    """A profile that is not listed is not there; Huawei allows only power, and some write the unit instead."""
    for units in ("Power", "W", " power "):
        memory = Memory()
        box = Box(
            GOOD
            | {
                "SupportedFeatureProfiles": "Core",
                "ChargingScheduleAllowedChargingRateUnit": units,
                "AuthorizeRemoteTxRequests": "1",
            }
        )
        prepared = await prepare(box, memory)
        assert (prepared.smart_charging, prepared.remote_trigger) == (False, False)
        assert prepared.power_profiles_only
        assert prepared.authorizes_remote_starts
        assert memory.styles() == (WATTS,)


# Boot loops


async def test_a_boot_after_a_write_ends_the_writing_of_that_key() -> None:
    """Pain 14, ABB Terra: reboots on a write, is prepared again, written again, for ever."""
    memory = Memory()
    told: list[Quirk] = []
    box = Box(GOOD | {"WebSocketPingInterval": "0"}, forgets=True)
    await prepare(box, memory)
    memory.booted(NOW + timedelta(seconds=20), lambda quirk, _: told.append(quirk))
    assert (await prepare(box, memory)).refused_keys == ("WebSocketPingInterval",)
    assert len(box.writes) == 1
    assert told == [Quirk.REBOOT_AFTER_WRITE]


async def test_a_boot_long_after_a_write_is_nobodys_fault() -> None:
    """So is one that we asked for."""
    memory = Memory()
    await prepare(Box(GOOD | {"WebSocketPingInterval": "0"}), memory)
    memory.booted(NOW + timedelta(minutes=5), ignore)
    assert memory.refused == set()
    memory.wrote("HeartbeatInterval", NOW)
    memory.resetting()
    memory.booted(NOW, ignore)
    assert memory.refused == set()


async def test_a_charger_that_boots_when_asked_is_not_asked_a_third_time() -> None:
    """Wallbox boots again until GetConfiguration stops; ABB reboots when queried."""
    memory = Memory()
    told: list[Quirk] = []
    for _ in range(2):
        assert not memory.bears_no_questions
        memory.asking(NOW)
        memory.booted(NOW + timedelta(seconds=5), lambda quirk, _: told.append(quirk))
    box = Box(dict(GOOD))
    assert await prepare(box, memory) == ChargerPrepared(charger="CP1", received_at=NOW)
    assert box.log == []
    assert told == [Quirk.REBOOT_AFTER_QUESTION] * 2


async def test_preparations_do_not_mix(home: House) -> None:
    """A second boot during a preparation starts another one, after the first."""
    station = await home.booted()
    station.reactions["GetConfiguration"] = None
    await asyncio.gather(home.central.execute("CP1", PREPARE), home.central.execute("CP1", PREPARE))
    assert len(station.requests("GetConfiguration")) == 2


async def test_defect_j_nothing_but_configuration_is_touched(home: House) -> None:
    """A charger that is out of service stays so: ChangeAvailability is never part of a preparation."""
    station = await home.booted()
    await home.central.execute("CP1", PREPARE)
    assert {action for action, _ in station.asked} <= {"GetConfiguration", "ChangeConfiguration"}
