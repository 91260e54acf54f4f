import { expect, test, vi } from "vitest";
import "../../src/elements/now-view.ts";
import { circuit, circuits, evse, live, seen, session, site } from "../make.ts";
import { all, context, mount, one, press, text, texts } from "./page.ts";

test("a card for every EVSE, by name", async () => {
  const evses = live([seen({ id: "b", name: "Garage 10" }), seen({ id: "a", name: "Garage 2" })]).evses;
  const view = await mount("ev-now-view", { context: context({ evses }) });
  expect(texts(view, "ev-evse-card").map((card) => card.slice(0, 9))).toEqual(["Garage 2 ", "Garage 10"]);
});

test("the strip splits the power of this moment per car", async () => {
  const { evses } = live([
    seen({ id: "a", name: "Left", power_w: 7400, session: session() }),
    seen({ id: "b", name: "Right", power_w: 400 }),
  ]);
  const view = await mount("ev-now-view", { context: context({ evses }) });
  expect(texts(view, ".strip .display")).toEqual(["7.8kW"]);
  expect(texts(view, ".legend li")).toEqual(["Anna · Left 7.4kW", "Right 400W"]);
  expect(all(view, ".flow .stack span").map((part) => part.getAttribute("style"))).toEqual([
    "flex: 7400 0 0",
    "flex: 400 0 0",
  ]);
  expect(all(view, ".flow h3, .tight")).toHaveLength(0);
});

test("the strip tells sources, house and battery where they are measured", async () => {
  const { evses } = live([seen({ name: "Left", power_w: 7000 })]);
  const energy = { grid_w: -1000, solar_w: 9000, battery_w: 500, battery_percent: 50 };
  const view = await mount("ev-now-view", { context: context({ evses, site: site({ energy }) }) });
  expect(texts(view, ".flow h3")).toEqual(["Comes from", "Goes to"]);
  expect(texts(view, ".legend li")).toEqual([
    "Solar 9.0kW",
    "House 500W",
    "Left 7.0kW",
    "Battery 500W",
    "Export 1.0kW",
  ]);
});

test("a bar that is behind the other is shorter", async () => {
  const { evses } = live([seen({ power_w: 7000 })]);
  const energy = { grid_w: 0, solar_w: 6000, battery_w: null, battery_percent: null };
  const view = await mount("ev-now-view", { context: context({ evses, site: site({ energy }) }) });
  const styles = all(view, ".flow .stack span").map((part) => part.getAttribute("style"));
  expect(styles).toEqual(["flex: 6000 0 0", "flex: 1000 0 0", "flex: 7000 0 0"]);
});

test("the strip leads from the tightest phase to the circuits", async () => {
  const tight = circuits(circuit({ house_a: [4, 27, 1] }));
  const view = await mount("ev-now-view", { context: context({ circuits: tight }) });
  const pushed = vi.spyOn(history, "pushState");
  expect(text(one(view, ".tight"))).toBe("Tightest: Main, L2 2 A too much");
  one(view, ".tight").dispatchEvent(new MouseEvent("click", { cancelable: true, ctrlKey: true }));
  expect(pushed).not.toHaveBeenCalled();
  one(view, ".tight").click();
  expect(pushed).toHaveBeenCalledWith(null, "", "/ev-station/circuits");
});

test("with nothing charging it says so; with nothing known there is no strip", async () => {
  const idle = await mount("ev-now-view", { context: context() });
  expect(texts(idle, ".strip .none")).toEqual(["No car is charging."]);
  const { evses } = live([seen({ power_w: null })]);
  const unknown = await mount("ev-now-view", { context: context({ evses }) });
  expect(all(unknown, ".strip")).toHaveLength(0);
});

test("without an EVSE an administrator is led to the first one, a driver told whom to ask", async () => {
  const owner = await mount("ev-now-view", { context: context({ evses: {} }) });
  expect(all(owner, "ev-connect-guide")).toHaveLength(1);
  const driver = await mount("ev-now-view", { context: context({ evses: {}, site: site({ is_admin: false }) }) });
  expect(text(driver)).toBe("No charger yet Ask the owner of this home to connect one. It shows up here by itself.");
});

test("an administrator finds the address for another charger again", async () => {
  const view = await mount("ev-now-view", { context: context() });
  expect(all(view, "ev-connect-guide")).toHaveLength(0);
  await press(view, "Connect another charger");
  expect(all(view, "ev-connect-guide")).toHaveLength(1);
  await press(view, "Connect another charger");
  expect(all(view, "ev-connect-guide")).toHaveLength(0);
});

test("a driver is not bothered with that", async () => {
  const view = await mount("ev-now-view", {
    context: context({ evses: { x: { ...evse(), seen_at: 0 } }, site: site({ is_admin: false }) }),
  });
  expect(all(view, "button")).toHaveLength(0);
});
