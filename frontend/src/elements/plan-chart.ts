/** Two days on one axis: the price above; below, the sun, what cars drew, and what they are to draw. */
import { html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { type Layer, type Scale, scale, stack, stepBand, stepLine, ticks } from "../logic/chart.ts";
import { timeOf } from "../logic/departure.ts";
import {
  hours,
  type PlannedCar,
  type Slot,
  SLOT_MS,
  SLOTS,
  slotAt,
  slotOf,
  slotReason,
  type Timeline,
  timeline,
} from "../logic/plan.ts";
import { nameOf } from "../logic/wording.ts";
import type { Context } from "./context.ts";
import { element } from "./element.ts";
import { planChartStyles } from "./plan-chart.styles.ts";
import { stacks } from "./stacks.styles.ts";
import { base, carMarks, MARKS } from "./styles.ts";

type Part = TemplateResult | typeof nothing;

/** Pixels: the axis of figures, and the two fields below each other. */
const LEFT = 44;
const RIGHT = 8;
const PRICE = [16, 116] as const;
const POWER = [152, 292] as const;
const HEIGHT = 316;
/** Below this there is room for every other time only. */
const NARROW = 560;
const SLOTS_PER_HOUR = 4;

/** What is planned is drawn in lines, each car's in its own direction. */
const ANGLES = [45, -45, 90, 0, 20, -20] as const;

@element("ev-plan-chart")
export class EvPlanChart extends LitElement {
  @property({ attribute: false }) context!: Context;
  @state() private width = 720;
  /** The slot somebody points at; null: the present one. */
  @state() private picked: number | null = null;
  private readonly sizes = new ResizeObserver(([entry]) => {
    const width = Math.round(entry?.contentRect.width ?? 0);
    if (width > 0) this.width = width;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.sizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sizes.disconnect();
  }

  override render(): TemplateResult {
    const line = timeline(this.context.live, Date.now());
    const index = this.picked ?? slotOf(line, line.now);
    return html`${this.legend(line)} ${this.chart(line, index)} ${this.reading(line, index)} ${this.table(line)}`;
  }

  private legend({ slots, cars }: Timeline): TemplateResult {
    const { t } = this.context;
    const known = slots.some(({ price }) => price !== null);
    const reckoned = slots.some(({ price, told }) => price !== null && !told);
    const sunny = slots.some(({ sun }) => sun !== null);
    const row = (kind: string, label: string): TemplateResult =>
      html`<li><span class="key ${kind}"></span>${label}</li>`;
    return html`<ul class="legend small">
      ${known ? row("price", t("plan.price")) : nothing}
      ${reckoned ? row("reckoned", t("plan.price_reckoned")) : nothing} ${sunny ? row("sun", t("plan.sun")) : nothing}
      ${cars.map((car) => row(`drawn car-${car.index % MARKS}`, this.name(car)))}
      ${cars.length ? [row("drawn", t("plan.drawn")), row("planned", t("plan.planned"))] : nothing}
    </ul>`;
  }

  private name({ vehicle, evse }: PlannedCar): string {
    return vehicle?.name ?? nameOf(evse);
  }

  private chart(line: Timeline, index: number): TemplateResult {
    const { t } = this.context;
    const { width } = this;
    const x = scale([0, SLOTS], [LEFT, width - RIGHT]);
    return html`<svg
      class="chart"
      viewBox="0 0 ${width} ${HEIGHT}"
      width=${width}
      height=${HEIGHT}
      role="slider"
      tabindex="0"
      aria-label="${t("plan.chart")}: ${t("plan.pick")}"
      aria-valuemin="0"
      aria-valuemax=${SLOTS - 1}
      aria-valuenow=${index}
      aria-valuetext=${this.told(line, index)}
      @pointermove=${this.point}
      @pointerdown=${this.point}
      @pointerleave=${this.release}
      @keydown=${(event: KeyboardEvent) => {
        this.walk(event, index);
      }}
    >
      ${this.patterns(line.cars)} ${this.times(line, x)} ${this.now(line, x)} ${this.prices(line, x)}
      ${this.powers(line, x)} ${this.pick(x, index)}
    </svg>`;
  }

  private patterns(cars: readonly PlannedCar[]): TemplateResult {
    return svg`<defs>${cars.map(({ index }) => {
      const mark = index % MARKS;
      return svg`<pattern id="planned-${mark}" class="car-${mark}" width="5" height="5"
        patternUnits="userSpaceOnUse" patternTransform="rotate(${ANGLES[mark]})">
        <rect class="ground" width="5" height="5" /><rect class="hatch" width="2.5" height="5" />
      </pattern>`;
    })}</defs>`;
  }

  /** Every six hours, and the days. */
  private times({ slots }: Timeline, x: Scale): TemplateResult {
    const { f } = this.context;
    const every = this.width < NARROW ? 12 : 6;
    const marks = slots.flatMap(({ start }, index) => {
      const hour = Number(timeOf(f.local(start)).slice(0, 2));
      return index % SLOTS_PER_HOUR === 0 && hour % every === 0 ? [{ index, hour, start }] : [];
    });
    return svg`<g class="times">${marks.map(({ index, hour, start }) => {
      const at = new Date(start).toISOString();
      return svg`<line class=${hour === 0 ? "day" : ""} x1=${x(index)} x2=${x(index)} y1=${PRICE[0]} y2=${POWER[1]} />
        <text x=${x(index)} y=${HEIGHT - 8} text-anchor="middle">${hour === 0 ? f.day(at) : f.time(at)}</text>`;
    })}</g>`;
  }

  private axis(values: readonly number[], y: Scale, digits: number): TemplateResult {
    const { f } = this.context;
    return svg`<g class="axis">${values.map(
      (value) =>
        svg`<line class=${value === 0 ? "zero" : ""} x1=${LEFT} x2=${this.width - RIGHT} y1=${y(value)} y2=${y(value)} />
          <text x=${LEFT - 6} y=${y(value) + 4} text-anchor="end">${f.number(value, digits)}</text>`,
    )}</g>`;
  }

  private prices({ slots }: Timeline, x: Scale): Part {
    const prices = slots.map(({ price }) => price);
    const known = prices.filter((price) => price !== null);
    if (known.length === 0) return nothing;
    const marks = ticks(Math.min(...known), Math.max(...known), 5);
    const y = this.vertical(marks, PRICE);
    const only = (wanted: (slot: Slot) => boolean): (number | null)[] =>
      slots.map((slot) => (wanted(slot) ? slot.price : null));
    const zero = prices.map((price) => (price === null ? null : 0));
    const below = prices.map((price) => (price === null ? null : Math.min(price, 0)));
    return svg`<text class="title" x=${LEFT} y="11">${this.context.t("plan.price")}</text>
      ${this.axis(marks, y, marks.every(Number.isInteger) ? 0 : 2)}
      <path class="negative" d=${stepBand(below, zero, x, y)} />
      <path class="price" d=${stepLine(
        only(({ told }) => told),
        x,
        y,
      )} />
      <path class="price reckoned" d=${stepLine(
        only(({ told }) => !told),
        x,
        y,
      )} />`;
  }

  private vertical(marks: readonly number[], [top, bottom]: readonly [number, number]): Scale {
    return scale([marks[0] ?? 0, marks.at(-1) ?? 1], [bottom, top]);
  }

  private powers({ slots, cars }: Timeline, x: Scale): TemplateResult {
    const kilowatts = (watts: number | null): number | null => (watts === null ? null : watts / 1000);
    const layers = stack(cars.map((_, car) => slots.map((slot) => (slot.cars[car] ?? 0) / 1000)));
    const sun = slots.map((slot) => kilowatts(slot.sun));
    const high = slots.map((slot) => kilowatts(slot.sunHigh));
    const most = Math.max(0, ...[sun, high, layers.at(-1)?.highs ?? []].flatMap((row) => row.map((each) => each ?? 0)));
    const marks = ticks(0, most || 4, 4);
    const y = this.vertical(marks, POWER);
    const floor = sun.map((each) => (each === null ? null : 0));
    return svg`<text class="title" x=${LEFT} y=${POWER[0] - 5}>${this.context.t("plan.power")}</text>
      ${this.axis(marks, y, marks.every(Number.isInteger) ? 0 : 1)}
      <path class="sun-area" d=${stepBand(floor, sun, x, y)} />
      <path class="sun-band" d=${stepBand(
        slots.map((slot) => kilowatts(slot.sunLow)),
        high,
        x,
        y,
      )} />
      <path class="sun-line" d=${stepLine(sun, x, y)} />
      ${layers.map((layer, car) => this.columns(layer, cars[car]?.index ?? car, slots, x, y))}`;
  }

  private columns({ lows, highs }: Layer, index: number, slots: readonly Slot[], x: Scale, y: Scale): TemplateResult {
    const mark = index % MARKS;
    const only = (past: boolean): string =>
      stepBand(
        lows,
        highs.map((high, slot) => (slots[slot]?.past === past ? high : null)),
        x,
        y,
      );
    return svg`<path class="drawn car-${mark}" d=${only(true)} />
      <path class="planned car-${mark}" fill="url(#planned-${mark})" d=${only(false)} />`;
  }

  private now({ start, now }: Timeline, x: Scale): TemplateResult {
    const at = x((now - start) / SLOT_MS);
    return svg`<line class="now" x1=${at} x2=${at} y1=${PRICE[0]} y2=${POWER[1]} />
      <text class="now-name" x=${at + 4} y=${PRICE[1] + 12}>${this.context.t("plan.now")}</text>`;
  }

  private pick(x: Scale, index: number): Part {
    if (this.picked === null) return nothing;
    const width = x(index + 1) - x(index);
    return svg`<rect class="picked" x=${x(index)} width=${width} y=${PRICE[0]} height=${POWER[1] - PRICE[0]} />`;
  }

  private point(event: PointerEvent): void {
    const box = (event.currentTarget as SVGElement).getBoundingClientRect();
    this.picked = slotAt((event.clientX - box.left - LEFT) / (this.width - LEFT - RIGHT));
  }

  /** A finger that is lifted leaves what it showed. */
  private release(event: PointerEvent): void {
    if (event.pointerType === "mouse") this.picked = null;
  }

  private walk(event: KeyboardEvent, index: number): void {
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: 1,
      ArrowUp: 1,
      ArrowLeft: -1,
      ArrowDown: -1,
      PageUp: SLOTS_PER_HOUR,
      PageDown: -SLOTS_PER_HOUR,
      Home: -SLOTS,
      End: SLOTS,
    };
    const step = steps[event.key];
    if (event.key === "Escape") this.picked = null;
    if (step === undefined) return;
    event.preventDefault();
    this.picked = Math.min(Math.max(index + step, 0), SLOTS - 1);
  }

  private span({ start, end }: Slot): string {
    const { f } = this.context;
    return f.clockSpan(new Date(start).toISOString(), new Date(end).toISOString());
  }

  private price({ price }: Slot | { price: number | null }): string {
    const { live, t, f } = this.context;
    return price === null
      ? t("plan.no_price")
      : f.money(String(price), live.site.currency, f.currencyDigits(live.site.currency) + 1);
  }

  private kilowatts(watts: number): string {
    return `${this.context.f.number(watts / 1000, 1)} kW`;
  }

  private why(line: Timeline, car: PlannedCar, index: number): string | null {
    const reason = slotReason(line, car, index);
    return reason && this.context.t(`plan.reason.${reason}`);
  }

  /** A slot in one sentence, for those who hear it. */
  private told(line: Timeline, index: number): string {
    const slot = line.slots[index];
    if (!slot) return "";
    const cars = line.cars.map((car, at) => `${this.name(car)} ${this.kilowatts(slot.cars[at] ?? 0)}`);
    return [this.span(slot), this.price(slot), ...cars].join(", ");
  }

  /** What the slot that is pointed at holds. */
  private reading(line: Timeline, index: number): Part {
    const { t, f } = this.context;
    const slot = line.slots[index];
    if (!slot) return nothing;
    return html`<dl class="reading">
      <div>
        <dt class="small muted">${f.day(new Date(slot.start).toISOString())}</dt>
        <dd>${this.span(slot)}</dd>
      </div>
      <div>
        <dt class="small muted">
          <span class="key price"></span>${t(slot.told || slot.price === null ? "plan.price" : "plan.price_reckoned")}
        </dt>
        <dd>${this.price(slot)}</dd>
      </div>
      ${slot.sun === null ? nothing : this.sunOf(slot, slot.sun)}
      ${line.cars.map((car, at) => {
        const why = this.why(line, car, index);
        return html`<div>
          <dt class="small muted"><span class="key drawn car-${car.index % MARKS}"></span>${this.name(car)}</dt>
          <dd>${this.kilowatts(slot.cars[at] ?? 0)}</dd>
          ${why === null ? nothing : html`<dd class="small muted">${why}</dd>`}
        </div>`;
      })}
    </dl>`;
  }

  private sunOf({ sunLow, sunHigh }: Slot, sun: number): TemplateResult {
    const { t, f } = this.context;
    const bounds =
      sunLow === null || sunHigh === null || sunHigh <= 0
        ? null
        : t("plan.sun_range", { low: f.number(sunLow / 1000, 1), high: f.number(sunHigh / 1000, 1) });
    return html`<div>
      <dt class="small muted"><span class="key sun"></span>${t("plan.sun")}</dt>
      <dd>${this.kilowatts(sun)}</dd>
      ${bounds === null ? nothing : html`<dd class="small muted">${bounds}</dd>`}
    </div>`;
  }

  private table(line: Timeline): TemplateResult {
    const { t, f } = this.context;
    return html`<details>
      <summary>${t("plan.table")}</summary>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">${t("plan.hour")}</th>
              <th scope="col">${t("plan.price")}</th>
              <th scope="col">${t("plan.sun")}</th>
              ${line.cars.map((car) => html`<th scope="col">${this.name(car)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${hours(line).map(
              (hour) =>
                html`<tr>
                  <th scope="row">${f.moment(new Date(hour.start).toISOString(), line.now)}</th>
                  <td>${hour.price === null ? "–" : this.price(hour)}</td>
                  <td>${hour.sun === null ? "–" : this.kilowatts(hour.sun)}</td>
                  ${hour.cars.map((watts) => html`<td>${this.kilowatts(watts)}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
  }

  static override styles = [base, carMarks, stacks, planChartStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    "ev-plan-chart": EvPlanChart;
  }
}
