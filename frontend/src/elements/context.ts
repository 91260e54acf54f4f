/** What every view is given, and the one way in which it speaks to the reader outside its own space. */
import type { Formats } from "../logic/format.ts";
import type { Hass } from "../logic/hass.ts";
import type { Translate } from "../logic/i18n.ts";
import type { Live } from "../logic/live.ts";

export interface Context {
  readonly hass: Hass;
  readonly live: Live;
  readonly t: Translate;
  readonly f: Formats;
}

/** Shows a message that stays until it is closed; null takes the present one away. */
export function say(from: HTMLElement, text: string | null): void {
  from.dispatchEvent(new CustomEvent("ev-say", { detail: text, bubbles: true, composed: true }));
}
