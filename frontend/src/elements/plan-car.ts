/** One car: what is planned for it in words, and what it is to have by when. */
import { mdiAlertOutline, mdiCarElectric, mdiCheck, mdiUndo } from "@mdi/js";
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { choose, errorText, isUsual, leaveAsUsual, preview, setWish, type Wish } from "../logic/actions.ts";
import { goalWords, isSame } from "../logic/goal.ts";
import { Latest } from "../logic/latest.ts";
import type { SeenEvse } from "../logic/live.ts";
import { leavingWords, planSentence, planTrouble, unplanned } from "../logic/plan-words.ts";
import type { EvsePlan, Goal, Preview, Vehicle } from "../logic/protocol.ts";
import { nameOf } from "../logic/wording.ts";
import { type Context, say } from "./context.ts";
import { element } from "./element.ts";
import { icon } from "./icon.ts";
import "./plan-departure.ts";
import "./plan-goal.ts";
import "./plan-preview.ts";
import { planSums, sums } from "./plan-sums.ts";
import { base } from "./styles.ts";

type Part = TemplateResult | typeof nothing;

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
  @state() private goal: Goal | null = null;
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
    if (changed.has("vehicle") && this.goal && isSame(this.goal, this.vehicle.goal)) this.goal = null;
    if (changed.has("vehicle") && this.departure === this.leaves) this.departure = null;
    if (this.isAsSet) this.preview.forget();
  }

  private get isAsSet(): boolean {
    return this.goal === null && this.departure === null;
  }

  private suppose(plan: EvsePlan | null): void {
    const detail: Supposed = { vehicle: this.vehicle.id, plan };
    this.dispatchEvent(new CustomEvent("ev-suppose", { detail }));
  }

  private move({ goal, departure }: { readonly goal?: Goal; readonly departure?: string }): void {
    if (goal !== undefined) this.goal = isSame(goal, this.vehicle.goal) ? null : goal;
    if (departure !== undefined) this.departure = departure === this.leaves || !departure ? null : departure;
    const { hass } = this.context;
    if (this.isAsSet || !this.charges) return;
    const { wish } = this;
    void this.preview.ask(() => preview(hass, this.vehicle, wish), REST_MS);
  }

  private get wish(): Wish {
    return { goal: this.goal, departure: this.departure };
  }

  /** When it leaves, by the site's clock; "": nobody said. */
  private get leaves(): string {
    const { departure } = this.vehicle;
    return departure === null ? "" : this.context.f.local(Date.parse(departure));
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

  private heading({ name, percent, guest }: Vehicle): TemplateResult {
    const { t, f } = this.context;
    const where = this.evse?.name;
    const level = percent === null ? null : t("plan.now_at", { percent: f.percent(percent) });
    return html`<header>
      <span class="badge">${icon(mdiCarElectric)}</span>
      <div>
        <h2 id="name">${guest ? t("plan.guest") : name}</h2>
        <p class="small muted">${[where, level].filter((part) => part).join(" · ")}</p>
      </div>
    </header>`;
  }

  private planned(plan: EvsePlan): TemplateResult {
    const { live, t, f } = this.context;
    const words = { t, f, now: Date.now() };
    const trouble = planTrouble(plan, words);
    return html`<p class="sentence">${planSentence(plan, live.site, words, this.vehicle.late_until !== null)}</p>
      ${trouble === null ? nothing : html`<p class="notice tone-warning">${icon(mdiAlertOutline)}<span>${trouble}</span></p>`}
      ${plan.periods.length && Number(plan.energy_wh) > 0 ? planSums(plan, this.context) : nothing}`;
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

  private fields({ name, departure, goal_entity, device_id, guest }: Vehicle): Part {
    const goal = this.goal ?? this.vehicle.goal;
    const leaves = device_id !== null && (departure ?? this.departure) !== null;
    return html`<form @submit=${this.submit} @keydown=${this.escape}>
      <ev-plan-goal
        .context=${this.context}
        .vehicle=${this.vehicle}
        .goal=${goal}
        ?disabled=${(guest ? !leaves : goal_entity === null) || this.busy}
        ?leaves=${leaves}
        @ev-goal=${({ detail }: CustomEvent<Goal>) => {
          this.move({ goal: detail });
        }}
      ></ev-plan-goal>
      <ev-plan-departure
        .context=${this.context}
        .name=${name}
        .at=${this.departure ?? this.leaves}
        ?disabled=${device_id === null || this.busy}
        @ev-departure=${({ detail }: CustomEvent<string>) => {
          this.move({ departure: detail });
        }}
      ></ev-plan-departure>
      ${this.isAsSet ? this.origin() : this.decision(goal)}
    </form>`;
  }

  /** Where departure and goal come from, and the way back from what was set for once. */
  private origin(): Part {
    const { t, f } = this.context;
    const told = leavingWords(this.vehicle, { t, f, now: Date.now() });
    if (told.length === 0) return nothing;
    return html`<div class="origin">
      <p class="small muted">${told.join(" ")}</p>
      ${
        this.vehicle.origin === "once" && this.vehicle.device_id !== null
          ? html`<button
              class="plain"
              type="button"
              ?disabled=${this.busy}
              @click=${() => void this.wait(leaveAsUsual(this.context.hass, this.vehicle))}
            >
              ${icon(mdiUndo)}${t(this.vehicle.guest ? "plan.forget_guest" : "plan.as_usual")}
            </button>`
          : nothing
      }
    </div>`;
  }

  /** How long it lasts what is about to be applied. */
  private get lasts(): string {
    const { t } = this.context;
    const { goal, departure, vehicle } = this;
    if (vehicle.guest) return t("plan.guest_once");
    const counts = goal && t(isUsual(goal, vehicle) ? "plan.becomes_usual" : "plan.goal_once");
    const parts = [counts, departure && t("plan.leaves_once")];
    return parts.filter((part) => part).join(" ");
  }

  private decision(goal: Goal): TemplateResult {
    const { t } = this.context;
    const { state } = this.preview;
    return html`${
        this.charges
          ? html`<ev-plan-preview
              .context=${this.context}
              .answer=${state}
              .goal=${goalWords(goal, this.vehicle, this.context)}
              .late=${this.vehicle.late_until !== null && this.departure === null}
              @ev-leave=${({ detail }: CustomEvent<string>) => {
                this.move({ departure: detail });
              }}
            ></ev-plan-preview>`
          : nothing
      }
      <p class="small muted">${this.lasts}</p>
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
    if (this.shadowRoot?.activeElement?.closest(".decision")) this.shadowRoot.querySelector("ev-plan-goal")?.focus();
  }

  private escape({ key }: KeyboardEvent): void {
    if (key === "Escape") this.forget();
  }

  private submit(event: Event): void {
    event.preventDefault();
    void this.wait(this.apply());
  }

  private async apply(): Promise<void> {
    await setWish(this.context.hass, this.vehicle, this.wish);
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

      .sentence {
        font-weight: 500;
      }

      form {
        padding-top: 16px;
        border-top: 1px solid var(--ev-line);
      }

      .origin {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
      }

      /* Its words stand in line with those above them, also where it is on a row of its own. */
      .origin button {
        margin-inline: -16px;
      }

      .decision {
        display: flex;
        flex-wrap: wrap;
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
