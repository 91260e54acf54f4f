import { describe, expect, test } from "vitest";
import { apply, byName, sessionMark } from "../../src/logic/live.ts";
import {
  NOW,
  attempt,
  charger,
  circuit,
  circuits,
  evse,
  live,
  planning,
  seen,
  session,
  site,
  snapshot,
} from "../make.ts";

describe("apply", () => {
  test("a snapshot replaces everything and notes when it came", () => {
    const before = live([seen({ id: "old" })]);
    const after = apply(before, snapshot([evse()]), NOW);
    expect(after?.evses).toEqual({ "CP1/1": { ...evse(), seen_at: NOW } });
  });

  test("a delta before the first snapshot is left out", () => {
    expect(apply(null, { kind: "delta", site: site() }, NOW)).toBeNull();
  });

  test("a delta replaces the aggregates it names and keeps the others as they are", () => {
    const before = live([seen(), seen({ id: "CP2/1" })]);
    const after = apply(before, { kind: "delta", evses: { "CP1/1": evse({ power_w: 7 }) } }, NOW + 1);
    expect(after?.evses["CP1/1"]).toMatchObject({ power_w: 7, seen_at: NOW + 1 });
    expect(after?.evses["CP2/1"]).toBe(before.evses["CP2/1"]);
    expect(after?.chargers).toBe(before.chargers);
    expect(after?.site).toBe(before.site);
  });

  test("an EVSE keeps its history until a delta brings another", () => {
    const history = [["2026-11-23T18:00:00Z", 5]] as const;
    const silent = evse({ power_w: 7 });
    Reflect.deleteProperty(silent, "history");
    const before = live([seen({ history })]);
    const kept = apply(before, { kind: "delta", evses: { "CP1/1": silent, "CP2/1": { ...silent, id: "CP2/1" } } }, NOW);
    expect(kept?.evses["CP1/1"]).toMatchObject({ power_w: 7, history });
    expect(kept?.evses["CP2/1"]?.history).toEqual([]);
    const cleared = apply(before, { kind: "delta", evses: { "CP1/1": evse({ history: [] }) } }, NOW);
    expect(cleared?.evses["CP1/1"]?.history).toEqual([]);
  });

  test("a plan stays until another comes", () => {
    const before = live([], { plan: planning({ known_until: "2026-11-23T18:00:00Z" }) });
    expect(apply(before, { kind: "delta" }, NOW)?.plan).toBe(before.plan);
    expect(apply(before, { kind: "delta", plan: planning() }, NOW)?.plan).toEqual(planning());
  });

  test("null removes an aggregate", () => {
    const after = apply(live(), { kind: "delta", evses: { "CP1/1": null }, chargers: { CP1: null } }, NOW);
    expect(after).toMatchObject({ evses: {}, chargers: {} });
  });

  test("circuits come and go", () => {
    const tree = circuits(circuit());
    const grown = apply(live(), { kind: "delta", circuits: tree }, NOW);
    expect(grown?.circuits).toEqual(tree);
    expect(apply(grown, { kind: "delta" }, NOW)?.circuits).toBe(grown?.circuits);
    expect(apply(grown, { kind: "delta", circuits: { main: null } }, NOW)?.circuits).toEqual({});
    expect(apply(null, snapshot([], { circuits: tree }), NOW)?.circuits).toBe(tree);
  });

  test("site, chargers and attempts come in deltas of their own", () => {
    const tries = [attempt()];
    const change = { site: site({ name: "Barn" }), chargers: { CP2: charger({ id: "CP2" }) }, attempts: tries };
    const after = apply(live(), { kind: "delta", ...change }, NOW);
    expect(after?.site.name).toBe("Barn");
    expect(Object.keys(after?.chargers ?? {})).toEqual(["CP1", "CP2"]);
    expect(after?.attempts).toBe(tries);
  });
});

test("EVSEs are ordered as people count, equal names by id", () => {
  const names = ["Garage 10", "Garage 2", "Carport"].map((name) => seen({ id: name, name }));
  const twins = [seen({ id: "b", name: "Same" }), seen({ id: "a", name: "Same" })];
  const order = byName(live([...names, ...twins])).map(({ id }) => id);
  expect(order).toEqual(["Carport", "Garage 2", "Garage 10", "a", "b"]);
});

test("the session mark changes with sessions, not with power", () => {
  const mark = (change: Parameters<typeof seen>[0]): string => sessionMark(live([seen(change), seen({ id: "x" })]));
  const running = mark({ session: session() });
  expect(mark({ session: session({ energy_wh: "99999" }), power_w: 5 })).toBe(running);
  expect(mark({ session: session({ id: "session-2" }) })).not.toBe(running);
  expect(mark({})).toBe("");
});
