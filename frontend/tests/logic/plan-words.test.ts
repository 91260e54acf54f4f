import { describe, expect, test } from "vitest";
import {
  atOnce,
  costChange,
  leavingWords,
  otherMeans,
  planSentence,
  planTrouble,
  soon,
  unplanned,
} from "../../src/logic/plan-words.ts";
import type { EvsePlan } from "../../src/logic/protocol.ts";
import { evsePlan, planning, preview, seen, session, site, vehicle, words } from "../make.ts";

const said = (change: Partial<EvsePlan> = {}): string => planSentence(evsePlan(change), site(), words);

describe("a plan", () => {
  test("says until when the car waits, what that saves and when it is ready", () => {
    expect(said()).toBe("Waits until 03:00, saves €1.84; ready 05:40, 1 hr 20 min before departure");
  });

  test("says until when it charges", () => {
    const periods = [["2026-11-23T18:30:00Z", "2026-11-23T20:00:00Z", 7000, null]] as const;
    expect(said({ periods, saved: "0.00", ready_at: "2026-11-24T06:00:00Z" })).toBe("Charges until 21:00; ready 07:00");
  });

  test("goes on no longer than the car is there", () => {
    const periods = [["2026-11-23T18:30:00Z", "2026-11-24T06:15:00Z", 7000, null]] as const;
    expect(said({ periods, saved: null, ready_at: null })).toBe("Charges until 07:00");
  });

  test("of a car that will not be ready says no more than what it does", () => {
    expect(said({ ready_at: null, saved: null })).toBe("Waits until 03:00");
  });

  test("of a car that is late names no departure that is over", () => {
    expect(planSentence(evsePlan(), site(), words, true)).toBe("Waits until 03:00, saves €1.84; ready 05:40");
  });

  test("of somebody else's car tells no time", () => {
    expect(said({ departure: null, saved: null })).toBe("Waits until 03:00");
  });

  test("that is done says when", () => {
    expect(said({ periods: [["2026-11-23T18:00:00Z", "2026-11-24T06:00:00Z", 0, null]], saved: null })).toBe(
      "ready 05:40, 1 hr 20 min before departure",
    );
    expect(said({ periods: [] })).toBe("It has what was wanted.");
  });

  test("of a car that has enough says what more is to come", () => {
    const periods = [
      ["2026-11-23T18:30:00Z", "2026-11-24T02:00:00Z", 0, "price_limit"],
      ["2026-11-24T02:00:00Z", "2026-11-24T06:00:00Z", 7000, "extra"],
    ] as const;
    const plan = { periods, ready_at: "2026-11-23T18:30:00Z", soonest: "2026-11-23T18:30:00Z" };
    expect(said(plan)).toBe("It has what was wanted. Waits until 03:00.");
    expect(said({ ...plan, periods: periods.slice(0, 1) })).toBe("It has what was wanted.");
    expect(atOnce(evsePlan(plan), site(), words)).toBeNull();
  });
});

describe("a departure", () => {
  test("says who says so", () => {
    expect(leavingWords(vehicle(), words)).toEqual(["07:00, as every week."]);
    const far = vehicle({ departure: "2026-11-27T06:00:00Z", origin: "calendar" });
    expect(leavingWords(far, words)).toEqual(["Fri 07:00, by its calendar."]);
    expect(leavingWords(vehicle({ origin: "once" }), words)).toEqual(["07:00, set once."]);
    expect(leavingWords(vehicle({ departure: null, origin: null }), words)).toEqual([]);
  });

  test("with a goal of its own says what that counts from, and what goes with it", () => {
    const told = leavingWords(
      vehicle({
        goal: { kind: "distance", amount: 120 },
        own_goal: true,
        later: [{ at: "2026-11-24T17:00:00Z", goal: { kind: "energy", amount: 25_000 } }],
      }),
      words,
    );
    expect(told.slice(1)).toEqual([
      "The goal is for this departure only; usually it is 80%.",
      "Counted from when it was plugged in.",
      "Also charged before: 25\u00a0kWh for Tue 18:00, by its calendar.",
    ]);
  });

  test("of a guest holds for the session", () => {
    const guest = { guest: true, origin: "once", own_goal: false } as const;
    const full = vehicle({ ...guest, goal: { kind: "percent", amount: 100 } });
    expect(leavingWords(full, words)).toEqual([
      "07:00, for this session.",
      "It is taken for empty until it stops by itself.",
    ]);
    const some = vehicle({ ...guest, own_goal: true, goal: { kind: "energy", amount: 12_000 } });
    expect(leavingWords(some, words)).toEqual(["07:00, for this session.", "Counted from when it was plugged in."]);
  });

  test("that is over says until when the car is charged", () => {
    const late = vehicle({ departure: "2026-11-23T18:00:00Z", late_until: "2026-11-23T19:00:00Z" });
    expect(leavingWords(late, words)).toEqual([
      "19:00, as every week.",
      "It is still here, and is charged until 20:00 at most.",
    ]);
  });
});

