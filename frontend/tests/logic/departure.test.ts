import { expect, test } from "vitest";
import { atTime, dayOf, onDay, timeOf } from "../../src/logic/departure.ts";

const FRIDAY = "2026-11-27T19:30";

test("a departure is a day and a time", () => {
  expect([dayOf(FRIDAY), timeOf(FRIDAY)]).toEqual(["2026-11-27", "19:30"]);
  expect([dayOf(""), timeOf("")]).toEqual(["", ""]);
});

test("another day keeps the time; where there was none it is seven", () => {
  expect(onDay("2026-11-28T06:15", "2026-11-30")).toBe("2026-11-30T06:15");
  expect(onDay("", "2026-11-30")).toBe("2026-11-30T07:00");
  expect(onDay(FRIDAY, "")).toBe("");
});

test("another time keeps the day as long as it is ahead", () => {
  expect(atTime("2026-11-30T07:00", "06:15", FRIDAY)).toBe("2026-11-30T06:15");
  expect(atTime("2026-11-27T20:00", "21:00", FRIDAY)).toBe("2026-11-27T21:00");
  expect(atTime("2026-11-27T20:00", "19:30", FRIDAY)).toBe("2026-11-28T19:30");
});

test("where there was no day, or one that is over, a time is the next such time", () => {
  expect(atTime("", "20:00", FRIDAY)).toBe("2026-11-27T20:00");
  expect(atTime("", "07:00", "2026-12-31T19:30")).toBe("2027-01-01T07:00");
  expect(atTime("2026-11-27T07:00", "08:00", "2026-11-28T00:10")).toBe("2026-11-28T08:00");
  expect(atTime(FRIDAY, "", FRIDAY)).toBe("");
});
