"""Named misbehaviours of real chargers; a charger without any follows the specification."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .clock import TimestampStyle
from .rpc import MessageIds


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """Every knob is off by default. The names in the comments are of chargers that do so."""

    # -- the handshake
    no_subprotocol: bool = False
    """Dial without Sec-WebSocket-Protocol (Grizzl-E)."""
    address_suffix: str = ""
    """Appended to the address, such as a slash."""
    ignores_pings: bool = False
    """Never answer a websocket ping (EN+)."""

    # -- boot and clock
    no_boot_on_reconnect: bool = False
    """BootNotification after power-up only, as the specification asks."""
    never_boots: bool = False
    """No BootNotification at all (Schneider EVlink)."""
    boot_fields: Mapping[str, object] = field(default_factory=dict)
    """Put over the fields of BootNotification: too long, empty or unknown ones."""
    clock_offset: float = 0.0
    """Seconds the charger's clock is ahead."""
    clock_unset: bool = False
    """Starts in 1970 until told the time, and again after each power-up (MicroOcpp)."""
    clock_disobeys: bool = False
    """Never sets its clock, whatever it is told."""
    timestamp_style: TimestampStyle = TimestampStyle.MILLISECONDS

    # -- status
    silent_reconnect: bool = False
    """No StatusNotification after a reconnect (SAP's SteVe boxes)."""
    replays_statuses: bool = False
    """Sends the statuses of its offline time afterwards, with their old timestamps."""
    status_without_timestamp: bool = False
    frozen_connector_zero: bool = False
    """Connector 0 stays Available whatever happens (Autel)."""
    available_while_plugged: bool = False
    """Says Available with the cable in (FoxESS)."""
    charging_at_zero: bool = False
    """Status stays Charging at limit 0 (MicroOcpp)."""
    error_code: str | None = None
    """Sent as errorCode in every status, such as `Error` (Legrand)."""
    status_info: str | None = None
    """Sent as info in every status (Etrel: 80 characters)."""

    # -- transactions
    free_charging: str | None = None
    """Start with this tag whenever a car is plugged in."""
    skips_authorize: bool = False
    """StartTransaction without Authorize (EVBox, for tags known locally)."""
    duplicate_start: bool = False
    """Sends each StartTransaction twice, as two requests."""
    keeps_first_id: bool = False
    """With a duplicate start: keeps the id of the first answer, not of the last."""
    extra_stops: int = 0
    """Sends each StopTransaction that many times more (Sigen: for days)."""
    unknown_transaction_id: int = -1
    """transactionId while or where none was learnt: -1 (Hager), 0 (TKT), 2**63-1 (Alfen)."""
    forgets_transaction_id: bool = False
    """Uses `unknown_transaction_id` although StartTransaction was answered."""
    ids_in_idle_samples: int | None = None
    """transactionId sent with samples outside a transaction (EN+: 1, Alfen: 2**63-1)."""
    stop_tag_suffix: str = ""
    """Junk after the tag in StopTransaction (Ocular: two control bytes)."""
    meter_stop_short_by: int = 0
    """Wh missing from meterStop (Huawei: 1)."""
    resumes_after_power_loss: bool = False
    """Carries the transaction on after a power cut instead of stopping it."""
    remote_start_does_nothing: bool = False
    remote_stop_does_nothing: bool = False
    never_gives_up: bool = False
    """Transaction messages are re-sent without end."""

    # -- the meter
    register_resets_on_reboot: bool = False
    register_resets_each_session: bool = False
    """The meter itself starts each session at 0 (ABB)."""
    session_relative_samples: bool = False
    """Samples start at 0 although meterStart is a lifetime value (Grizzl-E)."""
    register_zero_every: int = 0
    """Every so-many-th sample says 0 (Wallbox)."""
    energy_on_l1_only: bool = False
    """The register comes with phase L1."""
    energy_in_kwh: bool = False
    current_as_export: bool = False
    """Charging current as Current.Export (Grizzl-E)."""
    power_in_wh: bool = False
    """Unit Wh on power (Teison)."""
    one_value_per_bucket: bool = False
    """One meterValue element per sampledValue."""
    bare_values: bool = False
    """No context, measurand, unit or location where the default is meant."""
    numbers_for_strings: bool = False
    empty_values: bool = False
    """An empty value beside the good ones."""
    frequency_in_hz: bool = False
    """A Frequency sample with the unit Hz, which 1.6 does not know (Charge Amps)."""
    samples_only_when_triggered: bool = False
    closing_sample_after_stop: bool = False
    """A MeterValues of the transaction behind its StopTransaction (Ocular, Wallbox)."""
    leading_comma: bool = False
    """Broken JSON in every MeterValues (ZJ Beny)."""

    # -- smart charging
    watts_only: bool = False
    """Rejects profiles in A (Huawei)."""
    amps_only: bool = False
    rejects_fractional_amps: bool = False
    """(ABB)"""
    rejects_zero_limit: bool = False
    rejects_number_phases: bool = False
    rejects_absolute: bool = False
    """(Wallbox goes badly by Absolute: evcc-io/evcc#25042)"""
    rejects_relative: bool = False
    """(Easee says so itself: evcc-io/evcc#15493)"""
    relative_from_receipt: bool = False
    """Counts Relative from when it takes a profile in, not from the transaction's start."""
    ignores_start_schedule: bool = False
    """Counts Absolute like Relative."""
    schedules_ahead: float = 0.0
    """Seconds that the clock it reads profiles by is ahead of the one it stamps by: a zone left out."""
    zero_limit_ends_session: bool = False
    """(NEcharge, Huawei, EN+)"""
    ignores_profiles: bool = False
    """Accepted and then nothing (Grizzl-E)."""
    one_profile_only: bool = False
    """Each new profile replaces all others."""
    forgets_profiles_on_reconnect: bool = False
    """And resumes at full power (go-e)."""
    forgets_profiles_on_reboot: bool = False
    expired_schedule_hides_lower: bool = False
    """Only validFrom and validTo decide which stack level prevails, as §3.13.2 says literally:
    a schedule whose duration is over leaves its purpose without a limit."""

    # -- answers and messages
    not_implemented: frozenset[str] = frozenset()
    """Actions answered with NotImplemented."""
    silent_to: frozenset[str] = frozenset()
    """Actions never answered."""
    answer_delay: float = 0.0
    """Real seconds before each answer (Mennekes: 60)."""
    acts_before_answering: bool = False
    """What a request causes is sent before the request is answered (Teison)."""
    four_element_errors: bool = False
    """CALLERROR without its last element (Grizzl-E)."""
    odd_configuration_values: bool = False
    """Numbers for values, strings for readonly (Scame)."""
    message_ids: MessageIds = MessageIds.RANDOM
    same_id_when_resent: bool = False
    never_redials: bool = False
    """(Teison)"""


FAITHFUL = Quirks()
