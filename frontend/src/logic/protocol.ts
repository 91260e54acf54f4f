/** The messages the integration sends to this panel. Decimals are strings, times ISO 8601 in UTC. */

export interface Named {
  readonly id: string;
  readonly name: string;
}

/** Where the site's power comes from, as far as somebody measures it. */
export interface Energy {
  /** Imported; negative while the site exports. */
  readonly grid_w: number | null;
  readonly solar_w: number | null;
  /** Into the home battery; negative while it discharges. */
  readonly battery_w: number | null;
  readonly battery_percent: number | null;
}

export interface Site {
  readonly entry_id: string;
  readonly name: string;
  readonly currency: string;
  readonly time_zone: string;
  readonly power_w: number | null;
  readonly energy: Energy | null;
  readonly ocpp_urls: readonly string[];
  readonly is_admin: boolean;
  /** The driver this user is. */
  readonly driver_id: string | null;
  /** All drivers for an administrator, only themselves for a driver. */
  readonly drivers: readonly Named[];
}

export type ChargerProblem = "offline" | "faulted" | "clock_wrong";

export interface Charger extends Named {
  readonly device_id: string;
  readonly connected: boolean;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly firmware: string | null;
  readonly problem: ChargerProblem | null;
  readonly last_seen: string | null;
}

export type EvseStatus =
  | "available"
  | "preparing"
  | "charging"
  | "suspended_ev"
  | "suspended_evse"
  | "finishing"
  | "reserved"
  | "unavailable"
  | "faulted"
  | "unknown";

export interface Session {
  readonly id: string;
  readonly started_at: string;
  readonly energy_wh: string;
  readonly cost: string | null;
  readonly currency: string;
  readonly duration_s: number;
  readonly driver: Named | null;
  readonly estimated: boolean;
}

export type Amps = readonly [number, number, number];
export type PerPhase = readonly [number | null, number | null, number | null];

/** Which power an EVSE charges with. */
export type ChargeMode = "off" | "solar" | "solar_min" | "smart" | "fast";

/** Why an EVSE has its present limit. */
export type LimitWord =
  | "maximum"
  | "limited"
  | "paused"
  | "car"
  | "idle"
  | "share"
  | "share_power"
  | "waiting"
  | "waiting_power"
  | "ready"
  | "away"
  | "uncontrolled"
  | "no_pause"
  | "starting"
  | "peak"
  | "planned"
  | "plan_waits"
  | "goal_met"
  | "peak_share"
  | "dimmed"
  | "ripple"
  | "delayed"
  | "delayed_end"
  | "sun"
  | "one_phase"
  | "switching"
  | "waking"
  | "unresponsive"
  | "cloud"
  | "no_sun"
  | "cheap"
  | "dear"
  | "boost"
  | "off";

export interface LimitReason {
  readonly word: LimitWord;
  readonly limit_a: number;
  /** The name of the circuit that holds it. */
  readonly circuit: string | null;
  /** Of the site, from 1. */
  readonly phase: number | null;
  readonly cars: number;
  /** Of a delay. */
  readonly until: string | null;
}

export interface Evse extends Named {
  readonly charger_id: string;
  readonly device_id: string;
  readonly status: EvseStatus;
  readonly error: string | null;
  readonly plugged: boolean | null;
  readonly charging: boolean;
  readonly power_w: number | null;
  readonly currents_a: PerPhase;
  readonly voltages_v: PerPhase;
  /** Drawn on L1, L2 and L3 of the site; null where the EVSE is on no circuit. */
  readonly site_a: Amps | null;
  readonly soc_percent: number | null;
  readonly offered_a: number | null;
  /** The maximum the user set. */
  readonly limit_a: number | null;
  /** Charge control: false while the user holds charging off. */
  readonly enabled: boolean;
  readonly mode: ChargeMode;
  /** Where the mode is chosen; null while that entity is not there. */
  readonly mode_entity: string | null;
  /** Null where nothing of ours holds it. */
  readonly reason: LimitReason | null;
  /** What a car that gets nothing waits for. */
  readonly waits_for: "room" | "sun" | "price" | null;
  readonly driver: Named | null;
  readonly session: Session | null;
  /** Watts over the last 24 h, at most 96 points; each holds until the next. */
  readonly history: readonly (readonly [string, number])[];
  readonly can: { readonly start: boolean; readonly stop: boolean; readonly unlock: boolean };
}

