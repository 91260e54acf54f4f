/** The look of the chart of two days. */
import { css } from "lit";

export const planChartStyles = css`
  :host {
    --sun: var(--energy-solar-color, #ff9800);
    --price: var(--energy-grid-consumption-color, #488fc2);
    display: block;
    min-width: 0;
  }

  .chart {
    display: block;
    overflow: visible;
    max-width: 100%;
    margin-block: 8px;
    cursor: crosshair;
    touch-action: pan-y;
  }

  text {
    fill: var(--ev-muted);
    font-size: var(--ev-size-small);
    font-variant-numeric: tabular-nums;
    paint-order: stroke;
    stroke: var(--ev-surface);
    stroke-width: 3px;
  }

  .title {
    fill: var(--ev-text);
    font-weight: 500;
  }

  .axis line,
  .times line {
    stroke: var(--ev-line);
  }

  .times line {
    stroke-dasharray: 2 4;
  }

  .times .day {
    stroke-dasharray: none;
  }

  .axis .zero {
    stroke: var(--ev-muted);
  }

  .price {
    fill: none;
    stroke: var(--price);
    stroke-width: 2;
  }

  .reckoned {
    stroke-dasharray: 3 3;
  }

  .negative {
    fill: color-mix(in srgb, var(--ev-good) 40%, transparent);
  }

  .sun-area {
    fill: color-mix(in srgb, var(--sun) 16%, transparent);
  }

  .sun-band {
    fill: color-mix(in srgb, var(--sun) 20%, transparent);
  }

  .sun-line {
    fill: none;
    stroke: var(--sun);
    stroke-width: 1.5;
  }

  .drawn {
    fill: var(--car, var(--ev-muted));
  }

  .planned {
    stroke: var(--car, var(--ev-muted));
    stroke-width: 1;
  }

  .ground {
    fill: color-mix(in srgb, var(--car) 24%, var(--ev-surface));
  }

  .hatch {
    fill: var(--car);
  }

  .now {
    stroke: var(--ev-text);
    stroke-width: 2;
  }

  .now-name {
    fill: var(--ev-text);
  }

  .picked {
    fill: color-mix(in srgb, var(--ev-text) 24%, transparent);
  }

  dt {
    display: flex;
    align-items: center;
    gap: 6px;
  }

  .key {
    flex: none;
    width: 14px;
    height: 10px;
    border-radius: 2px;
  }

  .key.price,
  .key.reckoned {
    height: 0;
    border-top: 2px solid var(--price);
    border-radius: 0;
  }

  .key.reckoned {
    border-top-style: dashed;
  }

  .key.sun {
    border-top: 2px solid var(--sun);
    background: color-mix(in srgb, var(--sun) 28%, transparent);
  }

  .key.drawn {
    background: var(--car, var(--ev-muted));
  }

  .key.planned {
    border: 1px solid var(--ev-muted);
    background: repeating-linear-gradient(135deg, var(--ev-muted) 0 2px, transparent 2px 4px);
  }

  .reading {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(136px, 1fr));
    gap: 8px 16px;
    min-height: 60px;
  }

  .reading dd:nth-of-type(1) {
    font-weight: 500;
  }

  details {
    margin-top: 16px;
  }

  summary {
    width: fit-content;
    padding-block: 8px;
    color: var(--ev-accent-text);
    cursor: pointer;
  }

  .scroll {
    overflow: auto;
    max-height: 400px;
  }

  table {
    width: 100%;
    border-collapse: collapse;
  }

  th,
  td {
    padding: 4px 8px;
    border-bottom: 1px solid var(--ev-line);
    text-align: end;
    white-space: nowrap;
  }

  th {
    font-weight: 400;
  }

  thead th {
    position: sticky;
    top: 0;
    background: var(--ev-surface);
    color: var(--ev-muted);
    font-size: var(--ev-size-small);
  }

  th:first-child {
    text-align: start;
  }
`;
