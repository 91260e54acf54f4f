/**
 * The panel on fixtures, without Home Assistant:
 * ?state=several&bill=month&view=now&theme=dark&lang=de, each with a default; &fail=1 makes actions fail.
 */
import "../src/ev-station-panel.ts";
import type { Hass } from "../src/logic/hass.ts";
import type { Bill, EvsePlan, LiveMessage, Preview, SnapshotMessage } from "../src/logic/protocol.ts";
import { navigate } from "../src/logic/routing.ts";
import billing from "./fixtures/billing.json";
import live from "./fixtures/live.json";

const params = new URLSearchParams(location.search);
const given = (name: string, otherwise: string): string => params.get(name) ?? otherwise;

/** Fixtures tell of one evening; their times move along to the present one. */
function today(fixture: unknown): LiveMessage {
  const late = Date.now() - Date.parse(live.now);
  const moved = JSON.stringify(fixture).replace(/\d{4}-\d\d-\d\dT[\d:]+Z/g, (time) =>
    new Date(Date.parse(time) + late).toISOString(),
  );
  return JSON.parse(moved) as LiveMessage;
}

const states: Record<string, unknown> = live.states;
const months: Record<string, unknown> = billing.months;
const language = given("lang", "en");

/** As if every other wish took the same 7.8 kWh more, and to leave earlier or later cost a little more or less. */
function considered(vehicle: unknown): Preview {
  const { plan: planning } = today(states[given("state", "several")]) as SnapshotMessage;
  const plan = Object.values(planning.plans).find((each) => each.vehicle === vehicle);
  if (!plan) throw new Error("No session is running here.");
  const moved = (hours: number, dearer: number): EvsePlan => ({
    ...plan,
    departure: new Date(Date.parse(plan.departure ?? "") + hours * 3_600_000).toISOString(),
    ready_at: new Date(Date.parse(plan.ready_at ?? "") + 15 * 60_000).toISOString(),
    energy_wh: String(Number(plan.energy_wh) + 7800),
    cost: String(Number(plan.cost) + dearer),
  });
  return { plan: moved(0, 1.48), present: plan, others: [moved(-1, 1.71), moved(1, 1.22)] };
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

const hass: Hass = {
  language,
  locale: { language, number_format: given("numbers", "language"), time_format: given("time", "language") },
  config: { time_zone: "Europe/Amsterdam" },
  connection: {
    async subscribeMessage(callback) {
      await pause(10);
      if (given("state", "") === "down") {
        throw Object.assign(new Error("Unknown command."), { code: "unknown_command" });
      }
      callback(today(states[given("state", "several")]));
      return () => undefined;
    },
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  },
  async callWS<T>(message: object): Promise<T> {
    await pause(10);
    return ("vehicle_id" in message ? considered(message.vehicle_id) : (months[given("bill", "month")] as Bill)) as T;
  },
  async callService(_domain, service) {
    await pause(400);
    if (params.has("fail")) {
      throw Object.assign(new Error(`Garage left did not answer to ${service}. Check its network and try again.`), {
        code: "home_assistant_error",
      });
    }
    return undefined;
  },
};

document.documentElement.classList.toggle("dark", given("theme", "light") === "dark");
const narrow = innerWidth < 870;
document.documentElement.classList.toggle("wide", !narrow);

const panel = document.createElement("ev-station-panel");
const place = (): void => {
  panel.route = { prefix: "/ev-station", path: location.pathname.replace("/ev-station", "") };
};
window.addEventListener("location-changed", place);
window.addEventListener("popstate", place);
Object.assign(panel, { hass, narrow });
navigate(`/ev-station/${given("view", "now")}`, { replace: true });
document.querySelector(".content")?.append(panel);
