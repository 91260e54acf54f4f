import { afterEach, describe, expect, test, vi } from "vitest";
import {
  act,
  copy,
  download,
  errorText,
  leaveAsUsual,
  preview,
  readBill,
  setWish,
  startChoices,
  translated,
} from "../../src/logic/actions.ts";
import type { Goal, Vehicle } from "../../src/logic/protocol.ts";
import { ANNA, BEN, evse, FakeHass, site, t, vehicle } from "../make.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test("an action goes to the EVSE's device and leaves the words about errors to the panel", async () => {
  const hass = new FakeHass();
  await act(hass, "start_session", evse(), { driver_id: "ben" });
  await act(hass, "unlock", evse());
  const common = { domain: "ev_station", target: { device_id: "device-cp1-1" }, notifyOnError: false };
  expect(hass.calls).toEqual([
    { ...common, service: "start_session", data: { driver_id: "ben" } },
    { ...common, service: "unlock", data: {} },
  ]);
});

test("administrators choose among all drivers, themselves first; drivers are not asked", () => {
  const zoe = { id: "zoe", name: "Zoe" };
  expect(startChoices(site({ driver_id: "zoe", drivers: [BEN, zoe, ANNA] }))).toEqual([zoe, ANNA, BEN]);
  expect(startChoices(site({ drivers: [] }))).toEqual([]);
  expect(startChoices(site({ is_admin: false, drivers: [ANNA] }))).toEqual([]);
});

describe("errors in words", () => {
  test.each([
    [{ code: "home_assistant_error", message: "The charger did not answer." }, "The charger did not answer."],
    [{ code: "unknown_command", message: "Unknown command." }, t("error.not_running")],
    [3, t("error.connection")],
    [{ code: "x", message: "" }, t("error.unknown")],
    [{ code: "x" }, t("error.unknown")],
    [undefined, t("error.unknown")],
    [new Error("broken"), "broken"],
  ])("%o", (error, words) => {
    expect(errorText(error, t)).toBe(words);
  });
});

describe("Home Assistant's errors", () => {
  const refused = {
    code: "home_assistant_error",
    message: "Charger A is away.",
    translation_domain: "ev_station",
    translation_key: "away",
    translation_placeholders: { charger: "A" },
  };

  test("are read in the reader's language", async () => {
    const hass = new FakeHass();
    hass.failure = refused;
    hass.localize = (key, values) => `${key} ${values?.["charger"] ?? ""}`;
    await expect(act(hass, "unlock", evse())).rejects.toEqual({
      code: "home_assistant_error",
      message: "component.ev_station.exceptions.away.message A",
    });
  });

  test("stay as they are where there are no other words", async () => {
    const hass = new FakeHass();
    expect(await translated(hass, refused)).toBe(refused);
    expect(await translated({}, refused)).toBe(refused);
    expect(await translated(hass, 3)).toBe(3);
    expect(await translated(hass, undefined)).toBe(undefined);
    const broken = { loadBackendTranslation: () => Promise.reject(new Error("no")) };
    expect(await translated(broken, refused)).toBe(refused);
  });
});

test("a bill and a preview are asked for with what was chosen alone", async () => {
  const hass = new FakeHass();
  await readBill(hass, { sheet_id: "home" });
  await preview(hass, vehicle(), { goal: { kind: "percent", amount: 90 }, departure: null });
  await preview(hass, vehicle(), { goal: { kind: "energy", amount: 12_500 }, departure: null });
  await preview(hass, vehicle(), { goal: null, departure: "2026-11-30T06:15" });
  expect(hass.asked).toEqual([
    { type: "ev_station/billing", sheet_id: "home" },
    { type: "ev_station/preview_plan", vehicle_id: "zoe", percent: 90 },
    { type: "ev_station/preview_plan", vehicle_id: "zoe", energy: 12.5 },
    { type: "ev_station/preview_plan", vehicle_id: "zoe", at: "2026-11-30T06:15" },
  ]);
});

