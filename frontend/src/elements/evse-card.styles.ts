/** The look of an EVSE's card. */
import { css } from "lit";

export const evseCardStyles = css`
  :host {
    display: block;
  }

  .card {
    --tone-text: color-mix(in srgb, var(--tone) 72%, var(--ev-text));
    display: flex;
    flex-direction: column;
    gap: 16px;
    height: 100%;
  }

  header {
    display: flex;
    align-items: center;
    gap: 12px;
    min-height: 40px;
  }

  .title {
    flex: 1;
    min-width: 0;
  }

  header .round {
    margin-inline-end: -8px;
    color: var(--ev-muted);
  }

  .badge {
    position: relative;
  }

  .is-charging .badge::after {
    position: absolute;
    inset: 0;
    border: 2px solid var(--tone);
    border-radius: 50%;
    animation: energy 2s ease-out infinite;
    content: "";
  }

  @keyframes energy {
    from {
      opacity: 0.8;
    }

    to {
      opacity: 0;
      transform: scale(1.35);
    }
  }

  .hero {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    align-items: end;
    gap: 24px;
  }

  figure svg {
    display: block;
    width: 100%;
    height: 32px;
  }

  figcaption {
    margin-top: 4px;
    text-align: end;
  }

  .line {
    fill: none;
    stroke: var(--ev-accent);
    stroke-width: 1.5;
    vector-effect: non-scaling-stroke;
  }

  .area {
    fill: color-mix(in srgb, var(--ev-accent) 16%, transparent);
  }

  .state {
    font-weight: 500;
  }

  div.notice {
    display: block;
  }

  .phases {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 24px;
  }

  .offered {
    margin-inline-start: auto;
    text-align: end;
  }

  .charge {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }

  /* Where the level is to be. */
  .track .goal {
    position: absolute;
    top: 0;
    bottom: 0;
    width: 2px;
    margin-inline-start: -2px;
    background: var(--ev-text);
  }

  .ready {
    flex-basis: 100%;
    padding-block: 4px;
  }

  .charge .icon {
    color: var(--ev-muted);
  }

  .track {
    position: relative;
    flex: 1;
    min-width: 80px;
    overflow: hidden;
    height: 8px;
    border-radius: 4px;
    background: color-mix(in srgb, var(--ev-text) 10%, transparent);
  }

  .track span {
    display: block;
    height: 100%;
    border-radius: 4px;
    background: var(--ev-good);
    transition: width 400ms ease-out;
  }

  .mode {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 16px;
  }

  .mode select {
    min-height: 40px;
    padding: 0 8px;
    font: inherit;
    color: inherit;
    background: var(--ev-surface);
    border: 1px solid var(--ev-line);
    border-radius: 8px;
  }

  .so-far {
    display: grid;
    grid-template-columns: repeat(3, auto);
    justify-content: space-between;
    gap: 8px 16px;
    padding-top: 16px;
    border-top: 1px solid var(--ev-line);
  }

  .so-far > :last-child {
    text-align: end;
  }

  .mark {
    display: flex;
    align-items: center;
    gap: 4px;
  }

  .mark .icon {
    width: 16px;
    height: 16px;
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-top: auto;
  }

  .chooser {
    display: grid;
    gap: 8px;
    justify-items: start;
    margin-top: auto;
    padding-top: 16px;
    border-top: 1px solid var(--ev-line);
  }

  .chooser ul {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    overflow: auto;
    max-height: 240px;
    /* Room for focus rings inside the scroller. */
    margin: -4px;
    padding: 4px;
  }
`;
