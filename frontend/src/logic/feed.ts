/**
 * Keeps one subscription to the integration alive, trying again by itself while the integration is away.
 *
 * Home Assistant's connection would subscribe again after a restart, but once only: it comes back before the
 * integration does, and then nobody would ever hear of it.
 */
import type { Connection, Unsubscribe } from "./hass.ts";
import type { LiveMessage } from "./protocol.ts";

const RETRY_MS = [2_000, 5_000, 10_000, 30_000] as const;

export interface FeedListener {
  message(message: LiveMessage): void;
  failed(error: unknown): void;
}

interface Run {
  readonly leave: () => void;
  unsubscribe?: Unsubscribe;
  timer?: ReturnType<typeof setTimeout>;
}

export class Feed {
  private run: Run | undefined;

  constructor(private readonly listener: FeedListener) {}

  start(connection: Connection): void {
    this.stop();
    const again = (): void => {
      // The subscription went with its socket; its number may be another one's by now.
      delete run.unsubscribe;
      this.start(connection);
    };
    connection.addEventListener("ready", again);
    const run: Run = {
      leave: () => {
        connection.removeEventListener("ready", again);
      },
    };
    this.run = run;
    let failures = 0;
    const subscribe = async (): Promise<void> => {
      try {
        const unsubscribe = await connection.subscribeMessage(
          (message) => {
            if (this.run === run) this.listener.message(message);
          },
          { type: "ev_station/subscribe" },
          { resubscribe: false },
        );
        // Left while the answer was under way: nobody else would ever end this subscription.
        if (this.run === run) run.unsubscribe = unsubscribe;
        else void unsubscribe();
      } catch (error) {
        if (this.run !== run) return;
        const wait = RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)];
        run.timer = setTimeout(() => void subscribe(), wait);
        this.listener.failed(error);
      }
    };
    void subscribe();
  }

  stop(): void {
    const run = this.run;
    this.run = undefined;
    if (!run) return;
    run.leave();
    clearTimeout(run.timer);
    void run.unsubscribe?.();
  }
}
