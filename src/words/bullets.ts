import { plain } from './plain.ts';

/** A list of the first `most` items, each one harmless line of at most `width` characters, and how many more there are. */
export function bullets(items: readonly string[], most: number, width: number, mark = '- '): string {
  const lines = items.slice(0, most).map((one) => mark + plain(one, width));
  const rest = items.length - lines.length;
  return [...lines, ...(rest > 0 ? [`${mark}and ${String(rest)} more`] : [])].join('\n');
}
