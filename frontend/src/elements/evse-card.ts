/** One EVSE: who charges, how fast, what it costs so far, and what can be done. */
import {
  mdiAlertCircleOutline,
  mdiBattery50,
  mdiBookmarkOutline,
  mdiCancel,
  mdiCheck,
  mdiClockAlertOutline,
  mdiEvStation,
  mdiFlash,
  mdiLockOpenVariant,
  mdiPause,
  mdiPlay,
  mdiPowerPlugOutline,
  mdiSignalOff,
  mdiStop,
  mdiTilde,
  mdiTimerSandEmpty,
  mdiTune,
} from "@mdi/js";
import { html, LitElement, nothing, svg, type PropertyValues, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { act, choose, errorText, startChoices, type Action } from "../logic/actions.ts";
import { goalWords } from "../logic/goal.ts";
import type { SeenEvse } from "../logic/live.ts";
import { hasEnough, soon } from "../logic/plan-words.ts";
import type { ChargeMode, Named, Session } from "../logic/protocol.ts";
import { viewPath } from "../logic/routing.ts";
import { HEIGHT, sparkline, WIDTH } from "../logic/sparkline.ts";
import { describe, type Description, type Symbol } from "../logic/wording.ts";
import { type Context, say } from "./context.ts";
import { element } from "./element.ts";
import "./session-duration.ts";
import { icon } from "./icon.ts";
import { follow } from "./link.ts";
import { evseCardStyles } from "./evse-card.styles.ts";
import { base } from "./styles.ts";

type Part = TemplateResult | typeof nothing;

const SYMBOLS: Readonly<Record<Symbol, string>> = {
  charging: mdiFlash,
  free: mdiEvStation,
  plugged: mdiPowerPlugOutline,
  paused: mdiPause,
  done: mdiCheck,
  reserved: mdiBookmarkOutline,
  out_of_use: mdiCancel,
  fault: mdiAlertCircleOutline,
  offline: mdiSignalOff,
  unknown: mdiTimerSandEmpty,
};

const MODES: readonly ChargeMode[] = ["fast", "smart", "solar_min", "solar", "off"];

@element("ev-evse-card")
export class EvEvseCard extends LitElement {
  @property({ attribute: false }) context!: Context;
  @property({ attribute: false }) evse!: SeenEvse;
  @state() private choosing = false;
  @state() private busy: Action | "mode" | null = null;
  @query(".mode select") private modeSelect?: HTMLSelectElement;
  @query(".chooser button") private firstChoice?: HTMLButtonElement;
  @query(".actions button") private firstAction?: HTMLButtonElement;

  override willUpdate(): void {
    if (!this.evse.can.start) this.choosing = false;
  }

  override updated(changed: PropertyValues): void {
    // Also what was chosen and then refused shows what holds.
    if (this.modeSelect) this.modeSelect.value = this.evse.mode;
    // Whoever works with the keyboard goes on where the buttons changed.
    if (changed.get("choosing") === false) this.firstChoice?.focus();
    if (changed.get("choosing") === true) this.firstAction?.focus();
  }

  override render(): TemplateResult {
    const { live, t, f } = this.context;
    const { evse } = this;
    const words = describe(evse, live.chargers[evse.charger_id], { t, f, now: Date.now() });
    return html`<article class="card tone-${words.tone} is-${words.symbol}" aria-labelledby="name">
      ${this.heading(words)} ${this.hero(words)} ${this.status(words)} ${this.phases()} ${this.charge()}
      ${evse.session ? this.soFar(evse.session) : nothing} ${this.clockNotice()} ${this.modes()}
      ${this.choosing ? this.chooser() : this.actions()}
    </article>`;
  }

  private heading({ symbol }: Description): TemplateResult {
    const { live, t } = this.context;
    const { evse } = this;
    const driver = evse.session?.driver ?? evse.driver;
    const unnamed = evse.session ? t("card.no_driver") : nothing;
    return html`<header>
      <span class="badge">${icon(SYMBOLS[symbol])}</span>
      <div class="title">
        <h2 id="name">${evse.name}</h2>
        <p class="small muted">${driver?.name ?? unnamed}</p>
      </div>
      ${
        live.site.is_admin
          ? html`<a
              class="button round"
              href="/config/devices/device/${evse.device_id}"
              aria-label=${t("card.settings", { name: evse.name })}
              title=${t("card.settings", { name: evse.name })}
              >${icon(mdiTune)}</a
            >`
          : nothing
      }
    </header>`;
  }

  private hero({ tone }: Description): Part {
    const { f } = this.context;
    const { evse } = this;
    if (tone === "error" && !evse.power_w) return nothing;
    const { figure, unit } = f.kilowatts(evse.power_w);
    return html`<div class="hero">
      <p class="display ${evse.power_w ? "" : "muted"}">${figure}<span class="unit">${unit}</span></p>
      ${this.spark()}
    </div>`;
  }

  private spark(): Part {
    const { t, f } = this.context;
    const drawn = sparkline(this.evse, Date.now());
    if (!drawn) return nothing;
    const peak = f.power(drawn.peak_w);
    return html`<figure>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
        ${svg`<path class="area" d=${drawn.area} /><path class="line" d=${drawn.line} />`}
      </svg>
      <figcaption class="small muted">${t("card.last_day", { power: `${peak.figure} ${peak.unit}` })}</figcaption>
    </figure>`;
  }

  private status({ state: text, hint, tone }: Description): TemplateResult {
    return tone === "error"
      ? html`<div class="notice" role="status">
          <p class="state">${text}</p>
          <p>${hint}</p>
        </div>`
      : html`<div>
          <p class="state">${text}</p>
          ${hint ? html`<p class="muted">${hint}</p>` : nothing}
        </div>`;
  }

  private phases(): Part {
    const { t, f } = this.context;
    const { currents_a, voltages_v, offered_a, charging } = this.evse;
    if (!charging || currents_a.every((current) => current === null)) return nothing;
    return html`<dl class="phases">
      ${currents_a.map((current, index) => {
        const volts = voltages_v[index] ?? null;
        return current === null
          ? nothing
          : html`<div>
              <dt class="small muted">L${index + 1}</dt>
              <dd>${f.number(current, 1)}<span class="unit">A</span></dd>
              ${volts === null ? nothing : html`<dd class="small muted">${f.number(volts)} V</dd>`}
            </div>`;
      })}
      ${
        offered_a === null
          ? nothing
          : html`<div class="offered">
              <dt class="small muted">${t("card.allowed")}</dt>
              <dd>${f.number(offered_a)}<span class="unit">A</span></dd>
            </div>`
      }
    </dl>`;
  }

  private charge(): Part {
    const { t, f } = this.context;
    const { vehicles } = this.context.live.plan;
    const vehicle = vehicles.find((each) => each.evse === this.evse.id);
    // Of our own cars what was charged since they told is counted in.
    const level = vehicle?.percent ?? this.evse.soc_percent;
    if (level === null) return this.ready();
    return html`<div class="charge">
      ${icon(mdiBattery50)}
      <div
        class="track"
        role="meter"
        aria-label=${t("card.battery")}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${level}
      >
        <span style="width: ${Math.min(100, Math.max(0, level))}%"></span>
        ${vehicle?.goal.kind === "percent" ? html`<i class="goal" style="inset-inline-start: ${vehicle.goal.amount}%"></i>` : nothing}
      </div>
      <span>${f.percent(level)}</span>
      ${vehicle ? html`<span class="small muted">${t("card.goal", { goal: goalWords(vehicle.goal, vehicle, this.context) })}</span>` : nothing}
      ${this.ready()}
    </div>`;
  }

  /** When the plan has what is wanted in the car. */
  private ready(): Part {
    const { live, t, f } = this.context;
    const plan = live.plan.plans[this.evse.id];
    if (!plan?.ready_at || hasEnough(plan)) return nothing;
    const time = soon(plan.ready_at, { f, now: Date.now() });
    return html`<a class="ready small" href=${viewPath("plan")} @click=${follow("plan")}
      >${t("card.ready", { time })}</a
    >`;
  }

  private soFar({ energy_wh, cost, currency, estimated }: Session): TemplateResult {
    const { t, f } = this.context;
    return html`<dl class="so-far">
      <div>
        <dt class="small muted">${t("card.energy")}</dt>
        <dd>${f.kwh(energy_wh, 2)}<span class="unit">kWh</span></dd>
        ${estimated ? html`<dd class="small muted mark">${icon(mdiTilde)}${t("flag.estimated")}</dd>` : nothing}
      </div>
      <div>
        <dt class="small muted">${t("card.cost")}</dt>
        <dd>${cost === null ? "–" : f.money(cost, currency)}</dd>
      </div>
      <div>
        <dt class="small muted">${t("card.time")}</dt>
        <dd><ev-session-duration .evse=${this.evse}></ev-session-duration></dd>
      </div>
    </dl>`;
  }

  private clockNotice(): Part {
    const { live, t } = this.context;
    if (live.chargers[this.evse.charger_id]?.problem !== "clock_wrong") return nothing;
    return html`<p class="notice tone-warning">${icon(mdiClockAlertOutline)}${t("card.clock_wrong")}</p>`;
  }

  private modes(): Part {
    const { t } = this.context;
    const { mode_entity, name } = this.evse;
    if (mode_entity === null) return nothing;
    return html`<label class="mode">
      <span class="small muted">${t("card.mode")}</span>
      <select
        aria-label=${t("card.mode_of", { name })}
        ?disabled=${this.busy !== null}
        @change=${(event: Event) => void this.changeMode((event.target as HTMLSelectElement).value)}
      >
        ${MODES.map((each) => html`<option value=${each}>${t(`mode.${each}`)}</option>`)}
      </select>
    </label>`;
  }

  private actions(): Part {
    const { t } = this.context;
    const { can } = this.evse;
    if (!can.start && !can.stop && !can.unlock) return nothing;
    const button = (action: Action, path: string, kind: string, click: () => void): TemplateResult =>
      html`<button
        class=${kind}
        ?disabled=${this.busy !== null}
        aria-busy=${this.busy === action ? "true" : "false"}
        @click=${click}
      >
        ${icon(path)}${t(`action.${action}`)}
      </button>`;
    return html`<div class="actions">
      ${can.start ? button("start_session", mdiPlay, "primary", () => void this.start()) : nothing}
      ${can.stop ? button("stop_session", mdiStop, "tonal", () => void this.run("stop_session")) : nothing}
      ${can.unlock ? button("unlock", mdiLockOpenVariant, "", () => void this.run("unlock")) : nothing}
    </div>`;
  }

  private chooser(): TemplateResult {
    const { live, t } = this.context;
    const cancel = (): void => {
      this.choosing = false;
    };
    const choice = ({ id, name }: Named): TemplateResult =>
      html`<li><button @click=${() => void this.run("start_session", { driver_id: id })}>${name}</button></li>`;
    return html`<div
      class="chooser"
      role="group"
      aria-labelledby="who"
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === "Escape") cancel();
      }}
    >
      <p id="who" class="state">${t("card.who")}</p>
      <ul>
        ${startChoices(live.site).map(choice)}
      </ul>
      <button class="plain" @click=${cancel}>${t("action.cancel")}</button>
    </div>`;
  }

  private async start(): Promise<void> {
    if (startChoices(this.context.live.site).length > 0) this.choosing = true;
    else await this.run("start_session");
  }

  private async run(action: Action, data: object = {}): Promise<void> {
    this.choosing = false;
    await this.waitFor(action, act(this.context.hass, action, this.evse, data));
  }

  private async changeMode(mode: string): Promise<void> {
    await this.waitFor("mode", choose(this.context.hass, this.evse, mode));
  }

  /** Keeps the buttons still until something is done, and says if it cannot be. */
  private async waitFor(what: Action | "mode", done: Promise<void>): Promise<void> {
    const { t } = this.context;
    this.busy = what;
    say(this, null);
    try {
      await done;
    } catch (error) {
      say(this, errorText(error, t));
    } finally {
      this.busy = null;
    }
  }

  static override styles = [base, evseCardStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    "ev-evse-card": EvEvseCard;
  }
}
