import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../system/errorCode.ts';
import { plain } from '../words/plain.ts';
import { misused, notFound } from './commandError.ts';

/** Where a rig’s plans lie, those of *Execute Goal* too. */
const folderName = 'plans';
const ending = '.plan.rigs.md';
const longestPlan = 4 * 1024 * 1024;

/** Keeps a plan in the rig’s state folder; resolves with the name that `goal execute --plan` takes. */
export async function keepPlan(
  state: string,
  goal: string,
  text: string,
  now: number,
): Promise<{ readonly name: string; readonly file: string }> {
  const folder = path.join(state, folderName);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stem = `${new Date(now).toISOString().slice(0, 10)}-${slug(goal)}`;
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? stem : `${stem}-${String(count)}`;
    const file = path.join(folder, name + ending);
    try {
      await writeFile(file, text, { flag: 'wx', mode: 0o600 });
      return { name, file };
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

/** The text of a plan: one kept under a name, or a file that ends in `.rigs.md`. Throws `CommandError`. */
export async function readPlan(state: string, cwd: string, given: string): Promise<string> {
  const isName = /^[\w-]+(\.[\w-]+)*$/.test(given) && !given.endsWith('.rigs.md');
  if (!isName && !given.endsWith('.rigs.md'))
    throw misused(
      `“${plain(given, 80)}” is no plan’s name and no *.rigs.md file. \`rigs goal plan\` says the name.`,
    );
  const file = isName ? path.join(state, folderName, given + ending) : path.resolve(cwd, given);
  try {
    const text = await readFile(file, 'utf8');
    if (text.length > longestPlan) throw misused(`${plain(file, 300)} is too long for a plan.`);
    return text;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    throw notFound(
      `There is no plan ${plain(given, 200)}. \`rigs goal plan "…"\` makes one and says its name.`,
    );
  }
}

/** A file-name part of at most 40 characters from a person's words. */
export function slug(goal: string): string {
  const words = goal
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  return words === '' ? 'plan' : words;
}