/** A fuse and what hangs on it. */
export interface Circuit extends Named {
  readonly device_id: string;
  readonly parent: string | null;
  /** In force now, per phase; a contract may lower that of the fuse. */
  readonly limit_a: number;
  readonly fuse_a: number;
  readonly power_limit_w: number | null;
  readonly unbalanced_limit_a: number | null;
  readonly metered: boolean;
  /** False: the house's part is assumed, because there is no meter or it is silent. */
  readonly measured: boolean;
  readonly overloaded: boolean;
  /** Everything but our cars; negative where something feeds in. Null before the first look. */
  readonly house_a: Amps | null;
  /** Those that hang directly on it. */
  readonly evses: readonly string[];
  /** Those that wait for room in it, the next first. */
  readonly queue: readonly string[];
}

/** What decided about a stretch of a plan. */
export type PlanWhy =
  | "minimum"
  | "shows"
  | "solar"
  | "needed"
  | "cheapest"
  | "steady"
  | "cleaner"
  | "extra"
  | "waits"
  | "waits_cleaner"
  | "fuse"
  | "peak"
  | "price_limit"
  | "ready";

export type PlanState = "on_track" | "late" | "impossible";

/** What a car is to do until it leaves; of somebody else's car no more than what flows. */
export interface EvsePlan {
  readonly vehicle: string | null;
  /** From, until, W, and why; 0 W while the car waits. None: it has what was wanted. */
  readonly periods: readonly (readonly [string, string, number, PlanWhy | null])[];
  readonly ready_at: string | null;
  readonly departure: string | null;
  /** To be drawn. */
  readonly energy_wh: string | null;
  /** Of the goal, in the battery. */
  readonly unmet_wh: string | null;
  readonly cost: string | null;
  /** Against charging at once. */
  readonly saved: string | null;
  /** When it would be ready if it charged at once. */
  readonly soonest: string | null;
  readonly state: PlanState | null;
}

/** What would be planned for another goal or departure. */
export interface Preview {
  readonly plan: EvsePlan;
  /** As things stand, reckoned at the same moment; null where the car is not planned for. */
  readonly present: EvsePlan | null;
  /** For a departure an hour earlier and later. */
  readonly others: readonly EvsePlan[];
}

export type GoalKind = "percent" | "energy" | "distance";

/** What a car is to have: % of its battery, or Wh or km beside what it had when it was plugged in. */
export interface Goal {
  readonly kind: GoalKind;
  readonly amount: number;
}

export interface Vehicle extends Named {
  /** The car of a session that is none of those that are known; its name is that of the EVSE. */
  readonly guest: boolean;
  readonly device_id: string | null;
  /** Where it stands. */
  readonly evse: string | null;
  readonly percent: number | null;
  readonly battery_wh: number;
  readonly wh_per_km: number;
  readonly goal: Goal;
  /** The goal is that of this departure alone. */
  readonly own_goal: boolean;
  readonly usual_percent: number;
  /** The one it is made ready for. */
  readonly departure: string | null;
  /** Until when it is charged although it should have left. */
  readonly late_until: string | null;
  /** Who says when it leaves. */
  readonly origin: "once" | "calendar" | "week" | null;
  /** What its calendar wants later that day, which is charged before. */
  readonly later: readonly { readonly at: string; readonly goal: Goal }[];
  /** Where the two are set; null while those entities are not there. */
  readonly goal_entity: string | null;
}

