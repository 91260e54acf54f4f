/** The look of the circuits. */
import { css } from "lit";

export const circuitsViewStyles = css`
  :host {
    display: block;
    max-width: 840px;
    margin-inline: auto;
  }

  .tree,
  .tree ol {
    display: grid;
    gap: 16px;
  }

  /* What hangs on a circuit hangs below it. */
  .tree ol {
    margin-top: 16px;
    padding-inline-start: 16px;
    border-inline-start: 2px solid var(--ev-line);
  }

  .tree li {
    min-width: 0;
  }

  .card {
    display: grid;
    gap: 16px;
  }

  .card.overloaded {
    border-color: var(--ev-bad);
  }

  header {
    display: flex;
    align-items: center;
    gap: 12px;
  }

  .overloaded .badge {
    background: color-mix(in srgb, var(--ev-bad) 18%, transparent);
    color: color-mix(in srgb, var(--ev-bad) 72%, var(--ev-text));
  }

  .title {
    flex: 1;
    min-width: 0;
  }

  header .round {
    margin-inline-end: -8px;
    color: var(--ev-muted);
  }

  .notes {
    display: grid;
    gap: 8px;
  }

  .notes li.muted {
    display: flex;
    align-items: center;
    gap: 8px;
  }

  .notes li.muted .icon {
    width: 16px;
    height: 16px;
  }

  .phases {
    display: grid;
    gap: 8px;
  }

  .phases > li {
    display: grid;
    grid-template-columns: 24px 1fr auto;
    gap: 0 8px;
    align-items: baseline;
  }

  .phases .phase {
    font-weight: 500;
  }

  .phases .phase-bar {
    grid-column: 1 / -1;
  }

  .free {
    text-align: end;
  }

  .limits {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 24px;
  }

  .places {
    display: grid;
    gap: 12px;
    padding-top: 16px;
    border-top: 1px solid var(--ev-line);
  }

  .places .name {
    font-weight: 500;
    overflow-wrap: anywhere;
  }

  .turn {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    margin-top: 4px;
    padding: 2px 8px 2px 4px;
    border-radius: 10px;
    background: color-mix(in srgb, var(--ev-warn) 18%, transparent);
  }

  .turn .icon {
    width: 16px;
    height: 16px;
  }

  @container (max-width: 599px) {
    .tree ol {
      padding-inline-start: 8px;
    }
  }

  @container (min-width: 600px) {
    .phases {
      grid-template-columns: 24px minmax(0, 1fr) auto auto;
      column-gap: 16px;
    }

    .phases > li {
      grid-column: 1 / -1;
      column-gap: 16px;
      grid-template-columns: subgrid;
      align-items: center;
    }

    .phases .phase-bar {
      grid-column: 2;
      grid-row: 1;
    }

    .phases .flows {
      grid-column: 3;
      text-align: end;
    }
  }
`;
