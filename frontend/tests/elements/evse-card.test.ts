import { afterEach, describe, expect, test, vi } from "vitest";
import "../../src/elements/evse-card.ts";
import type { EvEvseCard } from "../../src/elements/evse-card.ts";
import type { Live, SeenEvse } from "../../src/logic/live.ts";
import type { EvsePlan } from "../../src/logic/protocol.ts";
import { charger, evsePlan, FakeHass, NOW, planning, seen, session, site, t, vehicle } from "../make.ts";
import { all, button, context, heard, mount, one, press, settle, text, texts } from "./page.ts";

const RUNNING = {
  status: "charging",
  charging: true,
  session: session(),
  can: { start: false, stop: true, unlock: true },
} as const;

let hass: FakeHass;

async function card(change: Partial<SeenEvse> = {}, around: Partial<Live> = {}): Promise<EvEvseCard> {
  hass = new FakeHass();
  return mount("ev-evse-card", { context: context(around, hass), evse: seen(change) });
}

afterEach(() => {
  vi.useRealTimers();
});

describe("what it shows", () => {
  test("a running session", async () => {
    const shown = await card({
      ...RUNNING,
      power_w: 9664,
      currents_a: [14, 13.9, null],
      voltages_v: [230.4, null, null],
      offered_a: 16,
      soc_percent: 62,
    });
    expect(texts(shown, ".title")).toEqual(["Garage left Anna"]);
    expect(texts(shown, ".display")).toEqual(["9.7kW"]);
    expect(texts(shown, ".state")).toEqual(["Charging, 14 A on two phases"]);
    expect(texts(shown, ".phases > div")).toEqual(["L1 14.0A 230 V", "L2 13.9A", "Allowed 16A"]);
    expect(texts(shown, ".so-far dt")).toEqual(["Energy", "Cost", "Time"]);
    expect(texts(shown, ".so-far dd").slice(0, 2)).toEqual(["12.35kWh", "€3.27"]);
    expect(one(shown, "[role=meter]").getAttribute("aria-valuenow")).toBe("62");
  });

  test("what is not known stays away or is a dash", async () => {
    const unknown = session({ driver: null, cost: null, estimated: true });
    const shown = await card({ ...RUNNING, session: unknown, power_w: null });
    expect(text(one(shown, ".title"))).toBe("Garage left Driver not known yet");
    expect(texts(shown, ".display")).toEqual(["–kW"]);
    expect(texts(shown, ".so-far dd").slice(0, 3)).toEqual(["12.35kWh", "Estimated", "–"]);
    expect(all(shown, ".phases, .charge, figure")).toHaveLength(0);
  });

  test("the car's battery, its goal, and when it is ready by plan", async () => {
    const near = new Date(Date.now() + 3_600_000).toISOString();
    const plan = planning({ plans: { "CP1/1": evsePlan({ ready_at: near }) }, vehicles: [vehicle()] });
    const shown = await card({ ...RUNNING }, { plan });
    expect(one(shown, "[role=meter]").getAttribute("aria-valuenow")).toBe("40");
    expect(one(shown, ".goal").getAttribute("style")).toContain("80%");
    expect(text(one(shown, ".charge"))).toContain("Goal 80%");
    const told = await card({ ...RUNNING, soc_percent: 20 }, { plan });
    expect(one(told, "[role=meter]").getAttribute("aria-valuenow")).toBe("40");
    const far = vehicle({ goal: { kind: "distance", amount: 120 } });
    const away = await card({ ...RUNNING }, { plan: planning({ vehicles: [far] }) });
    expect(text(one(away, ".charge"))).toContain("Goal 120 km");
    expect(all(away, ".goal")).toHaveLength(0);
    expect(text(one(shown, ".ready"))).toMatch(/^Ready \d\d:\d\d$/);
    expect(one(shown, ".ready").getAttribute("href")).toBe("/ev-station/plan");
  });

  test("when a car is ready of whose battery nobody knows; nothing once it has what was wanted", async () => {
    const plans = (change: Partial<EvsePlan>): Partial<Live> => ({
      plan: planning({ plans: { "CP1/1": evsePlan(change) } }),
    });
    expect(all(await card(RUNNING, plans({})), ".ready")).toHaveLength(1);
    expect(all(await card(RUNNING, plans({ periods: [] })), ".ready")).toHaveLength(0);
    expect(all(await card(RUNNING, plans({ ready_at: null })), ".ready")).toHaveLength(0);
  });

  test("the last day as a line", async () => {
    const shown = await card({ history: [[new Date(Date.now() - 3_600_000).toISOString(), 11_000]] });
    expect(texts(shown, "figcaption")).toEqual(["Last 24 h, up to 11.0 kW"]);
    expect(one(shown, ".line").getAttribute("d")).toMatch(/^M\d/);
  });

  test("a fault in place of the figure, foreign words as text", async () => {
    const shown = await card({ status: "faulted", error: "<img src=x>", name: "<b>Garage</b>" });
    expect(texts(shown, "h2")).toEqual(["<b>Garage</b>"]);
    expect(texts(shown, ".notice .state")).toEqual(["Fault: <img src=x>"]);
    expect(all(shown, "img, b, .display")).toHaveLength(0);
  });

  test("a fault under power keeps the figure", async () => {
    expect(texts(await card({ status: "faulted", power_w: 3000 }), ".display")).toEqual(["3.0kW"]);
  });

  test("a wrong clock", async () => {
    const chargers = { CP1: charger({ problem: "clock_wrong" }) };
    expect(texts(await card({}, { chargers }), ".notice")).toEqual([t("card.clock_wrong")]);
  });

  test("the way to its settings, for administrators", async () => {
    expect(one(await card(), "a").getAttribute("href")).toBe("/config/devices/device/device-cp1-1");
    expect(all(await card({}, { site: site({ is_admin: false }) }), "a")).toHaveLength(0);
  });
});

