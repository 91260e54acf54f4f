/** A slider for what a car is to have, in the unit of one's choice. */
import { css, html, LitElement, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { converted, goalQuantity, goalText, isFull, kindsOf, scaleOf, UNITS } from "../logic/goal.ts";
import type { Goal, GoalKind, Vehicle } from "../logic/protocol.ts";
import type { Context } from "./context.ts";
import { element } from "./element.ts";
import { base } from "./styles.ts";

@element("ev-plan-goal")
export class EvPlanGoal extends LitElement {
  @property({ attribute: false }) context!: Context;
  @property({ attribute: false }) vehicle!: Vehicle;
  @property({ attribute: false }) goal!: Goal;
  @property({ type: Boolean }) disabled = false;
  /** Whether the goal may be one of a departure: in kWh or km. */
  @property({ type: Boolean }) leaves = false;

  override focus(): void {
    const field = this.shadowRoot?.querySelector<HTMLElement>("input") ?? this.shadowRoot?.querySelector("select");
    field?.focus();
  }

  private move(goal: Goal): void {
    this.dispatchEvent(new CustomEvent("ev-goal", { detail: goal }));
  }

  override render(): TemplateResult {
    const { goal, vehicle } = this;
    const { t, f } = this.context;
    if (isFull(goal, vehicle))
      return html`<label for="unit" class="small muted">${t("plan.goal")}</label>${this.unit()}`;
    const { least, most, step } = scaleOf(goal.kind, vehicle);
    const share = Math.min(Math.max((goal.amount - least) / (most - least), 0), 1);
    return html`<label for="amount" class="small muted">${t("plan.goal")}</label>
      <output for="amount">${goalQuantity(goal, f).figure}</output>
      ${this.unit()}
      <input
        id="amount"
        type="range"
        min=${least}
        max=${most}
        step=${step}
        style="--share: ${share * 100}%"
        aria-label=${t("plan.goal_of", { name: vehicle.name })}
        aria-valuetext=${goalText(goal, f)}
        .value=${String(goal.amount)}
        ?disabled=${this.disabled}
        @input=${(event: Event) => {
          this.move({ kind: goal.kind, amount: Number((event.target as HTMLInputElement).value) });
        }}
      />`;
  }

  private unit(): TemplateResult {
    const { goal, vehicle } = this;
    const { t } = this.context;
    return html`<select
      id="unit"
      aria-label=${t("plan.unit_of", { name: vehicle.name })}
      ?disabled=${this.disabled || !this.leaves}
      @change=${(event: Event) => {
        this.move(converted(goal, (event.target as HTMLSelectElement).value as GoalKind, vehicle));
      }}
    >
      ${kindsOf(vehicle).map((kind) => {
        const word = isFull({ kind }, vehicle) ? t("plan.full") : UNITS[kind];
        return html`<option value=${kind} .selected=${kind === goal.kind}>${word}</option>`;
      })}
    </select>`;
  }

  static override styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-columns: 1fr auto auto;
        align-items: center;
        gap: 4px;
      }

      output {
        font-weight: 500;
      }

      select {
        padding: 0 4px;
        border-radius: 8px;
        background: var(--ev-surface);
      }

      select:disabled {
        border-color: transparent;
        appearance: none;
        opacity: 1;
      }

      input {
        grid-column: 1 / -1;
        width: 100%;
        height: 40px;
        margin: 0;
        background: transparent;
        appearance: none;
        accent-color: var(--ev-accent);
      }

      input::-webkit-slider-runnable-track {
        height: 4px;
        border-radius: 2px;
        background: linear-gradient(to right, var(--ev-accent) var(--share), var(--ev-line) var(--share));
      }

      input::-webkit-slider-thumb {
        width: 20px;
        height: 20px;
        margin-top: -8px;
        border-radius: 50%;
        background: var(--ev-accent);
        appearance: none;
      }

      input::-moz-range-track {
        height: 4px;
        border-radius: 2px;
        background: linear-gradient(to right, var(--ev-accent) var(--share), var(--ev-line) var(--share));
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "ev-plan-goal": EvPlanGoal;
  }
}
