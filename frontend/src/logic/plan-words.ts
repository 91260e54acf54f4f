/** A plan in words: what a car does until when, what that saves, and when it is ready. */
import type { SeenEvse } from "./live.ts";
import { turn } from "./plan.ts";
import type { EvsePlan, Planning, Site, Vehicle } from "./protocol.ts";
import type { Words } from "./wording.ts";

const MINUTE_MS = 60_000;

/** "20 min", "1 h 5 min". */
export function lasting(milliseconds: number, { t }: Pick<Words, "t">): string {
  const whole = Math.round(milliseconds / MINUTE_MS);
  const [hours, minutes] = [Math.floor(whole / 60), whole % 60];
  return hours ? t("plan.hours", { hours, minutes }) : t("plan.minutes", { minutes });
}

function readiness({ ready_at, departure }: EvsePlan, words: Words): string | null {
  if (ready_at === null || departure === null) return null;
  const { t, f, now } = words;
  const before = Date.parse(departure) - Date.parse(ready_at);
  const time = f.moment(ready_at, now);
  return before < MINUTE_MS
    ? t("plan.ready", { time })
    : t("plan.ready_before", { time, before: lasting(before, words) });
}

/** "Waits until 02:15, saves €1.84; ready 06:40, 20 min before departure". */
export function planSentence(plan: EvsePlan, { currency }: Site, words: Words): string {
  const { t, f, now } = words;
  if (plan.periods.length === 0) return t("plan.content");
  const next = turn(plan, now);
  const doing = next && t(next.draws ? "plan.charges" : "plan.waits", { time: f.moment(next.until, now) });
  const saved = plan.saved !== null && Number(plan.saved) > 0 ? plan.saved : null;
  const saves = saved && t("plan.saves", { amount: f.money(saved, currency) });
  const first = [doing, saves].filter((part) => part !== null).join(", ");
  return [first, readiness(plan, words)].filter((part) => part).join("; ");
}

/** What keeps a car from being ready; null while nothing does. */
export function planTrouble({ state, unmet_wh, departure }: EvsePlan, { t, f, now }: Words): string | null {
  if (state === null || state === "on_track" || unmet_wh === null || departure === null) return null;
  return t(`plan.${state}`, { time: f.moment(departure, now), energy: f.kwh(unmet_wh, 1) });
}

export type Unplanned = "away" | "departure" | "mode" | "price" | "soon";

/** Why there is no plan for a car, the first thing to do about it first. */
export function unplanned(vehicle: Vehicle, evse: SeenEvse | undefined, { prices }: Planning): Unplanned {
  if (!evse) return "away";
  if (vehicle.departure === null) return "departure";
  if (evse.mode !== "smart") return "mode";
  return prices.length ? "soon" : "price";
}
