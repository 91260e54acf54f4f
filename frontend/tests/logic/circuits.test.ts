import { describe, expect, test } from "vitest";
import { type Branch, branches, type PhaseLoad, tightest } from "../../src/logic/circuits.ts";
import type { Live, SeenEvse } from "../../src/logic/live.ts";
import type { Circuit, Evse } from "../../src/logic/protocol.ts";
import { circuit, circuits, live, seen } from "../make.ts";

const car = (id: string, site_a: Evse["site_a"]): SeenEvse => seen({ id, name: id, site_a });
const house = (evses: SeenEvse[], ...each: Circuit[]): Live => live(evses, { circuits: circuits(...each) });

function only(found: readonly Branch[]): Branch {
  const [first, ...others] = found;
  if (!first || others.length) throw new Error(`${found.length} branches`);
  return first;
}

const figures = ({ phase, total, headroom, scale }: PhaseLoad): number[] => [phase, total, headroom, scale];

describe("the tree", () => {
  const tree = house(
    [car("A", [10, 0, 0]), car("B", [0, 6, 0]), car("C", null)],
    circuit({ id: "main", evses: ["C"] }),
    circuit({ id: "garage", name: "Garage 10", parent: "main", evses: ["A"], house_a: [0, 0, 0] }),
    circuit({ id: "yard", name: "Garage 2", parent: "main", evses: ["B"], house_a: [0, 0, 0] }),
    circuit({ id: "orphan", name: "Zoo", parent: "gone" }),
  );

  test("hangs circuits below each other, by name as people count", () => {
    const [main, orphan] = branches(tree);
    expect(main?.below.map((each) => each.circuit.id)).toEqual(["yard", "garage"]);
    expect(orphan?.circuit.id).toBe("orphan");
    expect(orphan?.below).toEqual([]);
  });

  test("counts a car in its circuit and in all above", () => {
    const [main] = branches(tree);
    expect(main?.phases.map(figures)).toEqual([
      [1, 14, 11, 25],
      [2, 8, 17, 25],
      [3, 1, 24, 25],
    ]);
    expect(main?.phases[0]?.parts.map(({ evse, index, amps }) => [evse?.id ?? "house", index, amps])).toEqual([
      ["house", 0, 4],
      ["A", 0, 10],
    ]);
    expect(main?.drawing.map(({ evse, index, amps }) => [evse?.id, index, amps])).toEqual([
      ["A", 0, 10],
      ["B", 1, 6],
    ]);
    expect(main?.evses.map(({ id }) => id)).toEqual(["C"]);
    expect(main?.below[0]?.evses.map(({ id }) => id)).toEqual(["B"]);
  });
});

describe("a phase", () => {
  const phase = (change: Partial<Circuit>, amps: number): PhaseLoad | undefined =>
    only(branches(house([car("A", [amps, amps, amps])], circuit({ evses: ["A"], ...change })))).phases[0];

  test("that carries too much has a longer bar and less than nothing free", () => {
    expect(phase({}, 26)).toMatchObject({ total: 30, headroom: -5, limit: 25, scale: 30 });
  });

  test("whose limit is lowered keeps the fuse as its scale", () => {
    expect(phase({ limit_a: 16 }, 10)).toMatchObject({ total: 14, headroom: 2, limit: 16, scale: 25 });
  });

  test("that is fed by its own sun has more room", () => {
    const found = phase({ house_a: [-3, 0, 0] }, 10);
    expect(found).toMatchObject({ total: 7, fed: 3, headroom: 18 });
    expect(found?.parts.map(({ amps }) => amps)).toEqual([10]);
  });

  test("before the first look carries what cars draw", () => {
    expect(phase({ house_a: null }, 10)).toMatchObject({ total: 10, fed: 0, headroom: 15 });
  });
});

test("a meter of one phase tells of one", () => {
  const one = (change: Partial<Circuit>): number =>
    only(branches(house([], circuit({ house_a: [4, 0, 0], ...change })))).phases.length;
  expect(one({})).toBe(1);
  expect(one({ measured: false })).toBe(3);
  expect(one({ house_a: [4, 0, 1] })).toBe(3);
});

test("limits of power and of unbalance stand beside what is used", () => {
  const found = branches(house([], circuit({ power_limit_w: 11000, unbalanced_limit_a: 20, house_a: [10, 4, 6] })));
  expect(only(found)).toMatchObject({ power: { used: 4600, limit: 11000 }, unbalance: { used: 6, limit: 20 } });
  expect(only(branches(house([], circuit())))).toMatchObject({ power: null, unbalance: null });
});

test("who waits stands in order of turns", () => {
  const waiting = circuit({ queue: ["B", "gone", "A"] });
  expect(only(branches(house([car("A", null), car("B", null)], waiting))).queue.map(({ id }) => id)).toEqual([
    "B",
    "A",
  ]);
});

describe("the tightest phase", () => {
  test("is the one with the least room of the circuits at the top", () => {
    const found = tightest(
      house(
        [car("A", [0, 12, 0])],
        circuit({ evses: ["A"] }),
        circuit({ id: "below", parent: "main", limit_a: 1 }),
        circuit({ id: "other", limit_a: 40 }),
      ),
    );
    expect([found?.circuit.id, found?.load.phase, found?.load.headroom]).toEqual(["main", 2, 11]);
  });

  test("is none where there is no circuit", () => {
    expect(tightest(live())).toBeNull();
  });
});