/** What is known of the hours to come, and what is made of it. */
export interface Planning {
  /** From, until, per kWh. */
  readonly prices: readonly (readonly [string, string, string])[];
  /** Later prices are reckoned from those of the last days. */
  readonly known_until: string | null;
  /** From, until, W expected, and what it is above and below nine times in ten. */
  readonly solar: readonly (readonly [string, string, number, number | null, number | null])[];
  /** By EVSE. */
  readonly plans: Readonly<Record<string, EvsePlan>>;
  /** Those the reader may see. */
  readonly vehicles: readonly Vehicle[];
}

export type RefusalReason =
  | "unknown_charger"
  | "bad_credentials"
  | "duplicate"
  | "waiting_room_full"
  | "bad_path"
  | "rate_limited"
  | "protocol"
  | "storage";

/** One try of a charger to connect. */
export interface Attempt {
  readonly at: string;
  readonly identity: string;
  readonly address: string;
  readonly outcome: "accepted" | "waiting" | "refused";
  readonly reason: RefusalReason | null;
  readonly vendor: string | null;
  readonly model: string | null;
}

export interface SnapshotMessage {
  readonly kind: "snapshot";
  readonly site: Site;
  readonly chargers: Readonly<Record<string, Charger>>;
  readonly evses: Readonly<Record<string, Evse>>;
  readonly circuits: Readonly<Record<string, Circuit>>;
  readonly plan: Planning;
  readonly attempts: readonly Attempt[];
}

/** An EVSE in a delta brings its history only when that gained a point. */
export type EvseChange = Omit<Evse, "history"> & Partial<Pick<Evse, "history">>;

/** Each aggregate given replaces the old one whole; null removes it. */
export interface DeltaMessage {
  readonly kind: "delta";
  readonly site?: Site;
  readonly chargers?: Readonly<Record<string, Charger | null>>;
  readonly evses?: Readonly<Record<string, EvseChange | null>>;
  readonly circuits?: Readonly<Record<string, Circuit | null>>;
  readonly plan?: Planning;
  readonly attempts?: readonly Attempt[];
}

export type LiveMessage = SnapshotMessage | DeltaMessage;

export interface Sheet extends Named {
  readonly kind: "household" | "fleet";
}

/** What was posted in each currency; more than one where the site's currency was changed. */
export type Amounts = Readonly<Record<string, string>>;

export interface DriverRow {
  /** null: sessions without a driver. */
  readonly driver_id: string | null;
  readonly name: string;
  readonly energy_wh: string;
  readonly sessions: number;
  readonly amounts: Amounts;
}

export interface Period {
  readonly start: string;
  readonly end: string;
  readonly energy_wh: string;
  /** null: no price was known. */
  readonly price_per_kwh: string | null;
  readonly amount: string;
}

export type Flag =
  | "estimated"
  | "provisional"
  | "late"
  | "conflict"
  | "clock_corrected"
  | "meter_reset"
  | "meter_backwards"
  | "unpriced"
  | "unauthorized"
  | "quarantined";

export interface Line {
  readonly id: string;
  readonly driver_id: string | null;
  readonly evse_name: string;
  readonly started_at: string;
  readonly ended_at: string;
  readonly energy_wh: string;
  readonly amount: string;
  readonly currency: string;
  readonly kind: "session" | "adjustment" | "credit";
  readonly flags: readonly Flag[];
  readonly periods: readonly Period[];
  readonly meter_start_wh: string | null;
  readonly meter_stop_wh: string | null;
  readonly seal: string;
  /** Waits for somebody's decision. */
  readonly review: boolean;
}

/** One month of one sheet. */
export interface Bill {
  readonly sheets: readonly Sheet[];
  readonly sheet_id: string | null;
  readonly month: string;
  readonly previous_month: string | null;
  readonly next_month: string | null;
  readonly drivers: readonly DriverRow[];
  readonly total: Omit<DriverRow, "driver_id" | "name">;
  readonly lines: readonly Line[];
  /** To be signed before it is opened. */
  readonly csv_path: string;
}
