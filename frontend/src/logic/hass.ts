/** The slice of Home Assistant's frontend contract this panel stands on, and when a change of it matters. */
import type { LiveMessage } from "./protocol.ts";

export interface HassLocale {
  readonly language: string;
  readonly number_format?: string;
  readonly time_format?: string;
}

export type Unsubscribe = () => Promise<void> | void;

export interface Connection {
  subscribeMessage(
    callback: (message: LiveMessage) => void,
    message: object,
    options: { readonly resubscribe: boolean },
  ): Promise<Unsubscribe>;
  addEventListener(event: "ready", listener: () => void): void;
  removeEventListener(event: "ready", listener: () => void): void;
}

export type Localize = (key: string, values?: Readonly<Record<string, string>>) => string;

export interface Hass {
  readonly connection: Connection;
  readonly language: string;
  readonly locale?: HassLocale;
  readonly config?: { readonly time_zone: string };
  readonly dockedSidebar?: string;
  callWS<T>(message: object): Promise<T>;
  callService(domain: string, service: string, data: object, target: object, notifyOnError: boolean): Promise<unknown>;
  hassUrl?(path: string): string;
  /** Fetches words of an integration in the reader's language, and returns what looks them up. */
  loadBackendTranslation?(category: string, integration: string): Promise<Localize>;
}

export interface Route {
  readonly prefix: string;
  readonly path: string;
}

/** Home Assistant hands over a new object on every change of any state in the house; few concern this panel. */
export function concerns(before: Hass | undefined, after: Hass): boolean {
  return (
    before?.connection !== after.connection ||
    before.language !== after.language ||
    before.locale !== after.locale ||
    before.dockedSidebar !== after.dockedSidebar
  );
}
