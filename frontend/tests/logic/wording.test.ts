import { describe, expect, test } from "vitest";
import type { Charger, Circuit, Evse, LimitReason } from "../../src/logic/protocol.ts";
import {
  type CircuitNote,
  circuitNotes,
  describe as say,
  type Description,
  flowing,
  headroom,
  nameOf,
} from "../../src/logic/wording.ts";
import { charger, circuit, evse, session, words } from "../make.ts";

const of = (change: Partial<Evse>, of: Charger | undefined = charger()): Description => say(evse(change), of, words);
const card = { start: false, stop: false, unlock: false };

describe("each status has a state and says what to do", () => {
  test.each<[string, Partial<Evse>, Partial<Description>]>([
    [
      "free",
      { status: "available" },
      { symbol: "free", state: "Available", hint: "Plug in the car, then tap Start or hold a tag to the charger." },
    ],
    [
      "free, by card only",
      { status: "available", can: card },
      { hint: "Plug in the car and hold your tag to the charger." },
    ],
    [
      "free, switched off",
      { status: "available", enabled: false },
      { hint: "Charging is switched off here. Switch it on in the settings and waiting cars start." },
    ],
    [
      "plugged in",
      { status: "preparing" },
      { symbol: "plugged", tone: "warning", hint: "Tap Start or hold a tag to the charger." },
    ],
    ["plugged in, by card only", { status: "preparing", can: card }, { hint: "Hold your tag to the charger." }],
    ["starting", { status: "preparing", session: session() }, { symbol: "plugged", tone: "active", state: "Starting" }],
    ["paused by the car", { status: "suspended_ev" }, { symbol: "paused", state: "Paused by the car" }],
    ["finished", { status: "finishing" }, { symbol: "done", hint: "Unplug the car to free the charger." }],
    ["reserved", { status: "reserved" }, { symbol: "reserved", tone: "warning" }],
    ["out of use", { status: "unavailable" }, { symbol: "out_of_use", tone: "warning" }],
    ["silent", { status: "unknown" }, { symbol: "unknown", tone: "off" }],
  ])("%s", (_, change, expected) => {
    expect(of(change)).toMatchObject(expected);
  });
});

describe("the charger holds back", () => {
  test.each<[Partial<Evse>, string]>([
    [{}, "Charging goes on as soon as the charger may give power again."],
    [{ limit_a: 16 }, "Charging goes on as soon as the charger may give power again."],
    [{ limit_a: 4 }, "The maximum set here is below 6 A, and no car charges with less. Raise it in the settings."],
    [
      { enabled: false, limit_a: 4 },
      "Charging is switched off here. Switch it on in the settings and waiting cars start.",
    ],
  ])("%o: %s", (change, hint) => {
    expect(of({ status: "suspended_evse", ...change }).hint).toBe(hint);
  });
});

test.each<[Evse["currents_a"], string]>([
  [[13.9, 14.2, 14], "Charging, 14 A on three phases"],
  [[15.6, 15.4, 0.1], "Charging, 16 A on two phases"],
  [[31.3, null, null], "Charging, 31 A on one phase"],
  [[0, 0, 0], "Charging"],
  [[null, null, null], "Charging"],
])("currents %o: %s", (currents_a, state) => {
  expect(of({ status: "charging", currents_a })).toEqual({ symbol: "charging", tone: "active", state, hint: null });
});

describe("faults", () => {
  test.each<[string | null, string, RegExp]>([
    ["GroundFailure", "Current leaks to earth", /electrician/],
    ["ground_failure", "Current leaks to earth", /electrician/],
    ["HighTemperature", "Too hot", /cool down/],
    ["ReaderFailure", "The tag reader does not work", /off and on/],
    ["E42 <b>", "Fault: E42 <b>", /plug it in again/],
    [null, "Fault", /plug it in again/],
  ])("%o is %s", (error, state, hint) => {
    const said = of({ status: "faulted", error });
    expect(said).toMatchObject({ symbol: "fault", tone: "error", state });
    expect(said.hint).toMatch(hint);
  });
});

