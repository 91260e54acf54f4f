/** The day and the time at which a car leaves. */
import { css, html, LitElement, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { atTime, dayOf, onDay, timeOf } from "../logic/departure.ts";
import type { Context } from "./context.ts";
import { element } from "./element.ts";
import { base } from "./styles.ts";

/** Beyond it a year has more than four digits, and a field room for them. */
const LAST_DAY = "9999-12-31";

@element("ev-plan-departure")
export class EvPlanDeparture extends LitElement {
  @property({ attribute: false }) context!: Context;
  @property({ attribute: false }) name = "";
  /** By the site's clock, "2026-11-30T07:00"; "": nobody said when. */
  @property({ attribute: false }) at = "";
  @property({ type: Boolean }) disabled = false;

  private move(at: string): void {
    this.dispatchEvent(new CustomEvent("ev-departure", { detail: at }));
    // A field that was emptied shows again what holds.
    this.requestUpdate();
  }

  override render(): TemplateResult {
    const { at, name } = this;
    const { t, f } = this.context;
    const now = f.local(Date.now());
    return html`<span class="small muted" aria-hidden="true">${t("plan.departure")}</span>
      ${this.field("date", dayOf(at), t("plan.day_of", { name }), (day) => onDay(at, day))}
      ${this.field("time", timeOf(at), t("plan.time_of", { name }), (time) => atTime(at, time, now))}`;
  }

  private field(type: "date" | "time", value: string, label: string, moved: (value: string) => string): TemplateResult {
    return html`<input
      type=${type}
      max=${type === "date" ? LAST_DAY : ""}
      aria-label=${label}
      .value=${live(value)}
      ?disabled=${this.disabled}
      @change=${(event: Event) => {
        this.move(moved((event.target as HTMLInputElement).value));
      }}
    />`;
  }

  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: flex-end;
        gap: 8px;
      }

      span {
        flex: 1;
      }

      input {
        min-width: 0;
        height: 40px;
        padding: 0 8px;
        border: 1px solid var(--ev-line);
        border-radius: 8px;
        background: transparent;
        color: inherit;
        font: inherit;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "ev-plan-departure": EvPlanDeparture;
  }
}
