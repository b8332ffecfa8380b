import { readdir } from 'node:fs/promises';
import { type Place, confine } from './confine.ts';
import { type ToolResult, counted } from './result.ts';
import { isGitName } from './segments.ts';
import { readText } from './textFile.ts';
import { ToolError } from './toolError.ts';

const usualLines = 500;
const maxCharacters = 60_000;
const maxNames = 1_000;

/** A part of a file (lines count from 1), or a folder's names. */
export async function read(
  worktree: string,
  input: { readonly path: string; readonly from?: number | undefined; readonly lines?: number | undefined },
): Promise<ToolResult> {
  const place = await confine(worktree, input.path);
  if (place.kind === 'folder') return list(place);
  const all = (await readText(place)).split('\n');
  // The end of the last line begins none.
  if (all.at(-1) === '') all.pop();
  const from = input.from ?? 1;
  if (from > Math.max(all.length, 1))
    throw new ToolError(`${place.shown}: it has only ${counted(all.length, 'line', 'lines')}.`);
  const wanted = all.slice(from - 1, from - 1 + (input.lines ?? usualLines));
  const fitting = within(wanted, maxCharacters);
  const to = from - 1 + fitting.length;
  const more = to < all.length ? `\n[lines ${String(from)} to ${String(to)} of ${String(all.length)}]` : '';
  return { text: fitting.join('\n') + more, shown: [counted(fitting.length, 'line', 'lines')] };
}

/** At least one line, cut where it alone is too long. */
function within(lines: readonly string[], max: number): readonly string[] {
  let left = max;
  const count = lines.findIndex((line) => (left -= line.length + 1) < 0);
  if (count === -1) return lines;
  return count === 0 ? [`${(lines[0] ?? '').slice(0, max)}[… line cut …]`] : lines.slice(0, count);
}

async function list({ path, shown }: Place): Promise<ToolResult> {
  const entries = (await readdir(path, { withFileTypes: true })).filter(({ name }) => !isGitName(name));
  const names = entries.map((entry) => entry.name + (entry.isDirectory() ? '/' : '')).sort();
  const more = names.length > maxNames ? `\n[${String(names.length - maxNames)} more]` : '';
  const text = names.length === 0 ? `${shown} is empty.` : names.slice(0, maxNames).join('\n') + more;
  return { text, shown: [counted(names.length, 'name', 'names')] };
}
