/** A charger's tries to connect, in words and with what helps. */
import type { Key } from "./i18n.ts";
import type { Attempt } from "./protocol.ts";
import type { Tone } from "./wording.ts";

const SHOWN = 8;

export interface Verdict {
  readonly tone: Tone;
  readonly outcome: Key;
  readonly advice: Key;
}

export function verdict({ outcome, reason }: Attempt): Verdict {
  switch (outcome) {
    case "accepted":
      return { tone: "active", outcome: "attempt.accepted", advice: "attempt.accepted_do" };
    case "waiting":
      return { tone: "warning", outcome: "attempt.waiting", advice: "attempt.waiting_do" };
    case "refused":
      return reason
        ? { tone: "error", outcome: `attempt.${reason}`, advice: `attempt.${reason}_do` }
        : { tone: "error", outcome: "attempt.refused", advice: "attempt.refused_do" };
  }
}

/** The latest first, as many as can be read at a glance. */
export function latest(attempts: readonly Attempt[]): Attempt[] {
  return [...attempts].sort((a, b) => b.at.localeCompare(a.at)).slice(0, SHOWN);
}

/** "ABL eMH1", or what is known of it. */
export function makeAndModel({ vendor, model }: Pick<Attempt, "vendor" | "model">): string {
  return [vendor, model].filter(Boolean).join(" ");
}
