import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LitElement } from "lit";
import type { Context } from "../../src/elements/context.ts";
import "../../src/elements/plan-view.ts";
import type { Live } from "../../src/logic/live.ts";
import type { EvsePlan, Planning, Vehicle } from "../../src/logic/protocol.ts";
import { evsePlan, FakeHass, live, NOW, planning, preview, seen, session, site, vehicle } from "../make.ts";
import { all, button, context, heard, mount, one, press, settle, text, texts } from "./page.ts";

const prices = [
  ["2026-11-23T10:00:00Z", "2026-11-24T02:00:00Z", "0.30"],
  ["2026-11-24T02:00:00Z", "2026-11-24T11:00:00Z", "0.10"],
  ["2026-11-24T11:00:00Z", "2026-11-24T13:00:00Z", "-0.05"],
  ["2026-11-24T13:00:00Z", "2026-11-25T10:00:00Z", "0.28"],
] as const;
const solar = [["2026-11-24T10:00:00Z", "2026-11-24T13:00:00Z", 3000, 1200, 4100]] as const;

const planned = (change: Partial<Planning> = {}, more: Partial<Live> = {}): Partial<Live> => ({
  ...live([seen({ mode: "smart", session: session() })]),
  plan: planning({
    prices,
    known_until: "2026-11-24T23:00:00Z",
    solar,
    plans: { "CP1/1": evsePlan() },
    vehicles: [vehicle()],
    ...change,
  }),
  ...more,
});

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("the chart", () => {
  const chart = (change: Partial<Planning> = {}) => mount("ev-plan-chart", { context: context(planned(change)) });

  test("names what it draws", async () => {
    expect(texts(await chart(), ".legend li")).toEqual([
      "Price per kWh",
      "Price, not yet published",
      "Solar forecast",
      "Zoe",
      "Drawn",
      "Planned",
    ]);
    expect(texts(await chart({ prices: [], solar: [], plans: {}, vehicles: [] }), ".legend li")).toEqual([]);
  });

  test("fills what costs less than nothing, and shows the sun's likely range", async () => {
    const found = await chart();
    expect(one(found, ".negative").getAttribute("d")).toMatch(/^M/);
    expect(one(found, ".sun-band").getAttribute("d")).toMatch(/^M/);
    expect(one(found, "path.planned").getAttribute("fill")).toBe("url(#planned-0)");
    expect(texts(found, ".times text")).toContain("Nov 24");
  });

  test("draws no price where none is known", async () => {
    expect(all(await chart({ prices: [] }), "path.price")).toHaveLength(0);
  });

  test("tells of the present quarter hour until another is pointed at", async () => {
    const found = await chart();
    expect(texts(found, ".reading > div")).toEqual([
      "Nov 23 19:30 – 19:45",
      "Price per kWh €0.300",
      "Zoe 0.0 kW waits for a cheaper hour",
    ]);
    const svg = one(found, ".chart");
    svg.getBoundingClientRect = () => new DOMRect(0, 0, 720, 316);
    // 25 of 48 hours along: noon in Amsterdam is eleven o'clock UTC.
    const x = 44 + (720 - 52) * ((25 * 4 + 0.5) / 192);
    svg.dispatchEvent(new MouseEvent("pointermove", { clientX: x }));
    await settle(found);
    expect(texts(found, ".reading > div")).toEqual([
      "Nov 24 12:00 – 12:15",
      "Price per kWh -€0.050",
      "Solar forecast 3.0 kW 1.2 to 4.1 kW likely",
      "Zoe 0.0 kW",
    ]);
    expect(all(found, ".picked")).toHaveLength(1);
    svg.dispatchEvent(Object.assign(new Event("pointerleave"), { pointerType: "touch" }));
    await settle(found);
    expect(all(found, ".picked")).toHaveLength(1);
    svg.dispatchEvent(Object.assign(new Event("pointerleave"), { pointerType: "mouse" }));
    await settle(found);
    expect(all(found, ".picked")).toHaveLength(0);
  });

  test("is walked through with the keyboard and read aloud", async () => {
    const found = await chart();
    const svg = one(found, ".chart");
    const key = async (name: string): Promise<string | null> => {
      svg.dispatchEvent(new KeyboardEvent("keydown", { key: name }));
      await settle(found);
      return svg.getAttribute("aria-valuetext");
    };
    expect(await key("ArrowRight")).toBe("19:45 – 20:00, €0.300, Zoe 0.0 kW");
    expect(await key("PageUp")).toBe("20:45 – 21:00, €0.300, Zoe 0.0 kW");
    expect(await key("Home")).toBe("11:00 – 11:15, €0.300, Zoe 0.0 kW");
    expect(await key("x")).toBe("11:00 – 11:15, €0.300, Zoe 0.0 kW");
    expect(await key("Escape")).toBe("19:30 – 19:45, €0.300, Zoe 0.0 kW");
  });

  test("has the same as a table of hours", async () => {
    const found = await chart({ prices: prices.slice(0, 2) });
    expect(texts(found, "thead th")).toEqual(["Hour", "Price per kWh", "Solar forecast", "Zoe"]);
    const rows = texts(found, "tbody tr");
    expect(rows).toHaveLength(40);
    expect(rows[8]).toBe("Nov 24, 03:00 €0.100 – 11.0 kW");
    expect(rows[18]).toBe("Nov 24, 13:00 – 3.0 kW 0.0 kW");
  });

  test("says no price of a slot without one, and no range that is not told", async () => {
    const sun = [["2026-11-23T18:00:00Z", "2026-11-23T19:00:00Z", 10, null, null]] as const;
    expect(texts(await chart({ prices: [], solar: sun }), ".reading > div").slice(1, 3)).toEqual([
      "Price per kWh Price not known",
      "Solar forecast 0.0 kW",
    ]);
  });
});

