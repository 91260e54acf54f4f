import { describe, expect, test } from "vitest";
import {
  hours,
  slotAt,
  slotOf,
  slotReason,
  SLOTS,
  type Slot,
  type Timeline,
  timeline,
  turn,
} from "../../src/logic/plan.ts";
import type { EvsePlan, Planning } from "../../src/logic/protocol.ts";
import type { SeenEvse } from "../../src/logic/live.ts";
import { evsePlan, live, NOW, planning, seen, vehicle } from "../make.ts";

const at = (clock: string): number => Date.parse(`2026-11-${clock}:00Z`);
const made = (change: Partial<Planning>, evses: SeenEvse[] = [seen()], now = NOW): Timeline =>
  timeline(live(evses, { plan: planning(change) }), now);

function slot(line: Timeline, clock: string): Slot {
  const found = line.slots[slotOf(line, at(clock))];
  if (!found) throw new Error(clock);
  return found;
}

describe("the axis", () => {
  test("is two days in quarter hours, eight hours of them behind", () => {
    const line = made({});
    expect(line.slots).toHaveLength(192);
    expect([line.start, line.end]).toEqual([at("23T10:00"), at("25T10:00")]);
    expect(slot(line, "23T18:15").past).toBe(true);
    expect(slot(line, "23T18:30").past).toBe(false);
  });

  test("is found from a place on it, and never left", () => {
    expect([slotAt(0), slotAt(0.5), slotAt(1), slotAt(-1)]).toEqual([0, 96, SLOTS - 1, 0]);
  });
});

describe("prices and sun", () => {
  const line = made({
    prices: [
      ["2026-11-23T19:00:00Z", "2026-11-23T20:00:00Z", "-0.02"],
      ["2026-11-23T20:00:00Z", "2026-11-23T20:05:00Z", "0.10"],
      ["2026-11-23T20:05:00Z", "2026-11-23T20:15:00Z", "0.40"],
    ],
    known_until: "2026-11-23T20:00:00Z",
    solar: [
      ["2026-11-24T11:00:00Z", "2026-11-24T12:00:00Z", 3000, 1000, 4000],
      ["2026-11-24T12:00:00Z", "2026-11-24T13:00:00Z", 2000, null, null],
    ],
  });

  test("hold in their slots, as a mean where they change within one", () => {
    expect(slot(line, "23T19:45")).toMatchObject({ price: -0.02, told: true });
    expect(slot(line, "23T20:00").price).toBeCloseTo(0.3);
    expect(slot(line, "23T20:00").told).toBe(false);
    expect(slot(line, "23T20:15").price).toBeNull();
  });

  test("have bounds where the source tells them", () => {
    expect(slot(line, "24T11:30")).toMatchObject({ sun: 3000, sunLow: 1000, sunHigh: 4000 });
    expect(slot(line, "24T12:30")).toMatchObject({ sun: 2000, sunLow: null, sunHigh: null });
  });

  test("without any none is told", () => {
    expect(
      made({ prices: [["2026-11-23T19:00:00Z", "2026-11-23T20:00:00Z", "1"]] }).slots.some(({ told }) => told),
    ).toBe(false);
  });
});

describe("cars", () => {
  test("show what they drew before now and what is planned after", () => {
    const history = [
      ["2026-11-23T17:00:00Z", 7000],
      ["2026-11-23T18:00:00Z", -5],
      ["2026-11-23T18:15:00Z", 3600],
    ] as const;
    const line = made({ plans: { "CP1/1": evsePlan() } }, [seen({ history })], at("23T18:20"));
    expect(slot(line, "23T17:45").cars).toEqual([7000]);
    expect(slot(line, "23T18:00").cars).toEqual([0]);
    expect(slot(line, "23T18:15").cars).toEqual([3600]);
    expect(slot(line, "24T01:45").cars).toEqual([0]);
    expect(slot(line, "24T02:00").cars).toEqual([11040]);
  });

  test("are those that drew or are to draw; the others leave but their marks free", () => {
    const drew = seen({ id: "B", name: "B", history: [["2026-11-23T12:00:00Z", 3000]] });
    const long = seen({ id: "C", name: "C", history: [["2026-11-23T08:00:00Z", 3000]] });
    const idle = seen({ id: "D", name: "D", history: [["2026-11-23T12:00:00Z", 8]] });
    const planned = seen({ id: "E", name: "E" });
    const line = made({ plans: { E: evsePlan() }, vehicles: [vehicle({ evse: "E" })] }, [planned, idle, long, drew]);
    expect(line.cars.map(({ evse, vehicle: car, index }) => [evse.id, car?.name ?? null, index])).toEqual([
      ["B", null, 0],
      ["E", "Zoe", 3],
    ]);
  });
});

