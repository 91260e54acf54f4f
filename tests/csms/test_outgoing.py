"""Commands as requests that the schemas of the `ocpp` package accept, and answers as results."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.csms.schemas import load
from custom_components.ev_station.csms.v16.answers import word
from custom_components.ev_station.csms.v16.memory import (
    AMPERES,
    DATED,
    WATTS,
    WHOLE_AMPERES,
    Memory,
)
from custom_components.ev_station.csms.v16.outgoing import (
    profile_id,
    profile_request,
    read_schedule,
    schedule_request,
    simple_request,
)
from custom_components.ev_station.model.answers import (
    Acknowledged,
    Answer,
    AuthorizeAnswer,
    BootAnswer,
    DataTransferAnswer,
    HeartbeatAnswer,
    StartAnswer,
)
from custom_components.ev_station.model.commands import (
    ChargingProfile,
    ClearProfiles,
    CommandStatus,
    GetSchedule,
    ProfilePurpose,
    RemoteStart,
    RemoteStop,
    Reset,
    SchedulePeriod,
    ScheduleResult,
    SetAvailability,
    SetProfile,
    Trigger,
    TriggerKind,
    Unlock,
)
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.status import (
    AuthorizationStatus,
    RegistrationStatus,
    Version,
)

from .harness import House

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
EVSE = EvseId("CP1", 2)
SCHEMAS = load(Version.V16)


@pytest.mark.parametrize(
    ("command", "action", "payload"),
    [
        (RemoteStart(evse=EVSE, token="A" * 25), "RemoteStartTransaction", {"connectorId": 2, "idTag": "A" * 20}),
        (RemoteStart(evse=EvseId("CP1", 0), token="A"), "RemoteStartTransaction", {"idTag": "A"}),
        (RemoteStop(transaction=7), "RemoteStopTransaction", {"transactionId": 7}),
        (ClearProfiles(), "ClearChargingProfile", {}),
        (
            ClearProfiles(evse=EVSE, purpose=ProfilePurpose.TX_DEFAULT, stack_level=0),
            "ClearChargingProfile",
            {"connectorId": 2, "chargingProfilePurpose": "TxDefaultProfile", "stackLevel": 0},
        ),
        (SetAvailability(evse=EVSE, operative=True), "ChangeAvailability", {"connectorId": 2, "type": "Operative"}),
        (SetAvailability(evse=EVSE, operative=False), "ChangeAvailability", {"connectorId": 2, "type": "Inoperative"}),
        (Reset(), "Reset", {"type": "Soft"}),
        (Reset(hard=True), "Reset", {"type": "Hard"}),
        (Unlock(evse=EVSE), "UnlockConnector", {"connectorId": 2}),
        (Trigger(kind=TriggerKind.STATUS), "TriggerMessage", {"requestedMessage": "StatusNotification"}),
        (
            Trigger(kind=TriggerKind.METER_VALUES, evse=1),
            "TriggerMessage",
            {"requestedMessage": "MeterValues", "connectorId": 1},
        ),
    ],
)  # fmt: skip
def test_simple_commands(command: Any, action: str, payload: dict[str, Any]) -> None:
    """Each is one request."""
    assert simple_request(command) == (action, payload)
    SCHEMAS.check(action, payload)


@pytest.mark.parametrize("kind", TriggerKind)
def test_every_trigger_is_valid(kind: TriggerKind) -> None:
    """§7.36."""
    SCHEMAS.check(*simple_request(Trigger(kind=kind)))


def profile(purpose: ProfilePurpose = ProfilePurpose.TX, **more: Any) -> SetProfile:
    """Return a profile of one 16.57 A period, or of what is given."""
    fields: dict[str, Any] = {
        "stack_level": 1,
        "periods": (SchedulePeriod(start_s=0, limit_a=Decimal("16.57")),),
    }
    return SetProfile(evse=EVSE, profile=ChargingProfile(purpose=purpose, **(fields | more)))


def sent(command: SetProfile, style: Any = AMPERES) -> dict[str, Any]:
    """Return the profile as sent, valid by its schema."""
    action, payload = profile_request(command, style, NOW)
    SCHEMAS.check(action, payload)
    assert payload["connectorId"] == 2
    profiles: dict[str, Any] = payload["csChargingProfiles"]
    return profiles


def test_an_endless_limit_of_a_transaction_is_relative() -> None:
    """No clock can be wrong about it."""
    assert sent(profile(transaction=7)) == {
        "chargingProfileId": profile_id(profile()),
        "stackLevel": 1,
        "chargingProfilePurpose": "TxProfile",
        "transactionId": 7,
        "chargingProfileKind": "Relative",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16.5}],
        },
    }


def test_a_limit_that_ends_counts_from_now() -> None:
    """Relative would count from the transaction's start; a slow clock must not delay it."""
    periods = (
        SchedulePeriod(start_s=0, limit_a=Decimal(10), phases=1),
        SchedulePeriod(start_s=100, limit_a=Decimal(6), phases=3),
    )
    found = sent(profile(duration_s=120, periods=periods))
    assert found["chargingProfileKind"] == "Absolute"
    assert found["chargingSchedule"] == {
        "chargingRateUnit": "A",
        "duration": 180,
        "startSchedule": "2026-11-23T11:59:00.000Z",
        "chargingSchedulePeriod": [
            {"startPeriod": 0, "limit": 10, "numberPhases": 1},
            {"startPeriod": 160, "limit": 6, "numberPhases": 3},
        ],
    }


