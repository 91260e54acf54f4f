/** What the reader can set going: charger actions, a download, a copy. Errors come back as words. */
import { goalField } from "./goal.ts";
import type { Hass } from "./hass.ts";
import type { Translate } from "./i18n.ts";
import type { Bill, Evse, Goal, Named, Preview, Site, Vehicle } from "./protocol.ts";
import type { BillQuery } from "./routing.ts";

export type Action = "start_session" | "stop_session" | "unlock";

/** Home Assistant's own error toast stays off: the panel says it itself. */
async function perform(hass: Hass, domain: string, service: string, data: object, target: object): Promise<void> {
  await inReadersWords(hass, hass.callService(domain, service, data, target, false));
}

/** Has a charger do something. */
export async function act(hass: Hass, action: Action, evse: Evse, data: object = {}): Promise<void> {
  await perform(hass, "ev_station", action, data, { device_id: evse.device_id });
}

/** Chooses which power an EVSE charges with. */
export async function choose(hass: Hass, { mode_entity }: Evse, mode: string): Promise<void> {
  await perform(hass, "select", "select_option", { option: mode }, { entity_id: mode_entity });
}

/** What somebody wants of a car; the departure by the site's clock ("2026-11-30T06:30"). */
export interface Wish {
  readonly goal: Goal | null;
  readonly departure: string | null;
}

/** Whether a goal becomes the car's usual one: in percent, unless its departure has its own; one in kWh or km is a departure's. */
export function isUsual(goal: Goal, { own_goal, guest }: Vehicle): boolean {
  return goal.kind === "percent" && !own_goal && !guest;
}

/** Says when a car leaves next, and how much it is to have. */
export async function setWish(hass: Hass, vehicle: Vehicle, { goal, departure }: Wish): Promise<void> {
  const { goal_entity, device_id } = vehicle;
  const usual = goal && isUsual(goal, vehicle) ? goal : null;
  // A departure that is moved takes its own goal along.
  const own = usual ? null : (goal ?? (vehicle.own_goal ? vehicle.goal : null));
  const trip = { ...(departure === null ? {} : { at: departure }), ...(own ? goalField(own) : {}) };
  if (departure !== null || (goal && !usual)) await perform(hass, "ev_station", "set_departure", trip, { device_id });
  if (usual) await perform(hass, "number", "set_value", { value: usual.amount }, { entity_id: goal_entity });
}

/** Has a car leave as its calendar and its week say again. */
export async function leaveAsUsual(hass: Hass, { device_id }: Vehicle): Promise<void> {
  await perform(hass, "ev_station", "set_departure", {}, { device_id });
}

/** Reads one month of one sheet. */
export async function readBill(hass: Pick<Hass, "callWS" | "loadBackendTranslation">, query: BillQuery): Promise<Bill> {
  return inReadersWords(hass, hass.callWS<Bill>({ type: "ev_station/billing", ...query }));
}

/** Reads what would be planned if a wish were applied. */
export async function preview(hass: Hass, { id }: Vehicle, { goal, departure }: Wish): Promise<Preview> {
  const wished = { ...(goal === null ? {} : goalField(goal)), ...(departure === null ? {} : { at: departure }) };
  return inReadersWords(hass, hass.callWS<Preview>({ type: "ev_station/preview_plan", vehicle_id: id, ...wished }));
}

/** Whom an administrator may start for, themselves first; nobody to choose from starts without asking. */
export function startChoices({ is_admin, driver_id, drivers }: Site): readonly Named[] {
  if (!is_admin) return [];
  const own = drivers.filter((driver) => driver.id === driver_id);
  const others = drivers.filter((driver) => driver.id !== driver_id);
  return [...own, ...others.sort((a, b) => a.name.localeCompare(b.name))];
}

/** home-assistant-js-websocket rejects with this bare number when the connection breaks. */
const ERR_CONNECTION_LOST = 3;

/** Home Assistant tells errors in English, with the key of their words; in the reader's they come on demand. */
export async function translated(hass: Pick<Hass, "loadBackendTranslation">, error: unknown): Promise<unknown> {
  const {
    code,
    translation_domain: domain,
    translation_key: key,
    translation_placeholders: values,
  } = (error ?? {}) as Record<string, unknown>;
  if (typeof domain !== "string" || typeof key !== "string") return error;
  // What cannot be fetched stays in English.
  const localize = await hass.loadBackendTranslation?.("exceptions", domain).catch(() => undefined);
  const message = localize?.(`component.${domain}.exceptions.${key}.message`, values as Record<string, string>);
  return message ? { code, message } : error;
}

async function inReadersWords<T>(hass: Pick<Hass, "loadBackendTranslation">, request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    throw await translated(hass, error);
  }
}

/** The words of an error; what Home Assistant does not word gets words of ours. */
export function errorText(error: unknown, t: Translate): string {
  if (error === ERR_CONNECTION_LOST) return t("error.connection");
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (code === "unknown_command") return t("error.not_running");
  return typeof message === "string" && message ? message : t("error.unknown");
}

/** Opens a path of ours that asks for a signature, as a download. */
export async function download(hass: Hass, path: string): Promise<void> {
  const signed = await hass.callWS<{ path: string }>({ type: "auth/sign_path", path });
  const link = document.createElement("a");
  link.href = hass.hassUrl?.(signed.path) ?? signed.path;
  link.download = "";
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
}

/** Browsers offer their clipboard on https only; many homes use plain http. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    document.body.append(area);
    area.select();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way left on http
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
