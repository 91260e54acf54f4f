/** What draws a chart: round scales, steps and stacks. */

/** A value to a coordinate. */
export type Scale = (value: number) => number;

const round = (value: number): number => Math.round(value * 10) / 10;

export function scale(from: readonly [number, number], to: readonly [number, number]): Scale {
  const [a, b] = from;
  const [start, end] = to;
  return (value) => round(start + ((value - a) / (b - a)) * (end - start));
}

/** Round values that span least to most and 0, at most about `count` steps of them. */
export function ticks(least: number, most: number, count = 4): number[] {
  const [low, high] = [Math.min(least, 0), Math.max(most, 0)];
  if (low === high) return [0, 1];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((each) => each * power >= rough * (1 - 1e-9)) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

type Values = readonly (number | null)[];

/** Stretches of neighbours that are known, as the index of the first and past the last. */
function stretches(known: readonly boolean[]): [number, number][] {
  const found: [number, number][] = [];
  known.forEach((each, index) => {
    if (!each) return;
    const last = found.at(-1);
    if (last?.[1] === index) last[1] = index + 1;
    else found.push([index, index + 1]);
  });
  return found;
}

/** A step line over equal slots, broken where a value is not known. */
export function stepLine(values: Values, x: Scale, y: Scale): string {
  return stretches(values.map((each) => each !== null))
    .map(([first, end]) => {
      const steps = values.slice(first, end).map((value, index) => `V${y(value ?? 0)}H${x(first + index + 1)}`);
      return `M${x(first)} ${y(values[first] ?? 0)}${steps.join("")}`;
    })
    .join("");
}

/** What lies between two step lines, where both are known and not one on the other. */
export function stepBand(lows: Values, highs: Values, x: Scale, y: Scale): string {
  const open = highs.map((high, index) => {
    const low = lows[index] ?? null;
    return high !== null && low !== null && high !== low;
  });
  return stretches(open)
    .map(([first, end]) => {
      const there = Array.from({ length: end - first }, (_, index) => first + index);
      const up = there.map((index) => `V${y(highs[index] ?? 0)}H${x(index + 1)}`);
      const back = there.reverse().map((index) => `V${y(lows[index] ?? 0)}H${x(index)}`);
      return `M${x(first)} ${y(lows[first] ?? 0)}${up.join("")}${back.join("")}Z`;
    })
    .join("");
}

export interface Layer {
  readonly lows: readonly number[];
  readonly highs: readonly number[];
}

/** Each row on top of those before it. */
export function stack(rows: readonly (readonly number[])[]): Layer[] {
  let lows: readonly number[] = (rows[0] ?? []).map(() => 0);
  return rows.map((row) => {
    const layer = { lows, highs: row.map((value, index) => (lows[index] ?? 0) + value) };
    lows = layer.highs;
    return layer;
  });
}
