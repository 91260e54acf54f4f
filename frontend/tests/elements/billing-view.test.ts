import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import "../../src/elements/billing-view.ts";
import type { EvBillingView } from "../../src/elements/billing-view.ts";
import type { Bill } from "../../src/logic/protocol.ts";
import { bill, driverRow, FakeHass, line, live, NOW, period, seen, session, site, t } from "../make.ts";
import { all, button, context, heard, mount, one, press, settle, text, texts } from "./page.ts";

const NOBODY = driverRow({ driver_id: null, name: "", energy_wh: "100", amounts: { EUR: "0.03" } });
const IDLE = driverRow({ driver_id: "ben", name: "Ben", energy_wh: "0", sessions: 0, amounts: { EUR: "0.00" } });
const MONTH = bill({
  drivers: [driverRow(), IDLE, NOBODY],
  total: { energy_wh: "1408", sessions: 2, amounts: { EUR: "0.39" } },
  lines: [
    line(),
    line({ id: "line-2", driver_id: null, energy_wh: "100", amount: "0.03", flags: ["conflict"], review: true }),
  ],
});

let hass: FakeHass;

async function view(answer: Partial<Bill>, admin = true): Promise<EvBillingView> {
  hass = new FakeHass();
  hass.answer = () => bill(answer);
  return mount("ev-billing-view", { context: context({ site: site({ is_admin: admin }) }, hass) });
}