test("a goal in percent is the car's, one in km or kWh its departure's, until it leaves as usual", async () => {
  const hass = new FakeHass();
  const set = async (goal: Goal): Promise<void> => setWish(hass, vehicle(), { goal, departure: null });
  await set({ kind: "percent", amount: 90 });
  await set({ kind: "distance", amount: 120 });
  await set({ kind: "energy", amount: 7500 });
  await leaveAsUsual(hass, vehicle());
  const target = { device_id: "device-zoe" };
  expect(hass.calls).toMatchObject([
    { domain: "number", service: "set_value", data: { value: 90 }, target: { entity_id: "number.zoe_goal" } },
    { domain: "ev_station", service: "set_departure", data: { distance: 120 }, target },
    { domain: "ev_station", service: "set_departure", data: { energy: 7.5 }, target },
    { domain: "ev_station", service: "set_departure", data: {}, target },
  ]);
});

describe("a departure", () => {
  const at = "2026-11-30T06:15";
  const calls = async (goal: Goal | null, own: Partial<Vehicle> = {}): Promise<unknown> => {
    const hass = new FakeHass();
    await setWish(hass, vehicle(own), { goal, departure: at });
    return hass.calls.map(({ service, data }) => [service, data]);
  };

  test("is set once, beside the usual goal", async () => {
    expect(await calls(null)).toEqual([["set_departure", { at }]]);
    expect(await calls({ kind: "percent", amount: 90 })).toEqual([
      ["set_departure", { at }],
      ["set_value", { value: 90 }],
    ]);
  });

  test("that is moved takes its own goal along, or another one", async () => {
    const own = { goal: { kind: "distance", amount: 120 }, own_goal: true } as const;
    expect(await calls(null, own)).toEqual([["set_departure", { at, distance: 120 }]]);
    expect(await calls({ kind: "percent", amount: 90 }, own)).toEqual([["set_departure", { at, percent: 90 }]]);
  });
});

describe("a download", () => {
  const clicked = (): { href: string; download: string }[] => {
    const links: { href: string; download: string }[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      links.push({ href: this.getAttribute("href") ?? "", download: this.getAttribute("download") ?? "none" });
    });
    return links;
  };

  test("is signed, then opened", async () => {
    const links = clicked();
    const hass = new FakeHass();
    hass.answer = () => ({ path: "/api/x.csv?authSig=1" });
    await download(hass, "/api/x.csv");
    expect(hass.asked).toEqual([{ type: "auth/sign_path", path: "/api/x.csv" }]);
    expect(links).toEqual([{ href: "/api/x.csv?authSig=1", download: "" }]);
    expect(document.querySelector("a")).toBeNull();
  });

  test("goes to Home Assistant's own address where the page is elsewhere", async () => {
    const links = clicked();
    const hass = Object.assign(new FakeHass(), { hassUrl: (path: string) => `https://home.example${path}` });
    hass.answer = () => ({ path: "/api/x.csv" });
    await download(hass, "/api/x.csv");
    expect(links[0]?.href).toBe("https://home.example/api/x.csv");
  });
});

describe("copying", () => {
  test("uses the clipboard where there is one", async () => {
    const writeText = vi.fn(() => Promise.resolve());
    vi.stubGlobal("navigator", { clipboard: { writeText } });
    expect(await copy("ws://x")).toBe(true);
    expect(writeText).toHaveBeenCalledWith("ws://x");
  });

  test.each([true, false])("falls back on http, where it may be allowed: %o", async (allowed) => {
    vi.stubGlobal("navigator", {});
    let selected = "";
    const execCommand = (): boolean => {
      selected = document.querySelector("textarea")?.value ?? "";
      return allowed;
    };
    vi.stubGlobal("document", Object.assign(document, { execCommand }));
    expect(await copy("ws://x")).toBe(allowed);
    expect(selected).toBe("ws://x");
    expect(document.querySelector("textarea")).toBeNull();
  });
});
