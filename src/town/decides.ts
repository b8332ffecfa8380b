import { decidingFiles, mayHoldTests, weakenedTests } from './deciding.ts';

/** How the last line of a diff begins that was cut; no line of a whole one can. */
export const cutMark = '... cut here: ';

/**
 * Changed files a person has to look at before they land, because checks alone prove nothing of them: those that decide
 * what is checked, and those where tests are taken away. What a diff that was cut shows of tests is not all of it, so
 * then every changed file that may hold some is among them.
 */
export function whatDecides(files: readonly string[], diff: string): readonly string[] {
  const unseen = isCut(diff) ? files.filter(mayHoldTests) : [];
  const weakened = weakenedTests(diff).map(({ file }) => file);
  return [...new Set([...decidingFiles(files), ...weakened, ...unseen])];
}

/** Whether what git was asked for was longer than what it gave. */
export function isCut(diff: string): boolean {
  return diff.slice(diff.lastIndexOf('\n', diff.length - 2) + 1).startsWith(cutMark);
}