test("a time is told with its day only where it could be taken for another", () => {
  expect(soon("2026-11-24T10:59:00Z", words)).toBe("11:59");
  expect(soon("2026-11-24T11:00:00Z", words)).toBe("Tue 12:00");
  const morning = { ...words, now: Date.parse("2026-11-23T10:59:00Z") };
  expect(soon("2026-11-23T22:59:00Z", morning)).toBe("23:59");
  expect(soon("2026-11-23T23:00:00Z", morning)).toBe("Tue 00:00");
  expect(soon("2026-11-29T18:29:00Z", words)).toBe("Sun 19:29");
  expect(soon("2026-11-29T18:30:00Z", words)).toBe("Nov 29, 19:30");
});

describe("trouble", () => {
  const trouble = (change: Partial<EvsePlan>): string | null =>
    planTrouble(evsePlan({ unmet_wh: "11400", ...change }), words);

  test("says what will be missing and what helps", () => {
    expect(trouble({ state: "late" })).toContain("ready by 07:00: fuses and other cars leave too little. 11.4 kWh");
    expect(trouble({ state: "impossible" })).toContain("even at full power. 11.4 kWh");
  });

  test("is none on track, nor in what one may not see", () => {
    expect(trouble({})).toBeNull();
    expect(trouble({ state: null })).toBeNull();
    expect(trouble({ state: "late", unmet_wh: null })).toBeNull();
    expect(trouble({ state: "late", departure: null })).toBeNull();
  });
});

test("without a plan the first thing to do comes first", () => {
  const smart = seen({ mode: "smart", session: session() });
  expect(unplanned(vehicle(), undefined, planning())).toBe("away");
  expect(unplanned(vehicle(), seen({ mode: "smart", plugged: true }), planning())).toBe("idle");
  expect(unplanned(vehicle({ departure: null }), smart, planning())).toBe("departure");
  expect(unplanned(vehicle(), seen({ session: session() }), planning())).toBe("mode");
  expect(unplanned(vehicle(), smart, planning())).toBe("price");
  const prices = [["2026-11-23T18:00:00Z", "2026-11-24T02:00:00Z", "0.30"]] as const;
  expect(unplanned(vehicle(), smart, planning({ prices }))).toBe("soon");
});

describe("what would be", () => {
  const change = (cost: string): string | null =>
    costChange(preview({ plan: evsePlan({ cost }), present: evsePlan({ cost: "6.20" }) }), site(), words);

  test("is held against what is", () => {
    expect(change("6.60")).toBe("€0.40 more than now");
    expect(change("5.20")).toBe("€1.00 less than now");
    expect(change("6.20")).toBe("the same as now");
    expect(costChange(preview({ present: null }), site(), words)).toBeNull();
  });

  test("is held against what else could be", () => {
    const other = evsePlan({ cost: "6.00", ready_at: "2026-11-24T05:10:00Z" });
    expect(otherMeans(other, preview(), site(), words)).toBe("ready 06:10, €0.60 less");
    const late = evsePlan({ cost: "6.60", ready_at: null, unmet_wh: "1500" });
    expect(otherMeans(late, preview(), site(), words)).toBe("1.5 kWh missing, same cost");
    const unknown = evsePlan({ cost: "6.60", ready_at: null, unmet_wh: null });
    expect(otherMeans(unknown, preview(), site(), words)).toBe("same cost");
    const full = { ...unknown, unmet_wh: "0" };
    expect(otherMeans(full, preview(), site(), words)).toBe("same cost");
  });

  test("of charging at once is said where it would be ready", () => {
    expect(atOnce(evsePlan(), site(), words)).toBe("Charged at once: ready 22:20, €1.84 more.");
    expect(atOnce(evsePlan({ saved: "-0.10" }), site(), words)).toBe("Charged at once: ready 22:20, €0.10 less.");
    expect(atOnce(evsePlan({ soonest: null }), site(), words)).toBeNull();
    expect(atOnce(evsePlan({ periods: [] }), site(), words)).toBeNull();
  });
});
