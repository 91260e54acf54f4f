import { expect, test } from "vitest";
import "../../src/elements/circuits-view.ts";
import { charger, circuit, circuits, evse, live, seen, session, site } from "../make.ts";
import { all, context, mount, one, text, texts } from "./page.ts";

const ANNAS = seen({
  id: "A",
  name: "Left",
  status: "charging",
  charging: true,
  currents_a: [14, 14, 14],
  site_a: [14, 14, 14],
  session: session(),
  reason: { word: "share", limit_a: 14, circuit: "Main", phase: 1, cars: 2, until: null },
});
const WAITING = seen({
  id: "B",
  name: "Right",
  status: "suspended_evse",
  waits_for: "room",
  reason: { word: "waiting", limit_a: 0, circuit: "Main", phase: 1, cars: 2, until: null },
});

const view = (change: Parameters<typeof circuit>[0] = {}, is_admin = true) => {
  const main = circuit({ evses: ["A", "B"], ...change });
  const { evses } = live([ANNAS, WAITING]);
  return mount("ev-circuits-view", { context: context({ evses, circuits: circuits(main), site: site({ is_admin }) }) });
};

test("a phase says in words what its bar shows", async () => {
  const found = await view();
  expect(texts(found, ".phases li")).toEqual([
    "L1 18 of 25 A 7 A free",
    "L2 16 of 25 A 9 A free",
    "L3 15 of 25 A 10 A free",
  ]);
  expect(
    all(found, ".phases li:first-child .mark").map((part) => [part.className, part.getAttribute("style")]),
  ).toEqual([
    ["mark house", "width: 16%"],
    ["mark car car-0", "width: 56%"],
  ]);
  expect(texts(found, ".legend li")).toEqual(["House 4A", "Anna · Left 14A"]);
  expect(all(found, ".limit")).toHaveLength(0);
});

test("a car says its state, its reason and its turn", async () => {
  const found = await view({ queue: ["B"] });
  expect(texts(found, ".places li")).toEqual([
    "Anna · Left Charging, 14 A on three phases. 14 A: fair share of Main on L1; cars: 2",
    "Right Paused by the charger. Waiting: no room in Main on L1; cars: 2 Next in turn",
  ]);
});

test("who waits from another circuit is named too, in turn", async () => {
  const main = circuit({ queue: ["A", "B"] });
  const { evses } = live([ANNAS, WAITING]);
  const found = await mount("ev-circuits-view", { context: context({ evses, circuits: circuits(main) }) });
  expect(texts(found, ".turn")).toEqual(["Next in turn", "Number 2 in turn"]);
});

test("an overload, a lowered limit and a silent meter are told in words", async () => {
  const found = await view({
    overloaded: true,
    limit_a: 16,
    measured: false,
    power_limit_w: 9000,
    unbalanced_limit_a: 2,
    house_a: [4, 2, -1],
  });
  expect(texts(found, ".notes li")).toEqual([
    "More flows than the limit allows. Cars are turned down; if that is not enough, switch something else off.",
    "The meters are silent: 4 A are assumed beside the cars.",
    "Limited to 16 A for now.",
  ]);
  expect(texts(found, ".phases .over")).toEqual(["2 A too much"]);
  expect(text(one(found, ".phases li:last-child"))).toBe("L3 13 of 16 A · 1 A fed in 3 A free");
  expect(all(found, ".limit")[0]?.getAttribute("style")).toBe("inset-inline-start: 64%");
  expect(texts(found, ".limits > div")).toEqual(["Power 10.8 of 9.0 kW", "Difference between phases 5 of 2 A"]);
  expect(texts(found, ".limits .over")).toHaveLength(2);
});

test("without a meter it says what is assumed", async () => {
  const found = await view({ metered: false, measured: false });
  expect(texts(found, ".notes li")).toEqual(["No meter: 4 A are assumed beside the cars."]);
});

test("circuits hang below each other", async () => {
  const tree = circuits(circuit(), circuit({ id: "garage", name: "Garage", parent: "main" }));
  const found = await mount("ev-circuits-view", { context: context({ circuits: tree }) });
  expect(texts(found, ".tree > li > ol h2")).toEqual(["Garage"]);
});

test("a quiet circuit has no legend", async () => {
  const quiet = circuits(circuit({ house_a: [0, 0, 0] }));
  const found = await mount("ev-circuits-view", { context: context({ circuits: quiet, evses: {} }) });
  expect(all(found, ".legend, .places, .limits, .notes")).toHaveLength(0);
});

test("an owner is led to the settings, a driver is not", async () => {
  const owner = await view();
  expect(one(owner, "header a").getAttribute("aria-label")).toBe("Settings of Main");
  expect(one(owner, "header a").getAttribute("href")).toBe(
    "/config/integrations/integration/ev_station#config_entry=entry",
  );
  expect(all(await view({}, false), "a")).toHaveLength(0);
});

test("without a circuit an owner reads what one is good for, a driver whom to ask", async () => {
  const owner = await mount("ev-circuits-view", { context: context() });
  expect(text(one(owner, ".empty"))).toContain("A circuit is a fuse with chargers behind it.");
  expect(text(one(owner, ".empty a"))).toBe("Add a circuit");
  const driver = await mount("ev-circuits-view", { context: context({ site: site({ is_admin: false }) }) });
  expect(all(driver, "a")).toHaveLength(0);
  expect(text(one(driver, ".empty"))).toContain("The owner of this home can add one.");
});

test("a session of somebody else stays nameless", async () => {
  const { evses } = live([seen({ ...evse({ id: "A", site_a: [6, 6, 6], charging: true, status: "charging" }) })]);
  const found = await mount("ev-circuits-view", {
    context: context({ evses, chargers: { CP1: charger() }, circuits: circuits(circuit({ evses: ["A"] })) }),
  });
  expect(texts(found, ".legend li")[1]).toBe("Garage left 6A");
});
