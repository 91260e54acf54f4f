/** Puts an element on the page and reads it as a person would. */
import type { LitElement } from "lit";
import type { Context } from "../../src/elements/context.ts";
import type { Live } from "../../src/logic/live.ts";
import { f, FakeHass, live, t } from "../make.ts";

type Tags = HTMLElementTagNameMap;
type LitTag = { [K in keyof Tags]: Tags[K] extends LitElement ? K : never }[keyof Tags];

/** Everything waiting to happen has happened. */
export async function settle(element: LitElement): Promise<void> {
  for (let round = 0; round < 5; round++) {
    await Promise.resolve();
    await element.updateComplete;
  }
}

export async function mount<K extends LitTag>(tag: K, properties: Partial<Tags[K]>): Promise<Tags[K]> {
  const element = Object.assign(document.createElement(tag), properties);
  document.body.replaceChildren(element);
  await settle(element);
  return element;
}

export const context = (change: Partial<Live> = {}, hass = new FakeHass()): Context => ({
  hass,
  live: { ...live(), ...change },
  t,
  f,
});

export const all = (element: Element, selector: string): HTMLElement[] => [
  ...(element.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? []),
];

export const one = (element: Element, selector: string): HTMLElement => {
  const [found] = all(element, selector);
  if (!found) throw new Error(`${element.localName} has no ${selector}`);
  return found;
};

/** The words in it, spaces as one reads them. */
export const text = (element: Element | null): string =>
  (element?.shadowRoot ?? element)?.textContent.replace(/\s+/g, " ").trim() ?? "";

export const texts = (element: Element, selector: string): string[] => all(element, selector).map(text);

export function button(element: Element, label: string): HTMLButtonElement {
  const found = all(element, "button").find((each) => (each.getAttribute("aria-label") ?? text(each)) === label);
  if (!found) throw new Error(`no button ${label} among ${texts(element, "button").join(", ")}`);
  return found as HTMLButtonElement;
}

export async function press(element: LitElement, label: string): Promise<void> {
  button(element, label).click();
  await settle(element);
}

/** What an element asks the shell to say. */
export function heard(element: Element): (string | null)[] {
  const said: (string | null)[] = [];
  element.addEventListener("ev-say", (event) => said.push((event as CustomEvent<string | null>).detail));
  return said;
}
