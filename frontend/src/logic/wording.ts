/** What an EVSE does, in words: its state, what happens next and what the reader can do. */
import type { Formats } from "./format.ts";
import type { Key, Translate } from "./i18n.ts";
import type { Charger, Circuit, Evse, LimitWord, PerPhase } from "./protocol.ts";

/** How a card looks; always beside an icon and words. */
export type Tone = "active" | "calm" | "warning" | "error" | "off";

export type Symbol =
  "charging" | "free" | "plugged" | "paused" | "done" | "reserved" | "out_of_use" | "fault" | "offline" | "unknown";

export interface Description {
  readonly symbol: Symbol;
  readonly tone: Tone;
  readonly state: string;
  readonly hint: string | null;
}

export interface Words {
  readonly t: Translate;
  readonly f: Formats;
  readonly now: number;
}

/** IEC 61851 knows no charging current below this. */
const LEAST_CURRENT_A = 6;
/** Below this a phase carries the charger's own electronics at most. */
const PHASE_IN_USE_A = 1;

/** Faults with words of their own and what helps against each. */
const FAULT_ADVICE = {
  connectorlockfailure: "replug",
  evcommunicationerror: "replug",
  groundfailure: "electrician",
  hightemperature: "cool",
  overcurrentfailure: "replug",
  overvoltage: "electrician",
  powermeterfailure: "restart",
  powerswitchfailure: "electrician",
  readerfailure: "restart",
  undervoltage: "electrician",
  weaksignal: "restart",
} as const satisfies Record<string, string>;

type KnownFault = keyof typeof FAULT_ADVICE;

function knownFault(error: string | null): KnownFault | undefined {
  const name = error?.toLowerCase().replace(/[^a-z]/g, "");
  return (Object.keys(FAULT_ADVICE) as KnownFault[]).find((fault) => fault === name);
}

function fault(evse: Evse, { t }: Words): Description {
  const known = knownFault(evse.error);
  const named = evse.error ? t("state.fault_named", { error: evse.error }) : t("state.fault");
  return {
    symbol: "fault",
    tone: "error",
    state: known ? t(`fault.${known}`) : named,
    hint: t(known ? `advice.${FAULT_ADVICE[known]}` : "advice.replug"),
  };
}

function offline(charger: Charger | undefined, { t, f, now }: Words): Description {
  const seen = charger?.last_seen;
  return {
    symbol: "offline",
    tone: "error",
    state: seen ? t("state.offline_since", { time: f.moment(seen, now) }) : t("state.offline"),
    hint: t("hint.offline"),
  };
}

const PHASE_KEYS = ["state.charging_1p", "state.charging_2p", "state.charging_3p"] as const;

/** "Charging, 14 A on three phases", as far as the currents are known. */
function charging(currents: PerPhase, { t, f }: Words): string {
  const used = currents.filter((current) => current !== null && current >= PHASE_IN_USE_A) as number[];
  const key = PHASE_KEYS[used.length - 1];
  return key ? t(key, { current: f.number(Math.max(...used)) }) : t("state.charging");
}

/** Nothing to tell: whoever looks knows it, or it is about the next car. */
const SELF_EVIDENT: readonly LimitWord[] = ["ready", "away", "paused", "maximum"];

/** Why an EVSE has its limit; null where nothing of ours holds it. */
export function limitReason({ reason }: Evse, { t, f }: Pick<Words, "t" | "f">): string | null {
  if (!reason || SELF_EVIDENT.includes(reason.word)) return null;
  const { word, limit_a, circuit, phase, cars, until } = reason;
  return t(`reason.${word}`, {
    limit: f.amps(limit_a),
    circuit: circuit ?? "?",
    phase: phase === null ? "?" : `L${phase}`,
    cars,
    until: until ? f.time(until) : "?",
  });
}

interface PhaseFigures {
  readonly total: number;
  readonly limit: number;
  readonly headroom: number;
}

/** An EVSE with whom charges there, as far as the reader may know. */
export function nameOf({ name, session }: Evse): string {
  return session?.driver ? `${session.driver.name} · ${name}` : name;
}

