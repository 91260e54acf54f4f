import { expect, test } from "vitest";
import { sparkline } from "../../src/logic/sparkline.ts";
import { NOW } from "../make.ts";

const ago = (hours: number): string => new Date(NOW - hours * 3_600_000).toISOString();

test("no history, no line", () => {
  expect(sparkline({ history: [], power_w: 0 }, NOW)).toBeNull();
  expect(sparkline({ history: [[ago(-1), 5]], power_w: 0 }, NOW)).toBeNull();
});

test("each value holds until the next and the last until now", () => {
  const drawn = sparkline(
    {
      history: [
        [ago(24), 0],
        [ago(12), 10_000],
        [ago(6), 0],
      ],
      power_w: 5000,
    },
    NOW,
  );
  expect(drawn).toEqual({
    line: "M0 47H120V1H180V47H240V24",
    area: "M0 47H120V1H180V47H240V24V48H0Z",
    peak_w: 10_000,
  });
});

test("without power now the line ends where knowledge ends", () => {
  expect(
    sparkline(
      {
        history: [
          [ago(12), 100],
          [ago(6), 100],
        ],
        power_w: null,
      },
      NOW,
    )?.line,
  ).toBe("M120 1H180V1");
});

test("an older point holds at the left edge", () => {
  expect(sparkline({ history: [[ago(30), 100]], power_w: 100 }, NOW)?.line).toBe("M0 1H240V1");
});

test("nothing but zero, or less, stays at the bottom", () => {
  expect(sparkline({ history: [[ago(24), 0]], power_w: 0 }, NOW)).toMatchObject({ line: "M0 47H240V47", peak_w: 0 });
  expect(
    sparkline(
      {
        history: [
          [ago(24), -50],
          [ago(12), 100],
        ],
        power_w: 0,
      },
      NOW,
    )?.line,
  ).toBe("M0 47H120V1H240V47");
});
