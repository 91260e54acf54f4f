/** What stands where there is nothing yet: what it would be, and how one comes by it. */
import { mdiPlus } from "@mdi/js";
import { css, html, type TemplateResult } from "lit";
import type { Key } from "../logic/i18n.ts";
import { settingsPath } from "../logic/routing.ts";
import type { Context } from "./context.ts";
import { icon } from "./icon.ts";

export function empty(path: string, title: string, ...rest: readonly unknown[]): TemplateResult {
  return html`<section class="card empty">
    ${icon(path)}
    <h2>${title}</h2>
    ${rest}
  </section>`;
}

interface Missing {
  readonly icon: string;
  readonly title: Key;
  readonly means: Key;
  readonly add: Key;
  readonly where: Key;
  readonly ask: Key;
}

/** Of something an owner adds in the settings; others are told whom to ask. */
export function notAdded({ live: { site }, t }: Context, missing: Missing): TemplateResult {
  const means = html`<p class="muted">${t(missing.means)}</p>`;
  const rest = site.is_admin
    ? html`<a class="button" href=${settingsPath(site)}>${icon(mdiPlus)}${t(missing.add)}</a>
        <p class="small muted">${t(missing.where)}</p>`
    : html`<p class="muted">${t(missing.ask)}</p>`;
  return empty(missing.icon, t(missing.title), means, rest);
}

export const emptyStyles = css`
  .empty {
    display: grid;
    gap: 8px;
    justify-items: center;
    max-width: 480px;
    margin: 32px auto;
    padding: 32px 24px;
    text-align: center;
  }

  .empty > .icon {
    width: 40px;
    height: 40px;
    color: var(--ev-muted);
  }
`;
