/** The last 24 hours of power as a small step line. */
import type { Evse } from "./protocol.ts";

export const WIDTH = 240;
export const HEIGHT = 48;
const DAY_MS = 24 * 60 * 60 * 1000;

export interface Sparkline {
  /** SVG path data of the line and of the area below it. */
  readonly line: string;
  readonly area: string;
  readonly peak_w: number;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Each value holds until the next, the last one until now if power is known now; null without history. */
export function sparkline({ history, power_w }: Pick<Evse, "history" | "power_w">, now: number): Sparkline | null {
  const start = now - DAY_MS;
  const points = history
    .map(([at, watts]) => ({ at: Math.max(Date.parse(at), start), watts }))
    .filter(({ at }) => at <= now);
  const last = points.at(-1);
  if (!last) return null;
  const watts = points.map((point) => point.watts);
  const peak_w = Math.max(...watts, power_w ?? 0);
  const x = (at: number): number => round(((at - start) / DAY_MS) * WIDTH);
  // One unit of air above and below keeps the stroke inside.
  const y = (value: number): number => round(HEIGHT - 1 - (peak_w ? (Math.max(value, 0) / peak_w) * (HEIGHT - 2) : 0));
  const [first, ...rest] = points as [(typeof points)[0], ...typeof points];
  const steps = rest.map((point) => `H${x(point.at)}V${y(point.watts)}`).join("");
  const present = power_w === null ? "" : `H${WIDTH}V${y(power_w)}`;
  const line = `M${x(first.at)} ${y(first.watts)}${steps}${present}`;
  return { line, area: `${line}V${HEIGHT}H${x(first.at)}Z`, peak_w };
}
