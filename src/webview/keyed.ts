/** What each element was made from; one that would look the same is left alone, and keeps the focus. */
const prints = new WeakMap<Element, string>();

/**
 * Makes these the children of an element. Those with the same `data-key` that look the same stay as they are; where one
 * is replaced, the keyboard goes to the same button in the new one, or to the first that is there.
 */
export function placeKeyed(parent: HTMLElement, elements: readonly HTMLElement[]): void {
  const there = new Map<string, HTMLElement>();
  for (const one of parent.children) {
    if (one instanceof HTMLElement) there.set(one.dataset['key'] ?? '', one);
  }
  const focused = document.activeElement;
  const line = focused === null ? null : ([...there.values()].find((one) => one.contains(focused)) ?? null);
  const next = elements.map((one) => {
    const print = one.outerHTML;
    const known = there.get(one.dataset['key'] ?? '');
    if (known !== undefined && (known === one || prints.get(known) === print)) return known;
    prints.set(one, print);
    return one;
  });
  const wanted = new Set<Element>(next);
  for (const one of [...parent.children]) if (!wanted.has(one)) one.remove();
  for (const [index, one] of next.entries()) {
    if (parent.children[index] !== one) parent.insertBefore(one, parent.children[index] ?? null);
  }
  if (line !== null && document.activeElement !== focused) refocus(focused, line, next);
}

function refocus(focused: Element | null, line: HTMLElement, next: readonly HTMLElement[]): void {
  const heir = next.find((one) => one === line || one.dataset['key'] === line.dataset['key']);
  const what = focused instanceof HTMLElement ? focused.dataset['do'] : undefined;
  const buttons = [...(heir?.querySelectorAll<HTMLElement>('[data-do]') ?? [])];
  const button = buttons.find((one) => one.dataset['do'] === what) ?? buttons[0];
  if (button !== undefined) focusOn(button);
}

/** A button of the toolkit takes the keyboard in its own shadow. */
export function focusOn(button: HTMLElement): void {
  const inner = button.shadowRoot?.querySelector<HTMLElement>('button, input, [tabindex]') ?? button;
  inner.focus();
}