describe("the reason of a slot", () => {
  const line = made({ plans: { "CP1/1": evsePlan() } }, [seen()], at("23T18:40"));
  const reason = (clock: string, change?: Partial<EvsePlan>): string | null => {
    const [car] = line.cars;
    if (!car) throw new Error("no car");
    return slotReason(line, change ? { ...car, plan: evsePlan(change) } : car, slotOf(line, at(clock)));
  };

  test.each([
    ["23T18:15", null],
    ["23T18:30", "waits"],
    ["24T02:00", "cheapest"],
    ["24T04:45", "ready"],
    ["24T06:00", null],
  ])("at %s is %s", (clock, word) => {
    expect(reason(clock)).toBe(word);
  });

  test("is that of its greater part", () => {
    const periods = [
      ["2026-11-24T02:00:00Z", "2026-11-24T02:05:00Z", 0, "fuse"],
      ["2026-11-24T02:05:00Z", "2026-11-24T02:15:00Z", 4000, "solar"],
    ] as const;
    expect(reason("24T02:00", { periods })).toBe("solar");
  });

  test("is none where nobody says, without a plan, or beside the axis", () => {
    expect(reason("24T02:00", { periods: [["2026-11-24T02:00:00Z", "2026-11-24T03:00:00Z", 0, null]] })).toBeNull();
    const [car] = line.cars;
    if (!car) throw new Error("no car");
    expect(slotReason(line, { ...car, plan: null }, 100)).toBeNull();
    expect(slotReason(line, car, SLOTS)).toBeNull();
  });
});

describe("what a car does now", () => {
  const until = (periods: EvsePlan["periods"], clock = "23T18:40"): unknown => turn(evsePlan({ periods }), at(clock));

  test("is to wait until it draws, or to draw until it pauses", () => {
    const { periods } = evsePlan();
    expect(until(periods)).toEqual({ draws: false, until: "2026-11-24T02:00:00Z" });
    expect(until(periods, "24T02:10")).toEqual({ draws: true, until: "2026-11-24T04:45:00Z" });
  });

  test("is to draw until the end, or not at all any more", () => {
    const { periods } = evsePlan();
    expect(until(periods.slice(0, 2), "24T02:10")).toEqual({ draws: true, until: "2026-11-24T04:45:00Z" });
    expect(until(periods, "24T05:00")).toBeNull();
    expect(until([])).toBeNull();
  });

  test("goes on through a change of power", () => {
    const steps = [
      ["2026-11-23T18:30:00Z", "2026-11-23T19:00:00Z", 4000, null],
      ["2026-11-23T19:00:00Z", "2026-11-23T20:00:00Z", 8000, null],
    ] as const;
    expect(until(steps)).toEqual({ draws: true, until: "2026-11-23T20:00:00Z" });
  });
});

test("hours to come are means of their quarters", () => {
  const line = made({
    prices: [["2026-11-24T02:00:00Z", "2026-11-24T02:30:00Z", "0.20"]],
    solar: [["2026-11-24T02:00:00Z", "2026-11-24T03:00:00Z", 400, null, null]],
    plans: { "CP1/1": evsePlan({ periods: [["2026-11-24T02:30:00Z", "2026-11-24T03:00:00Z", 8000, null]] }) },
  });
  const found = hours(line);
  expect(found[0]?.start).toBe(at("23T18:00"));
  expect(found).toHaveLength(40);
  expect(found[8]).toEqual({ start: at("24T02:00"), price: 0.2, sun: 400, cars: [4000] });
  expect(found[9]).toMatchObject({ price: null, sun: null, cars: [0] });
});
