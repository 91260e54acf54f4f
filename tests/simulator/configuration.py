"""The configuration keys of a charge point, OCPP 1.6 §9."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from .vocabulary import Payload

MEASURANDS = (
    "Current.Import",
    "Current.Offered",
    "Energy.Active.Import.Register",
    "Power.Active.Import",
    "Power.Offered",
    "SoC",
    "Voltage",
)
_SAMPLED = "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage,SoC"
_PROFILES = (
    "Core,FirmwareManagement,LocalAuthListManagement,Reservation,RemoteTrigger,SmartCharging"
)

type Check = Callable[[str], bool]


def is_count(value: str) -> bool:
    """Accept a whole number that is not negative."""
    return value.isascii() and value.isdigit()


def is_flag(value: str) -> bool:
    """Accept a boolean; its spelling is free of case."""
    return value.lower() in {"true", "false"}


def is_measurands(value: str) -> bool:
    """Accept a list of measurands this charger can measure."""
    return all(part.strip() in MEASURANDS for part in value.split(",") if value)


def is_text(_value: str) -> bool:
    """Accept anything."""
    return True


@dataclass(slots=True, kw_only=True)
class Key:
    """One configuration key and what may be written to it."""

    value: str
    check: Check = is_text
    readonly: bool = False
    needs_reboot: bool = False


def count(value: int) -> Key:
    """Make a writable number."""
    return Key(value=str(value), check=is_count)


def flag(value: bool) -> Key:
    """Make a writable boolean."""
    return Key(value=str(value).lower(), check=is_flag)


def fixed(value: object) -> Key:
    """Make a key that can only be read."""
    return Key(value=str(value), readonly=True)


def measurands(value: str) -> Key:
    """Make a writable list of measurands."""
    return Key(value=value, check=is_measurands)


def standard_keys(connectors: int, phases: int) -> dict[str, Key]:
    """Return the keys of all profiles this charge point supports."""
    rotation = ",".join(
        f"{number}.{'RST' if phases == 3 else 'NotApplicable'}" for number in range(connectors + 1)
    )
    return _core_keys(connectors, rotation) | _charging_keys() | _list_keys()


def _core_keys(connectors: int, rotation: str) -> dict[str, Key]:
    return {
        "AllowOfflineTxForUnknownId": flag(False),
        "AuthorizationCacheEnabled": flag(True),
        "AuthorizeRemoteTxRequests": flag(False),
        "ClockAlignedDataInterval": count(0),
        "ConnectionTimeOut": count(60),
        "ConnectorPhaseRotation": Key(value=rotation),
        "GetConfigurationMaxKeys": fixed(64),
        "HeartbeatInterval": count(300),
        "LocalAuthorizeOffline": flag(True),
        "LocalPreAuthorize": flag(False),
        "MeterValuesAlignedData": measurands("Energy.Active.Import.Register"),
        "MeterValuesSampledData": measurands(_SAMPLED),
        "MeterValueSampleInterval": count(60),
        "NumberOfConnectors": fixed(connectors),
        "ResetRetries": count(1),
        "StopTransactionOnEVSideDisconnect": flag(True),
        "StopTransactionOnInvalidId": flag(True),
        "StopTxnAlignedData": measurands(""),
        "StopTxnSampledData": measurands(""),
        "SupportedFeatureProfiles": fixed(_PROFILES),
        "TransactionMessageAttempts": count(3),
        "TransactionMessageRetryInterval": count(60),
        "UnlockConnectorOnEVSideDisconnect": flag(True),
        "WebSocketPingInterval": Key(value="60", check=is_count, needs_reboot=True),
    }


def _charging_keys() -> dict[str, Key]:
    return {
        "ChargeProfileMaxStackLevel": fixed(8),
        "ChargingScheduleAllowedChargingRateUnit": fixed("Current,Power"),
        "ChargingScheduleMaxPeriods": fixed(24),
        "ConnectorSwitch3to1PhaseSupported": fixed("true"),
        "MaxChargingProfilesInstalled": fixed(12),
        "ReserveConnectorZeroSupported": fixed("true"),
    }


def _list_keys() -> dict[str, Key]:
    return {
        "LocalAuthListEnabled": flag(True),
        "LocalAuthListMaxLength": fixed(100),
        "SendLocalListMaxLength": fixed(100),
    }


@dataclass(slots=True)
class Configuration:
    """The table of keys; values are text, as on the wire."""

    keys: dict[str, Key] = field(default_factory=dict)

    def number(self, key: str) -> int:
        """Return a key's value as a number; 0 where there is no such key."""
        return int(self.keys[key].value) if key in self.keys else 0

    def on(self, key: str) -> bool:
        """Tell whether a boolean key is true."""
        return key in self.keys and self.keys[key].value.lower() == "true"

    def items(self, key: str) -> list[str]:
        """Return the parts of a comma-separated value."""
        value = self.keys[key].value if key in self.keys else ""
        return [part.strip() for part in value.split(",") if part.strip()]

    def put(self, values: Iterable[tuple[str, str]]) -> None:
        """Set values from the factory or the test, past all checks."""
        for key, value in values:
            self.keys.setdefault(key, Key(value=value)).value = value

    def change(self, key: str, value: str) -> str:
        """Answer ChangeConfiguration, §5.3."""
        if key not in self.keys:
            return "NotSupported"
        entry = self.keys[key]
        if entry.readonly or not entry.check(value):
            return "Rejected"
        entry.value = value
        return "RebootRequired" if entry.needs_reboot else "Accepted"

    def report(self, asked: list[str]) -> Payload:
        """Answer GetConfiguration, §5.8: all keys where none is asked for."""
        known = [key for key in asked or self.keys if key in self.keys]
        unknown = [key for key in asked if key not in self.keys]
        listed = [self._describe(key) for key in known]
        return {"configurationKey": listed, **({"unknownKey": unknown} if unknown else {})}

    def _describe(self, key: str) -> Payload:
        entry = self.keys[key]
        return {"key": key, "readonly": entry.readonly, "value": entry.value}
