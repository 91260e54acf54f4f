/** What a plan takes and what it costs. */
import { css, html, nothing, type TemplateResult } from "lit";
import type { EvsePlan } from "../logic/protocol.ts";
import type { Context } from "./context.ts";

/** `change` says what it costs more or less than another plan. */
export function planSums(
  { energy_wh, cost }: EvsePlan,
  { live, t, f }: Context,
  change: string | null = null,
): TemplateResult {
  return html`<dl class="sums">
    <div>
      <dt class="small muted">${t("plan.takes")}</dt>
      <dd>${f.kwh(energy_wh ?? "0", 1)}<span class="unit">kWh</span></dd>
    </div>
    <div>
      <dt class="small muted">${t("plan.costs")}</dt>
      <dd>${f.money(cost ?? "0", live.site.currency)}</dd>
      ${change === null ? nothing : html`<dd class="small change">${change}</dd>`}
    </div>
  </dl>`;
}

export const sums = css`
  .sums {
    display: flex;
    gap: 32px;
  }

  .change {
    font-weight: 500;
  }
`;
