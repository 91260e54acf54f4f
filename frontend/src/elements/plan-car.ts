/** One car: what is planned for it in words, and what it is to have by when. */
import { mdiAlertOutline, mdiCarElectric, mdiCheck, mdiUndo } from "@mdi/js";
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { choose, errorText, preview, setDeparture, setGoal } from "../logic/actions.ts";
import { Latest } from "../logic/latest.ts";
import type { SeenEvse } from "../logic/live.ts";
import { planSentence, planTrouble, unplanned } from "../logic/plan-words.ts";
import type { EvsePlan, Preview, Vehicle } from "../logic/protocol.ts";
import { nameOf } from "../logic/wording.ts";
import { type Context, say } from "./context.ts";
import { element } from "./element.ts";
import { icon } from "./icon.ts";
import "./plan-preview.ts";
import { planSums, sums } from "./plan-sums.ts";
import { base } from "./styles.ts";

type Part = TemplateResult | typeof nothing;

/** What a goal may be set to here, in percent. */
const [LEAST, MOST] = [10, 100];
/** So long a slider has to rest before what it means is asked for. */
const REST_MS = 300;

/** What a car would do, for the chart; null: nothing is considered any more. */
export interface Supposed {
  readonly vehicle: string;
  readonly plan: EvsePlan | null;
}

