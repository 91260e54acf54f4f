import { expect, test } from "vitest";
import { latest, makeAndModel, verdict } from "../../src/logic/attempts.ts";
import type { Attempt } from "../../src/logic/protocol.ts";
import { attempt, t } from "../make.ts";

test.each<[Partial<Attempt>, string, string]>([
  [{ outcome: "accepted", reason: null }, "active", "Connected"],
  [{ outcome: "waiting", reason: null }, "warning", "Waiting for you"],
  [{ reason: null }, "error", "Refused"],
  [{ reason: "unknown_charger" }, "error", "Not known here"],
  [{ reason: "bad_credentials" }, "error", "Wrong password"],
  [{ reason: "duplicate" }, "error", "Identity already in use"],
  [{ reason: "waiting_room_full" }, "error", "Too many chargers wait"],
  [{ reason: "bad_path" }, "error", "Wrong address"],
  [{ reason: "rate_limited" }, "error", "Tried too often"],
  [{ reason: "protocol" }, "error", "Speaks another language"],
])("%o", (change, tone, words) => {
  const said = verdict(attempt(change));
  expect([said.tone, t(said.outcome)]).toEqual([tone, words]);
  expect(t(said.advice)).not.toBe(said.advice);
});

test("the latest first, and not more than fit", () => {
  const tries = Array.from({ length: 12 }, (_, minute) => attempt({ at: `2026-11-23T18:${10 + minute}:00Z` }));
  const shown = latest(tries).map(({ at }) => at.slice(14, 16));
  expect(shown).toEqual(["21", "20", "19", "18", "17", "16", "15", "14"]);
});

test.each([
  ["ABL", "eMH1", "ABL eMH1"],
  ["ABL", null, "ABL"],
  [null, null, ""],
])("vendor %o and model %o: %o", (vendor, model, text) => {
  expect(makeAndModel({ vendor, model })).toBe(text);
});
