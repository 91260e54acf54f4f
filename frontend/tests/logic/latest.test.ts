import { afterEach, expect, test, vi } from "vitest";
import { type Answer, Latest } from "../../src/logic/latest.ts";

afterEach(() => {
  vi.useRealTimers();
});

const watched = (): { latest: Latest<string>; states: Answer<string>[] } => {
  const states: Answer<string>[] = [];
  const latest: Latest<string> = new Latest<string>(() => states.push(latest.state));
  return { latest, states };
};
const answer = (value: string) => () => Promise.resolve(value);

test("says that it asks, then what was answered", async () => {
  const { latest, states } = watched();
  await latest.ask(answer("yes"));
  expect(states).toEqual([
    { loading: true, value: null, error: null },
    { loading: false, value: "yes", error: null },
  ]);
});

test("a failure keeps the last answer beside the error", async () => {
  const { latest } = watched();
  await latest.ask(answer("yes"));
  const error = new Error("no");
  await latest.ask(() => Promise.reject(error));
  expect(latest.state).toEqual({ loading: false, value: "yes", error });
});

test("of two requests only the later counts, whichever answers last", async () => {
  const { latest } = watched();
  const answers: ((value: string) => void)[] = [];
  const slow = () => new Promise<string>((done) => answers.push(done));
  const both = [latest.ask(slow), latest.ask(slow)];
  answers[1]?.("second");
  answers[0]?.("first");
  await Promise.all(both);
  expect(latest.state).toMatchObject({ loading: false, value: "second" });
});

test("a late failure of an overtaken request is nobody's concern", async () => {
  const { latest } = watched();
  let fail: (error: Error) => void = () => undefined;
  const first = latest.ask(() => new Promise((_, reject) => (fail = reject)));
  await latest.ask(answer("yes"));
  fail(new Error("late"));
  await first;
  expect(latest.state.error).toBeNull();
});

test("who asks in quick succession is heard once", async () => {
  vi.useFakeTimers();
  const { latest } = watched();
  const asked = vi.fn(answer("yes"));
  const all = [latest.ask(asked, 300), latest.ask(asked, 300)];
  expect(latest.state.loading).toBe(true);
  await vi.advanceTimersByTimeAsync(300);
  await Promise.all(all);
  expect(asked).toHaveBeenCalledTimes(1);
});

test("what was forgotten does not come back", async () => {
  const { latest, states } = watched();
  latest.forget();
  expect(states).toEqual([]);
  const late = latest.ask(answer("yes"));
  latest.forget();
  await late;
  expect(latest.state).toEqual({ loading: false, value: null, error: null });
});
