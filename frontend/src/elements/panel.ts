/** The shell: header with tabs, one live subscription for all views, and messages that say what to do. */
import { mdiAlertCircleOutline, mdiClose, mdiMenu } from "@mdi/js";
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { errorText, translated } from "../logic/actions.ts";
import { Feed } from "../logic/feed.ts";
import { Formats } from "../logic/format.ts";
import { concerns, type Hass, type Route } from "../logic/hass.ts";
import { catalogue, type Translate, translator } from "../logic/i18n.ts";
import { apply, type Live } from "../logic/live.ts";
import { isAstray, navigate, viewOf, viewPath } from "../logic/routing.ts";
import type { Context } from "./context.ts";
import { element } from "./element.ts";
import { icon } from "./icon.ts";
import { follow } from "./link.ts";
import { base, tokens } from "./styles.ts";
import { VIEWS } from "./views.ts";

type Part = TemplateResult | typeof nothing;
type Speech = Pick<Context, "t" | "f">;

const KEYS = VIEWS.map((view) => view.key);

/** Home Assistant's own page is as high as the window and would be printed as an empty page after the sheet. */
const paper = document.createElement("style");
paper.textContent = "@media print { html { height: auto; } }";

@element("ev-station-panel")
export class EvStationPanel extends LitElement {
  @property({ attribute: false, hasChanged: (after: Hass, before?: Hass) => concerns(before, after) }) hass!: Hass;
  @property({ type: Boolean, reflect: true }) narrow = false;
  @property({ attribute: false }) route?: Route;
  @property({ attribute: false }) panel?: unknown;
  @state() private live: Live | null = null;
  @state() private failure: unknown = null;
  @state() private message: string | null = null;
  /** null until the reader's language is there. */
  @state() private words: Translate | null = null;
  private language: string | null = null;
  private speech!: Speech;
  private speechKey = "";
  private context: Context | null = null;
  private readonly feed = new Feed({
    message: (message) => {
      this.live = apply(this.live, message, Date.now());
      this.failure = null;
    },
    failed: (error) => {
      void translated(this.hass, error).then((told) => {
        this.failure = told;
      });
    },
  });

