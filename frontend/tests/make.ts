/** Small, valid protocol objects to vary in tests. */
import type { Connection, Hass, Localize } from "../src/logic/hass.ts";
import { Formats } from "../src/logic/format.ts";
import { translator } from "../src/logic/i18n.ts";
import type { Live, SeenEvse } from "../src/logic/live.ts";
import type {
  Attempt,
  Bill,
  Charger,
  Circuit,
  DriverRow,
  EvsePlan,
  Evse,
  Line,
  LiveMessage,
  Period,
  Planning,
  Preview,
  Session,
  Site,
  SnapshotMessage,
  Vehicle,
} from "../src/logic/protocol.ts";

export const NOW = Date.parse("2026-11-23T18:30:00Z");
export const ANNA = { id: "anna", name: "Anna" };
export const BEN = { id: "ben", name: "Ben" };

export const site = (change: Partial<Site> = {}): Site => ({
  entry_id: "entry",
  name: "Home",
  currency: "EUR",
  time_zone: "Europe/Amsterdam",
  power_w: null,
  energy: null,
  ocpp_urls: ["ws://192.168.1.20:9000/"],
  is_admin: true,
  driver_id: "anna",
  drivers: [ANNA, BEN],
  ...change,
});

export const charger = (change: Partial<Charger> = {}): Charger => ({
  id: "CP1",
  name: "Garage",
  device_id: "device-cp1",
  connected: true,
  vendor: "ABL",
  model: "eMH1",
  firmware: "1.8",
  problem: null,
  last_seen: "2026-11-23T18:29:40Z",
  ...change,
});

export const session = (change: Partial<Session> = {}): Session => ({
  id: "session-1",
  started_at: "2026-11-23T17:00:00Z",
  energy_wh: "12345",
  cost: "3.27",
  currency: "EUR",
  duration_s: 5400,
  driver: ANNA,
  estimated: false,
  ...change,
});

export const evse = (change: Partial<Evse> = {}): Evse => ({
  id: "CP1/1",
  charger_id: "CP1",
  name: "Garage left",
  device_id: "device-cp1-1",
  status: "available",
  error: null,
  plugged: false,
  charging: false,
  power_w: 0,
  currents_a: [null, null, null],
  voltages_v: [null, null, null],
  site_a: null,
  soc_percent: null,
  offered_a: null,
  limit_a: null,
  enabled: true,
  mode: "fast",
  mode_entity: "select.garage_mode",
  reason: null,
  waits_for: null,
  driver: null,
  session: null,
  history: [],
  can: { start: true, stop: false, unlock: false },
  ...change,
});

export const seen = (change: Partial<SeenEvse> = {}): SeenEvse => ({ ...evse(change), seen_at: NOW, ...change });

export const circuit = (change: Partial<Circuit> = {}): Circuit => ({
  id: "main",
  name: "Main",
  device_id: "device-main",
  parent: null,
  limit_a: 25,
  fuse_a: 25,
  power_limit_w: null,
  unbalanced_limit_a: null,
  metered: true,
  measured: true,
  overloaded: false,
  house_a: [4, 2, 1],
  evses: [],
  queue: [],
  ...change,
});

export const circuits = (...each: Circuit[]): Readonly<Record<string, Circuit>> =>
  Object.fromEntries(each.map((one) => [one.id, one]));

export const attempt = (change: Partial<Attempt> = {}): Attempt => ({
  at: "2026-11-23T18:29:00Z",
  identity: "ABL_1",
  address: "192.168.1.57",
  outcome: "refused",
  reason: "bad_path",
  vendor: null,
  model: null,
  ...change,
});

export const planning = (change: Partial<Planning> = {}): Planning => ({
  prices: [],
  known_until: null,
  solar: [],
  plans: {},
  vehicles: [],
  ...change,
});

export const vehicle = (change: Partial<Vehicle> = {}): Vehicle => ({
  id: "zoe",
  guest: false,
  name: "Zoe",
  device_id: "device-zoe",
  evse: "CP1/1",
  percent: 40,
  battery_wh: 50_000,
  wh_per_km: 180,
  goal: { kind: "percent", amount: 80 },
  own_goal: false,
  usual_percent: 80,
  departure: "2026-11-24T06:00:00Z",
  late_until: null,
  origin: "week",
  later: [],
  goal_entity: "number.zoe_goal",
  ...change,
});

/** Waits from half past six until two, then charges until a quarter to five. */
export const evsePlan = (change: Partial<EvsePlan> = {}): EvsePlan => ({
  vehicle: "zoe",
  periods: [
    ["2026-11-23T18:30:00Z", "2026-11-24T02:00:00Z", 0, "waits"],
    ["2026-11-24T02:00:00Z", "2026-11-24T04:45:00Z", 11040, "cheapest"],
    ["2026-11-24T04:45:00Z", "2026-11-24T06:00:00Z", 0, "ready"],
  ],
  ready_at: "2026-11-24T04:40:00Z",
  departure: "2026-11-24T06:00:00Z",
  energy_wh: "30360",
  unmet_wh: "0",
  cost: "6.20",
  saved: "1.84",
  soonest: "2026-11-23T21:20:00Z",
  state: "on_track",
  ...change,
});

