/** A plan in words: what a car does until when, what that saves, and when it is ready. */
import type { SeenEvse } from "./live.ts";
import { turn } from "./plan.ts";
import type { EvsePlan, Planning, Site, Vehicle } from "./protocol.ts";
import type { Words } from "./wording.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The time alone within a day, where nobody can take it for another. */
export function soon(iso: string, { f, now }: Pick<Words, "f" | "now">): string {
  return Date.parse(iso) - now < DAY_MS ? f.time(iso) : f.moment(iso, now);
}

function readiness({ ready_at, departure }: EvsePlan, words: Words): string | null {
  if (ready_at === null || departure === null) return null;
  const { t, f } = words;
  const before = Date.parse(departure) - Date.parse(ready_at);
  const time = soon(ready_at, words);
  return before < MINUTE_MS ? t("plan.ready", { time }) : t("plan.ready_before", { time, before: f.lasting(before) });
}

/** "Waits until 02:15, saves €1.84; ready 06:40, 20 min before departure". */
export function planSentence(plan: EvsePlan, { currency }: Site, words: Words): string {
  const { t, f, now } = words;
  if (plan.periods.length === 0) return t("plan.content");
  const next = turn(plan, now);
  const doing = next && t(next.draws ? "plan.charges" : "plan.waits", { time: soon(next.until, words) });
  const saved = plan.saved !== null && Number(plan.saved) > 0 ? plan.saved : null;
  const saves = saved && t("plan.saves", { amount: f.money(saved, currency) });
  const first = [doing, saves].filter((part) => part !== null).join(", ");
  return [first, readiness(plan, words)].filter((part) => part).join("; ");
}

/** What keeps a car from being ready; null while nothing does. */
export function planTrouble({ state, unmet_wh, departure }: EvsePlan, words: Words): string | null {
  if (state === null || state === "on_track" || unmet_wh === null || departure === null) return null;
  const { t, f } = words;
  return t(`plan.${state}`, { time: soon(departure, words), energy: f.kwh(unmet_wh, 1) });
}

export type Unplanned = "away" | "departure" | "mode" | "price" | "soon";

/** Why there is no plan for a car, the first thing to do about it first. */
export function unplanned(vehicle: Vehicle, evse: SeenEvse | undefined, { prices }: Planning): Unplanned {
  if (!evse) return "away";
  if (vehicle.departure === null) return "departure";
  if (evse.mode !== "smart") return "mode";
  return prices.length ? "soon" : "price";
}
