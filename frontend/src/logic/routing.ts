/** Addresses of the panel: /ev-station/<view>?<query>, moved the way Home Assistant's own navigation does. */
import type { Route } from "./hass.ts";
import type { Site } from "./protocol.ts";

const PREFIX = "/ev-station";

/** The view a route names, or undefined for an unknown one. */
export function viewOf<K extends string>(route: Route | undefined, keys: readonly K[]): K | undefined {
  const name = route?.path.split("/")[1];
  return keys.find((key) => key === name);
}

/** On this panel, but on none of its views; a route to elsewhere is on its way out and not ours to change. */
export function isAstray(route: Route | undefined, keys: readonly string[]): boolean {
  return route?.prefix === PREFIX && viewOf(route, keys) === undefined;
}

export function viewPath(key: string): string {
  return `${PREFIX}/${key}`;
}

/** The page of the integration, where things are added and changed. */
export function settingsPath({ entry_id }: Pick<Site, "entry_id">): string {
  return `/config/integrations/integration/ev_station#config_entry=${entry_id}`;
}

export function navigate(path: string, { replace = false } = {}): void {
  if (replace) history.replaceState(history.state, "", path);
  else history.pushState(null, "", path);
  window.dispatchEvent(new CustomEvent("location-changed", { detail: { replace } }));
}

/** Plain clicks stay inside the page; a click for a new tab or window keeps its meaning. */
export function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
}

export interface BillQuery {
  readonly sheet_id?: string;
  readonly month?: string;
}

export function readBillQuery(search: string): BillQuery {
  const query = new URLSearchParams(search);
  const sheet = query.get("sheet");
  const month = query.get("month");
  return {
    ...(sheet ? { sheet_id: sheet } : {}),
    ...(month && /^\d{4}-\d{2}$/.test(month) ? { month } : {}),
  };
}

/** Keeps the sheet and month in the address, so that reloading or sharing it lands on the same page. */
export function writeBillQuery({ sheet_id, month }: BillQuery): void {
  const query = new URLSearchParams({
    ...(sheet_id ? { sheet: sheet_id } : {}),
    ...(month ? { month } : {}),
  });
  const search = query.size ? `?${query.toString()}` : "";
  history.replaceState(history.state, "", location.pathname + search);
}
