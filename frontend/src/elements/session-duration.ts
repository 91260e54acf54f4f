/** The running time of a session: the only thing on the page that redraws every second. */
import { html, LitElement, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { elapsed, secondClock } from "../logic/clock.ts";
import { duration } from "../logic/format.ts";
import type { SeenEvse } from "../logic/live.ts";
import { element } from "./element.ts";

@element("ev-session-duration")
export class EvSessionDuration extends LitElement {
  @property({ attribute: false }) evse!: SeenEvse;
  private stop: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.stop = secondClock.subscribe(() => {
      this.requestUpdate();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop?.();
  }

  override render(): TemplateResult {
    return html`${duration(elapsed(this.evse, Date.now()))}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "ev-session-duration": EvSessionDuration;
  }
}
