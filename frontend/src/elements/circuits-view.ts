/** Circuits: the electrical tree, per phase what flows and what is free, and who waits for whom. */
import {
  mdiAlertOutline,
  mdiEyeOffOutline,
  mdiFuse,
  mdiGaugeLow,
  mdiHomeOutline,
  mdiTimerSand,
  mdiTune,
} from "@mdi/js";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { type Branch, branches, type Part as Drawing, type PhaseLoad } from "../logic/circuits.ts";
import type { SeenEvse } from "../logic/live.ts";
import { settingsPath } from "../logic/routing.ts";
import { circuitNotes, describe, flowing, headroom, limitReason, nameOf } from "../logic/wording.ts";
import { circuitsViewStyles } from "./circuits-view.styles.ts";
import type { Context } from "./context.ts";
import { element } from "./element.ts";
import { emptyStyles, notAdded } from "./empty.ts";
import { icon } from "./icon.ts";
import { markOf, phaseBar, phaseBarStyles } from "./phase-bar.ts";
import { stacks } from "./stacks.styles.ts";
import { base, carMarks } from "./styles.ts";

type Part = TemplateResult | typeof nothing;

const NOTES = { overload: mdiAlertOutline, blind: mdiEyeOffOutline, assumed: mdiEyeOffOutline, lowered: mdiGaugeLow };

@element("ev-circuits-view")
export class EvCircuitsView extends LitElement {
  @property({ attribute: false }) context!: Context;

  override render(): TemplateResult {
    const tree = branches(this.context.live);
    return tree.length === 0
      ? notAdded(this.context, {
          icon: mdiFuse,
          title: "circuits.none",
          means: "circuits.none_means",
          add: "circuits.add",
          where: "circuits.add_where",
          ask: "circuits.ask_owner",
        })
      : html`<ol class="tree">
          ${tree.map((each) => this.branch(each))}
        </ol>`;
  }

  private branch(found: Branch): TemplateResult {
    const { circuit, below } = found;
    return html`<li>
      <article class="card ${circuit.overloaded ? "overloaded" : ""}" aria-labelledby="name-${circuit.id}">
        ${this.heading(found)} ${this.notes(found)}
        <ul class="phases">
          ${found.phases.map((load) => this.phase(load))}
        </ul>
        ${this.legend(found)} ${this.limits(found)} ${this.places(found)}
      </article>
      ${
        below.length
          ? html`<ol>
              ${below.map((each) => this.branch(each))}
            </ol>`
          : nothing
      }
    </li>`;
  }

  private heading({ circuit }: Branch): TemplateResult {
    const { live, t, f } = this.context;
    const label = t("card.settings", { name: circuit.name });
    return html`<header>
      <span class="badge">${icon(mdiFuse)}</span>
      <div class="title">
        <h2 id="name-${circuit.id}">${circuit.name}</h2>
        <p class="small muted">${t("circuits.fuse", { limit: f.amps(circuit.fuse_a) })}</p>
      </div>
      ${
        live.site.is_admin
          ? html`<a class="button round" href=${settingsPath(live.site)} aria-label=${label} title=${label}
              >${icon(mdiTune)}</a
            >`
          : nothing
      }
    </header>`;
  }

  private notes(found: Branch): Part {
    const notes = circuitNotes(found, this.context);
    if (notes.length === 0) return nothing;
    return html`<ul class="notes">
      ${notes.map(
        ({ kind, text }) =>
          html`<li class=${kind === "overload" || kind === "blind" ? "notice tone-warning" : "small muted"}>
            ${icon(NOTES[kind])}<span>${text}</span>
          </li>`,
      )}
    </ul>`;
  }

  private phase(load: PhaseLoad): TemplateResult {
    const { t, f } = this.context;
    return html`<li>
      <span class="phase">L${load.phase}</span>
      <span class="flows">
        ${flowing(load, this.context)}${
          load.fed > 0.05 && load.total >= 0
            ? html`<span class="muted"> · ${t("circuits.fed", { amps: f.amps(load.fed) })}</span>`
            : nothing
        }
      </span>
      <span class="free ${load.headroom < 0 ? "over" : ""}">${headroom(load, this.context)}</span>
      ${phaseBar(load)}
    </li>`;
  }

  /** Which mark is whose; the house first. */
  private legend({ phases, drawing }: Branch): Part {
    const { t, f } = this.context;
    const house = Math.max(...phases.map(({ parts }) => parts.find(({ evse }) => evse === null)?.amps ?? 0));
    if (!house && drawing.length === 0) return nothing;
    const row = (part: Pick<Drawing, "evse" | "index" | "amps">, name: string): TemplateResult =>
      html`<li>
        <span class=${markOf(part)}></span>${part.evse ? nothing : icon(mdiHomeOutline)}
        <span class="name">${name}</span>
        <span class="figure">${f.amps(part.amps)}<span class="unit">A</span></span>
      </li>`;
    return html`<ul class="legend" aria-label=${t("circuits.drawing")}>
      ${house ? row({ evse: null, index: 0, amps: house }, t("circuits.house")) : nothing}
      ${drawing.map((part) => row(part, part.evse ? nameOf(part.evse) : ""))}
    </ul>`;
  }

  private limits({ power, unbalance }: Branch): Part {
    const { t, f } = this.context;
    if (!power && !unbalance) return nothing;
    return html`<dl class="limits">
      ${
        power
          ? html`<div>
              <dt class="small muted">${t("circuits.power")}</dt>
              <dd class=${power.used > power.limit ? "over" : ""}>
                ${t("circuits.of_kw", { used: f.number(power.used / 1000, 1), limit: f.number(power.limit / 1000, 1) })}
              </dd>
            </div>`
          : nothing
      }
      ${
        unbalance
          ? html`<div>
              <dt class="small muted">${t("circuits.unbalance")}</dt>
              <dd class=${unbalance.used > unbalance.limit ? "over" : ""}>
                ${t("circuits.of", { load: f.amps(unbalance.used), limit: f.amps(unbalance.limit) })}
              </dd>
            </div>`
          : nothing
      }
    </dl>`;
  }

  private places({ evses, queue }: Branch): Part {
    const { t } = this.context;
    const others = queue.filter((each) => !evses.includes(each));
    if (evses.length + others.length === 0) return nothing;
    return html`<ul class="places" aria-label=${t("circuits.chargers")}>
      ${[...evses, ...others].map((evse) => this.place(evse, queue))}
    </ul>`;
  }

  private place(evse: SeenEvse, queue: readonly SeenEvse[]): TemplateResult {
    const { live, t, f } = this.context;
    const words = { t, f, now: Date.now() };
    const { state } = describe(evse, live.chargers[evse.charger_id], words);
    const reason = limitReason(evse, words);
    const turn = queue.indexOf(evse) + 1;
    return html`<li>
      <p class="name">${nameOf(evse)}</p>
      <p class="small muted">${state}${reason === null ? nothing : html`. ${reason}`}</p>
      ${
        turn
          ? html`<p class="turn small">
              ${icon(mdiTimerSand)}${turn === 1 ? t("circuits.next") : t("circuits.turn", { turn })}
            </p>`
          : nothing
      }
    </li>`;
  }

  static override styles = [base, emptyStyles, carMarks, stacks, phaseBarStyles, circuitsViewStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    "ev-circuits-view": EvCircuitsView;
  }
}