def test_a_relative_one_counts_from_where_the_charger_does() -> None:
    """Its start is what we believe, and no business of the charger's, whatever else it likes."""
    periods = (
        SchedulePeriod(start_s=0, limit_a=Decimal(0)),
        SchedulePeriod(start_s=900, limit_a=Decimal(16)),
    )
    command = profile(start_at=NOW, relative=True, duration_s=3600, periods=periods)
    for style in (AMPERES, DATED):
        found = sent(command, style)
        assert found["chargingProfileKind"] == "Relative"
        assert found["chargingSchedule"] == {
            "chargingRateUnit": "A",
            "duration": 3600,
            "chargingSchedulePeriod": [
                {"startPeriod": 0, "limit": 0},
                {"startPeriod": 900, "limit": 16},
            ],
        }


def test_a_plan_starts_when_it_says() -> None:
    """In UTC, and ends when it says."""
    found = sent(profile(start_at=NOW, valid_to=NOW + timedelta(hours=8), duration_s=3600))
    assert found["chargingSchedule"]["startSchedule"] == "2026-11-23T12:00:00.000Z"
    assert found["chargingSchedule"]["duration"] == 3600
    assert found["validTo"] == "2026-11-23T20:00:00.000Z"


@pytest.mark.parametrize(
    ("purpose", "kind"),
    [(ProfilePurpose.CHARGER_MAX, "Absolute"), (ProfilePurpose.TX_DEFAULT, "Relative")],
)
def test_kinds(purpose: ProfilePurpose, kind: str) -> None:
    """§3.13.1."""
    assert sent(profile(purpose))["chargingProfileKind"] == kind


def test_ids_name_the_place_in_the_stack() -> None:
    """A new profile for the same place replaces the old one; different places never share an id."""
    ids = {
        profile_id(
            SetProfile(
                evse=EvseId("CP1", evse),
                profile=ChargingProfile(purpose=purpose, stack_level=level, periods=()),
            )
        )
        for evse in range(5)
        for purpose in ProfilePurpose
        for level in range(10)
    }
    assert len(ids) == 5 * 3 * 10


@pytest.mark.parametrize(
    ("limit", "phases", "style", "expected"),
    [
        ("16.57", None, AMPERES, 16.5),
        ("16.0", None, AMPERES, 16),
        ("0", None, AMPERES, 0),
        ("6.25", None, AMPERES, 6.2),
        ("16.57", None, WHOLE_AMPERES, 16),
        ("10", 1, WATTS, 2300),
        ("10", 3, WATTS, 6900),
        ("10", None, WATTS, 6900),
        ("10.001", 1, WATTS, 2300),
    ],
)
def test_limits(limit: str, phases: int | None, style: Any, expected: float) -> None:
    """Rounded down, whole where it can be; §7.14: three phases if none are given."""
    period = SchedulePeriod(start_s=0, limit_a=Decimal(limit), phases=phases)
    schedule = sent(profile(periods=(period,)), style)["chargingSchedule"]
    assert schedule["chargingSchedulePeriod"][0]["limit"] == expected
    assert isinstance(schedule["chargingSchedulePeriod"][0]["limit"], type(expected))
    assert schedule["chargingRateUnit"] == ("W" if style == WATTS else "A")


@given(st.decimals(0, 80, places=4))
def test_no_limit_is_ever_raised(limit: Decimal) -> None:
    """And every one passes the schema's multipleOf 0.1."""
    period = SchedulePeriod(start_s=0, limit_a=limit)
    found = sent(profile(periods=(period,)))["chargingSchedule"]["chargingSchedulePeriod"][0]
    assert 0 <= limit - Decimal(str(found["limit"])) < Decimal("0.1")


# Styles of profile, tried on a charger


