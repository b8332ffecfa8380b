/** In which order a suite's test files run, and which of them run alone. */
import { relative } from 'node:path';
import { root } from './toolchain.mjs';

/**
 * Seconds of the files that take long, as `npm test -- --slowest` says them. They begin first, so that no worker is
 * left with one of them at the end; where a number is wrong, a run only ends later.
 */
export const long: Readonly<Record<string, number>> = {
  'test/integration/way/sample.test.ts': 57,
  'test/integration/providers/claudeCode.test.ts': 26,
  'test/integration/git/lease.test.ts': 26,
  'test/integration/providers/gemini.test.ts': 24,
  'test/integration/way/realPackage.test.ts': 24,
  'test/integration/git/retire.test.ts': 20,
  'test/integration/providers/codex.test.ts': 19,
  'test/integration/cli/rungs.test.ts': 19,
  'test/integration/git/queue.test.ts': 19,
  'test/integration/git/worktrees.test.ts': 18,
  'test/integration/worker/shim.test.ts': 18,
  'test/integration/store/kill.test.ts': 17,
  'test/integration/git/land.test.ts': 17,
  'test/integration/git/worktreeFiles.test.ts': 14,
  'test/integration/git/landStorm.test.ts': 14,
};

/** Files that nothing may run beside, and why. */
export const alone: Readonly<Record<string, string>> = {};

export type Order = { readonly together: string[]; readonly alone: string[] };

/** Both queues of these files, given as absolute paths. */
export function inOrder(files: readonly string[]): Order {
  const weight = (file: string): number => long[relative(root, file)] ?? 0;
  const isAlone = (file: string): boolean => relative(root, file) in alone;
  return {
    together: files.filter((file) => !isAlone(file)).sort((one, other) => weight(other) - weight(one)),
    alone: files.filter(isAlone),
  };
}
