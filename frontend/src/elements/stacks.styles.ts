/** The look of stacked bars and of the legends that name what is in them. */
import { css } from "lit";

export const stacks = css`
  .stack {
    --stack: 12px;
    display: flex;
    gap: 1px;
    overflow: hidden;
    height: var(--stack);
    border-radius: calc(var(--stack) / 2);
    background: color-mix(in srgb, var(--ev-text) 8%, transparent);
  }

  .stack > .mark {
    min-width: 2px;
    transition:
      width 400ms ease-out,
      flex-grow 400ms ease-out;
  }

  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
  }

  .legend li {
    display: flex;
    align-items: center;
    gap: 4px;
    min-width: 0;
  }

  .legend .mark {
    flex: none;
    width: 12px;
    height: 12px;
    border-radius: 3px;
  }

  .legend .icon {
    width: 16px;
    height: 16px;
    color: var(--ev-muted);
  }

  .legend .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .legend .figure {
    margin-inline-start: 4px;
    white-space: nowrap;
  }
`;
