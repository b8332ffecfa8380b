import type { EditorProblem, SeenFile } from '../../ports/editorProblems.ts';

export interface NewProblem extends EditorProblem {
  readonly file: string;
}

/**
 * Errors that were not there before, in files that the editor looked at. Lines move with every edit above them, so one is
 * known again by its file, code and message; the same one more often than before is new as well.
 */
export function newProblems(before: readonly SeenFile[], after: readonly SeenFile[]): readonly NewProblem[] {
  const known = new Map<string, number>();
  const all = (files: readonly SeenFile[]): readonly NewProblem[] =>
    files.flatMap(({ file, problems }) => (problems ?? []).map((problem) => ({ file, ...problem })));
  for (const problem of all(before)) known.set(keyOf(problem), (known.get(keyOf(problem)) ?? 0) + 1);
  return all(after).filter((problem) => {
    const left = known.get(keyOf(problem)) ?? 0;
    known.set(keyOf(problem), left - 1);
    return left <= 0;
  });
}

function keyOf({ file, code, source, message }: NewProblem): string {
  return JSON.stringify([file, source, code, message]);
}

/** Whether any language server said anything. */
export function isSeen(files: readonly SeenFile[]): boolean {
  return files.some(({ problems }) => problems !== null);
}

/** What nobody said anything of before cannot be compared: it counts as not looked at. */
export function seenInBoth(before: readonly SeenFile[], after: readonly SeenFile[]): readonly SeenFile[] {
  const blind = new Set(before.flatMap(({ file, problems }) => (problems === null ? [file] : [])));
  return after.map((one) => (blind.has(one.file) ? { ...one, problems: null } : one));
}