  constructor() {
    super();
    this.addEventListener("ev-say", (event) => {
      this.message = (event as CustomEvent<string | null>).detail;
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.head.append(paper);
    if (this.hasUpdated) this.feed.start(this.hass.connection);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    paper.remove();
    this.feed.stop();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("hass");
    if (changed.has("hass") && before?.connection !== this.hass.connection) {
      this.feed.start(this.hass.connection);
    }
    if (isAstray(this.route, KEYS)) navigate(viewPath(VIEWS[0].key), { replace: true });
    if (this.language !== this.hass.language) void this.learn(this.hass.language);
    if (this.words) this.speak(this.words);
    this.context = this.live && { hass: this.hass, live: this.live, ...this.speech };
  }

  private async learn(language: string): Promise<void> {
    this.language = language;
    // English serves where the words cannot be fetched.
    const words = await catalogue(language).catch(() => undefined);
    if (this.language === language) this.words = translator(language, words);
  }

  /** Kept while language, locale and zone stay: what Intl makes is slow to make. */
  private speak(t: Translate): void {
    const { hass, live } = this;
    const timeZone = live?.site.time_zone ?? hass.config?.time_zone ?? "UTC";
    const locale = hass.locale ?? { language: hass.language };
    const key = JSON.stringify([locale, timeZone]);
    if (this.speechKey === key && this.speech.t === t) return;
    this.speechKey = key;
    this.speech = { t, f: new Formats({ locale, timeZone }) };
  }

  override render(): Part {
    if (!this.words) return nothing;
    const view = VIEWS.find(({ key }) => key === viewOf(this.route, KEYS)) ?? VIEWS[0];
    return html`<div class="page">
      ${this.header(view.key)}
      <main>${this.context ? view.render(this.context) : this.waiting()}</main>
      <div class="toasts" role="alert">${this.toast()}</div>
    </div>`;
  }

  private header(current: string): TemplateResult {
    const { t } = this.speech;
    const tab = ({ key, title, icon: path }: (typeof VIEWS)[number]): TemplateResult =>
      html`<a href=${viewPath(key)} aria-current=${key === current ? "page" : nothing} @click=${follow(key)}
        >${icon(path)}${t(title)}</a
      >`;
    return html`<header>
      ${this.narrow || this.hass.dockedSidebar === "always_hidden" ? this.menuButton() : nothing}
      <h1>${this.live?.site.name ?? t("title")}</h1>
      <nav aria-label=${t("view.all")}>${VIEWS.map(tab)}</nav>
    </header>`;
  }

  private menuButton(): TemplateResult {
    const { t } = this.speech;
    return html`<button class="round menu" aria-label=${t("action.menu")} @click=${this.toggleMenu}>
      ${icon(mdiMenu)}
    </button>`;
  }

  private toggleMenu(): void {
    this.dispatchEvent(new CustomEvent("hass-toggle-menu", { bubbles: true, composed: true }));
  }

  private waiting(): TemplateResult {
    const { t } = this.speech;
    if (this.failure === null) return html`<p class="wait" role="status">${t("loading")}</p>`;
    return html`<section class="card failure tone-error" role="alert">
      ${icon(mdiAlertCircleOutline)}
      <p>${errorText(this.failure, t)}</p>
      <p class="muted">${t("error.retrying")}</p>
      <button
        @click=${() => {
          this.feed.start(this.hass.connection);
        }}
      >
        ${t("action.retry")}
      </button>
    </section>`;
  }

  private toast(): Part {
    const { t } = this.speech;
    if (this.message === null) return nothing;
    return html`<div class="toast">
      ${icon(mdiAlertCircleOutline)}
      <p>${this.message}</p>
      <button
        class="round"
        aria-label=${t("action.close")}
        @click=${() => {
          this.message = null;
        }}
      >
        ${icon(mdiClose)}
      </button>
    </div>`;
  }

  static override styles = [
    tokens,
    base,
    css`
      :host {
        display: block;
        min-height: 100vh;
        min-height: 100dvh;
        background: var(--ev-page);
        color: var(--ev-text);
        font-family: var(--ha-font-family-body, Roboto, Noto, sans-serif);
        font-size: var(--ev-size);
        font-variant-numeric: tabular-nums;
        line-height: 20px;
        -webkit-font-smoothing: antialiased;
      }

      .page {
        display: flex;
        flex-direction: column;
        min-height: inherit;
        container-type: inline-size;
      }

      header {
        position: sticky;
        top: 0;
        z-index: 5;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 8px;
        padding-inline: 16px;
        border-bottom: var(--app-header-border-bottom, 1px solid var(--ev-line));
        background: var(--app-header-background-color, var(--ev-surface));
        color: var(--app-header-text-color, var(--ev-text));
      }

      h1 {
        overflow: hidden;
        min-width: 0;
        font-size: var(--ha-font-size-xl, 20px);
        font-weight: 400;
        line-height: var(--header-height, 56px);
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .menu {
        margin-inline-start: -8px;
        color: inherit;
      }

      .menu .icon {
        width: 24px;
        height: 24px;
      }

      nav {
        display: flex;
        gap: 8px;
        margin-inline-start: 24px;
      }

      nav a {
        display: flex;
        align-items: center;
        gap: 8px;
        height: var(--header-height, 56px);
        padding-inline: 12px;
        border-block: 2px solid transparent;
        color: inherit;
        font-weight: 500;
        opacity: 0.72;
        text-decoration: none;
      }

      nav a:hover,
      nav a[aria-current] {
        opacity: 1;
      }

      nav a[aria-current] {
        border-bottom-color: currentcolor;
      }

      nav a:focus-visible {
        outline-color: currentcolor;
        outline-offset: -4px;
      }

      main {
        flex: 1;
        width: 100%;
        max-width: 1440px;
        margin-inline: auto;
        padding: 16px;
      }

      .wait {
        padding: 32px;
        color: var(--ev-muted);
        text-align: center;
      }

      .failure {
        display: grid;
        gap: 8px;
        justify-items: center;
        max-width: 480px;
        margin: 32px auto;
        padding: 32px 24px;
        text-align: center;
      }

      .failure > .icon {
        width: 40px;
        height: 40px;
        color: var(--tone);
      }

      .toasts {
        position: sticky;
        bottom: 16px;
        z-index: 5;
        display: grid;
        justify-items: center;
        padding-inline: 16px;
      }

      .toast {
        display: flex;
        align-items: center;
        gap: 12px;
        max-width: 560px;
        padding: 8px 8px 8px 16px;
        border-radius: 8px;
        background: var(--ev-text);
        box-shadow: 0 4px 16px rgba(0, 0, 0, 0.32);
        color: var(--ev-surface);
        overflow-wrap: anywhere;
      }

      .toast button {
        color: inherit;
      }

      .toast button:hover {
        background: rgba(127, 127, 127, 0.4);
      }

      .toast :focus-visible {
        outline-color: currentcolor;
      }

      @container (max-width: 599px) {
        header {
          padding-inline: 8px;
        }

        .menu {
          margin: 0;
        }

        h1 {
          flex: 1;
          padding-inline: 8px;
        }

        nav {
          flex-basis: 100%;
          margin: 0;
        }

        nav {
          gap: 0;
        }

        nav a {
          flex: 1;
          flex-direction: column;
          justify-content: center;
          gap: 0;
          min-width: 0;
          padding-inline: 4px;
          font-size: var(--ev-size-small);
          line-height: 16px;
        }

        main {
          padding: 8px 8px 24px;
        }
      }

      @media print {
        :host {
          /* Over Home Assistant's sidebar and the space kept for it; the shadow covers what is left of each page. */
          position: absolute;
          inset: 0 0 auto;
          z-index: 10;
          background: #fff;
          box-shadow: 0 0 0 300vmax #fff;
          print-color-adjust: exact;
          --ev-text: #000;
          --ev-muted: #444;
          --ev-line: #bbb;
          --ev-surface: #fff;
          --ev-page: #fff;
        }

        header,
        .toasts {
          display: none;
        }

        main {
          padding: 0;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "ev-station-panel": EvStationPanel;
  }
}
