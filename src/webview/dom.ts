import { plainText } from '../vscode/messages/plainText.ts';

type Attributes = Readonly<Record<string, string | boolean | null>>;

/** Makes an element. Text becomes text nodes and attributes are set by name: there is no way to HTML from here. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...content: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, '');
    else if (typeof value === 'string') made.setAttribute(name, value);
  }
  made.append(
    ...content.map((one) => (typeof one === 'string' ? document.createTextNode(plainText(one)) : one)),
  );
  return made;
}

/** Another text in an element that stays. */
export function setText(one: HTMLElement, text: string): void {
  const shown = plainText(text);
  if (one.textContent !== shown) one.textContent = shown;
}

/** A decorative codicon; its meaning stands beside it in words. */
export function icon(name: string, ...classes: readonly string[]): HTMLElement {
  return element('span', {
    class: ['codicon', `codicon-${name}`, ...classes].join(' '),
    'aria-hidden': 'true',
  });
}

/** A note for everything that could not be read. */
export function noteItems(notes: readonly string[]): readonly HTMLElement[] {
  return notes.map((note) => element('li', {}, icon('warning', 'warning'), element('span', {}, note)));
}

/** Fills the `{name}` places of a sentence that the host translated. */
export function filled(template: string, facts: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole));
}
