/** The look of the billing sheet, on screen and on paper. */
import { css } from "lit";

export const billingStyles = css`
  :host {
    display: block;
    max-width: 960px;
    margin-inline: auto;
  }

  .stale > :not(.notice) {
    opacity: 0.5;
    transition: opacity 200ms 200ms;
  }

  .wait {
    padding: 32px;
    text-align: center;
  }

  .toolbar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 16px;
    margin-bottom: 16px;
  }

  .choice {
    position: relative;
    max-width: 100%;
  }

  select {
    max-width: 100%;
    padding-inline: 16px 40px;
    background: var(--ev-surface);
    appearance: none;
    text-overflow: ellipsis;
  }

  .choice .icon {
    position: absolute;
    inset-inline-end: 12px;
    top: 10px;
    pointer-events: none;
    rotate: 90deg;
  }

  .month {
    display: flex;
    align-items: center;
    gap: 4px;
  }

  .month h3 {
    min-width: 120px;
    text-align: center;
  }

  .outputs {
    display: flex;
    gap: 8px;
    margin-inline-start: auto;
  }

  .notice {
    flex-wrap: wrap;
    align-items: center;
    margin-bottom: 16px;
  }

  .grow {
    flex: 1 1 200px;
  }

  .sheet {
    padding: 8px 0;
  }

  table {
    width: 100%;
    border-collapse: collapse;
  }

  th {
    font-weight: inherit;
    text-align: start;
  }

  th,
  td {
    padding: 8px 0 8px 16px;
    vertical-align: top;
  }

  tr > :last-child {
    padding-inline-end: 16px;
  }

  .number {
    text-align: end;
    white-space: nowrap;
  }

  thead th {
    color: var(--ev-muted);
    font-size: var(--ev-size-small);
    line-height: 16px;
  }

  .driver > * {
    border-top: 1px solid var(--ev-line);
    font-weight: 500;
    line-height: 24px;
  }

  .driver > *,
  .line > * {
    height: 40px;
  }

  .driver > th,
  .line > td:first-child {
    padding-block: 0;
  }

  .line > td:first-child {
    padding-inline-start: 32px;
  }

  .opens {
    cursor: pointer;
  }

  .opens:hover > * {
    background: color-mix(in srgb, var(--ev-text) 4%, transparent);
  }

  .idle {
    display: block;
    padding: 8px 0 8px 20px;
  }

  .opener,
  .opener:hover:not(:disabled) {
    display: flex;
    align-items: start;
    justify-content: start;
    gap: 4px;
    width: 100%;
    min-height: 40px;
    margin-inline-start: -8px;
    padding: 8px 4px;
    border: 0;
    border-radius: 8px;
    background: none;
    line-height: inherit;
    text-align: start;
  }

  .opener > .icon {
    margin-top: 2px;
    color: var(--ev-muted);
    transition: rotate 150ms;
  }

  .line .opener {
    font-weight: 400;
  }

  .line .opener > .icon {
    margin-top: 0;
  }

  .opener[aria-expanded="true"] > .icon {
    rotate: 90deg;
  }

  .name {
    overflow-wrap: anywhere;
  }

  .day {
    display: block;
  }

  .marks {
    display: flex;
    flex-wrap: wrap;
    gap: 0 12px;
  }

  .flag {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    color: color-mix(in srgb, var(--tone) 56%, var(--ev-text));
    white-space: nowrap;
  }

  .flag .icon {
    width: 16px;
    height: 16px;
  }

  .line.open > *,
  .detail > * {
    background: color-mix(in srgb, var(--ev-text) 4%, transparent);
  }

  .detail > * {
    padding-block: 4px;
    border: 0;
  }

  .detail > :first-child {
    padding-inline-start: 52px;
  }

  .detail.head > * {
    color: var(--ev-muted);
  }

  .detail.sum > * {
    color: var(--ev-muted);
  }

  .detail.sum > :last-child {
    border-top: 1px solid var(--ev-line);
    color: inherit;
  }

  .detail.last > td {
    padding-bottom: 16px;
  }

  dl {
    display: grid;
    gap: 8px;
    margin-top: 8px;
  }

  dl > div {
    display: grid;
    grid-template-columns: 128px minmax(0, 1fr);
    gap: 0 16px;
  }

  dt {
    color: var(--ev-muted);
  }

  code {
    font-family: var(--ha-font-family-code, monospace);
    overflow-wrap: anywhere;
  }

  tfoot > tr > * {
    padding-block: 12px 8px;
    /* The line under which one adds up. */
    border-top: 2px solid var(--ev-text);
    font-weight: 500;
  }

  .paper {
    display: none;
  }

  @container (max-width: 599px) {
    .outputs {
      margin: 0;
    }

    th,
    td {
      padding-inline-start: 8px;
    }

    .driver > th,
    thead th:first-child,
    tfoot th {
      padding-inline-start: 12px;
    }

    .line > td:first-child {
      padding-inline-start: 16px;
    }

    .detail > * {
      font-size: var(--ev-size-small);
      line-height: 16px;
    }

    .detail > :first-child {
      padding-inline-start: 16px;
    }

    tr > :last-child {
      padding-inline-end: 12px;
    }

    dl > div {
      grid-template-columns: 1fr;
    }
  }

  @media print {
    :host {
      max-width: none;
    }

    .screen,
    .opener > .icon {
      display: none;
    }

    .paper {
      display: block;
      width: 100%;
    }

    .month h3 {
      min-width: 0;
    }

    .opener,
    .idle {
      margin: 0;
      padding-inline: 0;
    }

    /* The total belongs under the last row, not at the foot of every page. */
    tfoot {
      display: table-row-group;
    }

    .card {
      padding: 0;
      border: 0;
      box-shadow: none;
    }

    tr {
      break-inside: avoid;
    }

    .driver,
    .detail.head {
      break-after: avoid;
    }
  }
`;
