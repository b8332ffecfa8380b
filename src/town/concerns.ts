import type { CheckDefinition } from './check.ts';
import { overlap } from './overlap.ts';

/** Whether a check has to run when these files changed. Null: it is not known which, so it has to. */
export function concerns(
  { only }: Pick<CheckDefinition, 'only'>,
  changed: readonly string[] | null,
): boolean {
  if (only === undefined || changed === null) return true;
  // Also by its very name: `pages/[id].ts` is how some frameworks call a file.
  return changed.some((file) => only.includes(file)) || overlap(changed.map(literal), only) !== null;
}

/** A file named as a glob would be read as one: what means something there may be any one character instead. */
function literal(file: string): string {
  return file.replaceAll(/[*?[\]{},\\]|^\s+|\s+$/g, (found) => '?'.repeat(found.length));
}