const rows = (shown: Element, selector: string): string[][] =>
  all(shown, selector).map((row) => [...row.children].map(text));

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  history.replaceState(null, "", "/ev-station/billing");
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("a month", () => {
  test("drivers and a total that adds up", async () => {
    const shown = await view(MONTH);
    expect(texts(shown, "h2, h3")).toEqual(["Household", "November 2026"]);
    expect(rows(shown, ".driver")).toEqual([
      ["Anna", "1.308", "1", "€0.36"],
      ["Ben", "0.000", "0", "€0.00"],
      ["No driver", "0.100", "1", "€0.03"],
    ]);
    expect(rows(shown, "tfoot tr")).toEqual([["Total", "1.408", "2", "€0.39"]]);
    expect(all(shown, ".tone-error")).toHaveLength(0);
  });

  test("a total that does not add up is not hidden", async () => {
    const shown = await view({ ...MONTH, total: { ...MONTH.total, amounts: { EUR: "0.40" } } });
    expect(texts(shown, ".tone-error")).toEqual([t("billing.no_match")]);
  });

  test("a driver opens to lines, a line to periods, registers and seal", async () => {
    const shown = await view(MONTH);
    await press(shown, "Anna");
    expect(rows(shown, ".line")).toEqual([["Nov 12 21:38 – 22:00 Garage left", "1.308", "", "€0.36"]]);
    one(shown, ".line td:last-child").click();
    await settle(shown);
    expect(rows(shown, ".detail")).toEqual([
      ["Time", "kWh", "Price per kWh", "Amount"],
      ["21:38 – 22:00", "1.308", "€0.2771", "€0.362447"],
      ["€0.362447, rounded once", "€0.36"],
      [`Meter 7,029.846 kWh → 7,031.154 kWh Seal 3fdba35f${t("billing.seal_means")}`],
    ]);
    await press(shown, "Anna");
    expect(all(shown, ".line, .detail")).toHaveLength(0);
  });

  test("flags are named on the line and explained within", async () => {
    const flagged = line({ flags: ["estimated", "provisional"], meter_start_wh: null, periods: [] });
    const shown = await view({ ...bill(), lines: [flagged] });
    expect(texts(shown, ".flag")).toEqual(["Estimated", "Provisional"]);
    await press(shown, text(one(shown, ".line button")));
    expect(texts(shown, "dt")).toEqual(["Estimated", "Provisional", "Meter", "Seal"]);
    expect(texts(shown, "dd")[2]).toBe("not known → 7,031.154 kWh");
    expect(all(shown, ".detail.head, .detail.sum")).toHaveLength(0);
  });

  test("a correction says so and needs no registers", async () => {
    const correction = line({
      kind: "adjustment",
      amount: "-1.25",
      periods: [],
      meter_start_wh: null,
      meter_stop_wh: null,
    });
    const shown = await view({ lines: [correction] });
    expect(texts(shown, ".flag")).toEqual(["Correction"]);
    await press(shown, text(one(shown, ".line button")));
    expect(texts(shown, "dt")).toEqual(["Seal"]);
  });

  test("what a correction replaces is taken back", async () => {
    const shown = await view({ lines: [line({ kind: "credit", amount: "-0.36" })] });
    expect(texts(shown, ".flag")).toEqual(["Taken back"]);
  });

  test("energy without a price has none, and the line says so", async () => {
    const free = period({ price_per_kwh: null, amount: "0" });
    const shown = await view({ lines: [line({ flags: ["unpriced"], amount: "0.00", periods: [free] })] });
    expect(texts(shown, ".flag")).toEqual(["No price"]);
    await press(shown, text(one(shown, ".line button")));
    expect(rows(shown, ".detail")[1]).toEqual(["21:38 – 22:00", "1.308", "–", "€0.00"]);
  });

  test("another currency is another sum", async () => {
    const amounts = { EUR: "0.36", USD: "2.5" };
    const dollars = line({ id: "line-2", amount: "2.50", currency: "USD" });
    const shown = await view({
      drivers: [driverRow({ amounts })],
      total: { energy_wh: "1308", sessions: 1, amounts },
      lines: [line(), dollars],
    });
    expect(rows(shown, "tfoot tr")).toEqual([["Total", "1.308", "1", "€0.36 + $2.50"]]);
    expect(texts(shown, ".line td:last-child")).toEqual(["€0.36", "$2.50"]);
  });

  test("periods that give the amount exactly need no remark", async () => {
    const shown = await view({ lines: [line({ periods: [period({ amount: "0.36" })] })] });
    await press(shown, text(one(shown, ".line button")));
    expect(all(shown, ".detail.sum")).toHaveLength(0);
  });

  test("foreign names stay text", async () => {
    const shown = await view({
      drivers: [driverRow({ name: "<b>Anna</b>" })],
      lines: [line({ evse_name: "<i>Garage</i>", seal: "<u>" })],
    });
    expect(all(shown, "b, i, u")).toHaveLength(0);
    expect(text(one(shown, ".driver th"))).toBe("<b>Anna</b>");
  });

  test("a driver's only row is open from the start", async () => {
    const shown = await view({}, false);
    expect(all(shown, ".line")).toHaveLength(1);
    await press(shown, "Anna");
    expect(all(shown, ".line")).toHaveLength(0);
  });
});

describe("what needs a look", () => {
  test("is counted, and opened on request", async () => {
    const shown = await view(MONTH);
    expect(text(one(shown, ".tone-warning p"))).toBe("1 line needs a look. Its mark says why.");
    await press(shown, "Show");
    expect(texts(shown, ".line .flag")).toEqual(["Conflict"]);
    expect(() => button(shown, "Show")).toThrow();
  });

  test("no line, no banner", async () => {
    expect(all(await view({}), ".notice")).toHaveLength(0);
  });
});

describe("empty states", () => {
  const none = { drivers: [], lines: [], total: { energy_wh: "0", sessions: 0, amounts: { EUR: "0" } } };

  test.each([
    ["this month", { ...none }, true, `No sessions in November yet ${t("billing.empty_do")}`],
    ["this month, a driver", { ...none }, false, `No sessions in November yet ${t("billing.empty_own_do")}`],
    ["a past month", { ...none, month: "2026-09" }, true, "No sessions in September"],
    ["no sheet", { ...none, sheets: [], sheet_id: null }, true, `No billing sheet yet ${t("billing.no_sheet_do")}`],
    [
      "no sheet, a driver",
      { ...none, sheets: [], sheet_id: null },
      false,
      `No billing sheet yet ${t("billing.ask_owner")}`,
    ],
  ])("%s", async (_, answer, admin, words) => {
    expect(texts(await view(answer, admin), ".empty")).toEqual([words]);
  });
});

