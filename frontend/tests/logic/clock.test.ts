import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { elapsed, SecondClock } from "../../src/logic/clock.ts";
import { NOW, session } from "../make.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("one timer for all, none for nobody", () => {
  const clock = new SecondClock();
  const ticks: string[] = [];
  const stopA = clock.subscribe(() => ticks.push("a"));
  const stopB = clock.subscribe(() => ticks.push("b"));
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(1000);
  stopA();
  vi.advanceTimersByTime(1000);
  stopB();
  expect(vi.getTimerCount()).toBe(0);
  expect(ticks).toEqual(["a", "b", "b"]);
});

test("a session's time runs on from when it was received", () => {
  expect(elapsed({ session: session(), seen_at: NOW }, NOW + 2500)).toBe(5402.5);
  expect(elapsed({ session: session(), seen_at: NOW }, NOW - 2500)).toBe(5400);
  expect(elapsed({ session: null, seen_at: NOW }, NOW)).toBe(0);
});
