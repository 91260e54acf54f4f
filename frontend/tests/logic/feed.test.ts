import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Feed } from "../../src/logic/feed.ts";
import type { LiveMessage } from "../../src/logic/protocol.ts";
import { FakeConnection, snapshot } from "../make.ts";

let connection: FakeConnection;
let messages: LiveMessage[];
let failures: unknown[];
let feed: Feed;

beforeEach(() => {
  vi.useFakeTimers();
  connection = new FakeConnection();
  messages = [];
  failures = [];
  feed = new Feed({ message: (message) => messages.push(message), failed: (error) => failures.push(error) });
});

afterEach(() => {
  vi.useRealTimers();
});

const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe("a feed", () => {
  test("subscribes and passes messages on", async () => {
    feed.start(connection);
    await settle();
    connection.send(snapshot());
    expect(connection.asked).toEqual([{ type: "ev_station/subscribe" }]);
    expect(messages).toEqual([snapshot()]);
  });

  test("ends its subscription and hears nothing more", async () => {
    feed.start(connection);
    await settle();
    feed.stop();
    connection.send(snapshot());
    expect(connection.ended).toBe(1);
    expect(messages).toEqual([]);
  });

  test("stopping twice ends it once", async () => {
    feed.start(connection);
    await settle();
    feed.stop();
    feed.stop();
    expect(connection.ended).toBe(1);
  });

  test("ends a subscription whose answer comes after it was left", async () => {
    feed.start(connection);
    feed.stop();
    await settle();
    expect(connection.ended).toBe(1);
  });

  test("tries again by itself, ever less often", async () => {
    connection.failure = { code: "unknown_command", message: "Unknown command." };
    feed.start(connection);
    await settle();
    expect(failures).toHaveLength(1);
    const waits = [2_000, 5_000, 10_000, 30_000, 30_000];
    for (const [index, wait] of waits.entries()) {
      await settle(wait - 1);
      expect(failures).toHaveLength(index + 1);
      await settle(1);
      expect(failures).toHaveLength(index + 2);
    }
    connection.failure = null;
    await settle(30_000);
    connection.send(snapshot());
    expect(messages).toEqual([snapshot()]);
  });

  test("begins anew by itself when the connection is back, and until the integration is back too", async () => {
    feed.start(connection);
    await settle();
    expect(connection.resubscribes).toBe(false);
    connection.failure = { code: "not_loaded", message: "Not loaded." };
    connection.reconnect();
    await settle();
    connection.failure = null;
    await settle(2_000);
    expect(connection.asked).toHaveLength(3);
    connection.send(snapshot());
    expect(messages).toEqual([snapshot()]);
    expect(connection.ended).toBe(0);
  });

  test("a lost connection while it waits leads to one subscription only", async () => {
    connection.failure = "down";
    feed.start(connection);
    await settle();
    connection.failure = null;
    connection.reconnect();
    await settle(60_000);
    expect(connection.callbacks).toHaveLength(1);
  });

  test("a connection that comes back after it was stopped starts nothing", async () => {
    feed.start(connection);
    await settle();
    feed.stop();
    connection.reconnect();
    await settle();
    expect(connection.asked).toHaveLength(1);
  });

  test("gives up trying when it is stopped", async () => {
    connection.failure = "down";
    feed.start(connection);
    await settle();
    feed.stop();
    await settle(60_000);
    expect(connection.asked).toHaveLength(1);
  });

  test("says nothing of a failure that comes after it was left", async () => {
    connection.failure = "down";
    feed.start(connection);
    feed.stop();
    await settle(60_000);
    expect(failures).toEqual([]);
  });
});
