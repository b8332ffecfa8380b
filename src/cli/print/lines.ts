import { plain, plainLines } from '../../words/plain.ts';
import { pad, widthOf } from './width.ts';

/** `name   value`, one a line, values below each other; what is empty is left out. */
export function fields(pairs: readonly (readonly [string, string])[]): string {
  const shown = pairs.filter(([, value]) => value !== '');
  const width = Math.max(...shown.map(([name]) => widthOf(name)), 0);
  return shown.map(([name, value]) => `${pad(name, width)}  ${plain(value, 2_000)}`).join('\n');
}

/** Parts with an empty line between them; empty ones are left out. */
export function parts(...all: readonly string[]): string {
  return all.filter((one) => one !== '').join('\n\n');
}

export function bullets(items: readonly string[]): string {
  return items.map((one) => `- ${plain(one, 2_000)}`).join('\n');
}

/** A text of several lines under its name. */
export function section(name: string, text: string): string {
  const body = plainLines(text).trim();
  return body === '' ? '' : `${name}\n${indent(body)}`;
}

export function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

/** `1 bead`, `3 beads`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}
