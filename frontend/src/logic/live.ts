/** The picture of the site kept up to date by snapshots and deltas. */
import type { Attempt, Charger, Circuit, Evse, EvseChange, LiveMessage, Planning, Site } from "./protocol.ts";

/** An EVSE and the local time in ms at which its figures were received, from which its session's clock runs on. */
export type SeenEvse = Evse & { readonly seen_at: number };

export interface Live {
  readonly site: Site;
  readonly chargers: Readonly<Record<string, Charger>>;
  readonly evses: Readonly<Record<string, SeenEvse>>;
  readonly circuits: Readonly<Record<string, Circuit>>;
  readonly plan: Planning;
  readonly attempts: readonly Attempt[];
}

type Changes<T> = Readonly<Record<string, T | null>>;

function patch<T>(old: Readonly<Record<string, T>>, changes: Changes<T>): Record<string, T> {
  const merged: Changes<T> = { ...old, ...changes };
  return Object.fromEntries(Object.entries(merged).filter((item): item is [string, T] => item[1] !== null));
}

type Seen = Readonly<Record<string, SeenEvse>>;

function seen(old: Seen, evses: Changes<EvseChange>, now: number): Changes<SeenEvse> {
  return Object.fromEntries(
    Object.entries(evses).map(([id, evse]) => {
      const history = evse?.history ?? old[id]?.history ?? [];
      return [id, evse && { ...evse, history, seen_at: now }];
    }),
  );
}

/** A delta before the first snapshot says nothing yet and is left out. */
export function apply(live: Live | null, message: LiveMessage, now: number): Live | null {
  if (message.kind === "snapshot") {
    const { site, chargers, evses, circuits, plan, attempts } = message;
    return { site, chargers, evses: patch({}, seen({}, evses, now)), circuits, plan, attempts };
  }
  return (
    live && {
      site: message.site ?? live.site,
      chargers: message.chargers ? patch(live.chargers, message.chargers) : live.chargers,
      evses: message.evses ? patch(live.evses, seen(live.evses, message.evses, now)) : live.evses,
      circuits: message.circuits ? patch(live.circuits, message.circuits) : live.circuits,
      plan: message.plan ?? live.plan,
      attempts: message.attempts ?? live.attempts,
    }
  );
}

/** EVSEs by name, "Garage 2" before "Garage 10". */
export function byName(live: Live): SeenEvse[] {
  return Object.values(live.evses).sort(
    (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }) || a.id.localeCompare(b.id),
  );
}

/** Changes whenever a session begins or ends: the moment at which a sheet may have a new line. */
export function sessionMark(live: Live): string {
  return Object.values(live.evses)
    .flatMap((evse) => evse.session?.id ?? [])
    .sort()
    .join("|");
}
