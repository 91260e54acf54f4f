/** Numbers, money and times in the manner the reader chose in Home Assistant, in the site's time zone. */
import { places, shift } from "./decimal.ts";
import type { HassLocale } from "./hass.ts";
import type { Amounts } from "./protocol.ts";

/** A figure and its unit apart, so that the unit can be set small. */
export interface Quantity {
  readonly figure: string;
  readonly unit: string;
}

export interface FormatOptions {
  readonly locale: HassLocale;
  readonly timeZone: string;
}

const NUMBER_LOCALES: Readonly<Record<string, string[] | undefined>> = {
  comma_decimal: ["en-US", "en"],
  decimal_comma: ["de", "es", "it"],
  space_comma: ["fr", "sv", "cs"],
  quote_decimal: ["de-CH"],
  none: ["en-US"],
  system: undefined,
};

const HOUR_CYCLES: Readonly<Record<string, "h12" | "h23">> = { 12: "h12", 24: "h23" };

const MONTH = { year: "numeric", month: "long" } as const;
const DAY = { day: "numeric", month: "short" } as const;
const WEEKDAY = { weekday: "short" } as const;
const MINUTE_MS = 60 * 1000;
const DAY_MINUTES = 24 * 60;
const DAY_MS = DAY_MINUTES * MINUTE_MS;

/** Wh read to three places of a kWh; more only where a value really has them, so that columns add up as printed. */
const KWH_PLACES = { least: 3, most: 6 } as const;

/** Places of money beyond the currency's own that a price or an unrounded part may show. */
const EXTRA_MONEY_PLACES = 4;

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

type TimeUnit = "day" | "hour" | "minute";
type NumberOptions = Readonly<Intl.NumberFormatOptions>;
type DateOptions = Readonly<Intl.DateTimeFormatOptions>;

export class Formats {
  private readonly made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();
  private readonly numberLocale: string | string[] | undefined;
  private readonly timeLocale: string | undefined;
  private readonly grouping: boolean;
  private readonly clock: DateOptions;

  constructor(private readonly options: FormatOptions) {
    const { language, number_format = "language", time_format = "language" } = options.locale;
    this.numberLocale = number_format in NUMBER_LOCALES ? NUMBER_LOCALES[number_format] : language;
    this.grouping = number_format !== "none";
    this.timeLocale = time_format === "system" ? undefined : language;
    this.clock = this.clockFor(HOUR_CYCLES[time_format]);
  }

  /** "06:05" as Home Assistant writes it, but "6:05 AM": as it is read there. */
  private clockFor(asked: "h12" | "h23" | undefined): DateOptions {
    const hourCycle =
      asked ?? new Intl.DateTimeFormat(this.timeLocale, { hour: "numeric" }).resolvedOptions().hourCycle;
    const hour = hourCycle?.startsWith("h1") ? "numeric" : "2-digit";
    return { hour, minute: "2-digit", ...(asked ? { hourCycle: asked } : {}) };
  }

  private numbers(options: NumberOptions): Intl.NumberFormat {
    return this.once(
      options,
      () => new Intl.NumberFormat(this.numberLocale, { useGrouping: this.grouping, ...options }),
    );
  }

  private times(options: DateOptions): Intl.DateTimeFormat {
    return this.once(
      options,
      () => new Intl.DateTimeFormat(this.timeLocale, { timeZone: this.options.timeZone, ...options }),
    );
  }

  /** Intl objects are slow to make and cheap to use. */
  private once<T extends Intl.NumberFormat | Intl.DateTimeFormat>(options: object, make: () => T): T {
    const key = JSON.stringify(options);
    const known = this.made.get(key) ?? make();
    this.made.set(key, known);
    return known as T;
  }

