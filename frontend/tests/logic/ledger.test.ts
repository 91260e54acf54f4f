import { describe, expect, test } from "vitest";
import { addsUp, driversToReview, isEmpty, linesOf, unrounded } from "../../src/logic/ledger.ts";
import { bill, driverRow, line, period } from "../make.ts";

test("a driver's lines by time, then by id", () => {
  const lines = [
    line({ id: "c", started_at: "2026-11-13T00:00:00Z" }),
    line({ id: "b" }),
    line({ id: "a" }),
    line({ id: "x", driver_id: null }),
  ];
  expect(linesOf(bill({ lines }), "anna").map(({ id }) => id)).toEqual(["a", "b", "c"]);
  expect(linesOf(bill({ lines }), null).map(({ id }) => id)).toEqual(["x"]);
});

test("drivers to review, sessions without a driver among them", () => {
  const drivers = [driverRow(), driverRow({ driver_id: "ben" }), driverRow({ driver_id: null })];
  const lines = [line(), line({ driver_id: "ben", review: true }), line({ driver_id: null, review: true })];
  expect(driversToReview(bill({ drivers, lines }))).toEqual(["ben", null]);
});

describe("the total", () => {
  const drivers = [
    driverRow({ amounts: { EUR: "0.10" }, energy_wh: "100.5", sessions: 1 }),
    driverRow({ driver_id: "ben", amounts: { EUR: "0.20", USD: "7" }, energy_wh: "200", sessions: 2 }),
  ];
  const total = { amounts: { EUR: "0.30", USD: "7.00" }, energy_wh: "300.50", sessions: 3 };

  test.each([
    [{}, true],
    [{ amounts: { EUR: "0.31", USD: "7" } }, false],
    [{ amounts: { EUR: "0.30" } }, false],
    [{ amounts: { EUR: "0.30", USD: "7", SEK: "1" } }, false],
    [{ energy_wh: "300" }, false],
    [{ sessions: 4 }, false],
  ])("with %o adds up: %o", (change, expected) => {
    expect(addsUp(bill({ drivers, total: { ...total, ...change } }))).toBe(expected);
  });
});

test.each([
  [{}, "0.3624468"],
  [{ amount: "0.3624468" }, null],
  [{ periods: [] }, null],
  [{ periods: [period({ amount: "0.1" }), period({ amount: "0.26" })] }, null],
])("a line with %o was rounded from %o", (change, exact) => {
  expect(unrounded(line(change))).toBe(exact);
});

test("a month is empty without lines and sessions, whoever could have driven", () => {
  expect(isEmpty(bill({ lines: [], drivers: [driverRow({ sessions: 0 })] }))).toBe(true);
  expect(isEmpty(bill({ lines: [], drivers: [driverRow()] }))).toBe(false);
  expect(isEmpty(bill())).toBe(false);
});
