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

interface Stretch<T> {
  readonly first: number;
  readonly values: T[];
}

/** Neighbours that are known, together. */
function stretches<T>(values: readonly (T | null)[]): Stretch<T>[] {
  const found: Stretch<T>[] = [];
  let open: Stretch<T> | null = null;
  for (const [first, value] of values.entries()) {
    if (value === null) {
      open = null;
      continue;
    }
    if (!open) found.push((open = { first, values: [] }));
    open.values.push(value);
  }
  return found;
}

/** From the first slot's begin to the last one's end. */
function steps({ first, values }: Stretch<number>, x: Scale, y: Scale): string {
  const start = `M${x(first)} `;
  return values.map((value, index) => `${index ? "V" : start}${y(value)}H${x(first + index + 1)}`).join("");
}

/** A step line over equal slots, broken where a value is not known. */
export function stepLine(values: Values, x: Scale, y: Scale): string {
  return stretches(values)
    .map((each) => steps(each, x, y))
    .join("");
}

/** What lies between two step lines, where both are known and not one on the other. */
export function stepBand(lows: Values, highs: Values, x: Scale, y: Scale): string {
  const pairs = highs.map((high, index) => {
    const low = lows[index] ?? null;
    return high === null || low === null || high === low ? null : { low, high };
  });
  return stretches(pairs)
    .map(({ first, values }) => {
      const there = steps({ first, values: values.map(({ high }) => high) }, x, y);
      const back = values.map(({ low }, index) => `V${y(low)}H${x(first + index)}`).reverse();
      return `${there}${back.join("")}Z`;
    })
    .join("");
}

export interface Layer {
  readonly lows: readonly number[];
  readonly highs: readonly number[];
}

/** Each row on top of those before it. */
export function stack(rows: readonly (readonly number[])[]): Layer[] {
  let below: readonly number[] = [];
  return rows.map((row) => {
    const lows = row.map((_, index) => below[index] ?? 0);
    const highs = row.map((value, index) => value + (below[index] ?? 0));
    below = highs;
    return { lows, highs };
  });
}
