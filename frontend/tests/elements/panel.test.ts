import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { EvStationPanel } from "../../src/elements/panel.ts";
import "../../src/ev-station-panel.ts";
import type { Route } from "../../src/logic/hass.ts";
import { evse, FakeHass, session, site, snapshot } from "../make.ts";
import { all, button, mount, one, press, settle, text, texts } from "./page.ts";

const route = (path: string): Route => ({ prefix: "/ev-station", path });

let hass: FakeHass;
let panel: EvStationPanel;

async function open(path = "/now", change: Partial<EvStationPanel> = {}): Promise<void> {
  hass = new FakeHass();
  panel = await mount("ev-station-panel", { hass, route: route(path), ...change });
}

async function receive(...message: Parameters<typeof snapshot>): Promise<void> {
  hass.connection.send(snapshot(...message));
  await settle(panel);
}

beforeEach(() => {
  history.replaceState(null, "", "/ev-station/now");
});

afterEach(() => {
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

describe("data", () => {
  test("one subscription feeds the views", async () => {
    await open();
    expect(text(panel)).toContain("Loading…");
    await receive([evse()], { site: site({ name: "Barn" }) });
    expect(text(one(panel, "h1"))).toBe("Barn");
    expect(one(panel, "ev-now-view")).toBeDefined();
    expect(hass.connection.asked).toHaveLength(1);
  });

  test("leaving ends it, coming back begins anew", async () => {
    await open();
    panel.remove();
    await settle(panel);
    expect(hass.connection.ended).toBe(1);
    document.body.append(panel);
    await settle(panel);
    expect(hass.connection.asked).toHaveLength(2);
  });

  test("the whole page is prepared for paper only while the panel is there", async () => {
    const paper = (): number => document.head.querySelectorAll("style").length;
    const before = paper();
    await open();
    expect(paper()).toBe(before + 1);
    panel.remove();
    expect(paper()).toBe(before);
  });

  test("another connection is another subscription", async () => {
    await open();
    const next = new FakeHass();
    panel.hass = next;
    await settle(panel);
    expect([hass.connection.ended, next.connection.asked.length]).toEqual([1, 1]);
  });

  test("a change elsewhere in the house redraws nothing", async () => {
    await open();
    await receive();
    const update = vi.spyOn(panel as unknown as { willUpdate(): void }, "willUpdate");
    panel.hass = Object.create(hass) as FakeHass;
    await settle(panel);
    expect(update).not.toHaveBeenCalled();
  });

  test("a failure is said in words and can be tried again", async () => {
    const failing = new FakeHass();
    failing.connection.failure = { code: "unknown_command", message: "Unknown command." };
    await open("/now", { hass: failing });
    expect(text(one(panel, "main"))).toContain("EV Station is not running.");
    failing.connection.failure = null;
    await press(panel, "Try again");
    failing.connection.send(snapshot());
    await settle(panel);
    expect(all(panel, "ev-now-view")).toHaveLength(1);
  });
});

describe("navigation", () => {
  test.each(["", "/", "/elsewhere"])("%o leads to the first view without a step in the history", async (path) => {
    const replaced = vi.spyOn(history, "replaceState");
    await open(path);
    expect(replaced).toHaveBeenCalledWith(null, "", "/ev-station/now");
    expect(text(one(panel, "nav [aria-current=page]"))).toBe("Now");
  });

  test("a tab is a link that stays in the page", async () => {
    await open();
    await receive();
    const pushed = vi.spyOn(history, "pushState");
    const [, , , billing] = all(panel, "nav a");
    expect(billing?.getAttribute("href")).toBe("/ev-station/billing");
    const click = new MouseEvent("click", { bubbles: true, cancelable: true });
    billing?.dispatchEvent(click);
    expect(click.defaultPrevented).toBe(true);
    expect(pushed).toHaveBeenCalledWith(null, "", "/ev-station/billing");
    panel.route = route("/billing");
    await settle(panel);
    expect(all(panel, "ev-billing-view")).toHaveLength(1);
    expect(text(one(panel, "nav [aria-current=page]"))).toBe("Billing");
  });

  test("a click for a new tab of the browser is left to the browser", async () => {
    await open();
    const click = new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: true });
    all(panel, "nav a")[1]?.dispatchEvent(click);
    expect(click.defaultPrevented).toBe(false);
  });
});

describe("the menu", () => {
  test.each([
    [{ narrow: true }, {}, true],
    [{ narrow: false }, {}, false],
    [{ narrow: false }, { dockedSidebar: "always_hidden" }, true],
    [{ narrow: false }, { dockedSidebar: "docked" }, false],
  ])("with %o and %o is offered: %o", async (properties, house, offered) => {
    await open("/now", { ...properties, hass: Object.assign(new FakeHass(), house) });
    expect(all(panel, ".menu")).toHaveLength(offered ? 1 : 0);
  });

  test("asks Home Assistant for its sidebar", async () => {
    await open("/now", { narrow: true });
    const asked = vi.fn();
    document.body.addEventListener("hass-toggle-menu", asked);
    await press(panel, "Menu");
    expect(asked).toHaveBeenCalledOnce();
  });
});

test("a message stays until it is closed", async () => {
  await open();
  await receive([evse({ session: session(), can: { start: false, stop: true, unlock: false } })]);
  panel.dispatchEvent(new CustomEvent("ev-say", { detail: "It did <b>not</b> work." }));
  await settle(panel);
  expect(texts(panel, ".toast p")).toEqual(["It did <b>not</b> work."]);
  await press(panel, "Close");
  expect(all(panel, ".toast")).toHaveLength(0);
});

describe("the reader's language", () => {
  const read = async (language: string): Promise<void> => {
    await open("/now", { hass: Object.assign(new FakeHass(), { language }) });
  };
  const tabs = (): string[] => texts(panel, "nav a");

  test("is spoken, and nothing is shown before it is there", async () => {
    await read("de");
    expect(tabs()).toEqual([]);
    await vi.waitFor(() => {
      expect(tabs()).toEqual(["Jetzt", "Plan", "Stromkreise", "Abrechnung"]);
    });
    expect(() => button(panel, "Menü")).toThrow();
  });

  test("is English where its words cannot be fetched", async () => {
    vi.doMock("../../src/translations/nl.json", () => {
      throw new Error("offline");
    });
    await read("nl");
    await vi.waitFor(() => {
      expect(tabs()).toEqual(["Now", "Plan", "Circuits", "Billing"]);
    });
  });

  test("is the one chosen last", async () => {
    await read("fr");
    panel.hass = new FakeHass();
    await vi.dynamicImportSettled();
    await settle(panel);
    expect(tabs()).toEqual(["Now", "Plan", "Circuits", "Billing"]);
  });
});
