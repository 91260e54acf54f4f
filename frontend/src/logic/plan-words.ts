/** A plan in words: what a car does until when, what that saves, and when it is ready. */
import { dayOf, following, timeOf } from "./departure.ts";
import { goalText, isFull } from "./goal.ts";
import type { SeenEvse } from "./live.ts";
import { turn } from "./plan.ts";
import type { EvsePlan, Planning, Preview, Site, Vehicle } from "./protocol.ts";
import type { Words } from "./wording.ts";

const MINUTE_MS = 60_000;
const NOON = "12:00";
/** Less than seven days, so that no weekday is taken for today. */
const WEEK_MS = 6 * 24 * 60 * MINUTE_MS;

/** The time alone today, and from noon on of the next morning too; else with its weekday, for a week. */
export function soon(iso: string, { f, now }: Pick<Words, "f" | "now">): string {
  const [at, present] = [f.local(Date.parse(iso)), f.local(now)];
  const untold = `${following(dayOf(present))}T${timeOf(present) < NOON ? "00:00" : NOON}`;
  if (at < untold) return f.time(iso);
  return Date.parse(iso) - now < WEEK_MS ? f.weekday(iso, now) : f.moment(iso, now);
}

function readiness({ ready_at, departure }: EvsePlan, words: Words, late: boolean): string | null {
  if (ready_at === null || departure === null) return null;
  const { t, f } = words;
  const before = Date.parse(departure) - Date.parse(ready_at);
  const time = soon(ready_at, words);
  return late || before < MINUTE_MS
    ? t("plan.ready", { time })
    : t("plan.ready_before", { time, before: f.lasting(before) });
}

function earlier(one: string, other: string | null): string {
  return other !== null && Date.parse(other) < Date.parse(one) ? other : one;
}

/** Whether a car has what was wanted; more may be planned where it is cheap. */
export function hasEnough({ periods: [first], ready_at }: EvsePlan): boolean {
  return first === undefined || (ready_at !== null && Date.parse(ready_at) <= Date.parse(first[0]));
}

/** "Waits until 02:15, saves €1.84; ready 06:40, 20 min before departure"; of a car that is late, no departure. */
export function planSentence(plan: EvsePlan, { currency }: Site, words: Words, late = false): string {
  const { t, f, now } = words;
  const next = turn(plan, now);
  // The last quarter hour may end after the car has left.
  const until = next && earlier(next.until, plan.departure);
  const doing = next && until && t(next.draws ? "plan.charges" : "plan.waits", { time: soon(until, words) });
  const saved = plan.saved !== null && Number(plan.saved) > 0 ? plan.saved : null;
  const saves = saved && t("plan.saves", { amount: f.money(saved, currency) });
  if (hasEnough(plan)) return [t("plan.content"), doing && `${doing}.`].filter((part) => part).join(" ");
  const first = [doing, saves].filter((part) => part !== null).join(", ");
  return [first, readiness(plan, words, late)].filter((part) => part).join("; ");
}

/** What keeps a car from being ready; null while nothing does. */
export function planTrouble({ state, unmet_wh, departure }: EvsePlan, words: Words): string | null {
  if (state === null || state === "on_track" || unmet_wh === null || departure === null) return null;
  const { t, f } = words;
  return t(`plan.${state}`, { time: soon(departure, words), energy: f.kwh(unmet_wh, 1) });
}

/** When a car leaves and with how much, as who says; none where nobody does. */
export function leavingWords(vehicle: Vehicle, words: Words): string[] {
  const { departure, late_until, origin, own_goal, goal, usual_percent, later, guest } = vehicle;
  const { t, f } = words;
  if (departure === null || origin === null) return [];
  const usual = { percent: f.percent(usual_percent) };
  return [
    t(`plan.from.${guest ? "guest" : origin}`, { time: soon(departure, words) }),
    ...(late_until === null ? [] : [t("plan.overdue", { time: soon(late_until, words) })]),
    ...(own_goal && !guest ? [t("plan.own_goal", usual)] : []),
    ...(isFull(goal, vehicle) ? [t("plan.full_means")] : []),
    ...(goal.kind === "percent" ? [] : [t("plan.counted")]),
    ...later.map((each) => t("plan.later", { time: soon(each.at, words), goal: goalText(each.goal, f) })),
  ];
}

/** Of two amounts that read the same neither is dearer. */
function difference(amount: number, scope: "change" | "other", { currency }: Site, { t, f }: Words): string {
  const shown = f.money(String(Math.abs(amount)), currency);
  const word = shown === f.money("0", currency) ? "same" : amount > 0 ? "more" : "less";
  return t(`plan.${scope}.${word}`, { amount: shown });
}

/** "€0.40 more than now"; null where the car is not planned for as it is. */
export function costChange({ plan, present }: Preview, site: Site, words: Words): string | null {
  return present && difference(Number(plan.cost) - Number(present.cost), "change", site, words);
}

/** What would be missing; null where nobody knows. */
function missing({ unmet_wh }: EvsePlan, { t, f }: Words): string | null {
  if (unmet_wh === null || Number(unmet_wh) === 0) return null;
  return t("plan.other.missing", { energy: f.kwh(unmet_wh, 1) });
}

/** "ready 04:40, €0.40 more", or what would be missing. */
export function otherMeans(other: EvsePlan, { plan }: Preview, site: Site, words: Words): string {
  const ready =
    other.ready_at === null ? missing(other, words) : words.t("plan.ready", { time: soon(other.ready_at, words) });
  const cost = difference(Number(other.cost) - Number(plan.cost), "other", site, words);
  return [ready, cost].filter((part) => part).join(", ");
}

/** What charging at once would mean; null where the car would not be ready, or there is nothing to charge. */
export function atOnce(plan: EvsePlan, site: Site, words: Words): string | null {
  const { soonest, saved } = plan;
  if (soonest === null || hasEnough(plan)) return null;
  const cost = difference(Number(saved), "other", site, words);
  return words.t("plan.at_once", { time: soon(soonest, words), cost });
}

export type Unplanned = "away" | "idle" | "departure" | "mode" | "price" | "soon";

/** Why there is no plan for a car, the first thing to do about it first. */
export function unplanned(vehicle: Vehicle, evse: SeenEvse | undefined, { prices }: Planning): Unplanned {
  if (!evse) return "away";
  if (!evse.session) return "idle";
  if (vehicle.departure === null) return "departure";
  if (evse.mode !== "smart") return "mode";
  return prices.length ? "soon" : "price";
}