describe("an absent charger comes before all else", () => {
  test.each<[string, Charger | undefined, string]>([
    ["seen today", charger({ connected: false }), "Offline, last seen 19:29"],
    ["never seen", charger({ connected: false, last_seen: null }), "Offline"],
  ])("%s", (_, absent, state) => {
    expect(of({ status: "faulted" }, absent)).toMatchObject({ symbol: "offline", tone: "error", state });
  });

  test("not known at all", () => {
    expect(say(evse(), undefined, words).state).toBe("Offline");
  });
});

describe("why a limit is what it is", () => {
  const reason = { word: "share", limit_a: 12.5, circuit: "Garage", phase: 1, cars: 3, until: null } as const;

  test.each<[Partial<LimitReason>, string | null]>([
    [{}, "12.5 A: fair share of Garage on L1; cars: 3"],
    [{ limit_a: 12 }, "12 A: fair share of Garage on L1; cars: 3"],
    [{ word: "waiting_power", phase: null }, "Waiting: no power left in Garage; cars: 3"],
    [{ word: "sun", circuit: null, phase: null, cars: 1 }, "12.5 A: follows the sun; cars: 1"],
    [{ word: "waiting", circuit: null, phase: null }, "Waiting: no room in ? on ?; cars: 3"],
    [{ word: "delayed" }, "Waiting until ?: random delay"],
    [{ word: "delayed_end", until: "2026-11-28T12:34:00Z" }, "12.5 A until 13:34: random delay"],
    [{ word: "ready" }, null],
    [{ word: "paused" }, null],
  ])("%o: %s", (change, hint) => {
    expect(of({ status: "charging", reason: { ...reason, ...change } }).hint).toBe(hint);
  });

  test("it tells more than that the charger paused", () => {
    const waiting = { ...reason, word: "waiting" } as const;
    expect(of({ status: "suspended_evse", reason: waiting }).hint).toBe("Waiting: no room in Garage on L1; cars: 3");
  });
});

describe("a circuit in words", () => {
  test.each<[number, string, string]>([
    [18.04, "18 of 25 A", "7 A free"],
    [25, "25 of 25 A", "0 A free"],
    [26.25, "26.3 of 25 A", "1.3 A too much"],
    [-3, "3 A exported", "28 A free"],
  ])("%d A flow", (total, flows, room) => {
    const load = { total, limit: 25, headroom: 25 - total };
    expect([flowing(load, words), headroom(load, words)]).toEqual([flows, room]);
  });

  const notes = (change: Partial<Circuit>, free = 1): CircuitNote[] =>
    circuitNotes({ circuit: circuit(change), phases: [{ headroom: 9 }, { headroom: free }] }, words);
  const kinds = (change: Partial<Circuit>): string[] => notes(change).map(({ kind }) => kind);

  test("an overload that is over is told as one", () => {
    expect(notes({ overloaded: true }, -1)[0]?.text).toMatch(/^More flows than the limit allows/);
    expect(notes({ overloaded: true }, 0)[0]?.text).toMatch(/^The overload is over/);
  });

  test("the most urgent comes first, and nothing where all is well", () => {
    expect(kinds({})).toEqual([]);
    expect(kinds({ overloaded: true, measured: false, limit_a: 10 })).toEqual(["overload", "blind", "lowered"]);
    expect(kinds({ metered: false, measured: false })).toEqual(["assumed"]);
  });

  test("before the first look nothing is assumed", () => {
    const [note] = notes({ metered: false, measured: false, house_a: null });
    expect(note?.text).toBe("No meter: 0 A are assumed beside the cars.");
  });

  test("a car is named with its driver, as far as the reader may know", () => {
    expect(nameOf(evse({ session: session() }))).toBe("Anna · Garage left");
    expect(nameOf(evse({ session: session({ driver: null }) }))).toBe("Garage left");
  });
});
