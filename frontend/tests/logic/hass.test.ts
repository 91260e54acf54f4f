import { expect, test } from "vitest";
import { concerns, type Hass } from "../../src/logic/hass.ts";
import { FakeHass } from "../make.ts";

const before: Hass = new FakeHass();
const changed = (change: Partial<Hass>): Hass => Object.assign(Object.create(before) as Hass, change);

test.each([
  ["the first object", undefined, before, true],
  ["another state somewhere in the house", before, changed({}), false],
  ["another connection", before, changed({ connection: new FakeHass().connection }), true],
  ["another language", before, changed({ language: "de" }), true],
  ["another number format", before, changed({ locale: { language: "en" } }), true],
  ["another sidebar", before, changed({ dockedSidebar: "always_hidden" }), true],
])("%s", (_, old, fresh, expected) => {
  expect(concerns(old, fresh)).toBe(expected);
});
