"""The charging profiles a charge point keeps, and which it takes and drops."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from .configuration import Configuration
from .profiles import Profile, parse_profile
from .quirks import FAITHFUL, Quirks
from .vocabulary import Kind, Payload, Purpose, Unit


@dataclass(slots=True, kw_only=True)
class ProfileStore:
    """Profiles survive a reboot and a change of central system unless a quirk says otherwise."""

    configuration: Configuration
    quirks: Quirks = FAITHFUL
    installed: list[Profile] = field(default_factory=list)

    def take(
        self,
        payload: Payload,
        running: dict[int, int | None],
        known: set[int],
        at: datetime | None = None,
    ) -> bool:
        """Take in SetChargingProfile by the charger's own clock; `running` maps connectors in transaction to its id."""
        profile = parse_profile(payload["connectorId"], payload["csChargingProfiles"])
        if not self._acceptable(profile, running, known):
            return False
        if not self.quirks.ignores_profiles:
            self.install(self._understood(profile, at))
        return True

    def _understood(self, profile: Profile, at: datetime | None) -> Profile:
        """Return a profile as this make understands its times."""
        quirks, ahead = self.quirks, timedelta(seconds=self.quirks.schedules_ahead)
        start, end = profile.start_schedule, profile.valid_to
        return replace(
            profile,
            kind=Kind.RELATIVE if quirks.ignores_start_schedule else profile.kind,
            start_schedule=None if start is None else start - ahead,
            valid_to=None if end is None else end - ahead,
            received=at if quirks.relative_from_receipt else None,
        )

    def install(self, profile: Profile) -> None:
        """Put a profile in, replacing the one with its id, or its purpose and stack level."""
        if self.quirks.one_profile_only:
            self.installed.clear()
        self.installed = [old for old in self.installed if not _replaces(profile, old)]
        self.installed.append(profile)

    def clear(self, payload: Payload) -> bool:
        """Take in ClearChargingProfile, §5.5: an id decides alone, else all filters must match."""
        kept = [profile for profile in self.installed if not _matches(profile, payload)]
        cleared = len(kept) < len(self.installed)
        self.installed = kept
        return cleared

    def end_of_transaction(self, connector: int) -> None:
        """Delete the TxProfiles of a connector, §3.13.1."""
        self.installed = [
            profile
            for profile in self.installed
            if profile.purpose is not Purpose.TX or profile.connector != connector
        ]

    def forget(self) -> None:
        """Lose everything."""
        self.installed.clear()

    def _acceptable(
        self, profile: Profile, running: dict[int, int | None], known: set[int]
    ) -> bool:
        return (
            profile.connector in known
            and self._fits_memory(profile)
            and _has_sound_schedule(profile)
            and _has_right_place(profile, running)
            and not self._disliked(profile)
        )

    def _fits_memory(self, profile: Profile) -> bool:
        number = self.configuration.number
        others = [old for old in self.installed if not _replaces(profile, old)]
        return (
            profile.stack_level <= number("ChargeProfileMaxStackLevel")
            and len(profile.periods) <= number("ChargingScheduleMaxPeriods")
            and len(others) < number("MaxChargingProfilesInstalled")
        )

    def _disliked(self, profile: Profile) -> bool:
        """What this make refuses though the specification allows it."""
        limits = [period.limit for period in profile.periods]
        quirks = self.quirks
        return (
            (quirks.watts_only and profile.unit is Unit.AMPERE)
            or (quirks.amps_only and profile.unit is Unit.WATT)
            or (quirks.rejects_absolute and profile.kind is Kind.ABSOLUTE)
            or (quirks.rejects_relative and profile.kind is Kind.RELATIVE)
            or (quirks.rejects_zero_limit and 0.0 in limits)
            or (quirks.rejects_number_phases and any(each.phases for each in profile.periods))
            or (quirks.rejects_fractional_amps and any(limit % 1 for limit in limits))
        )


def _replaces(new: Profile, old: Profile) -> bool:
    same_place = new.connector == old.connector and new.purpose is old.purpose
    return new.id == old.id or (same_place and new.stack_level == old.stack_level)


def _has_sound_schedule(profile: Profile) -> bool:
    """Periods begin at 0 and go up; limits are not negative, §7.14."""
    starts = [period.start for period in profile.periods]
    rising = all(early < late for early, late in pairwise(starts))
    return starts[:1] == [0] and rising and all(period.limit >= 0 for period in profile.periods)


def _has_right_place(profile: Profile, running: dict[int, int | None]) -> bool:
    """ChargePointMax on connector 0; TxProfile on a connector in that transaction, §3.13.1."""
    match profile.purpose:
        case Purpose.CHARGE_POINT_MAX:
            return profile.connector == 0
        case Purpose.TX:
            here = profile.connector in running
            meant = profile.transaction_id in (None, running.get(profile.connector))
            return here and meant
        case Purpose.TX_DEFAULT:
            return True


def _matches(profile: Profile, payload: Payload) -> bool:
    if "id" in payload:
        return bool(profile.id == payload["id"])
    wanted = (
        payload.get("connectorId", profile.connector),
        payload.get("chargingProfilePurpose", profile.purpose),
        payload.get("stackLevel", profile.stack_level),
    )
    return wanted == (profile.connector, profile.purpose, profile.stack_level)
