import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  isAstray,
  isPlainClick,
  navigate,
  readBillQuery,
  settingsPath,
  viewOf,
  viewPath,
  writeBillQuery,
} from "../../src/logic/routing.ts";

const KEYS = ["now", "billing"] as const;
const route = (path: string): { prefix: string; path: string } => ({ prefix: "/ev-station", path });

beforeEach(() => {
  history.replaceState(null, "", "/ev-station/now");
});

afterEach(() => {
  vi.restoreAllMocks();
});

test.each([
  ["/now", "now"],
  ["/billing", "billing"],
  ["/billing/anything", "billing"],
  ["/unknown", undefined],
  ["", undefined],
])("the view of %o is %o", (path, view) => {
  expect(viewOf(route(path), KEYS)).toBe(view);
});

test("the settings are those of the site", () => {
  expect(settingsPath({ entry_id: "01J" })).toBe("/config/integrations/integration/ev_station#config_entry=01J");
});

test("without a route there is no view, but there are paths", () => {
  expect(viewOf(undefined, KEYS)).toBeUndefined();
  expect(viewPath("now")).toBe("/ev-station/now");
});

test.each([
  [route("/now"), false],
  [route("/plan"), true],
  [route(""), true],
  [{ prefix: "/lovelace", path: "/0" }, false],
  [undefined, false],
])("%o is astray: %o", (where, astray) => {
  expect(isAstray(where, KEYS)).toBe(astray);
});

describe("navigate", () => {
  test.each([
    [{ replace: false }, "pushState"],
    [{ replace: true }, "replaceState"],
    [undefined, "pushState"],
  ] as const)("with %o uses %s and tells Home Assistant", (options, method) => {
    const used = vi.spyOn(history, method);
    const heard: unknown[] = [];
    const listen = (event: Event): void => {
      heard.push((event as CustomEvent<unknown>).detail);
    };
    window.addEventListener("location-changed", listen);
    navigate("/ev-station/billing", options);
    window.removeEventListener("location-changed", listen);
    expect(used).toHaveBeenCalledOnce();
    expect(location.pathname).toBe("/ev-station/billing");
    expect(heard).toEqual([{ replace: options?.replace ?? false }]);
  });
});

test.each([
  [{}, true],
  [{ button: 1 }, false],
  [{ metaKey: true }, false],
  [{ ctrlKey: true }, false],
  [{ shiftKey: true }, false],
  [{ altKey: true }, false],
])("a click with %o is plain: %o", (init, plain) => {
  expect(isPlainClick(new MouseEvent("click", init))).toBe(plain);
});

describe("the bill in the address", () => {
  test.each([
    ["", {}],
    ["?sheet=home", { sheet_id: "home" }],
    ["?month=2026-11", { month: "2026-11" }],
    ["?sheet=a%26b&month=2026-11", { sheet_id: "a&b", month: "2026-11" }],
    ["?month=last", {}],
  ])("%o reads as %o", (search, query) => {
    expect(readBillQuery(search)).toEqual(query);
  });

  test.each([{}, { sheet_id: "a&b" }, { sheet_id: "home", month: "2026-11" }])(
    "%o is written and read back",
    (query) => {
      history.replaceState(null, "", "/ev-station/billing?month=2020-01");
      writeBillQuery(query);
      expect(location.pathname).toBe("/ev-station/billing");
      expect(readBillQuery(location.search)).toEqual(query);
    },
  );
});
