import { describe, expect, test } from "vitest";
import { scale, stack, stepBand, stepLine, ticks } from "../../src/logic/chart.ts";

const x = scale([0, 4], [0, 40]);
const y = scale([0, 10], [100, 0]);

test("a scale may run backwards and beyond its ends", () => {
  expect([x(1), y(0), y(2.5), y(-1)]).toEqual([10, 100, 75, 110]);
});

describe("ticks", () => {
  test.each([
    [0, 11, 4, [0, 5, 10, 15]],
    [0.08, 0.38, 4, [0, 0.1, 0.2, 0.3, 0.4]],
    [-0.04, 0.4, 4, [-0.2, 0, 0.2, 0.4]],
    [-3, -1, 3, [-3, -2, -1, 0]],
    [0, 9, 1, [0, 10]],
    [0, 0, 4, [0, 1]],
  ])("from %s to %s in about %s steps", (least, most, count, found) => {
    expect(ticks(least, most, count)).toEqual(found);
  });

  test("four unless asked otherwise", () => {
    expect(ticks(0, 4)).toEqual([0, 1, 2, 3, 4]);
  });
});

describe("a step line", () => {
  test("holds each value over its slot", () => {
    expect(stepLine([1, 1, 5, 0], x, y)).toBe("M0 90H10V90H20V50H30V100H40");
  });

  test("breaks where nothing is known", () => {
    expect(stepLine([null, 1, null, 2], x, y)).toBe("M10 90H20M30 80H40");
    expect(stepLine([null, null], x, y)).toBe("");
  });
});

describe("a band", () => {
  test("lies between two lines, where there is something between them", () => {
    expect(stepBand([0, 1, 2, 0], [0, 3, 4, 0], x, y)).toBe("M10 70H20V60H30V80H20V90H10Z");
  });

  test("needs both to be known", () => {
    expect(stepBand([null, 0], [5, null], x, y)).toBe("");
    expect(stepBand([], [5], x, y)).toBe("");
  });
});

test("rows are stacked on one another", () => {
  expect(
    stack([
      [1, 2],
      [3, 0],
    ]),
  ).toEqual([
    { lows: [0, 0], highs: [1, 2] },
    { lows: [1, 2], highs: [4, 2] },
  ]);
  expect(stack([])).toEqual([]);
});
