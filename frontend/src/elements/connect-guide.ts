/** How to bring a charger here: the address to type in, and live what became of each try. */
import { mdiAlertCircleOutline, mdiCheck, mdiCheckCircleOutline, mdiContentCopy, mdiTimerSandEmpty } from "@mdi/js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { copy } from "../logic/actions.ts";
import { latest, makeAndModel, verdict } from "../logic/attempts.ts";
import type { Attempt } from "../logic/protocol.ts";
import { qrCode } from "../logic/qr.ts";
import { type Context, say } from "./context.ts";
import { element } from "./element.ts";
import { icon } from "./icon.ts";
import { base } from "./styles.ts";

const COPIED_MS = 3000;
const OUTCOMES = { accepted: mdiCheckCircleOutline, waiting: mdiTimerSandEmpty, refused: mdiAlertCircleOutline };

@element("ev-connect-guide")
export class EvConnectGuide extends LitElement {
  @property({ attribute: false }) context!: Context;
  @state() private copied: string | null = null;

  override render(): TemplateResult {
    const { live, t } = this.context;
    const [main] = live.site.ocpp_urls;
    return html`<div class="guide">
      <section class="card steps">
        <div class="words">
          <h2>${t("connect.title")}</h2>
          ${
            main === undefined
              ? html`<p>${t("connect.no_address")}</p>`
              : html`<ol>
                  <li>${t("connect.step_find")}</li>
                  <li>${t("connect.step_type")} ${live.site.ocpp_urls.map((url) => this.address(url))}</li>
                  <li>${t("connect.step_wait")}</li>
                </ol>`
          }
        </div>
        ${main === undefined ? nothing : this.code(main)}
      </section>
      ${this.attempts(latest(live.attempts))}
    </div>`;
  }

  private address(url: string): TemplateResult {
    const { t } = this.context;
    const done = this.copied === url;
    return html`<div class="address">
      <code>${url}</code>
      <button class="plain" @click=${() => void this.copyAddress(url)}>
        ${icon(done ? mdiCheck : mdiContentCopy)}<span aria-live="polite"
          >${done ? t("connect.copied") : t("connect.copy")}</span
        >
      </button>
    </div>`;
  }

  private code(url: string): TemplateResult {
    const { t } = this.context;
    const { size, path } = qrCode(url);
    return html`<figure>
      <svg viewBox="0 0 ${size} ${size}" role="img" aria-label=${t("connect.qr", { url })}>
        <rect width=${size} height=${size} fill="#fff" />
        <path d=${path} fill="#000" />
      </svg>
      <figcaption class="small muted">${t("connect.scan")}</figcaption>
    </figure>`;
  }

  private attempts(attempts: readonly Attempt[]): TemplateResult {
    const { t } = this.context;
    return html`<section class="card">
      <h2>${t("connect.attempts")}</h2>
      <p class="listening muted"><span class="dot"></span>${t("connect.listening")}</p>
      <ul aria-live="polite">
        ${attempts.map((attempt) => this.attempt(attempt))}
      </ul>
    </section>`;
  }

  private attempt(attempt: Attempt): TemplateResult {
    const { t, f } = this.context;
    const { tone, outcome, advice } = verdict(attempt);
    return html`<li class="attempt tone-${tone}">
      ${icon(OUTCOMES[attempt.outcome])}
      <div>
        <p class="facts">
          <strong>${attempt.identity || t("connect.nameless")}</strong>
          <span class="muted">${makeAndModel(attempt)}</span>
        </p>
        <p><span class="outcome">${t(outcome)}.</span> ${t(advice)}</p>
        ${
          attempt.outcome === "waiting"
            ? html`<a href="/config/integrations/dashboard">${t("connect.open_settings")}</a>`
            : nothing
        }
        <p class="small muted">${f.moment(attempt.at, Date.now())} · ${attempt.address}</p>
      </div>
    </li>`;
  }

  private async copyAddress(url: string): Promise<void> {
    if (!(await copy(url))) {
      say(this, this.context.t("error.copy"));
      return;
    }
    this.copied = url;
    setTimeout(() => (this.copied = null), COPIED_MS);
  }

  static override styles = [
    base,
    css`
      .guide {
        display: grid;
        gap: 16px;
        align-items: start;
        max-width: var(--ev-guide-width, 960px);
        margin-inline: auto;
      }

      .steps {
        display: flex;
        flex-wrap: wrap;
        gap: 24px;
      }

      .words {
        flex: 1 1 280px;
        min-width: 0;
      }

      ol {
        display: grid;
        gap: 16px;
        margin-top: 16px;
        counter-reset: step;
      }

      ol > li {
        position: relative;
        padding-inline-start: 40px;
        min-height: 24px;
        counter-increment: step;
      }

      ol > li::before {
        position: absolute;
        inset-inline-start: 0;
        top: -2px;
        width: 24px;
        height: 24px;
        border-radius: 50%;
        background: color-mix(in srgb, var(--ev-accent) 18%, transparent);
        color: var(--ev-accent-text);
        content: counter(step);
        font-weight: 500;
        line-height: 24px;
        text-align: center;
      }

      .address {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 8px;
        margin-top: 8px;
        padding: 4px 4px 4px 12px;
        border: 1px solid var(--ev-line);
        border-radius: 8px;
        background: var(--ev-page);
      }

      /* Where there is no room beside it the button goes below: who types it in reads it in one line. */
      code {
        flex: 1 1 208px;
        min-width: 0;
        padding-block: 6px;
        font-family: var(--ha-font-family-code, monospace);
        overflow-wrap: anywhere;
        user-select: all;
      }

      figure {
        width: 160px;
        margin-inline: auto;
        text-align: center;
      }

      figure svg {
        display: block;
        width: 160px;
        height: 160px;
        margin-bottom: 8px;
        border-radius: 8px;
        shape-rendering: crispedges;
      }

      .listening {
        display: flex;
        align-items: baseline;
        gap: 8px;
        margin-top: 8px;
      }

      .dot {
        flex: none;
        width: 8px;
        height: 8px;
        border-radius: 50%;
        background: var(--ev-good);
        animation: listen 2s ease-in-out infinite;
      }

      @keyframes listen {
        50% {
          opacity: 0.3;
        }
      }

      .attempt {
        display: flex;
        gap: 12px;
        margin-top: 16px;
        padding-top: 16px;
        border-top: 1px solid var(--ev-line);
      }

      .attempt > div {
        display: grid;
        gap: 4px;
        min-width: 0;
        overflow-wrap: anywhere;
      }

      .attempt > .icon,
      .outcome {
        color: color-mix(in srgb, var(--tone) 72%, var(--ev-text));
      }

      strong,
      .outcome {
        font-weight: 500;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "ev-connect-guide": EvConnectGuide;
  }
}
