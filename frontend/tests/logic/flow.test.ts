import { describe, expect, test } from "vitest";
import { flow, type Share } from "../../src/logic/flow.ts";
import type { Energy } from "../../src/logic/protocol.ts";
import { live, seen, session, site } from "../make.ts";

const energy = (change: Partial<Energy>): Energy => ({
  grid_w: null,
  solar_w: null,
  battery_w: null,
  battery_percent: null,
  ...change,
});
const told = (shares: readonly Share[] = []): Record<string, number> =>
  Object.fromEntries(shares.map(({ kind, label, watts }) => [label ?? kind, watts]));

test("the cars give the total, whatever the site says at the same moment", () => {
  const evses = [
    seen({ id: "a", name: "A", power_w: 7000, session: session() }),
    seen({ id: "b", name: "B", power_w: 0 }),
    seen({ id: "c", name: "C", power_w: 3000, session: session({ driver: null }) }),
  ];
  expect(flow(live(evses, { site: site({ power_w: 9990 }) }))).toEqual({
    watts: 10000,
    from: [],
    to: [
      { kind: "car", label: "Anna · A", watts: 7000, index: 0 },
      { kind: "car", label: "C", watts: 3000, index: 2 },
    ],
    scale: 10000,
  });
});

test("where no EVSE reports power, the site's figure stands alone", () => {
  const unmeasured = [seen({ power_w: null })];
  expect(flow(live(unmeasured, { site: site({ power_w: 5000 }) }))).toEqual({
    watts: 5000,
    from: [],
    to: [],
    scale: 1,
  });
  expect(flow(live(unmeasured))).toBeNull();
  expect(flow(live(unmeasured, { site: site({ energy: energy({ grid_w: 300 }) }) }))?.watts).toBe(0);
});

describe("where power comes from and goes to", () => {
  test.each<[string, Partial<Energy>, number, Record<string, number>, Record<string, number>]>([
    ["the grid alone", { grid_w: 9000 }, 7000, { grid: 9000 }, { house: 2000, A: 7000 }],
    [
      "sun, battery and grid",
      { grid_w: 1000, solar_w: 5000, battery_w: -2000 },
      7000,
      { solar: 5000, battery: 2000, grid: 1000 },
      { house: 1000, A: 7000 },
    ],
    [
      "more sun than is used",
      { grid_w: -3000, solar_w: 9000, battery_w: 1500 },
      4000,
      { solar: 9000 },
      { house: 500, A: 4000, charge: 1500, export: 3000 },
    ],
    ["a sun nobody measures", { grid_w: -3000 }, 4000, { other: 7000 }, { A: 4000, export: 3000 }],
    ["a meter that is ahead of another", { grid_w: 0, solar_w: 3900 }, 4000, { solar: 3900 }, { A: 4000 }],
    ["a house off the grid", { solar_w: 4500 }, 4000, { solar: 4500 }, { house: 500, A: 4000 }],
    ["noise", { grid_w: 4, solar_w: 4000, battery_w: 3 }, 4000, { solar: 4000 }, { A: 4000 }],
  ])("%s", (_name, readings, watts, from, to) => {
    const found = flow(live([seen({ name: "A", power_w: watts })], { site: site({ energy: energy(readings) }) }));
    expect(told(found?.from)).toEqual(from);
    expect(told(found?.to)).toEqual(to);
  });

  test("both bars have the scale of the larger one", () => {
    const ahead = site({ energy: energy({ grid_w: 0, solar_w: 3900 }) });
    expect(flow(live([seen({ power_w: 4000 })], { site: ahead }))?.scale).toBe(4000);
  });
});