async def test_watts_when_amperes_are_rejected(home: House) -> None:
    """Finding 5: a W-only charger is found by trying, and remembered."""
    station = await home.booted()
    station.reactions["SetChargingProfile"] = lambda payload: {
        "status": "Accepted" if unit(payload) == "W" else "Rejected"
    }
    for _ in range(2):
        result = await home.execute(profile())
        assert result.status is CommandStatus.ACCEPTED
    assert [unit(payload) for payload in station.requests("SetChargingProfile")] == [
        "A",
        "A",
        "W",
        "W",
    ]


def unit(payload: dict[str, Any]) -> str:
    """Return the unit of a profile."""
    return str(payload["csChargingProfiles"]["chargingSchedule"]["chargingRateUnit"])


async def test_whole_amperes_when_fractions_are_rejected(home: House) -> None:
    """ABB; a complaint by CALLERROR counts as a rejection."""
    station = await home.booted()

    def whole_only(payload: dict[str, Any]) -> Any:
        (period,) = payload["csChargingProfiles"]["chargingSchedule"]["chargingSchedulePeriod"]
        if period["limit"] % 1:
            return '[4,"{uid}","PropertyConstraintViolation","limit",{}]'
        return {"status": "Accepted"}

    station.reactions["SetChargingProfile"] = whole_only
    assert (await home.execute(profile())).status is CommandStatus.ACCEPTED


async def test_absolute_when_relative_is_rejected(home: House) -> None:
    """Easee (evcc-io/evcc#15493): without that it would get no floor."""
    station = await home.booted()
    station.reactions["SetChargingProfile"] = lambda payload: {
        "status": "Accepted" if kind(payload) == "Absolute" else "Rejected"
    }
    for _ in range(2):
        result = await home.execute(profile(ProfilePurpose.TX_DEFAULT))
        assert result.status is CommandStatus.ACCEPTED
    asked = [(kind(payload), unit(payload)) for payload in station.requests("SetChargingProfile")]
    assert asked == [
        *([("Relative", "A")] * 2),
        ("Relative", "W"),
        *([("Absolute", "A")] * 2),
    ]


def kind(payload: dict[str, Any]) -> str:
    """Return the kind of a profile."""
    return str(payload["csChargingProfiles"]["chargingProfileKind"])


async def test_the_same_payload_is_not_tried_twice(home: House) -> None:
    """A whole number of amperes has no rounded twin."""
    station = await home.booted()
    station.reactions["SetChargingProfile"] = {"status": "Rejected"}
    await home.execute(profile(periods=(SchedulePeriod(start_s=0, limit_a=Decimal(16)),)))
    asked = [(kind(each), unit(each)) for each in station.requests("SetChargingProfile")]
    assert asked == [("Relative", "A"), ("Relative", "W"), ("Absolute", "A")]


async def test_rejections_do_not_become_a_storm(home: House) -> None:
    """A profile may be rejected for want of a transaction: after three rounds one try is enough."""
    station = await home.booted()
    station.reactions["SetChargingProfile"] = {"status": "Rejected"}
    for _ in range(5):
        await home.execute(profile())
    assert len(station.requests("SetChargingProfile")) == 3 * 4 + 2
    await station.boot()
    await home.execute(profile())
    assert len(station.requests("SetChargingProfile")) == 3 * 4 + 2 + 4


def test_what_a_charger_takes_is_remembered_over_its_boots() -> None:
    """Amperes are asked for anew, for they may be refused for want of a transaction; another style is not."""
    memory = Memory()
    memory.accepted(WATTS)
    memory.booted(NOW, print)
    assert memory.styles() == (WATTS,)
    memory.accepted(AMPERES)
    memory.booted(NOW, print)
    assert memory.styles() == (AMPERES, WHOLE_AMPERES, WATTS, DATED)


@pytest.mark.parametrize(
    ("reaction", "status"),
    [
        ('[4,"{uid}","NotSupported","",{}]', CommandStatus.NOT_SUPPORTED),
        ('[4,"{uid}","InternalError","",{}]', CommandStatus.FAILED),
        ({"status": "NotSupported"}, CommandStatus.NOT_SUPPORTED),
    ],
)
async def test_what_is_not_supported_is_not_tried_otherwise(
    home: House, reaction: Any, status: CommandStatus
) -> None:
    """F38."""
    station = await home.booted()
    station.reactions["SetChargingProfile"] = reaction
    result = await home.execute(profile())
    assert result.status is status
    assert len(station.requests("SetChargingProfile")) == 1


# Composite schedules