/** Half past six instead of seven: 40 cents more than as it is. */
export const preview = (change: Partial<Preview> = {}): Preview => ({
  plan: evsePlan({ departure: "2026-11-24T05:30:00Z", cost: "6.60" }),
  present: evsePlan(),
  others: [
    evsePlan({ departure: "2026-11-24T04:30:00Z", ready_at: "2026-11-24T04:10:00Z", cost: "7.00" }),
    evsePlan({ departure: "2026-11-24T06:30:00Z", ready_at: "2026-11-24T05:50:00Z", cost: "6.60" }),
  ],
  ...change,
});

export const live = (evses: SeenEvse[] = [seen()], change: Partial<Live> = {}): Live => ({
  site: site(),
  chargers: { CP1: charger() },
  evses: Object.fromEntries(evses.map((each) => [each.id, each])),
  circuits: {},
  plan: planning(),
  attempts: [],
  ...change,
});

export const snapshot = (evses: Evse[] = [evse()], change: Partial<SnapshotMessage> = {}): SnapshotMessage => ({
  kind: "snapshot",
  site: site(),
  chargers: { CP1: charger() },
  evses: Object.fromEntries(evses.map((each) => [each.id, each])),
  circuits: {},
  plan: planning(),
  attempts: [],
  ...change,
});

export const period = (change: Partial<Period> = {}): Period => ({
  start: "2026-11-12T20:38:00Z",
  end: "2026-11-12T21:00:00Z",
  energy_wh: "1308",
  price_per_kwh: "0.2771",
  amount: "0.3624468",
  ...change,
});

export const line = (change: Partial<Line> = {}): Line => ({
  id: "line-1",
  driver_id: "anna",
  evse_name: "Garage left",
  started_at: "2026-11-12T20:38:00Z",
  ended_at: "2026-11-12T21:00:00Z",
  energy_wh: "1308",
  amount: "0.36",
  currency: "EUR",
  kind: "session",
  flags: [],
  periods: [period()],
  meter_start_wh: "7029846",
  meter_stop_wh: "7031154",
  seal: "3fdba35f",
  review: false,
  ...change,
});

export const driverRow = (change: Partial<DriverRow> = {}): DriverRow => ({
  driver_id: "anna",
  name: "Anna",
  energy_wh: "1308",
  sessions: 1,
  amounts: { EUR: "0.36" },
  ...change,
});

export const bill = (change: Partial<Bill> = {}): Bill => ({
  sheets: [{ id: "home", name: "Household", kind: "household" }],
  sheet_id: "home",
  month: "2026-11",
  previous_month: "2026-10",
  next_month: null,
  drivers: [driverRow()],
  total: { energy_wh: "1308", sessions: 1, amounts: { EUR: "0.36" } },
  lines: [line()],
  csv_path: "/api/ev_station/billing/home/2026-11.csv",
  ...change,
});

export const t = translator();
export const f = new Formats({ locale: { language: "en", time_format: "24" }, timeZone: "Europe/Amsterdam" });
export const words = { t, f, now: NOW };

/** A connection whose subscribers a test can speak to. */
export class FakeConnection implements Connection {
  readonly asked: object[] = [];
  readonly callbacks: ((message: LiveMessage) => void)[] = [];
  readonly ready = new Set<() => void>();
  ended = 0;
  failure: unknown = null;
  resubscribes = true;

  subscribeMessage(
    callback: (message: LiveMessage) => void,
    message: object,
    options: { readonly resubscribe: boolean },
  ): Promise<() => void> {
    this.asked.push(message);
    this.resubscribes = options.resubscribe;
    if (this.failure !== null) return Promise.reject(this.failure);
    this.callbacks.push(callback);
    return Promise.resolve(() => {
      this.ended += 1;
    });
  }

  addEventListener(_event: "ready", listener: () => void): void {
    this.ready.add(listener);
  }

  removeEventListener(_event: "ready", listener: () => void): void {
    this.ready.delete(listener);
  }

  /** What a lost socket's successor does. */
  reconnect(): void {
    for (const listener of [...this.ready]) listener();
  }

  send(message: LiveMessage): void {
    this.callbacks.at(-1)?.(message);
  }
}

export interface Call {
  readonly domain: string;
  readonly service: string;
  readonly data: object;
  readonly target: object;
  readonly notifyOnError: boolean;
}

/** Home Assistant as far as the panel speaks to it; answers are set by the test. */
export class FakeHass implements Hass {
  readonly connection = new FakeConnection();
  readonly language: string = "en";
  readonly config = { time_zone: "Europe/Amsterdam" };
  readonly calls: Call[] = [];
  readonly asked: object[] = [];
  answer: (message: object) => unknown = () => bill();
  failure: unknown = null;
  localize: Localize = () => "";

  loadBackendTranslation(): Promise<Localize> {
    return Promise.resolve(this.localize);
  }

  callWS<T>(message: object): Promise<T> {
    this.asked.push(message);
    return this.failure === null ? Promise.resolve(this.answer(message) as T) : Promise.reject(this.failure);
  }

  callService(domain: string, service: string, data: object, target: object, notifyOnError: boolean): Promise<unknown> {
    this.calls.push({ domain, service, data, target, notifyOnError });
    return this.failure === null ? Promise.resolve() : Promise.reject(this.failure);
  }
}
