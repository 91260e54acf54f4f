import { describe, expect, test } from "vitest";
import { duration, Formats } from "../../src/logic/format.ts";
import type { HassLocale } from "../../src/logic/hass.ts";

const formats = (locale: Partial<HassLocale> = {}, timeZone = "Europe/Amsterdam"): Formats =>
  new Formats({ locale: { language: "en", ...locale }, timeZone });

/** Intl separates with several kinds of space and apostrophe, by its version. */
const plain = (text: string): string => text.replace(/\s/g, " ").replace("’", "'");

describe("numbers follow the number format, not the language", () => {
  test.each([
    [{ language: "en" }, "1,234.5"],
    [{ language: "de" }, "1.234,5"],
    [{ language: "en", number_format: "language" }, "1,234.5"],
    [{ language: "en", number_format: "decimal_comma" }, "1.234,5"],
    [{ language: "de", number_format: "comma_decimal" }, "1,234.5"],
    [{ language: "en", number_format: "space_comma" }, "1 234,5"],
    [{ language: "en", number_format: "quote_decimal" }, "1'234.5"],
    [{ language: "de", number_format: "none" }, "1234.5"],
    [{ language: "en", number_format: "something new" }, "1,234.5"],
  ])("%o: %s", (locale, text) => {
    expect(plain(formats(locale).number(1234.5, 1))).toBe(text);
  });

  test("system is the browser's own", () => {
    expect(formats({ language: "de", number_format: "system" }).number(1234.5, 1)).toBe(
      new Intl.NumberFormat(undefined, { minimumFractionDigits: 1 }).format(1234.5),
    );
  });
});

test("decimal strings lose nothing on the way", () => {
  expect(formats().number("9007199254740993.125", 3)).toBe("9,007,199,254,740,993.125");
});

test.each([
  [0, "0", "W"],
  [999, "999", "W"],
  [999.6, "1.0", "kW"],
  [7360, "7.4", "kW"],
  [-3000, "-3.0", "kW"],
])("%d W is %s %s", (watts, figure, unit) => {
  expect(formats().power(watts)).toEqual({ figure, unit });
});

test("a large figure stays in kW and says when it is not known", () => {
  expect(formats().kilowatts(40)).toEqual({ figure: "0.0", unit: "kW" });
  expect(formats().kilowatts(null)).toEqual({ figure: "–", unit: "kW" });
});

test("percent in the reader's manner", () => {
  expect(formats().percent(62)).toBe("62%");
  expect(plain(formats({ language: "de" }).percent(62))).toBe("62 %");
});

describe("columns", () => {
  test("kWh are printed with three places, more only where needed", () => {
    expect(formats().kwh("12345", 3)).toBe("12.345");
    expect(formats().kwhDigits(["12345", "1000"])).toBe(3);
    expect(formats().kwhDigits(["12345.5"])).toBe(4);
    expect(formats().kwhDigits(["0.333333333"])).toBe(6);
    expect(formats().kwhDigits([])).toBe(3);
  });

  test.each([
    ["EUR", ["0.36"], 2],
    ["EUR", ["0.3", "0.2771"], 4],
    ["EUR", ["0.123456789"], 6],
    ["JPY", [], 0],
    ["KWD", ["1"], 3],
  ])("%s %o take %i places", (currency, values, digits) => {
    expect(formats().moneyDigits(values, currency)).toBe(digits);
  });
});

test.each([
  [{ language: "en" }, "EUR", undefined, "€1,234.50"],
  [{ language: "de" }, "EUR", undefined, "1.234,50 €"],
  [{ language: "en", number_format: "decimal_comma" }, "EUR", undefined, "1.234,50 €"],
  [{ language: "en" }, "JPY", undefined, "¥1,235"],
  [{ language: "en" }, "EUR", 4, "€1,234.5000"],
])("money in %o, %s: %s", (locale, currency, digits, text) => {
  expect(plain(formats(locale).money("1234.50", currency, digits))).toBe(text);
});

