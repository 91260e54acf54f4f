/** Billing: one month of one sheet, from the drivers' totals down to the price of every quarter of an hour. */
import {
  mdiAlertOutline,
  mdiCallSplit,
  mdiCashOff,
  mdiChevronLeft,
  mdiChevronRight,
  mdiClockAlertOutline,
  mdiDownload,
  mdiFileDocumentOutline,
  mdiHelp,
  mdiInboxArrowDown,
  mdiKeyAlert,
  mdiPencil,
  mdiPrinter,
  mdiRestart,
  mdiRewind,
  mdiTilde,
  mdiTimerSandEmpty,
} from "@mdi/js";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { download, errorText, readBill } from "../logic/actions.ts";
import { Latest } from "../logic/latest.ts";
import { addsUp, driversToReview, isEmpty, linesOf, unrounded } from "../logic/ledger.ts";
import { sessionMark } from "../logic/live.ts";
import type { Bill, DriverRow, Flag, Line, Period } from "../logic/protocol.ts";
import { type BillQuery, readBillQuery, writeBillQuery } from "../logic/routing.ts";
import { type Context, say } from "./context.ts";
import { element } from "./element.ts";
import { empty, emptyStyles } from "./empty.ts";
import { icon } from "./icon.ts";
import { billingStyles } from "./billing-view.styles.ts";
import { base } from "./styles.ts";

type Part = TemplateResult | typeof nothing;

const FLAGS: Readonly<Record<Flag, string>> = {
  estimated: mdiTilde,
  provisional: mdiTimerSandEmpty,
  late: mdiInboxArrowDown,
  conflict: mdiCallSplit,
  clock_corrected: mdiClockAlertOutline,
  meter_reset: mdiRestart,
  meter_backwards: mdiRewind,
  unpriced: mdiCashOff,
  unauthorized: mdiKeyAlert,
  quarantined: mdiHelp,
};

/** Marks that ask for a decision; the others only explain. */
const URGENT: readonly Flag[] = ["provisional", "conflict", "meter_backwards", "quarantined"];

/** Rows are opened by these; null is the row of sessions without a driver. */
const driverKey = (id: string | null): string => `driver:${id ?? ""}`;
const lineKey = (id: string): string => `line:${id}`;

