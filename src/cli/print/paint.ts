/** SGR codes (ECMA-48) of the few colours that are used; they follow the terminal's own theme. */
const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34 } as const;

export type Colour = keyof typeof codes;

/** The text in a colour, or as it is. */
export function paint(text: string, colour: Colour | null, colours: boolean): string {
  if (!colours || colour === null || text === '') return text;
  return `\u001b[${String(codes[colour])}m${text}\u001b[0m`;
}