describe("times are the site's", () => {
  const evening = "2026-11-12T20:38:00Z";

  test.each([
    [{ language: "en" }, "9:38 PM"],
    [{ language: "de" }, "21:38"],
    [{ language: "en", time_format: "24" }, "21:38"],
    [{ language: "de", time_format: "12" }, "9:38 PM"],
    [{ language: "en", time_format: "language" }, "9:38 PM"],
  ])("%o: %s", (locale, text) => {
    expect(plain(formats(locale).time(evening))).toBe(text);
  });

  test("system is the browser's own", () => {
    const own = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit", timeZone: "Asia/Tokyo" });
    expect(formats({ language: "de", time_format: "system" }, "Asia/Tokyo").time(evening)).toBe(
      own.format(new Date(evening)),
    );
  });

  test("a moment today is a time, another one has its day", () => {
    const now = Date.parse("2026-11-12T22:00:00Z");
    expect(formats({ time_format: "24" }).moment(evening, now)).toBe("21:38");
    expect(formats({ time_format: "24" }).moment("2026-11-11T20:38:00Z", now)).toBe("Nov 11, 21:38");
  });

  test("another day of the week has its name", () => {
    const now = Date.parse("2026-11-12T22:00:00Z");
    expect(formats({ time_format: "24" }).weekday(evening, now)).toBe("21:38");
    expect(formats({ time_format: "24" }).weekday("2026-11-13T05:05:00Z", now)).toBe("Fri 06:05");
  });

  test("an hour before ten has two digits unless it is one of twelve", () => {
    const early = "2026-11-12T05:05:00Z";
    const read = (language: string, time_format: string): string => formats({ language, time_format }).time(early);
    expect([read("de", "language"), read("fr", "24"), read("en", "24")]).toEqual(["06:05", "06:05", "06:05"]);
    expect(plain(read("en", "language"))).toBe("6:05 AM");
  });

  test("spans name the second day only where it cannot be guessed", () => {
    const f = formats({ time_format: "24" });
    expect(f.hours(evening, "2026-11-13T00:02:00Z")).toBe("21:38 – 01:02");
    expect(plain(f.hours(evening, "2026-11-14T00:02:00Z"))).toBe("Nov 12, 21:38 – Nov 14, 01:02");
    expect(f.day(evening)).toBe("Nov 12");
  });
});

test("months are named whatever the zone", () => {
  expect(formats({}, "Pacific/Kiritimati").month("2026-11")).toBe("November 2026");
  expect(formats({ language: "fr" }).monthName("2026-11")).toBe("novembre");
});

test("the present month is the site's", () => {
  const midnight = Date.parse("2026-11-30T23:30:00Z");
  expect(formats({}, "Europe/Amsterdam").monthOf(midnight)).toBe("2026-12");
  expect(formats({}, "America/New_York").monthOf(midnight)).toBe("2026-11");
});

test.each([
  [-1, "0:00"],
  [0, "0:00"],
  [59.9, "0:59"],
  [249, "4:09"],
  [3849, "1:04:09"],
  [90000, "25:00:00"],
])("%d s last %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test("a while is told in hours and minutes, without what is none of", () => {
  const lasting = (minutes: number, language = "en"): string => plain(formats({ language }).lasting(minutes * 60_000));
  expect([20, 60, 80, 0].map((minutes) => lasting(minutes))).toEqual(["20 min", "1 hr", "1 hr 20 min", "0 min"]);
  expect(lasting(80, "de")).toBe("1 Std. 20 Min.");
  expect([1439, 1440, 49 * 60 + 15].map((minutes) => lasting(minutes))).toEqual([
    "23 hr 59 min",
    "1 day",
    "2 days 1 hr",
  ]);
});

test("fields for day and time read the site's clock, whatever the reader's format", () => {
  const local = (at: string): string => formats({ time_format: "12" }).local(Date.parse(at));
  expect([local("2026-11-23T23:05:00Z"), local("2026-11-24T12:30:00Z")]).toEqual([
    "2026-11-24T00:05",
    "2026-11-24T13:30",
  ]);
});