test("time runs every second while a session does, and stops when the card leaves", async () => {
  vi.useFakeTimers({ now: NOW });
  const shown = await card({ ...RUNNING });
  const clock = one(shown, "ev-session-duration");
  expect(text(clock)).toBe("1:30:00");
  await vi.advanceTimersByTimeAsync(2000);
  expect(text(clock)).toBe("1:30:02");
  shown.remove();
  expect(vi.getTimerCount()).toBe(0);
});

describe("what it does", () => {
  test("offers what can be done now, nothing else", async () => {
    expect(texts(await card({ ...RUNNING }), ".actions button")).toEqual(["Stop", "Unlock cable"]);
    expect(all(await card({ can: { start: false, stop: false, unlock: false } }), "button")).toHaveLength(0);
  });

  test("a driver starts for themselves", async () => {
    const shown = await card({}, { site: site({ is_admin: false }) });
    await press(shown, "Start");
    expect(hass.calls).toMatchObject([{ service: "start_session", data: {}, target: { device_id: "device-cp1-1" } }]);
  });

  test("an administrator says who is charging", async () => {
    const shown = await card();
    await press(shown, "Start");
    expect(texts(shown, ".chooser li")).toEqual(["Anna", "Ben"]);
    expect(shown.shadowRoot?.activeElement).toBe(button(shown, "Anna"));
    await press(shown, "Ben");
    expect(hass.calls).toMatchObject([{ service: "start_session", data: { driver_id: "ben" } }]);
    expect(all(shown, ".chooser")).toHaveLength(0);
  });

  test.each(["Cancel", "Escape"])("%s leaves it at that", async (way) => {
    const shown = await card();
    await press(shown, "Start");
    if (way === "Cancel") await press(shown, way);
    else one(shown, ".chooser").dispatchEvent(new KeyboardEvent("keydown", { key: way }));
    await settle(shown);
    expect(all(shown, ".chooser")).toHaveLength(0);
    expect(shown.shadowRoot?.activeElement).toBe(button(shown, "Start"));
    expect(hass.calls).toEqual([]);
  });

  test("the question goes away when somebody else was faster", async () => {
    const shown = await card();
    await press(shown, "Start");
    shown.evse = seen({ ...RUNNING });
    await settle(shown);
    expect(all(shown, ".chooser")).toHaveLength(0);
  });

  test("an error is passed on in words, the last one taken away first", async () => {
    const shown = await card({ ...RUNNING });
    const said = heard(shown);
    hass.failure = { code: "home_assistant_error", message: "The charger did not answer. Try again." };
    await press(shown, "Unlock cable");
    expect(said).toEqual([null, "The charger did not answer. Try again."]);
    expect(button(shown, "Stop").disabled).toBe(false);
  });

  test("while one action is under way there is no second", async () => {
    const shown = await card({ ...RUNNING });
    button(shown, "Stop").click();
    await shown.updateComplete;
    expect(button(shown, "Stop").getAttribute("aria-busy")).toBe("true");
    expect(button(shown, "Unlock cable").disabled).toBe(true);
    await settle(shown);
    expect(button(shown, "Unlock cable").disabled).toBe(false);
  });
});

describe("its mode", () => {
  const selection = (shown: EvEvseCard): HTMLSelectElement => one(shown, ".mode select") as HTMLSelectElement;

  test("is shown and chosen", async () => {
    const shown = await card({ mode: "solar" });
    expect(selection(shown).value).toBe("solar");
    expect([...selection(shown).options].map((option) => text(option))).toEqual([
      "Fast",
      "Smart",
      "Solar and minimum",
      "Solar",
      "Off",
    ]);
    selection(shown).value = "smart";
    selection(shown).dispatchEvent(new Event("change"));
    await settle(shown);
    expect(hass.calls).toEqual([
      {
        domain: "select",
        service: "select_option",
        data: { option: "smart" },
        target: { entity_id: "select.garage_mode" },
        notifyOnError: false,
      },
    ]);
  });

  test("is not there before its entity is", async () => {
    expect(all(await card({ mode_entity: null }), ".mode")).toHaveLength(0);
  });
});
