import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AssayerRole } from '../ports/apis.ts';

const read = new Map<AssayerRole, Promise<string>>();

/**
 * What a role's model is told first: the file `<role>.prompt.md`, which lies beside this one and, in the product, beside
 * the bundle. `{{name}}` stands for a value.
 */
export async function promptFile(
  role: AssayerRole,
  values: Readonly<Record<string, string | number>>,
): Promise<string> {
  const text = await (read.get(role) ?? load(role));
  return text.trim().replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new Error(`${role}.prompt.md wants {{${name}}}.`);
    return String(value);
  });
}

function load(role: AssayerRole): Promise<string> {
  const text = readFile(join(import.meta.dirname, `${role}.prompt.md`), 'utf8');
  read.set(role, text);
  // A file that could not be read now may be there the next time.
  text.catch(() => read.delete(role));
  return text;
}
