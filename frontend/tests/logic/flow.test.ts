import { expect, test } from "vitest";
import { flow } from "../../src/logic/flow.ts";
import { live, seen, session, site } from "../make.ts";

test("the parts give the total, whatever the site says at the same moment", () => {
  const evses = [
    seen({ id: "a", name: "A", power_w: 7000, session: session() }),
    seen({ id: "b", name: "B", power_w: 0 }),
    seen({ id: "c", name: "C", power_w: 3000, session: session({ driver: null }) }),
  ];
  expect(flow(live(evses, { site: site({ power_w: 9990 }) }))).toEqual({
    watts: 10000,
    shares: [
      { id: "a", label: "Anna · A", watts: 7000, index: 0 },
      { id: "c", label: "C", watts: 3000, index: 2 },
    ],
  });
});

test("where no EVSE reports power, the site's figure stands alone", () => {
  const unmeasured = [seen({ power_w: null })];
  expect(flow(live(unmeasured, { site: site({ power_w: 5000 }) }))).toEqual({ watts: 5000, shares: [] });
  expect(flow(live(unmeasured))).toBeNull();
});