describe("a car", () => {
  const car = async (change: Partial<Planning> = {}, own: Partial<Vehicle> = {}, hass = new FakeHass()) =>
    mount("ev-plan-car", { context: context(planned(change), hass), vehicle: vehicle(own) });
  const goalOf = (element: LitElement): HTMLElement => one(element, "ev-plan-goal");
  const leaves = (element: LitElement): HTMLElement => one(element, "ev-plan-departure");
  const leavesAt = (element: LitElement): string[] =>
    all(leaves(element), "input").map((each) => (each as HTMLInputElement).value);
  const move = async (element: LitElement, type: string, value: string): Promise<void> => {
    const field = one(type === "range" ? goalOf(element) : leaves(element), `input[type=${type}]`) as HTMLInputElement;
    field.value = value;
    field.dispatchEvent(new Event(type === "range" ? "input" : "change"));
    await settle(element);
  };

  test("says what is planned, what it takes and costs", async () => {
    const found = await car();
    expect(text(one(found, "header"))).toBe("Zoe Garage left · 40% now");
    expect(text(one(found, ".sentence"))).toBe(
      "Waits until 03:00, saves €1.84; ready 05:40, 1 hr 20 min before departure",
    );
    expect(texts(found, "dl > div")).toEqual(["Takes 30.4kWh", "Costs €6.20"]);
    expect(leavesAt(found)).toEqual(["2026-11-24", "07:00"]);
    expect(all(found, ".decision")).toHaveLength(0);
  });

  test("that will not be ready warns", async () => {
    const plan: EvsePlan = evsePlan({ state: "late", unmet_wh: "5000", ready_at: null });
    expect(text(one(await car({ plans: { "CP1/1": plan } }), ".notice"))).toContain("5.0 kWh will be missing");
  });

  test("that has enough names no sums", async () => {
    const found = await car({ plans: { "CP1/1": evsePlan({ periods: [] }) } });
    expect(text(one(found, ".sentence"))).toBe("It has what was wanted.");
    expect(all(found, "dl")).toHaveLength(0);
  });

  test("applies what was moved, and nothing before", async () => {
    const hass = new FakeHass();
    const found = await car({}, {}, hass);
    await move(found, "range", "90");
    await move(found, "time", "06:15");
    expect(hass.calls).toEqual([]);
    one(found, "form").dispatchEvent(new Event("submit", { cancelable: true }));
    await settle(found);
    expect(hass.calls).toMatchObject([
      { service: "set_departure", data: { at: "2026-11-24T06:15" }, target: { device_id: "device-zoe" } },
      { domain: "number", service: "set_value", data: { value: 90 }, target: { entity_id: "number.zoe_goal" } },
    ]);
    expect(all(found, ".decision")).toHaveLength(0);
  });

  test("forgets what was moved when asked to, and what came true", async () => {
    const found = await car();
    await move(found, "range", "90");
    await move(found, "time", "06:15");
    await press(found, "Keep as it is");
    expect(text(one(goalOf(found), "output"))).toBe("80");
    await move(found, "range", "90");
    await move(found, "range", "80");
    expect(all(found, ".decision")).toHaveLength(0);
    await move(found, "time", "06:15");
    await move(found, "time", "07:00");
    expect(all(found, ".decision")).toHaveLength(0);
    await move(found, "range", "90");
    await move(found, "time", "06:15");
    found.vehicle = vehicle({ goal: { kind: "percent", amount: 90 }, departure: "2026-11-24T05:15:00Z" });
    await settle(found);
    expect(all(found, ".decision")).toHaveLength(0);
  });

  const far = { goal: { kind: "distance", amount: 120 }, own_goal: true, origin: "calendar" } as const;

  test("shows a goal in its own unit, and where it comes from", async () => {
    const found = await car({}, far);
    expect(text(one(goalOf(found), "output"))).toBe("120");
    expect((one(goalOf(found), "select") as HTMLSelectElement).value).toBe("distance");
    expect(one(goalOf(found), "input").getAttribute("aria-valuetext")).toBe("120\u00a0km");
    expect(text(one(found, ".origin"))).toBe(
      "07:00, by its calendar. The goal is for this departure only; usually it is 80%. Counted from when it was plugged in.",
    );
    expect(all(found, ".origin button")).toHaveLength(0);
  });

  test("is told its goal in another unit, for this departure only", async () => {
    const hass = new FakeHass();
    const found = await car({}, {}, hass);
    const unit = one(goalOf(found), "select") as HTMLSelectElement;
    unit.value = "distance";
    unit.dispatchEvent(new Event("change"));
    await settle(found);
    expect(text(one(goalOf(found), "output"))).toBe("110");
    expect(text(one(found, "form > p"))).toBe("The goal is for this departure only.");
    await move(found, "range", "150");
    one(found, "form").dispatchEvent(new Event("submit", { cancelable: true }));
    await settle(found);
    expect(hass.calls).toMatchObject([
      { service: "set_departure", data: { distance: 150 }, target: { device_id: "device-zoe" } },
    ]);
  });

  test("leaves on another day, at its time; without one at seven, or the next time that is chosen", async () => {
    const found = await car();
    await move(found, "date", "");
    await move(found, "time", "");
    expect(leavesAt(found)).toEqual(["2026-11-24", "07:00"]);
    await move(found, "date", "2026-11-30");
    expect(leavesAt(found)).toEqual(["2026-11-30", "07:00"]);
    await move(found, "time", "06:15");
    expect(leavesAt(found)).toEqual(["2026-11-30", "06:15"]);
    await move(found, "date", "");
    expect(leavesAt(found)).toEqual(["2026-11-24", "07:00"]);
    const nobodySaid = await car({}, { departure: null, origin: null });
    expect(leavesAt(nobodySaid)).toEqual(["", ""]);
    await move(nobodySaid, "date", "2026-11-30");
    expect(leavesAt(nobodySaid)).toEqual(["2026-11-30", "07:00"]);
    await press(nobodySaid, "Keep as it is");
    await move(nobodySaid, "time", "19:00");
    expect(leavesAt(nobodySaid)).toEqual(["2026-11-24", "19:00"]);
  });

  test("says how long it lasts what is applied", async () => {
    const found = await car();
    await move(found, "range", "90");
    expect(text(one(found, "form > p"))).toBe("This becomes its usual goal.");
    await move(found, "time", "06:15");
    expect(text(one(found, "form > p"))).toBe("This becomes its usual goal. This departure counts once only.");
    const own = await car({}, { own_goal: true });
    await move(own, "range", "90");
    expect(text(one(own, "form > p"))).toBe("The goal is for this departure only.");
  });

  test("leaves as usual again", async () => {
    const hass = new FakeHass();
    const found = await car({}, { origin: "once" }, hass);
    await press(found, "Leave as usual");
    expect(hass.calls).toMatchObject([{ service: "set_departure", data: {}, target: { device_id: "device-zoe" } }]);
    const { departure } = vehicle();
    expect(all(await car({}, { origin: "once", device_id: null, departure }), ".origin button")).toHaveLength(0);
  });

  test("has a goal in percent only as long as nobody says when it leaves", async () => {
    const found = await car({}, { departure: null, origin: null });
    const unit = (): HTMLSelectElement => one(goalOf(found), "select") as HTMLSelectElement;
    expect(unit().disabled).toBe(true);
    expect(all(found, ".origin")).toHaveLength(0);
    await move(found, "time", "06:15");
    expect(unit().disabled).toBe(false);
  });

  const guest = {
    id: "guest CP1/1",
    guest: true,
    name: "Garage left",
    device_id: "device-evse",
    percent: null,
    goal: { kind: "percent", amount: 100 },
    goal_entity: null,
    departure: null,
    origin: null,
  } as const;

  test("of a guest is to be full, or to get some kWh, for this session", async () => {
    const hass = new FakeHass();
    const found = await car({ plans: {} }, guest, hass);
    expect(text(one(found, "header"))).toBe("Guest Garage left");
    expect(text(one(found, ".card > p"))).toBe("Say when it leaves, then it is planned for.");
    const unit = (): HTMLSelectElement => one(goalOf(found), "select") as HTMLSelectElement;
    expect([unit().disabled, text(unit()), all(goalOf(found), "input").length]).toEqual([true, "fullkWh", 0]);
    await move(found, "time", "06:15");
    expect(text(one(found, "form > p"))).toBe("This holds for this session only.");
    unit().value = "energy";
    unit().dispatchEvent(new Event("change"));
    await settle(found);
    expect(text(one(goalOf(found), "output"))).toBe("20");
    await move(found, "range", "12000");
    one(found, "form").dispatchEvent(new Event("submit", { cancelable: true }));
    await settle(found);
    expect(hass.calls).toMatchObject([
      { service: "set_departure", data: { at: "2026-11-24T06:15", energy: 12 }, target: { device_id: "device-evse" } },
    ]);
  });

  test("of a guest is told to be full again, or planned for no longer", async () => {
    const hass = new FakeHass();
    const some = { goal: { kind: "energy", amount: 12_000 }, own_goal: true } as const;
    const found = await car({}, { ...guest, ...some, departure: "2026-11-24T06:00:00Z", origin: "once" }, hass);
    expect(text(one(found, ".origin p"))).toBe("07:00, for this session. Counted from when it was plugged in.");
    const unit = one(goalOf(found), "select") as HTMLSelectElement;
    unit.value = "percent";
    unit.dispatchEvent(new Event("change"));
    await settle(found);
    await press(found, "Keep as it is");
    unit.value = "percent";
    unit.dispatchEvent(new Event("change"));
    await settle(found);
    one(found, "form").dispatchEvent(new Event("submit", { cancelable: true }));
    await settle(found);
    await press(found, "Plan for it no longer");
    expect(hass.calls).toMatchObject([
      { service: "set_departure", data: { percent: 100 } },
      { service: "set_departure", data: {} },
    ]);
  });

  test("says why something was refused, and keeps what was wanted", async () => {
    const hass = new FakeHass();
    hass.failure = { message: "No." };
    const found = await car({}, {}, hass);
    const said = heard(found);
    await move(found, "range", "90");
    one(found, "form").dispatchEvent(new Event("submit", { cancelable: true }));
    await settle(found);
    expect(said).toEqual([null, "No."]);
    expect(text(one(goalOf(found), "output"))).toBe("90");
    expect(button(found, "Apply").disabled).toBe(false);
  });

  describe("that is considered", () => {
    const rest = async (element: LitElement): Promise<void> => {
      await vi.advanceTimersByTimeAsync(300);
      await settle(element);
    };
    const told = (element: LitElement): HTMLElement => one(element, "ev-plan-preview");
    const considered = async (hass = new FakeHass(), answer: unknown = preview()) => {
      hass.answer = () => answer;
      const found = await car({}, {}, hass);
      await move(found, "time", "06:30");
      return found;
    };

    beforeEach(() => {
      vi.useFakeTimers({ now: NOW, toFake: ["Date", "setTimeout"] });
    });

    test("says what the wish would mean, once the slider rests", async () => {
      const hass = new FakeHass();
      const found = await considered(hass);
      await move(found, "range", "85");
      await move(found, "range", "90");
      expect(hass.asked).toEqual([]);
      expect(text(told(found))).toBe("Reckoning what that means …");
      expect(one(told(found), "[role=status]").getAttribute("aria-busy")).toBe("true");
      await rest(found);
      expect(hass.asked).toEqual([
        { type: "ev_station/preview_plan", vehicle_id: "zoe", percent: 90, at: "2026-11-24T06:30" },
      ]);
      expect(text(one(told(found), "[role=status]"))).toBe(
        "Leaving 06:30 with 90% Waits until 03:00, saves €1.84; ready 05:40, 50 min before departure " +
          "Takes 30.4kWh Costs €6.60 €0.40 more than now",
      );
      expect(hass.calls).toEqual([]);
    });

    test("offers to leave earlier and later, which is considered in turn", async () => {
      const hass = new FakeHass();
      const found = await considered(hass);
      await rest(found);
      expect(texts(told(found), "li")).toEqual([
        "Leave 05:30 ready 05:10, €0.40 more",
        "Leave 07:30 ready 06:50, same cost",
      ]);
      expect(text(one(told(found), "div > p.small"))).toBe("Charged at once: ready 22:20, €1.84 more.");
      one(told(found), "li button").click();
      await rest(found);
      expect(leavesAt(found)).toEqual(["2026-11-24", "05:30"]);
      expect(hass.asked.at(-1)).toMatchObject({ at: "2026-11-24T05:30" });
    });

    test("offers departures of other days, and none it may not see", async () => {
      const hass = new FakeHass();
      const far = evsePlan({ departure: "2026-11-25T06:30:00Z", ready_at: null, unmet_wh: "2000" });
      const others = [far, evsePlan({ departure: null })];
      const found = await considered(hass, preview({ others, present: null }));
      await rest(found);
      expect(texts(told(found), "li")).toEqual(["Leave Wed 07:30 2.0 kWh missing, €0.40 less"]);
      expect(all(told(found), ".change")).toHaveLength(0);
      one(told(found), "li button").click();
      await rest(found);
      expect(hass.asked.at(-1)).toMatchObject({ at: "2026-11-25T07:30" });
    });

    test("names no sums of a car that has enough, and warns of one that cannot have it", async () => {
      const enough = await considered(new FakeHass(), preview({ plan: evsePlan({ periods: [] }) }));
      await rest(enough);
      expect(all(told(enough), "dl, li, div > p.small")).toHaveLength(0);
      const plan = evsePlan({ state: "impossible", unmet_wh: "9000", ready_at: null, soonest: null });
      const late = await considered(new FakeHass(), preview({ plan }));
      await rest(late);
      expect(text(one(told(late), ".notice"))).toContain("9.0 kWh will be missing");
      expect(all(told(late), "div > p.small")).toHaveLength(0);
    });

    test("says why nothing can be told, and may be applied all the same", async () => {
      const hass = new FakeHass();
      const found = await considered(hass);
      hass.failure = { message: "No session is running here." };
      await rest(found);
      expect(text(told(found))).toBe("No session is running here.");
      expect(button(found, "Apply").disabled).toBe(false);
    });

    test("is kept as it is with a button or Escape, and nothing is asked any more", async () => {
      const hass = new FakeHass();
      const found = await considered(hass);
      button(found, "Keep as it is").focus();
      await press(found, "Keep as it is");
      expect(found.shadowRoot?.activeElement).toBe(goalOf(found));
      expect(goalOf(found).shadowRoot?.activeElement).toBe(one(goalOf(found), "input"));
      await move(found, "time", "06:30");
      one(found, "form").dispatchEvent(new KeyboardEvent("keydown", { key: "Tab" }));
      one(found, "form").dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
      await rest(found);
      expect(all(found, ".decision, ev-plan-preview")).toHaveLength(0);
      expect(hass.asked).toEqual([]);
    });

    test("asks nothing where nothing is plugged in", async () => {
      const hass = new FakeHass();
      const found = await mount("ev-plan-car", { context: context(planned(), hass), vehicle: vehicle({ evse: null }) });
      await move(found, "range", "90");
      await rest(found);
      expect(hass.asked).toEqual([]);
      expect(button(found, "Apply").disabled).toBe(false);
      expect(all(found, "ev-plan-preview")).toHaveLength(0);
    });

    test("asks nothing where its session was stopped, and says that none is running", async () => {
      const hass = new FakeHass();
      const { evses } = live([seen({ mode: "smart", status: "finishing", plugged: true })]);
      const found = await mount("ev-plan-car", {
        context: context(planned({ plans: {} }, { evses }), hass),
        vehicle: vehicle(),
      });
      expect(text(one(found, "article > p"))).toBe(
        "No session is running at Garage left. It is planned for once one starts.",
      );
      await move(found, "range", "90");
      await rest(found);
      expect(hass.asked).toEqual([]);
      expect(all(found, "ev-plan-preview")).toHaveLength(0);
    });

    test("is drawn in the chart until it is decided", async () => {
      const hass = new FakeHass();
      const plan = evsePlan({ periods: [["2026-11-23T19:00:00Z", "2026-11-23T20:00:00Z", 7360, "needed"]] });
      hass.answer = () => preview({ plan });
      const found = await mount("ev-plan-view", { context: context(planned(), hass) });
      const zoe = one(found, "ev-plan-car") as unknown as LitElement;
      const drawn = (): number | undefined =>
        (one(found, "ev-plan-chart") as unknown as { context: Context }).context.live.plan.plans["CP1/1"]?.periods
          .length;
      await move(zoe, "range", "90");
      await rest(zoe);
      await settle(found);
      expect(drawn()).toBe(1);
      expect(text(one(found, ".supposed"))).toBe("Drawn as it would be. Nothing is applied yet.");
      await press(zoe, "Keep as it is");
      await settle(found);
      expect(drawn()).toBe(3);
      expect(all(found, ".supposed")).toHaveLength(0);
    });
  });

  test("that is away or nowhere says so", async () => {
    const away = await car({ plans: {} }, { evse: null, percent: null, departure: null, goal_entity: null });
    expect(text(one(away, "article > p"))).toBe("Not plugged in. It is planned for once it is.");
    expect((one(goalOf(away), "input") as HTMLInputElement).disabled).toBe(true);
    expect(leavesAt(away)).toEqual(["", ""]);
  });

  test("in another mode is switched to Smart", async () => {
    const hass = new FakeHass();
    const base = planned({ plans: {} });
    const found = await mount("ev-plan-car", {
      context: context(
        { ...base, ...{ evses: live([seen({ mode: "fast", session: session({ driver: null }) })]).evses } },
        hass,
      ),
      vehicle: vehicle(),
    });
    expect(text(one(found, "article > p"))).toBe(
      "Planned for in the mode Smart only; the mode of Garage left is Fast.",
    );
    await press(found, "Switch to Smart");
    expect(hass.calls).toMatchObject([{ service: "select_option", data: { option: "smart" } }]);
  });
});

