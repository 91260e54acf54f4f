/** What a car is to have: in percent of its battery, or in kWh or km beside what it had when it was plugged in. */
import type { Formats, Quantity } from "./format.ts";
import type { Goal, GoalKind, Vehicle } from "./protocol.ts";
import type { Words } from "./wording.ts";

const KINDS: readonly GoalKind[] = ["percent", "distance", "energy"];
/** Nobody knows what a guest's car lacks: it is to be full, or to get some kWh. */
const GUEST_KINDS: readonly GoalKind[] = ["percent", "energy"];
/** What is proposed to whoever wants a guest to get some. */
const SOME: Goal = { kind: "energy", amount: 20_000 };
const FULL: Goal = { kind: "percent", amount: 100 };
export const UNITS: Readonly<Record<GoalKind, string>> = { percent: "%", distance: "km", energy: "kWh" };

/** What a slider goes by, in the unit of the goal. */
export interface Scale {
  readonly least: number;
  readonly most: number;
  readonly step: number;
}

const LEAST: Readonly<Record<GoalKind, number>> = { percent: 10, distance: 10, energy: 1000 };
const STEP: Readonly<Record<GoalKind, number>> = { percent: 1, distance: 5, energy: 500 };

type Battery = Pick<Vehicle, "battery_wh" | "wh_per_km" | "percent" | "guest">;

/** In what the goal of a car may be told. */
export function kindsOf({ guest }: Pick<Vehicle, "guest">): readonly GoalKind[] {
  return guest ? GUEST_KINDS : KINDS;
}

/** Whether all that a guest's car takes is wanted. */
export function isFull({ kind }: Pick<Goal, "kind">, { guest }: Pick<Vehicle, "guest">): boolean {
  return guest && kind === "percent";
}

/** Wh of one percent, km or Wh. */
function worth(kind: GoalKind, { battery_wh, wh_per_km }: Battery): number {
  return { percent: battery_wh / 100, distance: wh_per_km, energy: 1 }[kind];
}

/** From little to all that the battery holds. */
export function scaleOf(kind: GoalKind, battery: Battery): Scale {
  const [least, step] = [LEAST[kind], STEP[kind]];
  const full = Math.floor(battery.battery_wh / worth(kind, battery) / step) * step;
  return { least, step, most: Math.max(full, least + step) };
}

/** About the same goal in another unit; without a state of charge a car is taken for empty, as it is planned for. */
export function converted({ kind, amount }: Goal, into: GoalKind, battery: Battery): Goal {
  if (battery.guest) return into === "energy" ? SOME : FULL;
  const there = ((battery.percent ?? 0) * battery.battery_wh) / 100;
  const missing = amount * worth(kind, battery) - (kind === "percent" ? there : 0);
  const wanted = Math.max(0, missing) + (into === "percent" ? there : 0);
  const { least, most, step } = scaleOf(into, battery);
  const rounded = Math.round(wanted / worth(into, battery) / step) * step;
  return { kind: into, amount: Math.min(Math.max(rounded, least), most) };
}

export function isSame(one: Goal, other: Goal): boolean {
  return one.kind === other.kind && one.amount === other.amount;
}

export function goalQuantity({ kind, amount }: Goal, f: Formats): Quantity {
  const value = kind === "energy" ? amount / 1000 : amount;
  const rounded = Math.round(value * 10) / 10;
  return { figure: f.number(rounded, Number.isInteger(rounded) ? 0 : 1), unit: UNITS[kind] };
}

/** "80%", "120 km", "7.5 kWh". */
export function goalText(goal: Goal, f: Formats): string {
  const { figure, unit } = goalQuantity(goal, f);
  return goal.kind === "percent" ? f.percent(goal.amount) : `${figure}\u00a0${unit}`;
}

/** The same, or that it is to be full. */
export function goalWords(goal: Goal, vehicle: Pick<Vehicle, "guest">, { t, f }: Pick<Words, "t" | "f">): string {
  return isFull(goal, vehicle) ? t("plan.full") : goalText(goal, f);
}

/** As actions name it: in percent, km or kWh. */
export function goalField({ kind, amount }: Goal): Partial<Record<GoalKind, number>> {
  return { [kind]: kind === "energy" ? amount / 1000 : amount };
}
