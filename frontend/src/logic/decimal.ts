/** Exact arithmetic on decimal strings, as far as a bill needs it: adding, moving the point, counting places. */

interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/** Reads "12.50", "-0.1" and the exponent forms Python writes ("1E+3", "0E-8"). */
function parse(text: string): Decimal {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text);
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match ?? [];
  if (!whole && !fraction) throw new RangeError(`not a decimal: ${text}`);
  const units = BigInt(whole + fraction) * (sign === "-" ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  return scale < 0 ? { units: units * 10n ** BigInt(-scale), scale: 0 } : { units, scale };
}

function print({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, "");
  return (units < 0n ? "-" : "") + whole + (fraction && `.${fraction}`);
}

/** The exact sum, without trailing zeros. */
export function sum(texts: readonly string[]): string {
  const numbers = texts.map(parse);
  const scale = Math.max(0, ...numbers.map((number) => number.scale));
  const units = numbers.reduce((total, number) => total + number.units * 10n ** BigInt(scale - number.scale), 0n);
  return print({ units, scale });
}

/** Moves the decimal point `places` to the left: shift("12345", 3) is "12.345". */
export function shift(text: string, places: number): string {
  const { units, scale } = parse(text);
  return print({ units, scale: scale + places });
}

export function equal(a: string, b: string): boolean {
  return sum([a]) === sum([b]);
}

/** Decimal places that carry something: 2 for "1.250". */
export function places(text: string): number {
  return (sum([text]).split(".")[1] ?? "").length;
}
