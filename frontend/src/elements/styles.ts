/** The look all elements share: Home Assistant's colours, an 8 px grid, two text sizes and one display size. */
import { css } from "lit";

export const tokens = css`
  :host {
    --ev-accent: var(--primary-color, #009ac7);
    --ev-good: var(--success-color, #43a047);
    --ev-warn: var(--warning-color, #ffa600);
    --ev-bad: var(--error-color, #db4437);
    --ev-text: var(--primary-text-color, #212121);
    --ev-muted: var(--secondary-text-color, #6b6b6b);
    --ev-line: var(--divider-color, rgba(127, 127, 127, 0.24));
    --ev-surface: var(--card-background-color, #fff);
    --ev-page: var(--primary-background-color, #fafafa);
    --ev-radius: var(--ha-card-border-radius, 12px);
    /* Towards the text colour a hue keeps its contrast on light and on dark. */
    --ev-accent-text: color-mix(in srgb, var(--ev-accent) 64%, var(--ev-text));
    --ev-size: var(--ha-font-size-m, 14px);
    --ev-size-small: var(--ha-font-size-s, 12px);
    --ev-size-display: var(--ha-font-size-5xl, 40px);
  }
`;

export const base = css`
  * {
    box-sizing: border-box;
  }

  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  ol,
  ul,
  figure {
    margin: 0;
    padding: 0;
  }

  ol,
  ul {
    list-style: none;
  }

  h2,
  h3 {
    font-size: var(--ev-size);
    font-weight: 500;
    line-height: 20px;
    overflow-wrap: anywhere;
  }

  .icon {
    flex: none;
    width: 20px;
    height: 20px;
    fill: currentcolor;
  }

  .small {
    font-size: var(--ev-size-small);
    line-height: 16px;
  }

  .muted {
    color: var(--ev-muted);
  }

  .display {
    font-size: var(--ev-size-display);
    font-weight: 400;
    line-height: 48px;
    letter-spacing: -0.01em;
    white-space: nowrap;
  }

  .unit {
    margin-inline-start: 4px;
    color: var(--ev-muted);
    font-size: var(--ev-size);
    letter-spacing: 0;
  }

  .card {
    padding: 16px;
    border: 1px solid var(--ha-card-border-color, var(--ev-line));
    border-radius: var(--ev-radius);
    background: var(--ev-surface);
    box-shadow: var(--ha-card-box-shadow, none);
  }

  /* The round sign at the head of a card. */
  .badge {
    display: grid;
    flex: none;
    place-items: center;
    width: 40px;
    height: 40px;
    border-radius: 50%;
    background: color-mix(in srgb, var(--tone, var(--ev-accent)) 18%, transparent);
    color: var(--tone-text, var(--ev-accent-text));
  }

  .tone-active {
    --tone: var(--ev-accent);
  }

  .tone-calm {
    --tone: var(--ev-good);
  }

  .tone-warning {
    --tone: var(--ev-warn);
  }

  .tone-error {
    --tone: var(--ev-bad);
  }

  .tone-off {
    --tone: var(--ev-muted);
  }

  .notice {
    display: flex;
    gap: 8px;
    padding: 8px 12px;
    border-radius: 8px;
    background: color-mix(in srgb, var(--tone) 14%, transparent);
  }

  .notice > .icon {
    color: color-mix(in srgb, var(--tone) 72%, var(--ev-text));
  }

  button,
  select,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-height: 40px;
    padding: 0 16px;
    border: 1px solid var(--ev-line);
    border-radius: 20px;
    background: transparent;
    color: var(--ev-text);
    font: inherit;
    font-weight: 500;
    text-decoration: none;
    cursor: pointer;
  }

  button:hover:not(:disabled),
  .button:hover {
    background: color-mix(in srgb, var(--ev-text) 6%, transparent);
  }

  button.primary {
    border-color: transparent;
    background: color-mix(in srgb, var(--ev-accent) 82%, #000);
    color: #fff;
  }

  button.primary:hover:not(:disabled) {
    background: color-mix(in srgb, var(--ev-accent) 72%, #000);
  }

  button.tonal {
    border-color: transparent;
    background: color-mix(in srgb, var(--ev-accent) 18%, transparent);
    color: var(--ev-accent-text);
  }

  button.tonal:hover:not(:disabled) {
    background: color-mix(in srgb, var(--ev-accent) 28%, transparent);
  }

  button.plain {
    border-color: transparent;
  }

  button.round,
  .button.round {
    flex: none;
    width: 40px;
    padding: 0;
    border-color: transparent;
  }

  button:disabled {
    opacity: 0.4;
    cursor: default;
  }

  a {
    color: var(--ev-accent-text);
  }

  :focus-visible {
    outline: 2px solid var(--ev-accent-text);
    outline-offset: 2px;
  }

  /* Into smaller text Safari zooms when somebody begins to type. */
  @media (pointer: coarse) {
    input,
    select {
      font-size: 16px;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    ::before,
    ::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;

/** Cars with a mark of their own; further ones share. */
export const MARKS = 6;

/** Colour and pattern of the n-th car, of the house and of sources; the pattern tells them apart where colour does not. */
export const carMarks = css`
  .mark {
    background: var(--pattern, none) var(--car);
  }

  .house {
    --car: color-mix(in srgb, var(--ev-text) 44%, transparent);
  }

  .solar {
    --car: var(--energy-solar-color, #ff9800);
  }

  .battery {
    --car: var(--energy-battery-out-color, #4db6ac);
    --pattern: repeating-linear-gradient(45deg, transparent 0 4px, rgba(255, 255, 255, 0.4) 4px 6px);
  }

  .grid-power {
    --car: var(--energy-grid-consumption-color, #488fc2);
    --pattern: repeating-linear-gradient(90deg, transparent 0 5px, rgba(255, 255, 255, 0.4) 5px 7px);
  }

  .other {
    --car: var(--ev-muted);
    --pattern: radial-gradient(rgba(255, 255, 255, 0.5) 1.5px, transparent 2px) 0 0 / 6px 6px;
  }

  .charge {
    --car: var(--energy-battery-in-color, #f06292);
    --pattern: repeating-linear-gradient(-45deg, transparent 0 4px, rgba(255, 255, 255, 0.4) 4px 6px);
  }

  .export {
    --car: var(--energy-grid-return-color, #8353d1);
    --pattern: repeating-linear-gradient(0deg, transparent 0 4px, rgba(255, 255, 255, 0.4) 4px 6px);
  }

  .car-0 {
    --car: var(--color-1, #4269d0);
  }

  .car-1 {
    --car: var(--color-9, #01ab63);
    --pattern: repeating-linear-gradient(45deg, transparent 0 4px, rgba(255, 255, 255, 0.4) 4px 6px);
  }

  .car-2 {
    --car: var(--color-5, #a463f2);
    --pattern: repeating-linear-gradient(90deg, transparent 0 5px, rgba(255, 255, 255, 0.4) 5px 7px);
  }

  .car-3 {
    --car: var(--color-3, #ff725c);
    --pattern: repeating-linear-gradient(-45deg, transparent 0 4px, rgba(255, 255, 255, 0.4) 4px 6px);
  }

  .car-4 {
    --car: var(--color-11, #c99000);
    --pattern: radial-gradient(rgba(255, 255, 255, 0.5) 1.5px, transparent 2px) 0 0 / 6px 6px;
  }

  .car-5 {
    --car: var(--color-13, #49a28f);
    --pattern: repeating-linear-gradient(0deg, transparent 0 4px, rgba(255, 255, 255, 0.4) 4px 6px);
  }
`;