@element("ev-plan-car")
export class EvPlanCar extends LitElement {
  @property({ attribute: false }) context!: Context;
  @property({ attribute: false }) vehicle!: Vehicle;
  /** What was moved and not applied yet. */
  @state() private goal: number | null = null;
  @state() private departure: string | null = null;
  @state() private busy = false;
  private readonly preview = new Latest<Preview>(() => {
    this.requestUpdate();
    const { value, error } = this.preview.state;
    this.suppose(error === null && value ? value.plan : null);
  });

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.preview.forget();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    // What is in force already is nothing to apply.
    if (changed.has("vehicle") && this.goal === this.vehicle.goal_percent) this.goal = null;
    if (changed.has("vehicle") && this.departure === this.clock) this.departure = null;
    if (this.isAsSet) this.preview.forget();
  }

  private get isAsSet(): boolean {
    return this.goal === null && this.departure === null;
  }

  private suppose(plan: EvsePlan | null): void {
    const detail: Supposed = { vehicle: this.vehicle.id, plan };
    this.dispatchEvent(new CustomEvent("ev-suppose", { detail }));
  }

  private move(wish: { readonly goal?: number; readonly departure?: string }): void {
    const { goal, departure } = wish;
    if (goal !== undefined) this.goal = goal === this.vehicle.goal_percent ? null : goal;
    if (departure !== undefined) this.departure = departure === this.clock || !departure ? null : departure;
    const { hass } = this.context;
    if (this.isAsSet || !this.charges) return;
    const wanted = { goal: this.goal, departure: this.departure };
    void this.preview.ask(() => preview(hass, this.vehicle, wanted), REST_MS);
  }

  private get clock(): string {
    const { departure } = this.vehicle;
    return departure === null ? "" : this.context.f.clock(Date.parse(departure));
  }

  private get evse(): SeenEvse | undefined {
    const { evse } = this.vehicle;
    return evse === null ? undefined : this.context.live.evses[evse];
  }

  /** Nothing is reckoned for a car that is away, or that nobody has begun to charge. */
  private get charges(): boolean {
    return Boolean(this.evse?.session);
  }

  private get plan(): EvsePlan | undefined {
    const { evse } = this.vehicle;
    return evse === null ? undefined : this.context.live.plan.plans[evse];
  }

  override render(): TemplateResult {
    const { vehicle, plan } = this;
    return html`<article class="card" aria-labelledby="name">
      ${this.heading(vehicle)} ${plan ? this.planned(plan) : this.reason()} ${this.fields(vehicle)}
    </article>`;
  }

  private heading({ name, percent }: Vehicle): TemplateResult {
    const { t, f } = this.context;
    const where = this.evse?.name;
    const level = percent === null ? null : t("plan.now_at", { percent: f.percent(percent) });
    return html`<header>
      <span class="badge">${icon(mdiCarElectric)}</span>
      <div>
        <h2 id="name">${name}</h2>
        <p class="small muted">${[where, level].filter((part) => part).join(" · ")}</p>
      </div>
    </header>`;
  }

  private planned(plan: EvsePlan): TemplateResult {
    const { live, t, f } = this.context;
    const words = { t, f, now: Date.now() };
    const trouble = planTrouble(plan, words);
    return html`<p class="sentence">${planSentence(plan, live.site, words)}</p>
      ${trouble === null ? nothing : html`<p class="notice tone-warning">${icon(mdiAlertOutline)}<span>${trouble}</span></p>`}
      ${plan.periods.length ? planSums(plan, this.context) : nothing}`;
  }

  private reason(): TemplateResult {
    const { live, t } = this.context;
    const { evse } = this;
    const why = unplanned(this.vehicle, evse, live.plan);
    const words = evse && { evse: nameOf(evse), mode: t(`mode.${evse.mode}`), smart: t("mode.smart") };
    return html`<p class="muted">${t(`plan.why.${why}`, words)}</p>
      ${
        why === "mode" && evse?.mode_entity
          ? html`<button
              class="tonal"
              ?disabled=${this.busy}
              @click=${() => void this.wait(choose(this.context.hass, evse, "smart"))}
            >
              ${t("plan.smart", { smart: t("mode.smart") })}
            </button>`
          : nothing
      }`;
  }

  private fields({ name, goal_percent, goal_entity, departure_entity }: Vehicle): Part {
    const { t, f } = this.context;
    const goal = this.goal ?? goal_percent;
    return html`<form @submit=${this.submit} @keydown=${this.escape}>
      <label class="goal">
        <span class="small muted">${t("plan.goal")}</span>
        <output>${f.percent(goal)}</output>
        <input
          type="range"
          min=${LEAST}
          max=${MOST}
          step="1"
          style="--share: ${((goal - LEAST) / (MOST - LEAST)) * 100}%"
          aria-label=${t("plan.goal_of", { name })}
          .value=${String(goal)}
          ?disabled=${goal_entity === null || this.busy}
          @input=${(event: Event) => {
            this.move({ goal: Number((event.target as HTMLInputElement).value) });
          }}
        />
      </label>
      <label>
        <span class="small muted">${t("plan.departure")}</span>
        <input
          type="time"
          aria-label=${t("plan.departure_of", { name })}
          .value=${this.departure ?? this.clock}
          ?disabled=${departure_entity === null || this.busy}
          @change=${(event: Event) => {
            this.move({ departure: (event.target as HTMLInputElement).value });
          }}
        />
      </label>
      ${this.isAsSet ? nothing : this.decision(goal)}
    </form>`;
  }

  private decision(goal: number): TemplateResult {
    const { t } = this.context;
    const { state } = this.preview;
    return html`${
        this.charges
          ? html`<ev-plan-preview
              .context=${this.context}
              .answer=${state}
              .goal=${goal}
              @ev-leave=${({ detail }: CustomEvent<string>) => {
                this.move({ departure: detail });
              }}
            ></ev-plan-preview>`
          : nothing
      }
      <div class="decision">
        <button class="primary" type="submit" ?disabled=${this.busy}>${icon(mdiCheck)}${t("plan.apply")}</button>
        <button class="plain" type="button" ?disabled=${this.busy} @click=${this.forget}>
          ${icon(mdiUndo)}${t("plan.keep")}
        </button>
      </div>`;
  }

  private forget(): void {
    this.goal = null;
    this.departure = null;
    // The buttons go: who used one finds themselves at the first field.
    if (this.shadowRoot?.activeElement?.closest(".decision")) this.shadowRoot.querySelector("input")?.focus();
  }

  private escape({ key }: KeyboardEvent): void {
    if (key === "Escape") this.forget();
  }

  private submit(event: Event): void {
    event.preventDefault();
    void this.wait(this.apply());
  }

  private async apply(): Promise<void> {
    const { hass } = this.context;
    if (this.goal !== null) await setGoal(hass, this.vehicle, this.goal);
    if (this.departure !== null) await setDeparture(hass, this.vehicle, this.departure);
    this.forget();
  }

  /** Keeps the fields still until something is done, and says if it cannot be. */
  private async wait(done: Promise<void>): Promise<void> {
    this.busy = true;
    say(this, null);
    try {
      await done;
    } catch (error) {
      say(this, errorText(error, this.context.t));
    } finally {
      this.busy = false;
    }
  }

  static override styles = [
    base,
    sums,
    css`
      .card,
      form {
        display: grid;
        gap: 16px;
      }

      .card {
        align-content: start;
        height: 100%;
      }

      header {
        display: flex;
        align-items: center;
        gap: 12px;
      }

      .badge {
        display: grid;
        place-items: center;
        width: 40px;
        height: 40px;
        border-radius: 50%;
        background: color-mix(in srgb, var(--ev-accent) 18%, transparent);
        color: var(--ev-accent-text);
      }

      .sentence {
        font-weight: 500;
      }

      form {
        grid-template-columns: 1fr auto;
        align-items: end;
        padding-top: 16px;
        border-top: 1px solid var(--ev-line);
      }

      label {
        display: grid;
        gap: 4px;
      }

      .goal {
        grid-template-columns: 1fr auto;
        align-items: end;
      }

      input[type="range"] {
        grid-column: 1 / -1;
        width: 100%;
        height: 40px;
        margin: 0;
        background: transparent;
        appearance: none;
        accent-color: var(--ev-accent);
      }

      input[type="range"]::-webkit-slider-runnable-track {
        height: 4px;
        border-radius: 2px;
        background: linear-gradient(to right, var(--ev-accent) var(--share), var(--ev-line) var(--share));
      }

      input[type="range"]::-webkit-slider-thumb {
        width: 20px;
        height: 20px;
        margin-top: -8px;
        border-radius: 50%;
        background: var(--ev-accent);
        appearance: none;
      }

      input[type="range"]::-moz-range-track {
        height: 4px;
        border-radius: 2px;
        background: linear-gradient(to right, var(--ev-accent) var(--share), var(--ev-line) var(--share));
      }

      input[type="time"] {
        height: 40px;
        padding: 0 12px;
        border: 1px solid var(--ev-line);
        border-radius: 8px;
        background: transparent;
        color: inherit;
        font: inherit;
      }

      ev-plan-preview {
        grid-column: 1 / -1;
      }

      .decision {
        display: flex;
        flex-wrap: wrap;
        grid-column: 1 / -1;
        gap: 8px;
      }

      button {
        justify-self: start;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "ev-plan-car": EvPlanCar;
  }
}
