import { expect, test } from "vitest";
import { BillLoader, type BillState } from "../../src/logic/bill-loader.ts";
import type { Bill } from "../../src/logic/protocol.ts";
import { bill, FakeHass } from "../make.ts";

const watched = (): { loader: BillLoader; states: BillState[] } => {
  const states: BillState[] = [];
  const loader: BillLoader = new BillLoader(() => states.push(loader.state));
  return { loader, states };
};

test("asks for the sheet and month and shows the answer", async () => {
  const { loader, states } = watched();
  const hass = new FakeHass();
  await loader.load(hass, { sheet_id: "home", month: "2026-11" });
  expect(hass.asked).toEqual([{ type: "ev_station/billing", sheet_id: "home", month: "2026-11" }]);
  expect(states).toEqual([
    { loading: true, bill: null, error: null },
    { loading: false, bill: bill(), error: null },
  ]);
});

test("a failure keeps the last bill beside the error", async () => {
  const { loader } = watched();
  const hass = new FakeHass();
  await loader.load(hass, {});
  hass.failure = { code: "x", message: "no" };
  await loader.load(hass, {});
  expect(loader.state).toEqual({ loading: false, bill: bill(), error: { code: "x", message: "no" } });
});

test("of two requests only the later counts, whichever answers last", async () => {
  const { loader } = watched();
  const answers: ((bill: Bill) => void)[] = [];
  const hass = { callWS: <T>() => new Promise<T>((done) => answers.push(done as (bill: Bill) => void)) };
  const both = [loader.load(hass, { month: "2026-10" }), loader.load(hass, { month: "2026-11" })];
  answers[1]?.(bill({ month: "2026-11" }));
  answers[0]?.(bill({ month: "2026-10" }));
  await Promise.all(both);
  expect(loader.state).toMatchObject({ loading: false, bill: { month: "2026-11" } });
});

test("a late failure of an overtaken request is nobody's concern", async () => {
  const { loader } = watched();
  let fail: (error: Error) => void = () => undefined;
  const slow = { callWS: <T>() => new Promise<T>((_, reject) => (fail = reject)) };
  const first = loader.load(slow, {});
  await loader.load(new FakeHass(), {});
  fail(new Error("late"));
  await first;
  expect(loader.state.error).toBeNull();
});
