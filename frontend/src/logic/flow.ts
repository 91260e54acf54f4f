/** Where the site's power comes from and goes to at this moment. */
import { byName, type Live } from "./live.ts";
import type { Energy } from "./protocol.ts";
import { nameOf } from "./wording.ts";

export type FlowKind = "solar" | "battery" | "grid" | "other" | "house" | "car" | "charge" | "export";

export interface Share {
  readonly kind: FlowKind;
  readonly watts: number;
  /** Of a car: whose it is, and where. */
  readonly label: string | null;
  /** Of a car: its place among all EVSEs, the colour and pattern it keeps. */
  readonly index: number;
}

export interface Flow {
  /** What all cars take. */
  readonly watts: number;
  /** Empty where nobody measures it. */
  readonly from: readonly Share[];
  readonly to: readonly Share[];
  /** What a bar of full width stands for. */
  readonly scale: number;
}

/** Less is noise of the meters. */
const LEAST_W = 10;

const share = (kind: FlowKind, watts: number): Share => ({ kind, watts, label: null, index: 0 });
const total = (shares: readonly Share[]): number => shares.reduce((sum, { watts }) => sum + watts, 0);

function carsOf(live: Live): Share[] {
  return byName(live).map((evse, index) => ({ kind: "car", label: nameOf(evse), watts: evse.power_w ?? 0, index }));
}

function sources({ grid_w, solar_w, battery_w }: Energy): Share[] {
  return [share("solar", solar_w ?? 0), share("battery", -(battery_w ?? 0)), share("grid", grid_w ?? 0)].filter(
    ({ watts }) => watts >= LEAST_W,
  );
}

/** What is left over is the house; what nothing explains comes from a source nobody measures. */
function balanced(energy: Energy, cars: readonly Share[]): Pick<Flow, "from" | "to"> {
  const from = sources(energy);
  const to = [...cars, share("charge", energy.battery_w ?? 0), share("export", -(energy.grid_w ?? 0))].filter(
    ({ watts }) => watts >= LEAST_W,
  );
  const rest = total(from) - total(to);
  if (rest >= LEAST_W) return { from, to: [share("house", rest), ...to] };
  // With a meter of its own for the sun, a difference is one meter being ahead of another.
  if (rest <= -LEAST_W && energy.solar_w === null) return { from: [...from, share("other", -rest)], to };
  return { from, to };
}

/** null: nothing is known. */
export function flow(live: Live): Flow | null {
  const cars = carsOf(live).filter(({ watts }) => watts > 0);
  const measured = Object.values(live.evses).some((evse) => evse.power_w !== null);
  const watts = measured ? total(cars) : live.site.power_w;
  const { energy } = live.site;
  if (watts === null && energy === null) return null;
  const { from, to } = energy ? balanced(energy, cars) : { from: [], to: cars };
  return { watts: watts ?? 0, from, to, scale: Math.max(total(from), total(to), 1) };
}
