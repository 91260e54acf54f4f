import { describe, expect, test } from "vitest";
import { converted, goalField, goalText, goalWords, isSame, kindsOf, scaleOf } from "../../src/logic/goal.ts";
import type { Goal } from "../../src/logic/protocol.ts";
import { f, vehicle, words } from "../make.ts";

const percent = (amount: number): Goal => ({ kind: "percent", amount });
const km = (amount: number): Goal => ({ kind: "distance", amount });
const wh = (amount: number): Goal => ({ kind: "energy", amount });

test("a goal reads in its own unit", () => {
  expect([percent(80), km(120), km(99.96), wh(25_000), wh(7540)].map((goal) => goalText(goal, f))).toEqual([
    "80%",
    "120\u00a0km",
    "100\u00a0km",
    "25\u00a0kWh",
    "7.5\u00a0kWh",
  ]);
});

test("a guest's car is to be full, or to get some kWh", () => {
  const guest = vehicle({ guest: true });
  expect([kindsOf(guest), kindsOf(vehicle())]).toEqual([
    ["percent", "energy"],
    ["percent", "distance", "energy"],
  ]);
  expect(converted(percent(100), "energy", guest)).toEqual(wh(20_000));
  expect(converted(wh(7000), "percent", guest)).toEqual(percent(100));
  expect(goalWords(percent(100), guest, words)).toBe("full");
  expect(goalWords(wh(7500), guest, words)).toBe("7.5\u00a0kWh");
  expect(goalWords(percent(80), vehicle(), words)).toBe("80%");
});

test("actions are told kWh", () => {
  expect([percent(80), km(120), wh(7500)].map(goalField)).toEqual([
    { percent: 80 },
    { distance: 120 },
    { energy: 7.5 },
  ]);
});

test("goals are the same in the same unit only", () => {
  expect(isSame(km(80), km(80))).toBe(true);
  expect(isSame(km(80), percent(80))).toBe(false);
  expect(isSame(km(80), km(85))).toBe(false);
});

describe("a scale", () => {
  test("ends where the battery is full", () => {
    // 50 kWh at 180 Wh per km are 277 km.
    expect(scaleOf("distance", vehicle())).toEqual({ least: 10, most: 275, step: 5 });
    expect(scaleOf("energy", vehicle({ battery_wh: 41_300 }))).toEqual({ least: 1000, most: 41_000, step: 500 });
    expect(scaleOf("percent", vehicle())).toEqual({ least: 10, most: 100, step: 1 });
  });

  test("leaves a choice for the smallest battery", () => {
    expect(scaleOf("energy", vehicle({ battery_wh: 900 }))).toEqual({ least: 1000, most: 1500, step: 500 });
  });
});

describe("in another unit", () => {
  test("a goal is about as much: from 40 to 80 % of 50 kWh are 20 kWh, or 111 km", () => {
    expect(converted(percent(80), "energy", vehicle())).toEqual(wh(20_000));
    expect(converted(percent(80), "distance", vehicle())).toEqual(km(110));
    expect(converted(wh(20_000), "percent", vehicle())).toEqual(percent(80));
    expect(converted(km(100), "percent", vehicle())).toEqual(percent(76));
    expect(converted(km(100), "energy", vehicle())).toEqual(wh(18_000));
  });

  test("a car of which nothing is known is taken for empty", () => {
    expect(converted(percent(80), "energy", vehicle({ percent: null }))).toEqual(wh(40_000));
    expect(converted(wh(40_000), "percent", vehicle({ percent: null }))).toEqual(percent(80));
  });

  test("it is no less than there is, and no more than fits", () => {
    expect(converted(percent(30), "distance", vehicle())).toEqual(km(10));
    expect(converted(km(900), "percent", vehicle())).toEqual(percent(100));
  });
});
