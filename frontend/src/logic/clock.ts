/** A shared tick every second that stands still while nobody looks. */
import type { SeenEvse } from "./live.ts";

export class SecondClock {
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setInterval> | undefined;

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    this.timer ??= setInterval(() => {
      for (const each of this.listeners) each();
    }, 1000);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    };
  }
}

export const secondClock = new SecondClock();

/** Seconds a session has lasted at `now`; 0 without one. */
export function elapsed({ session, seen_at }: Pick<SeenEvse, "session" | "seen_at">, now: number): number {
  return session ? session.duration_s + Math.max(0, now - seen_at) / 1000 : 0;
}
