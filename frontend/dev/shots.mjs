/** Takes a picture of every state of the panel: npm run shots -- [folder [part of their names]]. Needs a Chromium (CHROMIUM=path). */
import { mkdir } from "node:fs/promises";
import { chromium } from "playwright-core";
import { createServer } from "vite";

const [folder = "shots", only = ""] = process.argv.slice(2);
const wide = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

const openAll = async (page) => {
  await page.getByRole("button", { name: "Ben" }).click();
  await page.getByRole("button", { name: "Nov 12" }).click();
};
const SHOTS = [
  ...[
    "none",
    "attempts",
    "one_free",
    "one_charging",
    "several",
    "faulted",
    "offline",
    "driver",
    "driver_none",
    "down",
  ].map((state) => ({ name: state, query: { state } })),
  {
    name: "who",
    query: { state: "several" },
    act: (page) => page.getByRole("button", { name: "Start" }).first().click(),
  },
  {
    name: "toast",
    query: { state: "one_charging", fail: "1" },
    act: async (page) => {
      await page.getByRole("button", { name: "Stop" }).click();
      await page.getByRole("alert").getByText("did not answer").waitFor();
    },
  },
  {
    name: "focus",
    query: { state: "one_free" },
    act: async (page) => {
      for (let step = 0; step < 4; step++) await page.keyboard.press("Tab");
    },
  },
  { name: "circuits_now", query: { state: "circuits" } },
  ...["circuits", "circuits_driver", "several"].map((state) => ({
    name: `circuits_${state}`,
    query: { view: "circuits", state },
  })),
  { name: "circuits_french", query: { view: "circuits", state: "circuits", lang: "fr" } },
  { name: "circuits_none_driver", query: { view: "circuits", state: "driver", lang: "de" } },
  ...["plan", "plan_driver", "plan_priceless", "plan_carless"].map((state) => ({
    name: `view_${state}`,
    query: { view: "plan", state, time: "24" },
  })),
  { name: "plan_now", query: { state: "plan" } },
  {
    name: "view_plan_picked",
    query: { view: "plan", state: "plan", lang: "de" },
    act: async (page) => {
      const box = await page.locator("ev-plan-chart svg.chart").boundingBox();
      await page.mouse.move(box.x + box.width * 0.36, box.y + box.height / 2);
      await page.getByLabel("Ziel von Zoe").fill("95");
    },
  },
  { name: "german", query: { state: "several", lang: "de" } },
  ...["month", "own", "empty", "empty_past", "no_sheet"].map((bill) => ({
    name: `bill_${bill}`,
    query: { view: "billing", bill, ...(bill === "own" ? { state: "driver" } : {}) },
  })),
  { name: "bill_open", query: { view: "billing", time: "24" }, act: openAll },
  { name: "bill_french", query: { view: "billing", lang: "fr" } },
];

await mkdir(folder, { recursive: true });
const server = await createServer({ configFile: "dev/vite.config.ts", logLevel: "warn", server: { open: false } });
await server.listen();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
let problems = 0;
try {
  for (const [look, viewport, theme] of [
    ["light", wide, "light"],
    ["dark", wide, "dark"],
    ["phone", phone, "light"],
  ]) {
    for (const { name, query, act } of SHOTS.filter((shot) => shot.name.includes(only))) {
      const page = await browser.newPage({
        viewport,
        reducedMotion: "reduce",
        deviceScaleFactor: 2,
        ...(look === "phone" ? { hasTouch: true, isMobile: true } : {}),
      });
      const complain = (text) => {
        problems += 1;
        console.error(`${look} ${name}: ${text}`);
      };
      page.on("pageerror", (error) => complain(error.message));
      page.on("console", (message) => message.type() === "error" && complain(message.text()));
      await page.clock.install({ time: new Date("2026-11-23T18:30:00Z") });
      await page.goto(`${server.resolvedUrls.local[0]}dev/index.html?${new URLSearchParams({ theme, ...query })}`);
      await page.locator("ev-station-panel main > *").first().waitFor();
      await page.clock.runFor(100);
      await act?.(page);
      await page.clock.runFor(1000);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (overflow > 0) complain(`${overflow} px wider than the screen`);
      await page.screenshot({ path: `${folder}/${name}.${look}.png`, fullPage: true });
      if (look === "light" && name === "bill_open") await page.pdf({ path: `${folder}/bill.pdf`, format: "A4" });
      await page.close();
    }
  }
} finally {
  await browser.close();
  await server.close();
}
process.exitCode = problems ? 1 : 0;