describe("the view", () => {
  const view = (change: Partial<Planning>, more: Partial<Live> = {}) =>
    mount("ev-plan-view", { context: context(planned(change, more)) });

  test("has the chart and the cars by name", async () => {
    const found = await view({ vehicles: [vehicle(), vehicle({ id: "b", name: "Bulli", evse: null })] });
    expect(all(found, "ev-plan-chart")).toHaveLength(1);
    expect(all(found, "ev-plan-car").map((each) => (each as unknown as { vehicle: Vehicle }).vehicle.name)).toEqual([
      "Bulli",
      "Zoe",
    ]);
  });

  test("without a car tells an owner what to do and a driver whom to ask", async () => {
    const owner = await view({ vehicles: [], plans: {} });
    expect(text(one(owner, ".empty a"))).toBe("Add a car");
    const driver = await view({ vehicles: [], plans: {} }, { site: site({ is_admin: false }) });
    expect(text(one(driver, ".empty"))).toContain("Ask the owner of this home to add your car.");
    expect(all(driver, "a")).toHaveLength(0);
  });

  test("with guests alone shows them, and how to add a car", async () => {
    const found = await view({ vehicles: [vehicle({ guest: true })] });
    expect([all(found, "ev-plan-car").length, all(found, ".empty").length]).toEqual([1, 1]);
  });

  test("without prices says what that means, and shows no empty chart", async () => {
    const nothing = { prices: [], solar: [], plans: {} };
    const owner = await view(nothing);
    expect(text(one(owner, ".notice"))).toContain("No price is known for the hours to come");
    expect(text(one(owner, ".notice a"))).toBe("Open the settings");
    expect(all(owner, "ev-plan-chart")).toHaveLength(0);
    expect(all(await view(nothing, { site: site({ is_admin: false }) }), "a")).toHaveLength(0);
  });
});
