/** Registers a custom element once, also when an updated bundle loads beside the old one in an open page. */
export function element(name: string) {
  return (constructor: CustomElementConstructor): void => {
    if (!customElements.get(name)) customElements.define(name, constructor);
  };
}
