import { expect, test } from "vitest";
import { equal, places, shift, sum } from "../../src/logic/decimal.ts";

test.each([
  [[], "0"],
  [["0.1", "0.2"], "0.3"],
  [["1.50", "-0.25"], "1.25"],
  [["-1.25"], "-1.25"],
  [["-0.5", "0.5"], "0"],
  [["1E+3", "0E-8", "+.5"], "1000.5"],
  [["12345678901234567890.1", "0.01"], "12345678901234567890.11"],
])("the sum of %o is %s", (numbers, total) => {
  expect(sum(numbers)).toBe(total);
});

test("96 quarters of an hour add up to the cent", () => {
  expect(sum(Array.from({ length: 96 }, () => "0.01234"))).toBe("1.18464");
});

test.each([
  ["12345", 3, "12.345"],
  ["5", 3, "0.005"],
  ["-5.5", 3, "-0.0055"],
  ["1000", 3, "1"],
  ["0", 3, "0"],
])("%s moved by %i is %s", (number, by, moved) => {
  expect(shift(number, by)).toBe(moved);
});

test.each([
  ["1.250", 2],
  ["7", 0],
  ["0.00", 0],
])("%s has %i places that count", (number, count) => {
  expect(places(number)).toBe(count);
});

test("equal in value, whatever the writing", () => {
  expect(equal("1.50", "1.5")).toBe(true);
  expect(equal("0.00", "-0")).toBe(true);
  expect(equal("1.5", "1.51")).toBe(false);
});

test.each(["", ".", "NaN", "1,5", "12 Wh"])("%o is no decimal", (text) => {
  expect(() => sum([text])).toThrow(RangeError);
});