describe("moving about", () => {
  const sheets = [
    { id: "home", name: "Household", kind: "household" },
    { id: "fleet", name: "Company", kind: "fleet" },
  ] as const;

  test("the address says which bill", async () => {
    history.replaceState(null, "", "/ev-station/billing?sheet=fleet&month=2026-09");
    await view({});
    expect(hass.asked).toEqual([{ type: "ev_station/billing", sheet_id: "fleet", month: "2026-09" }]);
  });

  test("to the month before, and the address follows", async () => {
    const shown = await view({});
    expect(button(shown, "Next month").disabled).toBe(true);
    await press(shown, "Previous month");
    expect(hass.asked.at(-1)).toEqual({ type: "ev_station/billing", sheet_id: "home", month: "2026-10" });
    expect(location.search).toBe("?sheet=home&month=2026-10");
  });

  test("to another sheet, keeping the month one has gone to", async () => {
    const shown = await view({ sheets });
    const choose = async (id: string): Promise<void> => {
      const select = one(shown, "select") as HTMLSelectElement;
      select.value = id;
      select.dispatchEvent(new Event("change"));
      await settle(shown);
    };
    await choose("fleet");
    expect(hass.asked.at(-1)).toEqual({ type: "ev_station/billing", sheet_id: "fleet" });
    await press(shown, "Previous month");
    await choose("fleet");
    expect(hass.asked.at(-1)).toEqual({ type: "ev_station/billing", sheet_id: "fleet", month: "2026-10" });
  });

  test("a session that ended may be a new line: it is fetched, other changes are not", async () => {
    const shown = await view({});
    const around = shown.context;
    const during = { ...around, live: live([seen({ session: session() })]) };
    const later = { ...around, live: live([seen({ session: session({ energy_wh: "13000" }) })]) };
    for (const [next, fetched] of [
      [during, 2],
      [later, 2],
      [around, 3],
    ] as const) {
      shown.context = next;
      await settle(shown);
      expect(hass.asked).toHaveLength(fetched);
    }
  });
});

describe("errors", () => {
  test("loading failed: says so and tries again", async () => {
    const shown = await view({});
    hass.failure = { code: "not_found", message: "This sheet is gone." };
    await press(shown, "Previous month");
    expect(text(one(shown, "[role=alert] p"))).toBe("This sheet is gone.");
    expect(all(shown, "table")).toHaveLength(1);
    hass.failure = null;
    await press(shown, "Try again");
    expect(all(shown, "[role=alert]")).toHaveLength(0);
  });

  test("with nothing to show yet there is only the error", async () => {
    hass = new FakeHass();
    hass.failure = { code: "x", message: "No." };
    const shown = await mount("ev-billing-view", { context: context({}, hass) });
    expect(text(shown)).toBe("No. Try again");
  });

  test("a CSV that cannot be signed", async () => {
    const shown = await view({});
    const said = heard(shown);
    hass.failure = { code: "x", message: "Not allowed." };
    await press(shown, "CSV");
    expect(said).toEqual([null, "Not allowed."]);
  });
});

test("CSV and paper", async () => {
  const clicked = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined);
  const printed = vi.fn();
  vi.stubGlobal("print", printed);
  const shown = await view({});
  hass.answer = () => ({ path: "/signed.csv" });
  await press(shown, "CSV");
  expect(hass.asked.at(-1)).toEqual({ type: "auth/sign_path", path: "/api/ev_station/billing/home/2026-11.csv" });
  expect(clicked).toHaveBeenCalledOnce();
  await press(shown, "Print");
  expect(printed).toHaveBeenCalledOnce();
  vi.unstubAllGlobals();
});