  /** Exact for decimal strings of any length. */
  number(value: number | string, digits = 0): string {
    return this.numbers({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
      value as Intl.StringNumericLiteral,
    );
  }

  /** A current, with one place where it is no whole number. */
  amps(value: number): string {
    const rounded = Math.round(value * 10) / 10;
    return this.number(rounded, Number.isInteger(rounded) ? 0 : 1);
  }

  percent(value: number): string {
    return this.numbers({ style: "percent" }).format(value / 100);
  }

  /** W below one kilowatt, else kW with one place. */
  power(watts: number): Quantity {
    return Math.abs(watts) < 999.5
      ? { figure: this.number(watts), unit: "W" }
      : { figure: this.number(watts / 1000, 1), unit: "kW" };
  }

  /** Always kW, for figures that must not jump between units. */
  kilowatts(watts: number | null): Quantity {
    return { figure: watts === null ? "–" : this.number(watts / 1000, 1), unit: "kW" };
  }

  /** kWh from a decimal string of Wh. */
  kwh(wattHours: string, digits: number): string {
    return this.number(shift(wattHours, 3), digits);
  }

  /** Places with which a column of Wh values can be printed in kWh without rounding. */
  kwhDigits(wattHours: readonly string[]): number {
    const needed = wattHours.map((value) => places(shift(value, 3)));
    return clamp(Math.max(0, ...needed), KWH_PLACES.least, KWH_PLACES.most);
  }

  currencyDigits(currency: string): number {
    const parts = this.numbers({ style: "currency", currency }).formatToParts(0);
    return parts.find((part) => part.type === "fraction")?.value.length ?? 0;
  }

  money(value: string, currency: string, digits = this.currencyDigits(currency)): string {
    const options = {
      style: "currency",
      currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    } as const;
    return this.numbers(options).format(value as Intl.StringNumericLiteral);
  }

  /** An amount in each currency there is one in. */
  amounts(amounts: Amounts): string {
    return Object.entries(amounts)
      .map(([currency, amount]) => this.money(amount, currency))
      .join(" + ");
  }

  /** Places with which a column of prices or unrounded parts is printed alike. */
  moneyDigits(values: readonly string[], currency: string): number {
    const least = this.currencyDigits(currency);
    return clamp(Math.max(0, ...values.map(places)), least, least + EXTRA_MONEY_PLACES);
  }

  time(iso: string): string {
    return this.times(this.clock).format(new Date(iso));
  }

  /** "1 hr 20 min" or "2 days 1 hr", without what is none of. */
  lasting(milliseconds: number): string {
    const minutes = Math.round(milliseconds / MINUTE_MS);
    if (minutes < DAY_MINUTES) return this.twoUnits(minutes, 60, "hour", "minute");
    return this.twoUnits(Math.round(minutes / 60), 24, "day", "hour");
  }

  private twoUnits(smalls: number, many: number, large: TimeUnit, small: TimeUnit): string {
    const unit = (value: number, name: TimeUnit): string =>
      this.numbers({ style: "unit", unit: name, unitDisplay: "short" }).format(value);
    const [whole, rest] = [Math.floor(smalls / many), smalls % many];
    return [...(whole ? [unit(whole, large)] : []), ...(rest || !whole ? [unit(rest, small)] : [])].join(" ");
  }

  /** "2026-11-30T06:05" in the site's zone, as fields for days and times have it. */
  local(at: number): string {
    // Swedish writes days the ISO way, and hours from 00 to 23.
    const options = { dateStyle: "short", timeStyle: "short", timeZone: this.options.timeZone } as const;
    return this.once({ iso: "local" }, () => new Intl.DateTimeFormat("sv-SE", options))
      .format(at)
      .replace(" ", "T");
  }

  day(iso: string): string {
    return this.times(DAY).format(new Date(iso));
  }

  /** The time alone today, else with its day. */
  moment(iso: string, now: number): string {
    return this.unlessToday(iso, now, DAY);
  }

  /** The time alone today, else with its weekday. */
  weekday(iso: string, now: number): string {
    return this.unlessToday(iso, now, WEEKDAY);
  }

  private unlessToday(iso: string, now: number, day: DateOptions): string {
    const options = this.day(iso) === this.day(new Date(now).toISOString()) ? this.clock : { ...day, ...this.clock };
    return this.times(options).format(new Date(iso));
  }

  /** "18:04 – 19:00", for something whose first day is known. */
  clockSpan(start: string, end: string): string {
    return `${this.time(start)} – ${this.time(end)}`;
  }

  /** As clockSpan, but with the days where it lasts so long that the second cannot be guessed. */
  hours(start: string, end: string): string {
    const [from, to] = [new Date(start), new Date(end)];
    return to.getTime() - from.getTime() < DAY_MS
      ? this.clockSpan(start, end)
      : this.times({ ...DAY, ...this.clock }).formatRange(from, to);
  }

  /** "November 2026" from "2026-11". */
  month(month: string): string {
    return this.monthIn(month, MONTH);
  }

  /** "November" from "2026-11". */
  monthName(month: string): string {
    return this.monthIn(month, { month: "long" });
  }

  private monthIn(month: string, options: DateOptions): string {
    const utc = { ...options, timeZone: "UTC" } as const;
    return this.times(utc).format(new Date(`${month}-15T00:00:00Z`));
  }

  /** "2026-11" of a moment in the site's zone. */
  monthOf(now: number): string {
    // Swedish writes year and month the ISO way.
    const options = { year: "numeric", month: "2-digit", timeZone: this.options.timeZone } as const;
    return this.once({ iso: "month" }, () => new Intl.DateTimeFormat("sv-SE", options)).format(now);
  }
}

/** "1:04:09" or "4:09". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
