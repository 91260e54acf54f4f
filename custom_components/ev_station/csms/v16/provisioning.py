"""Brings a 1.6 charger to a known configuration, writing only what differs, and learns what it can do."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final, NamedTuple

from ...model.commands import CommandStatus, Prepare
from ...model.errors import CallRefused, CallTimedOut
from ...model.events import ChargerPrepared
from ...model.ids import ChargerId
from ..quirks import Quirk, Report
from .configuration import Ask, Configuration, Setting, read_configuration
from .memory import WATTS, Memory
from .outgoing import read_result

MEASURANDS: Final = (
    "Energy.Active.Import.Register",
    "Power.Active.Import",
    "Current.Import",
    "Voltage",
    "Current.Offered",
    "SoC",
)
"""Most wanted first; a charger that refuses the list gets it shortened from the end."""
_CLOCK_ALIGNED_S: Final = 900
_MESSAGE_ATTEMPTS: Final = 10
"""Many chargers drop a StopTransaction after three failures; a restart of ours can take longer."""
_RETRY_INTERVAL_S: Final = 60
_PING_INTERVAL_S: Final = 60

_ESSENTIAL: Final = (
    "NumberOfConnectors",
    "SupportedFeatureProfiles",
    "MeterValuesSampledData",
    "MeterValueSampleInterval",
)
"""Keys every charger has by §9.1."""
_OPTIONAL: Final = (
    "MeterValuesAlignedData",
    "ChargingScheduleAllowedChargingRateUnit",
    "ChargeProfileMaxStackLevel",
    "MaxChargingProfilesInstalled",
    "ChargingScheduleMaxPeriods",
    "AuthorizeRemoteTxRequests",
    "ConnectorSwitch3to1PhaseSupported",
)


class Wish(NamedTuple):
    """A key, the value to write, and when the present value is as good."""

    key: str
    value: str
    content: Callable[[int], bool]
    blind: bool = False
    """Worth writing even if the charger does not tell its present value."""


class Provisioning:
    """One preparation of one charger."""

    def __init__(self, charger: ChargerId, ask: Ask, memory: Memory, report: Report) -> None:
        """Prepare `charger`, asking through `ask`."""
        self._charger = charger
        self._ask = ask
        self._memory = memory
        self._report = report
        self._may_write = True

    async def run(self, prepare: Prepare, clock: Callable[[], datetime]) -> ChargerPrepared:
        """Read, write what differs, return what was learnt. Raises ChargerNotConnected only."""
        self._memory.refused |= set(prepare.refused_keys)
        if self._memory.bears_no_questions:
            return self._learnt({}, clock())
        self._memory.asking(clock())
        wishes = tuple(_wishes(prepare))
        found = await read_configuration(
            self._ask, _ESSENTIAL, [*(wish.key for wish in wishes), *_OPTIONAL]
        )
        if found is not None:
            await self._write(found, wishes, clock)
        self._memory.prepared()
        return self._learnt(found or {}, clock())

    async def _write(
        self, found: Configuration, wishes: tuple[Wish, ...], clock: Callable[[], datetime]
    ) -> None:
        await self._write_measurands("MeterValuesSampledData", MEASURANDS, found, clock)
        await self._write_measurands("MeterValuesAlignedData", MEASURANDS[:1], found, clock)
        for wish in wishes:
            if self._writable(wish.key, found, blind=wish.blind) and not _fulfilled(wish, found):
                await self._change(wish.key, wish.value, clock())

    def _writable(self, key: str, found: Configuration, *, blind: bool = False) -> bool:
        """Say whether a key may be written: there, not read-only, never refused before."""
        if not self._may_write or key in self._memory.refused:
            return False
        setting = found.get(key.lower())
        return not setting.read_only if setting is not None else blind and not found

    async def _write_measurands(
        self, key: str, wanted: tuple[str, ...], found: Configuration, clock: Callable[[], datetime]
    ) -> None:
        """Write the longest list the charger takes, unless what it has covers it."""
        if not self._writable(key, found):
            return
        present = _words(found.get(key.lower()))
        for length in range(_length_limit(key, found, len(wanted)), 0, -1):
            candidate = wanted[:length]
            if _covered(candidate, present) or await self._change(
                key, ",".join(candidate), clock()
            ):
                return
            self._report(Quirk.SHORT_MEASURAND_LIST, ",".join(candidate))

    async def _change(self, key: str, value: str, now: datetime) -> bool:
        """Write one key and say whether it was taken; a refusal is remembered, and so is a write in vain."""
        if not self._may_write or self._memory.written.get(key) == value:
            return self._refused(key)
        self._memory.wrote(key, now)
        try:
            answer = await self._ask("ChangeConfiguration", {"key": key, "value": value})
        except CallTimedOut:
            return self._refused(key)
        except CallRefused as refusal:
            self._may_write = refusal.code not in ("NotImplemented", "NotSupported")
            return self._refused(key)
        if read_result(answer).status not in (
            CommandStatus.ACCEPTED,
            CommandStatus.REBOOT_REQUIRED,
        ):
            return self._refused(key)
        self._memory.written[key] = value
        return True

    def _refused(self, key: str) -> bool:
        self._memory.refused.add(key)
        return False

    def _learnt(self, found: Configuration, now: datetime) -> ChargerPrepared:
        profiles = _words(found.get("supportedfeatureprofiles"))
        units = _words(found.get("chargingscheduleallowedchargingrateunit"))
        power_only = bool(units) and units <= {"power", "w"}
        if power_only:
            self._memory.style, self._memory.style_known = WATTS, True
        return ChargerPrepared(
            charger=self._charger,
            evse_count=_whole(found.get("numberofconnectors")),
            smart_charging=_supported("smartcharging", profiles),
            remote_trigger=_supported("remotetrigger", profiles),
            power_profiles_only=power_only,
            max_stack_level=_whole(found.get("chargeprofilemaxstacklevel")),
            max_profiles=_whole(found.get("maxchargingprofilesinstalled")),
            max_periods=_whole(found.get("chargingschedulemaxperiods")),
            authorizes_remote_starts=_flag(found.get("authorizeremotetxrequests")),
            phase_switching=_flag(found.get("connectorswitch3to1phasesupported")) is True,
            refused_keys=tuple(sorted(self._memory.refused)),
            received_at=now,
        )


def _supported(profile: str, profiles: frozenset[str]) -> bool | None:
    """Say whether a feature profile is listed; a list without the mandatory Core is none (Wallbe: `true`)."""
    return profile in profiles or (False if "core" in profiles else None)


def _wishes(prepare: Prepare) -> Iterator[Wish]:
    sample, heartbeat = prepare.sample_interval_s, prepare.heartbeat_s
    yield Wish("MeterValueSampleInterval", str(sample), lambda present: present == sample, True)
    yield Wish(
        "ClockAlignedDataInterval",
        str(_CLOCK_ALIGNED_S),
        lambda present: present == _CLOCK_ALIGNED_S,
    )
    yield Wish("HeartbeatInterval", str(heartbeat), lambda present: present == heartbeat)
    yield Wish(
        "TransactionMessageAttempts",
        str(_MESSAGE_ATTEMPTS),
        lambda present: present >= _MESSAGE_ATTEMPTS,
    )
    yield Wish(
        "TransactionMessageRetryInterval",
        str(_RETRY_INTERVAL_S),
        lambda present: 10 <= present <= 2 * _RETRY_INTERVAL_S,
    )
    yield Wish(
        "WebSocketPingInterval",
        str(_PING_INTERVAL_S),
        lambda present: 10 <= present <= 2 * _PING_INTERVAL_S,
    )


def _fulfilled(wish: Wish, found: Configuration) -> bool:
    present = _whole(found.get(wish.key.lower()))
    return present is not None and wish.content(present)


def _whole(setting: Setting | None) -> int | None:
    value = setting.value.strip() if setting is not None and setting.value is not None else ""
    return int(value) if value.isdecimal() and len(value) < 10 else None


def _flag(setting: Setting | None) -> bool | None:
    match (setting.value or "").strip().lower() if setting is not None else "":
        case "true" | "1":
            return True
        case "false" | "0":
            return False
        case _:
            return None


def _words(setting: Setting | None) -> frozenset[str]:
    value = setting.value or "" if setting is not None else ""
    return frozenset(word for part in value.split(",") if (word := part.strip().lower()))


def _covered(wanted: tuple[str, ...], present: frozenset[str]) -> bool:
    """Say whether a list holds all that is wanted, be it per phase: `Current.Import.L1`."""
    return all(
        any(found == name or found.startswith(f"{name}.l") for found in present)
        for name in (word.lower() for word in wanted)
    )


def _length_limit(key: str, found: Configuration, length: int) -> int:
    """Return how many measurands a list may hold (`...MaxLength`, §9.1)."""
    limit = _whole(found.get(f"{key.lower()}maxlength"))
    return min(length, limit) if limit else length
