import { expect, test } from "vitest";
import "../../src/elements/now-view.ts";
import { evse, live, seen, session, site } from "../make.ts";
import { all, context, mount, press, text, texts } from "./page.ts";

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
  expect(all(view, ".bar span").map((part) => part.getAttribute("style"))).toEqual(["flex: 7400 0 0", "flex: 400 0 0"]);
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
