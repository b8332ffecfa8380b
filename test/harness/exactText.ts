/** A pattern for an element whose whole text is this; highlights may split the text over several elements. */
export function exactText(text: string | RegExp): RegExp {
  return typeof text === 'string'
    ? new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`)
    : text;
}
