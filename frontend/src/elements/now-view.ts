/** Now: the site's charging power, a card per EVSE, or the way to the first one. */
import { mdiEvStation, mdiPlus } from "@mdi/js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { byName } from "../logic/live.ts";
import "./connect-guide.ts";
import type { Context } from "./context.ts";
import { element } from "./element.ts";
import { empty, emptyStyles } from "./empty.ts";
import "./evse-card.ts";
import { icon } from "./icon.ts";
import { phaseBarStyles } from "./phase-bar.ts";
import { siteStrip, siteStripStyles } from "./site-strip.ts";
import { stacks } from "./stacks.styles.ts";
import { base, carMarks } from "./styles.ts";

@element("ev-now-view")
export class EvNowView extends LitElement {
  @property({ attribute: false }) context!: Context;
  @state() private guide = false;

  override render(): TemplateResult {
    const evses = byName(this.context.live);
    if (evses.length === 0) return this.welcome();
    return html`<div class="views of-${Math.min(evses.length, 3)}">
      ${siteStrip(this.context)}
      <div class="grid">
        ${repeat(
          evses,
          (evse) => evse.id,
          (evse) => html`<ev-evse-card .context=${this.context} .evse=${evse}></ev-evse-card>`,
        )}
      </div>
      ${this.context.live.site.is_admin ? this.more() : nothing}
    </div>`;
  }

  private welcome(): TemplateResult {
    const { live, t } = this.context;
    return live.site.is_admin
      ? html`<ev-connect-guide .context=${this.context}></ev-connect-guide>`
      : empty(mdiEvStation, t("now.no_charger"), html`<p class="muted">${t("now.no_charger_do")}</p>`);
  }

  private more(): TemplateResult {
    const { t } = this.context;
    return html`<div class="more">
      <button
        class="plain"
        aria-expanded=${this.guide ? "true" : "false"}
        @click=${() => {
          this.guide = !this.guide;
        }}
      >
        ${icon(mdiPlus)}${t("now.connect_another")}
      </button>
      ${this.guide ? html`<ev-connect-guide .context=${this.context}></ev-connect-guide>` : nothing}
    </div>`;
  }

  static override styles = [
    base,
    emptyStyles,
    carMarks,
    stacks,
    phaseBarStyles,
    siteStripStyles,
    css`
      /* Few chargers stay a compact page instead of a few cards in a corner. */
      .of-1 {
        max-width: 560px;
        margin-inline: auto;
      }

      .of-2 {
        max-width: 1100px;
        margin-inline: auto;
      }

      .grid {
        display: grid;
        gap: 16px;
      }

      .more {
        display: grid;
        gap: 8px;
        justify-items: start;
        margin-top: 16px;
      }

      /* As wide as the cards above it. */
      .more > ev-connect-guide {
        --ev-guide-width: none;
        width: 100%;
      }

      @container (min-width: 600px) {
        .of-2 .grid,
        .of-3 .grid {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
      }

      @container (min-width: 1100px) {
        .of-3 .grid {
          grid-template-columns: repeat(3, minmax(0, 1fr));
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "ev-now-view": EvNowView;
  }
}