def test_asking_for_a_schedule() -> None:
    """§5.7."""
    command = GetSchedule(evse=EVSE, duration_s=600)
    action, payload = schedule_request(command, AMPERES)
    assert payload == {"connectorId": 2, "duration": 600, "chargingRateUnit": "A"}
    SCHEMAS.check(action, payload)
    assert schedule_request(command, WATTS)[1]["chargingRateUnit"] == "W"


async def test_a_composite_schedule(home: House) -> None:
    """W becomes A per phase; a negative limit is unlimited (MicroOcpp)."""
    station = await home.booted()
    station.reactions["GetCompositeSchedule"] = {
        "status": "Accepted",
        "connectorId": 2,
        "scheduleStart": "2026-11-23T12:00:00Z",
        "chargingSchedule": {
            "duration": 500,
            "chargingRateUnit": "W",
            "chargingSchedulePeriod": [
                {"startPeriod": 0, "limit": 6900},
                {"startPeriod": 60, "limit": 2300.0, "numberPhases": 1},
                {"startPeriod": 90, "limit": -1},
                {"startPeriod": "x", "limit": 5},
                None,
            ],
        },
    }
    assert await home.central.execute(
        "CP1", GetSchedule(evse=EVSE, duration_s=600)
    ) == ScheduleResult(
        status=CommandStatus.ACCEPTED,
        start_at=NOW,
        duration_s=500,
        periods=(
            SchedulePeriod(start_s=0, limit_a=Decimal(10)),
            SchedulePeriod(start_s=60, limit_a=Decimal(10), phases=1),
            SchedulePeriod(start_s=90, limit_a=Decimal(-1)),
        ),
        watts=True,
    )


@pytest.mark.parametrize(
    "answer",
    [
        {"status": "Rejected"},
        {"status": "Rejected", "chargingSchedule": None},
        {"status": "Rejected", "chargingSchedule": {"chargingSchedulePeriod": "x"}},
    ],
)
def test_no_schedule(answer: dict[str, Any]) -> None:
    """There is none to tell."""
    assert read_schedule(answer) == ScheduleResult(status=CommandStatus.REJECTED)


# Answers


EXPIRY = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("action", "answer", "payload"),
    [
        (
            "BootNotification",
            BootAnswer(status=RegistrationStatus.REJECTED, current_time=NOW, interval_s=60),
            {"status": "Rejected", "currentTime": "2026-11-23T12:00:00.000Z", "interval": 60},
        ),
        ("Heartbeat", HeartbeatAnswer(current_time=NOW), {"currentTime": "2026-11-23T12:00:00.000Z"}),
        (
            "Authorize",
            AuthorizeAnswer(status=AuthorizationStatus.ACCEPTED, expires_at=EXPIRY, parent="P" * 25),
            {"idTagInfo": {"status": "Accepted", "expiryDate": "2027-01-01T00:00:00.000Z", "parentIdTag": "P" * 20}},
        ),
        (
            "Authorize",
            AuthorizeAnswer(status=AuthorizationStatus.BLOCKED, expires_at=EXPIRY, parent="P"),
            {"idTagInfo": {"status": "Blocked"}},
        ),
        (
            "StartTransaction",
            StartAnswer(transaction=9, status=AuthorizationStatus.CONCURRENT_TX),
            {"transactionId": 9, "idTagInfo": {"status": "ConcurrentTx"}},
        ),
        ("StopTransaction", AuthorizeAnswer(status=AuthorizationStatus.INVALID), {"idTagInfo": {"status": "Invalid"}}),
        ("StopTransaction", Acknowledged(), {}),
        ("StatusNotification", Acknowledged(), {}),
        ("MeterValues", Acknowledged(), {}),
        ("DataTransfer", DataTransferAnswer(), {"status": "UnknownVendorId"}),
        ("DataTransfer", DataTransferAnswer(accepted=True), {"status": "Accepted"}),
        ("SignCertificate", Acknowledged(), {"status": "Rejected"}),
        ("LogStatusNotification", Acknowledged(), {}),
        ("SecurityEventNotification", Acknowledged(), {}),
        ("SignedFirmwareStatusNotification", Acknowledged(), {}),
        ("FirmwareStatusNotification", Acknowledged(), {}),
        ("DiagnosticsStatusNotification", Acknowledged(), {}),
    ],
)  # fmt: skip
def test_answers(action: str, answer: Answer, payload: dict[str, Any]) -> None:
    """Worded as the schema of the response wants it; a refusal says nothing beside its status (S18)."""
    assert word(action, answer) == payload
    assert SCHEMAS.answer_problem(action, payload) is None


def test_an_invalid_answer_is_noticed() -> None:
    """By the schema of the response."""
    assert SCHEMAS.answer_problem("Heartbeat", {}) is not None
