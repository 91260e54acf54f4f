/** What would come of a goal and a departure before they are applied, and of leaving earlier or later instead. */
import { mdiAlertOutline } from "@mdi/js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { errorText } from "../logic/actions.ts";
import type { Answer } from "../logic/latest.ts";
import { atOnce, costChange, otherMeans, planSentence, planTrouble, soon } from "../logic/plan-words.ts";
import type { EvsePlan, Preview } from "../logic/protocol.ts";
import type { Words } from "../logic/wording.ts";
import type { Context } from "./context.ts";
import { element } from "./element.ts";
import { icon } from "./icon.ts";
import { planSums, sums } from "./plan-sums.ts";
import { base } from "./styles.ts";

type Part = TemplateResult | typeof nothing;

@element("ev-plan-preview")
export class EvPlanPreview extends LitElement {
  @property({ attribute: false }) context!: Context;
  @property({ attribute: false }) answer!: Answer<Preview>;
  /** In words. */
  @property({ attribute: false }) goal = "";
  /** Whether the car should have left by now. */
  @property({ attribute: false }) late = false;

  private get words(): Words {
    return { t: this.context.t, f: this.context.f, now: Date.now() };
  }

  override render(): TemplateResult {
    const { loading, value, error } = this.answer;
    const { t } = this.context;
    return html`<div class=${loading ? "stale" : ""}>
      <div class="told" role="status" aria-busy=${loading ? "true" : "false"}>
        ${error === null ? nothing : this.notice(errorText(error, t))}
        ${value && error === null ? this.told(value) : nothing}
        ${loading && !value ? html`<p class="muted">${t("plan.reckoning")}</p>` : nothing}
      </div>
      ${value && error === null ? this.others(value) : nothing}
    </div>`;
  }

  private notice(text: string): TemplateResult {
    return html`<p class="notice tone-warning">${icon(mdiAlertOutline)}<span>${text}</span></p>`;
  }

  private told(preview: Preview): TemplateResult {
    const { live, t } = this.context;
    const { plan } = preview;
    const change = costChange(preview, live.site, this.words);
    const trouble = planTrouble(plan, this.words);
    const time = plan.departure && soon(plan.departure, this.words);
    return html`<h3>${t("plan.if", { time: time ?? "", goal: this.goal })}</h3>
      <p>${planSentence(plan, live.site, this.words, this.late)}</p>
      ${trouble === null ? nothing : this.notice(trouble)}
      ${plan.periods.length ? planSums(plan, this.context, change) : nothing}`;
  }

  private others(preview: Preview): Part {
    const { live, t } = this.context;
    const once = atOnce(preview.plan, live.site, this.words);
    if (preview.plan.periods.length === 0) return nothing;
    return html`<ul aria-label=${t("plan.others")}>
        ${preview.others.map((other) => this.other(other, preview))}
      </ul>
      ${once === null ? nothing : html`<p class="small muted">${once}</p>`}`;
  }

  private other(other: EvsePlan, preview: Preview): Part {
    const { live, t, f } = this.context;
    const { departure } = other;
    if (departure === null) return nothing;
    return html`<li>
      <button
        type="button"
        @click=${() => {
          this.dispatchEvent(new CustomEvent("ev-leave", { detail: f.local(Date.parse(departure)) }));
        }}
      >
        <span>${t("plan.other.leave", { time: soon(departure, this.words) })}</span>
        <span class="small muted">${otherMeans(other, preview, live.site, this.words)}</span>
      </button>
    </li>`;
  }

  static override styles = [
    base,
    sums,
    css`
      :host > div,
      .told {
        display: grid;
        gap: 8px;
      }

      :host > div {
        gap: 16px;
      }

      .stale .told > *,
      .stale ul {
        opacity: 0.5;
      }

      .sums {
        margin-top: 8px;
      }

      ul {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(144px, 1fr));
        gap: 8px;
      }

      li button {
        display: grid;
        gap: 0;
        justify-content: start;
        justify-items: start;
        width: 100%;
        height: 100%;
        padding: 8px 12px;
        border: 1px solid var(--ev-line);
        border-radius: 8px;
        text-align: start;
      }

      li .small {
        font-weight: 400;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "ev-plan-preview": EvPlanPreview;
  }
}
