/** The strip across the top: where the site's power comes from and goes to, and what its tightest fuse leaves. */
import {
  mdiBatteryArrowUpOutline,
  mdiCarElectric,
  mdiHelpCircleOutline,
  mdiHomeBatteryOutline,
  mdiHomeOutline,
  mdiSolarPower,
  mdiTransmissionTower,
  mdiTransmissionTowerExport,
} from "@mdi/js";
import { css, html, nothing, type TemplateResult } from "lit";
import { tightest } from "../logic/circuits.ts";
import { type Flow, flow, type FlowKind, type Share } from "../logic/flow.ts";
import { viewPath } from "../logic/routing.ts";
import { headroom } from "../logic/wording.ts";
import type { Context } from "./context.ts";
import { icon } from "./icon.ts";
import { follow } from "./link.ts";
import { phaseBar } from "./phase-bar.ts";
import { MARKS } from "./styles.ts";

type Part = TemplateResult | typeof nothing;

const ICONS: Readonly<Record<FlowKind, string>> = {
  solar: mdiSolarPower,
  battery: mdiHomeBatteryOutline,
  grid: mdiTransmissionTower,
  other: mdiHelpCircleOutline,
  house: mdiHomeOutline,
  car: mdiCarElectric,
  charge: mdiBatteryArrowUpOutline,
  export: mdiTransmissionTowerExport,
};

export const siteStripStyles = css`
  .strip {
    display: grid;
    gap: 16px 24px;
    margin-bottom: 16px;
  }

  .flows {
    display: grid;
    gap: 16px 24px;
    min-width: 0;
  }

  .flow {
    display: grid;
    gap: 8px;
    align-content: start;
    min-width: 0;
  }

  .flow h3 {
    color: var(--ev-muted);
    font-size: var(--ev-size-small);
    font-weight: 400;
    line-height: 16px;
  }

  .flow .stack {
    --stack: 16px;
  }

  .tight {
    display: grid;
    gap: 4px;
    padding-top: 12px;
    border-top: 1px solid var(--ev-line);
    color: inherit;
    text-decoration: none;
  }

  .tight .words {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0 16px;
  }

  .tight:hover .free {
    text-decoration: underline;
  }

  @container (min-width: 600px) {
    .strip {
      grid-template-columns: auto 1fr;
    }

    .strip .total {
      min-width: 136px;
    }

    .strip .none {
      align-self: center;
    }

    .strip .tight {
      grid-column: 1 / -1;
    }
  }

  @container (min-width: 900px) {
    .flows.both {
      grid-template-columns: 1fr 1fr;
    }
  }
`;

/** `grid` is the layout's. */
const classOf = (kind: FlowKind): string => (kind === "grid" ? "grid-power" : kind);
const markOf = ({ kind, index }: Share): string =>
  kind === "car" ? `mark car car-${index % MARKS}` : `mark ${classOf(kind)}`;

function direction(shares: readonly Share[], scale: number, title: string | null, { t, f }: Context): Part {
  if (shares.length === 0) return nothing;
  const rest = scale - shares.reduce((sum, { watts }) => sum + watts, 0);
  return html`<div class="flow">
    ${title === null ? nothing : html`<h3>${title}</h3>`}
    <div class="stack" aria-hidden="true">
      ${shares.map((share) => html`<span class=${markOf(share)} style="flex: ${share.watts} 0 0"></span>`)}
      ${rest > 0 ? html`<span style="flex: ${rest} 0 0"></span>` : nothing}
    </div>
    <ul class="legend">
      ${shares.map((share) => {
        const { figure, unit } = f.power(share.watts);
        return html`<li>
          <span class=${markOf(share)}></span>${icon(ICONS[share.kind])}
          <span class="name">${share.label ?? t(`flow.${share.kind as Exclude<FlowKind, "car">}`)}</span>
          <span class="figure">${figure}<span class="unit">${unit}</span></span>
        </li>`;
      })}
    </ul>
  </div>`;
}

function flows({ from, to, scale }: Flow, context: Context): TemplateResult {
  const { t } = context;
  if (from.length + to.length === 0) return html`<p class="muted none">${t("now.nothing_charging")}</p>`;
  const both = from.length > 0;
  return html`<div class="flows ${both ? "both" : ""}">
    ${direction(from, scale, t("flow.from"), context)} ${direction(to, scale, both ? t("flow.to") : null, context)}
  </div>`;
}

function tight(context: Context): Part {
  const { live, t, f } = context;
  const found = tightest(live);
  if (!found) return nothing;
  const { circuit, load } = found;
  return html`<a class="tight" href=${viewPath("circuits")} @click=${follow("circuits")}>
    <span class="words">
      <span>${t("now.tightest", { circuit: circuit.name, phase: `L${load.phase}` })}</span>
      <span class="free ${load.headroom < 0 ? "over" : ""}">${headroom(load, { t, f })}</span>
    </span>
    ${phaseBar(load)}
  </a>`;
}

export function siteStrip(context: Context): Part {
  const { live, t, f } = context;
  const now = flow(live);
  if (!now) return nothing;
  const { figure, unit } = f.kilowatts(now.watts);
  return html`<section class="card strip" aria-label=${t("now.site")}>
    <div class="total">
      <p class="small muted">${t("now.charging_power")}</p>
      <p class="display ${now.watts ? "" : "muted"}">${figure}<span class="unit">${unit}</span></p>
    </div>
    ${flows(now, context)} ${tight(context)}
  </section>`;
}
