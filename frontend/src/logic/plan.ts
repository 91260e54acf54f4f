/** Two days in quarter hours: what power costs, what the sun gives, what each car drew and is to draw. */
import { byName, type Live, type SeenEvse } from "./live.ts";
import type { EvsePlan, Planning, PlanWhy, Vehicle } from "./protocol.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const SLOT_MS = 15 * MINUTE_MS;
export const SLOTS = 192;
/** What has happened takes the first hours. */
const PAST_MS = 8 * HOUR_MS;
/** Less is the charger's own need. */
const DRAWS_W = 50;

export interface PlannedCar {
  readonly evse: SeenEvse;
  /** Null: a car the reader may not see, or none. */
  readonly vehicle: Vehicle | null;
  readonly plan: EvsePlan | null;
  /** Its mark. */
  readonly index: number;
}

export interface Slot {
  readonly start: number;
  readonly end: number;
  readonly past: boolean;
  readonly price: number | null;
  /** False: reckoned from the last days. */
  readonly told: boolean;
  /** W, with what it is above nine times in ten and below nine times in ten. */
  readonly sun: number | null;
  readonly sunLow: number | null;
  readonly sunHigh: number | null;
  /** W of each car. */
  readonly cars: readonly number[];
}

export interface Timeline {
  readonly start: number;
  readonly end: number;
  readonly now: number;
  readonly slots: readonly Slot[];
  readonly cars: readonly PlannedCar[];
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly value: number;
}

function span([start, end, value]: readonly [string, string, string | number, ...unknown[]]): Span {
  return { start: Date.parse(start), end: Date.parse(end), value: Number(value) };
}

/** The mean over the part of a slot that is known; null where nothing is. */
function mean(spans: readonly Span[], start: number, end: number): number | null {
  let known = 0;
  let sum = 0;
  for (const each of spans) {
    const overlap = Math.min(each.end, end) - Math.max(each.start, start);
    if (overlap <= 0) continue;
    known += overlap;
    sum += each.value * overlap;
  }
  return known ? sum / known : null;
}

/** What was drawn: each value holds until the next, the last until now. */
function drawn({ history }: SeenEvse, now: number): Span[] {
  return history.map(([at, value], index) => {
    const next = history[index + 1];
    return { start: Date.parse(at), end: next ? Date.parse(next[0]) : now, value };
  });
}

/** Cars with a plan, and places that are to be seen in the past; each with the mark it has in all views. */
function carsOf(live: Live, start: number): PlannedCar[] {
  return byName(live)
    .map((evse, index) => ({
      evse,
      plan: live.plan.plans[evse.id] ?? null,
      vehicle: live.plan.vehicles.find((each) => each.evse === evse.id) ?? null,
      index,
    }))
    .filter(
      ({ evse, plan }) =>
        plan !== null || evse.history.some(([at, watts]) => Date.parse(at) >= start && watts > DRAWS_W),
    );
}

function sunSpans({ solar }: Planning, column: 2 | 3 | 4): Span[] {
  return solar.flatMap((each) => {
    const value = each[column];
    return value === null ? [] : [span([each[0], each[1], value])];
  });
}

/** Two days with now in their first third. */
export function timeline(live: Live, now: number): Timeline {
  const { plan } = live;
  const start = Math.floor(now / HOUR_MS) * HOUR_MS - PAST_MS;
  const cars = carsOf(live, start);
  const prices = plan.prices.map(span);
  const knownUntil = plan.known_until === null ? -Infinity : Date.parse(plan.known_until);
  const [sun, low, high] = [sunSpans(plan, 2), sunSpans(plan, 3), sunSpans(plan, 4)];
  const before = cars.map(({ evse }) => drawn(evse, now));
  const after = cars.map((car) => (car.plan?.periods ?? []).map(span));
  const slots = Array.from({ length: SLOTS }, (_, index): Slot => {
    const from = start + index * SLOT_MS;
    const to = from + SLOT_MS;
    const past = from < now;
    return {
      start: from,
      end: to,
      past,
      price: mean(prices, from, to),
      told: to <= knownUntil,
      sun: mean(sun, from, to),
      sunLow: mean(low, from, to),
      sunHigh: mean(high, from, to),
      cars: (past ? before : after).map((spans) => Math.max(mean(spans, from, to) ?? 0, 0)),
    };
  });
  return { start, end: start + SLOTS * SLOT_MS, now, slots, cars };
}

/** The slot at a fraction of the axis. */
export function slotAt(fraction: number): number {
  return Math.min(Math.max(Math.floor(fraction * SLOTS), 0), SLOTS - 1);
}

/** The slot in which a moment lies. */
export function slotOf({ start }: Pick<Timeline, "start">, at: number): number {
  return slotAt((at - start) / (SLOTS * SLOT_MS));
}

/** What decided about most of what is planned for a car in a slot; null where that is past or nothing is planned. */
export function slotReason({ slots, now }: Timeline, { plan }: PlannedCar, index: number): PlanWhy | null {
  const slot = slots[index];
  if (!plan || !slot || slot.end <= now) return null;
  const overlap = ([start, end]: EvsePlan["periods"][number]): number =>
    Math.min(Date.parse(end), slot.end) - Math.max(Date.parse(start), slot.start);
  const [most] = plan.periods.filter((each) => overlap(each) > 0).sort((a, b) => overlap(b) - overlap(a));
  return most?.[3] ?? null;
}

/** When what a car does now ends: it begins to draw, or pauses; null: it does not change any more. */
export function turn({ periods }: EvsePlan, now: number): { readonly draws: boolean; readonly until: string } | null {
  const ahead = periods.filter(([, end]) => Date.parse(end) > now);
  const draws = (ahead[0]?.[2] ?? 0) > 0;
  const next = ahead.findIndex(([, , watts]) => watts > 0 !== draws);
  const until = next > 0 ? ahead[next]?.[0] : draws ? ahead.at(-1)?.[1] : undefined;
  return until === undefined ? null : { draws, until };
}

export interface Hour {
  readonly start: number;
  readonly price: number | null;
  readonly sun: number | null;
  readonly cars: readonly number[];
}

const total = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0);
const average = (values: readonly number[]): number | null => (values.length ? total(values) / values.length : null);

/** The hours to come, for those who read a table. */
export function hours({ slots, cars, now }: Timeline): Hour[] {
  const found: Hour[] = [];
  for (let first = 0; first < slots.length; first += 4) {
    const four = slots.slice(first, first + 4);
    const [begin] = four;
    if (!begin || begin.start + HOUR_MS <= now) continue;
    found.push({
      start: begin.start,
      price: average(four.flatMap(({ price }) => price ?? [])),
      sun: average(four.flatMap(({ sun }) => sun ?? [])),
      cars: cars.map((_, car) => total(four.flatMap((each) => each.cars.slice(car, car + 1))) / four.length),
    });
  }
  return found;
}