@element("ev-billing-view")
export class EvBillingView extends LitElement {
  @property({ attribute: false }) context!: Context;
  @state() private open: ReadonlySet<string> = new Set();
  private query: BillQuery = {};
  private readonly loader = new Latest<Bill>(() => {
    this.requestUpdate();
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.query = readBillQuery(location.search);
  }

  override willUpdate(changed: PropertyValues): void {
    const before = changed.get("context") as Context | undefined;
    if (!this.hasUpdated || (before && sessionMark(before.live) !== sessionMark(this.context.live))) {
      void this.load();
    }
  }

  private async load(): Promise<void> {
    await this.loader.ask(() => readBill(this.context.hass, this.query));
  }

  private async go(query: BillQuery): Promise<void> {
    this.query = query;
    writeBillQuery(query);
    await this.load();
  }

  private toggle(key: string): void {
    const open = new Set(this.open);
    if (!open.delete(key)) open.add(key);
    this.open = open;
  }

  private isOpen(bill: Bill, driver: DriverRow): boolean {
    // Opening the only row is the one thing there is to do: it starts open.
    return this.open.has(driverKey(driver.driver_id)) !== (bill.drivers.length === 1);
  }

  override render(): TemplateResult {
    const { value: bill, loading, error } = this.loader.state;
    const { t } = this.context;
    return html`<div class=${loading && bill ? "stale" : ""} aria-busy=${loading ? "true" : "false"}>
      ${error ? this.failure(error) : nothing}
      ${bill ? this.page(bill) : error ? nothing : html`<p class="wait muted" role="status">${t("loading")}</p>`}
    </div>`;
  }

  private failure(error: unknown): TemplateResult {
    const { t } = this.context;
    return html`<div class="notice tone-error" role="alert">
      ${icon(mdiAlertOutline)}
      <p class="grow">${errorText(error, t)}</p>
      <button @click=${() => void this.load()}>${t("action.retry")}</button>
    </div>`;
  }

  private page(bill: Bill): TemplateResult {
    const { live, t } = this.context;
    if (bill.sheet_id === null) {
      return this.empty(t("billing.no_sheet"), t(live.site.is_admin ? "billing.no_sheet_do" : "billing.ask_owner"));
    }
    return html`${this.toolbar(bill)} ${this.reviewBanner(bill)}
    ${isEmpty(bill) ? this.emptyMonth(bill) : this.table(bill)}`;
  }

  private toolbar(bill: Bill): TemplateResult {
    const { live, t, f } = this.context;
    const { sheets, sheet_id, previous_month, next_month } = bill;
    const sheet = sheets.find(({ id }) => id === sheet_id);
    const step = (month: string | null, path: string, label: string): TemplateResult =>
      html`<button
        class="round screen"
        ?disabled=${month === null}
        aria-label=${label}
        title=${label}
        @click=${() => void this.go({ sheet_id: bill.sheet_id ?? "", month: month ?? "" })}
      >
        ${icon(path)}
      </button>`;
    return html`<div class="toolbar">
      <p class="paper muted">${live.site.name}</p>
      ${
        sheets.length > 1
          ? html`<div class="choice screen">
              <select aria-label=${t("billing.sheet")} @change=${this.sheetChosen}>
                ${sheets.map(({ id, name }) => html`<option value=${id} ?selected=${id === sheet_id}>${name}</option>`)}
              </select>
              ${icon(mdiChevronRight)}
            </div>`
          : nothing
      }
      <h2 class=${sheets.length > 1 ? "paper" : ""}>${sheet?.name}</h2>
      <div class="month" role="group" aria-label=${t("billing.month")}>
        ${step(previous_month, mdiChevronLeft, t("billing.previous"))}
        <h3 aria-live="polite">${f.month(bill.month)}</h3>
        ${step(next_month, mdiChevronRight, t("billing.next"))}
      </div>
      <div class="outputs screen">
        <button @click=${() => void this.saveCsv(bill)}>${icon(mdiDownload)}CSV</button>
        <button
          @click=${() => {
            print();
          }}
        >
          ${icon(mdiPrinter)}${t("action.print")}
        </button>
      </div>
    </div>`;
  }

  private readonly sheetChosen = (event: Event): void => {
    const { month } = this.query;
    void this.go({ sheet_id: (event.target as HTMLSelectElement).value, ...(month ? { month } : {}) });
  };

  private async saveCsv(bill: Bill): Promise<void> {
    const { hass, t } = this.context;
    say(this, null);
    try {
      await download(hass, bill.csv_path);
    } catch (error) {
      say(this, errorText(error, t));
    }
  }

  private reviewBanner(bill: Bill): Part {
    const { t } = this.context;
    const count = bill.lines.filter((line) => line.review).length;
    if (count === 0) return nothing;
    const show = driversToReview(bill).filter((id) => bill.drivers.length > 1 && !this.open.has(driverKey(id)));
    return html`<div class="notice tone-warning" role="status">
      ${icon(mdiAlertOutline)}
      <p class="grow">${t("billing.review", { count })}</p>
      ${
        show.length
          ? html`<button
              class="screen"
              @click=${() => {
                this.open = new Set([...this.open, ...show.map(driverKey)]);
              }}
            >
              ${t("billing.review_show")}
            </button>`
          : nothing
      }
    </div>`;
  }

  private emptyMonth(bill: Bill): TemplateResult {
    const { t, f, live } = this.context;
    const current = bill.month === f.monthOf(Date.now());
    const month = f.monthName(bill.month);
    if (!current) return this.empty(t("billing.empty_past", { month }), null);
    return this.empty(
      t("billing.empty_now", { month }),
      t(live.site.is_admin ? "billing.empty_do" : "billing.empty_own_do"),
    );
  }

  private empty(title: string, advice: string | null): TemplateResult {
    return empty(mdiFileDocumentOutline, title, advice === null ? nothing : html`<p class="muted">${advice}</p>`);
  }

  private table(bill: Bill): TemplateResult {
    const { t, f } = this.context;
    const digits = f.kwhDigits([...bill.lines, ...bill.drivers].map((row) => row.energy_wh));
    const { total } = bill;
    return html`${
        addsUp(bill)
          ? nothing
          : html`<p class="notice tone-error" role="alert">${icon(mdiAlertOutline)}${t("billing.no_match")}</p>`
      }
      <div class="card sheet">
        <table>
          <thead>
            <tr>
              <th scope="col">${t("billing.driver")}</th>
              <th scope="col" class="number">kWh</th>
              <th scope="col" class="number">${t("billing.sessions")}</th>
              <th scope="col" class="number">${t("billing.amount")}</th>
            </tr>
          </thead>
          ${repeat(
            bill.drivers,
            (driver) => driver.driver_id,
            (driver) => this.driver(bill, driver, digits),
          )}
          <tfoot>
            <tr>
              <th scope="row">${t("billing.total")}</th>
              <td class="number">${f.kwh(total.energy_wh, digits)}</td>
              <td class="number">${f.number(total.sessions)}</td>
              <td class="number">${f.amounts(total.amounts)}</td>
            </tr>
          </tfoot>
        </table>
      </div>`;
  }

  private driver(bill: Bill, driver: DriverRow, digits: number): TemplateResult {
    const { t, f } = this.context;
    const lines = linesOf(bill, driver.driver_id);
    const open = this.isOpen(bill, driver);
    const name = driver.driver_id === null ? t("billing.unassigned") : driver.name;
    const toggle = lines.length ? this.toggler(driverKey(driver.driver_id)) : nothing;
    return html`<tbody>
      <tr class="driver ${lines.length ? "opens" : "muted"}" @click=${toggle}>
        <th scope="row">${lines.length ? this.opener(open, name) : html`<span class="idle">${name}</span>`}</th>
        <td class="number">${f.kwh(driver.energy_wh, digits)}</td>
        <td class="number">${f.number(driver.sessions)}</td>
        <td class="number">${f.amounts(driver.amounts)}</td>
      </tr>
      ${open ? lines.map((line) => this.line(line, digits)) : nothing}
    </tbody>`;
  }

  /** The whole row answers a tap; its button does for the keyboard, and its click arrives at the row. */
  private toggler(key: string): () => void {
    return () => {
      this.toggle(key);
    };
  }

  private opener(open: boolean, content: unknown): TemplateResult {
    return html`<button class="opener" aria-expanded=${open ? "true" : "false"}>
      ${icon(mdiChevronRight)}<span>${content}</span>
    </button>`;
  }

  private line(line: Line, digits: number): TemplateResult {
    const { t, f } = this.context;
    const key = lineKey(line.id);
    const open = this.open.has(key);
    const kind = line.kind === "session" ? nothing : this.mark(mdiPencil, t(`billing.${line.kind}`));
    const content = html`<span class="day">${f.day(line.started_at)}</span>
      <span class="marks small muted">
        <span>${f.hours(line.started_at, line.ended_at)}</span> <span>${line.evse_name}</span>
        ${kind} ${line.flags.map((flag) => this.flag(flag))}
      </span>`;
    return html`<tr class="line opens ${open ? "open" : ""}" @click=${this.toggler(key)}>
        <td>${this.opener(open, content)}</td>
        <td class="number">${f.kwh(line.energy_wh, digits)}</td>
        <td></td>
        <td class="number">${f.money(line.amount, line.currency)}</td>
      </tr>
      ${open ? this.details(line) : nothing}`;
  }

  private flag(flag: Flag): TemplateResult {
    const tone = URGENT.includes(flag) ? "warning" : "off";
    return this.mark(FLAGS[flag], this.context.t(`flag.${flag}`), tone);
  }

  private mark(path: string, name: string, tone = "off"): TemplateResult {
    return html`<span class="flag tone-${tone}">${icon(path)}${name}</span>`;
  }

  private details(line: Line): TemplateResult {
    return html`${line.periods.length ? this.periods(line) : nothing}
      <tr class="detail last">
        <td colspan="4">${this.evidence(line)}</td>
      </tr>`;
  }

  private periods(line: Line): TemplateResult {
    const { t, f } = this.context;
    const { periods, currency } = line;
    const exact = unrounded(line);
    const energy = f.kwhDigits(periods.map((period) => period.energy_wh));
    const price = f.moneyDigits(
      periods.flatMap((period) => period.price_per_kwh ?? []),
      currency,
    );
    const part = f.moneyDigits(
      periods.map((period) => period.amount),
      currency,
    );
    const row = ({ start, end, energy_wh, price_per_kwh, amount }: Period): TemplateResult =>
      html`<tr class="detail">
        <td>${f.clockSpan(start, end)}</td>
        <td class="number">${f.kwh(energy_wh, energy)}</td>
        <td class="number">${price_per_kwh === null ? "–" : f.money(price_per_kwh, currency, price)}</td>
        <td class="number">${f.money(amount, currency, part)}</td>
      </tr>`;
    return html`<tr class="detail head small">
        <th scope="col">${t("billing.period")}</th>
        <th scope="col" class="number">kWh</th>
        <th scope="col" class="number">${t("billing.price")}</th>
        <th scope="col" class="number">${t("billing.amount")}</th>
      </tr>
      ${periods.map(row)}
      ${
        exact === null
          ? nothing
          : html`<tr class="detail sum">
              <td colspan="3">${t("billing.rounded", { exact: f.money(exact, currency, part) })}</td>
              <td class="number">${f.money(line.amount, currency)}</td>
            </tr>`
      }`;
  }

  private evidence({ flags, meter_start_wh: from, meter_stop_wh: to, seal }: Line): TemplateResult {
    const { t, f } = this.context;
    const meter = (value: string | null): string =>
      value === null ? t("billing.not_known") : `${f.kwh(value, 3)} kWh`;
    return html`<dl class="small">
      ${flags.map(
        (flag) =>
          html`<div>
            <dt>${this.flag(flag)}</dt>
            <dd>${t(`flag.${flag}_means`)}</dd>
          </div>`,
      )}
      ${
        from === null && to === null
          ? nothing
          : html`<div>
              <dt>${t("billing.meter")}</dt>
              <dd>${meter(from)} → ${meter(to)}</dd>
            </div>`
      }
      <div>
        <dt>${t("billing.seal")}</dt>
        <dd><code>${seal}</code><br /><span class="muted">${t("billing.seal_means")}</span></dd>
      </div>
    </dl>`;
  }

  static override styles = [base, emptyStyles, billingStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    "ev-billing-view": EvBillingView;
  }
}
