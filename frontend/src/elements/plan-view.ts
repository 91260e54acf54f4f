/** Plan: two days of prices, sun and charging in one chart, and below it what each car is to have by when. */
import { mdiCarElectric, mdiCashRemove } from "@mdi/js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { EvsePlan, Planning, Vehicle } from "../logic/protocol.ts";
import { settingsPath } from "../logic/routing.ts";
import type { Context } from "./context.ts";
import { element } from "./element.ts";
import { emptyStyles, notAdded } from "./empty.ts";
import { icon } from "./icon.ts";
import type { Supposed } from "./plan-car.ts";
import "./plan-car.ts";
import "./plan-chart.ts";
import { base } from "./styles.ts";

type Part = TemplateResult | typeof nothing;

@element("ev-plan-view")
export class EvPlanView extends LitElement {
  @property({ attribute: false }) context!: Context;
  /** By vehicle: what it would do, while somebody considers it. */
  @state() private supposed: Readonly<Record<string, EvsePlan | null>> = {};

  override render(): TemplateResult {
    const { plan } = this.context.live;
    return html`<div class="view">${this.priceless(plan)} ${this.chart(plan)} ${this.cars(plan)}</div>`;
  }

  private chart({ prices, solar, plans }: Planning): Part {
    const { t } = this.context;
    if (prices.length + solar.length + Object.keys(plans).length === 0) return nothing;
    return html`<section class="card" aria-label=${t("plan.chart")}>
      ${this.isSupposed ? html`<p class="small supposed" role="note">${t("plan.supposed")}</p>` : nothing}
      <ev-plan-chart .context=${this.considered}></ev-plan-chart>
    </section>`;
  }

  private get isSupposed(): boolean {
    return Object.values(this.supposed).some((plan) => plan !== null);
  }

  /** The site with the plans that somebody considers in place of those in force. */
  private get considered(): Context {
    const { live } = this.context;
    const plans = { ...live.plan.plans };
    for (const { id, evse } of live.plan.vehicles) {
      const plan = this.supposed[id];
      if (plan && evse !== null) plans[evse] = plan;
    }
    return this.isSupposed ? { ...this.context, live: { ...live, plan: { ...live.plan, plans } } } : this.context;
  }

  private priceless({ prices, vehicles }: Planning): Part {
    const { live, t } = this.context;
    if (prices.length || vehicles.length === 0) return nothing;
    return html`<section class="notice tone-warning">
      ${icon(mdiCashRemove)}
      <div>
        <p class="state">${t("plan.no_prices")}</p>
        <p>${t("plan.no_prices_do")}</p>
        ${live.site.is_admin ? html`<a href=${settingsPath(live.site)}>${t("plan.settings")}</a>` : nothing}
      </div>
    </section>`;
  }

  /** Guests have a card too; how to add a car is said until there is one of ours. */
  private cars({ vehicles }: Planning): TemplateResult {
    const sorted = [...vehicles].sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
    return html`${sorted.length ? this.cards(sorted) : nothing}
    ${vehicles.some(({ guest }) => !guest) ? nothing : this.carless()}`;
  }

  private cards(vehicles: readonly Vehicle[]): TemplateResult {
    return html`<section class="cars" aria-label=${this.context.t("plan.cars")}>
      ${repeat(
        vehicles,
        ({ id }) => id,
        (vehicle) =>
          html`<ev-plan-car
            .context=${this.context}
            .vehicle=${vehicle}
            @ev-suppose=${({ detail }: CustomEvent<Supposed>) => {
              this.supposed = { ...this.supposed, [detail.vehicle]: detail.plan };
            }}
          ></ev-plan-car>`,
      )}
    </section>`;
  }

  private carless(): TemplateResult {
    return notAdded(this.context, {
      icon: mdiCarElectric,
      title: "plan.no_vehicle",
      means: "plan.no_vehicle_means",
      add: "plan.add",
      where: "plan.add_where",
      ask: "plan.ask_owner",
    });
  }

  static override styles = [
    base,
    emptyStyles,
    css`
      .view,
      .cars {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 16px;
      }

      .state {
        font-weight: 500;
      }

      .supposed {
        margin-bottom: 8px;
        padding-inline-start: 8px;
        border-inline-start: 4px solid var(--ev-accent);
      }

      @container (min-width: 720px) {
        .cars {
          grid-template-columns: repeat(auto-fill, minmax(340px, 1fr));
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "ev-plan-view": EvPlanView;
  }
}
