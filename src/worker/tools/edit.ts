import { confine } from './confine.ts';
import { countChanges } from './lineDiff.ts';
import type { ToolResult } from './result.ts';
import { readText, writeText } from './textFile.ts';
import { ToolError } from './toolError.ts';

/** Replaces the one place in a file that reads `find`. */
export async function edit(
  worktree: string,
  input: { readonly path: string; readonly find: string; readonly replace: string },
): Promise<ToolResult> {
  const place = await confine(worktree, input.path);
  const before = await readText(place);
  const after = replaceOnce(place.shown, before, input.find, input.replace);
  await writeText(place, after);
  return changed(place.shown, before, after);
}

/** Creates a file or replaces all of it. */
export async function write(
  worktree: string,
  input: { readonly path: string; readonly content: string },
): Promise<ToolResult> {
  const place = await confine(worktree, input.path);
  const before = place.kind === 'file' ? await readText(place).catch(notText) : '';
  await writeText(place, input.content);
  return changed(place.shown, before, input.content);
}

/** What is no text may be replaced all the same; it only has no lines to count. */
function notText(error: unknown): string {
  if (error instanceof ToolError) return '';
  throw error;
}

export function replaceOnce(shown: string, text: string, find: string, replace: string): string {
  if (find === '')
    throw new ToolError('"find" is empty; give the text to replace, or use "write" for a new file.');
  if (find === replace) throw new ToolError('"find" and "replace" are the same; nothing was changed.');
  const first = text.indexOf(find);
  if (first === -1) {
    // Models write line ends as \n whatever the file has.
    if (text.includes('\r\n') && find.includes('\n') && !find.includes('\r'))
      return replaceOnce(shown, text, find.replaceAll('\n', '\r\n'), replace.replaceAll('\n', '\r\n'));
    throw new ToolError(`${shown}: "find" is not in this file as given. Read it again; every space counts.`);
  }
  if (text.includes(find, first + 1))
    throw new ToolError(`${shown}: "find" is in this file more than once. Give more of the lines around it.`);
  // Not String.replace: there `$&` in the new text would mean something.
  return text.slice(0, first) + replace + text.slice(first + find.length);
}

function changed(shown: string, before: string, after: string): ToolResult {
  const { added, removed } = countChanges(before, after);
  return { text: `${shown} is written.`, shown: [`+${String(added)} −${String(removed)}`] };
}
