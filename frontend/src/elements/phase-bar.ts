/** One phase of a circuit as a stacked bar: house and cars, what is free, and where the limit is. */
import { css, html, nothing, type TemplateResult } from "lit";
import type { Part, PhaseLoad } from "../logic/circuits.ts";
import { MARKS } from "./styles.ts";

export const phaseBarStyles = css`
  .phase-bar {
    position: relative;
    display: block;
    padding-block: 2px;
  }

  .phase-bar .mark {
    flex: none;
  }

  .phase-bar .limit {
    position: absolute;
    top: 0;
    bottom: 0;
    width: 2px;
    margin-inline-start: -1px;
    background: var(--ev-text);
  }

  .over {
    color: color-mix(in srgb, var(--ev-bad) 72%, var(--ev-text));
    font-weight: 500;
  }
`;

export const markOf = ({ evse, index }: Pick<Part, "evse" | "index">): string =>
  evse ? `mark car car-${index % MARKS}` : "mark house";

const share = (amps: number, scale: number): string => `${Math.round((amps / scale) * 1000) / 10}%`;

/** Says nothing to those who listen: the figures stand beside it in words. */
export function phaseBar({ parts, limit, scale }: PhaseLoad): TemplateResult {
  return html`<span class="phase-bar" aria-hidden="true">
    <span class="stack">
      ${parts.map((part) => html`<span class=${markOf(part)} style="width: ${share(part.amps, scale)}"></span>`)}
    </span>
    ${limit < scale ? html`<span class="limit" style="inset-inline-start: ${share(limit, scale)}"></span>` : nothing}
  </span>`;
}
