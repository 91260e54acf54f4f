/** The strip across the top: the charging power of this moment, split per car. */
import { css, html, nothing, type TemplateResult } from "lit";
import type { Context } from "./context.ts";
import { flow, type Flow } from "../logic/flow.ts";

const MARKS = 6;

export const siteStripStyles = css`
  .strip {
    display: grid;
    gap: 8px 24px;
    margin-bottom: 16px;
  }

  .bar {
    display: flex;
    gap: 2px;
    overflow: hidden;
    height: 16px;
    border-radius: 8px;
    background: color-mix(in srgb, var(--ev-text) 8%, transparent);
  }

  .bar > .car {
    min-width: 4px;
    transition: flex-grow 400ms ease-out;
  }

  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 24px;
  }

  .legend li {
    display: flex;
    align-items: center;
    gap: 8px;
    min-width: 0;
  }

  .legend .car {
    flex: none;
    width: 12px;
    height: 12px;
    border-radius: 3px;
  }

  .legend .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .legend .watts {
    white-space: nowrap;
  }

  @container (min-width: 600px) {
    .strip {
      grid-template-columns: auto 1fr;
      align-items: center;
    }

    .strip .total {
      grid-row: span 2;
      min-width: 136px;
    }

    .strip .bar {
      align-self: end;
    }

    .strip .legend {
      align-self: start;
    }

    .strip .none {
      grid-row: span 2;
    }
  }
`;

function split({ shares }: Flow, { f }: Context): TemplateResult {
  const mark = (index: number): string => `car car-${index % MARKS}`;
  return html`
    <div class="bar" aria-hidden="true">
      ${shares.map(({ index, watts }) => html`<span class=${mark(index)} style="flex: ${watts} 0 0"></span>`)}
    </div>
    <ul class="legend">
      ${shares.map(({ index, label, watts }) => {
        const { figure, unit } = f.power(watts);
        return html`<li>
          <span class=${mark(index)}></span><span class="name">${label}</span>
          <span class="watts">${figure}<span class="unit">${unit}</span></span>
        </li>`;
      })}
    </ul>
  `;
}

export function siteStrip(context: Context): TemplateResult | typeof nothing {
  const { live, t, f } = context;
  const now = flow(live);
  if (!now) return nothing;
  const { figure, unit } = f.kilowatts(now.watts);
  return html`<section class="card strip" aria-label=${t("now.site")}>
    <div class="total">
      <p class="small muted">${t("now.charging_power")}</p>
      <p class="display ${now.watts ? "" : "muted"}">${figure}<span class="unit">${unit}</span></p>
    </div>
    ${now.shares.length ? split(now, context) : html`<p class="muted none">${t("now.nothing_charging")}</p>`}
  </section>`;
}
