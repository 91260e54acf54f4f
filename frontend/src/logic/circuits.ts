/** The electrical tree as people look at it: per phase what flows, whose it is, and what is free. */
import { byName, type Live, type SeenEvse } from "./live.ts";
import type { Circuit } from "./protocol.ts";

/** What one car, or the house, draws on a phase. */
export interface Part {
  /** null: everything that is not ours. */
  readonly evse: SeenEvse | null;
  /** Of a car: its place among all EVSEs, the colour and pattern it keeps. */
  readonly index: number;
  readonly amps: number;
}

export interface PhaseLoad {
  /** Of the site, from 1. */
  readonly phase: number;
  readonly parts: readonly Part[];
  /** What flows; negative while more is fed in than used. */
  readonly total: number;
  /** What the house feeds in on this phase. */
  readonly fed: number;
  readonly limit: number;
  /** Negative: too much flows. */
  readonly headroom: number;
  /** What a bar of full width stands for. */
  readonly scale: number;
}

/** A limit besides that of each phase. */
export interface Limit {
  readonly used: number;
  readonly limit: number;
}

export interface Branch {
  readonly circuit: Circuit;
  readonly phases: readonly PhaseLoad[];
  /** Cars here and in circuits below that draw something. */
  readonly drawing: readonly Part[];
  /** EVSEs that hang directly on it. */
  readonly evses: readonly SeenEvse[];
  /** Those that wait for room here, the next first. */
  readonly queue: readonly SeenEvse[];
  /** W, where there is a limit. */
  readonly power: Limit | null;
  /** A between the fullest and the emptiest phase, where there is a limit. */
  readonly unbalance: Limit | null;
  readonly below: readonly Branch[];
}

/** As the integration reckons with it (IEC 60038). */
const NOMINAL_V = 230;
const PHASES = [0, 1, 2] as const;

type Tree = Readonly<Record<string, Circuit>>;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Circuits by name that hang on `parent`; one whose parent is gone hangs on none. */
function under(tree: Tree, parent: string | null): Circuit[] {
  return Object.values(tree)
    .filter((each) => (each.parent !== null && each.parent in tree ? each.parent : null) === parent)
    .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}

/** The ids of the EVSEs on a circuit and on all below it. */
function hanging(tree: Tree, circuit: Circuit): string[] {
  return [...circuit.evses, ...under(tree, circuit.id).flatMap((each) => hanging(tree, each))];
}

function phaseLoad({ house_a, limit_a, fuse_a }: Circuit, cars: readonly SeenPart[], phase: number): PhaseLoad {
  const house = house_a?.[phase] ?? 0;
  const drawn = cars.map(({ evse, index }) => ({ evse, index, amps: evse.site_a?.[phase] ?? 0 }));
  const parts = [{ evse: null, index: 0, amps: Math.max(house, 0) }, ...drawn].filter(({ amps }) => amps > 0.05);
  const total = house + sum(drawn.map(({ amps }) => amps));
  return {
    phase: phase + 1,
    parts,
    total,
    fed: Math.max(-house, 0),
    limit: limit_a,
    headroom: limit_a - total,
    scale: Math.max(fuse_a, sum(parts.map(({ amps }) => amps))),
  };
}

interface SeenPart {
  readonly evse: SeenEvse;
  readonly index: number;
}

/** A meter for one phase says nothing about two others that are not there. */
function present(loads: readonly PhaseLoad[], measured: boolean): readonly PhaseLoad[] {
  const [first, second, third] = loads;
  const single = measured && first && second?.total === 0 && third?.total === 0;
  return single ? [first] : loads;
}

function branch(live: Live, all: readonly SeenPart[], circuit: Circuit): Branch {
  const ids = new Set(hanging(live.circuits, circuit));
  const cars = all.filter(({ evse }) => ids.has(evse.id));
  const loads = PHASES.map((phase) => phaseLoad(circuit, cars, phase));
  const totals = loads.map(({ total }) => total);
  const { power_limit_w, unbalanced_limit_a } = circuit;
  return {
    circuit,
    phases: present(loads, circuit.measured),
    drawing: cars
      .map(({ evse, index }) => ({ evse, index, amps: Math.max(...(evse.site_a ?? [0])) }))
      .filter(({ amps }) => amps > 0.05),
    evses: all.map(({ evse }) => evse).filter(({ id }) => circuit.evses.includes(id)),
    queue: circuit.queue.flatMap((id) => live.evses[id] ?? []),
    power: power_limit_w === null ? null : { used: sum(totals) * NOMINAL_V, limit: power_limit_w },
    unbalance:
      unbalanced_limit_a === null
        ? null
        : { used: Math.max(...totals) - Math.min(...totals), limit: unbalanced_limit_a },
    below: under(live.circuits, circuit.id).map((each) => branch(live, all, each)),
  };
}

/** The circuits with what hangs on them; a ring, which cannot be configured, would be left out. */
export function branches(live: Live): Branch[] {
  const all = byName(live).map((evse, index) => ({ evse, index }));
  return under(live.circuits, null).map((each) => branch(live, all, each));
}

export interface Tightest {
  readonly circuit: Circuit;
  readonly load: PhaseLoad;
}

/** The phase with the least room of the circuits at the top; null where there is no circuit. */
export function tightest(live: Live): Tightest | null {
  const loads = branches(live).flatMap(({ circuit, phases }) => phases.map((load) => ({ circuit, load })));
  return loads.sort((a, b) => a.load.headroom - b.load.headroom)[0] ?? null;
}