/** "18 of 25 A", or what goes back to the grid. */
export function flowing({ total, limit }: PhaseFigures, { t, f }: Pick<Words, "t" | "f">): string {
  return total < 0
    ? t("circuits.exported", { amps: f.amps(-total) })
    : t("circuits.of", { load: f.amps(total), limit: f.amps(limit) });
}

/** "6.8 A free" or "1.2 A too much". */
export function headroom(load: Pick<PhaseFigures, "headroom">, { t, f }: Pick<Words, "t" | "f">): string {
  const over = load.headroom < 0;
  return t(over ? "circuits.over" : "circuits.free", { amps: f.amps(Math.abs(load.headroom)) });
}

export interface CircuitNote {
  readonly kind: "overload" | "blind" | "assumed" | "lowered";
  readonly text: string;
}

/** What there is to know of a circuit besides its figures, the most urgent first. */
export function circuitNotes(
  { circuit, phases }: { readonly circuit: Circuit; readonly phases: readonly Pick<PhaseFigures, "headroom">[] },
  { t, f }: Pick<Words, "t" | "f">,
): CircuitNote[] {
  const { overloaded, metered, measured, house_a, limit_a, fuse_a } = circuit;
  const amps = f.amps(Math.max(0, ...(house_a ?? [])));
  const notes: CircuitNote[] = [];
  const over = phases.some((each) => each.headroom < 0);
  if (overloaded) notes.push({ kind: "overload", text: t(over ? "circuits.overloaded" : "circuits.cooling") });
  if (metered && !measured) notes.push({ kind: "blind", text: t("circuits.blind", { amps }) });
  if (!metered) notes.push({ kind: "assumed", text: t("circuits.assumed", { amps }) });
  if (limit_a < fuse_a) notes.push({ kind: "lowered", text: t("circuits.lowered", { limit: f.amps(limit_a) }) });
  return notes;
}

/** Why the charger itself holds back, as far as it is known. */
function heldBack(evse: Evse): Key {
  if (!evse.enabled) return "hint.switched_off";
  if (evse.limit_a !== null && evse.limit_a < LEAST_CURRENT_A) return "hint.limit_too_low";
  return "hint.suspended_evse";
}

function startHint(evse: Evse, plugged: boolean): Key {
  if (!evse.enabled) return "hint.switched_off";
  if (plugged) return evse.can.start ? "hint.start_plugged" : "hint.card_plugged";
  return evse.can.start ? "hint.start_free" : "hint.card_free";
}

/** The one most important thing to say about an EVSE. */
export function describe(evse: Evse, charger: Charger | undefined, words: Words): Description {
  const { t } = words;
  const say = (symbol: Symbol, tone: Tone, state: Key, hint: Key | null): Description => ({
    symbol,
    tone,
    state: t(state),
    hint: hint && t(hint),
  });
  if (!charger?.connected) return offline(charger, words);
  switch (evse.status) {
    case "faulted":
      return fault(evse, words);
    case "charging":
      return {
        symbol: "charging",
        tone: "active",
        state: charging(evse.currents_a, words),
        hint: limitReason(evse, words),
      };
    case "available":
      return say("free", "calm", "state.available", startHint(evse, false));
    case "preparing":
      return evse.session
        ? say("plugged", "active", "state.starting", "hint.starting")
        : say("plugged", "warning", "state.preparing", startHint(evse, true));
    case "suspended_ev":
      return say("paused", "off", "state.suspended_ev", "hint.suspended_ev");
    case "suspended_evse":
      return {
        symbol: "paused",
        tone: "off",
        state: t("state.suspended_evse"),
        hint: limitReason(evse, words) ?? t(heldBack(evse)),
      };
    case "finishing":
      return say("done", "calm", "state.finishing", "hint.finishing");
    case "reserved":
      return say("reserved", "warning", "state.reserved", "hint.reserved");
    case "unavailable":
      return say("out_of_use", "warning", "state.unavailable", "hint.unavailable");
    case "unknown":
      return say("unknown", "off", "state.unknown", "hint.unknown");
  }
}
