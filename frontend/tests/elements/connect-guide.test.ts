import { afterEach, beforeEach, expect, test, vi } from "vitest";
import "../../src/elements/connect-guide.ts";
import { attempt, site, t } from "../make.ts";
import { all, button, context, heard, mount, one, press, settle, text, texts } from "./page.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("the addresses to type, the first as QR code", async () => {
  const urls = ["ws://192.168.1.20:9000/", "wss://home.example/ocpp/"];
  const guide = await mount("ev-connect-guide", { context: context({ site: site({ ocpp_urls: urls }) }) });
  expect(texts(guide, "code")).toEqual(urls);
  expect(one(guide, "[role=img]").getAttribute("aria-label")).toBe("QR code of ws://192.168.1.20:9000/");
});

test("without an address it says why", async () => {
  const guide = await mount("ev-connect-guide", { context: context({ site: site({ ocpp_urls: [] }) }) });
  expect(text(guide)).toContain(t("connect.no_address"));
  expect(all(guide, "svg[role=img], code")).toHaveLength(0);
});

test("a copy is confirmed for a moment", async () => {
  const writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  const guide = await mount("ev-connect-guide", { context: context() });
  await press(guide, "Copy");
  expect(writeText).toHaveBeenCalledWith("ws://192.168.1.20:9000/");
  expect(button(guide, "Copied")).toBeDefined();
  vi.advanceTimersByTime(3000);
  await settle(guide);
  expect(button(guide, "Copy")).toBeDefined();
});

test("a copy that is not allowed says what to do instead", async () => {
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("document", Object.assign(document, { execCommand: () => false }));
  const guide = await mount("ev-connect-guide", { context: context() });
  const said = heard(guide);
  await press(guide, "Copy");
  expect(said).toEqual([t("error.copy")]);
});

test("each try with its reason and what to do, names as text", async () => {
  const attempts = [
    attempt({ identity: "<b>ABL</b>", vendor: "ABL", model: "eMH1" }),
    attempt({ at: "2026-11-23T18:00:00Z", identity: "", outcome: "waiting", reason: null }),
  ];
  const guide = await mount("ev-connect-guide", { context: context({ attempts }) });
  const [refused, waiting] = texts(guide, ".attempt");
  expect(refused).toMatch(/^<b>ABL<\/b> ABL eMH1 Wrong address\. Type in the address above/);
  expect(waiting).toMatch(/^\(no identity\) Waiting for you\./);
  expect(texts(guide, ".attempt a")).toEqual(["Open Devices & services"]);
  expect(all(guide, "b")).toHaveLength(0);
});
